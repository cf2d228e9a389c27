// A small stand-in for the server: enough of the interface to draw and test the pages. Node only, nothing to install.
import { createServer } from 'node:http'
import { createHash, randomUUID } from 'node:crypto'
import { readFileSync, existsSync, statSync } from 'node:fs'
import { extname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { NOW, counts, identity, items, menusFor, nodes, people, peopleOf, pick } from './data.mjs'
import { incomingApi, poolItems, sampleFiles } from './incoming.mjs'

const PORT = Number(process.env.PORT ?? 8090)
const DIST = resolve(fileURLToPath(new URL('../../dist', import.meta.url)))
const db = {
  settings: {}, files: new Map(sampleFiles), needsSetup: process.env.SETUP === '1',
  phrases: ['同意。', '拟同意，请刘市长批示。', '请发改委牵头，财政局配合，抓紧研究办理。', '已阅。', '请认真抓好落实，并于月底前报送进展情况。'].map((text, i) => ({ id: String(i + 1), text, sort: i, shared: i === 3 })),
  filters: [{ id: '1', list: 'todo', name: '本周特急', query: { urgency: 'extra_urgent' } }],
  drafts: [{ id: '1', kind: 'incoming', title: '关于召开全市安全生产工作会议的通知', saved_at: NOW - 3_600_000, path: '/incoming/sign-in?draft=1', data: {} }, { id: '2', kind: 'incoming', title: '（未填标题）', saved_at: NOW - 90_000_000, path: '/incoming/sign-in?draft=2', data: {} }],
  delegations: [{ id: '1', principal: { identity_id: '12', name: '陈志远', post: '主任' }, agent: { identity_id: '11', name: '周敏', post: '科员' }, from_at: NOW - 86_400_000, until_at: NOW + 3 * 86_400_000, scope: 'all', status: 'active', reason: '赴省参加培训' }],
  sessions: [{ id: 's1', created_at: NOW - 7_200_000, last_seen_at: NOW, ip: '10.8.1.23', user_agent: 'Mozilla/5.0 (X11; Linux x86_64) Chrome/120.0', current: true }, { id: 's2', created_at: NOW - 90_000_000, last_seen_at: NOW - 3_000_000, ip: '10.8.4.7', user_agent: 'Mozilla/5.0 (Linux; Android 13) Mobile Chrome/118.0', current: false }],
  read: new Set(),
}
const fail = (status, code, detail, fields = []) => ({ status, body: { type: 'about:blank', title: code, status, code, detail, fields, request_id: randomUUID().slice(0, 8) } })
const page = (all, q) => { const limit = Number(q.get('limit') ?? 20), from = Number(q.get('cursor') ?? 0); return { items: all.slice(from, from + limit), next: from + limit < all.length ? String(from + limit) : null, total: all.length } }
const me = (login) => { const p = people[login]; return { person_id: p.identity.person_id, name: p.name, login, identity: p.identity, identities: login === 'clerk' ? [p.identity, identity('19', p.name, '临江市大数据中心', null, '联络员', 60, false)] : [p.identity], roles: p.roles, permissions: ['incoming.register', 'incoming.read'], menus: menusFor(login), home: p.home, must_change_password: false, agent_for: login === 'clerk' ? [{ identity_id: '12', name: '陈志远', until_at: NOW + 259_200_000 }] : [] } }

function work(list, q, pool) {
  const size = { todo: 12, to_read: 8, mine: 6, watch: 3, urges: 2, done: 46, read: 30 }[list] ?? 0
  let all = items.slice(0, size).filter((i) => list !== 'to_read' || !db.read.has(i.task_id))
  if (list === 'todo' && q.get('subject_kind') === 'incoming') all = [...all, ...pool]
  const text = q.get('q'), u = q.get('urgency'), due = q.get('due')
  if (text) all = all.filter((i) => `${i.title}${i.number}${i.sender}`.includes(text))
  if (u) all = all.filter((i) => i.urgency === u)
  if (due) all = all.filter((i) => (due === 'overdue' ? i.overdue : i.days_left !== null && !i.overdue && i.days_left <= 2))
  return page(all, q)
}

function api(method, path, q, body, login) {
  const at = `${method} ${path}`
  if (at === 'GET /bootstrap') return { site_name: '临江市人民政府', needs_setup: db.needsSetup, demo: true, demo_password: 'Demo-2026', demo_accounts: Object.entries(people).map(([l, p]) => ({ login: l, name: p.name, title: p.title, hint: p.hint })) }
  if (at === 'POST /setup') { db.needsSetup = false; return {} }
  if (at === 'POST /login') return people[body.login] && body.password === 'Demo-2026' ? { must_change_password: false, cookie: body.login } : fail(401, 'login_failed', '用户名或密码不正确。')
  if (!login) return fail(401, 'unauthenticated', '请先登录。')
  if (at === 'POST /logout') return { cookie: '' }
  if (at === 'GET /me') return me(login)
  if (at === 'POST /me/identity') return {}
  if (at === 'POST /me/password') return body.old === 'Demo-2026' ? {} : fail(422, 'invalid', '原密码不正确。', [{ field: 'old', message: '原密码不正确。' }])
  if (at === 'GET /me/settings') return { values: db.settings }
  if (at === 'PUT /me/settings') { db.settings[body.key] = body.value; return {} }
  if (at === 'GET /work/counts') return { ...counts, to_read: counts.to_read - db.read.size }
  if (at === 'POST /work/read') { body.task_ids.forEach((t) => db.read.add(t)); return { done: body.task_ids.length } }
  const inc = incomingApi(method, path, q, body, login, fail)
  if (inc) return inc
  if (path.startsWith('/work/watch/')) return {}
  if (at === 'GET /work/drafts') return { items: db.drafts }
  if (method === 'DELETE' && path.startsWith('/work/drafts/')) { db.drafts = db.drafts.filter((d) => d.id !== path.split('/')[3]); return {} }
  const list = /^\/work\/(\w+)$/.exec(path)
  if (list && method === 'GET') return work(list[1], q, poolItems(login))
  for (const [base, key] of [['/me/phrases', 'phrases'], ['/me/filters', 'filters'], ['/delegations', 'delegations'], ['/me/sessions', 'sessions']]) {
    const id = path.startsWith(`${base}/`) ? path.slice(base.length + 1) : null
    if (path !== base && !id) continue
    if (method === 'GET') return { items: db[key].filter((x) => !q.get('list') || x.list === q.get('list')) }
    if (method === 'DELETE') db[key] = db[key].filter((x) => x.id !== id)
    if (method === 'PUT') Object.assign(db[key].find((x) => x.id === id) ?? {}, body)
    if (method === 'POST' && id?.endsWith('/end')) Object.assign(db[key].find((x) => `${x.id}/end` === id) ?? {}, { status: 'ended' })
    else if (method === 'POST' && key === 'delegations') db[key].unshift({ id: randomUUID(), principal: { ...people[login].identity, identity_id: '1' }, agent: { identity_id: body.agent_identity_id, name: '何永强', post: '科长' }, status: 'pending', ...body })
    else if (method === 'POST') db[key].push({ id: randomUUID(), sort: db[key].length, shared: false, ...body })
    return {}
  }
  if (path === '/org/nodes') return { items: nodes.filter((n) => n.parent_id === q.get('parent_id')) }
  const who = /^\/org\/nodes\/(\w+)\/people$/.exec(path)
  if (who) return { items: peopleOf(who[1]) }
  if (path === '/org/search') return { items: pick('instruct').flatMap((g) => g.items).slice(1).filter((i) => i.name.includes(q.get('q'))).map((i) => ({ kind: 'person', id: `p${i.id}`, name: i.name, hint: i.hint, identity_id: i.id })) }
  if (path === '/org/pick') return { groups: pick(q.get('purpose')) }
  const file = /^\/files\/(\w+)$/.exec(path)
  if (file) return db.files.get(file[1])?.info ?? fail(404, 'not_found', '文件不存在或已被移除。')
  return fail(404, 'not_found', '没有找到，可能已被移走，或不在您的可见范围内。')
}

const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.mjs': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.webmanifest': 'application/manifest+json', '.wasm': 'application/wasm' }
const CSP = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; frame-ancestors 'none'"

createServer((req, res) => {
  const url = new URL(req.url ?? '/', 'http://x')
  const login = /mock=(\w+)/.exec(req.headers.cookie ?? '')?.[1] ?? ''
  if (!url.pathname.startsWith('/api/v1')) {
    const f = join(DIST, url.pathname)
    const name = f.startsWith(DIST) && existsSync(f) && statSync(f).isFile() ? f : join(DIST, 'index.html')
    res.writeHead(200, { 'content-type': TYPES[extname(name)] ?? 'application/octet-stream', 'content-security-policy': CSP })
    res.end(readFileSync(name))
    return
  }
  const path = url.pathname.slice(7)
  if (path === '/events') {
    res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    res.write(`event: counts\ndata: ${JSON.stringify({ ...counts, to_read: counts.to_read - db.read.size })}\n\n`)
    return
  }
  const chunks = []
  req.on('data', (c) => chunks.push(c))
  req.on('end', () => {
    const raw = Buffer.concat(chunks)
    const shown = /^\/files\/(\w+)\/(content|preview)$/.exec(path)
    if (shown) {
      const hit = db.files.get(shown[1])
      res.writeHead(hit ? 200 : 404, { 'content-type': hit?.info.media_type ?? 'text/plain' })
      res.end(hit?.raw)
      return
    }
    let out
    if (path === '/files' && req.method === 'POST') {
      const name = url.searchParams.get('name') ?? '', ext = extname(name).slice(1).toLowerCase(), id = randomUUID().slice(0, 8)
      const kind = { pdf: 'pdf', png: 'image', jpg: 'image', jpeg: 'image', docx: 'word', doc: 'word', xlsx: 'excel', ofd: 'ofd', wps: 'wps' }[ext]
      if (!kind) out = fail(422, 'file_type_refused', `不接受“${ext}”文件，请上传 PDF、OFD、Word、WPS、Excel 或图片。`)
      else {
        const ready = kind === 'pdf' || kind === 'image'
        const info = { id, name, size: raw.length, media_type: kind === 'pdf' ? 'application/pdf' : `image/${ext}`, kind, sha256: createHash('sha256').update(raw).digest('hex'), preview: ready ? 'ready' : 'unavailable', preview_note: ready ? null : '服务器未安装文档转换程序，请下载后查看。' }
        db.files.set(id, { info, raw })
        out = info
      }
    } else out = api(req.method ?? 'GET', path, url.searchParams, raw.length ? JSON.parse(raw.toString()) : {}, people[login] ? login : '')
    const status = out.body ? out.status : 200
    const head = { 'content-type': status < 400 ? 'application/json' : 'application/problem+json' }
    if (out.cookie !== undefined && !out.body) { head['set-cookie'] = `mock=${out.cookie}; Path=/; HttpOnly; SameSite=Strict`; delete out.cookie }
    res.writeHead(status, head)
    res.end(JSON.stringify(out.body ?? out))
  })
}).listen(PORT, '127.0.0.1', () => console.log(`mock on http://127.0.0.1:${PORT}`))
