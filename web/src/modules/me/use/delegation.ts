import type { Delegation } from '@/shared/api/types'
import { dayEnd, dayStart } from '@/shared/i18n/time'

export interface DelegationForm { agent: string | null; from: string | null; until: string | null; scope: string; includeOpen: boolean; reason: string }

/** What is wrong with a delegation before it is sent, by field. */
export function problems(f: DelegationForm, today: string): Partial<Record<'agent' | 'from' | 'until', string>> {
  const out: Partial<Record<'agent' | 'from' | 'until', string>> = {}
  if (!f.agent) out.agent = '请选择代理人。'
  if (!f.from) out.from = '请选择开始日期。'
  if (!f.until) out.until = '请选择结束日期。'
  else if (f.until < today) out.until = '结束日期不能早于今天。'
  else if (f.from && f.until < f.from) out.until = '结束日期不能早于开始日期。'
  return out
}

/** Whole days in China; a delegation ends at 24:00 of its last day. */
export function body(f: DelegationForm) {
  return {
    agent_identity_id: f.agent ?? '', from_at: dayStart(f.from ?? ''), until_at: dayEnd(f.until ?? ''), scope: f.scope, include_open: f.includeOpen, reason: f.reason.trim(),
  }
}

/** Given by me, or received. */
export const given = (d: Delegation, mine: string[]): boolean => mine.includes(d.principal.identity_id)
