/** Wire types of incoming documents. */
import type { Act as BaseAct, ActResult, FileInfo, FlowStep, MyTask, Opinion, TimelineItem, Urgency } from '@/shared/api/types'

/** An act; `round` says what a withdrawal takes back. */
export type Act = BaseAct & { round?: number | null }
export type DocClass = 'red_head' | 'plain'
export type Source = 'mail' | 'exchange' | 'fax' | 'notice' | 'remote' | 'internal'
export type SenderRank = 'superior' | 'subordinate'
export type Secrecy = 'none' | 'internal' | 'secret' | 'confidential' | 'top_secret'
export type DocStatus = 'active' | 'completed' | 'archived' | 'rejected' | 'void'

export interface Attributes {
  title: string | null
  doc_number: string | null
  sender: string
  sender_rank: SenderRank | null
  doc_class: DocClass
  source: Source
  secrecy: Secrecy
  paper_only: boolean
  urgency: Urgency
  genre: string | null
  class_code: string | null
  subject_terms: string | null
  doc_date: string | null
  received_date: string
  copies: number
  pages: number | null
  summary: string | null
  remark: string | null
}

export type Mode = 'in_order' | 'all'
export type Role = 'lead' | 'assist'
export interface Plan {
  kind: 'read' | 'handle'
  proposed_handling: string
  needs_review: boolean
  instruct: { identity_ids: string[]; mode: Mode }
  circulation: { mode: Mode; identity_ids: string[] }
  undertakings: { role: Role; node_id: string }[]
  deadline: string | null
  /** Absent where the viewer may not see it. */
  urge?: boolean
  pre_reminder_days?: number | null
  reply_required: boolean
  people?: Record<string, string>
  nodes?: Record<string, string>
}
export interface PlanRevision { by: string; at: number; step_title: string; before: Plan }
export interface Handling {
  unit_name: string
  role: Role
  liaison: string | null
  head: string | null
  undertaker: string | null
  head_opinion: string | null
  result: string | null
  done_at: number | null
  state: string
}
export interface Reader { name: string; post: string; sent_at: number; read_at: number | null; opinion: string | null; passed_on_by: string | null; ink?: Opinion['ink'] }

export interface Detail extends Attributes {
  id: string
  version: number
  rev: number
  instance_id: string
  serial_no: string | null
  year: number
  unit_id: string
  unit_name: string
  status: DocStatus
  visible_status: string
  signed_in_by: string
  signed_in_at: number
  registered_by: string | null
  registered_at: number | null
  completed_at: number | null
  archived_at: number | null
  deadline: string | null
  days_left: number | null
  attachments: FileInfo[]
  plan: Plan | null
  plan_revisions: PlanRevision[]
  opinions: Opinion[]
  handling: Handling[]
  circulation: Reader[]
  tasks: MyTask[]
  acts: Act[]
  timeline: TimelineItem[]
  flow: FlowStep[]
  watched: boolean
  handling_result?: string | null
  reply_text?: string | null
  replied_date?: string | null
  retention?: string | null
  fonds_note?: string | null
  reject_reason?: string | null
  void_reason?: string | null
  urge_count?: number | null
}

export interface IncomingRow {
  id: string
  serial_no: string | null
  year: number
  doc_class: DocClass
  received_date: string
  sender: string
  doc_number: string | null
  title: string | null
  urgency: Urgency
  secrecy: Secrecy
  copies: number
  deadline: string | null
  days_left: number | null
  overdue: boolean
  visible_status: string
  status: DocStatus
  lead_units: string[]
  completed_at: number | null
  archived_at: number | null
  has_files: boolean
}
export interface BookRow {
  id: string
  serial_no: string
  received_date: string
  sender: string
  doc_number: string | null
  title: string
  secrecy: Secrecy
  urgency: Urgency
  copies: number
  lead_units: string[]
  deadline: string | null
  completed_at: number | null
  archived_at: number | null
  remark: string | null
  registered_by: string | null
}
export interface LedgerPage {
  columns: { key: string; title: string }[]
  items: { id: string; serial_no: string | null; title: string; cells: (string | null)[] }[]
  next: string | null
  total?: number | null
}
export interface Duplicate { id: string; serial_no: string | null; title: string; received_date: string; registered_by: string | null }
export type ChoiceLike = string | { key?: string; value?: string; title?: string; label?: string }
export interface Options {
  genres: ChoiceLike[]
  sources: ChoiceLike[]
  urgencies: ChoiceLike[]
  secrecies: ChoiceLike[]
  class_codes: ChoiceLike[]
  retentions: ChoiceLike[]
  default_deadline_days: number
  next_serial: { red_head: string | null; plain: string | null }
  senders_recent: string[]
}
export interface ReturnTarget { round: number; step: string; title: string; name: string }
export interface Created { id: string; version: number; task_id?: string | null }
export interface Registered { id: string; serial_no: string; version: number }
export type { ActResult, FileInfo, FlowStep, MyTask, Opinion, TimelineItem, Urgency }
