/** The API as a program uses it: a cookie, an idempotency key, problems as they come. */
import { randomUUID } from 'node:crypto'

export interface Problem { status: number; code: string; detail: string; fields: { field: string; message: string }[] }
export class Refused extends Error {
  constructor(readonly problem: Problem) { super(`${problem.status} ${problem.code}: ${problem.detail} ${JSON.stringify(problem.fields)}`) }
}
// The stories read answers of many shapes.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Json = any

export class Api {
  cookie = ''
  constructor(readonly url: string) {}
  async raw(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
    const h: Record<string, string> = { cookie: this.cookie, ...headers }
    if (method === 'POST') h['idempotency-key'] ??= randomUUID()
    let payload: BodyInit | undefined
    if (body instanceof Uint8Array) payload = body as Uint8Array<ArrayBuffer>
    else if (body !== undefined) { payload = JSON.stringify(body); h['content-type'] ??= 'application/json' }
    const r = await fetch(`${this.url}/api/v1${path}`, { method, headers: h, body: payload })
    const set = r.headers.getSetCookie()
    if (set.length) this.cookie = set.map((c) => c.split(';')[0]).join('; ')
    return r
  }
  private async call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Json> {
    const r = await this.raw(method, path, body, headers)
    if (!r.ok) throw new Refused({ status: r.status, code: '', detail: '', fields: [], ...await r.json().catch(() => ({})) as Partial<Problem> })
    return r.json()
  }
  get(path: string): Promise<Json> { return this.call('GET', path) }
  post(path: string, body: unknown = {}, headers?: Record<string, string>): Promise<Json> { return this.call('POST', path, body, headers) }
  put(path: string, body: unknown, headers?: Record<string, string>): Promise<Json> { return this.call('PUT', path, body, headers) }
  async bytes(path: string): Promise<Buffer> {
    const r = await this.raw('GET', path)
    if (!r.ok) throw new Error(`${path}: ${r.status} ${await r.text()}`)
    return Buffer.from(await r.arrayBuffer())
  }
  async login(login: string, password: string): Promise<this> {
    await this.post('/login', { login, password })
    return this
  }
  upload(name: string, body: Uint8Array): Promise<Json> { return this.post(`/files?name=${encodeURIComponent(name)}`, body, { 'content-type': 'application/octet-stream' }) }
  /** The refusal of a call that must be refused. */
  async refusal(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Problem> {
    try { await this.call(method, path, body, headers) } catch (e) { if (e instanceof Refused) return e.problem; throw e }
    throw new Error(`${method} ${path} was not refused`)
  }
}
