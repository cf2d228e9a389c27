/** Pages of the bound register book and heads of the 29-column ledger. */
export const PER_PAGE = 15

/** Years of the tabs, newest first. */
export function yearsUpTo(year: number, back = 4): number[] {
  return Array.from({ length: back + 1 }, (_, i) => year - i)
}
/** A book page always has its full number of ruled lines. */
export function ruled<T>(rows: T[], per = PER_PAGE): (T | null)[] {
  return [...rows, ...Array.from({ length: Math.max(0, per - rows.length) }, () => null)]
}
export const pageCount = (total: number | null | undefined, per = PER_PAGE): number | null => (total === null || total === undefined ? null : Math.max(1, Math.ceil(total / per)))

export interface Group { title: string; span: number }
const GROUPS: [title: string, test: (key: string) => boolean][] = [
  ['签收', (k) => k.startsWith('sign_in')],
  ['录入', (k) => k.startsWith('entry')],
  ['拟办', (k) => k.startsWith('propos')],
  ['期限与催办', (k) => k === 'deadline' || k === 'urged' || k === 'urged_on' || k === 'pre_reminder' || k === 'urge_count'],
  ['批示', (k) => k.startsWith('instruct')],
  ['传阅', (k) => k.startsWith('circulat')],
  ['承办', (k) => k.startsWith('undertak') || k.startsWith('assist') || k === 'handling_result'],
]
const PLACES: [n: number, title: string][] = [[3, '签收'], [3, '录入'], [4, '拟办'], [4, '期限与催办'], [4, '批示'], [4, '传阅'], [6, '承办'], [1, '催办']]

/** Heads over neighbouring columns; by key where the keys are known, else by the order of the form. */
export function columnGroups(columns: { key: string }[]): Group[] {
  const out: Group[] = []
  const place = (i: number) => { let n = 0; for (const [w, t] of PLACES) { n += w; if (i < n) return t } return '' }
  columns.forEach((c, i) => {
    const title = GROUPS.find(([, test]) => test(c.key))?.[0] ?? (columns.length === 29 ? place(i) : '')
    const last = out[out.length - 1]
    if (last?.title === title) last.span++
    else out.push({ title, span: 1 })
  })
  return out
}
/** Wide for texts, narrow for marks and dates. */
export function columnWidth(title: string): number {
  if (/意见|结果/.test(title)) return 220
  if (/领导|处室|部门/.test(title)) return 130
  if (/日期|期限|时间/.test(title)) return 100
  if (/者/.test(title)) return 84
  return 76
}
