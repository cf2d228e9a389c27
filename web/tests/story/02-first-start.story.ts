import { expect, type Page } from '@playwright/test'
import { Api, type Json } from './kit/api'
import { Server } from './kit/server'
import { api, browserOf, choose, says, select, shot, test, toast } from './kit/world'
import { sheets } from './kit/zip'

// An empty installation: three administrators, a unit, its people, roles, the first document.
test.describe.configure({ mode: 'serial' })

const SYS = { login: 'xitong', name: '高志远', password: 'Xt-first-2026' }
const SEC = { login: 'anquan', name: '沈安', password: 'Aq-first-2026' }
const AUD = { login: 'shenji', name: '于明察', password: 'Sj-first-2026' }
const NEW = 'Xt-second-2026'
const UNIT = '临江县人民政府'
const NODES = ['编码', '上级编码', '名称', '简称', '类别', '排序']
const PEOPLE = ['姓名', '手机', '登录名', '单位编码', '处室', '职务', '级别', '是否负责人', '是否综合代表', '是否主身份']
let server: Server

test.beforeAll(async () => { server = await new Server([]).start() })
test.afterAll(async () => { await server.remove() })

/** By the login page, as on the first day. */
async function enter(page: Page, login: string, password: string): Promise<void> {
  await page.goto('/login')
  await page.getByLabel('用户名').fill(login)
  await page.getByLabel('密码', { exact: true }).fill(password)
  await page.getByRole('button', { name: '登录' }).click()
  await expect(page).not.toHaveURL(/login/)
}
async function change(page: Page, from: string, to: string): Promise<void> {
  await expect(page).toHaveURL(/change-password/)
  await page.getByLabel('原密码').fill(from)
  await page.getByLabel('新密码').fill(to)
  await page.getByLabel('再输一次').fill(to)
  await page.getByRole('button', { name: '保存' }).click()
  await expect(page).not.toHaveURL(/change-password/)
}

test('three people set up three administrators; weak or equal passwords are refused', async ({ browser }) => {
  const c = await browserOf(browser, server)
  const page = await c.newPage()
  await page.goto('/')
  await expect(page).toHaveURL(/\/setup/)
  await page.getByLabel('系统名称').fill(UNIT)
  await page.getByLabel('地区名称').fill('临江县')
  for (const [key, a] of [['sys_admin', SYS], ['sec_admin', SEC], ['auditor', AUD]] as const) {
    await page.locator(`#${key}-l`).fill(a.login)
    await page.locator(`#${key}-n`).fill(a.name)
    await page.locator(`#${key}-p`).fill(key === 'auditor' ? 'weak' : a.password)
    await page.locator(`#${key}-q`).fill(key === 'auditor' ? 'weak' : a.password)
  }
  await page.getByRole('button', { name: '完成设置' }).click()
  await says(page, '密码未满足全部要求。')
  await page.locator('#auditor-p').fill(AUD.password)
  await page.locator('#auditor-q').fill(AUD.password)
  await shot(page, 'setup')
  await page.getByRole('button', { name: '完成设置' }).click()
  await expect(page).toHaveURL(/\/login/)
  expect((await new Api(server.url).get('/bootstrap')).needs_setup).toBe(false)
  const again = await new Api(server.url).refusal('POST', '/setup', { site_name: 'x', region_name: 'y', sys_admin: SYS, sec_admin: SEC, auditor: AUD })
  expect(again.detail).toMatch(/[\u4e00-\u9fff]/)
  await c.close()
})

test('the system administrator builds a unit and imports its people: first the faults, then the people', async ({ browser }) => {
  const c = await browserOf(browser, server)
  const page = await c.newPage()
  await enter(page, SYS.login, SYS.password)
  if (/change-password/.test(page.url())) { await change(page, SYS.password, NEW); SYS.password = NEW }
  await page.goto('/admin/org')
  await page.getByRole('treeitem', { name: /临江县/ }).first().click()
  await page.getByRole('button', { name: '新增下级' }).click()
  const form = page.getByRole('dialog', { name: '新增机构' })
  if (await form.getByRole('radio', { name: '单位' }).count()) await form.getByText('单位', { exact: true }).first().click()
  await form.getByLabel('全称').fill(UNIT)
  await form.getByLabel('简称').fill('县政府')
  await select(form, page, '单位类型', /./)
  await form.getByLabel('编码').fill('LJXZF')
  await form.getByRole('button', { name: '保存' }).click()
  await expect(toast(page)).toContainText(`已新增“${UNIT}”`)
  const nodes = [NODES, ['', 'LJXZF', '办公室', '办公室', '处室', '1'], ['', 'LJXZF', '秘书科', '秘书科', '处室', '2']]
  const people = (rank: string, division: string) => [PEOPLE, ['林晓', '13800000001', 'linxiao', 'LJXZF', '办公室', '收发员', rank, '否', '否', '是'], ['周敏', '13800000002', 'zhoumin', 'LJXZF', division, '科长', '正科级', '是', '否', '是']]
  await page.getByRole('button', { name: '导入导出' }).click()
  const box = page.getByRole('dialog', { name: '导入导出单位和人员' })
  const put = (rank: string, division: string) => box.locator('input[type=file]').setInputFiles({ name: '人员.xlsx', mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', buffer: sheets({ 单位: nodes, 人员: people(rank, division) }) })
  await put('很高', '没有的科')
  const faults = box.getByRole('region', { name: '问题清单' })
  await expect(faults.locator('tbody tr')).toHaveCount(2)
  await expect(faults.locator('tbody tr').filter({ hasText: '级别' })).toContainText('人员2')
  await expect(faults.locator('tbody tr').filter({ hasText: '没有的科' })).toContainText('人员3处室')
  await expect(box.getByRole('button', { name: '导入', exact: true })).toBeDisabled()
  await shot(page, 'admin-import')
  await put('科员', '秘书科')
  const [answer] = await Promise.all([page.waitForResponse((r) => r.url().endsWith('/import?dry_run=false')), box.getByRole('button', { name: /^导入 \d+ 条$/ }).click()])
  expect(answer.status(), await answer.text()).toBe(200)
  await expect(box.getByRole('button', { name: '关闭', exact: true })).toBeVisible()
  await box.getByRole('button', { name: '关闭', exact: true }).click()
  await page.goto('/admin/people')
  await says(page, '林晓', '周敏')
  await c.close()
})

test('the security administrator gives roles and a first password', async ({ browser }) => {
  const c = await browserOf(browser, server)
  const page = await c.newPage()
  await enter(page, SEC.login, SEC.password)
  if (/change-password/.test(page.url())) { await change(page, SEC.password, `${SEC.password}x`); SEC.password += 'x' }
  await page.goto('/admin/grants')
  for (const role of ['收发员', '文秘']) {
    await page.getByRole('button', { name: '授予角色' }).first().click()
    const box = page.getByRole('dialog', { name: '授予角色' })
    await choose(box, page, '人员', ['林晓'])
    await box.locator('label.choice').filter({ has: page.locator('b', { hasText: new RegExp(`^${role}$`) }) }).click()
    await box.getByRole('button', { name: '授予', exact: true }).click()
    await expect(toast(page)).toContainText(`已授予 林晓“${role}”角色`)
  }
  const a = await api(SEC.login, server, SEC.password)
  const account = (await a.get(`/admin/accounts?q=${encodeURIComponent('林晓')}`)).items[0]
  expect(account.roles).toEqual(expect.arrayContaining(['registry']))
  // He may not give himself anything, nor see documents.
  expect((await a.refusal('GET', '/incoming')).status).toBe(403)
  await a.post(`/admin/accounts/${account.person_id}/reset_password`, { new_password: 'Lx-first-2026' })
  await c.close()
})

test('the clerk changes the first password and signs the first document in', async ({ browser }) => {
  const c = await browserOf(browser, server)
  const page = await c.newPage()
  await enter(page, 'linxiao', 'Lx-first-2026')
  await change(page, 'Lx-first-2026', 'Lx-second-2026')
  await page.goto('/incoming/sign-in')
  await page.locator('#si-sender').fill('澄州市人民政府')
  await page.keyboard.press('Escape')
  await page.getByLabel('文件标题').fill('关于第一件公文的通知')
  await page.locator('form button[type=submit]').click()
  await expect(toast(page)).toContainText('已签收')
  await c.close()
})

test('the system administrator cannot open it; the auditor reads what happened', async ({ browser }) => {
  const clerk = await api('linxiao', server, 'Lx-second-2026')
  const doc: Json = (await clerk.get('/incoming')).items[0]
  expect(doc.title).toBe('关于第一件公文的通知')
  const sys = await api(SYS.login, server, SYS.password)
  expect([403, 404]).toContain((await sys.refusal('GET', `/incoming/${doc.id}`)).status)
  expect([403, 404]).toContain((await sys.refusal('GET', '/incoming/export')).status)
  const c = await browserOf(browser, server)
  const page = await c.newPage()
  await enter(page, SYS.login, SYS.password)
  await page.goto(`/incoming/${doc.id}`)
  await says(page, /无权|没有找到/)
  await expect(page.getByText('关于第一件公文的通知')).toHaveCount(0)
  await c.close()
  const d = await browserOf(browser, server)
  const log = await d.newPage()
  await enter(log, AUD.login, AUD.password)
  if (/change-password/.test(log.url())) { await change(log, AUD.password, `${AUD.password}x`); AUD.password += 'x' }
  await log.goto('/admin/audit')
  await log.locator('[data-row]').first().waitFor()
  const a = await api(AUD.login, server, AUD.password)
  const items: Json[] = (await a.get('/admin/audit?limit=200')).items
  const ops = items.map((i) => `${i.actor_name} ${i.op_title}`)
  for (const what of [new RegExp(`${SYS.name} .*(导入|机构)`), new RegExp(`${SEC.name} .*授`), /林晓 .*签收/]) expect(ops.some((o) => what.test(o)), `${what} in ${[...new Set(ops)].join('、')}`).toBe(true)
  expect(items.some((i) => i.actor_name === SYS.name && i.result !== 'ok'), 'the refusal is in the log').toBe(true)
  await d.close()
})
