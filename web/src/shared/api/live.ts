import type { QueryClient } from '@tanstack/vue-query'
import { apiUrl } from './http'
import { useSession } from './session'
import type { Counts } from './types'

let source: EventSource | null = null
let poll: ReturnType<typeof setInterval> | null = null
let settle: ReturnType<typeof setTimeout> | null = null

/** Counts and changes as they happen; where the stream is blocked, counts are asked for every minute. */
export function startLive(client: QueryClient): void {
  stopLive()
  const session = useSession()
  void session.loadCounts().catch(() => undefined)
  const refresh = (subject?: string) => {
    if (settle) clearTimeout(settle)
    settle = setTimeout(() => {
      void client.invalidateQueries({ queryKey: ['work'] })
      if (subject) void client.invalidateQueries({ queryKey: [subject] })
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
}
