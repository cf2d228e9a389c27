/** The read branches of the unit tree: lazily fetched, opened and closed, refreshed after a change. */
import { computed, reactive, ref } from 'vue'
import { http } from '@/shared/api/http'
import type { Items, OrgNode, OrgNodeDetail } from '@/shared/api/types'
import { lines, lineUp, shelf, type Shelf } from './tree'

export function useBranches() {
  const children = reactive<Shelf>({})
  const open = reactive(new Set<string>())
  const waiting = reactive(new Set<string>())
  const error = ref<unknown>(null)
  const nodes = computed(() => {
    const m = new Map<string, OrgNode>()
    for (const list of Object.values(children)) for (const n of list ?? []) m.set(n.id, n)
    return m
  })
  const rows = computed(() => lines(children, open))

  async function read(id: string | null): Promise<void> {
    const key = shelf(id)
    if (waiting.has(key)) return
    waiting.add(key)
    try {
      children[key] = (await http.get<Items<OrgNode>>('/org/nodes', { parent_id: id })).items
      error.value = null
    } catch (e) { error.value = e } finally { waiting.delete(key) }
  }
  async function expand(id: string): Promise<void> {
    open.add(id)
    if (!children[shelf(id)]) await read(id)
  }
  const collapse = (id: string) => { open.delete(id) }
  /** Opens everything above a node, so that its row can be seen. */
  async function reveal(id: string): Promise<OrgNodeDetail> {
    const node = await http.get<OrgNodeDetail>(`/org/nodes/${id}`)
    if (!children['']) await read(null)
    for (const p of node.path) if (p.id !== id) await expand(p.id)
    return node
  }
  /** Forgets everything, so that the next look is a fresh one. */
  function clear(): void {
    for (const k of Object.keys(children)) delete children[k]
    open.clear()
  }
  /** Reads again what is on the screen; single branches where they are named. */
  async function refresh(ids?: (string | null)[]): Promise<void> {
    const keys = ids ? ids.map(shelf) : Object.keys(children)
    await Promise.all([...new Set(keys)].filter((k) => k === '' || children[k]).map((k) => read(k || null)))
    const known = nodes.value
    for (const id of [...open]) if (!known.has(id)) open.delete(id)
  }
  /** After a change below `id`: its children and its own row. */
  async function changed(...ids: (string | null)[]): Promise<void> {
    await refresh(ids.flatMap((id) => [id, id ? (nodes.value.get(id)?.parent_id ?? null) : null]))
  }
  return { children, open, waiting, error, nodes, rows, read, expand, collapse, reveal, refresh, changed, clear, above: (id: string | null) => lineUp(nodes.value, id) }
}
export type Branches = ReturnType<typeof useBranches>
