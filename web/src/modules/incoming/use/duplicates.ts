/** Live warning of documents with the same number and sender: asked for a moment after typing stops, late answers dropped. */
import { onScopeDispose, ref, watch, type Ref } from 'vue'
import { http } from '@/shared/api/http'
import type { Items } from '@/shared/api/types'
import type { Duplicate } from './types'

export interface DuplicateQuery { doc_number: string; sender: string; exclude_id?: string | null }
export type Ask = (q: DuplicateQuery) => Promise<Duplicate[]>

export const askServer: Ask = async (q) => (await http.get<Items<Duplicate>>('/incoming/duplicates', { ...q })).items

/** Nothing to compare without a number. */
export const worthAsking = (q: DuplicateQuery): boolean => q.doc_number.trim().length >= 2

export function useDuplicates(query: () => DuplicateQuery, ask: Ask = askServer, wait = 400): { found: Ref<Duplicate[]>; asking: Ref<boolean>; set: (d: Duplicate[]) => void } {
  const found = ref<Duplicate[]>([]) as Ref<Duplicate[]>
  const asking = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  let turn = 0
  watch(() => JSON.stringify(query()), () => {
    clearTimeout(timer)
    const mine = ++turn
    const q = query()
    if (!worthAsking(q)) { found.value = []; asking.value = false; return }
    asking.value = true
    timer = setTimeout(() => {
      ask({ ...q, doc_number: q.doc_number.trim(), sender: q.sender.trim() })
        .then((d) => { if (mine === turn) found.value = d })
        .catch(() => { if (mine === turn) found.value = [] })
        .finally(() => { if (mine === turn) asking.value = false })
    }, wait)
  }, { immediate: true })
  onScopeDispose(() => { clearTimeout(timer); turn++ })
  return { found, asking, set: (d) => { found.value = d } }
}
