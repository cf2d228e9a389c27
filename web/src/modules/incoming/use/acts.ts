/** Which form belongs to which act, what it must hold, and what is sent. */
import type { Ink } from '@/shared/api/types'
import type { Chosen } from '@/shared/ui/org/choice'
import type { Act, Plan } from './types'
import { toPlan, type PlanForm } from './plan'

export type FormKind = 'direct' | 'confirm' | 'page' | 'opinion' | 'plan' | 'assign' | 'text' | 'archive' | 'return' | 'people'
export interface ActForm {
  kind: FormKind
  /** Label of the text field. */
  label: string
  submit: string
  hint: string
  required: boolean
}
const form = (kind: FormKind, submit: string, label = '意见', required = false, hint = ''): ActForm => ({ kind, label, submit, hint, required })

export const ACT_FORMS: Record<string, ActForm> = {
  claim: form('direct', '认领'),
  unclaim: form('direct', '退还'),
  read: form('direct', '我知道了'),
  withdraw: form('confirm', '撤回', '', false, '撤回后由您重新办理；对方已经办理的不能撤回。撤回本身也会留下记录。'),
  register: form('page', '登记'),
  edit: form('page', '修改登记'),
  preliminary_review: form('opinion', '提交初审', '初审意见'),
  propose: form('plan', '提交拟办'),
  review: form('plan', '同意'),
  instruct: form('opinion', '提交批示', '批示意见', true),
  dispatch: form('plan', '分发'),
  liaison_forward: form('opinion', '转送负责人', '转送意见', false, '转送给本部门负责人拟办。'),
  assign: form('assign', '交办', '拟办意见', true),
  undertake: form('text', '提交办理情况', '办理情况', true, '写明怎么办的、办到什么程度。'),
  circulation_read: form('opinion', '我已阅', '阅文意见'),
  reply: form('text', '提交答复', '答复内容', true),
  complete: form('text', '办结', '办理结果', true, '办结后不能再分送承办，请先核对各部门办理情况。'),
  archive: form('archive', '归档', '归档说明', false, '归档后原文、附件和办理痕迹一并封存，不能再改动。'),
  return: form('return', '退回', '退回理由', true),
  transfer: form('people', '转办', '转办理由', true, '转给他人后，此件由他办理，您这里不再保留待办。'),
  circulate: form('people', '知会', '附言', false, '对方收到一件待阅，不影响办理进程。'),
  urge: form('text', '发出催办', '催办附言', false, '承办人会收到提醒。'),
  void: form('text', '作废', '作废原因', true, '作废后收文编号保留并注明作废，不再使用。'),
}
export const formOf = (act: string): ActForm => ACT_FORMS[act] ?? form('text', '提交', '说明')

export interface ActState {
  pass: boolean
  opinion: string
  ink: Ink | null
  plan: PlanForm | null
  self: boolean
  people: Chosen[]
  text: string
  date: string | null
  retention: string
  round: number | null
  then: 'straight_back' | 'rerun'
}
export const emptyState = (today: string): ActState => ({ pass: true, opinion: '', ink: null, plan: null, self: false, people: [], text: '', date: today, retention: '30y', round: null, then: 'straight_back' })

export type ActErrors = Partial<Record<'opinion' | 'text' | 'people' | 'date' | 'retention' | 'round' | 'plan', string>>

/** What is missing before anything is sent. */
export function actErrors(act: string, s: ActState): ActErrors {
  const e: ActErrors = {}
  const f = formOf(act)
  const has = (t: string) => t.trim().length > 0
  if (act === 'preliminary_review' && !s.pass && !has(s.opinion)) e.opinion = '退文须写明理由。'
  if (act === 'instruct' && !has(s.opinion) && !s.ink) e.opinion = '请填写或手写批示意见。'
  if (act === 'assign') {
    if (s.self) { if (!has(s.text)) e.text = '自办须填写办理情况。' } else {
      if (!s.people.length) e.people = '请指定承办人，或选择自己办理。'
      if (!has(s.opinion)) e.opinion = '请填写拟办意见。'
    }
  }
  if (f.kind === 'text' && f.required && !has(s.text)) e.text = `请填写${f.label}。`
  if (act === 'reply' && !s.date) e.date = '请选择答复日期。'
  if (act === 'archive' && !s.retention) e.retention = '请选择保管期限。'
  if (act === 'return') { if (s.round === null) e.round = '请选择退到哪一步。'; if (!has(s.text)) e.text = '请写明退回理由，便于对方改正。' }
  if (f.kind === 'people') { if (!s.people.length) e.people = act === 'transfer' ? '请选择转给谁。' : '请选择知会对象。'; if (f.required && !has(s.text)) e.text = `请填写${f.label}。` }
  return e
}

const opt = (t: string): string | null => t.trim() || null

/** The body of the act. `changed` says whether a reviewer altered the plan; `rev` is what the page saw. */
export function actBody(act: string, taskId: string | null, s: ActState, rev: number, changed = true): Record<string, unknown> {
  const task = { task_id: taskId, rev }
  const plan = (): Plan | null => (s.plan ? toPlan(s.plan) : null)
  switch (act) {
    case 'preliminary_review': return { ...task, pass: s.pass, opinion: opt(s.opinion) }
    case 'propose': return { ...task, plan: plan() }
    case 'review': return { ...task, plan: changed ? plan() : null, opinion: opt(s.opinion), agree: true }
    case 'instruct': return { ...task, opinion: s.opinion.trim(), ink: s.ink }
    case 'dispatch': return { ...task, plan: plan(), opinion: opt(s.opinion) }
    case 'liaison_forward': return { ...task, opinion: opt(s.opinion) }
    case 'assign': return { ...task, opinion: s.opinion.trim(), undertaker_identity_id: s.self ? null : (s.people[0]?.id ?? null), result: s.self ? s.text.trim() : null }
    case 'undertake': return { ...task, result: s.text.trim() }
    case 'circulation_read': return { ...task, opinion: opt(s.opinion), ink: s.ink, pass_on: s.people.map((c) => c.id) }
    case 'reply': return { ...task, reply_text: s.text.trim(), replied_date: s.date }
    case 'complete': return { ...task, handling_result: s.text.trim() }
    case 'archive': return { ...task, retention: s.retention, fonds_note: opt(s.text) }
    case 'return': return { ...task, target_round: s.round, reason: s.text.trim(), then: s.then }
    case 'withdraw': return { round: s.round, rev }
    case 'transfer': return { ...task, identity_id: s.people[0]?.id ?? null, reason: s.text.trim() }
    case 'circulate': return { identity_ids: s.people.map((c) => c.id), note: opt(s.text), rev }
    case 'urge': return { message: opt(s.text), rev }
    case 'void': return { reason: s.text.trim(), rev }
    default: return task
  }
}

/** Server field → field of the form. */
export function serverField(field: string): keyof ActErrors {
  if (field === 'opinion' || field === 'ink') return 'opinion'
  if (['identity_id', 'identity_ids', 'pass_on', 'undertaker_identity_id'].includes(field)) return 'people'
  if (field === 'replied_date') return 'date'
  if (field === 'retention') return 'retention'
  if (field === 'target_round' || field === 'then') return 'round'
  return field.startsWith('plan') ? 'plan' : 'text'
}

/** The act whose form lies open at once: the one primary act that may be done and needs a form. */
export function openAtOnce(acts: Act[]): Act | null {
  const own = acts.filter((a) => a.allowed && a.primary && !['direct', 'confirm', 'page'].includes(formOf(a.act).kind))
  return own.length === 1 ? (own[0] ?? null) : null
}
/** Steps at which a leader reads, writes or signs: three verbs on the phone. */
export const verbAct = (acts: Act[]): Act | null => acts.find((a) => a.allowed && (a.act === 'instruct' || a.act === 'circulation_read')) ?? null
/** Acts that are shown in the header rather than in the bar. */
export const barActs = (acts: Act[]): Act[] => acts.filter((a) => a.act !== 'edit')
export const editAct = (acts: Act[]): Act | null => acts.find((a) => a.act === 'edit') ?? null
