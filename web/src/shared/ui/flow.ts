import type { FlowStep } from '../api/types'

/**
 * Steps in columns by distance from the start along `prev`; steps still to come follow the last one. Parallel rounds
 * share a column.
 */
export function layers(steps: FlowStep[]): FlowStep[][] {
  const by = new Map(steps.map((s) => [s.round, s]))
  const depth = new Map<number, number>()
  const depthOf = (s: FlowStep, seen: Set<number>): number => {
    const known = depth.get(s.round)
    if (known !== undefined) return known
    if (seen.has(s.round)) return 0
    seen.add(s.round)
    let d = 0
    for (const p of s.prev) { const before = by.get(p); if (before) d = Math.max(d, depthOf(before, seen) + 1) }
    depth.set(s.round, d)
    return d
  }
  const real = steps.filter((s) => s.state !== 'todo')
  const out: FlowStep[][] = []
  for (const s of real) {
    const d = depthOf(s, new Set())
    ;(out[d] ??= []).push(s)
  }
  const dense = out.filter((c) => c && c.length)
  for (const s of steps) if (s.state === 'todo') dense.push([s])
  return dense
}

export const FLOW_STATE: Record<FlowStep['state'], string> = { done: '已办', current: '办理中', returned: '已退回', cancelled: '已取消', todo: '未到' }
