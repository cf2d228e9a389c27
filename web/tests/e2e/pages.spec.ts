import { expect, test, type Page } from '@playwright/test'
import AxeBuilder from '@axe-core/playwright'

// Every page of the frame against the stand-in server: it draws, fits 360 px, and axe finds nothing serious.
const BASE = 'http://127.0.0.1:8090'
test.use({ baseURL: BASE })

const PAGES: [path: string, who: string | null, wait: string][] = [
  ['/login', null, '#login'],
  ['/', 'clerk', '.wc'],
  ['/', 'mayor', '.verbs'],
  ['/', 'sysadmin', '.links'],
  ['/work/todo', 'clerk', '[data-row], .cardrow'],
  ['/work/to_read', 'clerk', '[data-row], .cardrow'],
  ['/work/done', 'clerk', '[data-row], .cardrow'],
  ['/work/drafts', 'clerk', '[data-row], .cardrow'],
  ['/delegations', 'clerk', '[data-row], .cardrow'],
  ['/me', 'clerk', '.nm'],
  ['/me/sessions', 'clerk', '[data-row], .cardrow'],
  ['/me/phrases', 'clerk', '.pm li'],
  ['/me/settings', 'clerk', '.el-switch'],
  ['/change-password', 'clerk', '#old'],
  ['/nowhere', 'clerk', '.empty'],
]

async function as(page: Page, who: string | null): Promise<string[]> {
  const errors: string[] = []
  page.on('pageerror', (e) => errors.push(e.message))
  page.on('console', (m) => { if (m.type() === 'error' && !m.text().includes('status of 401')) errors.push(m.text()) })
  if (who) await page.context().addCookies([{ name: 'mock', value: who, url: BASE }])
  return errors
}

for (const [width, height] of [[1440, 900], [360, 740]] as const) {
  test.describe(`${width} px`, () => {
    test.use({ viewport: { width, height } })
    for (const [path, who, wait] of PAGES) {
      test(`${path} ${who ?? ''}`, async ({ page }) => {
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

test('a login leads back to the page that was asked for', async ({ page }) => {
  await as(page, null)
  await page.goto('/work/todo?urgency=extra_urgent')
  await expect(page).toHaveURL(/\/login\?next=/)
  await page.fill('#login', 'clerk')
  await page.fill('#password', 'wrong')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert')).toContainText('用户名或密码不正确')
  await page.fill('#password', 'Demo-2026')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/work\/todo\?urgency=extra_urgent/)
  await expect(page.locator('[data-row]')).toHaveCount(2)
})

test('lists by keyboard: search with /, rows with arrows, ticks with the space bar', async ({ page }) => {
  await as(page, 'clerk')
  await page.goto('/work/to_read')
  await page.locator('[data-row="0"]').focus()
  await page.keyboard.press('ArrowDown')
  await expect(page.locator('[data-row="1"]')).toBeFocused()
  await page.keyboard.press('Space')
  await expect(page.getByText('已选 1 件')).toBeVisible()
  await page.keyboard.press('Escape')
  await page.keyboard.press('/')
  await expect(page.getByLabel('关键词')).toBeFocused()
  await page.keyboard.type('防汛')
  await page.keyboard.press('Enter')
  await expect(page.locator('[data-row]')).toHaveCount(1)
  await expect(page).toHaveURL(/q=/)
})

test('columns, density and large type are remembered', async ({ page }) => {
  await as(page, 'clerk')
  await page.goto('/work/done')
  await page.getByRole('button', { name: '列', exact: true }).click()
  await page.locator('.el-popper:visible').getByText('来文单位').click()
  await expect(page.getByRole('columnheader', { name: '来文单位' })).toHaveCount(0)
  await page.getByRole('button', { name: '大字版' }).click()
  await page.reload()
  await page.locator('[data-row]').first().waitFor()
  await expect(page.getByRole('columnheader', { name: '来文单位' })).toHaveCount(0)
  await expect(page.locator('html')).toHaveClass(/elder/)
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(1280)
  await page.getByRole('button', { name: '标准字' }).click()
})

test('a lost connection is said, and the page comes back by itself', async ({ page }) => {
  await as(page, 'clerk')
  await page.goto('/work/todo')
  await page.locator('[data-row]').first().waitFor()
  await page.context().setOffline(true)
  await expect(page.locator('.offline')).toBeVisible()
  await page.context().setOffline(false)
  await expect(page.locator('.offline')).toHaveCount(0)
})

test('a password that must be changed comes before everything else', async ({ page }) => {
  await as(page, 'clerk')
  let must = true
  await page.route('**/api/v1/me', async (r) => {
    const res = await r.fetch()
    await r.fulfill({ response: res, json: { ...(await res.json()), must_change_password: must } })
  })
  await page.route('**/api/v1/me/password', async (r) => { must = false; await r.fulfill({ json: {} }) })
  await page.goto('/work/todo')
  await expect(page).toHaveURL('/change-password')
  await page.fill('#old', 'Demo-2026')
  await page.fill('#new', 'Lin-jiang2026')
  await page.fill('#again', 'Lin-jiang2026')
  await page.getByRole('button', { name: '保存' }).click()
  await expect(page).toHaveURL('/')
  await expect(page.getByRole('navigation', { name: '主菜单' }).getByText('12', { exact: true })).toBeVisible()
})
