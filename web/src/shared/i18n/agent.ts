/** The browser and system of a login, in words. */
export function deviceText(ua: string): string {
  const os = /Android/.test(ua) ? 'Android 手机' : /iPhone|iPad/.test(ua) ? 'iPhone / iPad' : /HarmonyOS/.test(ua) ? '鸿蒙设备' : /Windows NT 6\.1/.test(ua) ? 'Windows 7' : /Windows/.test(ua) ? 'Windows' : /UOS|Deepin/i.test(ua) ? '统信 UOS' : /Kylin/i.test(ua) ? '麒麟' : /Mac OS/.test(ua) ? 'macOS' : /Linux/.test(ua) ? 'Linux' : '未知系统'
  const b = /Edg\/(\d+)/.exec(ua) ?? /Firefox\/(\d+)/.exec(ua) ?? /Chrome\/(\d+)/.exec(ua) ?? /Version\/(\d+).*Safari/.exec(ua)
  const name = /Edg\//.test(ua) ? 'Edge' : /Firefox/.test(ua) ? 'Firefox' : /Chrome/.test(ua) ? 'Chrome 内核' : /Safari/.test(ua) ? 'Safari' : '浏览器'
  return `${os} · ${name}${b ? ` ${b[1]}` : ''}`
}
