import { expect, test, type Page } from '@playwright/test'
import AxeBuilder from '@axe-core/playwright'

// Pages of incoming documents against the stand-in server: each draws, fits 360 px, axe finds nothing serious; then the ways through them.
const BASE = process.env.MOCK_URL ?? 'http://127.0.0.1:8090'
test.use({ baseURL: BASE })

const PAGES: [path: string, who: string, wait: string][] = [
  ['/incoming/sign-in', 'clerk', '#si-sender'],
  ['/incoming/register', 'clerk', '[data-row], .cardrow'],
  ['/incoming/211/register', 'clerk', '.sheet'],
  ['/incoming/208/register', 'clerk', '.sheet'],
  ['/incoming', 'clerk', '[data-row], .cardrow'],
  ['/incoming/101', 'mayor', '[role=tablist]'],
  ['/incoming/103', 'office_head', '.sheet'],
  ['/incoming/201', 'clerk', '.sheet'],
  ['/incoming/204', 'mayor', '[role=tablist]'],
  ['/incoming/209', 'clerk', '.sheet'],
  ['/incoming/register-book', 'clerk', '.leaf tbody tr'],
  ['/incoming/ledger', 'clerk', '.lg tbody tr'],
  ['/incoming/999', 'clerk', '[role=alert]'],
]

async function as(page: Page, who: string): Promise<string[]> {
  const errors: string[] = []
  page.on('pageerror', (e) => errors.push(e.message))
  page.on('console', (m) => { if (m.type() === 'error' && !/status of (401|404|409)/.test(m.text())) errors.push(m.text()) })
  await page.context().addCookies([{ name: 'mock', value: who, url: BASE }])
  return errors
}

for (const [width, height] of [[1440, 900], [360, 740]] as const) {
  test.describe(`${width} px`, () => {
    test.use({ viewport: { width, height } })
    for (const [path, who, wait] of PAGES) {
      test(`${path} ${who}`, async ({ page }) => {
        const errors = await as(page, who)
        await page.goto(path)
        await page.locator(wait).first().waitFor()
        const found = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']).analyze()
        expect(found.violations.filter((v) => v.impact === 'serious' || v.impact === 'critical').map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(' | ')}`)).toEqual([])
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
        expect(errors).toEqual([])
      })
    }
  })
}

test('a clerk signs in by keyboard and goes on to the register', async ({ page }) => {
  await as(page, 'clerk')
  await page.goto('/incoming/sign-in')
  await expect(page.locator('#si-sender')).toBeFocused()
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText('请填写来文单位。')).toBeVisible()
  await page.keyboard.type('某某县人民政府')
  await page.keyboard.press('Escape')
  await page.locator('#si-number').fill('某政发[2026] 7号')
  await page.keyboard.press('Enter')
  await page.keyboard.type('关于试行的通知')
  await page.keyboard.press('Control+Enter')
  await expect(page.locator('.toast')).toContainText('已签收')
  await expect(page.locator('#si-number')).toHaveValue('')
  await page.getByRole('button', { name: '去登记' }).click()
  await expect(page).toHaveURL(/\/incoming\/\d+\/register$/)
  await expect(page.getByLabel('文件字号', { exact: true })).toHaveValue('某政发〔2026〕7号')
})

test('a duplicate must be confirmed, secrecy is explained, a draft is kept', async ({ page }) => {
  await as(page, 'clerk')
  await page.goto('/incoming/211/register')
  await page.getByText('已登记过 1 件').waitFor()
  await page.getByText('上级来文', { exact: true }).click()
  await page.keyboard.press('Control+Enter')
  await expect(page.locator('.toast')).toContainText('仍然登记')
  await page.locator('.el-select', { has: page.getByRole('combobox', { name: '密级' }) }).click()
  await page.getByRole('option', { name: '秘密' }).click()
  await expect(page.getByText('秘密级公文不得进入本系统')).toBeVisible()
  await expect(page.getByText('草稿已保存')).toBeVisible()
  await page.reload()
  await expect(page.getByText('已接着上次没有提交的内容填写')).toBeVisible()
  await page.locator('.el-select', { has: page.getByRole('combobox', { name: '密级' }) }).click()
  await page.getByRole('option', { name: '无', exact: true }).click()
  await page.getByText('仍然登记').click()
  await page.getByRole('button', { name: '登记', exact: true }).click()
  await expect(page.locator('.toast').first()).toContainText('收文编号')
  await expect(page).toHaveURL(/\/incoming\/211$/)
})

test('the office head changes the plan: the difference is shown, the original stays', async ({ page }) => {
  await as(page, 'office_head')
  await page.goto('/incoming/103')
  const form = page.getByRole('form', { name: '审阅' })
  await expect(form.getByRole('button', { name: '同意', exact: true })).toBeVisible()
  await form.getByLabel('拟办意见').fill('拟请刘建华市长阅示。')
  await expect(form.getByText('您改动了 1 处')).toBeVisible()
  await page.getByRole('button', { name: '转办' }).click()
  await page.getByRole('form', { name: '转办' }).getByRole('button', { name: '取消' }).click()
  await expect(form.getByLabel('拟办意见')).toHaveValue('拟请刘建华市长阅示。')
  await form.getByRole('button', { name: '修改后同意' }).click()
  await expect(page.locator('.toast')).toContainText('已送 刘建华 批示')
  await page.locator('.toast').getByRole('button', { name: '撤回' }).click()
  await expect(page.getByRole('form', { name: '审阅' })).toBeVisible()
})

test('somebody was faster: what was typed stays', async ({ page }) => {
  await as(page, 'clerk')
  await page.goto('/incoming/107')
  const form = page.getByRole('form', { name: '提交办理情况' })
  await form.getByLabel('办理情况').fill('冲突')
  await page.keyboard.press('Control+Enter')
  await expect(form.getByRole('alert')).toContainText('先行办理')
  await expect(form.getByLabel('办理情况')).toHaveValue('冲突')
})

test.describe('phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true })
  test('a leader instructs with three taps, and signs by hand', async ({ page }) => {
    await as(page, 'mayor')
    await page.goto('/incoming/106')
    await page.locator('[data-act=verb-write]').tap()
    await page.getByRole('button', { name: '同意。', exact: true }).tap()
    await page.locator('[data-submit=instruct]').tap()
    await expect(page.locator('.toast')).toContainText('已送 周敏 分发')
    await page.goto('/incoming/111?ink=1')
    const pad = page.getByRole('img', { name: /手写批示/ })
    const box = (await pad.boundingBox())!
    await page.mouse.move(box.x + 60, box.y + 60)
    await page.mouse.down()
    await page.mouse.move(box.x + 200, box.y + 160, { steps: 8 })
    await page.mouse.up()
    await expect(page.getByRole('img', { name: /已写 1 笔/ })).toBeVisible()
    const sent = page.waitForRequest((r) => r.url().endsWith('/incoming/111/instruct'))
    await page.locator('[data-submit=instruct]').tap()
    expect((await sent).postDataJSON().ink.strokes).toHaveLength(1)
  })
  test('one tap reads', async ({ page }) => {
    await as(page, 'mayor')
    await page.goto('/incoming/204')
    await page.locator('[data-act=verb-read]').tap()
    await expect(page.locator('.toast')).toContainText('已阅')
  })
})

test('the next to-do with j, and a refused act says why', async ({ page }) => {
  await as(page, 'clerk')
  await page.goto('/incoming/102')
  await page.getByText('待办 3/').waitFor()
  await page.keyboard.press('j')
  await expect(page).toHaveURL(/\/incoming\/103$/)
  await page.locator('[data-act=withdraw]').hover()
  await expect(page.getByRole('tooltip')).toContainText('对方已办理')
})
