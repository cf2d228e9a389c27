/** The list's conditions and columns. */
import type { QueryValues } from '@/shared/api/types'
import type { FilterField } from '@/shared/ui/filters'
import type { Column } from '@/shared/ui/table/columns'
import { URGENCY } from '@/shared/i18n/labels'
import { dateText } from '@/shared/i18n/time'
import type { IncomingRow, Options } from './types'
import { DOC_CLASS, GENRES, SECRECY, SOURCE, STATUS, choicesOf, optionsOf } from './words'

export const DEADLINE_STATE: Record<string, string> = { overdue: '已超期', soon: '即将到期' }
export const MINE: Record<string, string> = { participated: '我参与的', registered: '我登记的', signed: '我签收的' }

/** Parameters the server knows; anything else in the address is left alone and not sent. */
export const PARAMS = ['q', 'title', 'doc_number', 'sender', 'serial_no', 'doc_class', 'source', 'urgency', 'secrecy', 'genre', 'status', 'received_from', 'received_to', 'deadline_state', 'mine', 'unit_id', 'sort'] as const
export function listQuery(q: QueryValues): QueryValues {
  const out: QueryValues = {}
  for (const k of PARAMS) if (q[k]) out[k] = q[k]
  return out
}
/** A range typed the wrong way round is turned. */
export function orderDates(q: QueryValues): QueryValues {
  return q.received_from && q.received_to && q.received_from > q.received_to ? { ...q, received_from: q.received_to, received_to: q.received_from } : q
}

export function filterFields(o?: Options): FilterField[] {
  const sel = (key: string, label: string, options: { value: string; label: string }[], front = false): FilterField => ({ key, label, kind: 'select', options, front })
  return [
    sel('status', '办理状态', optionsOf(STATUS), true),
    sel('deadline_state', '期限', optionsOf(DEADLINE_STATE), true),
    sel('mine', '与我有关', optionsOf(MINE), true),
    sel('doc_class', '文件类别', optionsOf(DOC_CLASS)),
    sel('source', '来文渠道', choicesOf(o?.sources, SOURCE)),
    sel('urgency', '紧急程度', choicesOf(o?.urgencies, URGENCY)),
    sel('secrecy', '密级', choicesOf(o?.secrecies, SECRECY)),
    sel('genre', '文种', choicesOf(o?.genres ?? GENRES, {})),
    { key: 'received', label: '收文日期', kind: 'dates', from: 'received_from', to: 'received_to' },
    { key: 'sender', label: '来文单位', kind: 'text' },
    { key: 'doc_number', label: '文件字号', kind: 'text' },
    { key: 'serial_no', label: '收文编号', kind: 'text' },
    { key: 'title', label: '标题', kind: 'text' },
  ]
}

export const COLUMNS: Column<IncomingRow>[] = [
  { key: 'serial', title: '收文编号', width: 144, always: true, num: true, sort: { asc: 'serial_asc', desc: 'serial_desc' } },
  { key: 'title', title: '标题', always: true },
  { key: 'sender', title: '来文单位', width: 176, text: (r) => r.sender },
  { key: 'number', title: '文件字号', width: 184, num: true, text: (r) => r.doc_number ?? '—' },
  { key: 'received', title: '收文日期', width: 104, num: true, text: (r) => r.received_date, sort: { asc: 'received_asc', desc: 'received_desc' } },
  { key: 'units', title: '主办部门', width: 120, off: true, text: (r) => r.lead_units.join('、') },
  { key: 'status', title: '当前状态', width: 150 },
  { key: 'due', title: '期限', width: 96, sort: { asc: 'deadline_asc', desc: 'deadline_desc' } },
  { key: 'secrecy', title: '密级', width: 64, off: true, text: (r) => (r.secrecy === 'none' ? '' : SECRECY[r.secrecy]) },
  { key: 'copies', title: '份数', width: 60, off: true, num: true, align: 'right', text: (r) => r.copies },
  { key: 'completed', title: '办结日期', width: 104, off: true, num: true, text: (r) => dateText(r.completed_at) },
  { key: 'archived', title: '归档日期', width: 104, off: true, num: true, text: (r) => dateText(r.archived_at) },
]
/** The server sorts deadlines one way only. */
export const fixSort = (s: string | undefined): string | undefined => (s === 'deadline_desc' ? 'deadline_asc' : s)
