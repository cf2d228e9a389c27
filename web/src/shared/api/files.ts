import { ApiError, apiUrl, http, newKey, notify } from './http'
import { fallbackText, type Problem } from './errors'
import type { FileInfo } from './types'

/** Where the original is downloaded and where the preview is shown. */
export const contentUrl = (id: string): string => apiUrl(`/files/${id}/content`)
export const previewUrl = (id: string): string => apiUrl(`/files/${id}/preview`)
export const fileInfo = (id: string): Promise<FileInfo> => http.get<FileInfo>(`/files/${id}`)

/** Sends one file with progress (0–1); abort through the signal. */
export function uploadFile(file: File, opt: { onProgress?: (part: number) => void; signal?: AbortSignal } = {}): Promise<FileInfo> {
  return new Promise((resolve, reject) => {
    const x = new XMLHttpRequest()
    x.open('POST', apiUrl('/files', { name: file.name }))
    x.setRequestHeader('content-type', 'application/octet-stream')
    x.setRequestHeader('idempotency-key', newKey())
    x.upload.onprogress = (e) => { if (e.lengthComputable) opt.onProgress?.(e.loaded / e.total) }
    x.onerror = () => { notify.online(navigator.onLine); reject(new ApiError(0, { detail: '上传中断：连接被断开或文件超过上限，请重试。' })) }
    x.onabort = () => reject(new DOMException('aborted', 'AbortError'))
    x.onload = () => {
      let body: unknown = null
      try { body = JSON.parse(x.responseText) } catch { /* not JSON: the status tells */ }
      if (x.status >= 200 && x.status < 300 && body) { resolve(body as FileInfo); return }
      if (x.status === 401) notify.unauthorized()
      reject(new ApiError(x.status, (body as Problem) ?? { detail: fallbackText(x.status) }))
    }
    opt.signal?.addEventListener('abort', () => x.abort())
    x.send(file)
  })
}
