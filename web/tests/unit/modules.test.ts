import { describe, expect, it } from 'vitest'
import { groupOf, grouped, columnsOf, WORK_LISTS } from '@/modules/home/use/lists'
import { sentence } from '@/modules/home/use/sentence'
import { loginOk, passwordOk, passwordRules } from '@/modules/entry/use/password'
import { body, problems } from '@/modules/me/use/delegation'
import { deviceText } from '@/modules/me/use/agent'
import { crumbs, menuTrail } from '@/app/menu'
import { safeNext } from '@/app/guards'
import { timeText } from '@/shared/i18n/time'
import type { Counts, Menu } from '@/shared/api/types'

const item = (urgency: 'normal' | 'extra_urgent', days_left: number | null, overdue = false) => ({ urgency, days_left, overdue })
const none: Counts = { todo: 0, to_read: 0, mine: 0, drafts: 0, watch: 0, urges: 0, todo_urgent: 0, todo_due_soon: 0, todo_overdue: 0, sign_in_waiting: 0 }

describe('home', () => {
  it('groups: 特急 before 将到期 before 普通', () => {
    expect(groupOf(item('extra_urgent', 30))).toBe('urgent')
    expect(groupOf(item('normal', 2))).toBe('soon')
    expect(groupOf(item('normal', null, true))).toBe('soon')
    expect(groupOf(item('normal', 3))).toBe('normal')
    expect(grouped([item('normal', 9), item('extra_urgent', 1)]).map((g) => g.group)).toEqual(['urgent', 'normal'])
  })
  it('says one sentence', () => {
    expect(sentence({ ...none, todo: 7, todo_due_soon: 2 }).map((p) => p.text)).toEqual(['7 件待办', '2 件将到期'])
    expect(sentence(none)).toEqual([{ text: '手头没有待办，也没有待阅。', to: null, hot: false }])
  })
  it('has columns for every list, the title always', () => {
    for (const l of Object.values(WORK_LISTS)) expect(columnsOf(l).find((c) => c.key === 'title')?.always).toBe(true)
  })
})

describe('passwords', () => {
  it('wants length, kinds, and no login name', () => {
    expect(passwordOk('Lin-jiang2026', 'zhoumin')).toBe(true)
    expect(passwordOk('short1A', 'x')).toBe(false)
    expect(passwordOk('alllowercase1', 'zhoumin')).toBe(false)
    expect(passwordOk('ZhouMin-2026', 'zhoumin')).toBe(false)
    expect(passwordRules('', 'a').every((r) => !r.ok)).toBe(true)
  })
  it('takes plain login names only', () => {
    expect(['zhoumin', 'z.min-1', '周敏敏', '13800000000'].every(loginOk)).toBe(true)
    expect(['ab', '周敏', 'a b c', 'a@b', 'x'.repeat(33), ''].some(loginOk)).toBe(false)
  })
})

describe('delegation', () => {
  const f = { agent: '5', from: '2026-03-09', until: '2026-03-12', scope: 'all', includeOpen: true, reason: ' 出差 ' }
  it('covers whole days', () => {
    const b = body(f)
    expect([timeText(b.from_at), timeText(b.until_at), b.reason]).toEqual(['2026-03-09 00:00', '2026-03-12 23:59', '出差'])
  })
  it('refuses what makes no sense', () => {
    expect(problems(f, '2026-03-09')).toEqual({})
    expect(Object.keys(problems({ ...f, agent: null, from: null, until: null }, '2026-03-09'))).toEqual(['agent', 'from', 'until'])
    expect(problems({ ...f, until: '2026-03-08' }, '2026-03-01').until).toContain('开始')
    expect(problems(f, '2026-03-20').until).toContain('今天')
  })
})

describe('frame', () => {
  const m = (key: string, path: string | null, children: Menu[] = []): Menu => ({ key, title: key, path, icon: null, badge: null, children })
  const menus = [m('首页', '/'), m('公文', null, [m('收文办理', '/incoming'), m('收文登记', '/incoming/new')])]
  it('finds the nearest menu entry', () => {
    expect(menuTrail(menus, '/incoming/new').map((x) => x.key)).toEqual(['公文', '收文登记'])
    expect(menuTrail(menus, '/incoming/123').map((x) => x.key)).toEqual(['公文', '收文办理'])
    expect(menuTrail(menus, '/incomings')).toEqual([])
  })
  it('writes the crumbs', () => {
    expect(crumbs(menus, '/incoming/123', '某通知').map((c) => c.title)).toEqual(['首页', '公文', '收文办理', '某通知'])
    expect(crumbs(menus, '/incoming/123', '某通知').at(-1)?.path).toBeNull()
    expect(crumbs(menus, '/', '首页').map((c) => c.title)).toEqual(['首页'])
  })
  it('goes only to its own pages after login', () => {
    expect(safeNext('/incoming/1?q=2')).toBe('/incoming/1?q=2')
    for (const bad of ['//evil.example', 'https://evil.example', '/\\evil', undefined, ['/a'], '/login?next=/']) expect(safeNext(bad)).toBe('/')
  })
  it('names devices', () => {
    expect(deviceText('Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/109.0 Safari/537')).toBe('Windows · Chrome 内核 109')
    expect(deviceText('curl/8')).toBe('未知系统 · 浏览器')
  })
})
