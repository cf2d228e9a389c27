import { defineModule } from '@/shared/api/module'
import { WORK_LISTS } from './use/lists'

export default defineModule({
  name: 'home',
  routes: [
    { path: '/', component: () => import('./pages/Home.vue'), meta: { title: '首页' } },
    { path: '/work/drafts', component: () => import('./pages/Drafts.vue'), meta: { title: '草稿' } },
    { path: '/work', redirect: '/work/todo' },
    ...Object.values(WORK_LISTS).map((l) => ({
      path: `/work/${l.list}`, component: () => import('./pages/WorkList.vue'), props: { list: l.list }, meta: { title: l.title },
    })),
  ],
})
