/** People at their desks: a signed-in page each, in the time of the server. */
import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test as base, type Browser, type BrowserContext, type Locator, type Page } from '@playwright/test'
import { Api, type Json } from './api'
import { offset, PASSWORD, type Place } from './server'

export const SHOTS = process.env.ZS_E2E_SHOTS === '1'
const shotsDir = resolve(import.meta.dirname, '../../../../docs/screenshots')
export const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }

/** The shared county. */
export const county = (): Place => ({ url: process.env.ZS_STORY_URL ?? '', dir: process.env.ZS_STORY_DIR ?? '' })

const cookies = new Map<string, string>()
/** The API as this person; one sign-in a person until time passes or the session ends. */
export async function api(login: string, place: Place = county(), password = PASSWORD): Promise<Api> {
  const key = `${place.url} ${login}`
  const a = new Api(place.url)
  const known = cookies.get(key)
  if (known) {
    a.cookie = known
    if ((await a.raw('GET', '/me')).ok) return a
    a.cookie = ''
  }
  await a.login(login, password)
  cookies.set(key, a.cookie)
  return a
}

/** A browser of its own in the time of the server. */
export async function browserOf(browser: Browser, place: Place = county(), more: object = {}): Promise<BrowserContext> {
  const c = await browser.newContext({ baseURL: place.url, acceptDownloads: true, ...more })
  await c.addInitScript((by: number) => {
    const Real = Date
    const Shifted = class extends Real {
      constructor(...a: [number]) { super(...(a.length ? a : [Real.now() + by]) as [number]) }
      static now() { return Real.now() + by }
    }
    globalThis.Date = Shifted as DateConstructor
  }, offset(place))
  return c
}

export interface Desk { page: Page; api: Api; errors: string[] }
type Desks = {
  /** A page of this person (no login form in between); closed at the end of the test. */
  desk: (login: string, path?: string, opt?: { phone?: boolean; width?: number; place?: Place; password?: string }) => Promise<Desk>
}
export const test = base.extend<Desks>({
  desk: async ({ browser }, use) => {
    const open: BrowserContext[] = []
    const errors: string[] = []
    await use(async (login, path = '/', opt = {}) => {
      const place = opt.place ?? county()
      const a = await api(login, place, opt.password)
      const c = await browserOf(browser, place, opt.phone ? PHONE : opt.width ? { viewport: { width: opt.width, height: 740 } } : {})
      open.push(c)
      await c.addCookies(a.cookie.split('; ').map((p) => ({ name: p.slice(0, p.indexOf('=')), value: p.slice(p.indexOf('=') + 1), url: place.url })))
      const page = await c.newPage()
      page.on('pageerror', (e) => errors.push(`${login}: ${e.stack ?? e.message}`))
      await page.goto(path)
      return { page, api: a, errors }
    })
    await Promise.all(open.map((c) => c.close()))
    expect(errors, 'errors in the pages').toEqual([])
  },
})
export { expect }

/** Chooses people or units by name in an organisation field. */
export async function choose(scope: Page | Locator, page: Page, field: string, names: string[]): Promise<void> {
  await scope.getByRole('button', { name: `选择${field}`, exact: true }).click()
  const box = page.getByRole('dialog', { name: `选择${field}` })
  for (const name of names) {
    await box.getByLabel('搜索人员或单位').fill(name)
    const row = box.locator('button.pr').filter({ has: page.locator('b', { hasText: new RegExp(`^${name}$`) }) }).first()
    // The list is renewed while one types.
    await expect(async () => {
      if (await row.getAttribute('aria-checked') !== 'true') await row.click()
      await expect(row).toHaveAttribute('aria-checked', 'true', { timeout: 1000 })
    }).toPass({ timeout: 15_000 })
  }
  await box.getByRole('button', { name: /^确定/ }).click()
  await expect(box).toBeHidden()
}

/** Chooses in a drop-down list. */
export async function select(scope: Page | Locator, page: Page, field: string, option: string | RegExp): Promise<void> {
  await scope.locator('.el-select').filter({ has: page.getByLabel(field, { exact: true }) }).click()
  await page.getByRole('option', { name: option, exact: typeof option === 'string' }).first().click()
}

export const toast = (page: Page): Locator => page.locator('.toast').last()

/** The text of a page on which nothing loads any more, once it says this. */
export async function says(page: Page | Locator, ...texts: (string | RegExp)[]): Promise<void> {
  for (const t of texts) await expect(page.getByText(t).first()).toBeVisible()
}

/** A picture for the documentation; only when asked for. */
export async function shot(page: Page, name: string): Promise<void> {
  if (!SHOTS) return
  mkdirSync(shotsDir, { recursive: true })
  await page.evaluate(() => document.fonts.ready)
  await expect(page.locator('.el-loading-mask, .el-overlay.dialog-fade-enter-active')).toHaveCount(0)
  await page.screenshot({ path: resolve(shotsDir, `${name}.png`), animations: 'disabled' })
}

/** Who is who in the county. */
export interface Person { login: string; name: string; post: string; id: string; division: string | null }
let known: Record<string, Person> | null = null
export async function cast(): Promise<Record<string, Person>> {
  if (known) return known
  const out: Record<string, Person> = {}
  for (const login of ['shoufa', 'wenmi', 'zhuren', 'xianzhang', 'fuxianzhang', 'zonghe', 'kezhang', 'keyuan', 'kezhang2', 'keyuan2']) {
    const me: Json = await (await api(login)).get('/me')
    out[login] = { login, name: me.name, post: me.identity.post, id: me.identity.id, division: me.identity.division_name }
  }
  return (known = out)
}
