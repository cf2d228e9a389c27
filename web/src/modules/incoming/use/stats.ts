/** Pure arithmetic of the statistics page. */

/** `86.5%`; a dash where there is nothing to take it of. The same rounding as the server's export. */
export function rate(part: number, whole: number): string {
  if (whole === 0) return '—'
  const tenths = Math.floor((part * 2000 + whole) / (2 * whole))
  return `${Math.floor(tenths / 10)}.${tenths % 10}%`
}

/** Width of a bar. */
export function share(n: number, most: number): string {
  return `${Math.round((n / most) * 100)}%`
}

/** The list's filter for a month `2026-03`. */
export function monthRange(month: string): { received_from: string; received_to: string } {
  const [y, m] = month.split('-').map(Number)
  const last = new Date(Date.UTC(y ?? 1970, m ?? 1, 0)).getUTCDate()
  return { received_from: `${month}-01`, received_to: `${month}-${String(last).padStart(2, '0')}` }
}
