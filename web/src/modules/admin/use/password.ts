/** Letters and digits that cannot be mistaken for one another when read out. */
const SETS = ['abcdefghjkmnpqrstuvwxyz', 'ABCDEFGHJKMNPQRSTUVWXYZ', '23456789']

/** A password of four groups, e.g. `Kfm4-wTn7-pQx3`; `random(n)` gives 0 … n-1. */
export function makePassword(random: (n: number) => number = secure): string {
  const pick = (set: string) => set[random(set.length)] ?? ''
  const group = () => pick(SETS[1] ?? '') + pick(SETS[0] ?? '') + pick(SETS[0] ?? '') + pick(SETS[2] ?? '')
  return [group(), group(), group(), group()].join('-')
}

function secure(n: number): number {
  const limit = Math.floor(0x1_0000_0000 / n) * n
  const a = new Uint32Array(1)
  do crypto.getRandomValues(a)
  while ((a[0] ?? 0) >= limit)
  return (a[0] ?? 0) % n
}
