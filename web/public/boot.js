/* Runs before anything else, in old syntax: refuses browsers that are too old and sets large type without a flash. */
(function () {
  var ok = typeof Promise !== 'undefined' && !!Object.hasOwn && typeof structuredClone === 'function' && !!Array.prototype.at
  try {
    if (localStorage.getItem('large_type') === '1') document.documentElement.className += ' elder'
  } catch (_) { /* storage may be refused; large type is then set after login */ }
  if (ok) return
  document.addEventListener('DOMContentLoaded', function () {
    var app = document.getElementById('app')
    var box = document.createElement('div')
    box.setAttribute('role', 'alert')
    box.style.cssText = 'max-width:560px;margin:80px auto;padding:24px 32px;border-top:4px solid #c8161d;background:#fff;font:16px/1.8 sans-serif'
    box.innerHTML = '<h1 style="font-size:22px;margin:0 0 12px">请升级浏览器</h1><p>当前浏览器版本过低，无法正常使用本系统。请安装 Chromium 内核 100 以上的浏览器（如奇安信、360 安全浏览器、谷歌浏览器的新版本），再打开本页。</p><p>如无法自行安装，请联系本单位信息化管理人员。</p>'
    if (app && app.parentNode) app.parentNode.replaceChild(box, app)
  })
})()
