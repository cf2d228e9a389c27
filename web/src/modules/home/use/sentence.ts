import type { Counts } from '@/shared/api/types'

export interface Piece { text: string; to: string | null; hot: boolean }

/** 一句话: what today holds, each number a way in. */
export function sentence(c: Counts): Piece[] {
  if (!c.todo && !c.to_read && !c.sign_in_waiting) return [{ text: '手头没有待办，也没有待阅。', to: null, hot: false }]
  const out: Piece[] = []
  const add = (n: number, word: string, to: string, hot = false) => { if (n > 0) out.push({ text: `${n} 件${word}`, to, hot }) }
  add(c.todo, '待办', '/work/todo')
  add(c.todo_urgent, '特急', '/work/todo?urgency=extra_urgent', true)
  add(c.todo_overdue, '已超期', '/work/todo?due=overdue', true)
  add(c.todo_due_soon, '将到期', '/work/todo?due=soon')
  add(c.to_read, '待阅', '/work/to_read')
  return out
}
