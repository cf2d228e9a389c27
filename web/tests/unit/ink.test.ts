import { describe, expect, it } from 'vitest'
import { inkBox, inkEmpty, samplePoint, strokePath, thin } from '@/shared/ui/ink/ink'
import type { Ink, InkPoint } from '@/shared/api/types'

const ev = (x: number, y: number, over: object = {}) => ({ clientX: x, clientY: y, pointerType: 'pen', pressure: 0.7123456, timeStamp: 1500.4, ...over })
const box = { left: 100, top: 50, width: 300, height: 130 }
const sheet = { width: 600, height: 260 }

describe('ink', () => {
  it('samples in units of the sheet', () => {
    expect(samplePoint(ev(250, 115), box, sheet, 1000)).toEqual([300, 130, 0.712, 500])
  })
  it('keeps points on the sheet and gives a mouse even pressure', () => {
    expect(samplePoint(ev(0, 9999, { pointerType: 'mouse', pressure: 0 }), box, sheet, 2000)).toEqual([0, 260, 0.5, 0])
  })
  it('thins crowded points, keeps the ends', () => {
    const pts: InkPoint[] = [[0, 0, 0.5, 0], [0.1, 0, 0.5, 1], [0.2, 0, 0.5, 2], [5, 0, 0.5, 3], [5.1, 0, 0.5, 4]]
    expect(thin(pts).map((p) => p[0])).toEqual([0, 5, 5.1])
    expect(thin(pts.slice(0, 2))).toHaveLength(2)
  })
  it('draws a closed path, also for a dot', () => {
    expect(strokePath({ color: '#c8161d', width: 6, pts: [[10, 10, 0.5, 0], [60, 40, 0.8, 30], [120, 60, 0.3, 60]] })).toMatch(/^M.+Z$/)
    expect(strokePath({ color: '#c8161d', width: 6, pts: [[10, 10, 0.5, 0]] })).toMatch(/^M.+Z$/)
  })
  it('finds the written part of the sheet', () => {
    const ink: Ink = { width: 600, height: 260, strokes: [{ color: '#000', width: 4, pts: [[100, 100, 0.5, 0], [200, 150, 0.5, 9]] }] }
    expect(inkBox(ink, 6)).toEqual({ x: 90, y: 90, w: 120, h: 70 })
    expect(inkBox({ ...ink, strokes: [] })).toEqual({ x: 0, y: 0, w: 600, h: 260 })
    expect(inkEmpty({ ...ink, strokes: [] })).toBe(true)
    expect(inkEmpty(ink)).toBe(false)
  })
})
