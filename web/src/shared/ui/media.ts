import { onMounted, onScopeDispose, readonly, ref, type Ref } from 'vue'

const query = typeof window !== 'undefined' && window.matchMedia ? window.matchMedia('(max-width: 768px)') : null
const phone = ref(query?.matches ?? false)
query?.addEventListener('change', (e) => { phone.value = e.matches })

/** True on screens of at most 768 px. */
export function usePhone(): Readonly<Ref<boolean>> {
  return readonly(phone)
}

/** Runs a listener as long as the component lives. */
export function useListener<K extends keyof WindowEventMap>(name: K, fn: (e: WindowEventMap[K]) => void): void {
  window.addEventListener(name, fn)
  onScopeDispose(() => window.removeEventListener(name, fn))
}

/** The current time, renewed every half minute. */
export function useNow(): Readonly<Ref<number>> {
  const now = ref(Date.now())
  const t = setInterval(() => { now.value = Date.now() }, 30_000)
  onScopeDispose(() => clearInterval(t))
  return readonly(now)
}

/** Width of an element in px at normal type (large type leaves less room); 0 until it is known. */
export function useRoom(el: Ref<HTMLElement | null>): Readonly<Ref<number>> {
  const room = ref(0)
  let watcher: ResizeObserver | null = null
  onMounted(() => {
    if (typeof ResizeObserver === 'undefined' || !el.value) return
    const measure = () => {
      const type = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16
      room.value = Math.floor(((el.value?.clientWidth ?? 0) * 16) / type)
    }
    measure()
    watcher = new ResizeObserver(measure)
    watcher.observe(el.value)
  })
  onScopeDispose(() => watcher?.disconnect())
  return readonly(room)
}
