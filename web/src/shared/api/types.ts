/** Wire types of the HTTP interface. Ids are strings, `*_at` are milliseconds UTC, dates are `YYYY-MM-DD`. */

export interface Page<T> { items: T[]; next: string | null; total?: number | null }
export interface Items<T> { items: T[] }

/* ---- session ---- */
export interface DemoAccount { login: string; name: string; title: string; hint: string }
export interface Bootstrap {
  site_name: string
  needs_setup: boolean
  demo: boolean
  demo_accounts: DemoAccount[]
  demo_password?: string | null
}
export interface Identity {
  id: string
  person_id: string
  name: string
  unit_id: string
  unit_name: string
  division_id: string | null
  division_name: string | null
  post: string
  rank: number | string | null
  is_primary: boolean
}
export type CountKey =
  | 'todo' | 'to_read' | 'mine' | 'drafts' | 'watch' | 'urges'
  | 'todo_urgent' | 'todo_due_soon' | 'todo_overdue' | 'sign_in_waiting'
export type Counts = Record<CountKey, number>
export interface Menu { key: string; title: string; path: string | null; icon: string | null; badge: CountKey | null; children: Menu[] }
export type HomeKind = 'work' | 'leader' | 'admin'
export interface Me {
  person_id: string
  name: string
  login: string
  identity: Identity
  identities: Identity[]
  roles: string[]
  permissions: string[]
  menus: Menu[]
  home: HomeKind
  must_change_password: boolean
  agent_for: { identity_id: string; name: string; until_at: number }[]
}
export interface SessionRow { id: string; created_at: number; last_seen_at: number; ip: string; user_agent: string; current: boolean }
export interface Phrase { id: string; text: string; sort: number; shared: boolean }
export type QueryValues = Record<string, string | undefined>
export interface SavedFilter { id: string; name: string; query: QueryValues }
export interface DelegationParty { identity_id: string; name: string; post: string }
export interface Delegation {
  id: string
  principal: DelegationParty
  agent: DelegationParty
  from_at: number
  until_at: number
  scope: string
  status: 'pending' | 'active' | 'ended'
  reason: string | null
}

/* ---- work lists ---- */
export type Urgency = 'normal' | 'urgent' | 'extra_urgent'
export interface WorkItem {
  task_id: string | null
  instance_id: string
  subject_kind: string
  subject_id: string
  title: string
  number: string | null
  sender: string | null
  urgency: Urgency
  step: string
  step_title: string
  from_name: string | null
  on_behalf_of: string | null
  received_at: number
  ended_at: number | null
  due_at: number | null
  days_left: number | null
  overdue: boolean
  action: string | null
  opinion: string | null
  visible_status: string
  urged_at: number | null
  /** What the urge said. */
  note?: string | null
  path: string
}
export interface DraftRow { id: string; kind: string; title: string; saved_at: number; path: string }
export interface Draft<T = unknown> extends DraftRow { data: T }

/* ---- files ---- */
export interface FileInfo {
  id: string
  name: string
  size: number
  media_type: string
  kind: 'pdf' | 'image' | 'word' | 'excel' | 'ofd' | 'wps' | 'other'
  sha256: string
  preview: 'ready' | 'pending' | 'unavailable' | 'failed'
  preview_note: string | null
  sort?: number
}

/* ---- organisation ---- */
export type NodeKind = 'region' | 'unit' | 'division'
export interface OrgNode {
  id: string
  parent_id: string | null
  kind: NodeKind
  unit_kind: string | null
  name: string
  short_name: string
  code: string | null
  sort: number
  status: 'active' | 'merged' | 'closed'
  has_children: boolean
  people_count: number
  version: number
}
export interface OrgNodeDetail extends OrgNode { path: { id: string; name: string }[] }
export interface OrgHit { kind: 'region' | 'unit' | 'division' | 'person'; id: string; name: string; hint: string; identity_id: string | null }
export interface PersonRow {
  identity_id: string
  person_id: string
  name: string
  post: string
  rank: number | string | null
  is_head: boolean
  is_liaison: boolean
  is_primary: boolean
  unit_name: string
  division_name: string | null
  mobile: string | null
  status: string
}
export type PickPurpose = 'instruct' | 'circulate' | 'undertake' | 'transfer' | 'delegate' | 'cascade'
export interface PickItem { kind: 'identity' | 'node'; id: string; name: string; hint: string; rank?: number | string | null }
export interface PickGroup { id: string; title: string; items: PickItem[] }

/* ---- process ---- */
export type InkPoint = [x: number, y: number, pressure: number, ms: number]
export interface InkStroke { color: string; width: number; pts: InkPoint[] }
export interface Ink { width: number; height: number; strokes: InkStroke[] }
export interface Opinion {
  id: string
  step: string
  step_title: string
  identity_id: string
  name: string
  post: string
  on_behalf_of: string | null
  text: string
  ink: Ink | null
  decision: string | null
  at: number
  rank: number | string | null
}
export interface MyTask {
  task_id: string
  step: string
  step_title: string
  kind: 'todo' | 'read'
  principal: string | null
  due_at: number | null
  claimed: boolean
  received_at: number
}
export interface Act { act: string; title: string; task_id: string | null; allowed: boolean; reason: string | null; primary: boolean; needs_opinion: boolean }
export interface TimelineItem {
  seq: number
  at: number
  name: string
  post: string
  on_behalf_of: string | null
  act: string
  act_title: string
  step_title: string
  opinion: string | null
  to: string[]
  detail: string | null
}
export interface FlowActed { name: string; on_behalf_of: string | null; act_title: string; at: number }
export interface FlowStep {
  round: number
  step: string
  title: string
  state: 'done' | 'current' | 'returned' | 'cancelled' | 'todo'
  meant: string[]
  acted: FlowActed[]
  due_at: number | null
  prev: number[]
}
/** Every act answers this; `undo` says how it can be taken back. */
export interface ActResult { id: string; version: number; rev: number; undo: { act: 'withdraw'; round: number | null } | null; next: string }
