import { defineModule } from '@/shared/api/module'

export default defineModule({
  name: 'incoming',
  routes: [
    { path: '/incoming', component: () => import('./pages/List.vue'), meta: { title: '收文办理' } },
    { path: '/incoming/sign-in', component: () => import('./pages/SignIn.vue'), meta: { title: '收文签收' } },
    { path: '/incoming/register', component: () => import('./pages/RegisterQueue.vue'), meta: { title: '收文登记' } },
    { path: '/incoming/register-book', component: () => import('./pages/RegisterBook.vue'), meta: { title: '收文登记簿' } },
    { path: '/incoming/stats', component: () => import('./pages/Stats.vue'), meta: { title: '收文统计' } },
    { path: '/incoming/ledger', component: () => import('./pages/Ledger.vue'), meta: { title: '来文处理流程台帐' } },
    { path: '/incoming/:id(\\d+)/register', component: () => import('./pages/Register.vue'), props: true, meta: { title: '收文登记' } },
    { path: '/incoming/:id(\\d+)', component: () => import('./pages/Document.vue'), props: true, meta: { title: '收文' } },
    { path: '/incoming/new', redirect: '/incoming/sign-in' },
    { path: '/incoming/register_book', redirect: '/incoming/register-book' },
  ],
})
