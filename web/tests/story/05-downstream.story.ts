import type { Api, Json } from './kit/api'
import { api, cast, expect, says, test, type Person } from './kit/world'
import { workbook } from './kit/zip'

// Downstream-only: who received it sees his own way and below; the source sees all. List, detail and export agree.
test.describe.configure({ mode: 'serial' })

const TITLE = '关于开展政务公开自查的通知'
const SECRET = '此意见只给承办科室看'
let people: Record<string, Person>
let doc = ''
const task = async (a: Api): Promise<string> => (await a.get(`/incoming/${doc}`)).tasks[0].task_id

test.beforeAll(async () => {
  people = await cast()
  const clerk = await api('shoufa')
  const secretary = await api('wenmi')
  const attributes = { doc_class: 'red_head', source: 'exchange', sender: '澄州市政务公开办公室', sender_rank: 'superior', title: TITLE, doc_number: '澄公开办〔2026〕3号', copies: 1, received_date: '2026-03-10', urgency: 'normal', remark: null, file_ids: [] }
  doc = (await clerk.post('/incoming', attributes)).id
  await clerk.post(`/incoming/${doc}/register`, { ...attributes, task_id: await task(clerk), secrecy: 'none', paper_only: false, genre: '通知', confirm_duplicate: false })
  await secretary.post(`/incoming/${doc}/preliminary_review`, { task_id: await task(secretary), pass: true, opinion: null })
  const nodes: Json[] = (await secretary.get('/org/pick?purpose=undertake')).groups.flatMap((g: Json) => g.items)
  const node = (name: string) => nodes.find((n) => n.kind === 'node' && n.name === name).id
  const plan = {
    kind: 'handle', proposed_handling: '拟请县长阅示，秘书一科牵头。', needs_review: false, instruct: { identity_ids: [people.xianzhang?.id], mode: 'all' },
    circulation: { mode: 'all', identity_ids: [people.fuxianzhang?.id, people.kezhang2?.id] }, undertakings: [{ role: 'lead', node_id: node('秘书一科') }], deadline: null, urge: true, pre_reminder_days: 1, reply_required: false,
  }
  await secretary.post(`/incoming/${doc}/propose`, { task_id: await task(secretary), plan })
  const leader = await api('xianzhang')
  await leader.post(`/incoming/${doc}/instruct`, { task_id: await task(leader), opinion: '请抓好落实。', ink: null })
  await secretary.post(`/incoming/${doc}/dispatch`, { task_id: await task(secretary), plan: (await secretary.get(`/incoming/${doc}`)).plan, opinion: null })
  const liaison = await api('zonghe')
  await liaison.post(`/incoming/${doc}/liaison_forward`, { task_id: await task(liaison), opinion: SECRET })
})

test('a reader in another division sees his own branch only, and no urging', async ({ desk }) => {
  const { page, api: reader } = await desk('kezhang2', `/incoming/${doc}`)
  await page.getByRole('tab', { name: '办理记录' }).click()
  await says(page, '还没有办理记录')
  await page.locator('[data-submit=circulation_read]').click()
  await expect(page.getByRole('tabpanel')).toContainText(people.kezhang2?.name ?? '-')
  const text = await page.locator('main').innerText()
  for (const hidden of [SECRET, people.zonghe?.name ?? '-', '到期催办']) expect(text).not.toContain(hidden)
  const d: Json = await reader.get(`/incoming/${doc}`)
  expect('urge' in (d.plan ?? {})).toBe(false)
  expect('pre_reminder_days' in (d.plan ?? {})).toBe(false)
  const whole = JSON.stringify(d)
  expect(whole).not.toContain(SECRET)
  expect(d.handling).toEqual([])
  expect(d.timeline.map((t: Json) => t.step_title)).toEqual(['传阅'])
  // Who reads with him stands on the same circulation sheet.
  expect(d.circulation.map((r: Json) => r.name)).toContain(people.kezhang2?.name)
})

test('the source sees every branch', async ({ desk }) => {
  const { page, api: source } = await desk('wenmi', `/incoming/${doc}`)
  await page.getByRole('tab', { name: '办理记录' }).click()
  await says(page, SECRET)
  const d: Json = await source.get(`/incoming/${doc}`)
  expect(d.plan.urge).toBe(true)
  expect(d.circulation.map((r: Json) => r.name).sort()).toEqual([people.fuxianzhang?.name, people.kezhang2?.name].sort())
  expect(d.handling.map((h: Json) => [h.unit_name, h.liaison])).toEqual([['秘书一科', people.zonghe?.name]])
  const steps = d.timeline.map((t: Json) => t.step_title)
  for (const s of ['登记', '初审', '拟办', '批示', '分发', '转送']) expect(steps).toContain(s)
})

test('list, detail and export say the same to each', async () => {
  let exported = 0
  for (const login of ['wenmi', 'shoufa', 'kezhang2', 'fuxianzhang', 'kezhang', 'xianzhang']) {
    const a = await api(login)
    const row: Json = (await a.get(`/incoming?title=${encodeURIComponent(TITLE)}`)).items.find((i: Json) => i.id === doc)
    const d: Json = await a.get(`/incoming/${doc}`)
    expect(row, login).toBeTruthy()
    expect(d.visible_status, login).toBe(row.visible_status)
    expect(row.lead_units, login).toEqual((d.plan?.undertakings ?? []).filter((u: Json) => u.role === 'lead').map((u: Json) => d.plan.nodes[u.node_id]))
    expect(row.deadline, login).toBe(d.deadline)
    const path = `/incoming/export?title=${encodeURIComponent(TITLE)}`
    if (!(await a.get('/me')).permissions.includes('incoming.export')) {
      expect((await a.refusal('GET', path)).status, login).toBe(403)
      continue
    }
    exported++
    const sheet = [...workbook(await a.bytes(path)).values()][0] ?? []
    const head = sheet.findIndex((r) => r.includes('标题'))
    const line = sheet.find((r) => r.includes(TITLE)) ?? []
    const cell = (title: string) => line[sheet[head]?.indexOf(title) ?? -1] ?? ''
    expect(line.join('|'), login).toContain(row.visible_status)
    expect(cell('收文编号'), login).toBe(row.serial_no)
    if (row.lead_units.length) expect(line.join('|')).toContain(row.lead_units[0])
  }
  expect(exported).toBeGreaterThan(0)
})

test('who has nothing to do with it does not find it', async () => {
  const a = await api('keyuan2')
  expect((await a.refusal('GET', `/incoming/${doc}`)).status).toBe(404)
  expect((await a.get(`/incoming?title=${encodeURIComponent(TITLE)}`)).items).toEqual([])
  expect((await a.get('/work/counts')).todo).toBe((await a.get('/work/todo')).total)
})
