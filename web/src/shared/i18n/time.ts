/** Times are shown in China Standard Time whatever the computer is set to; there is no summer time. */
const OFFSET = 8 * 3_600_000
const DAY = 86_400_000
const WEEK = ['日', '一', '二', '三', '四', '五', '六']
const two = (n: number) => String(n).padStart(2, '0')

function parts(at: number) {
  const d = new Date(at + OFFSET)
  return { y: d.getUTCFullYear(), m: d.getUTCMonth() + 1, d: d.getUTCDate(), h: d.getUTCHours(), min: d.getUTCMinutes(), w: d.getUTCDay() }
}

/** 2026-03-09 */
export function dateText(at: number | null | undefined): string {
  if (at === null || at === undefined) return ''
  const p = parts(at)
  return `${p.y}-${two(p.m)}-${two(p.d)}`
}

/** 2026-03-09 14:05 */
export function timeText(at: number | null | undefined): string {
  if (at === null || at === undefined) return ''
  const p = parts(at)
  return `${p.y}-${two(p.m)}-${two(p.d)} ${two(p.h)}:${two(p.min)}`
}

/** 今天 14:05 / 昨天 09:00 / 03-09 14:05 / 2025-12-31 */
export function nearText(at: number | null | undefined, now: number): string {
  if (at === null || at === undefined) return ''
  const p = parts(at)
  const days = Math.floor((now + OFFSET) / DAY) - Math.floor((at + OFFSET) / DAY)
  const clock = `${two(p.h)}:${two(p.min)}`
  if (days === 0) return `今天 ${clock}`
  if (days === 1) return `昨天 ${clock}`
  if (days === -1) return `明天 ${clock}`
  return parts(now).y === p.y ? `${two(p.m)}-${two(p.d)} ${clock}` : dateText(at)
}

/** 2026年3月9日 */
export function longDate(at: number | null | undefined): string {
  if (at === null || at === undefined) return ''
  const p = parts(at)
  return `${p.y}年${p.m}月${p.d}日`
}

/** 2026年3月9日 星期一 */
export function todayText(now: number): string {
  return `${longDate(now)} 星期${WEEK[parts(now).w] ?? ''}`
}

/** 2026-03-09 → 2026年3月9日 (documents write dates so) */
export function chineseDate(date: string | null | undefined): string {
  const m = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date ?? '')
  return m ? `${m[1]}年${Number(m[2])}月${Number(m[3])}日` : (date ?? '')
}

/** Start (00:00) or end (23:59:59.999) of a date in China, as milliseconds. */
export function dayStart(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) - OFFSET
}
export function dayEnd(date: string): number {
  return dayStart(date) + DAY - 1
}

/** Part of the day for a greeting. */
export function greeting(now: number): string {
  const h = parts(now).h
  if (h < 5) return '夜深了'
  if (h < 9) return '早上好'
  if (h < 12) return '上午好'
  if (h < 14) return '中午好'
  if (h < 18) return '下午好'
  return '晚上好'
}

/** Size of a file: 1.2 MB */
export function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(bytes < 10_240 ? 1 : 0)} KB`
  if (bytes < 1024 ** 3) return `${(bytes / 1024 / 1024).toFixed(1)} MB`
  return `${(bytes / 1024 ** 3).toFixed(2)} GB`
}
