/** One failed call, as the server explained it (RFC 9457) or as the network let us know. */
export interface Problem {
  type?: string
  title?: string
  status?: number
  code?: string
  detail?: string
  fields?: { field: string; message: string }[]
  request_id?: string
}

export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly fields: { field: string; message: string }[]
  readonly requestId: string | null

  constructor(status: number, problem: Problem) {
    super(problem.detail || problem.title || fallbackText(status))
    this.name = 'ApiError'
    this.status = status
    this.code = problem.code ?? (status === 0 ? 'offline' : 'unknown')
    this.fields = problem.fields ?? []
    this.requestId = problem.request_id ?? null
  }

  /** Message of one field, for the form that sent it. */
  field(name: string): string | undefined {
    return this.fields.find((f) => f.field === name)?.message
  }
}

/** What to say when the server gave no text of its own. */
export function fallbackText(status: number): string {
  if (status === 0) return '连不上服务器，请检查网络后重试；刚才的内容还在页面上。'
  if (status === 401) return '登录已过期，请重新登录。'
  if (status === 403) return '您没有办理此事的权限，如有需要请联系本单位管理员授权。'
  if (status === 404) return '没有找到，可能已被移走，或不在您的可见范围内。'
  if (status === 409) return '内容已被他人更新，请刷新后再办理。'
  if (status === 413) return '文件过大，请压缩或拆分后再上传。'
  if (status === 429) return '操作过于频繁，请稍后再试。'
  if (status >= 500) return '服务器暂时无法处理，请稍后重试；如反复出现，请把编号告知管理员。'
  return '提交的内容有误，请检查后重试。'
}

/** Text for people from anything that was thrown. */
export function messageOf(error: unknown): string {
  if (error instanceof ApiError) return error.message
  if (error instanceof DOMException && error.name === 'AbortError') return '操作已取消。'
  return '页面出现意外错误，请刷新后重试。'
}
