import { ref, type Ref } from 'vue'
import { ApiError, newKey } from './http'

/**
 * One submit button. While it runs `busy` is true and further presses are ignored. A submit that did not reach the
 * server, or of which no answer came back, keeps its key: pressing again cannot do the thing twice.
 */
export function useSubmit<A extends unknown[], R>(
  run: (key: string, ...args: A) => Promise<R>,
): { busy: Ref<boolean>; error: Ref<ApiError | null>; submit: (...args: A) => Promise<R | undefined> } {
  const busy = ref(false)
  const error = ref<ApiError | null>(null)
  let key: string | null = null
  let last = ''
  async function submit(...args: A): Promise<R | undefined> {
    if (busy.value) return undefined
    const print = JSON.stringify(args)
    if (!key || print !== last) key = newKey()
    last = print
    busy.value = true
    error.value = null
    try {
      const r = await run(key, ...args)
      key = null
      return r
    } catch (e) {
      const api = e instanceof ApiError ? e : new ApiError(-1, { detail: e instanceof Error ? e.message : String(e) })
      if (api.status !== 0 && api.status < 500) key = null
      error.value = api
      return undefined
    } finally {
      busy.value = false
    }
  }
  return { busy, error, submit }
}
