import type { RouteLocationNormalized, RouteLocationRaw, Router } from 'vue-router'
import { ApiError, setHttpHooks } from '@/shared/api/http'
import { stopLive, startLive } from '@/shared/api/live'
import { usePrefs } from '@/shared/api/prefs'
import { useSession } from '@/shared/api/session'
import { setSiteTitle } from '@/shared/ui/title'
import { queryClient } from './query'

/** Whose counts and settings are being followed. */
let liveFor: string | null = null

/** After login only pages of our own are gone to. */
export function safeNext(next: unknown): string {
  return typeof next === 'string' && next.startsWith('/') && !next.startsWith('//') && !next.startsWith('/\\') && !next.startsWith('/login') ? next : '/'
}

/** Set-up first, then login, then the password that must be changed; only then the page. */
export async function guard(to: RouteLocationNormalized): Promise<RouteLocationRaw | boolean> {
  const session = useSession()
  try {
    const boot = await session.loadBootstrap()
    setSiteTitle(boot.site_name || '中书')
    if (boot.needs_setup) return to.path === '/setup' ? true : '/setup'
    if (to.path === '/setup') return '/login'
    if (to.meta.public) return true
    const me = await session.loadMe()
    if (me.must_change_password && to.path !== '/change-password') return '/change-password'
    if (!me.must_change_password && liveFor !== me.person_id) {
      liveFor = me.person_id
      startLive(queryClient)
      void usePrefs().load().catch(() => undefined)
    }
    return true
  } catch (e) {
    if (e instanceof ApiError && e.status === 401) return { path: '/login', query: to.fullPath === '/' ? {} : { next: to.fullPath } }
    // No server: the frame draws its own offline page and tries again.
    session.online = false
    return true
  }
}

export function connectHttp(router: Router): void {
  setHttpHooks({
    online: (ok) => { useSession().online = ok },
    unauthorized: () => {
      const session = useSession()
      if (!session.me) return
      session.clear()
      liveFor = null
      stopLive()
      queryClient.clear()
      const next = router.currentRoute.value.fullPath
      void router.replace({ path: '/login', query: next === '/' ? { expired: '1' } : { next, expired: '1' } })
    },
  })
  window.addEventListener('offline', () => { useSession().online = false })
  window.addEventListener('online', () => { useSession().online = true })
}
