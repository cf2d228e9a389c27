import type { QueryClient } from '@tanstack/vue-query'
import { apiUrl } from './http'
import { useSession } from './session'
import type { Counts } from './types'

let source: EventSource | null = null
let poll: ReturnType<typeof setInterval> | null = null
let settle: ReturnType<typeof setTimeout> | null = null
const touched = new Set<string>()

/** Counts and changes as they happen; where the stream is blocked, counts are asked for every minute. */
export function startLive(client: QueryClient): void {
  stopLive()
  const session = useSession()
  void session.loadCounts().catch(() => undefined)
  const refresh = (subject?: string) => {
    touched.add('work')
    if (subject) touched.add(subject)
    settle ??= setTimeout(() => {
      settle = null
      for (const key of touched) void client.invalidateQueries({ queryKey: [key] })
      touched.clear()
    }, 600)
  }
  source = new EventSource(apiUrl('/events'))
  source.addEventListener('counts', (e) => {
    const before = JSON.stringify(session.counts)
    session.setCounts(JSON.parse((e as MessageEvent<string>).data) as Partial<Counts>)
    if (JSON.stringify(session.counts) !== before) refresh()
  })
  source.addEventListener('changed', (e) => {
    const d = JSON.parse((e as MessageEvent<string>).data) as { subject_kind: string; subject_id: string }
    refresh(d.subject_kind)
  })
  source.addEventListener('open', () => { if (poll) { clearInterval(poll); poll = null } })
  source.addEventListener('error', () => {
    poll ??= setInterval(() => void session.loadCounts().catch(() => undefined), 60_000)
  })
}

export function stopLive(): void {
  source?.close()
  source = null
  if (poll) clearInterval(poll)
  if (settle) clearTimeout(settle)
  poll = settle = null
  touched.clear()
}
