/** Days as YYYY-MM-DD without any clock. */
const two = (n: number) => String(n).padStart(2, '0')
export const iso = (y: number, m: number, d: number): string => `${y}-${two(m)}-${two(d)}`
const utc = (date: string) => new Date(`${date}T00:00:00Z`)
/** 1 = Monday … 7 = Sunday. */
export const weekday = (date: string): number => utc(date).getUTCDay() || 7
export const isWeekend = (date: string): boolean => weekday(date) > 5
export function plus(date: string, days: number): string {
  const d = utc(date)
  d.setUTCDate(d.getUTCDate() + days)
  return d.toISOString().slice(0, 10)
}
/** A date that exists, or null. */
export function real(y: number, m: number, d: number): string | null {
  const date = new Date(Date.UTC(y, m - 1, d))
  return date.getUTCFullYear() === y && date.getUTCMonth() === m - 1 && date.getUTCDate() === d ? iso(y, m, d) : null
}
export function span(from: string, to: string): string[] {
  const out: string[] = []
  for (let d = from; d <= to && out.length < 60; d = plus(d, 1)) out.push(d)
  return out
}
export const WEEK = ['一', '二', '三', '四', '五', '六', '日']
/** 10月1日 */
export const monthDay = (date: string): string => `${Number(date.slice(5, 7))}月${Number(date.slice(8))}日`
