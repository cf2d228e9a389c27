import { computed, type WritableComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import type { QueryValues } from '../api/types'

export interface FilterField {
  key: string
  label: string
  kind: 'text' | 'select' | 'dates'
  options?: { value: string; label: string }[]
  /** For `dates`: the two parameters. */
  from?: string
  to?: string
  placeholder?: string
  /** Shown without opening 更多条件. */
  front?: boolean
}

/** Drops empty values. */
export function cleanQuery(q: QueryValues): QueryValues {
  const out: QueryValues = {}
  for (const [k, v] of Object.entries(q)) if (v !== undefined && v !== null && String(v).trim() !== '') out[k] = String(v).trim()
  return out
}

export interface Chip { keys: string[]; text: string }

/** What is filtered now, one chip a field. */
export function chipsOf(fields: FilterField[], q: QueryValues): Chip[] {
  const out: Chip[] = []
  if (q.q) out.push({ keys: ['q'], text: `含“${q.q}”` })
  for (const f of fields) {
    if (f.kind === 'dates') {
      const a = q[f.from ?? ''], b = q[f.to ?? '']
      if (a || b) out.push({ keys: [f.from ?? '', f.to ?? ''], text: `${f.label}：${a ?? '…'} 至 ${b ?? '…'}` })
    } else {
      const v = q[f.key]
      if (v) out.push({ keys: [f.key], text: `${f.label}：${f.options?.find((o) => o.value === v)?.label ?? v}` })
    }
  }
  return out
}

/** The filter lives in the address: it can be sent to a colleague and survives going back. */
export function useRouteQuery(): WritableComputedRef<QueryValues> {
  const route = useRoute()
  const router = useRouter()
  return computed({
    get: () => {
      const out: QueryValues = {}
      for (const [k, v] of Object.entries(route.query)) if (typeof v === 'string') out[k] = v
      return out
    },
    set: (q) => void router.replace({ path: route.path, query: cleanQuery(q), hash: route.hash }),
  })
}
