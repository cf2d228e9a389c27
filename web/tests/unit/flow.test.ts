import { describe, expect, it } from 'vitest'
import { groupActs } from '@/shared/ui/acts'
import { layers } from '@/shared/ui/flow'
import { has, move, toggle, type Chosen } from '@/shared/ui/org/choice'
import type { Act, FlowStep } from '@/shared/api/types'

const act = (name: string, allowed = true, primary = false): Act => ({ act: name, title: name, task_id: null, allowed, reason: allowed ? null : '不可', primary, needs_opinion: false })
const step = (round: number, prev: number[], state: FlowStep['state'] = 'done'): FlowStep => ({ round, step: `s${round}`, title: `${round}`, state, meant: [], acted: [], due_at: null, prev })

describe('acts', () => {
  it('opens primary ones first and keeps refused ones findable', () => {
    const g = groupActs([act('void', false), act('return'), act('instruct', true, true), act('transfer')], 3)
    expect(g.main.map((a) => a.act)).toEqual(['instruct', 'return', 'transfer'])
    expect(g.more.map((a) => a.act)).toEqual(['void'])
  })
  it('never hides a primary act', () => {
    expect(groupActs([act('a', true, true), act('b', true, true), act('c')], 1).main.map((a) => a.act)).toEqual(['a', 'b'])
  })
  it('loses none', () => {
    const all = [act('a', false, true), act('b'), act('c', true, true), act('d', false)]
    for (const n of [0, 1, 2, 3, 9]) { const g = groupActs(all, n); expect(g.main.length + g.more.length).toBe(4) }
  })
})

describe('flow picture', () => {
  it('puts parallel rounds into one column and what is to come last', () => {
    const l = layers([step(1, []), step(2, [1]), step(3, [1]), step(4, [2, 3], 'current'), step(5, [4], 'todo')])
    expect(l.map((c) => c.map((s) => s.round))).toEqual([[1], [2, 3], [4], [5]])
  })
  it('survives a loop and an unknown cause', () => {
    expect(layers([step(1, [2]), step(2, [1]), step(3, [99])]).flat()).toHaveLength(3)
  })
  it('has nothing to draw for nothing', () => expect(layers([])).toEqual([]))
})

describe('choosing people', () => {
  const c = (id: string): Chosen => ({ kind: 'identity', id, name: id, hint: '' })
  it('adds, takes away, replaces', () => {
    expect(toggle([c('1')], c('2'), true).map((x) => x.id)).toEqual(['1', '2'])
    expect(toggle([c('1'), c('2')], c('1'), true).map((x) => x.id)).toEqual(['2'])
    expect(toggle([c('1')], c('2'), false).map((x) => x.id)).toEqual(['2'])
  })
  it('tells a person from a unit of the same number', () => expect(has([c('1')], { ...c('1'), kind: 'node' })).toBe(false))
  it('moves within the list only', () => {
    const l = [c('1'), c('2'), c('3')]
    expect(move(l, 2, 0).map((x) => x.id)).toEqual(['3', '1', '2'])
    expect(move(l, 0, -1)).toBe(l)
    expect(move(l, 2, 3)).toBe(l)
  })
})
