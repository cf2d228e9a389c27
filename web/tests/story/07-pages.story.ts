import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { api, browserOf, county, expect, shot, test } from './kit/world'

// Every main page on the real server: it draws, axe finds nothing serious, and at 360 px nothing moves sideways.
const PAGES: [path: string, login: string, picture?: string][] = [
  ['/', 'shoufa'],
  ['/', 'xianzhang', 'home-leader'],
  ['/', 'sysadmin'],
  ['/work/todo', 'wenmi'],
  ['/work/to_read', 'fuxianzhang'],
  ['/work/done', 'wenmi'],
  ['/work/mine', 'shoufa'],
  ['/work/watch', 'wenmi'],
  ['/work/urges', 'wenmi'],
  ['/work/drafts', 'shoufa'],
  ['/delegations', 'xianzhang', 'delegations'],
  ['/me', 'wenmi'],
  ['/me/phrases', 'xianzhang'],
  ['/incoming/sign-in', 'shoufa'],
  ['/incoming/register', 'shoufa'],
  ['/incoming', 'shoufa'],
  ['/incoming/register-book', 'shoufa'],
  ['/incoming/ledger', 'shoufa'],
  ['/admin/org', 'sysadmin'],
  ['/admin/people', 'sysadmin', 'admin-people'],
  ['/admin/settings', 'sysadmin', 'admin-settings'],
  ['/admin/calendar', 'sysadmin', 'admin-calendar'],
  ['/admin/flows', 'sysadmin'],
  ['/admin/series', 'sysadmin'],
  ['/admin/grants', 'secadmin', 'admin-grants'],
  ['/admin/roles', 'secadmin'],
  ['/admin/accounts', 'secadmin'],
  ['/admin/sessions', 'secadmin'],
  ['/admin/audit', 'auditor', 'admin-audit'],
]

/** Drawn, and nothing is being read any more. */
async function settled(page: Page): Promise<void> {
  await page.locator('main h1, main .lh h1, main .wh').first().waitFor()
  await expect(page.locator('[aria-busy=true]')).toHaveCount(0)
  await expect(page.getByText('正在读取…')).toHaveCount(0)
}
async function serious(page: Page): Promise<string[]> {
  const found = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']).analyze()
  return found.violations.filter((v) => v.impact === 'serious' || v.impact === 'critical').map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(' | ')}`)
}

for (const login of [...new Set(PAGES.map((p) => p[1]))]) {
  test(`pages of ${login}`, async ({ desk }) => {
    const mine = PAGES.filter((p) => p[1] === login)
    const { page } = await desk(login, mine[0]?.[0] ?? '/')
    const faults: string[] = []
    for (const [path, , picture] of mine) {
      await page.setViewportSize({ width: 1440, height: 900 })
      await page.goto(path)
      await settled(page)
      if (picture) await shot(page, picture)
      faults.push(...(await serious(page)).map((f) => `${path} 1440 ${f}`))
      await page.setViewportSize({ width: 360, height: 740 })
      await settled(page)
      await page.evaluate(() => new Promise(requestAnimationFrame))
      const width = await page.evaluate(() => document.documentElement.scrollWidth)
      if (width > 360) faults.push(`${path} is ${width} px wide on a phone`)
      if (path === mine[0]?.[0]) faults.push(...(await serious(page)).map((f) => `${path} 360 ${f}`))
    }
    expect(faults).toEqual([])
  })
}

test('the tree of units with a unit chosen', async ({ desk }) => {
  const { page, api: a } = await desk('sysadmin', '/admin/org')
  const hit = (await a.get('/org/search?q=mss&kinds=division&limit=5')).items[0] ?? (await a.get(`/org/search?q=${encodeURIComponent('秘书一科')}&kinds=division&limit=5`)).items[0]
  await page.goto(`/admin/org?node=${hit.id}`)
  await settled(page)
  await page.locator('[data-row]').first().waitFor()
  await shot(page, 'admin-org')
  expect(await serious(page)).toEqual([])
})

test('the login page', async ({ browser }) => {
  await api('shoufa')
  for (const width of [1440, 360]) {
    const c = await browserOf(browser, county(), { viewport: { width, height: 800 } })
    const page = await c.newPage()
    await page.goto('/login')
    await page.getByLabel('用户名').waitFor()
    expect(await serious(page)).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
    await c.close()
  }
})
