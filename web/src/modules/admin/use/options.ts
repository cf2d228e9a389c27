import { useQuery } from '@tanstack/vue-query'
import { http } from '@/shared/api/http'
import type { OrgOptions } from './types'

/** Kinds of unit and ranks; they change with the program only. */
export const useOrgOptions = () => useQuery({ queryKey: ['org', 'options'], queryFn: () => http.get<OrgOptions>('/org/options'), staleTime: Infinity })
