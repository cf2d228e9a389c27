import type { ColumnChoice } from '../../api/prefs'

export interface Column<T = never> {
  key: string
  title: string
  /** Width in px at normal type; scaled with the type size. Without it the column takes what is left. */
  width?: number
  min?: number
  align?: 'left' | 'right' | 'center'
  /** Values of the sort parameter. */
  sort?: { asc: string; desc: string }
  /** Cannot be hidden. */
  always?: boolean
  /** Hidden until chosen. */
  off?: boolean
  /** Text of the cell; a slot `cell-<key>` takes precedence. */
  text?: (row: T) => string | number | null | undefined
  /** Left out first (highest number first) where the window is too narrow for all. */
  drop?: number
  /** Numbers and dates: tabular figures, no wrapping. */
  num?: boolean
}

/** Columns to draw, by the person's choice. */
export function shownColumns<C extends { key: string; always?: boolean; off?: boolean }>(columns: C[], choice: ColumnChoice | null): C[] {
  return columns.filter((c) => c.always || (choice ? !choice.hidden.includes(c.key) : !c.off))
}

/** The choice after one column was switched. */
export function toggleColumn<C extends { key: string; always?: boolean; off?: boolean }>(columns: C[], choice: ColumnChoice | null, key: string): ColumnChoice {
  const hidden = new Set(choice ? choice.hidden : columns.filter((c) => c.off && !c.always).map((c) => c.key))
  if (hidden.has(key)) hidden.delete(key)
  else hidden.add(key)
  return { hidden: [...hidden] }
}

/** Next value of the sort parameter when a head is pressed: descending, ascending, none. */
export function nextSort(current: string | undefined, sort: { asc: string; desc: string }): string | undefined {
  if (current === sort.desc) return sort.asc
  if (current === sort.asc) return undefined
  return sort.desc
}

export function ariaSort(current: string | undefined, sort: { asc: string; desc: string } | undefined): 'ascending' | 'descending' | 'none' | undefined {
  if (!sort) return undefined
  if (current === sort.asc) return 'ascending'
  return current === sort.desc ? 'descending' : 'none'
}

/** Room a column without `width` or `min` gets at least. */
export const FLEX = 260

export function tableWidth(columns: { width?: number; min?: number }[]): number {
  return columns.reduce((sum, c) => sum + (c.width ?? c.min ?? FLEX), 0)
}

/** Columns that fit into `room` (px at normal type): those with the highest `drop` go first; `room` 0 = unknown, all stay. */
export function fitColumns<C extends { key: string; width?: number; min?: number; drop?: number; always?: boolean }>(columns: C[], room: number): C[] {
  let out = columns
  while (room > 0 && tableWidth(out) > room) {
    const can = out.filter((c) => c.drop && !c.always)
    if (!can.length) break
    const worst = can.reduce((a, b) => ((b.drop ?? 0) >= (a.drop ?? 0) ? b : a))
    out = out.filter((c) => c !== worst)
  }
  return out
}
