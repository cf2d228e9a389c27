import { request } from 'node:http'
import { connect } from 'node:net'
import type { Json } from './kit/api'
import { api, county, expect, says, select, test } from './kit/world'

// Bad input gets a clear answer in Chinese, and nothing of it stays.
const CHINESE = /[\u4e00-\u9fff]{4,}/
const signIn = (over: object = {}) => ({ doc_class: 'red_head', source: 'exchange', sender: '澄州市财政局', sender_rank: 'superior', title: '关于预算编制的通知', doc_number: null, copies: 1, received_date: '2026-03-10', urgency: 'normal', remark: null, file_ids: [], ...over })
const count = async (): Promise<number> => (await (await api('shoufa')).get('/incoming?limit=1')).total

test('a program under the name of a document is refused, with the reason at the file', async ({ desk }) => {
  const { page } = await desk('shoufa', '/incoming/sign-in')
  const exe = Buffer.concat([Buffer.from('4d5a90000300000004000000ffff0000b800000000000000', 'hex'), Buffer.alloc(60_000, 0x90)])
  await page.locator('input[type=file]').setInputFiles({ name: '关于放假的通知.pdf', mimeType: 'application/pdf', buffer: exe })
  const line = page.locator('.pend .bad')
  await expect(line).toContainText('关于放假的通知.pdf')
  await expect(line.getByRole('alert')).toHaveText(CHINESE)
  await expect(page.locator('.fl li')).toHaveCount(0)
  const a = await api('shoufa')
  const p = await a.refusal('POST', `/files?name=${encodeURIComponent('关于放假的通知.docx')}`, exe, { 'content-type': 'application/octet-stream' })
  expect([p.status, p.code]).toEqual([422, 'file_type_refused'])
  expect(p.detail).toMatch(CHINESE)
  const e = await a.refusal('POST', `/files?name=${encodeURIComponent('安装程序.exe')}`, exe, { 'content-type': 'application/octet-stream' })
  expect(e.code).toBe('file_type_refused')
})

test('a title of 10,000 characters is refused at the field', async ({ desk }) => {
  const a = await api('shoufa')
  const before = await count()
  const p = await a.refusal('POST', '/incoming', signIn({ title: '长'.repeat(10_000) }))
  expect([p.status, p.fields.map((f) => f.field)]).toEqual([400, ['title']])
  expect(p.fields[0]?.message).toMatch(/200/)
  expect(await count()).toBe(before)
  // In the page the field does not take more; what a program puts in is named where it stands.
  const { page } = await desk('shoufa', '/incoming/sign-in')
  await page.locator('#si-sender').fill('澄州市财政局')
  await page.keyboard.press('Escape')
  const field = page.getByLabel('文件标题')
  await field.fill('长'.repeat(10_000))
  expect(await field.inputValue()).toHaveLength(200)
  await field.evaluate((e) => e.removeAttribute('maxlength'))
  await field.fill('长'.repeat(10_000))
  await page.locator('form button[type=submit]').click()
  const title = page.locator('.field').filter({ has: page.locator('#si-title') })
  await expect(title.getByRole('alert')).toHaveText(/文件标题最多 200 字/)
  expect(await count()).toBe(before)
})

test('a forged unit or person is refused and nothing is sent', async () => {
  const a = await api('shoufa')
  const w = await api('wenmi')
  const doc = (await a.post('/incoming', signIn({ doc_number: '澄财发〔2026〕77号' }))).id
  const d: Json = await a.get(`/incoming/${doc}`)
  await a.post(`/incoming/${doc}/register`, { ...signIn({ doc_number: '澄财发〔2026〕77号' }), task_id: d.tasks[0].task_id, secrecy: 'none', paper_only: false, confirm_duplicate: false })
  let task = (await w.get(`/incoming/${doc}`)).tasks[0].task_id
  await w.post(`/incoming/${doc}/preliminary_review`, { task_id: task, pass: true, opinion: null })
  task = (await w.get(`/incoming/${doc}`)).tasks[0].task_id
  const me: Json = await w.get('/me')
  const plan = (over: object) => ({ task_id: task, plan: { kind: 'handle', proposed_handling: '拟办', needs_review: false, instruct: { identity_ids: [], mode: 'all' }, circulation: { mode: 'all', identity_ids: [] }, undertakings: [], deadline: null, urge: true, pre_reminder_days: 1, reply_required: false, ...over } })
  const nowhere = await w.refusal('POST', `/incoming/${doc}/propose`, plan({ undertakings: [{ role: 'lead', node_id: '123456789' }] }))
  expect([nowhere.status, nowhere.fields[0]?.field]).toEqual([400, expect.stringMatching(/undertakings/)])
  expect(nowhere.fields[0]?.message).toMatch(CHINESE)
  // A unit that exists but lies above: only the next level may be charged.
  const region = (await w.get('/org/nodes')).items[0].id
  const above = await w.refusal('POST', `/incoming/${doc}/propose`, plan({ undertakings: [{ role: 'lead', node_id: region }] }))
  expect(above.detail + (above.fields[0]?.message ?? '')).toMatch(CHINESE)
  const nobody = await w.refusal('POST', `/incoming/${doc}/propose`, plan({ kind: 'read', instruct: { identity_ids: ['123456789'], mode: 'all' } }))
  expect(nobody.fields[0]?.field).toMatch(/instruct/)
  // A list asked in the name of another unit shows nothing of it.
  const other = (await w.get('/incoming?unit_id=123456789')).items
  expect(other).toEqual([])
  expect((await w.get(`/incoming/${doc}`)).tasks[0].step).toBe('propose')
  expect(me.identity.unit_name).toBeTruthy()
})

test('2 GB are refused before they are sent', async () => {
  const a = await api('shoufa')
  const u = new URL(county().url)
  const answer = await new Promise<string>((ok, bad) => {
    let got = ''
    const s = connect(Number(u.port), u.hostname, () => {
      s.write(`POST /api/v1/files?name=big.pdf HTTP/1.1\r\nHost: ${u.host}\r\nCookie: ${a.cookie}\r\nIdempotency-Key: 6f1c1b0e-0000-4000-8000-000000000001\r\nContent-Type: application/octet-stream\r\nContent-Length: ${2 * 1024 ** 3}\r\n\r\n%PDF-1.4\n`)
    })
    s.setEncoding('utf8').setTimeout(20_000, () => { s.destroy(); bad(new Error('no answer while the rest was awaited')) })
    s.on('data', (t) => { got += t; if (got.includes('"code"')) { s.destroy(); ok(got) } })
    s.on('error', bad)
    s.on('close', () => ok(got))
  })
  expect(answer).toMatch(/^HTTP\/1\.1 413 /)
  expect(answer).toContain('file_too_large')
  expect(answer).toMatch(CHINESE)
  // The server is well and takes the next file.
  const f = await a.upload('说明.pdf', Buffer.from('%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\ntrailer\n<< /Size 3 /Root 1 0 R >>\n%%EOF\n'))
  expect(f.kind).toBe('pdf')
})

test('an upload that stops half way leaves nothing behind', async () => {
  const a = await api('shoufa')
  const u = new URL(county().url)
  await new Promise<void>((ok) => {
    const r = request({ host: u.hostname, port: u.port, method: 'POST', path: '/api/v1/files?name=half.pdf', headers: { cookie: a.cookie, 'content-length': 1_000_000, 'idempotency-key': '6f1c1b0e-0000-4000-8000-000000000002' } })
    r.on('error', () => ok()).on('close', () => ok())
    r.write('%PDF-1.4\n')
    r.flushHeaders()
    setImmediate(() => r.destroy())
  })
  expect((await a.get('/me')).login).toBe('shoufa')
})

test('a secret document does not enter: refused at the field and by the API', async ({ desk }) => {
  const a = await api('shoufa')
  const doc = (await a.post('/incoming', signIn({ doc_number: '澄财密〔2026〕1号', title: '（涉密件，标题略）' }))).id
  const d: Json = await a.get(`/incoming/${doc}`)
  const body = { ...signIn({ doc_number: '澄财密〔2026〕1号', title: '（涉密件，标题略）' }), task_id: d.tasks[0].task_id, secrecy: 'secret', paper_only: false, confirm_duplicate: false }
  const p = await a.refusal('POST', `/incoming/${doc}/register`, body)
  expect([p.status, p.code]).toEqual([422, 'secrecy_refused'])
  expect(p.detail).toMatch(/秘密|涉密/)
  const { page } = await desk('shoufa', `/incoming/${doc}/register`)
  await select(page, page, '密级', '秘密')
  await says(page, '秘密级公文不得进入本系统')
  await page.getByRole('button', { name: '登记', exact: true }).click()
  await says(page, '只能勾选“仅登记纸质件”')
  expect((await a.get(`/incoming/${doc}`)).serial_no).toBeNull()
})
