/** Number series, filtered and sorted here: there are a few for each unit. */
import type { QueryValues } from '@/shared/api/types'
import type { SeriesItem } from './types'

export const seriesYears = (all: SeriesItem[]): number[] => [...new Set(all.map((s) => s.year))].sort((a, b) => b - a)

export function seriesRows(all: SeriesItem[], q: QueryValues): SeriesItem[] {
  const text = q.q?.trim() ?? ''
  const unit = (a: SeriesItem, b: SeriesItem) => a.unit_name.localeCompare(b.unit_name, 'zh') || a.title.localeCompare(b.title, 'zh')
  const by: Record<string, (a: SeriesItem, b: SeriesItem) => number> = { unit_asc: unit, unit_desc: (a, b) => unit(b, a), year_asc: (a, b) => a.year - b.year || unit(a, b), year_desc: (a, b) => b.year - a.year || unit(a, b) }
  return all
    .filter((s) => (!q.year || String(s.year) === q.year) && (!text || `${s.unit_name}${s.title}${s.key}`.includes(text)))
    .sort(by[q.sort ?? ''] ?? by.year_desc)
}
