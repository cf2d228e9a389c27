import { computed } from 'vue'
import { useQuery } from '@tanstack/vue-query'
import { http } from '@/shared/api/http'
import type { Items } from '@/shared/api/types'
import type { RoleItem } from './types'

/** The catalogue of roles with their titles. */
export function useRoles() {
  const query = useQuery({ queryKey: ['roles'], queryFn: () => http.get<Items<RoleItem>>('/admin/roles'), staleTime: 300_000 })
  const roles = computed(() => query.data.value?.items ?? [])
  const titleOf = (key: string): string => roles.value.find((r) => r.key === key)?.title ?? key
  return { query, roles, titleOf }
}
