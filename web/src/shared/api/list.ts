import { computed, toValue, type ComputedRef, type MaybeRefOrGetter } from 'vue'
import { useInfiniteQuery } from '@tanstack/vue-query'
import { http, type Query } from './http'
import type { Page } from './types'
import { flatten } from './keyset'

export interface KeysetList<T> {
  rows: ComputedRef<T[]>
  total: ComputedRef<number | null>
  loading: ComputedRef<boolean>
  loadingMore: ComputedRef<boolean>
  hasMore: ComputedRef<boolean>
  error: ComputedRef<unknown>
  more: () => void
  reload: () => Promise<void>
}

/**
 * One keyset list. `key` starts with the subject ('work', 'incoming'…), so that live changes refresh it; `query` may
 * be reactive, a change starts the list anew. `idOf` removes rows that moved between two pages while reading.
 */
export function useList<T>(
  key: MaybeRefOrGetter<string[]>,
  path: MaybeRefOrGetter<string>,
  query: MaybeRefOrGetter<Query>,
  idOf: (row: T) => string,
  limit = 20,
): KeysetList<T> {
  const q = useInfiniteQuery({
    queryKey: computed(() => [...toValue(key), toValue(path), toValue(query)]),
    queryFn: ({ pageParam, signal }) =>
      http.get<Page<T>>(toValue(path), { ...toValue(query), limit, cursor: pageParam ?? undefined }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last: Page<T>) => last.next ?? undefined,
  })
  const rows = computed(() => flatten((q.data.value?.pages ?? []) as Page<T>[], idOf))
  return {
    rows,
    total: computed(() => q.data.value?.pages[0]?.total ?? null),
    loading: computed(() => q.isPending.value),
    loadingMore: computed(() => q.isFetchingNextPage.value),
    hasMore: computed(() => q.hasNextPage.value),
    error: computed(() => q.error.value),
    more: () => { if (q.hasNextPage.value && !q.isFetchingNextPage.value) void q.fetchNextPage() },
    reload: async () => { await q.refetch() },
  }
}
