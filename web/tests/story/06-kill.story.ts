import { expect, test } from '@playwright/test'
import { Api, type Json } from './kit/api'
import { PASSWORD, Server } from './kit/server'

// SIGKILL amid 1,000 registrations: what was acknowledged is there, and the serial numbers have neither gap nor double.
const TOTAL = 1000
const CLIENTS = 6
const KILL_AFTER = 400

/** One clerk, several windows. */
async function sameClerk(url: string): Promise<Api[]> {
  const { cookie } = await new Api(url).login('shoufa', PASSWORD)
  return Array.from({ length: CLIENTS }, () => Object.assign(new Api(url), { cookie }))
}

test('nothing acknowledged is lost when the process is killed', async () => {
  test.setTimeout(240_000)
  const server = await Server.demo(0).start()
  try {
    const acknowledged = new Map<string, string>()
    const clients = await sameClerk(server.url)
    let next = 0
    let killed = false
    const body = (n: number) => ({ doc_class: 'plain', source: 'mail', sender: `第${n}村民委员会`, sender_rank: 'subordinate', title: `关于第${n}件事的请示`, doc_number: null, copies: 1, received_date: '2026-03-10', urgency: 'normal', remark: null, file_ids: [] })
    const work = async (a: Api): Promise<void> => {
      while (next < TOTAL && !killed) {
        const n = next++
        try {
          const { id } = await a.post('/incoming', body(n))
          const d: Json = await a.get(`/incoming/${id}`)
          const r: Json = await a.post(`/incoming/${id}/register`, { ...body(n), task_id: d.tasks[0].task_id, secrecy: 'none', paper_only: false, confirm_duplicate: true })
          acknowledged.set(id, r.serial_no)
          if (acknowledged.size === KILL_AFTER) { killed = true; await server.end('SIGKILL') }
        } catch (e) {
          if (!killed) throw e
        }
      }
    }
    await Promise.all(clients.map(work))
    expect(killed).toBe(true)
    expect(acknowledged.size).toBeGreaterThanOrEqual(KILL_AFTER)

    await server.start()
    const after = await sameClerk(server.url)
    // The rest of the thousand, on the same data.
    killed = false
    await Promise.all(after.map(async (a) => {
      while (next < TOTAL) {
        const n = next++
        const { id } = await a.post('/incoming', body(n))
        const d: Json = await a.get(`/incoming/${id}`)
        const r: Json = await a.post(`/incoming/${id}/register`, { ...body(n), task_id: d.tasks[0].task_id, secrecy: 'none', paper_only: false, confirm_duplicate: true })
        acknowledged.set(id, r.serial_no)
      }
    }))

    const a = after[0]
    if (!a) throw new Error('no client')
    const found = new Map<string, string>()
    let cursor: string | null = null
    do {
      const page: Json = await a.get(`/incoming/register_book?year=2026&doc_class=plain&limit=200${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`)
      for (const r of page.items) found.set(r.id, r.serial_no)
      cursor = page.next
    } while (cursor)
    for (const [id, serial] of acknowledged) expect(found.get(id), serial).toBe(serial)
    const numbers = [...found.values()].map((s) => Number(/(\d+)号?$/.exec(s)?.[1])).sort((x, y) => x - y)
    expect(new Set(numbers).size, 'no number twice').toBe(numbers.length)
    expect(numbers, 'no number left out').toEqual(Array.from({ length: numbers.length }, (_, i) => (numbers[0] ?? 0) + i))
    expect(numbers[0]).toBe(1)
    expect((await a.get('/incoming/options')).next_serial.plain).toContain(String(numbers.length + 1))
    // Only what was under way and not answered may be there besides.
    expect(found.size - acknowledged.size).toBeLessThan(CLIENTS)
  } finally {
    await server.remove()
  }
})
