/** What waits for registration: the to-dos of the registry, and what was signed in today. */
import { computed } from 'vue'
import { useQuery } from '@tanstack/vue-query'
import { http } from '@/shared/api/http'
import type { Page, WorkItem } from '@/shared/api/types'
import type { IncomingRow } from './types'
import { today } from './today'

/** To-dos of the step 登记, urgent ones first as the server orders them. */
export const registerTasks = (items: WorkItem[]): WorkItem[] => items.filter((i) => i.step === 'register' || i.step_title.includes('登记'))
/** Signed in but without a serial number. */
export const unregistered = (rows: IncomingRow[]): IncomingRow[] => rows.filter((r) => !r.serial_no && r.status === 'active')

export function useRegisterTasks() {
  const q = useQuery({ queryKey: ['work', 'todo', 'incoming-register'], queryFn: () => http.get<Page<WorkItem>>('/work/todo', { subject_kind: 'incoming', limit: 200 }) })
  return { query: q, items: computed(() => registerTasks(q.data.value?.items ?? [])) }
}
export function useSignedToday() {
  const q = useQuery({ queryKey: ['incoming', 'signed-today'], queryFn: () => http.get<Page<IncomingRow>>('/incoming', { mine: 'signed', received_from: today(), received_to: today(), sort: 'received_desc', limit: 100 }) })
  return { query: q, rows: computed(() => unregistered(q.data.value?.items ?? [])) }
}
