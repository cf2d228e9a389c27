/** Going from one to-do to the next without the list. */
import type { WorkItem } from '@/shared/api/types'

export interface Neighbours { previous: string | null; next: string | null; place: number; count: number }

/** `here` is the page's path; `last` the place it had before its task was done (then the one that moved up is next). */
export function neighbours(items: Pick<WorkItem, 'path'>[], here: string, last: number | null = null): Neighbours {
  const paths = [...new Set(items.map((i) => i.path.split('?')[0] ?? i.path))]
  const i = paths.indexOf(here)
  if (i >= 0) return { previous: paths[i - 1] ?? null, next: paths[i + 1] ?? null, place: i + 1, count: paths.length }
  const at = last === null ? 0 : Math.min(last, Math.max(0, paths.length - 1))
  return { previous: last === null ? null : (paths[at - 1] ?? null), next: paths[at] ?? null, place: 0, count: paths.length }
}

const typing = (t: EventTarget | null): boolean => t instanceof HTMLElement && (/^(INPUT|TEXTAREA|SELECT)$/.test(t.tagName) || t.isContentEditable || !!t.closest('[role=dialog],[role=menu],[role=listbox],[role=tablist],[role=radiogroup]'))
/** Which way a key leads; null while someone types. */
export function stepOf(e: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'target'>): 'next' | 'previous' | null {
  if (e.ctrlKey || e.metaKey || e.altKey || typing(e.target)) return null
  if (e.key === 'j' || e.key === 'ArrowRight') return 'next'
  return e.key === 'k' || e.key === 'ArrowLeft' ? 'previous' : null
}
