import { afterEach, describe, expect, it, vi } from 'vitest'
import { effectScope, nextTick, ref } from 'vue'
import { ApiError } from '@/shared/api/errors'
import type { Chosen } from '@/shared/ui/org/choice'
import type { Act, WorkItem } from '@/shared/api/types'
import { ACT_FORMS, actBody, actErrors, emptyState, formOf, openAtOnce, serverField, verbAct } from '@/modules/incoming/use/acts'
import { columnGroups, pageCount, ruled, yearsUpTo } from '@/modules/incoming/use/book'
import { useAutosave, type DraftApi } from '@/modules/incoming/use/draft'
import { useDuplicates, worthAsking } from '@/modules/incoming/use/duplicates'
import { filterFields, fixSort, listQuery, orderDates } from '@/modules/incoming/use/filters'
import { neighbours, stepOf } from '@/modules/incoming/use/next'
import { registerTasks, unregistered } from '@/modules/incoming/use/pending'
import { diffPlans, diffText, emptyPlan, fromPlan, planErrors, serverPlanErrors, summaryOf, toPlan, type PlanForm } from '@/modules/incoming/use/plan'
import { emptyForm, formErrors, fromDraft, genreOf, registerBody, serverErrors, tidyNumber } from '@/modules/incoming/use/register'
import { opinionsAt, revisionViews } from '@/modules/incoming/use/sheet'
import type { Duplicate, IncomingRow, Opinion, Plan } from '@/modules/incoming/use/types'
import { choicesOf } from '@/modules/incoming/use/words'

const who = (id: string, name = `人${id}`): Chosen => ({ kind: 'identity', id, name, hint: '' })
const unit = (id: string, name = `部门${id}`): Chosen => ({ kind: 'node', id, name, hint: '' })
const TODAY = '2026-03-02'
const good = (over: Partial<PlanForm> = {}): PlanForm => ({ ...emptyPlan(), proposed: '拟请阅示。', leads: [unit('9')], ...over })

describe('plan', () => {
  it('passes when sound, and each fault names its field', () => {
    expect(planErrors(good(), TODAY)).toEqual({})
    expect(Object.keys(planErrors(good({ proposed: '  ' }), TODAY))).toEqual(['proposed'])
    expect(Object.keys(planErrors(good({ proposed: '字'.repeat(2001) }), TODAY))).toEqual(['proposed'])
    expect(Object.keys(planErrors(good({ leads: [], readers: [who('1')] }), TODAY))).toEqual(['undertakings'])
    expect(planErrors(good({ kind: 'read', leads: [], readers: [who('1')] }), TODAY)).toEqual({})
    expect(Object.keys(planErrors(good({ kind: 'read', leads: [], assists: [unit('2')] }), TODAY))).toEqual(['undertakings'])
    expect(planErrors(good({ leads: [unit('9', '市财政局')], assists: [unit('9')] }), TODAY).undertakings).toContain('市财政局')
    expect(Object.keys(planErrors(good({ kind: 'read', leads: [] }), TODAY))).toEqual(['readers'])
    expect(Object.keys(planErrors(good({ deadline: '2026-03-01' }), TODAY))).toEqual(['deadline'])
    expect(planErrors(good({ deadline: '2026-03-01' }), TODAY, '2026-03-01')).toEqual({})
    expect(Object.keys(planErrors(good({ remindDays: 61 }), TODAY))).toEqual(['remindDays'])
  })
  const wire: Plan = {
    kind: 'handle', proposed_handling: '拟请阅示。', needs_review: true, instruct: { identity_ids: ['2', '1'], mode: 'in_order' }, circulation: { mode: 'all', identity_ids: ['3'] },
    undertakings: [{ role: 'assist', node_id: '8' }, { role: 'lead', node_id: '9' }], deadline: null, reply_required: false, people: { 1: '王', 2: '刘' }, nodes: { 9: '发改委' },
  }
  it('keeps order and names, and never sends an urging flag that was hidden', () => {
    const f = fromPlan(wire)
    expect(f.instruct.map((c) => c.name)).toEqual(['刘', '王'])
    expect(f.urge).toBeUndefined()
    const back = toPlan(f)
    expect('urge' in back || 'pre_reminder_days' in back).toBe(false)
    expect(back.instruct.identity_ids).toEqual(['2', '1'])
    expect(back.undertakings).toEqual([{ role: 'lead', node_id: '9' }, { role: 'assist', node_id: '8' }])
    expect(toPlan(fromPlan({ ...wire, urge: true, pre_reminder_days: 2 }))).toMatchObject({ urge: true, pre_reminder_days: 2 })
    expect(toPlan(fromPlan({ ...wire, urge: false, pre_reminder_days: 2 }))).not.toHaveProperty('pre_reminder_days')
  })
  it('tells what changed, order included, and nothing where nothing did', () => {
    const a = fromPlan(wire)
    expect(diffPlans(a, fromPlan(wire))).toEqual([])
    const b: PlanForm = { ...a, instruct: [...a.instruct].reverse(), deadline: '2026-03-09', leads: [] }
    expect(diffPlans(a, b).map((c) => [c.key, c.before, c.after])).toEqual([
      ['instruct', '1.刘、2.王（依次）', '1.王、2.刘（依次）'], ['leads', '发改委', '无'], ['deadline', '未设', '2026-03-09'],
    ])
  })
  it('marks characters added and taken away, and rebuilds both texts from them', () => {
    for (const [a, b] of [['拟请刘市长阅示，由发改委办理。', '拟请刘市长阅示。建议由发改委牵头办理。'], ['', '新'], ['旧', ''], ['同', '同']] as const) {
      const parts = diffText(a, b)
      expect(parts.filter((p) => p.kind !== 'add').map((p) => p.text).join('')).toBe(a)
      expect(parts.filter((p) => p.kind !== 'del').map((p) => p.text).join('')).toBe(b)
    }
    expect(diffText('甲乙丙', '甲丙')).toEqual([{ text: '甲', kind: 'same' }, { text: '乙', kind: 'del' }, { text: '丙', kind: 'same' }])
  })
  it('says who gets what', () => {
    const f = good({ needsReview: true, instruct: [who('1', '刘')], assists: [unit('8', '财政局')], deadline: '2026-03-09' })
    expect(summaryOf(f, 'propose').map((l) => l.gets)).toEqual(['审阅拟办意见', '批示', '主办', '协办'])
    expect(summaryOf(f, 'dispatch').map((l) => l.gets)).toEqual(['主办', '协办'])
  })
  it('puts the server\'s word at the field of the editor', () => {
    const e = new ApiError(422, { fields: [{ field: 'plan.circulation.identity_ids', message: '不能越级' }, { field: 'plan.deadline', message: '过去' }, { field: 'x', message: 'y' }] })
    expect(serverPlanErrors(e)).toEqual({ readers: '不能越级', deadline: '过去' })
  })
  it('shows each revision against what followed it', () => {
    const v = revisionViews([{ by: '陈', at: 2, step_title: '分发', before: { ...wire, proposed_handling: '乙' } }, { by: '李', at: 1, step_title: '审阅', before: { ...wire, proposed_handling: '甲', undertakings: [] } }], { ...wire, proposed_handling: '丙' })
    expect(v.map((r) => [r.by, r.text.map((t) => t.kind + t.text).join(' ')])).toEqual([['李', 'del甲 add乙'], ['陈', 'del乙 add丙']])
    expect(v[0]?.changes.map((c) => c.key)).toEqual(['leads', 'assists'])
  })
})

describe('acts', () => {
  const act = (a: string, over: Partial<Act> = {}): Act => ({ act: a, title: a, task_id: 't1', allowed: true, reason: null, primary: false, needs_opinion: false, ...over })
  const s = (over = {}) => ({ ...emptyState(TODAY), ...over })
  it('knows a form for every act of the contract', () => {
    const all = 'claim unclaim register preliminary_review propose review instruct dispatch liaison_forward assign undertake circulation_read reply complete archive return withdraw transfer circulate read urge void edit'.split(' ')
    expect(all.filter((a) => !(a in ACT_FORMS))).toEqual([])
    expect(formOf('something_new').kind).toBe('text')
  })
  it('sends what the contract says', () => {
    expect(actBody('preliminary_review', 't1', s({ pass: false, opinion: ' 不属本单位 ' }), 7)).toEqual({ task_id: 't1', rev: 7, pass: false, opinion: '不属本单位' })
    expect(actBody('instruct', 't1', s({ opinion: '同意。' }), 7)).toEqual({ task_id: 't1', rev: 7, opinion: '同意。', ink: null })
    expect(actBody('review', 't1', s({ plan: good() }), 7, false)).toEqual({ task_id: 't1', rev: 7, plan: null, opinion: null, agree: true })
    expect(actBody('review', 't1', s({ plan: good() }), 7, true).plan).toMatchObject({ kind: 'handle' })
    expect(actBody('assign', 't1', s({ people: [who('5')], opinion: '请办' }), 7)).toMatchObject({ undertaker_identity_id: '5', result: null })
    expect(actBody('assign', 't1', s({ self: true, people: [who('5')], text: '已办' }), 7)).toMatchObject({ undertaker_identity_id: null, result: '已办' })
    expect(actBody('circulation_read', 't1', s({ people: [who('5'), who('6')] }), 7)).toEqual({ task_id: 't1', rev: 7, opinion: null, ink: null, pass_on: ['5', '6'] })
    expect(actBody('return', 't1', s({ round: 4, text: '缺附件' }), 7)).toEqual({ task_id: 't1', rev: 7, target_round: 4, reason: '缺附件', then: 'straight_back' })
    expect(actBody('circulate', 't1', s({ people: [who('5')] }), 7)).toEqual({ identity_ids: ['5'], note: null, rev: 7 })
    expect(actBody('withdraw', null, s(), 7)).toEqual({ round: null, rev: 7 })
    expect(actBody('archive', 't1', s({ retention: 'permanent' }), 7)).toEqual({ task_id: 't1', rev: 7, retention: 'permanent', fonds_note: null })
  })
  it('says what is missing', () => {
    expect(actErrors('preliminary_review', s())).toEqual({})
    expect(Object.keys(actErrors('preliminary_review', s({ pass: false })))).toEqual(['opinion'])
    expect(Object.keys(actErrors('instruct', s()))).toEqual(['opinion'])
    expect(actErrors('instruct', s({ ink: { width: 1, height: 1, strokes: [] } }))).toEqual({})
    expect(Object.keys(actErrors('assign', s()))).toEqual(['people', 'opinion'])
    expect(Object.keys(actErrors('assign', s({ self: true })))).toEqual(['text'])
    expect(Object.keys(actErrors('return', s()))).toEqual(['round', 'text'])
    expect(Object.keys(actErrors('transfer', s()))).toEqual(['people', 'text'])
    expect(Object.keys(actErrors('circulate', s({ people: [who('1')] })))).toEqual([])
    expect(Object.keys(actErrors('complete', s()))).toEqual(['text'])
    expect(actErrors('urge', s())).toEqual({})
  })
  it('opens the one form that is mine, and finds the leader\'s verbs', () => {
    expect(openAtOnce([act('return'), act('instruct', { primary: true })])?.act).toBe('instruct')
    expect(openAtOnce([act('instruct', { primary: true, allowed: false })])).toBeNull()
    expect(openAtOnce([act('claim', { primary: true })])).toBeNull()
    expect(openAtOnce([act('undertake', { primary: true }), act('circulation_read', { primary: true })])).toBeNull()
    expect(verbAct([act('transfer'), act('circulation_read', { allowed: false })])).toBeNull()
    expect(verbAct([act('transfer'), act('circulation_read')])?.act).toBe('circulation_read')
    expect(['ink', 'pass_on', 'target_round', 'plan.deadline', 'result', 'replied_date'].map(serverField)).toEqual(['opinion', 'people', 'round', 'plan', 'text', 'date'])
  })
})

describe('registration', () => {
  const full = (over = {}) => ({ ...emptyForm(TODAY), title: '通知', sender: '省政府', sender_rank: 'superior' as const, doc_number: '江政发〔2026〕1号', ...over })
  it('needs less at sign-in than at registration', () => {
    expect(formErrors({ ...emptyForm(TODAY), sender: '省政府' }, true, TODAY)).toEqual({})
    expect(Object.keys(formErrors(emptyForm(TODAY), true, TODAY))).toEqual(['sender'])
    expect(formErrors(full(), false, TODAY)).toEqual({})
    expect(Object.keys(formErrors({ ...emptyForm(TODAY), sender: '省政府' }, false, TODAY))).toEqual(['title', 'sender_rank', 'doc_number'])
    expect(formErrors(full({ doc_class: 'plain', doc_number: '' }), false, TODAY)).toEqual({})
    expect(Object.keys(formErrors(full({ doc_date: '2026-03-02', received_date: '2026-03-01' }), false, TODAY))).toEqual(['doc_date'])
    expect(Object.keys(formErrors(full({ received_date: '2026-03-03' }), false, TODAY))).toEqual(['received_date'])
    expect(Object.keys(formErrors(full({ title: '题'.repeat(201), copies: 0 }), false, TODAY))).toEqual(['title', 'copies'])
  })
  it('lets secret documents in only as paper, without files', () => {
    const file = { id: '1', name: 'a.pdf', size: 1, media_type: '', kind: 'pdf' as const, sha256: '', preview: 'ready' as const, preview_note: null }
    expect(Object.keys(formErrors(full({ secrecy: 'secret' }), false, TODAY))).toEqual(['secrecy'])
    expect(Object.keys(formErrors(full({ secrecy: 'secret', paper_only: true, files: [file] }), false, TODAY))).toEqual(['files'])
    expect(formErrors(full({ secrecy: 'secret', paper_only: true }), false, TODAY)).toEqual({})
    expect(registerBody(full({ secrecy: 'none', paper_only: true }), 't', false)).toMatchObject({ paper_only: false, task_id: 't', confirm_duplicate: false, genre: null })
  })
  it('tidies a number as clerks type it and reads the genre off the title', () => {
    expect(tidyNumber(' 江政发[2026] 18号 ')).toBe('江政发〔2026〕18号')
    expect(tidyNumber('江政发（2026）018')).toBe('江政发〔2026〕18号')
    expect(tidyNumber('江政发〔2026〕第8号')).toBe('江政发〔2026〕第8号')
    expect(tidyNumber('内部便函')).toBe('内部便函')
    expect(genreOf('关于开展检查的通知（试行）', ['通知', '通报'])).toBe('通知')
    expect(genreOf('某某材料', ['通知'])).toBeNull()
  })
  it('keeps the server\'s words at the fields', () => {
    expect(serverErrors(new ApiError(422, { fields: [{ field: 'file_ids', message: '文件' }, { field: 'title', message: '标题' }] }))).toEqual({ files: '文件', title: '标题' })
    expect(serverErrors(new ApiError(422, { code: 'secrecy_refused', detail: '不得录入' }))).toEqual({ secrecy: '不得录入' })
    expect(serverErrors(new ApiError(409, { code: 'duplicate_document', fields: [{ field: 'doc_number', message: '' }] }))).toEqual({})
  })
  it('takes only known and sound values out of a draft', () => {
    const base = emptyForm(TODAY)
    expect(fromDraft({ title: '草稿', copies: 'x', evil: 1, sender_rank: 'superior' }, base)).toEqual({ ...base, title: '草稿', sender_rank: 'superior' })
    expect(fromDraft(null, base)).toBe(base)
  })
})

describe('duplicates', () => {
  afterEach(() => { vi.useRealTimers() })
  const dup = (id: string): Duplicate => ({ id, serial_no: null, title: id, received_date: TODAY, registered_by: null })
  it('asks once after typing stops and forgets late answers', async () => {
    vi.useFakeTimers()
    const number = ref('江')
    const answers: ((d: Duplicate[]) => void)[] = []
    const ask = vi.fn(() => new Promise<Duplicate[]>((r) => { answers.push(r) }))
    const scope = effectScope()
    const d = scope.run(() => useDuplicates(() => ({ doc_number: number.value, sender: '省' }), ask, 400))!
    number.value = '江政'; await nextTick()
    number.value = '江政发'; await nextTick()
    expect(ask).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(400)
    expect(ask).toHaveBeenCalledTimes(1)
    number.value = '江政发〔2026〕1号'; await nextTick()
    await vi.advanceTimersByTimeAsync(400)
    answers[1]?.([dup('new')])
    answers[0]?.([dup('old')])
    await vi.advanceTimersByTimeAsync(0)
    expect(d.found.value.map((x) => x.id)).toEqual(['new'])
    number.value = ''; await nextTick()
    expect(d.found.value).toEqual([])
    scope.stop()
  })
  it('has nothing to compare without a number', () => {
    expect(worthAsking({ doc_number: ' 1 ', sender: '省' })).toBe(false)
    expect(worthAsking({ doc_number: '1号', sender: '' })).toBe(true)
  })
})

describe('drafts', () => {
  afterEach(() => { vi.useRealTimers() })
  it('makes one draft, then changes it, and leaves nothing after submitting', async () => {
    vi.useFakeTimers()
    const data = ref({ title: '' })
    const api = { list: vi.fn(async () => []), read: vi.fn(), save: vi.fn(async () => ({ id: 'd1' })), drop: vi.fn(async () => undefined) }
    const scope = effectScope()
    const a = scope.run(() => useAutosave({ path: '/incoming/5/register', title: () => data.value.title, data: () => data.value, dirty: () => data.value.title !== '', wait: 100, api: api as unknown as DraftApi }))!
    data.value = { title: '甲' }; await nextTick(); await vi.advanceTimersByTimeAsync(100)
    data.value = { title: '甲乙' }; await nextTick(); await vi.advanceTimersByTimeAsync(100)
    expect(api.save.mock.calls.map((c) => (c as unknown[])[0])).toEqual(['new', 'd1'])
    data.value = { title: '甲乙丙' }; await nextTick()
    await a.discard()
    await vi.advanceTimersByTimeAsync(500)
    expect(api.save).toHaveBeenCalledTimes(2)
    expect(api.drop).toHaveBeenCalledWith('d1')
    scope.stop()
  })
  it('takes up the draft of this page and no other', async () => {
    const rows = [{ id: '1', kind: 'incoming', title: '', saved_at: 1, path: '/incoming/6/register' }, { id: '2', kind: 'incoming', title: '', saved_at: 2, path: '/incoming/5/register?draft=2' }]
    const api = { list: async () => rows, read: vi.fn(async (id: string) => ({ ...rows[1], id, data: { title: '乙' } })), save: vi.fn(), drop: vi.fn() }
    const scope = effectScope()
    const a = scope.run(() => useAutosave({ path: '/incoming/5/register', title: () => '', data: () => ({}), dirty: () => false, api: api as unknown as DraftApi }))!
    expect(await a.load()).toEqual({ title: '乙' })
    expect(api.read).toHaveBeenCalledWith('2')
    scope.stop()
  })
})

describe('list, books, to-dos', () => {
  it('sends only parameters the server knows', () => {
    expect(listQuery({ q: '防汛', tab: 'x', status: 'active', sort: '' })).toEqual({ q: '防汛', status: 'active' })
    expect(orderDates({ received_from: '2026-03-02', received_to: '2026-03-01' })).toEqual({ received_from: '2026-03-01', received_to: '2026-03-02' })
    expect(fixSort('deadline_desc')).toBe('deadline_asc')
    expect(filterFields().map((f) => f.key)).toEqual(expect.arrayContaining(['doc_class', 'source', 'urgency', 'secrecy', 'genre', 'status', 'received', 'deadline_state', 'mine', 'serial_no']))
    expect(choicesOf([{ key: 'a', title: '甲' }, 'b'], { b: '乙' })).toEqual([{ value: 'a', label: '甲' }, { value: 'b', label: '乙' }])
    expect(choicesOf([], { b: '乙' })).toEqual([{ value: 'b', label: '乙' }])
  })
  it('rules whole pages and heads the 29 columns', () => {
    expect(ruled([1, 2], 4)).toEqual([1, 2, null, null])
    expect([pageCount(0), pageCount(15), pageCount(16), pageCount(null)]).toEqual([1, 1, 2, null])
    expect(yearsUpTo(2026, 1)).toEqual([2026, 2025])
    expect(columnGroups([{ key: 'sign_in_mark' }, { key: 'sign_in_by' }, { key: 'proposed_by' }, { key: 'deadline' }])).toEqual([{ title: '签收', span: 2 }, { title: '拟办', span: 1 }, { title: '期限与催办', span: 1 }])
    expect(columnGroups(Array.from({ length: 29 }, (_, i) => ({ key: `c${i}` }))).reduce((n, g) => n + g.span, 0)).toBe(29)
  })
  it('finds the next to-do, also after this one left the list', () => {
    const items = ['/incoming/1', '/incoming/2?x=1', '/incoming/3'].map((path) => ({ path }))
    expect(neighbours(items, '/incoming/2')).toEqual({ previous: '/incoming/1', next: '/incoming/3', place: 2, count: 3 })
    expect(neighbours([items[0]!, items[2]!], '/incoming/2', 1)).toMatchObject({ previous: '/incoming/1', next: '/incoming/3', place: 0 })
    expect(neighbours([], '/incoming/2', 1)).toMatchObject({ previous: null, next: null })
    const key = (k: string, target: EventTarget = document.body, ctrlKey = false) => stepOf({ key: k, ctrlKey, metaKey: false, altKey: false, target })
    expect([key('j'), key('ArrowLeft'), key('x'), key('j', document.createElement('textarea')), key('j', document.body, true)]).toEqual(['next', 'previous', null, null, null])
  })
  it('tells what waits for registration', () => {
    expect(registerTasks([{ step: 'register', step_title: '登记' }, { step: 'propose', step_title: '拟办' }] as WorkItem[])).toHaveLength(1)
    expect(unregistered([{ serial_no: null, status: 'active' }, { serial_no: null, status: 'void' }, { serial_no: '1', status: 'active' }] as IncomingRow[])).toHaveLength(1)
    expect(opinionsAt([{ step: 'instruct_in_order' }, { step: 'instruct' }, { step: 'review' }] as Opinion[], 'instruct')).toHaveLength(2)
  })
})
