/** How near a deadline is, and how to say it. */
export type DueTone = 'none' | 'far' | 'soon' | 'today' | 'overdue'
export interface DueView { tone: DueTone; text: string }

export function dueView(daysLeft: number | null | undefined, overdue = false, soonDays = 2): DueView {
  if (daysLeft === null || daysLeft === undefined) return overdue ? { tone: 'overdue', text: '已超期' } : { tone: 'none', text: '' }
  if (overdue || daysLeft < 0) return { tone: 'overdue', text: daysLeft < 0 ? `超期 ${-daysLeft} 天` : '已超期' }
  if (daysLeft === 0) return { tone: 'today', text: '今天到期' }
  return { tone: daysLeft <= soonDays ? 'soon' : 'far', text: `剩 ${daysLeft} 天` }
}
