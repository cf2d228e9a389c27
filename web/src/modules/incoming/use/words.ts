/** Chinese words of incoming documents, and choices as the server offers them. */
import { URGENCY } from '@/shared/i18n/labels'
import type { ChoiceLike, DocStatus, IncomingRow } from './types'

export const DOC_CLASS: Record<string, string> = { red_head: '红头文件', plain: '白头文件' }
export const SOURCE: Record<string, string> = { mail: '邮寄', exchange: '公文交换', fax: '传真', notice: '事务性通知', remote: '远端传送', internal: '内部请示' }
export const SENDER_RANK: Record<string, string> = { superior: '上级来文', subordinate: '下级来文' }
export const SECRECY: Record<string, string> = { none: '无', internal: '内部', secret: '秘密', confidential: '机密', top_secret: '绝密' }
export const STATUS: Record<DocStatus, string> = { active: '办理中', completed: '已办结', archived: '已归档', rejected: '已退文', void: '已作废' }
export const RETENTION: Record<string, string> = { permanent: '永久', '30y': '30年', '10y': '10年' }
export const ROLE: Record<string, string> = { lead: '主办', assist: '协办' }
export const MODE: Record<string, string> = { in_order: '依次', all: '同时' }
export const GENRES = ['决议', '决定', '命令（令）', '公报', '公告', '通告', '意见', '通知', '通报', '报告', '请示', '批复', '议案', '函', '纪要']

export interface Option { value: string; label: string }
export const optionsOf = (words: Record<string, string>): Option[] => Object.entries(words).map(([value, label]) => ({ value, label }))

/** Choices from the server (plain words, or key and title); ours where it sent none. */
export function choicesOf(list: ChoiceLike[] | undefined, words: Record<string, string>): Option[] {
  if (!list?.length) return optionsOf(words)
  return list.map((c) => {
    if (typeof c === 'string') return { value: c, label: words[c] ?? c }
    const value = c.key ?? c.value ?? ''
    return { value, label: c.title ?? c.label ?? words[value] ?? value }
  })
}

export const SECRET = ['secret', 'confidential', 'top_secret']
export const isSecret = (s: string): boolean => SECRET.includes(s)

export type Tone = 'plain' | 'active' | 'done' | 'warn' | 'stop'
export function statusTone(r: Pick<IncomingRow, 'status'> & { overdue?: boolean }): Tone {
  if (r.status === 'active') return r.overdue ? 'active' : 'plain'
  if (r.status === 'completed' || r.status === 'archived') return 'done'
  return 'stop'
}
export const urgencies = URGENCY
export const titleOf = (t: string | null | undefined): string => t || '（待登记，标题未填）'
