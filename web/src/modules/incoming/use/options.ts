import { useQuery } from '@tanstack/vue-query'
import { http } from '@/shared/api/http'
import type { Options } from './types'

/** Choices of the unit; fetched once a minute at most. */
export const useOptions = () => useQuery({ queryKey: ['incoming', 'options'], queryFn: () => http.get<Options>('/incoming/options'), staleTime: 60_000 })
