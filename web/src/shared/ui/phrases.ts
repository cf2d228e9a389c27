/** Puts a phrase where the cursor is; the selection is replaced. Returns the new text and cursor. */
export function insertAt(text: string, phrase: string, from: number | null, to: number | null): { text: string; cursor: number } {
  const a = Math.min(from ?? text.length, text.length)
  const b = Math.max(a, Math.min(to ?? a, text.length))
  const head = text.slice(0, a)
  const glue = head && !/[，。；：！？、\s（“]$/.test(head) ? '，' : ''
  const out = head + glue + phrase
  return { text: out + text.slice(b), cursor: out.length }
}

/** Phrases in order, the ones that begin with what was typed first. */
export function rankPhrases<P extends { text: string; sort: number }>(items: P[], typed: string): P[] {
  const t = typed.trim()
  const sorted = [...items].sort((x, y) => x.sort - y.sort)
  if (!t) return sorted
  return [...sorted.filter((p) => p.text.startsWith(t)), ...sorted.filter((p) => !p.text.startsWith(t))]
}
