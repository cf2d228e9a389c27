import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { createMemoryHistory, createRouter } from 'vue-router'
import { defineComponent, h, type Component } from 'vue'
import ActBar from '@/shared/ui/ActBar.vue'
import DataTable from '@/shared/ui/DataTable.vue'
import InkView from '@/shared/ui/InkView.vue'
import UndoToast from '@/shared/ui/UndoToast.vue'
import { ApiError, http, setHttpHooks } from '@/shared/api/http'
import { useSubmit } from '@/shared/api/submit'
import { useUploads } from '@/shared/ui/file/uploads'
import { toast, toastAct, toasts } from '@/shared/ui/toast'
import type { Act, FileInfo } from '@/shared/api/types'

const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:p(.*)*', component: { template: '<i/>' } }] })
const plugins = () => [createPinia(), router]
const answer = (status: number, body: unknown) => new Response(status === 204 ? null : JSON.stringify(body), { status, headers: { 'content-type': status < 400 ? 'application/json' : 'application/problem+json' } })

beforeEach(() => { setActivePinia(createPinia()); toasts.splice(0) })
afterEach(() => { vi.unstubAllGlobals() })

describe('DataTable', () => {
  const rows = [{ id: '1', title: '甲' }, { id: '2', title: '乙' }]
  const make = (over: object = {}) => mount(DataTable as unknown as Component, {
    attachTo: document.body,
    props: { list: 't', label: '表', columns: [{ key: 'title', title: '标题', text: (r: { title: string }) => r.title, sort: { asc: 'a', desc: 'd' } }], rows, idOf: (r: { id: string }) => r.id, tools: false, ...over },
    global: { plugins: plugins() },
  })
  it('moves with the arrow keys and opens with Enter', async () => {
    const w = make()
    const tr = w.findAll('tbody tr')
    ;(tr[0]?.element as HTMLElement).focus()
    await tr[0]?.trigger('keydown', { key: 'ArrowDown' })
    await flushPromises()
    expect((document.activeElement as HTMLElement).dataset.row).toBe('1')
    await tr[1]?.trigger('keydown', { key: 'Enter' })
    expect(w.emitted('open')?.[0]).toEqual([rows[1]])
    w.unmount()
  })
  it('selects with the space bar and forgets rows that left', async () => {
    const w = make({ selectable: true, selected: [], 'onUpdate:selected': (v: string[]) => w.setProps({ selected: v } as never) })
    await w.findAll('tbody tr')[1]?.trigger('keydown', { key: ' ' })
    expect(w.props('selected' as never)).toEqual(['2'])
    await w.setProps({ rows: [rows[0]] } as never)
    expect(w.props('selected' as never)).toEqual([])
    w.unmount()
  })
  it('asks for more at the end and sorts by the head', async () => {
    const w = make({ hasMore: true })
    await w.findAll('tbody tr')[1]?.trigger('keydown', { key: 'ArrowDown' })
    expect(w.emitted('more')).toHaveLength(1)
    await w.find('th .sort').trigger('click')
    expect(w.emitted('update:sort')?.[0]).toEqual(['d'])
    w.unmount()
  })
  it('says what went wrong and offers another try', async () => {
    const w = make({ rows: [], error: new ApiError(503, { request_id: 'r9' }) })
    expect(w.find('[role=alert]').text()).toContain('r9')
    await w.find('[role=alert] button').trigger('click')
    expect(w.emitted('retry')).toHaveLength(1)
    w.unmount()
  })
})

describe('ActBar', () => {
  const acts: Act[] = [
    { act: 'instruct', title: '批示', task_id: '1', allowed: true, reason: null, primary: true, needs_opinion: true },
    { act: 'withdraw', title: '撤回', task_id: null, allowed: false, reason: '后续环节已办', primary: false, needs_opinion: false },
  ]
  it('runs what is allowed and explains what is not', async () => {
    const w = mount(ActBar, { props: { acts }, attachTo: document.body })
    await w.find('[data-act=instruct]').trigger('click')
    await w.find('[data-act=withdraw]').trigger('click')
    expect(w.emitted('act')?.map((e) => (e[0] as Act).act)).toEqual(['instruct'])
    expect(w.find('[data-act=withdraw]').attributes('aria-label')).toContain('后续环节已办')
    w.unmount()
  })
  it('does nothing while something runs', async () => {
    const w = mount(ActBar, { props: { acts, busy: 'instruct' }, attachTo: document.body })
    await w.find('[data-act=instruct]').trigger('click')
    expect(w.emitted('act')).toBeUndefined()
    w.unmount()
  })
})

describe('InkView', () => {
  it('draws each stroke in its colour', () => {
    const w = mount(InkView, { props: { ink: { width: 100, height: 50, strokes: [{ color: '#1f4fb2', width: 3, pts: [[1, 1, 0.5, 0], [9, 9, 0.5, 5]] }] } } })
    expect(w.findAll('path').map((p) => p.attributes('fill'))).toEqual(['#1f4fb2'])
  })
})

describe('http', () => {
  it('sends a key with POST and the version with If-Match', async () => {
    const f = vi.fn((..._a: unknown[]) => Promise.resolve(answer(200, { id: '1' })))
    vi.stubGlobal('fetch', f)
    await http.post('/incoming', { a: 1 }, { version: 3 })
    const [url, init] = f.mock.calls[0] as unknown as [string, { headers: Record<string, string> }]
    expect(url).toBe('/api/v1/incoming')
    expect(init.headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/)
    expect(init.headers['if-match']).toBe('"3"')
  })
  it('turns a problem into an error and tells of 401', async () => {
    const out = vi.fn()
    setHttpHooks({ unauthorized: out })
    vi.stubGlobal('fetch', vi.fn(() => Promise.resolve(answer(401, { code: 'unauthenticated', detail: '请先登录。' }))))
    await expect(http.get('/me')).rejects.toMatchObject({ status: 401, code: 'unauthenticated', message: '请先登录。' })
    await expect(http.get('/me', undefined, { anonymous: true })).rejects.toBeInstanceOf(ApiError)
    expect(out).toHaveBeenCalledTimes(1)
  })
  it('keeps the key of a submit that got no answer, and only then', async () => {
    const keys: string[] = []
    let mode = 0
    const s = useSubmit(async (key: string, _x: number) => { keys.push(key); if (mode === 0) throw new ApiError(0, {}); if (mode === 1) throw new ApiError(422, {}); return 'ok' })
    await s.submit(1)
    mode = 1
    await s.submit(1)
    mode = 2
    expect(await s.submit(1)).toBe('ok')
    await s.submit(2)
    expect(keys[0]).toBe(keys[1])
    expect(new Set(keys).size).toBe(3)
    expect(s.error.value).toBeNull()
  })
})

describe('after an act', () => {
  it('offers 撤回 where the server allows it and calls it once', async () => {
    const f = vi.fn((..._a: unknown[]) => Promise.resolve(answer(200, {})))
    vi.stubGlobal('fetch', f)
    const w = mount(UndoToast)
    const undone = vi.fn()
    toastAct({ id: '9', version: 2, rev: 3, undo: { act: 'withdraw', round: 4 }, next: '已送 张三 批示' }, '/incoming/9', undone)
    await flushPromises()
    expect(w.text()).toContain('已送 张三 批示')
    await w.find('.act').trigger('click')
    await flushPromises()
    expect(f.mock.calls.map((c) => [c[0], (c[1] as { body: string }).body])).toEqual([['/api/v1/incoming/9/withdraw', '{"round":4}']])
    expect(undone).toHaveBeenCalledTimes(1)
    expect(w.find('.act').exists()).toBe(false)
  })
  it('offers nothing where it cannot be undone', async () => {
    const w = mount(UndoToast)
    toastAct({ id: '9', version: 2, rev: 3, undo: null, next: '已归档' }, '/incoming/9')
    toast.error(new ApiError(409, { detail: '张三已先办理。' }))
    await flushPromises()
    expect(w.find('.act').exists()).toBe(false)
    expect(w.find('[role=alert]').text()).toContain('张三已先办理')
  })
})

describe('uploads', () => {
  it('sends two at a time, keeps refusals with their reason, retries', async () => {
    let open = 0, most = 0, refuse = true
    const done: string[] = []
    const send = async (f: File) => {
      most = Math.max(most, ++open)
      await Promise.resolve()
      open--
      if (f.name === 'x.exe' && refuse) throw new ApiError(422, { detail: '不接受此类文件。' })
      return { id: f.name } as FileInfo
    }
    let up!: ReturnType<typeof useUploads>
    mount(defineComponent({ setup() { up = useUploads((f) => done.push(f.id), () => 100, send); return () => h('i') } }))
    const file = (n: string, size = 3) => new File(['x'.repeat(size)], n)
    up.add([file('a'), file('x.exe'), file('b'), file('c'), file('big', 101), file('empty', 0)])
    await flushPromises()
    expect(most).toBe(2)
    expect(done.sort()).toEqual(['a', 'b', 'c'])
    expect(up.pending.map((p) => p.name)).toEqual(['x.exe', 'big', 'empty'])
    expect(up.pending[0]?.error).toBe('不接受此类文件。')
    refuse = false
    const bad = up.pending[0]
    if (bad) up.retry(bad)
    await flushPromises()
    expect(done).toContain('x.exe')
    expect(up.busy.value).toBe(false)
  })
})
