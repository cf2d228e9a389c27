import { reactive } from 'vue'
import { http, messageOf } from '../api/http'
import type { ActResult } from '../api/types'

export interface Toast {
  id: number
  kind: 'ok' | 'info' | 'error'
  text: string
  action: { title: string; run: () => Promise<void> | void } | null
  busy: boolean
}

let seq = 0
export const toasts = reactive<Toast[]>([])

export function dismiss(id: number): void {
  const i = toasts.findIndex((t) => t.id === id)
  if (i >= 0) toasts.splice(i, 1)
}

function push(kind: Toast['kind'], text: string, action: Toast['action'] = null, ms = 4000): number {
  const id = ++seq
  toasts.push({ id, kind, text, action, busy: false })
  if (toasts.length > 4) toasts.shift()
  setTimeout(() => dismiss(id), ms)
  return id
}

export const toast = {
  ok: (text: string) => push('ok', text),
  info: (text: string) => push('info', text),
  error: (error: unknown) => push('error', typeof error === 'string' ? error : messageOf(error), null, 8000),
  /** With one action, e.g. 撤回. Stays 12 seconds. */
  withAction: (text: string, title: string, run: () => Promise<void> | void) => push('ok', text, { title, run }, 12_000),
}

/**
 * What is said after an act: where the work went and, where the server allows it, 撤回.
 * `base` is the subject's address on the server, e.g. `/incoming/123`.
 */
export function toastAct(result: ActResult, base: string, afterUndo?: () => void): void {
  const undo = result.undo
  const text = result.next || '已办理'
  if (!undo) { toast.ok(text); return }
  toast.withAction(text, '撤回', async () => {
    await http.post(`${base}/withdraw`, { round: undo.round })
    toast.info('已撤回，可重新办理。')
    afterUndo?.()
  })
}
