/* Shell cache only: pages and assets of the interface, never data. */
const CACHE = 'shell-1'
const OFFLINE = `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>网络已断开</title><body style="font:16px/1.8 sans-serif;max-width:480px;margin:20vh auto;padding:0 24px"><h1 style="font-size:22px;border-top:4px solid #c8161d;padding-top:16px">网络已断开</h1><p>暂时连不上服务器。请检查网络后刷新本页；已提交的内容不会丢失。</p></body></html>`
self.addEventListener('install', () => self.skipWaiting())
self.addEventListener('activate', (e) => e.waitUntil(caches.keys().then((ks) => Promise.all(ks.filter((k) => k !== CACHE).map((k) => caches.delete(k)))).then(() => self.clients.claim())))
self.addEventListener('fetch', (e) => {
  const url = new URL(e.request.url)
  if (e.request.method !== 'GET' || url.origin !== location.origin || url.pathname.startsWith('/api/')) return
  if (e.request.mode === 'navigate') {
    e.respondWith(
      fetch(e.request)
        .then((r) => { if (r.ok) { const copy = r.clone(); caches.open(CACHE).then((c) => c.put('/', copy)) } return r })
        .catch(() => caches.match('/').then((r) => r || new Response(OFFLINE, { headers: { 'content-type': 'text/html; charset=utf-8' } }))),
    )
  } else if (url.pathname.startsWith('/assets/')) {
    e.respondWith(caches.match(e.request).then((hit) => hit || fetch(e.request).then((r) => { if (r.ok) { const copy = r.clone(); caches.open(CACHE).then((c) => c.put(e.request, copy)) } return r })))
  }
})
