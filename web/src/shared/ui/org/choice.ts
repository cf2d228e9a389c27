import type { OrgHit, OrgNode, PersonRow, PickItem } from '../../api/types'

/** Someone or some node that was chosen; the order of the list is the order of sending. */
export interface Chosen { kind: 'identity' | 'node'; id: string; name: string; hint: string }
export type OrgTarget = 'identity' | 'node' | 'both'

export const same = (a: Chosen, b: Chosen): boolean => a.kind === b.kind && a.id === b.id
export const has = (list: Chosen[], c: Chosen): boolean => list.some((x) => same(x, c))

/** Adds or takes away; a single choice replaces. */
export function toggle(list: Chosen[], c: Chosen, multiple: boolean): Chosen[] {
  if (has(list, c)) return list.filter((x) => !same(x, c))
  return multiple ? [...list, c] : [c]
}

/** Moves one entry up or down. */
export function move(list: Chosen[], from: number, to: number): Chosen[] {
  const c = list[from]
  if (!c || to < 0 || to >= list.length) return list
  const out = list.filter((_, i) => i !== from)
  out.splice(to, 0, c)
  return out
}

export const fromPick = (i: PickItem): Chosen => ({ kind: i.kind, id: i.id, name: i.name, hint: i.hint })
export const fromNode = (n: OrgNode): Chosen => ({ kind: 'node', id: n.id, name: n.short_name || n.name, hint: n.name })
export const fromPerson = (p: PersonRow): Chosen => ({ kind: 'identity', id: p.identity_id, name: p.name, hint: [p.division_name ?? p.unit_name, p.post].filter(Boolean).join(' · ') })
/** A search hit as a choice; people without an identity in reach cannot be chosen. */
export function fromHit(h: OrgHit): Chosen | null {
  if (h.kind !== 'person') return { kind: 'node', id: h.id, name: h.name, hint: h.hint }
  return h.identity_id ? { kind: 'identity', id: h.identity_id, name: h.name, hint: h.hint } : null
}
export const allows = (t: OrgTarget, c: Chosen): boolean => t === 'both' || t === c.kind
