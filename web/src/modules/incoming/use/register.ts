/** The registration form 来文登记表: empty, from the document, rules of form, what is sent. */
import type { ApiError } from '@/shared/api/errors'
import type { FileInfo } from '@/shared/api/types'
import type { Attributes, Detail, Duplicate } from './types'
import { isSecret } from './words'

export interface RegisterForm extends Omit<Attributes, 'title' | 'doc_number' | 'genre' | 'class_code' | 'subject_terms' | 'summary' | 'remark'> {
  title: string
  doc_number: string
  genre: string
  class_code: string
  subject_terms: string
  summary: string
  remark: string
  files: FileInfo[]
}
export type RegisterErrors = Partial<Record<keyof RegisterForm | 'file_ids', string>>

export function emptyForm(today: string): RegisterForm {
  return {
    title: '', doc_number: '', sender: '', sender_rank: null, doc_class: 'red_head', source: 'exchange', secrecy: 'none', paper_only: false, urgency: 'normal',
    genre: '', class_code: '', subject_terms: '', doc_date: null, received_date: today, copies: 1, pages: null, summary: '', remark: '', files: [],
  }
}

export function fromDetail(d: Detail): RegisterForm {
  return {
    title: d.title ?? '', doc_number: d.doc_number ?? '', sender: d.sender, sender_rank: d.sender_rank ?? null, doc_class: d.doc_class, source: d.source, secrecy: d.secrecy ?? 'none',
    paper_only: d.paper_only ?? false, urgency: d.urgency, genre: d.genre ?? '', class_code: d.class_code ?? '', subject_terms: d.subject_terms ?? '', doc_date: d.doc_date ?? null,
    received_date: d.received_date, copies: d.copies ?? 1, pages: d.pages ?? null, summary: d.summary ?? '', remark: d.remark ?? '',
    files: [...d.attachments].sort((a, b) => (a.sort ?? 0) - (b.sort ?? 0)),
  }
}

/** Sign-in needs less: title, number and rank may follow at registration. */
export function formErrors(f: RegisterForm, signingIn: boolean, today: string): RegisterErrors {
  const e: RegisterErrors = {}
  const long = (key: 'title' | 'sender' | 'doc_number' | 'summary' | 'remark' | 'subject_terms', what: string, max: number) => {
    const n = f[key].trim().length
    if (n > max) e[key] = `${what}最多 ${max} 字，现有 ${n} 字，请精简。`
  }
  long('title', '文件标题', 200); long('sender', '来文单位', 100); long('doc_number', '文件字号', 60); long('summary', '内容摘要', 2000); long('remark', '备注', 500); long('subject_terms', '主题词', 100)
  if (!f.sender.trim()) e.sender = '请填写来文单位。'
  if (!f.received_date) e.received_date = '请选择收文日期。'
  else if (f.received_date > today) e.received_date = '收文日期不能晚于今天。'
  if (!Number.isInteger(f.copies) || f.copies < 1 || f.copies > 9999) e.copies = '份数应为 1 至 9999。'
  if (signingIn) return e
  if (!f.title.trim()) e.title = '请填写文件标题。'
  if (!f.sender_rank) e.sender_rank = '请选择上级来文或下级来文（平级按上级）。'
  if (f.doc_class === 'red_head' && !f.doc_number.trim()) e.doc_number = '红头文件须填写文件字号；没有字号的请改为白头文件。'
  if (f.doc_date && f.doc_date > today) e.doc_date = '成文日期不能晚于今天。'
  else if (f.doc_date && f.received_date && f.doc_date > f.received_date) e.doc_date = '成文日期不能晚于收文日期。'
  if (f.pages !== null && (!Number.isInteger(f.pages) || f.pages < 1 || f.pages > 99_999)) e.pages = '页数应为 1 至 99999。'
  if (isSecret(f.secrecy)) {
    if (!f.paper_only) e.secrecy = '秘密级及以上公文不得在本系统办理，只能勾选“仅登记纸质件”。'
    else if (f.files.length) e.files = '仅登记纸质件时不能上传电子文件，请先移除附件。'
  }
  return e
}

const opt = (t: string): string | null => t.trim() || null
const common = (f: RegisterForm) => ({
  doc_class: f.doc_class, source: f.source, sender: f.sender.trim(), sender_rank: f.sender_rank, title: opt(f.title), doc_number: opt(f.doc_number), copies: f.copies,
  received_date: f.received_date, urgency: f.urgency, remark: opt(f.remark), file_ids: f.files.map((x) => x.id),
})
export const signInBody = common
export const attributesBody = (f: RegisterForm) => ({
  ...common(f), secrecy: f.secrecy, paper_only: isSecret(f.secrecy) && f.paper_only, genre: opt(f.genre), class_code: opt(f.class_code), subject_terms: opt(f.subject_terms),
  doc_date: f.doc_date, pages: f.pages, summary: opt(f.summary),
})
export const registerBody = (f: RegisterForm, taskId: string | null, confirmed: boolean) => ({ ...attributesBody(f), task_id: taskId, confirm_duplicate: confirmed })

/** The server's word at each field; files come back as `file_ids`. */
export function serverErrors(error: ApiError | null): RegisterErrors {
  const e: RegisterErrors = {}
  if (error?.code === 'duplicate_document') return e
  for (const f of error?.fields ?? []) {
    const key = (f.field.startsWith('file_ids') ? 'files' : f.field) as keyof RegisterErrors
    e[key] ??= f.message
  }
  if (error?.code === 'secrecy_refused') e.secrecy ??= error.message
  return e
}

/** Only what belongs to the form comes back out of a draft. */
export function fromDraft(data: unknown, base: RegisterForm): RegisterForm {
  if (!data || typeof data !== 'object') return base
  const out = { ...base }
  for (const k of Object.keys(base) as (keyof RegisterForm)[]) {
    const v = (data as Record<string, unknown>)[k]
    if (v !== undefined && (typeof v === typeof base[k] || v === null || base[k] === null)) Object.assign(out, { [k]: v })
  }
  return out
}

/** A serial number such as 收〔2026〕128号 or 江政发〔2026〕18号: half-width brackets and hyphens that a clerk types become the right ones. */
export function tidyNumber(text: string): string {
  return text.trim().replace(/\s+/g, '').replace(/[[［【(（](\d{4})[\]］】)）]/, '〔$1〕').replace(/〔(\d{4})〕(第)?0*(\d+)号?$/, '〔$1〕$2$3号')
}
/** The genre that a title ends with, e.g. …的通知. */
export function genreOf(title: string, genres: string[]): string | null {
  const t = title.trim().replace(/[（(][^（()）]*[)）]$/, '')
  return [...genres].sort((a, b) => b.length - a.length).find((g) => t.endsWith(g)) ?? null
}
/** What to say of earlier documents that look the same. */
export const duplicateText = (list: Duplicate[]): string => `已登记过 ${list.length} 件同一来文单位、同一字号的公文，请核对是否重复。`
