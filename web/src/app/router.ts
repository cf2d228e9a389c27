import { createRouter, createWebHistory, type Router } from 'vue-router'
import { modules } from './modules'
import { guard } from './guards'
import { setPageTitle } from '@/shared/ui/title'

export function makeRouter(): Router {
  const router = createRouter({
    history: createWebHistory(),
    scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
    routes: [
      ...modules.flatMap((m) => m.routes),
      { path: '/:rest(.*)*', name: 'not-found', component: () => import('./NotFound.vue'), meta: { title: '没有找到' } },
    ],
  })
  router.beforeEach(guard)
  router.afterEach((to, from) => {
    if (to.path !== from.path) setPageTitle(to.meta.title ?? '')
  })
  return router
}
