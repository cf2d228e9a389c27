/** Forms about people, identities and nodes, and who takes work over. */
import type { NodeKind, OrgNode } from '@/shared/api/types'
import { loginOk, passwordOk } from '@/shared/i18n/password'
import type { Chosen } from '@/shared/ui/org/choice'
import type { Heir, Identity, OrgOptions } from './types'

export type Faults = Record<string, string>
const long = (s: string) => [...s.trim()].length

/** Mainland mobile numbers. */
export const mobileOk = (m: string): boolean => /^1\d{10}$/.test(m.trim())

export interface PersonForm { name: string; mobile: string; login: string; password: string; node: Chosen[]; post: string; rank: number; is_head: boolean; is_liaison: boolean }
export function personFaults(f: PersonForm, isNew: boolean): Faults {
  const out: Faults = {}
  if (!f.name.trim()) out.name = '请填写姓名'
  else if (long(f.name) > 50) out.name = '姓名不能超过 50 个字'
  if (f.mobile.trim() && !mobileOk(f.mobile)) out.mobile = '手机号应为 11 位数字，请检查'
  if (f.login.trim() && !loginOk(f.login)) out.login = '登录名为 3 至 32 位字母、数字、汉字、点、横线或下划线'
  if (isNew) {
    if (!f.node.length) out.node = '请选择所在单位或处室'
    if (f.password && !f.login.trim()) out.login = '填了初始密码，请同时填写登录名'
    if (f.login.trim() && !passwordOk(f.password, f.login)) out.password = f.password ? '初始密码不符合要求' : '建立账号须填初始密码，首次登录时本人修改'
    if (long(f.post) > 100) out.post = '职务不能超过 100 个字'
  }
  return out
}

export interface NodeForm { kind: NodeKind; unit_kind: string; name: string; short_name: string; code: string }
export function nodeFaults(f: NodeForm): Faults {
  const out: Faults = {}
  if (!f.name.trim()) out.name = '请填写全称'
  else if (long(f.name) > 100) out.name = '全称不能超过 100 个字'
  if (long(f.short_name) > 100) out.short_name = '简称不能超过 100 个字'
  if (f.code.trim() && !/^[\w.-]+$/.test(f.code.trim())) out.code = '编码只能用字母、数字、点、横线和下划线'
  if (f.kind === 'unit' && !f.unit_kind) out.unit_kind = '请选择单位类型'
  return out
}
/** Messages of the server stand beside those of the form. */
export function merged(own: Faults, server: { field: string; message: string }[] | undefined): Faults {
  const out = { ...own }
  for (const f of server ?? []) {
    const key = f.field.replace(/^identity\./, '').replace(/^node_id$/, 'node').replace(/^(initial_|new_)password$/, 'password')
    out[key] ??= f.message
  }
  return out
}

export const rankText = (rank: number | string | null, o: OrgOptions | undefined): string => {
  const n = Number(rank)
  return rank === null || !o ? '' : (o.ranks.find((r) => r.rank === n)?.title ?? `级别 ${n}`)
}
export const unitKindText = (k: string | null, o: OrgOptions | undefined): string => o?.unit_kinds.find((u) => u.key === k)?.title ?? ''

/** 单位 · 处室 · 职务 */
export const placeText = (i: { unit_name: string; division_name: string | null; post: string }): string => [i.unit_name, i.division_name, i.post].filter(Boolean).join(' · ')
export const flagsOf = (i: { is_primary: boolean; is_head?: boolean; is_liaison?: boolean }): string[] => [i.is_primary ? '主身份' : '', i.is_head ? '负责人' : '', i.is_liaison ? '综合代表' : ''].filter(Boolean)
export const nodeOf = (i: Identity): string => i.division_id ?? i.unit_id
export const asChosen = (n: OrgNode): Chosen => ({ kind: 'node', id: n.id, name: n.short_name || n.name, hint: n.name })

/* ---- heirs ---- */
export interface HeirRow { identity_id: string; label: string; count: number; along: boolean; heir: Chosen[] }
/** Rows for the identities that the server named (`heirs.<identity>`), keeping what was chosen before. */
export function heirRows(fields: { field: string; message: string }[], before: HeirRow[], along: boolean): HeirRow[] {
  return fields.flatMap((f) => {
    const id = /^heirs\.(.+)$/.exec(f.field)?.[1]
    if (!id) return []
    const old = before.find((r) => r.identity_id === id)
    const count = Number(/(\d+)\s*件/.exec(f.message)?.[1] ?? 0)
    return [{ identity_id: id, label: f.message.replace(/还有.*$/, ''), count, along: old?.along ?? along, heir: old?.heir ?? [] }]
  })
}
/** Rows that still want somebody. */
export const heirMissing = (rows: HeirRow[]): HeirRow[] => rows.filter((r) => r.count > 0 && !r.along && !r.heir.length)
/** An heir who leaves himself, or is the same identity, cannot take over. */
export function heirFault(row: HeirRow, rows: HeirRow[]): string {
  const h = row.heir[0]
  if (!h) return row.count > 0 && !row.along ? `请为 ${row.count} 件未办结事项选择接办人` : ''
  return rows.some((r) => r.identity_id === h.id) ? '接办人必须是另一个在岗的身份' : ''
}
export const heirBody = (rows: HeirRow[]): Heir[] =>
  rows.filter((r) => r.along || r.heir.length).map((r) => ({ identity_id: r.identity_id, heir_identity_id: r.along ? null : (r.heir[0]?.id ?? null), take_along: r.along }))
