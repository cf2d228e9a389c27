import type { Menu } from '@/shared/api/types'

/** The chain of menu entries that leads to a page: the entry with the longest matching path wins. */
export function menuTrail(menus: Menu[], path: string): Menu[] {
  let best: Menu[] = []
  let length = -1
  const walk = (list: Menu[], chain: Menu[]) => {
    for (const m of list) {
      const here = [...chain, m]
      const p = m.path?.split('?')[0] ?? null
      if (p !== null && (p === path || (p !== '/' && path.startsWith(`${p}/`))) && p.length > length) {
        best = here
        length = p.length
      }
      walk(m.children, here)
    }
  }
  walk(menus, [])
  return best
}

export interface Crumb { title: string; path: string | null }

/** 首页 / 我的工作 / 待办 / (title of the page) */
export function crumbs(menus: Menu[], path: string, title: string): Crumb[] {
  const trail = menuTrail(menus, path)
  const out: Crumb[] = trail.map((m) => ({ title: m.title, path: m.path }))
  if (trail[0]?.path !== '/') out.unshift({ title: '首页', path: '/' })
  const last = trail[trail.length - 1]
  if (title && last?.title !== title) {
    if (last?.path === path) out.pop()
    out.push({ title, path: null })
  }
  const end = out[out.length - 1]
  if (end) end.path = null
  return out
}
