import type { Act } from '../api/types'

export interface ActGroups { main: Act[]; more: Act[] }

/**
 * Which acts lie open and which go under 更多: primary ones first, then allowed ones, refused ones last but always
 * findable. At most `open` buttons lie open (primary ones always do).
 */
export function groupActs(acts: Act[], open: number): ActGroups {
  const order = (a: Act) => (a.primary && a.allowed ? 0 : a.allowed ? 1 : a.primary ? 2 : 3)
  const sorted = acts.map((a, i) => ({ a, i })).sort((x, y) => order(x.a) - order(y.a) || x.i - y.i).map((x) => x.a)
  const first = sorted.filter((a) => a.primary && a.allowed)
  const rest = sorted.filter((a) => !(a.primary && a.allowed))
  const room = Math.max(0, open - first.length)
  const whole = rest.length <= room ? rest.length : Math.max(0, room)
  return { main: [...first, ...rest.slice(0, whole)], more: rest.slice(whole) }
}
