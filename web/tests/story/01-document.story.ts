import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import type { Json } from './kit/api'
import { pdfText, scan, scannedPdf } from './kit/pdf'
import { DAY, PASSWORD, pass } from './kit/server'
import { api, browserOf, cast, choose, county, expect, says, shot, test, toast, type Person } from './kit/world'
import { docx, unzip, workbook } from './kit/zip'

// One document from the post to the archive: every step by the person whose step it is, in the browser.
test.describe.configure({ mode: 'serial' })

const TITLE = '关于切实做好2026年汛期防汛抗旱准备工作的通知'
const NUMBER = '澄政办发〔2026〕12号'
const SENDER = '澄州市人民政府办公室'
const FIRST = '拟请黄振燕同志阅示。建议由秘书一科牵头落实。'
const CHANGED = '拟请黄振燕同志阅示。建议由秘书一科牵头、秘书二科配合，报送防汛准备情况。'
const INSTRUCTION = '请秘书一科抓紧落实，四月上旬前报我。'
const ASSIGNED = '请蔡庆萍同志对照通知逐项落实。'
const REASON = '附件第二页清单未列明责任单位，请补充明确。'
const ANSWERED = '清单责任单位已与水利局核定，请按清单落实。'
const RESULT = '已核查12座水库和3处险工险段，备足编织袋2万条，准备情况已报市政府办公室。'
const ASSISTED = '已通知相关乡镇落实值班。'
const OUTCOME = '防汛准备工作已全部落实，报告已按期报送市政府办公室。'

let people: Record<string, Person>
let id = ''
let serial = ''
let deadline = ''
const who = (login: string): string => people[login]?.name ?? ''
const detail = async (login: string): Promise<Json> => (await api(login)).get(`/incoming/${id}`)
const open = () => `/incoming/${id}`
const submit = (page: Page, act: string) => page.locator(`[data-submit=${act}]`).click()

test.beforeAll(async () => { people = await cast() })

test('the clerk signs in what the post brought', async ({ browser }) => {
  const c = await browserOf(browser)
  const page = await c.newPage()
  await page.goto('/')
  await expect(page).toHaveURL(/\/login/)
  await says(page, '演示账号')
  await shot(page, 'login')
  await page.getByLabel('用户名').fill('shoufa')
  await page.getByLabel('密码', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: '登录' }).click()
  await page.getByRole('link', { name: '收文签收' }).first().waitFor()
  await shot(page, 'home')
  await page.goto('/incoming/sign-in')
  await page.locator('#si-sender').fill(SENDER)
  await page.keyboard.press('Escape')
  await page.getByLabel('文件字号').fill('澄政办发[2026]12号')
  await page.getByLabel('文件标题').fill(TITLE)
  await page.getByText('特急', { exact: true }).click()
  await page.getByText('上级来文', { exact: true }).click()
  const paper = (head: string, text: string) => scan(browser, `<h1 style="color:#c8161d;text-align:center;letter-spacing:6px">${head}</h1><p style="text-align:center">${NUMBER}</p><hr style="border:1px solid #c8161d">${text}`)
  const pdf = scannedPdf([await paper('澄州市人民政府办公室文件', `<h2 style="text-align:center">${TITLE}</h2><p>各县、区人民政府，市政府各部门：</p><p>为做好今年汛期防汛抗旱准备，现将有关事项通知如下。</p>`), await paper('附件', '<p>防汛物资清单</p>')])
  await page.locator('input[type=file]').setInputFiles({ name: '通知扫描件.pdf', mimeType: 'application/pdf', buffer: pdf })
  await expect(page.locator('.fl')).toContainText('通知扫描件.pdf')
  await shot(page, 'incoming-sign-in')
  await page.getByRole('button', { name: '签收并登记' }).click()
  await expect(page).toHaveURL(/\/incoming\/\d+\/register$/)
  id = /incoming\/(\d+)/.exec(page.url())?.[1] ?? ''
  await c.close()
  const d = await detail('shoufa')
  expect([d.status, d.serial_no, d.doc_number, d.signed_in_by]).toEqual(['active', null, NUMBER, who('shoufa')])
})

test('and registers a Word file and the scan; the serial number is the next one', async ({ desk }) => {
  const { page, api: a } = await desk('shoufa', '/incoming/register')
  const next = (await a.get('/incoming/options')).next_serial.red_head
  await page.getByRole('link', { name: TITLE }).first().click()
  await expect(page).toHaveURL(`${open()}/register`)
  const sheet = page.locator('.sheet').first()
  await expect(sheet.getByLabel('文件标题')).toHaveValue(TITLE)
  await sheet.locator('input[type=file]').setInputFiles({ name: '通知正文.docx', mimeType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', buffer: docx([SENDER, TITLE, '各县、区人民政府，市政府各部门：', '为做好今年汛期防汛抗旱准备，现将有关事项通知如下。']) })
  await expect(sheet.locator('.fl li')).toHaveCount(2)
  await sheet.getByRole('button', { name: '上移 通知正文.docx' }).click()
  await expect(sheet.locator('.fl li').first()).toContainText('正文通知正文.docx')
  await sheet.getByLabel('文件标题').focus()
  await page.keyboard.press('Tab')
  await sheet.getByLabel('份数').fill('2')
  await sheet.getByLabel('页数').fill('6')
  await sheet.getByLabel('内容摘要').fill('部署汛期前检查、物资储备和值班工作，四月十日前报送准备情况。')
  await sheet.getByLabel('备注').fill('附防汛物资清单一份')
  await page.getByRole('button', { name: '通知扫描件.pdf' }).last().click()
  await page.locator('canvas').first().waitFor()
  await shot(page, 'incoming-register')
  await page.getByRole('button', { name: '登记', exact: true }).click()
  await expect(toast(page)).toContainText(`已登记，收文编号 ${next}`)
  await expect(page).toHaveURL(open())
  const d = await detail('shoufa')
  serial = d.serial_no
  expect(serial).toBe(next)
  expect(d.attachments.map((f: Json) => [f.name, f.kind])).toEqual([['通知正文.docx', 'word'], ['通知扫描件.pdf', 'pdf']])
  expect([d.genre, d.copies, d.pages, d.urgency, d.registered_by]).toEqual(['通知', 2, 6, 'extra_urgent', who('shoufa')])
  const word = unzip(await a.bytes(`/files/${d.attachments[0].id}/content`))
  expect(word.get('word/document.xml')?.toString('utf8')).toContain(TITLE)
  expect((await a.bytes(`/files/${d.attachments[1].id}/preview`)).subarray(0, 5).toString()).toBe('%PDF-')
})

test('the secretary reviews and proposes', async ({ desk }) => {
  const { page } = await desk('wenmi', '/work/todo')
  await page.getByRole('link', { name: TITLE }).first().waitFor()
  await shot(page, 'todo')
  await page.getByRole('link', { name: TITLE }).first().click()
  await page.getByRole('form').getByLabel('初审意见').fill('属本单位职权，手续完备。')
  await submit(page, 'preliminary_review')
  await page.locator('[data-act=propose]').click()
  const form = page.getByRole('form', { name: '拟办' })
  await form.getByLabel('拟办意见').fill(FIRST)
  await choose(form, page, '批示领导', [who('xianzhang')])
  await choose(form, page, '主办部门', ['秘书一科'])
  await choose(form, page, '传阅人员', [who('fuxianzhang')])
  await form.getByRole('button', { name: '5 个工作日', exact: true }).click()
  await expect(form.locator('input[placeholder="默认按工作日计算"]')).not.toHaveValue('')
  deadline = await form.locator('input[placeholder="默认按工作日计算"]').inputValue()
  await expect(form.getByLabel('到期催办主办人')).toBeChecked()
  await submit(page, 'propose')
  await expect(toast(page)).toContainText(`已送 ${who('zhuren')}`)
  const d = await detail('wenmi')
  expect(d.plan.proposed_handling).toBe(FIRST)
  expect(d.plan.urge).toBe(true)
})

test('the office head changes the proposal; the old text stays to be read', async ({ desk }) => {
  const { page } = await desk('zhuren', open())
  const form = page.getByRole('form', { name: '审阅' })
  await form.getByLabel('拟办意见').fill(CHANGED)
  await choose(form, page, '协办部门', ['秘书二科'])
  await says(form, '您改动了 2 处')
  await form.getByRole('button', { name: '修改后同意' }).click()
  await expect(toast(page)).toContainText(`已送 ${who('xianzhang')}`)
  await page.getByRole('button', { name: /原拟办意见（改过 1 次）/ }).click()
  const old = page.locator('.rev')
  await expect(old.locator('ins').first()).toBeVisible()
  await expect(old).toContainText('协办部门')
  await expect(old).toContainText(`${who('zhuren')}`)
  const d = await detail('zhuren')
  expect(d.plan.proposed_handling).toBe(CHANGED)
  expect(d.plan_revisions.map((r: Json) => [r.by, r.before.proposed_handling])).toEqual([[who('zhuren'), FIRST]])
})

test('the leader instructs on the phone, by hand', async ({ desk }) => {
  const { page } = await desk('xianzhang', '/', { phone: true })
  await page.getByText(TITLE).first().waitFor()
  await shot(page, 'phone-home')
  await page.goto('/work/todo')
  await page.getByText(TITLE).first().waitFor()
  await shot(page, 'phone-todo')
  await page.getByRole('link', { name: TITLE }).first().tap()
  await page.locator('[data-act=verb-sign]').tap()
  const pad = page.getByRole('img', { name: /手写批示/ })
  await pad.scrollIntoViewIfNeeded()
  const box = await pad.boundingBox()
  if (!box) throw new Error('no pad')
  const touch = await page.context().newCDPSession(page)
  const stroke = async (pts: [number, number][]) => {
    const at = ([x, y]: [number, number]) => [{ x: box.x + box.width * x, y: box.y + box.height * y, radiusX: 2, radiusY: 2, force: 0.5 }]
    const [first, ...rest] = pts
    await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(first ?? [0, 0]) })
    for (const p of rest) await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: at(p) })
    await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  }
  // 同意
  await stroke([[0.12, 0.55], [0.12, 0.25]])
  await stroke([[0.12, 0.25], [0.28, 0.25], [0.42, 0.25], [0.42, 0.4], [0.42, 0.58], [0.37, 0.54]])
  await stroke([[0.19, 0.34], [0.35, 0.34]])
  await stroke([[0.2, 0.42], [0.2, 0.5], [0.34, 0.5], [0.34, 0.42], [0.2, 0.42]])
  await stroke([[0.6, 0.26], [0.88, 0.26]])
  await stroke([[0.66, 0.3], [0.68, 0.34]])
  await stroke([[0.82, 0.3], [0.8, 0.34]])
  await stroke([[0.56, 0.36], [0.92, 0.36]])
  await stroke([[0.64, 0.4], [0.64, 0.48], [0.84, 0.48], [0.84, 0.4], [0.64, 0.4]])
  await stroke([[0.6, 0.54], [0.62, 0.62], [0.74, 0.64], [0.86, 0.6], [0.88, 0.54]])
  await expect(page.getByRole('img', { name: /已写 10 笔/ })).toBeVisible()
  await page.getByLabel('文字意见').tap()
  await page.getByLabel('文字意见').fill(INSTRUCTION)
  await shot(page, 'incoming-instruct-phone')
  await page.locator('[data-submit=instruct]').tap()
  await expect(toast(page)).toContainText(`已送 ${who('wenmi')}`)
  const d = await detail('xianzhang')
  const o = d.opinions.find((x: Json) => x.step === 'instruct')
  expect([o.name, o.text, o.ink.strokes.length]).toEqual([who('xianzhang'), INSTRUCTION, 10])
  for (const s of o.ink.strokes) expect(s.pts.length).toBeGreaterThan(1)
})

test('the secretary dispatches to lead and assist, and to two readers in order', async ({ desk }) => {
  const { page } = await desk('wenmi', open())
  await expect(page.locator('.sheet')).toContainText(INSTRUCTION)
  await expect(page.getByRole('img', { name: `${who('xianzhang')} 手写意见` })).toBeVisible()
  const form = page.getByRole('form', { name: '分发' })
  await choose(form, page, '传阅人员', [who('zhuren')])
  await form.getByRole('radiogroup', { name: '传阅方式' }).getByText('依次').click()
  await expect(form.getByRole('region', { name: '送达去向' })).toContainText(`1.${who('fuxianzhang')}、2.${who('zhuren')}`)
  await form.getByRole('region', { name: '送达去向' }).scrollIntoViewIfNeeded()
  await shot(page, 'incoming-dispatch')
  await submit(page, 'dispatch')
  await expect(toast(page)).toContainText('已送')
  const d = await detail('wenmi')
  expect(d.handling.map((h: Json) => [h.unit_name, h.role])).toEqual([['秘书一科', 'lead'], ['秘书二科', 'assist']])
  expect(d.circulation.filter((r: Json) => r.name).map((r: Json) => r.name)[0]).toBe(who('fuxianzhang'))
  // In order: the second reader has nothing yet.
  const waiting = async (login: string) => (await (await api(login)).get('/work/todo?limit=100')).items.concat((await (await api(login)).get('/work/to_read?limit=100')).items).some((i: Json) => i.subject_id === id)
  expect(await waiting('fuxianzhang')).toBe(true)
  expect(await waiting('zhuren')).toBe(false)
})

test('liaison, head, handler; the handler returns it and it comes straight back', async ({ desk }) => {
  const liaison = await desk('zonghe', open())
  await submit(liaison.page, 'liaison_forward')
  await expect(toast(liaison.page)).toContainText(`已送 ${who('kezhang')}`)
  const head = await desk('kezhang', open())
  const form = head.page.getByRole('form', { name: '分办' })
  await form.getByLabel('拟办意见').fill(ASSIGNED)
  await choose(form, head.page, '承办人', [who('keyuan')])
  await submit(head.page, 'assign')
  await expect(toast(head.page)).toContainText(`已送 ${who('keyuan')}`)
  const handler = await desk('keyuan', open())
  await handler.page.locator('[data-act=return]').click()
  const back = handler.page.getByRole('form', { name: '退回' })
  await back.getByText(`转送 · ${who('zonghe')}`).click()
  await expect(back.getByLabel('直接返回我')).toBeChecked()
  await back.getByLabel('退回理由').fill(REASON)
  await shot(handler.page, 'incoming-return')
  await submit(handler.page, 'return')
  await expect(toast(handler.page)).toContainText(who('zonghe'))
  // Live: the open page of the liaison learns of it.
  await liaison.page.getByRole('tab', { name: '办理记录' }).click()
  await says(liaison.page, REASON)
  await liaison.page.goto(open())
  await liaison.page.getByRole('form').getByLabel('转送意见').fill(ANSWERED)
  await submit(liaison.page, 'liaison_forward')
  await expect(toast(liaison.page)).toContainText(`已送 ${who('keyuan')}`)
  // Straight back: the head between them has nothing to do again.
  expect((await detail('keyuan')).tasks.map((t: Json) => t.step)).toEqual(['undertake'])
  expect((await detail('kezhang')).tasks).toEqual([])
  await expect(handler.page.locator('[data-act=undertake]')).toBeVisible()
  const acts = (await detail('wenmi')).timeline.map((t: Json) => `${t.act === 'return' ? '退回' : t.step_title} ${t.name}`)
  for (const [act, login, times] of [['转送', 'zonghe', 2], ['分办', 'kezhang', 1], ['退回', 'keyuan', 1]] as const) expect(acts.filter((x: string) => x === `${act} ${who(login)}`), acts.join('，')).toHaveLength(times)
})

test('past the deadline both the handler and the proposer are urged; the handler sees no urging flag', async ({ desk }) => {
  const urged = async (login: string) => (await (await api(login)).get('/work/urges?limit=100')).items.filter((i: Json) => i.subject_id === id).length
  expect(await urged('keyuan')).toBe(0)
  pass(county(), 9 * DAY)
  await expect.poll(() => urged('keyuan').catch(() => -1), { timeout: 30_000 }).toBeGreaterThan(0)
  await expect.poll(() => urged('wenmi')).toBeGreaterThan(0)
  const handler = await desk('keyuan', '/work/urges')
  await says(handler.page, TITLE)
  await handler.page.goto(open())
  await says(handler.page, /超期|逾期/)
  const d = await detail('keyuan')
  expect(d.plan).not.toBeNull()
  expect('urge' in d.plan).toBe(false)
  expect('pre_reminder_days' in d.plan).toBe(false)
  expect(await handler.page.getByText('到期催办').count()).toBe(0)
  const proposer = await desk('wenmi', '/work/urges')
  await says(proposer.page, TITLE)
  await proposer.page.goto(open())
  expect((await detail('wenmi')).plan.urge).toBe(true)
})

test('handled, read, completed, filed', async ({ desk }) => {
  const handler = await desk('keyuan', open())
  await handler.page.getByRole('form').getByLabel('办理情况').fill(RESULT)
  await submit(handler.page, 'undertake')
  const leader = await desk('fuxianzhang', open())
  await leader.page.getByRole('form').getByLabel('阅文意见').fill('已阅，请水利口关注。')
  await submit(leader.page, 'circulation_read')
  const second = await desk('zhuren', open())
  await submit(second.page, 'circulation_read')
  await expect(toast(second.page)).toBeVisible()
  // The assisting division: its liaison hands it to its head, who handles it himself.
  const division = (await (await api('kezhang2')).get('/me')).identity.division_id
  const liaison = (await (await api('kezhang2')).get(`/org/nodes/${division}/people`)).items.find((p: Json) => p.is_liaison)
  const { login } = await (await api('sysadmin')).get(`/admin/people/${liaison.person_id}`)
  const forward = await desk(login, open())
  await submit(forward.page, 'liaison_forward')
  await expect(toast(forward.page)).toContainText(`已送 ${who('kezhang2')}`)
  const assist = await desk('kezhang2', open())
  const form = assist.page.getByRole('form', { name: '分办' })
  await form.getByText('自己办理').click()
  await form.getByLabel('办理情况').fill(ASSISTED)
  await submit(assist.page, 'assign')
  const secretary = await desk('wenmi', open())
  await secretary.page.getByRole('form').getByLabel('办理结果').fill(OUTCOME)
  await submit(secretary.page, 'complete')
  await expect(toast(secretary.page)).toBeVisible()
  expect((await detail('wenmi')).status).toBe('completed')
  const clerk = await desk('shoufa', open())
  const filing = clerk.page.getByRole('form')
  await filing.getByText('永久', { exact: true }).click()
  await submit(clerk.page, 'archive')
  await expect.poll(async () => (await detail('shoufa')).status).toBe('archived')
  await clerk.page.goto(open())
  await says(clerk.page, RESULT, OUTCOME)
  await shot(clerk.page, 'incoming-document')
  const files = unzip(await clerk.api.bytes(`/incoming/${id}/archive_package`))
  expect([...files.keys()].filter((n) => n.endsWith('通知正文.docx') || n.endsWith('通知扫描件.pdf')).length).toBe(2)
})

test('the ledger tells it in 29 columns, on the page, in the workbook and on paper', async ({ desk }) => {
  const { page, api: a } = await desk('shoufa', '/incoming/ledger')
  const l = await a.get('/incoming/ledger?year=2026&limit=200')
  const row = l.items.find((i: Json) => i.id === id)
  const start = '2026-03-10'
  const want: Record<string, string | RegExp> = {
    签收登记栏: '已签收', 签收登记者: who('shoufa'), 签收日期: start, 录入登记栏: '已登记', 录入者: who('shoufa'), 录入日期: start,
    拟办登记栏: '已拟办', 拟办者: who('wenmi'), 拟办日期: start, 拟办意见: CHANGED, 办文期限: deadline, 是否催办: '是', 催办时间: /^2026-03-\d\d \d\d:\d\d$/,
    预先提醒期限: '提前2个工作日', 是否批办: '是', 批示领导: who('xianzhang'), 批示日期: start, 批示意见: `${who('xianzhang')}：${INSTRUCTION}`,
    是否传阅: '是', 传阅领导: who('fuxianzhang'), 传阅处室: '县政府办公室', 是否传阅完毕: '是', 是否办文: '是', 办文部门: '秘书一科', 有否协办: '是', 协办部门: '秘书二科',
    办理意见: new RegExp(`^秘书一科：${ASSIGNED}`), 办理结果: OUTCOME, 催办次数: /^[1-9]$/,
  }
  expect(l.columns.map((c: Json) => c.title)).toEqual(Object.keys(want))
  const got = Object.fromEntries(l.columns.map((c: Json, i: number) => [c.title, row.cells[i]])) as Record<string, string>
  for (const [title, w] of Object.entries(want)) {
    if (w instanceof RegExp) expect(got[title], title).toMatch(w)
    else expect(got[title], title).toBe(w)
  }
  // The page shows the same cells.
  const line = page.locator('.lg tbody tr').filter({ hasText: serial })
  await expect(line.locator('td').nth(1 + 17)).toHaveText(got['批示意见'] ?? '')
  expect((await line.locator('td').allTextContents()).slice(1)).toEqual(row.cells)
  await shot(page, 'ledger')
  // The workbook.
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: '导出 Excel' }).click()])
  const rows = workbook(readFileSync(await file.path())).get('来文处理流程台帐') ?? []
  const head = rows.findIndex((r) => r.includes('签收登记栏'))
  expect(rows[head]?.slice(-29)).toEqual(Object.keys(want))
  const exported = rows.find((r) => r.includes(serial)) ?? []
  expect(exported.slice(-29)).toEqual(row.cells)
  // Paper.
  const paper = pdfText(await a.bytes('/incoming/ledger/print?year=2026'))
  for (const t of ['来文处理流程台帐', who('xianzhang'), '四月上旬前报我']) expect(paper).toContain(t)
  const sheet = pdfText(await a.bytes(`/incoming/${id}/handling_sheet/print`))
  for (const t of ['公文处理单', serial, NUMBER, TITLE, SENDER, CHANGED, INSTRUCTION, '秘书一科', '秘书二科', RESULT, OUTCOME]) expect(sheet).toContain(t)
  const readers = pdfText(await a.bytes(`/incoming/${id}/circulation_sheet/print`))
  for (const t of ['公文传阅单', serial, who('fuxianzhang'), who('zhuren'), '已阅，请水利口关注。']) expect(readers).toContain(t)
  const book = pdfText(await a.bytes('/incoming/register_book/print?year=2026'))
  for (const t of ['收文登记', serial.replace(/\D+$/, ''), NUMBER]) expect(book).toContain(t)
  await page.goto('/incoming/register-book')
  await page.locator('.leaf tbody tr').first().waitFor()
  await expect(async () => {
    if (!await page.getByText(NUMBER).count()) await page.keyboard.press('PageDown')
    await expect(page.getByText(NUMBER)).toBeVisible({ timeout: 1500 })
  }).toPass({ timeout: 20_000 })
  await page.setViewportSize({ width: 1440, height: 760 })
  await shot(page, 'register-book')
  await page.goto('/incoming')
  await says(page, TITLE)
  await shot(page, 'incoming-list')
})
