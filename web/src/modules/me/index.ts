import { defineModule } from '@/shared/api/module'

export default defineModule({
  name: 'me',
  routes: [
    { path: '/me', component: () => import('./pages/Me.vue'), meta: { title: '我的' } },
    { path: '/delegations', component: () => import('./pages/Delegations.vue'), meta: { title: '委托代理' } },
    { path: '/work/delegation', redirect: '/delegations' },
    { path: '/me/sessions', component: () => import('./pages/Sessions.vue'), meta: { title: '登录设备' } },
    { path: '/me/phrases', component: () => import('./pages/Phrases.vue'), meta: { title: '常用批语' } },
    { path: '/me/settings', component: () => import('./pages/Settings.vue'), meta: { title: '个人设置' } },
  ],
})
