/** Drafts kept on the server while typing; one draft a page. */
import { onScopeDispose, ref, watch, type Ref } from 'vue'
import { http } from '@/shared/api/http'
import type { Draft, DraftRow, Items } from '@/shared/api/types'

export interface DraftApi {
  list: () => Promise<DraftRow[]>
  read: (id: string) => Promise<Draft>
  save: (id: string, body: { kind: string; title: string; path: string; data: unknown }) => Promise<{ id?: string }>
  drop: (id: string) => Promise<unknown>
}
export const draftApi: DraftApi = {
  list: async () => (await http.get<Items<DraftRow>>('/work/drafts')).items,
  read: (id) => http.get<Draft>(`/work/drafts/${id}`),
  save: (id, body) => http.put<{ id?: string }>(`/work/drafts/${id}`, body),
  drop: (id) => http.del(`/work/drafts/${id}`),
}

export interface Autosave { id: Ref<string | null>; savedAt: Ref<number | null>; failed: Ref<boolean>; load: () => Promise<unknown>; discard: () => Promise<void>; stop: () => void }

/** Saves `data` a moment after each change while `dirty()`; `path` (without query) is where the draft is taken up again. */
export function useAutosave(opt: { path: string; title: () => string; data: () => unknown; dirty: () => boolean; wait?: number; api?: DraftApi }): Autosave {
  const api = opt.api ?? draftApi
  const id = ref<string | null>(null)
  const savedAt = ref<number | null>(null)
  const failed = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  let running: Promise<void> = Promise.resolve()
  let stopped = false

  const same = (p: string) => p.split('?')[0] === opt.path
  async function save() {
    if (stopped || !opt.dirty()) return
    try {
      const r = await api.save(id.value ?? 'new', { kind: 'incoming', title: opt.title(), path: opt.path, data: opt.data() })
      if (r?.id) id.value = String(r.id)
      savedAt.value = Date.now()
      failed.value = false
    } catch { failed.value = true }
  }
  watch(() => JSON.stringify(opt.data()), () => {
    clearTimeout(timer)
    if (!stopped) timer = setTimeout(() => { running = running.then(save) }, opt.wait ?? 2000)
  })
  onScopeDispose(() => { clearTimeout(timer); stopped = true })
  return {
    id, savedAt, failed,
    async load() {
      const hit = (await api.list()).find((d) => same(d.path))
      if (!hit) return null
      const d = await api.read(hit.id)
      id.value = hit.id
      savedAt.value = hit.saved_at
      return d.data
    },
    async discard() {
      stopped = true
      clearTimeout(timer)
      await running
      if (id.value) await api.drop(id.value).catch(() => undefined)
      id.value = null
      savedAt.value = null
      stopped = false
    },
    stop() { stopped = true; clearTimeout(timer) },
  }
}
