import type { Page } from './types'

/** Rows of all pages read so far, each once, in order of first appearance. */
export function flatten<T>(pages: Page<T>[], idOf: (row: T) => string): T[] {
  const seen = new Set<string>()
  const out: T[] = []
  for (const p of pages) {
    for (const row of p.items) {
      const id = idOf(row)
      if (seen.has(id)) continue
      seen.add(id)
      out.push(row)
    }
  }
  return out
}
