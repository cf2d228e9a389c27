import type { Column } from '@/shared/ui/table/columns'
import type { FilterField } from '@/shared/ui/filters'
import type { CountKey, WorkItem } from '@/shared/api/types'
import { URGENCY, SUBJECT, label } from '@/shared/i18n/labels'
import { timeText } from '@/shared/i18n/time'

export type WorkListKey = 'todo' | 'to_read' | 'done' | 'read' | 'mine' | 'watch' | 'urges'
export interface WorkListDef {
  list: WorkListKey
  title: string
  hint: string
  count: CountKey | null
  /** Rows can be ticked: only where something can be done with many at once. */
  batch: 'read' | 'unwatch' | null
  columns: string[]
  emptyTitle: string
  emptyHint: string
}

const open = ['urgency', 'title', 'number', 'sender', 'step', 'from', 'received', 'due']
const closed = ['urgency', 'title', 'number', 'sender', 'action', 'opinion', 'ended', 'status']

export const WORK_LISTS: Record<WorkListKey, WorkListDef> = {
  todo: { list: 'todo', title: '待办', hint: '按紧急程度和期限排列', count: 'todo', batch: null, columns: open, emptyTitle: '没有待办', emptyHint: '手头的事都办完了。新来的公文会自动出现在这里。' },
  to_read: { list: 'to_read', title: '待阅', hint: '勾选多件可一并“我知道了”', count: 'to_read', batch: 'read', columns: ['urgency', 'title', 'number', 'sender', 'from', 'received'], emptyTitle: '没有待阅', emptyHint: '传阅、知会给您的公文会出现在这里。' },
  mine: { list: 'mine', title: '在办（我发起）', hint: '我签收登记、尚未办结的公文', count: 'mine', batch: null, columns: ['urgency', 'title', 'number', 'sender', 'status', 'received', 'due'], emptyTitle: '没有在办的公文', emptyHint: '签收登记来文后，办理进展会出现在这里。' },
  done: { list: 'done', title: '已办', hint: '我办理过的公文', count: null, batch: null, columns: closed, emptyTitle: '还没有办过的公文', emptyHint: '办理过的公文会留在这里，可随时查看去向。' },
  read: { list: 'read', title: '已阅', hint: '我看过的公文', count: null, batch: null, columns: ['urgency', 'title', 'number', 'sender', 'from', 'ended', 'status'], emptyTitle: '还没有阅过的公文', emptyHint: '点过“我知道了”的公文会留在这里。' },
  watch: { list: 'watch', title: '关注', hint: '有进展时会提醒', count: 'watch', batch: 'unwatch', columns: ['urgency', 'title', 'number', 'sender', 'status', 'received', 'due'], emptyTitle: '还没有关注的公文', emptyHint: '在公文页面点“关注”，即可在这里跟踪办理进展。' },
  urges: { list: 'urges', title: '催办与提醒', hint: '需要尽快办理的事项', count: 'urges', batch: null, columns: ['urgency', 'title', 'number', 'sender', 'step', 'urged', 'note', 'due'], emptyTitle: '没有催办', emptyHint: '临近期限或被催办的公文会出现在这里。' },
}

const COLUMNS: Record<string, Column<WorkItem>> = {
  urgency: { key: 'urgency', title: '缓急', width: 72 },
  title: { key: 'title', title: '标题', always: true },
  number: { key: 'number', drop: 2, title: '文号', width: 190, num: true, text: (r) => r.number },
  sender: { key: 'sender', drop: 3, title: '来文单位', width: 150, text: (r) => r.sender },
  step: { key: 'step', drop: 1, title: '环节', width: 110, text: (r) => r.step_title },
  from: { key: 'from', drop: 5, title: '送件人', width: 96, text: (r) => r.from_name },
  received: { key: 'received', drop: 4, title: '送达时间', width: 138, num: true, text: (r) => timeText(r.received_at) },
  due: { key: 'due', title: '期限', width: 104, num: true },
  action: { key: 'action', title: '办理', width: 84, text: (r) => r.action },
  opinion: { key: 'opinion', drop: 6, title: '我的意见', width: 180, text: (r) => r.opinion },
  ended: { key: 'ended', drop: 3, title: '办理时间', width: 138, num: true, text: (r) => timeText(r.ended_at) },
  status: { key: 'status', title: '当前状态', width: 140, text: (r) => r.visible_status },
  urged: { key: 'urged', drop: 2, title: '催办时间', width: 138, num: true, text: (r) => timeText(r.urged_at) },
  note: { key: 'note', drop: 1, title: '提醒内容', width: 200, text: (r) => r.note },
  kind: { key: 'kind', drop: 7, title: '类别', width: 72, off: true, text: (r) => label(SUBJECT, r.subject_kind) },
}

export function columnsOf(def: WorkListDef): Column<WorkItem>[] {
  return [...def.columns, 'kind'].flatMap((k) => COLUMNS[k] ?? [])
}

export const FILTERS: FilterField[] = [
  { key: 'urgency', label: '缓急', kind: 'select', front: true, options: Object.entries(URGENCY).map(([value, text]) => ({ value, label: text })) },
  { key: 'due', label: '期限', kind: 'select', front: true, options: [{ value: 'overdue', label: '已超期' }, { value: 'soon', label: '将到期' }] },
]

export type Group = 'urgent' | 'soon' | 'normal'
export const GROUP_TITLE: Record<Group, string> = { urgent: '特急', soon: '将到期', normal: '普通' }

/** Where a to-do stands on the home page: 特急 first, then what is overdue or due within two days, then the rest. */
export function groupOf(i: Pick<WorkItem, 'urgency' | 'overdue' | 'days_left'>): Group {
  if (i.urgency === 'extra_urgent') return 'urgent'
  if (i.overdue || (i.days_left !== null && i.days_left <= 2)) return 'soon'
  return 'normal'
}

export function grouped<T extends Pick<WorkItem, 'urgency' | 'overdue' | 'days_left'>>(items: T[]): { group: Group; items: T[] }[] {
  return (['urgent', 'soon', 'normal'] as const).map((group) => ({ group, items: items.filter((i) => groupOf(i) === group) })).filter((g) => g.items.length > 0)
}
