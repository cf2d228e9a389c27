/** A flow definition told in Chinese, step by step from top to bottom. */
import { ROLE_TITLE } from './roles'

type Tagged = string | Record<string, unknown>
export interface FlowStepDef {
  id: string
  title: string
  kind: Tagged
  who: Tagged
  how_many: string
  acts: Record<string, unknown>
  decisions: { name: string; title: string; effect: Tagged }[]
  limit_days: number | null
  limit_from: string | null
  limit_when: Tagged | null
  pre_remind_from: string | null
  overdue: { every_days: number | null; times: number; then: Tagged }
  empty: Tagged
  mandatory: boolean
}
export interface FlowDef { key: string; version: number; title: string; steps: FlowStepDef[]; links: { from: string; to: string; when: Tagged }[] }
export interface FlowRow { id: string; key: string; version: number; title: string; status: 'published' | 'retired'; created_at: number }

export interface FlowLine {
  id: string
  title: string
  kind: string
  depth: number
  who: string
  how: string
  limits: string[]
  acts: string[]
  empty: string
  ways: { to: string; when: string }[]
}

const VARS: Record<string, string> = {
  preliminary_review: '启用收文初审', needs_review: '拟办意见需要审阅', instruct_ids: '已选定批示领导', circulate_ids: '已选定传阅人员', reply_required: '需要答复来文单位', undertakings: '已选定承办单位',
}
const FIELDS: Record<string, string> = { instruct_ids: '拟办时选定的批示领导', circulate_ids: '拟办时选定的传阅人员', 'item.node': '该承办单位', undertakings: '承办单位' }
const TIMES: Record<string, string> = { urge_due_at: '拟办时填写的办理期限', pre_remind_at: '拟办时填写的提醒时间' }
const VALUES: Record<string, string> = {
  'instruct_mode=in_order': '批示方式为依次', 'instruct_mode=all': '批示方式为同时', 'circulate_mode=in_order': '传阅方式为依次', 'circulate_mode=all': '传阅方式为同时', 'item.role=lead': '主办', 'item.role=assist': '协办',
}
const UNITS: Record<string, string> = { of_subject: '本单位', of_starter: '发起人所在单位', of_previous: '上一步办理人所在单位' }
const HOW: Record<string, string> = { single: '一人办理（多人时先签收者办）', any_sign: '同时送多人，一人办理即可', all_sign: '同时送多人，全部办理', sequential: '依次送达，逐人办理', quorum: '多人表决' }
const MAY: [string, string][] = [['may_return', '退回'], ['may_transfer', '转办'], ['may_add_signer', '加签'], ['may_help', '协助'], ['may_circulate', '传阅'], ['may_withdraw', '撤回']]

const tag = (t: Tagged | null | undefined): [string, unknown] => (typeof t === 'string' ? [t, null] : t ? (Object.entries(t)[0] ?? ['', null]) : ['', null])
const word = (map: Record<string, string>, key: unknown): string => map[String(key)] ?? String(key)

function unitText(u: Tagged): string {
  const [k, v] = tag(u)
  if (k === 'form_field') return word(FIELDS, v)
  return k === 'named' ? '指定单位' : word(UNITS, k)
}

export function whoText(who: Tagged, title: (step: string) => string): string {
  const [k, v] = tag(who)
  const o = (v ?? {}) as Record<string, unknown>
  switch (k) {
    case 'starter': return '发起人'
    case 'identity': return '指定的一人'
    case 'identities': return `指定的 ${(v as unknown[]).length} 人`
    case 'post': return '指定岗位'
    case 'role': return `${unitText((o.unit ?? 'of_subject') as Tagged)}的${word(ROLE_TITLE, o.role)}`
    case 'unit_head': return `${unitText(v as Tagged)}负责人`
    case 'superior_of': return '直接上级'
    case 'form_field': return word(FIELDS, v)
    case 'chosen_by_previous': return o.among ? `上一步从${whoText(o.among as Tagged, title)}中选定的人` : '上一步选定的人'
    case 'handler_of': return `“${title(String(v))}”的办理人`
    case 'any_of': return (v as Tagged[]).map((w) => whoText(w, title)).join('、')
    default: return '按规则确定'
  }
}

/** A condition; '' = always. */
export function condText(c: Tagged, decision: (name: string) => string): string {
  const [k, v] = tag(c)
  switch (k) {
    case 'always': case '': return ''
    case 'chosen': return '办理人选择此步'
    case 'decision': return `决定为“${decision(String(v))}”`
    case 'var_truthy': return VARS[String(v)] ?? `填写了“${String(v)}”`
    case 'var_eq': { const [name, value] = v as [string, unknown]; return VALUES[`${name}=${String(value)}`] ?? `“${name}”为“${String(value)}”` }
    case 'var_gt': { const [name, value] = v as [string, unknown]; return `“${name}”大于 ${String(value)}` }
    case 'not': { const inner = condText(v as Tagged, decision); return inner ? `不是：${inner}` : '不会发生' }
    case 'and': return (v as Tagged[]).map((x) => condText(x, decision)).filter(Boolean).join('，且')
    case 'or': return (v as Tagged[]).map((x) => condText(x, decision)).filter(Boolean).join('，或')
    default: return '按规则判断'
  }
}

const KIND: Record<string, string> = { start: '发起', task: '办理', circulate: '知会', fork: '同时进行', join: '汇合', exclusive: '分情况', end: '结束', each: '逐个进行' }

function limitsOf(s: FlowStepDef, decision: (n: string) => string): string[] {
  const out: string[] = []
  const only = s.limit_when ? condText(s.limit_when, decision) : ''
  const tail = only ? `（仅${only}）` : ''
  if (s.limit_from) out.push(`期限：${word(TIMES, s.limit_from)}${s.limit_days ? `，未填为 ${s.limit_days} 个工作日` : ''}${tail}`)
  else if (s.limit_days) out.push(`期限：${s.limit_days} 个工作日${tail}`)
  if (s.pre_remind_from) out.push(`到期前提醒：${word(TIMES, s.pre_remind_from)}`)
  if (s.overdue?.every_days) out.push(`超期后每 ${s.overdue.every_days} 个工作日提醒一次，共 ${s.overdue.times} 次`)
  return out
}

function emptyOf(s: FlowStepDef): string {
  const [k] = tag(s.empty)
  return { pass: '无人时跳过', reject: '无人时退文', named: '无人时交指定人员', block: '' }[k] ?? ''
}

/** Steps in the order of the work: after everything that leads to them; bodies of 同时 and 逐个 are indented. */
export function flowLines(def: FlowDef): FlowLine[] {
  const byId = new Map(def.steps.map((s) => [s.id, s]))
  const title = (id: string) => byId.get(id)?.title ?? id
  const depth = depths(def)
  const acting = (k: string) => k === 'task' || k === 'circulate' || k === 'start'
  return def.steps.map((s) => {
    const [kind, body] = tag(s.kind)
    const decision = (name: string) => def.steps.flatMap((x) => x.decisions ?? []).find((d) => d.name === name)?.title ?? name
    const links = def.links.filter((l) => l.from === s.id)
    const ways = links.map((l) => ({ to: titled(l.to, byId, links.map((x) => x.to)), when: condText(l.when, decision) || (links.length > 1 && kind !== 'fork' ? '其他情况' : '') }))
    for (const d of s.decisions ?? []) {
      const [e, v] = tag(d.effect)
      if (e === 'end') ways.push({ to: '结束', when: `决定为“${d.title}”` })
      if (e === 'return') ways.push({ to: title(String(v)), when: `决定为“${d.title}”` })
    }
    const each = kind === 'each' ? (body as { over: string; body_start: string }) : null
    return {
      id: s.id, title: s.title, kind: word(KIND, kind), depth: depth.get(s.id) ?? 0,
      who: acting(kind) ? whoText(s.who, title) : '',
      how: each ? `每个${word(FIELDS, each.over)}各走一遍` : kind === 'task' && manyPossible(s) ? word(HOW, s.how_many) : '',
      limits: acting(kind) ? limitsOf(s, decision) : [],
      acts: kind === 'task' ? MAY.filter(([k]) => s.acts?.[k] === true).map(([, t]) => t) : [],
      empty: kind === 'task' ? emptyOf(s) : '',
      ways: each ? [{ to: title(each.body_start), when: `每个${word(FIELDS, each.over)}` }, ...ways.map((w) => ({ ...w, when: w.when || '全部办完' }))] : ways,
    }
  })
}

/** One person by nature (starter, the handler of an earlier step) needs no word about how many. */
const manyPossible = (s: FlowStepDef): boolean => !['starter', 'handler_of', 'identity', 'unit_head'].includes(tag(s.who)[0])

/** Steps of the same name are told apart by how they are handled. */
function titled(id: string, byId: Map<string, FlowStepDef>, among: string[]): string {
  const s = byId.get(id)
  if (!s) return id
  const twin = among.some((x) => x !== id && byId.get(x)?.title === s.title)
  return twin && s.how_many === 'sequential' ? `${s.title}（依次）` : twin && s.how_many === 'all_sign' ? `${s.title}（同时）` : s.title
}

function depths(def: FlowDef): Map<string, number> {
  const out = new Map<string, number>()
  const byId = new Map(def.steps.map((s) => [s.id, s]))
  const go = (id: string, d: number) => {
    if (out.has(id)) return
    const s = byId.get(id)
    if (!s) return
    const [kind, body] = tag(s.kind)
    const at = kind === 'join' ? Math.max(0, d - 1) : d
    out.set(id, at)
    if (kind === 'each') {
      const b = body as { body_start: string; body_end: string }
      go(b.body_start, at + 1)
    }
    for (const l of def.links.filter((x) => x.from === id)) go(l.to, at + (kind === 'fork' ? 1 : 0))
  }
  const start = def.steps.find((s) => tag(s.kind)[0] === 'start') ?? def.steps[0]
  if (start) go(start.id, 0)
  return out
}

