import { ApiError, type Problem } from './errors'

export { ApiError, messageOf } from './errors'

export const BASE = '/api/v1'

export type Query = Record<string, string | number | boolean | null | undefined | string[]>
export interface CallOptions {
  signal?: AbortSignal
  /** Sent as If-Match. */
  version?: number
  /** One key per submit; a repeated submit of the same thing keeps its key. */
  idempotencyKey?: string
  /** A 401 is handed to the caller instead of leading to the login page. */
  anonymous?: boolean
}

type Hooks = { unauthorized: () => void; online: (ok: boolean) => void }
const hooks: Hooks = { unauthorized: () => undefined, online: () => undefined }

/** The application frame says what happens on 401 and on network loss. */
export function setHttpHooks(h: Partial<Hooks>): void {
  Object.assign(hooks, h)
}

/** A fresh idempotency key. */
export function newKey(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID()
  const b = crypto.getRandomValues(new Uint8Array(16))
  b[6] = ((b[6] ?? 0) & 0x0f) | 0x40
  b[8] = ((b[8] ?? 0) & 0x3f) | 0x80
  const hex = Array.from(b, (x) => x.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** `?a=1&b=2`; empty, null and undefined values are left out. */
export function queryString(query?: Query): string {
  const p = new URLSearchParams()
  for (const [k, v] of Object.entries(query ?? {})) {
    if (v === null || v === undefined || v === '') continue
    if (Array.isArray(v)) { if (v.length) p.set(k, v.join(',')) } else p.set(k, String(v))
  }
  const s = p.toString()
  return s ? `?${s}` : ''
}

/** Address of an endpoint, for links, images and downloads. */
export function apiUrl(path: string, query?: Query): string {
  return BASE + path + queryString(query)
}

export async function problemOf(res: Response): Promise<Problem> {
  try {
    if ((res.headers.get('content-type') ?? '').includes('json')) return (await res.json()) as Problem
  } catch { /* a broken body tells nothing; the status does */ }
  return {}
}

async function call<T>(method: string, path: string, query: Query | undefined, body: unknown, opt: CallOptions): Promise<T> {
  const headers: Record<string, string> = { accept: 'application/json' }
  let payload: BodyInit | undefined
  if (body instanceof Blob) {
    headers['content-type'] = body.type || 'application/octet-stream'
    payload = body
  } else if (body !== undefined) {
    headers['content-type'] = 'application/json'
    payload = JSON.stringify(body)
  }
  if (method === 'POST') headers['idempotency-key'] = opt.idempotencyKey ?? newKey()
  if (opt.version !== undefined) headers['if-match'] = `"${opt.version}"`
  let res: Response
  try {
    res = await fetch(apiUrl(path, query), { method, headers, body: payload, signal: opt.signal, credentials: 'same-origin' })
  } catch (e) {
    if (e instanceof DOMException && e.name === 'AbortError') throw e
    hooks.online(false)
    throw new ApiError(0, {})
  }
  hooks.online(true)
  if (!res.ok) {
    const error = new ApiError(res.status, await problemOf(res))
    if (res.status === 401 && !opt.anonymous) hooks.unauthorized()
    throw error
  }
  if (res.status === 204) return undefined as T
  const text = await res.text()
  return (text ? JSON.parse(text) : undefined) as T
}

export const http = {
  get: <T>(path: string, query?: Query, opt: CallOptions = {}) => call<T>('GET', path, query, undefined, opt),
  post: <T>(path: string, body: unknown = {}, opt: CallOptions & { query?: Query } = {}) => call<T>('POST', path, opt.query, body, opt),
  put: <T>(path: string, body: unknown = {}, opt: CallOptions = {}) => call<T>('PUT', path, undefined, body, opt),
  del: <T>(path: string, query?: Query, opt: CallOptions = {}) => call<T>('DELETE', path, query, undefined, opt),
}

/** Told by other transports (upload, events) that a call met 401 or the network. */
export const notify = {
  unauthorized: () => hooks.unauthorized(),
  online: (ok: boolean) => hooks.online(ok),
}
