/** Who may have which role: the same separation of duties (三员分立) as the server's, so that a refusal is explained before it is asked for. */
import type { RoleItem } from './types'

export const ADMIN_ROLES = ['sys_admin', 'sec_admin', 'auditor']
export const isAdmin = (role: string): boolean => ADMIN_ROLES.includes(role)

/** Titles of roles and of the two flags of an identity, where no catalogue is at hand. */
export const ROLE_TITLE: Record<string, string> = {
  registry: '收发员', secretary: '文秘', office_head: '办公室主任', leader: '单位领导', staff: '工作人员', doc_admin: '文档管理员', unit_admin: '单位管理员', sys_admin: '系统管理员', sec_admin: '安全管理员', auditor: '审计员', liaison: '综合代表',
}
const WHAT: Record<string, string> = {
  registry: '签收、登记来文，分发、归档，管收文登记簿', secretary: '初审、拟办，分发和办结本单位收文', office_head: '审阅拟办意见，掌握本单位全部收文', leader: '批示、圈阅，看本单位收文的办理情况',
  staff: '人人都有：承办交给自己的事项，查看与自己有关的公文', doc_admin: '维护本单位公文资料，纠正登记错误、作废误登', unit_admin: '维护本单位的处室和人员',
  sys_admin: '维护组织机构、人员、参数、节假日；看不到公文，也不能授权', sec_admin: '授予和撤销角色，停用账号、重置密码、结束会话；看不到公文', auditor: '查看和导出审计日志；看不到公文，不能改任何设置',
}
export const roleHelp = (key: string): string => WHAT[key] ?? ''
export const REACH: Record<string, string> = { own: '本人有关', division: '本处室', unit: '本单位', unit_tree: '本单位及下级', all: '全部' }

export interface Held { role: string; identity_id: string }

/** Why the role cannot be given to this identity; null = it can. */
export function grantFault(role: RoleItem, identityId: string, held: Held[], own: boolean, titleOf: (key: string) => string): string | null {
  if (!role.grantable) return '人人都有，无需授权'
  if (own) return '不能为自己授权，请由另一位安全管理员办理'
  if (held.some((h) => h.identity_id === identityId && h.role === role.key)) return '这个身份已有此角色'
  const clash = held.find((h) => h.role !== role.key && (isAdmin(h.role) || (isAdmin(role.key) && h.role !== 'staff')))
  if (!clash) return null
  return isAdmin(clash.role) && isAdmin(role.key)
    ? `此人已是${titleOf(clash.role)}；三员（系统、安全、审计）必须分由三人担任`
    : `此人已有“${titleOf(clash.role)}”；管理员角色不能与业务角色同在一人`
}
