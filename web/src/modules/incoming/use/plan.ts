/** The handling plan 拟办方案 as the editor holds it: rules of form, what changed, who gets what. */
import type { Chosen } from '@/shared/ui/org/choice'
import type { ApiError } from '@/shared/api/errors'
import type { Mode, Plan, Role } from './types'
import { MODE, ROLE } from './words'

export interface PlanForm {
  kind: 'read' | 'handle'
  proposed: string
  needsReview: boolean
  instruct: Chosen[]
  instructMode: Mode
  readers: Chosen[]
  readMode: Mode
  leads: Chosen[]
  assists: Chosen[]
  deadline: string | null
  /** Undefined where the server hides it: then it is neither shown nor sent. */
  urge: boolean | undefined
  remindDays: number | null | undefined
  reply: boolean
}
export type PlanField = 'kind' | 'proposed' | 'instruct' | 'readers' | 'undertakings' | 'deadline' | 'remindDays'
export type PlanErrors = Partial<Record<PlanField, string>>

export function emptyPlan(deadline: string | null = null): PlanForm {
  return { kind: 'handle', proposed: '', needsReview: true, instruct: [], instructMode: 'in_order', readers: [], readMode: 'all', leads: [], assists: [], deadline, urge: true, remindDays: 2, reply: false }
}

const person = (p: Plan, id: string): Chosen => ({ kind: 'identity', id, name: p.people?.[id] ?? `（${id}）`, hint: '' })
const node = (p: Plan, id: string): Chosen => ({ kind: 'node', id, name: p.nodes?.[id] ?? `（${id}）`, hint: '' })

export function fromPlan(p: Plan): PlanForm {
  const nodes = (role: Role) => p.undertakings.filter((u) => u.role === role).map((u) => node(p, u.node_id))
  return {
    kind: p.kind, proposed: p.proposed_handling, needsReview: p.needs_review,
    instruct: p.instruct.identity_ids.map((id) => person(p, id)), instructMode: p.instruct.mode,
    readers: p.circulation.identity_ids.map((id) => person(p, id)), readMode: p.circulation.mode,
    leads: nodes('lead'), assists: nodes('assist'), deadline: p.deadline, urge: p.urge, remindDays: p.pre_reminder_days, reply: p.reply_required,
  }
}

export function toPlan(f: PlanForm): Plan {
  const out: Plan = {
    kind: f.kind, proposed_handling: f.proposed.trim(), needs_review: f.needsReview,
    instruct: { identity_ids: f.instruct.map((c) => c.id), mode: f.instructMode },
    circulation: { mode: f.readMode, identity_ids: f.readers.map((c) => c.id) },
    undertakings: [...f.leads.map((c) => ({ role: 'lead' as const, node_id: c.id })), ...f.assists.map((c) => ({ role: 'assist' as const, node_id: c.id }))],
    deadline: f.deadline, reply_required: f.reply,
  }
  if (f.urge !== undefined) out.urge = f.urge
  if (f.remindDays !== undefined && f.urge !== false) out.pre_reminder_days = f.remindDays
  return out
}

/** The same rules as the server's, for an instant word. `kept` is a deadline that may stay although it is past. */
export function planErrors(f: PlanForm, today: string, kept: string | null = null): PlanErrors {
  const e: PlanErrors = {}
  const n = f.proposed.trim().length
  if (!n) e.proposed = '请填写拟办意见。'
  else if (n > 2000) e.proposed = `拟办意见最多 2000 字，现有 ${n} 字，请精简。`
  const both = f.leads.filter((l) => f.assists.some((a) => a.id === l.id))
  if (both.length) e.undertakings = `${both.map((c) => c.name).join('、')}不能既主办又协办，请去掉一处。`
  else if (f.kind === 'handle' && !f.leads.length) e.undertakings = '办件至少要有一个主办部门，请选择。'
  else if (!f.leads.length && f.assists.length) e.undertakings = '有协办部门时须先明确主办部门。'
  if (!f.instruct.length && !f.readers.length && !f.leads.length && !f.assists.length) e.readers = '请至少选择批示领导、传阅人员或承办部门中的一项。'
  if (f.deadline && f.deadline < today && f.deadline !== kept) e.deadline = '办文期限不能早于今天。'
  if (typeof f.remindDays === 'number' && (f.remindDays < 0 || f.remindDays > 60 || !Number.isInteger(f.remindDays))) e.remindDays = '预先提醒应为 0 至 60 个工作日。'
  return e
}

const FIELD: [prefix: string, field: PlanField][] = [
  ['plan.kind', 'kind'], ['plan.proposed_handling', 'proposed'], ['plan.instruct', 'instruct'], ['plan.circulation', 'readers'],
  ['plan.undertakings', 'undertakings'], ['plan.deadline', 'deadline'], ['plan.pre_reminder_days', 'remindDays'],
]
/** The server's word, at the field of the editor. */
export function serverPlanErrors(error: ApiError | null): PlanErrors {
  const e: PlanErrors = {}
  for (const f of error?.fields ?? []) {
    const hit = FIELD.find(([p]) => f.field === p || f.field.startsWith(`${p}.`) || f.field === p.slice(5))
    if (hit) e[hit[1]] ??= f.message
  }
  return e
}

export interface PlanChange { key: string; label: string; before: string; after: string }
const names = (list: Chosen[], ordered = false) => list.map((c, i) => (ordered && list.length > 1 ? `${i + 1}.${c.name}` : c.name)).join('、') || '无'
const yes = (b: boolean | undefined) => (b ? '是' : '否')

/** What the second plan changes in the first, in words. */
export function diffPlans(a: PlanForm, b: PlanForm): PlanChange[] {
  const out: PlanChange[] = []
  const put = (key: string, label: string, before: string, after: string) => { if (before !== after) out.push({ key, label, before, after }) }
  put('kind', '办理类别', a.kind === 'read' ? '阅件' : '办件', b.kind === 'read' ? '阅件' : '办件')
  put('proposed', '拟办意见', a.proposed.trim(), b.proposed.trim())
  put('needsReview', '送审阅', yes(a.needsReview), yes(b.needsReview))
  const led = (f: PlanForm) => (f.instruct.length ? `${names(f.instruct, f.instructMode === 'in_order')}${f.instruct.length > 1 ? `（${MODE[f.instructMode]}）` : ''}` : '无')
  const read = (f: PlanForm) => (f.readers.length ? `${names(f.readers, f.readMode === 'in_order')}${f.readers.length > 1 ? `（${MODE[f.readMode]}）` : ''}` : '无')
  put('instruct', '批示领导', led(a), led(b))
  put('readers', '传阅人员', read(a), read(b))
  put('leads', '主办部门', names(a.leads), names(b.leads))
  put('assists', '协办部门', names(a.assists), names(b.assists))
  put('deadline', '办文期限', a.deadline ?? '未设', b.deadline ?? '未设')
  if (a.urge !== undefined && b.urge !== undefined) put('urge', '催办', yes(a.urge), yes(b.urge))
  if (a.remindDays !== undefined && b.remindDays !== undefined) put('remindDays', '预先提醒', `${a.remindDays ?? '不提醒'}`, `${b.remindDays ?? '不提醒'}`)
  put('reply', '需要答复', yes(a.reply), yes(b.reply))
  return out
}

export interface TextPart { text: string; kind: 'same' | 'add' | 'del' }
/** Characters kept, added and taken away between two texts (longest common run of characters). */
export function diffText(a: string, b: string): TextPart[] {
  const x = Array.from(a), y = Array.from(b)
  if (x.length * y.length > 400_000) return [{ text: a, kind: 'del' }, { text: b, kind: 'add' }]
  const w = y.length + 1
  const t = new Uint16Array((x.length + 1) * w)
  const at = (i: number, j: number) => t[i * w + j] ?? 0
  for (let i = x.length - 1; i >= 0; i--) for (let j = y.length - 1; j >= 0; j--) t[i * w + j] = x[i] === y[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  const out: TextPart[] = []
  const push = (text: string | undefined, kind: TextPart['kind']) => {
    const last = out[out.length - 1]
    if (last?.kind === kind) last.text += text ?? ''
    else out.push({ text: text ?? '', kind })
  }
  let i = 0, j = 0
  while (i < x.length || j < y.length) {
    if (i < x.length && j < y.length && x[i] === y[j]) { push(x[i], 'same'); i++; j++ }
    else if (i < x.length && (j >= y.length || at(i + 1, j) >= at(i, j + 1))) { push(x[i], 'del'); i++ }
    else { push(y[j], 'add'); j++ }
  }
  return out
}

export interface SummaryLine { who: string; gets: string; how: string }
/** Who gets what when this plan is sent out; said before the confirmation. */
export function summaryOf(f: PlanForm, stage: 'propose' | 'dispatch'): SummaryLine[] {
  const out: SummaryLine[] = []
  if (stage === 'propose' && f.needsReview) out.push({ who: '办公室主任', gets: '审阅拟办意见', how: '审阅后再往下送' })
  if (stage === 'propose' && f.instruct.length) out.push({ who: names(f.instruct, f.instructMode === 'in_order'), gets: '批示', how: f.instruct.length > 1 ? `${MODE[f.instructMode]}送达` : '批示后回到您这里分发' })
  if (f.readers.length) out.push({ who: names(f.readers, f.readMode === 'in_order'), gets: '传阅', how: f.readers.length > 1 ? `${MODE[f.readMode]}送达` : '送达' })
  for (const c of f.leads) out.push({ who: c.name, gets: ROLE.lead ?? '', how: f.deadline ? `限 ${f.deadline} 前办结` : '未设期限' })
  for (const c of f.assists) out.push({ who: c.name, gets: ROLE.assist ?? '', how: '配合主办部门' })
  return out
}
