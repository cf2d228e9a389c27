/** What an import found, sorted for the eye: by sheet, then by line; the same fault of many lines is said once on top. */
import type { Fault, ImportReport } from './types'

export interface Sum { sheet: string; column: string; message: string; count: number; lines: number[] }
export interface SheetFaults { sheet: string; faults: Fault[] }

export const byLine = (a: Fault, b: Fault): number => a.line - b.line || a.column.localeCompare(b.column, 'zh')

export function bySheet(faults: Fault[]): SheetFaults[] {
  const out: SheetFaults[] = []
  for (const f of faults) {
    const g = out.find((x) => x.sheet === f.sheet)
    if (g) g.faults.push(f)
    else out.push({ sheet: f.sheet, faults: [f] })
  }
  for (const g of out) g.faults.sort(byLine)
  return out
}

/** The same fault apart from what stands in quotes and from numbers. */
const pattern = (m: string): string => m.replace(/“[^”]*”/g, '“…”').replace(/\d+/g, '#')

/** Faults that occur in several lines, the most frequent first. */
export function sums(faults: Fault[]): Sum[] {
  const m = new Map<string, Sum>()
  for (const f of faults) {
    const key = [f.sheet, f.column, pattern(f.message)].join('\n')
    const s = m.get(key)
    if (s) { s.count += 1; s.lines.push(f.line); if (s.message !== f.message) s.message = pattern(f.message).replaceAll('#', '…') } else m.set(key, { sheet: f.sheet, column: f.column, message: f.message, count: 1, lines: [f.line] })
  }
  return [...m.values()].filter((s) => s.count > 1).map((s) => ({ ...s, lines: s.lines.sort((a, b) => a - b) })).sort((a, b) => b.count - a.count)
}

/** 2、3、4、9 → 2–4、9; at most `most` pieces. */
export function lineRanges(nums: number[], most = 6): string {
  const parts: string[] = []
  const sorted = [...new Set(nums)].sort((a, b) => a - b)
  for (let i = 0; i < sorted.length; ) {
    let j = i
    while (j + 1 < sorted.length && sorted[j + 1] === (sorted[j] ?? 0) + 1) j += 1
    parts.push(i === j ? `${sorted[i]}` : `${sorted[i]}–${sorted[j]}`)
    i = j + 1
  }
  return parts.length > most ? `${parts.slice(0, most).join('、')} 等` : parts.join('、')
}

/** One sentence about the whole. */
export function verdict(r: ImportReport, dry: boolean): string {
  if (r.errors.length) return `共读取 ${r.rows} 行，发现 ${r.errors.length} 处错误，未导入任何内容。请按下表改好后重新选择文件。`
  if (!r.created && !r.updated) return `共读取 ${r.rows} 行，内容与系统中一致，无需导入。`
  return dry ? `共读取 ${r.rows} 行，没有错误：将新增 ${r.created} 条、更新 ${r.updated} 条。` : `已导入：新增 ${r.created} 条、更新 ${r.updated} 条。`
}

/** The list as CSV that Excel opens; no cell can become a formula. */
export function faultCsv(faults: Fault[]): string {
  const cell = (v: string | number) => {
    const s = String(v)
    return `"${(/^[=+\-@\t\r]/.test(s) ? `'${s}` : s).replaceAll('"', '""')}"`
  }
  const rows = [['工作表', '行', '列', '问题'], ...bySheet(faults).flatMap((g) => g.faults.map((f) => [f.sheet, f.line, f.column, f.message]))]
  return `\ufeff${rows.map((r) => r.map(cell).join(',')).join('\r\n')}\r\n`
}
