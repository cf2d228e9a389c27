// Sample data of an invented city. Times are fixed relative to the start of the mock.
export const NOW = Date.now()
const H = 3_600_000, D = 24 * H
export const identity = (id, name, unit, division, post, rank = 50, primary = true) => ({ id, person_id: `p${id}`, name, unit_id: 'u1', unit_name: unit, division_id: division ? 'd1' : null, division_name: division, post, rank, is_primary: primary })
const OFFICE = '临江市人民政府办公室'
export const people = {
  clerk: { name: '周敏', home: 'work', identity: identity('11', '周敏', OFFICE, '文秘科', '科员'), roles: ['registry'], title: '市政府办文秘科 · 机要文书', hint: '签收登记、分发、办结归档' },
  office_head: { name: '陈志远', home: 'work', identity: identity('12', '陈志远', OFFICE, null, '主任', 20), roles: ['office_head'], title: '市政府办 · 主任', hint: '审阅拟办意见' },
  mayor: { name: '刘建华', home: 'leader', identity: identity('13', '刘建华', '临江市人民政府', null, '市长', 1), roles: ['leader'], title: '市政府 · 市长', hint: '批示、圈阅、手写' },
  sysadmin: { name: '系统管理员', home: 'admin', identity: identity('91', '系统管理员', OFFICE, null, '系统管理员'), roles: ['sys_admin'], title: '系统管理员', hint: '组织、人员、参数' },
}
const m = (key, title, path, badge = null, children = [], icon = key) => ({ key, title, path, icon, badge, children })
export const menusFor = (login) => [
  m('home', '首页', '/'),
  ...(login === 'sysadmin' ? [] : [
    m('work', '我的工作', null, null, [
      m('todo', '待办', '/work/todo', 'todo'), m('to_read', '待阅', '/work/to_read', 'to_read'), m('mine', '在办（我发起）', '/work/mine', 'mine'),
      m('done', '已办', '/work/done'), m('read', '已阅', '/work/read'), m('watch', '关注', '/work/watch', 'watch'), m('drafts', '草稿', '/work/drafts', 'drafts'),
      m('delegation', '委托代理', '/delegations'), m('urges', '催办与提醒', '/work/urges', 'urges'),
    ]),
    m('documents', '公文', null, null, [
      m('sign_in', '收文签收', '/incoming/sign-in'), m('register', '收文登记', '/incoming/register', 'sign_in_waiting'), m('incoming', '收文办理', '/incoming'), m('book', '收文登记簿', '/incoming/register-book'), m('ledger', '收文台帐', '/incoming/ledger'),
    ]),
  ]),
  ...(login === 'sysadmin' ? [m('admin', '管理', null, null, [m('org', '组织机构', '/admin/org'), m('people', '人员', '/admin/people'), m('settings', '参数', '/admin/settings'), m('calendar', '工作日历', '/admin/calendar'), m('jobs', '后台任务', '/admin/jobs')])] : []),
]
const TITLES = [
  ['关于印发《全省优化营商环境三年行动方案》的通知', '江政发〔2026〕18号', '江南省人民政府', 'extra_urgent', -1],
  ['关于做好2026年防汛抗旱准备工作的紧急通知', '江汛〔2026〕3号', '省防汛抗旱指挥部', 'extra_urgent', 0],
  ['关于申请追加乡村道路养护经费的请示', '青政请〔2026〕12号', '青溪县人民政府', 'urgent', 1],
  ['关于报送一季度经济运行分析材料的函', '临统函〔2026〕9号', '市统计局', 'urgent', 2],
  ['关于开展安全生产隐患大排查大整治工作的通知', '江安委〔2026〕5号', '省安全生产委员会', 'normal', 4],
  ['关于临江港二期工程用地预审情况的报告', '临自然资〔2026〕41号', '市自然资源和规划局', 'normal', 5],
  ['关于举办第八届滨江文化旅游节有关事项的请示', '临文旅请〔2026〕6号', '市文化广电和旅游局', 'normal', 6],
  ['关于进一步加强政务信息报送工作的通知', '江政办发〔2026〕22号', '江南省人民政府办公厅', 'normal', 7],
  ['关于市第三人民医院整体搬迁建设情况的汇报', null, '市卫生健康委员会', 'normal', null],
  ['关于调整市级河长湖长名单的请示', '临水请〔2026〕15号', '市水利局', 'normal', 8],
  ['关于征求《临江市城市更新条例（草案）》意见的函', '临人常法函〔2026〕4号', '市人大常委会法制工作委员会', 'normal', 9],
  ['关于组织参加全国质量月活动的通知', '江市监〔2026〕33号', '省市场监督管理局', 'normal', 10],
]
const STEPS = [['propose_handling', '拟办'], ['instruct', '批示'], ['undertake', '承办'], ['review', '审阅'], ['register', '登记']]
export const items = Array.from({ length: 46 }, (_, i) => {
  const [title, number, sender, urgency, days] = TITLES[i % TITLES.length]
  const [step, step_title] = STEPS[i % STEPS.length]
  const nth = Math.floor(i / TITLES.length)
  return {
    task_id: `t${i + 1}`, instance_id: `n${i + 1}`, subject_kind: 'incoming', subject_id: String(100 + i), title: nth ? `${title}（${['', '二', '三', '四'][nth]}）` : title, number, sender,
    urgency: nth ? 'normal' : urgency, step, step_title, from_name: ['周敏', '陈志远', '孙丽华', '何永强'][i % 4], on_behalf_of: i === 3 ? '陈志远' : null,
    received_at: NOW - i * 5 * H - H, ended_at: NOW - i * 7 * H, due_at: days === null ? null : NOW + (days + nth * 3) * D, days_left: days === null ? null : days + nth * 3, overdue: days !== null && days + nth * 3 < 0,
    action: ['拟办', '审阅', '送批'][i % 3], opinion: ['拟请发改委牵头办理，请刘市长批示。', '同意拟办意见。', '已阅，请抓紧落实。'][i % 3], visible_status: ['批示中', '承办中（发改委）', '已办结', '传阅中'][i % 4],
    urged_at: i % 5 === 0 ? NOW - 3 * H : null, path: `/incoming/${100 + i}`,
  }
})
export const counts = { todo: 12, to_read: 8, mine: 6, drafts: 2, watch: 3, urges: 2, todo_urgent: 2, todo_due_soon: 3, todo_overdue: 1, sign_in_waiting: 4 }
export const pick = (purpose) => purpose === 'undertake' ? [
  { id: 'recent', title: '最近', items: [{ kind: 'node', id: '201', name: '市发改委', hint: '临江市发展和改革委员会', rank: 1 }] },
  { id: 'units', title: '政府部门', items: ['市财政局', '市教育局', '市公安局', '市民政局', '市交通运输局', '市水利局', '市农业农村局'].map((name, i) => ({ kind: 'node', id: `21${i}`, name, hint: `临江${name}`, rank: i })) },
] : [
  { id: 'recent', title: '最近', items: [{ kind: 'identity', id: '13', name: '刘建华', hint: '市政府 · 市长', rank: 1 }] },
  { id: 'leaders', title: '市政府领导', items: [['13', '刘建华', '市长'], ['14', '王海波', '常务副市长'], ['15', '李淑芬', '副市长'], ['16', '赵国栋', '副市长']].map(([id, name, post], i) => ({ kind: 'identity', id, name, hint: `市政府 · ${post}`, rank: i })) },
  { id: 'office', title: '市政府办', items: [['12', '陈志远', '主任'], ['17', '孙丽华', '副主任'], ['18', '何永强', '文秘科科长'], ['11', '周敏', '科员']].map(([id, name, post], i) => ({ kind: 'identity', id, name, hint: `市政府办 · ${post}`, rank: 10 + i })) },
]
const node = (id, parent_id, kind, name, kids, n) => ({ id, parent_id, kind, unit_kind: 'bureau', name, short_name: name.replace('临江市', '市'), code: id, sort: 0, status: 'active', has_children: kids, people_count: n, version: 1 })
export const nodes = [
  node('1', null, 'region', '临江市', true, 0), node('2', '1', 'unit', '临江市人民政府', false, 6), node('3', '1', 'unit', '临江市人民政府办公室', true, 4),
  node('31', '3', 'division', '文秘科', false, 3), node('32', '3', 'division', '综合科', false, 2), node('4', '1', 'unit', '临江市发展和改革委员会', true, 3), node('41', '4', 'division', '投资科', false, 2), node('5', '1', 'unit', '临江市财政局', false, 4),
]
export const peopleOf = (id) => [['刘', '一', '局长'], ['张', '晓东', '副局长'], ['钱', '文', '科长']].map(([a, b, post], i) => ({ identity_id: `${id}0${i}`, person_id: `q${id}${i}`, name: a + b, post, rank: i, is_head: i === 0, is_liaison: i === 2, is_primary: true, unit_name: nodes.find((n) => n.id === id)?.name ?? '', division_name: null, mobile: null, status: 'active' }))
