/** Settings: what their kind allows. */
import type { SettingItem } from './types'

const MOST = 1_000_000_000
export type Kind = { is: 'int'; min: number; max: number } | { is: 'bool' } | { is: 'choice'; options: string[] } | { is: 'text' }

/** `int:1..30`, `bool`, `choice:a,b`, `text`. */
export function kindOf(kind: string): Kind {
  const [name, rest = ''] = kind.split(/:(.*)/s)
  if (name === 'int') {
    const m = /^(\d+)\.\.(\d+)$/.exec(rest)
    return { is: 'int', min: m ? Number(m[1]) : 0, max: m ? Number(m[2]) : MOST }
  }
  if (name === 'bool') return { is: 'bool' }
  return name === 'choice' ? { is: 'choice', options: rest.split(',').filter(Boolean) } : { is: 'text' }
}

/** What is wrong with a value; null = nothing. */
export function settingFault(kind: string, value: string): string | null {
  const k = kindOf(kind)
  const v = value.trim()
  if (k.is === 'int') return /^\d+$/.test(v) && Number(v) >= k.min && Number(v) <= k.max ? null : k.max === MOST ? '请填写不小于 0 的整数' : `请填写 ${k.min} 至 ${k.max} 之间的整数`
  if (k.is === 'bool') return v === 'true' || v === 'false' ? null : '请选择“是”或“否”'
  if (k.is === 'choice') return k.options.includes(v) ? null : '请从列表中选择'
  return [...v].length > 2000 ? '不能超过 2000 个字' : null
}

/** The value as people read it. */
export const valueText = (kind: string, value: string): string => (kindOf(kind).is === 'bool' ? (value === 'true' ? '是' : '否') : value || '（空）')

const GROUP: Record<string, string> = { incoming: '收文', access: '登录与安全', session: '登录与安全', security: '登录与安全', file: '附件', calendar: '工作日历', flow: '流程', site: '网站', org: '组织机构' }
export interface SettingGroup { key: string; title: string; items: SettingItem[] }
/** By the module that owns them. */
export function settingGroups(items: SettingItem[]): SettingGroup[] {
  const out: SettingGroup[] = []
  for (const i of items) {
    const title = GROUP[i.key.split('.')[0] ?? ''] ?? '其他'
    const g = out.find((x) => x.title === title)
    if (g) g.items.push(i)
    else out.push({ key: title, title, items: [i] })
  }
  return out
}
