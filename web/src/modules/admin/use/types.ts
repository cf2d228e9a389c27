/** Wire types of the administration. */
import type { Identity as Me, NodeKind, OrgNode } from '@/shared/api/types'

export interface Identity extends Me { is_head: boolean; is_liaison: boolean; status: 'active' | 'ended' }
export interface AdminPerson {
  id: string
  name: string
  mobile: string | null
  status: 'active' | 'left'
  login: string | null
  /** `none` without an account. */
  account_status: string
  identities: Identity[]
  version: number
}
export interface OpenItems { count: number; items: { title: string; step_title: string }[] }
export interface OrgOptions { unit_kinds: { key: string; title: string }[]; ranks: { rank: number; title: string }[] }
export interface Heir { identity_id: string; heir_identity_id: string | null; take_along?: boolean }
export interface NodeBody { parent_id?: string | null; kind?: NodeKind; unit_kind: string | null; name: string; short_name: string; code: string; sort?: number | null }
/** What the tree asks for when a row was dropped or moved by the dialog. */
export interface MoveAsk { node: OrgNode; parent: OrgNode | null; before: OrgNode | null }

export interface Fault { sheet: string; line: number; column: string; message: string }
export interface ImportReport { rows: number; created: number; updated: number; errors: Fault[]; warnings: Fault[] }

export interface SettingItem { key: string; title: string; kind: string; value: string; default: string; help: string }

export type DayKind = 'off' | 'work'
export interface CalendarDay { date: string; kind: DayKind; name: string }
export interface CalendarYear { year: number; known: boolean; source: string | null; known_years: number[]; days: CalendarDay[] }
export interface Notice { year: number; off: string[]; work: string[]; names: Record<string, string> }

export interface SeriesItem { id: string; unit_id: string; unit_name: string; key: string; title: string; year: number; next: number }

export interface RoleItem { key: string; title: string; grantable: boolean; permissions: { key: string; title: string; scope: string }[] }
export interface GrantItem { id: string; identity: Identity; role: string; role_title: string; granted_by: string; granted_at: number }
export interface AccountItem { person_id: string; name: string; login: string; status: 'active' | 'locked'; must_change_password: boolean; last_login_at: number | null; identities: Identity[]; roles: string[] }
export interface LiveSession { id: string; person_id: string; name: string; login: string; unit_name: string; post: string; created_at: number; last_seen_at: number; ip: string; user_agent: string; current: boolean }
export interface AuditItem {
  id: string
  at: number
  actor_name: string
  on_behalf_of: string | null
  unit_name: string | null
  op: string
  op_title: string
  entity: string
  entity_id: string | null
  change: unknown
  ip: string | null
  result: string
}
