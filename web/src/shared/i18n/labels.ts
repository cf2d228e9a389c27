/** Chinese words for the codes on the wire. */
import type { Urgency } from '../api/types'

export const URGENCY: Record<Urgency, string> = { extra_urgent: '特急', urgent: '加急', normal: '平件' }
export const SUBJECT: Record<string, string> = { incoming: '收文', outgoing: '发文', memo: '签报', incoming_doc: '收文' }
export const FILE_KIND: Record<string, string> = { pdf: 'PDF', image: '图片', word: 'Word', excel: 'Excel', ofd: 'OFD', wps: 'WPS', other: '其他' }
export const NODE_KIND: Record<string, string> = { region: '地区', unit: '单位', division: '处室', person: '人员' }
export const DELEGATION_STATUS: Record<string, string> = { pending: '未生效', active: '生效中', ended: '已结束' }

export const SCOPE: Record<string, string> = { all: '全部工作', 'module:incoming': '仅收文办理' }

export function label(map: Record<string, string>, key: string | null | undefined): string {
  return key ? (map[key] ?? key) : ''
}
