// Incoming documents of the stand-in server: one document at each stage, so that every page and form can be drawn.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { NOW, items } from './data.mjs'

const H = 3_600_000, D = 24 * H
const day = (at) => new Date(at + 8 * H).toISOString().slice(0, 10)
const TODAY = day(NOW), YEAR = TODAY.slice(0, 4)
const OFFICE = '临江市人民政府办公室'
const STAGES = ['propose', 'instruct', 'undertake', 'review', 'register']
const EXTRA = { 200: 'preliminary_review', 201: 'dispatch', 202: 'liaison_forward', 203: 'assign', 204: 'circulation_read', 205: 'reply', 206: 'complete', 207: 'archive', 208: 'pool', 209: 'archived', 210: 'rejected', 211: 'new', 212: 'new' }
const TITLE = { preliminary_review: '初审', propose: '拟办', review: '审阅', instruct: '批示', dispatch: '分发', liaison_forward: '转送', assign: '分办', undertake: '承办', circulation_read: '传阅', reply: '答复', complete: '办结', archive: '归档', register: '登记', pool: '登记', new: '登记' }
const ACT = { preliminary_review: '初审', propose: '拟办', review: '审阅', instruct: '批示', dispatch: '分发', liaison_forward: '转送负责人', assign: '拟办并交办', undertake: '提交办理情况', circulation_read: '我已阅', reply: '答复', complete: '办结', archive: '归档', register: '登记', pool: '认领', new: '登记' }
const PDF = { id: 'f1', name: '关于印发行动方案的通知（正文）.pdf', size: 183_204, media_type: 'application/pdf', kind: 'pdf', sha256: 'a', preview: 'ready', preview_note: null, sort: 0 }
const DOCX = { id: 'f2', name: '附件1 任务分工表.docx', size: 44_102, media_type: 'application/octet-stream', kind: 'word', sha256: 'b', preview: 'unavailable', preview_note: '服务器未安装文档转换程序，请下载后查看。', sort: 1 }
const pdf = readFileSync(fileURLToPath(new URL('./sample.pdf', import.meta.url)))
export const sampleFiles = [['f1', { info: PDF, raw: pdf }], ['f2', { info: DOCX, raw: Buffer.from('docx') }]]
const PEOPLE = { 11: '周敏', 12: '陈志远', 13: '刘建华', 14: '王海波', 15: '李淑芬', 16: '赵国栋', 17: '孙丽华', 18: '何永强' }
const NODES = { 201: '市发改委', 210: '市财政局', 211: '市教育局', 215: '市水利局' }
const curve = (x, y, w) => Array.from({ length: 14 }, (_, i) => [x + i * w, y + Math.sin(i / 2) * 16 - i, 0.3 + Math.abs(Math.sin(i)) * 0.5, i * 16])
const INK = { width: 600, height: 260, strokes: [[60, 120, 7], [110, 90, 5], [170, 130, 8], [240, 80, 4], [300, 120, 9], [340, 150, 6], [420, 100, 7]].map(([x, y, w]) => ({ color: '#c8161d', width: 6, pts: curve(x, y, w) })) }
const done = new Map(), fresh = [], drafts = new Map(), watched = new Set()
let serial = 128

const stageOf = (id) => EXTRA[id] ?? STAGES[(Number(id) - 100) % 5]
const plan = (hidden) => ({
  kind: 'handle', proposed_handling: '拟请刘建华市长阅示。建议由市发改委牵头，市财政局、市教育局配合，对照任务分工提出我市贯彻落实措施，于月底前报市政府。', needs_review: true,
  instruct: { identity_ids: ['13', '14'], mode: 'in_order' }, circulation: { mode: 'in_order', identity_ids: ['15', '16', '17'] },
  undertakings: [{ role: 'lead', node_id: '201' }, { role: 'assist', node_id: '210' }, { role: 'assist', node_id: '211' }], deadline: day(NOW + 5 * D), reply_required: true,
  ...(hidden ? {} : { urge: true, pre_reminder_days: 2 }), people: PEOPLE, nodes: NODES,
})
const opinion = (id, step, name, post, text, at, rank, ink = null, behalf = null) => ({ id, step, step_title: TITLE[step], identity_id: `9${id}`, name, post, on_behalf_of: behalf, text, ink, decision: null, at: NOW - at * H, rank })
const ORDER = ['sign_in', 'register', 'preliminary_review', 'propose', 'review', 'instruct', 'dispatch', 'circulation_read', 'liaison_forward', 'assign', 'undertake', 'reply', 'complete', 'archive']
const ALL = { sign_in: ['签收', '周敏', '科员', 30], register: ['登记', '周敏', '科员', 29], preliminary_review: ['初审', '何永强', '文秘科科长', 28], propose: ['拟办', '周敏', '科员', 27], review: ['审阅', '陈志远', '主任', 25], instruct: ['批示', '刘建华', '市长', 20], dispatch: ['分发', '周敏', '科员', 18], circulation_read: ['传阅', '李淑芬', '副市长', 15], liaison_forward: ['转送', '吴婷', '综合代表', 14], assign: ['分办', '郑大为', '主任', 12], undertake: ['承办', '钱文', '科长', 6], reply: ['答复', '周敏', '科员', 4], complete: ['办结', '周敏', '科员', 3], archive: ['归档', '周敏', '科员', 1] }
const SAID = { propose: '拟请刘建华市长阅示。', review: '同意拟办意见，增加市教育局协办。', instruct: '请海波同志牵头，发改委抓紧提出贯彻意见，月底前报市政府常务会议研究。', assign: '请投资科钱文同志办理，三日内拿出初稿。', circulation_read: '已阅。', undertake: '已会同市财政局、市教育局研究提出 12 项落实措施，形成代拟稿报市政府。' }

export function detail(id, login) {
  const stage = stageOf(id), src = items.find((i) => i.subject_id === id) ?? items[Number(id) % items.length]
  const extra = fresh.find((f) => f.id === id)
  const ended = stage === 'archived' || stage === 'rejected', early = stage === 'register' || stage === 'new' || stage === 'pool' || !!extra
  const at = ended ? 99 : ORDER.indexOf(stage === 'new' || stage === 'pool' || extra ? 'register' : stage)
  const past = ORDER.slice(0, Math.max(1, at)).filter((s) => s !== 'preliminary_review' || stage !== 'rejected')
  const over = done.get(id), leader = login === 'mayor', after = (s) => at > ORDER.indexOf(s)
  const hidden = leader || stage === 'undertake' || stage === 'assign' || stage === 'liaison_forward'
  const task = ended || over ? null : { task_id: `t-${id}`, step: stage, step_title: TITLE[stage], kind: stage === 'circulation_read' ? 'read' : 'todo', principal: Number(id) === 103 ? '陈志远' : null, due_at: src.due_at, claimed: stage !== 'pool', received_at: NOW - 2 * H }
  const act = (a, title, primary = false, allowed = true, reason = null) => ({ act: a, title, task_id: task?.task_id ?? null, allowed, reason, primary, needs_opinion: a === 'instruct' })
  const main = stage === 'new' ? 'register' : stage === 'pool' ? 'claim' : stage
  const acts = ended ? [act('circulate', '知会')] : over ? [act('withdraw', '撤回', true), act('urge', '催办'), act('circulate', '知会')] : [
    act(main, ACT[stage], true),
    ...(stage === 'pool' ? [act('register', '登记', false, false, '请先认领，再登记。')] : []),
    ...(['register', 'new', 'pool', 'circulation_read'].includes(stage) ? [] : [act('return', '退回')]),
    ...(stage === 'register' || stage === 'new' ? [act('unclaim', '退还')] : []),
    act('transfer', '转办', false, stage !== 'pool', stage === 'pool' ? '请先认领，再转办。' : null), act('circulate', '知会'),
    act('urge', '催办', false, !leader && at > 6, leader ? '只有拟办人可以催办。' : at > 6 ? null : '还没有分送承办，无需催办。'),
    act('withdraw', '撤回', false, false, '对方已办理，不能撤回。'),
    ...(leader ? [] : [act('edit', '修改登记', false, !early, early ? '尚未登记。' : null), act('void', '作废', false, stage !== 'undertake', '已分送承办，不能作废，请先收回。')]),
  ]
  const revised = after('review')
  return {
    id, version: 3, rev: over ? 12 : 11, instance_id: `n${id}`, serial_no: early ? null : src.number ? `收〔${YEAR}〕${Number(id) - 20}号` : `白收〔${YEAR}〕${Number(id) - 90}号`, year: Number(YEAR), unit_id: '3', unit_name: OFFICE,
    title: extra ? extra.title : stage === 'pool' ? null : src.title, doc_number: extra ? extra.doc_number : src.number, sender: extra?.sender ?? src.sender, sender_rank: early ? null : /县/.test(src.sender) ? 'subordinate' : 'superior', doc_class: src.number ? 'red_head' : 'plain', source: extra?.source ?? 'exchange', secrecy: Number(id) % 4 === 1 ? 'internal' : 'none', paper_only: false, urgency: extra?.urgency ?? src.urgency,
    genre: early ? null : '通知', class_code: early ? null : '综合', subject_terms: null, doc_date: early ? null : day(NOW - 4 * D), received_date: TODAY, copies: 2, pages: early ? null : 14, summary: early ? null : '明确优化营商环境三年目标、6 个方面 32 项任务及责任分工，要求各市于月底前报送落实措施。', remark: null,
    status: stage === 'archived' ? 'archived' : stage === 'rejected' ? 'rejected' : 'active', visible_status: over ? '已送下一环节' : stage === 'archived' ? '已归档' : stage === 'rejected' ? '已退文' : `待${TITLE[stage]}`,
    signed_in_by: '周敏', signed_in_at: NOW - 30 * H, registered_by: early ? null : '周敏', registered_at: early ? null : NOW - 29 * H, completed_at: ended ? NOW - 2 * H : null, archived_at: stage === 'archived' ? NOW - H : null,
    deadline: src.due_at && !early ? day(src.due_at) : null, days_left: early ? null : src.days_left, attachments: [PDF, DOCX],
    plan: after('propose') ? plan(hidden) : null,
    plan_revisions: revised ? [{ by: '陈志远', at: NOW - 25 * H, step_title: '审阅', before: { ...plan(hidden), proposed_handling: '拟请刘建华市长阅示，由市发改委办理。', undertakings: [{ role: 'lead', node_id: '201' }, { role: 'assist', node_id: '210' }] } }] : [],
    opinions: [
      ...(after('instruct') ? [opinion('3', 'instruct', '刘建华', '市长', SAID.instruct, 20, 1, INK), opinion('4', 'instruct', '王海波', '常务副市长', '按刘市长批示办理。请发改委本周内拿出方案。', 19, 2)] : []),
      ...(after('review') ? [opinion('2', 'review', '陈志远', '主任', SAID.review, 25, 20)] : []), ...(after('propose') ? [opinion('1', 'propose', '周敏', '科员', plan().proposed_handling, 27, 50)] : []),
      ...(after('circulation_read') ? [opinion('5', 'circulation_read', '李淑芬', '副市长', '已阅。', 15, 3)] : []),
    ],
    handling: after('dispatch') ? [
      { unit_name: '市发改委', role: 'lead', liaison: '吴婷', head: '郑大为', undertaker: '钱文', head_opinion: SAID.assign, result: after('undertake') ? SAID.undertake : null, done_at: after('undertake') ? NOW - 6 * H : null, state: after('undertake') ? '已办' : '办理中' },
      { unit_name: '市财政局', role: 'assist', liaison: '许蕾', head: '刘一', undertaker: '张晓东', head_opinion: '请预算科配合测算。', result: after('undertake') ? '已提供资金测算意见。' : null, done_at: after('undertake') ? NOW - 8 * H : null, state: after('undertake') ? '已办' : '办理中' },
      { unit_name: '市教育局', role: 'assist', liaison: null, head: null, undertaker: null, head_opinion: null, result: null, done_at: null, state: '待签收' },
    ] : [],
    circulation: after('dispatch') ? [
      { name: '李淑芬', post: '副市长', sent_at: NOW - 18 * H, read_at: NOW - 15 * H, opinion: '已阅。', passed_on_by: null }, { name: '赵国栋', post: '副市长', sent_at: NOW - 15 * H, read_at: stage === 'circulation_read' ? null : NOW - 11 * H, opinion: stage === 'circulation_read' ? null : '请教育局同步做好政策宣传。', passed_on_by: null },
      { name: '孙丽华', post: '副主任', sent_at: NOW - 11 * H, read_at: null, opinion: null, passed_on_by: null }, { name: '何永强', post: '文秘科科长', sent_at: NOW - 10 * H, read_at: null, opinion: null, passed_on_by: '孙丽华' },
    ] : [],
    tasks: task ? [task] : [], acts,
    timeline: past.map((s, i) => ({ seq: i + 1, at: NOW - ALL[s][3] * H, name: ALL[s][1], post: ALL[s][2], on_behalf_of: s === 'review' ? null : null, act: s, act_title: ALL[s][0], step_title: ALL[s][0], opinion: SAID[s] ?? null, to: past[i + 1] ? [ALL[past[i + 1]][1]] : [], detail: s === 'sign_in' ? '公文交换，2 份' : null })),
    flow: ORDER.filter((s) => s !== 'preliminary_review').map((s, i) => ({ round: i + 1, step: s, title: ALL[s][0], state: past.includes(s) ? 'done' : s === stage || (early && s === 'register') ? 'current' : 'todo', meant: [ALL[s][1]], acted: past.includes(s) ? [{ name: ALL[s][1], on_behalf_of: null, act_title: ALL[s][0], at: NOW - ALL[s][3] * H }] : [], due_at: null, prev: i ? [i] : [] })),
    watched: watched.has(id), handling_result: after('complete') ? '已由市发改委牵头办理完毕，落实措施以市政府办公室名义印发。' : null,
  }
}

const rows = items.map((i, n) => ({
  id: i.subject_id, serial_no: n % 5 === 4 ? null : i.number ? `收〔${YEAR}〕${Number(i.subject_id) - 20}号` : `白收〔${YEAR}〕${Number(i.subject_id) - 90}号`, year: Number(YEAR), doc_class: i.number ? 'red_head' : 'plain', received_date: day(i.received_at - n * 8 * H), sender: i.sender, doc_number: i.number, title: i.title, urgency: i.urgency, secrecy: 'none', copies: (n % 3) + 1,
  deadline: i.due_at ? day(i.due_at) : null, days_left: n % 7 === 6 ? null : i.days_left, overdue: n % 7 === 6 ? false : i.overdue, visible_status: n % 7 === 6 ? '已归档' : n % 5 === 4 ? '待登记' : i.visible_status, status: n % 7 === 6 ? 'archived' : 'active', lead_units: n % 3 ? [['市发改委', '市财政局', '市水利局'][n % 3]] : [], completed_at: n % 7 === 6 ? NOW - D : null, archived_at: n % 7 === 6 ? NOW - D / 2 : null, has_files: true,
}))
const page = (all, q) => { const limit = Number(q.get('limit') ?? 20), from = Number(q.get('cursor') ?? 0); return { items: all.slice(from, from + limit), next: from + limit < all.length ? String(from + limit) : null, total: all.length } }
const COLS = '签收登记栏,签收登记者,签收日期,录入登记栏,录入者,录入日期,拟办登记栏,拟办者,拟办日期,拟办意见,办文期限,是否催办,催办时间,预先提醒期限,是否批办,批示领导,批示日期,批示意见,是否传阅,传阅领导,传阅处室,是否传阅完毕,是否办文,办文部门,有否协办,协办部门,办理意见,办理结果,催办次数'.split(',')
const KEYS = 'sign_in_mark,sign_in_by,sign_in_on,entry_mark,entry_by,entry_on,proposal_mark,proposed_by,proposed_on,proposed_handling,deadline,urged,urged_on,pre_reminder,instruct_needed,instructed_by,instructed_on,instruction,circulated,circulated_leaders,circulated_divisions,circulation_complete,undertaken,undertaking_unit,assisted,assist_units,undertaking_opinion,handling_result,urge_count'.split(',')
const book = () => rows.filter((r) => r.serial_no).map((r) => ({ ...r, remark: r.copies > 2 ? '附光盘 1 张' : null, registered_by: '周敏' }))

export function incomingApi(method, path, q, body, login, fail) {
  const at = `${method} ${path}`
  if (at === 'GET /incoming') {
    let all = rows
    const text = q.get('q')
    if (text) all = all.filter((r) => `${r.title}${r.doc_number}${r.sender}${r.serial_no}`.includes(text))
    for (const k of ['urgency', 'status', 'doc_class']) if (q.get(k)) all = all.filter((r) => r[k] === q.get(k))
    if (q.get('deadline_state')) all = all.filter((r) => (q.get('deadline_state') === 'overdue' ? r.overdue : r.days_left !== null && r.days_left >= 0 && r.days_left <= 2))
    if (q.get('mine') === 'signed') all = [...fresh.map((f) => ({ ...rows[0], ...f, serial_no: null, deadline: null, days_left: null, overdue: false, visible_status: '待登记', status: 'active', lead_units: [] })), ...rows.filter((r) => !r.serial_no).slice(0, 3).map((r) => ({ ...r, received_date: TODAY, visible_status: '待登记' }))]
    return page(all, q)
  }
  if (at === 'GET /incoming/options') return { genres: '决议,决定,命令（令）,公报,公告,通告,意见,通知,通报,报告,请示,批复,议案,函,纪要'.split(','), sources: [], urgencies: [], secrecies: [], class_codes: [['党务', '党务'], ['综合', '综合政务'], ['财经', '财政经济'], ['农业', '农业农村'], ['城建', '城乡建设']].map(([key, title]) => ({ key, title })), retentions: [], default_deadline_days: 7, next_serial: { red_head: `收〔${YEAR}〕${serial}号`, plain: `白收〔${YEAR}〕17号` }, senders_recent: ['江南省人民政府办公厅', '省防汛抗旱指挥部', '青溪县人民政府', '市统计局', '市财政局', '市文化广电和旅游局'] }
  if (at === 'GET /incoming/duplicates') { const hit = rows.find((r) => r.doc_number && r.doc_number === q.get('doc_number') && r.id !== q.get('exclude_id')); return { items: hit ? [{ id: hit.id, serial_no: hit.serial_no, title: hit.title, received_date: hit.received_date, registered_by: '周敏' }] : [] } }
  if (at === 'POST /incoming') { const id = String(300 + fresh.length); fresh.unshift({ id, ...body, has_files: body.file_ids.length > 0 }); return { id, version: 1 } }
  if (path === '/incoming/register_book') return page(book().filter((r) => !q.get('doc_class') || r.doc_class === q.get('doc_class')), q)
  if (path === '/incoming/ledger') return { columns: COLS.map((title, i) => ({ key: KEYS[i], title })), ...page(rows.filter((r) => r.serial_no).map((r, n) => ({ id: r.id, serial_no: r.serial_no, title: r.title, cells: ['已签收', '周敏', r.received_date, '已录入', '周敏', r.received_date, '已拟办', '周敏', r.received_date, '拟请刘市长阅示，由市发改委牵头办理。', r.deadline ?? '', n % 4 ? '否' : '是', n % 4 ? '' : `${TODAY} 09:00`, '2个工作日', '是', '刘建华、王海波', r.received_date, '请发改委抓紧提出贯彻意见。', '是', '李淑芬、赵国栋', '综合科', n % 2 ? '是' : '否', '是', '市发改委', '有', '市财政局、市教育局', '请投资科办理。', n % 3 ? '' : '已形成代拟稿报市政府。', n % 4 ? '0' : '1'] })), q) }
  const m = /^\/incoming\/(\d+)(?:\/(\w+))?(?:\/(\w+))?$/.exec(path)
  if (m) {
    const [, id, act] = m
    if (method === 'GET' && !act) return Number(id) > 400 ? fail(404, 'not_found', '没有找到这份收文，可能已被移走，或不在您的可见范围内。') : detail(id, login)
    if (act === 'return_targets') return { items: [{ round: 4, step: 'propose', title: '拟办', name: '周敏' }, { round: 5, step: 'review', title: '审阅', name: '陈志远' }] }
    if (method === 'PUT') return { id, version: 4 }
    if (act === 'register') {
      if (rows.some((r) => r.doc_number && r.doc_number === body.doc_number && r.id !== id) && !body.confirm_duplicate) return fail(409, 'duplicate_document', '可能重复：同一来文单位、同一字号的公文已登记过。', [{ field: 'doc_number', message: '与已登记的公文字号相同。' }])
      done.set(id, true)
      return { id, serial_no: `收〔${YEAR}〕${serial++}号`, version: 4 }
    }
    if (method === 'POST') {
      if (act === 'withdraw') { done.delete(id); return { id, version: 5, rev: 13, undo: null, next: '已撤回' } }
      if (body.opinion === '冲突' || body.result === '冲突') return fail(409, 'stale', '陈志远已于 10:21 先行办理此件，您的内容没有提交。')
      if (act === 'claim' || act === 'unclaim') return { id, version: 4, rev: 12, undo: null, next: act === 'claim' ? '已认领，请登记' : '已退还，其他同事可以认领' }
      done.set(id, act)
      return { id, version: 4, rev: 12, undo: { act: 'withdraw', round: 6 }, next: { propose: '已送 陈志远 审阅', review: '已送 刘建华 批示', instruct: '已送 周敏 分发', dispatch: '已分发：传阅 3 人，主办 1 个、协办 2 个部门', circulation_read: '已阅，已送 孙丽华 传阅', return: '已退回 周敏 重新拟办', transfer: '已转办' }[act] ?? '已送下一环节办理' }
    }
  }
  if (path === '/calendar/due') return { due_at: NOW + 9 * D }
  const w = /^\/work\/watch\/n(\d+)$/.exec(path)
  if (w) { if (method === 'PUT') watched.add(w[1]); else watched.delete(w[1]); return {} }
  const d = /^\/work\/drafts\/(\w+)$/.exec(path)
  if (d && method === 'PUT') { const id = d[1] === 'new' ? `d${drafts.size + 1}` : d[1]; drafts.set(id, { id, ...body, saved_at: Date.now() }); return { id } }
  if (d && method === 'GET') return drafts.get(d[1]) ?? fail(404, 'not_found', '草稿不存在。')
  if (d && method === 'DELETE') drafts.delete(d[1])
  if (at === 'GET /work/drafts' && drafts.size) return { items: [...drafts.values()].map(({ data: _, ...r }) => r) }
  return null
}
export const poolItems = (login) => login === 'clerk' ? [208, 211, 212, ...fresh.map((f) => Number(f.id))].map((id) => { const f = fresh.find((x) => x.id === String(id)), s = items[id % items.length]; return { ...s, task_id: `t-${id}`, instance_id: `n${id}`, subject_id: String(id), title: f ? f.title ?? '（未填标题）' : id === 208 ? '（未填标题）' : s.title, number: f ? f.doc_number : s.number, sender: f?.sender ?? s.sender, urgency: f?.urgency ?? s.urgency, step: 'register', step_title: '登记', from_name: '周敏', on_behalf_of: null, received_at: f ? NOW : NOW - (id - 200) * H, days_left: null, overdue: false, path: `/incoming/${id}/register` } }) : []
