import { defineModule } from '@/shared/api/module'

export default defineModule({
  name: 'entry',
  routes: [
    { path: '/login', component: () => import('./pages/Login.vue'), meta: { title: '登录', public: true } },
    { path: '/setup', component: () => import('./pages/Setup.vue'), meta: { title: '首次启动设置', public: true } },
    { path: '/change-password', component: () => import('./pages/ChangePassword.vue'), meta: { title: '修改密码', blank: true } },
  ],
})
