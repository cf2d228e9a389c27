import { getStroke } from 'perfect-freehand'
import type { Ink, InkPoint, InkStroke } from '../../api/types'

export const INK_COLORS = [
  { value: '#c8161d', title: '红色' },
  { value: '#1f4fb2', title: '蓝色' },
  { value: '#1f2329', title: '黑色' },
]
export const INK_WIDTHS = [
  { value: 3, title: '钢笔' },
  { value: 6, title: '毛笔' },
]

/** Points thinned so that none is nearer than `min` units to the one before; first and last stay. */
export function thin(pts: InkPoint[], min = 0.6): InkPoint[] {
  if (pts.length <= 2) return pts
  const out: InkPoint[] = []
  pts.forEach((p, i) => {
    const last = out[out.length - 1]
    if (!last || i === pts.length - 1 || Math.hypot(p[0] - last[0], p[1] - last[1]) >= min) out.push(p)
  })
  return out
}

/** SVG path of one stroke, its width following pressure (or speed, where the pointer has none). */
export function strokePath(s: InkStroke): string {
  const real = s.pts.some((p) => p[2] !== 0.5)
  const line = getStroke(s.pts.map((p) => [p[0], p[1], p[2]]), {
    size: s.width,
    thinning: s.width > 4 ? 0.7 : 0.45,
    smoothing: 0.5,
    streamline: 0.4,
    simulatePressure: !real,
  }) as [number, number][]
  const first = line[0]
  if (!first) return ''
  const f = (n: number) => n.toFixed(1)
  let d = `M${f(first[0])} ${f(first[1])}Q`
  line.forEach((p, i) => {
    const n = line[(i + 1) % line.length] ?? p
    d += `${f(p[0])} ${f(p[1])} ${f((p[0] + n[0]) / 2)} ${f((p[1] + n[1]) / 2)} `
  })
  return `${d.trim()}Z`
}

/** Smallest box around all strokes with a margin, inside the sheet; the whole sheet where nothing is written. */
export function inkBox(ink: Ink, margin = 8): { x: number; y: number; w: number; h: number } {
  let x0 = Infinity, y0 = Infinity, x1 = -Infinity, y1 = -Infinity
  for (const s of ink.strokes) for (const [x, y] of s.pts) {
    x0 = Math.min(x0, x - s.width); y0 = Math.min(y0, y - s.width)
    x1 = Math.max(x1, x + s.width); y1 = Math.max(y1, y + s.width)
  }
  if (x0 > x1) return { x: 0, y: 0, w: ink.width, h: ink.height }
  x0 = Math.max(0, x0 - margin); y0 = Math.max(0, y0 - margin)
  x1 = Math.min(ink.width, x1 + margin); y1 = Math.min(ink.height, y1 + margin)
  return { x: x0, y: y0, w: Math.max(1, x1 - x0), h: Math.max(1, y1 - y0) }
}

export const inkEmpty = (ink: Ink | null | undefined): boolean => !ink || ink.strokes.length === 0

/** One pointer sample in sheet units. */
export function samplePoint(
  e: { clientX: number; clientY: number; pointerType: string; pressure: number; timeStamp: number },
  box: { left: number; top: number; width: number; height: number },
  sheet: { width: number; height: number },
  t0: number,
): InkPoint {
  const round = (n: number, d: number) => Math.round(n * d) / d
  const clamp = (n: number, max: number) => Math.min(max, Math.max(0, n))
  const x = clamp(((e.clientX - box.left) / (box.width || 1)) * sheet.width, sheet.width)
  const y = clamp(((e.clientY - box.top) / (box.height || 1)) * sheet.height, sheet.height)
  const p = e.pointerType === 'mouse' ? 0.5 : e.pressure || 0.5
  return [round(x, 100), round(y, 100), round(p, 1000), Math.max(0, Math.round(e.timeStamp - t0))]
}
