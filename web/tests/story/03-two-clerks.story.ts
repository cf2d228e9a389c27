import type { Json } from './kit/api'
import { api, cast, expect, says, test, toast } from './kit/world'

// Two people at the same thing at the same time.
const numberOf = (serial: string): number => Number(/(\d+)号?$/.exec(serial)?.[1])

async function signIn(title: string, number: string): Promise<string> {
  const a = await api('shoufa')
  const d = await a.post('/incoming', { doc_class: 'red_head', source: 'exchange', sender: '澄州市水利局', sender_rank: 'superior', title, doc_number: number, copies: 1, received_date: '2026-03-10', urgency: 'normal', remark: null, file_ids: [] })
  return d.id
}

test('two clerks register two documents at once: two serial numbers, one after the other', async ({ desk }) => {
  const docs = [await signIn('关于开展堤防巡查的通知', '澄水发〔2026〕31号'), await signIn('关于报送水库调度计划的通知', '澄水发〔2026〕32号')]
  const desks = [await desk('shoufa', `/incoming/${docs[0]}/register`), await desk('shoufa', `/incoming/${docs[1]}/register`)]
  const buttons = desks.map((d) => d.page.getByRole('button', { name: '登记', exact: true }))
  for (const b of buttons) await expect(b).toBeEnabled()
  await Promise.all(buttons.map((b) => b.click()))
  const serials = await Promise.all(desks.map(async (d, i) => {
    await expect(toast(d.page)).toContainText('已登记，收文编号')
    await expect(d.page).toHaveURL(`/incoming/${docs[i]}`)
    return (await d.api.get(`/incoming/${docs[i]}`)).serial_no as string
  }))
  const [x, y] = serials.map(numberOf).sort((p, q) => p - q)
  expect((y ?? 0) - (x ?? 0)).toBe(1)
})

test('the same registration twice: the second learns who was faster and loses nothing', async ({ desk }) => {
  const people = await cast()
  const doc = await signIn('关于加强山塘安全管理的通知', '澄水发〔2026〕33号')
  const first = await desk('shoufa', `/incoming/${doc}/register`)
  const second = await desk('shoufa', `/incoming/${doc}/register`)
  // The second page does not hear of changes: its line is slow.
  await second.page.route('**/api/v1/events', (r) => r.abort())
  await second.page.reload()
  const summary = second.page.getByLabel('内容摘要')
  await summary.fill('要求五月底前完成山塘安全鉴定。')
  await first.page.getByRole('button', { name: '登记', exact: true }).click()
  await expect(toast(first.page)).toContainText('已登记，收文编号')
  const button = second.page.getByRole('button', { name: '登记', exact: true })
  await button.click()
  await expect(second.page.getByRole('alert').filter({ hasText: people.shoufa?.name ?? '-' })).toBeVisible()
  await expect(summary).toHaveValue('要求五月底前完成山塘安全鉴定。')
  expect((await first.api.get(`/incoming/${doc}`)).summary).toBeNull()
})

test('a step that another took meanwhile: said by name, the text stays', async ({ desk }) => {
  const people = await cast()
  const a = await api('shoufa')
  const doc = await signIn('关于水情测报的通知', '澄水发〔2026〕34号')
  const d: Json = await a.get(`/incoming/${doc}`)
  await a.post(`/incoming/${doc}/register`, { task_id: d.tasks[0].task_id, title: d.title, doc_number: d.doc_number, sender: d.sender, sender_rank: 'superior', doc_class: 'red_head', source: 'exchange', secrecy: 'none', paper_only: false, urgency: 'normal', genre: '通知', received_date: d.received_date, copies: 1, file_ids: [], confirm_duplicate: false })
  const one = await desk('wenmi', `/incoming/${doc}`)
  const two = await desk('wenmi', `/incoming/${doc}`)
  const text = two.page.getByRole('form').getByLabel('初审意见')
  await text.fill('拟同意，另请核对份数。')
  await two.page.context().setOffline(true)
  await one.page.locator('[data-submit=preliminary_review]').click()
  await expect(toast(one.page)).toBeVisible()
  await two.page.context().setOffline(false)
  await two.page.keyboard.press('Control+Enter')
  await says(two.page, new RegExp(`${people.wenmi?.name ?? '-'}|已由`))
  await expect(text).toHaveValue('拟同意，另请核对份数。')
})
