import { defineModule } from '@/shared/api/module'

/** 管理: what the system administrator, the security administrator and the auditor work with; each sees his own part. */
export default defineModule({
  name: 'admin',
  routes: [
    { path: '/admin/org', component: () => import('./pages/Org.vue'), meta: { title: '组织机构', permission: 'org.manage' } },
    { path: '/admin/people', component: () => import('./pages/People.vue'), meta: { title: '人员', permission: 'org.manage' } },
    { path: '/admin/settings', component: () => import('./pages/Settings.vue'), meta: { title: '参数设置', permission: 'setting.manage' } },
    { path: '/admin/calendar', component: () => import('./pages/Calendar.vue'), meta: { title: '节假日', permission: 'calendar.manage' } },
    { path: '/admin/flows', component: () => import('./pages/Flows.vue'), meta: { title: '流程', permission: 'flow.view' } },
    { path: '/admin/series', component: () => import('./pages/Series.vue'), meta: { title: '字号', permission: 'numbering.view' } },
    { path: '/admin/grants', component: () => import('./pages/Grants.vue'), meta: { title: '角色授权', permission: 'security.manage' } },
    { path: '/admin/roles', component: () => import('./pages/Roles.vue'), meta: { title: '角色与权限', permission: 'security.manage' } },
    { path: '/admin/accounts', component: () => import('./pages/Accounts.vue'), meta: { title: '账号', permission: 'security.manage' } },
    { path: '/admin/sessions', component: () => import('./pages/Sessions.vue'), meta: { title: '在线会话', permission: 'security.manage' } },
    { path: '/admin/audit', component: () => import('./pages/Audit.vue'), meta: { title: '审计日志', permission: 'audit.read' } },
  ],
})
