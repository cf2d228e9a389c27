/** Rules of the unit tree, as the server has them; checked here so that a drop says at once why it cannot be. */
import type { NodeKind, OrgNode } from '@/shared/api/types'
import { NODE_KIND } from '@/shared/i18n/labels'

/** 最上级 and 地区 hold 地区 and 单位; 单位 holds 单位 and 处室; 处室 holds 处室. */
const UNDER: Record<NodeKind | 'top', NodeKind[]> = {
  top: ['region', 'unit'],
  region: ['region', 'unit'],
  unit: ['division', 'unit'],
  division: ['division'],
}
export const kindsUnder = (parent: NodeKind | null): NodeKind[] => UNDER[parent ?? 'top']
export const fits = (kind: NodeKind, parent: NodeKind | null): boolean => kindsUnder(parent).includes(kind)

export type Shelf = Record<string, OrgNode[] | undefined>
/** Key of a branch among the read ones. */
export const shelf = (id: string | null): string => id ?? ''

/** Ids from a node up to the top, the node first, as far as the branches were read. */
export function lineUp(nodes: Map<string, OrgNode>, id: string | null): string[] {
  const out: string[] = []
  let at = id
  while (at && !out.includes(at)) {
    out.push(at)
    at = nodes.get(at)?.parent_id ?? null
  }
  return out
}

/** Why `node` cannot go below `parent`; null = it can. `above` are the ids from the parent up to the top. */
export function moveFault(node: OrgNode, parent: OrgNode | null, above: string[]): string | null {
  if (parent && parent.status !== 'active') return `“${parent.name}”已合并或撤销`
  if (above.includes(node.id)) return `不能移到“${node.name}”自己或它的下级中`
  if (!fits(node.kind, parent?.kind ?? null)) return `${NODE_KIND[node.kind]}不能放在${parent ? NODE_KIND[parent.kind] : '最上级'}下面`
  return null
}

/** Why `from` cannot be merged into `into`; null = it can. */
export function mergeFault(from: OrgNode, into: OrgNode, above: string[]): string | null {
  if (from.id === into.id) return '请选择另一个机构'
  if (from.kind !== into.kind) return `${NODE_KIND[from.kind]}只能合并到${NODE_KIND[from.kind]}`
  if (above.includes(from.id)) return '不能合并到自己的下级'
  return null
}

export type DropPlace = 'before' | 'inside' | 'after'
/** Upper and lower quarter of a row mean beside it, the middle means into it. */
export function placeAt(y: number, height: number): DropPlace {
  if (height <= 0) return 'inside'
  if (y < height * 0.25) return 'before'
  return y > height * 0.75 ? 'after' : 'inside'
}

/** Where a drop at `place` of `target` puts the node: the parent's id and the sibling it stands before. */
export function dropTo(node: OrgNode, target: OrgNode, place: DropPlace, siblings: OrgNode[]): { parent_id: string | null; before: OrgNode | null } {
  if (place === 'inside') return { parent_id: target.id, before: null }
  if (place === 'before') return { parent_id: target.parent_id, before: target }
  const rest = siblings.filter((n) => n.id !== node.id)
  return { parent_id: target.parent_id, before: rest[rest.findIndex((n) => n.id === target.id) + 1] ?? null }
}

/** Does the move change anything? */
export function isSame(node: OrgNode, parentId: string | null, before: OrgNode | null, siblings: OrgNode[]): boolean {
  if (node.parent_id !== parentId) return false
  const at = siblings.findIndex((n) => n.id === node.id)
  return before?.id === node.id || (siblings[at + 1]?.id ?? null) === (before?.id ?? null)
}

export interface TreeLine { node: OrgNode; depth: number; open: boolean; index: number; count: number }
/** The visible rows from top to bottom. */
export function lines(children: Shelf, open: ReadonlySet<string>): TreeLine[] {
  const out: TreeLine[] = []
  const walk = (id: string | null, depth: number) => {
    const list = children[shelf(id)] ?? []
    list.forEach((node, i) => {
      const isOpen = open.has(node.id) && node.has_children
      out.push({ node, depth, open: isOpen, index: i + 1, count: list.length })
      if (isOpen) walk(node.id, depth + 1)
    })
  }
  walk(null, 0)
  return out
}

export type TreeStep = { to: string } | { open: string } | { close: string } | null
/** What a key does at a row (WAI-ARIA tree): arrows move, → opens, ← closes or goes to the parent. */
export function treeKey(rows: TreeLine[], id: string | null, key: string): TreeStep {
  const at = rows.findIndex((r) => r.node.id === id)
  const row = rows[at]
  const go = (i: number): TreeStep => (rows[i] ? { to: rows[i].node.id } : null)
  if (key === 'Home') return go(0)
  if (key === 'End') return go(rows.length - 1)
  if (!row) return key === 'ArrowDown' ? go(0) : null
  if (key === 'ArrowDown') return go(at + 1)
  if (key === 'ArrowUp') return go(at - 1)
  if (key === 'ArrowRight') return !row.node.has_children ? null : row.open ? go(at + 1) : { open: row.node.id }
  if (key === 'ArrowLeft') return row.open ? { close: row.node.id } : row.node.parent_id ? { to: row.node.parent_id } : null
  return null
}
