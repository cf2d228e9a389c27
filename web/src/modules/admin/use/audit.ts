/** The audit log: conditions and how a change is shown. */
import type { Query } from '@/shared/api/http'
import type { QueryValues } from '@/shared/api/types'
import { dayEnd, dayStart, timeText } from '@/shared/i18n/time'
import { REACH, ROLE_TITLE } from './roles'

/** Operations by module: the beginning of their keys. */
export const MODULES: Record<string, string> = { access: '登录与授权', org: '组织机构与人员', setting: '参数设置', calendar: '节假日', numbering: '字号', file: '附件', flow: '流程办理', incoming: '收文', home: '草稿与关注', audit: '审计导出' }
const ENTITY: Record<string, string> = {
  org_node: '机构', org_person: '人员', org_identity: '身份', identity: '身份', org_import: '导入', session: '登录', account: '账号', grant: '授权', setting: '参数', site: '网站', calendar_year: '放假安排', file: '附件', incoming_doc: '收文', incoming_package: '归档包', paper: '打印稿',
  flow_instance: '办理流程', flow_task: '办理任务', flow_timer: '流程定时', flow_watch: '关注', flow_def: '流程定义', delegation: '委托', phrase: '常用语', preference: '个人设置', filter: '常用筛选', home_draft: '草稿', audit: '审计日志', numbering_void: '作废编号',
}
export const entityText = (e: string): string => ENTITY[e] ?? e

/** From the address to the server's parameters. */
export function auditQuery(q: QueryValues): Query {
  const [a, b] = q.from && q.to && q.from > q.to ? [q.to, q.from] : [q.from, q.to]
  return { q: q.q, actor: q.actor, op: q.op, from_at: a ? dayStart(a) : undefined, to_at: b ? dayEnd(b) + 1 : undefined }
}

const CODES: Record<string, string> = {
  ok: '成功', forbidden: '无权', not_found: '不在可见范围', login_failed: '密码不对', login_locked: '已被锁定', account_locked: '账号已停用', stale: '内容已变', invalid: '内容有误', not_yourself: '不能办自己的事', role_exclusive: '三员分立', last_sec_admin: '最后一位安全管理员', unauthenticated: '未登录',
}
export const resultText = (r: string): string => (r === 'ok' ? '成功' : `拒绝：${CODES[r] ?? r}`)

const FIELD: Record<string, string> = {
  name: '姓名或名称', key: '名目', value: '值', unchanged: '没有变化', node_id: '机构编号', grants_dropped: '收回角色数', into_name: '并入', identities: '身份', off: '放假', work: '上班', source: '依据', list: '列表', dropped: '删除', edited: '修改', added: '新增', hashes: '文件', until_at: '止', from: '原值', to: '新值', role: '角色', identity_id: '身份编号', person_id: '人员编号', revoked: '撤销', ended: '结束', login: '登录名', reason: '原因', title: '标题', status: '状态', year: '年份', rows: '行数', parent_id: '上级编号', parent: '上级', into: '并入', into_id: '并入编号', heir_id: '接办身份编号', heir_identity_id: '接办身份编号',
  items: '移交事项数', handed_over: '移交事项数', mobile: '手机', post: '职务', rank: '级别', is_head: '负责人', is_liaison: '综合代表', is_primary: '主身份', must_change: '须改密码', __if_match: '所见版本', created: '新增', updated: '更新', q: '关键词', op: '操作', actor: '人员', from_at: '起', to_at: '止', version: '版本', code: '编码', sort: '排序', short_name: '简称', unit_kind: '单位类型', kind: '类别', scope: '范围', act: '动作', size: '大小', nodes: '机构', people: '人员',
}
const STATUS: Record<string, string> = { active: '正常', locked: '停用', left: '离职', ended: '结束', merged: '已合并', closed: '已撤销' }
const ACT: Record<string, string> = { create: '新增', update: '修改', edit: '修改', move: '移动', merge: '合并', close: '撤销', end: '结束', leave: '离职', supervise: '分管' }
export interface ChangeLine { key: string; label: string; text: string }

function valueText(key: string, v: unknown): string {
  if (v === null || v === undefined || v === '') return '（空）'
  if (typeof v === 'boolean') return v ? '是' : '否'
  if (typeof v === 'number' && /_at$/.test(key) && v > 1e11) return timeText(v)
  if (Array.isArray(v)) return v.map((x) => (typeof x === 'object' ? JSON.stringify(x) : String(x))).join('、') || '（空）'
  if (key === 'role') return ROLE_TITLE[String(v)] ?? String(v)
  if (key === 'status') return STATUS[String(v)] ?? String(v)
  if (key === 'act') return ACT[String(v)] ?? String(v)
  return key === 'scope' ? (REACH[String(v)] ?? String(v)) : String(v)
}

/** The change as lines; nested objects are written as path. */
export function changeLines(change: unknown, path = ''): ChangeLine[] {
  if (change === null || change === undefined) return []
  if (typeof change !== 'object' || Array.isArray(change)) return [{ key: path || '.', label: path || '内容', text: valueText(path, change) }]
  return Object.entries(change).flatMap(([k, v]) => {
    const at = path ? `${path}.${k}` : k
    if (v && typeof v === 'object' && !Array.isArray(v)) {
      const o = v as Record<string, unknown>
      if ('from' in o && 'to' in o && Object.keys(o).length === 2) return [{ key: at, label: FIELD[k] ?? k, text: `${valueText(k, o.from)} → ${valueText(k, o.to)}` }]
      return changeLines(v, at)
    }
    return [{ key: at, label: at.split('.').map((p) => FIELD[p] ?? p).join(' · '), text: valueText(k, v) }]
  })
}
/** One line for the list. */
export function changeText(change: unknown): string {
  return changeLines(change).filter((l) => !/_id$/.test(l.key)).map((l) => `${l.label} ${l.text}`).join('；')
}
