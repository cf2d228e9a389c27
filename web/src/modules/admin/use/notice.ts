/**
 * Reads a notice about holidays (国务院办公厅关于某年部分节假日安排的通知) as it is pasted:
 * “一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。”
 */
import type { Notice } from './types'
import { isWeekend, monthDay, plus, real, span, WEEK, weekday } from './days'

export interface Parsed extends Notice {
  /** What contradicts itself or is missing: to be looked at before importing. */
  problems: string[]
  /** What was left out, and why. */
  notes: string[]
}

const DAY: Record<string, number> = { 一: 1, 二: 2, 三: 3, 四: 4, 五: 5, 六: 6, 日: 7, 天: 7 }
/** A date, with the weekday mark that `plain` left behind it. */
const ONE = String.raw`(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:<(\d)>)?`
const RANGE = new RegExp(`${ONE}(?:(?:至|到|—+|-+|–|~|～)${ONE})?`, 'g')

/** Half-width digits, no spaces; brackets go, a weekday in them stays as `<n>`. */
function plain(text: string): string {
  return text
    .replace(/[０-９]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replace(/[^\S\n]+/g, '')
    .replace(/[（(]([^（()）]*)[)）]/g, (_, inner: string) => {
      const w = /(?:星期|周|礼拜)([一二三四五六日天])/.exec(inner)
      return w ? `<${DAY[w[1] ?? '']}>` : ''
    })
}

/** The year the notice is about. */
export function yearOf(text: string): number | null {
  const p = plain(text)
  const m = /(\d{4})年(?:的)?(?:部分|全年)?(?:节假日|法定节假日|放假|元旦)/.exec(p) ?? /(20\d{2})年/.exec(p)
  return m ? Number(m[1]) : null
}
/** Title of the notice, if the first lines carry it. */
export function sourceOf(text: string): string {
  return /([^\n。，]*关于\d{4}年[^\n。，]*的?通知)/.exec(text.replace(/[^\S\n]+/g, ''))?.[1]?.slice(0, 200) ?? ''
}

/** Splits 一、二、… and lines; each piece begins with the holiday's name where there is one. */
function pieces(text: string): { name: string; text: string }[] {
  return text
    .split(/\n|(?:^|(?<=[。；;：:]))[一二三四五六七八九十]{1,2}、/)
    .map((s) => s.trim().replace(/^(?:[一二三四五六七八九十]{1,2}|\d{1,2})[、.．]/, ''))
    .filter(Boolean)
    .map((s) => {
      const m = /^([\u4e00-\u9fa5、]{2,12})[：:]/.exec(s)
      return m && !/[年月日]$/.test(m[1] ?? '') ? { name: m[1] ?? '', text: s.slice(m[0].length) } : { name: '', text: s }
    })
}

export function parseNotice(text: string, year: number): Parsed {
  const out: Parsed = { year, off: [], work: [], names: {}, problems: [], notes: [] }
  const outside = new Set<string>()
  let name = ''
  for (const piece of pieces(plain(text))) {
    name = piece.name || name
    let pending: string[] = []
    let lastOff: string[] = []
    for (const clause of piece.text.split(/[，,。；;\n]/)) {
      if (!clause) continue
      const total = /共(\d+)天|放假(\d+)天/.exec(clause)
      const dates = readDates(clause.replace(/<(\d)>/g, '<$1>'), year, out.problems)
      const all = [...pending, ...dates]
      const isWork = /上班|补班|正常工作/.test(clause)
      const isOff = !isWork && /放假|休息|调休|补休/.test(clause)
      if (isWork || isOff) {
        if (isOff && all.length) lastOff = all
        put(all, isWork ? 'work' : 'off', piece.name || name)
        pending = []
      } else if (!total) pending = all
      const n = Number(total?.[1] ?? total?.[2] ?? 0)
      if (n && lastOff.length && n !== lastOff.length) out.problems.push(`${piece.name || name || '这一段'}写明共 ${n} 天，按日期数是 ${lastOff.length} 天`)
    }
    if (pending.length) out.notes.push(`${pending.map(monthDay).join('、')} 没有写明放假还是上班，未采用`)
  }
  function put(dates: string[], kind: 'off' | 'work', holiday: string) {
    for (const d of dates) {
      if (Number(d.slice(0, 4)) !== year) { outside.add(d); continue }
      const other = kind === 'off' ? out.work : out.off
      if (other.includes(d)) { out.problems.push(`${monthDay(d)} 既写放假又写上班`); continue }
      if (kind === 'work' && !isWeekend(d)) out.problems.push(`${monthDay(d)} 是星期${WEEK[weekday(d) - 1]}，本来就上班`)
      const list = kind === 'off' ? out.off : out.work
      if (list.includes(d)) continue
      list.push(d)
      if (kind === 'off' && holiday) out.names[d] = holiday
    }
  }
  out.off.sort()
  out.work.sort()
  if (outside.size) out.notes.push(`${[...outside].sort().join('、')} 不在 ${year} 年，未采用`)
  out.problems = [...new Set(out.problems)]
  return out
}

function readDates(clause: string, year: number, problems: string[]): string[] {
  const out: string[] = []
  let month = 0
  let y = year
  RANGE.lastIndex = 0
  for (const m of clause.matchAll(RANGE)) {
    const [, y1, m1, d1, w1, y2, m2, d2, w2] = m
    if (!m1 && !month) continue
    month = m1 ? Number(m1) : month
    if (y1) y = Number(y1)
    const from = real(y, month, Number(d1))
    if (!from) { problems.push(`没有 ${month}月${d1}日 这一天`); continue }
    if (!d2) { check(from, w1, problems); out.push(from); continue }
    const endMonth = m2 ? Number(m2) : month
    // 12月30日至1月1日: the notice of a year begins with the end of the year before.
    const start = endMonth < month && !y1 && !y2 ? real(y - 1, month, Number(d1)) : from
    const endYear = y2 ? Number(y2) : endMonth < month && y1 ? y + 1 : y
    const to = real(endYear, endMonth, Number(d2))
    if (!start || !to || to < start || plus(start, 40) < to) { problems.push(`“${m[0].replace(/<\d>/g, '')}”的起止日期不对`); continue }
    check(start, w1, problems)
    check(to, w2, problems)
    out.push(...span(start, to))
    month = endMonth
    y = endYear
  }
  return out
}

function check(date: string, said: string | undefined, problems: string[]) {
  if (said && Number(said) !== weekday(date)) problems.push(`${date} 是星期${WEEK[weekday(date) - 1]}，文中写作星期${WEEK[Number(said) - 1]}，请核对年份`)
}

/** What the server would refuse, said before it is sent. */
export function noticeFaults(n: Notice): string[] {
  const out: string[] = []
  if (n.year < 2020 || n.year > 2100) out.push('年份应在 2020 至 2100 之间')
  if (!n.off.includes(`${n.year}-01-01`)) out.push(`没有 ${n.year}年1月1日（元旦），请补全放假日期`)
  if (n.off.length < 11) out.push(`放假日期只有 ${n.off.length} 天，全年法定节假日不少于 11 天，请补全`)
  const wrong = n.work.filter((d) => !isWeekend(d))
  if (wrong.length) out.push(`调休上班日应为周六或周日：${wrong.map(monthDay).join('、')}`)
  return out
}

/** One press on a day: nothing → 放假 → 上班 (only at the weekend) → nothing. */
export function turnDay(n: Notice, date: string): Notice {
  const names = { ...n.names }
  if (n.off.includes(date)) {
    delete names[date]
    return { ...n, names, off: n.off.filter((d) => d !== date), work: isWeekend(date) ? [...n.work, date].sort() : n.work }
  }
  if (n.work.includes(date)) return { ...n, work: n.work.filter((d) => d !== date) }
  return { ...n, names, off: [...n.off, date].sort() }
}
