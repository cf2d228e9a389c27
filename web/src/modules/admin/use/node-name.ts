import { computed, type Ref } from 'vue'
import { useQuery } from '@tanstack/vue-query'
import { http } from '@/shared/api/http'
import type { OrgNodeDetail } from '@/shared/api/types'

/** The node that a condition in the address names. */
export const useNode = (id: Ref<string | undefined>) =>
  useQuery({ queryKey: ['org', 'node', computed(() => id.value ?? '')], queryFn: () => http.get<OrgNodeDetail>(`/org/nodes/${id.value}`), enabled: () => !!id.value })
