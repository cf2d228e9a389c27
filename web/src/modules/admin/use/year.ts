/** A year as twelve months of weeks that begin on Monday. */
import type { CalendarDay } from './types'
import { iso, isWeekend, monthDay, plus, WEEK, weekday } from './days'

export interface Cell { date: string; day: number; kind: 'off' | 'work' | 'weekend' | 'plain'; name: string }
export interface Month { month: number; weeks: (Cell | null)[][] }

export function months(year: number, days: CalendarDay[]): Month[] {
  const special = new Map(days.map((d) => [d.date, d]))
  return Array.from({ length: 12 }, (_, i) => {
    const month = i + 1
    const first = iso(year, month, 1)
    const next = month === 12 ? iso(year + 1, 1, 1) : iso(year, month + 1, 1)
    const cells: (Cell | null)[] = Array.from({ length: weekday(first) - 1 }, () => null)
    for (let d = first; d < next; d = plus(d, 1)) {
      const s = special.get(d)
      cells.push({ date: d, day: Number(d.slice(8)), kind: s?.kind ?? (isWeekend(d) ? 'weekend' : 'plain'), name: s?.name ?? '' })
    }
    while (cells.length % 7) cells.push(null)
    const weeks: (Cell | null)[][] = []
    for (let w = 0; w < cells.length; w += 7) weeks.push(cells.slice(w, w + 7))
    return { month, weeks }
  })
}

const WORD: Record<Cell['kind'], string> = { off: '放假', work: '调休上班', weekend: '周末', plain: '工作日' }
/** 10月1日 星期四 放假 国庆节 */
export function cellText(c: Cell): string {
  const extra = c.name && c.name !== WORD[c.kind] ? ` ${c.name}` : ''
  return `${monthDay(c.date)} 星期${WEEK[weekday(c.date) - 1]} ${WORD[c.kind]}${extra}`
}

export interface Holiday { name: string; from: string; to: string; days: number }
/** Runs of days off by name. */
export function holidays(days: CalendarDay[]): Holiday[] {
  const out: Holiday[] = []
  for (const d of days.filter((x) => x.kind === 'off').sort((a, b) => a.date.localeCompare(b.date))) {
    const last = out[out.length - 1]
    if (last && last.name === d.name && plus(last.to, 1) === d.date) { last.to = d.date; last.days += 1 } else out.push({ name: d.name, from: d.date, to: d.date, days: 1 })
  }
  return out
}
/** Worked weekend days: 1月4日（日）. */
export const workedText = (days: CalendarDay[]): string =>
  days.filter((d) => d.kind === 'work').map((d) => d.date).sort().map((d) => `${monthDay(d)}（${WEEK[weekday(d) - 1]}）`).join('、')
/** Working days of the year. */
export const workingDays = (ms: Month[]): number => ms.flatMap((m) => m.weeks.flat()).filter((c) => c && (c.kind === 'plain' || c.kind === 'work')).length

/** Next year is unknown although autumn has come: the notice is due. */
export function yearWarning(today: string, known: number[]): string {
  const y = Number(today.slice(0, 4))
  if (!known.includes(y)) return `${y} 年的放假安排还没有导入，本年办理期限按周一至周五推算，可能不准。请尽快导入国务院办公厅的通知。`
  if (!known.includes(y + 1) && today.slice(5, 7) >= '10') return `${y + 1} 年的放假安排还没有导入，跨年的办理期限按周一至周五推算；通知一般在 11 月前后公布，公布后请及时导入。`
  return ''
}
