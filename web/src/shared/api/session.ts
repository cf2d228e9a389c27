import { defineStore } from 'pinia'
import { http } from './http'
import type { Bootstrap, Counts, Identity, Me } from './types'

const NO_COUNTS: Counts = {
  todo: 0, to_read: 0, mine: 0, drafts: 0, watch: 0, urges: 0,
  todo_urgent: 0, todo_due_soon: 0, todo_overdue: 0, sign_in_waiting: 0,
}

/** Who works here, with what menus and counts. */
export const useSession = defineStore('session', {
  state: () => ({
    bootstrap: null as Bootstrap | null,
    me: null as Me | null,
    counts: { ...NO_COUNTS } as Counts,
    countsKnown: false,
    online: true,
  }),
  getters: {
    siteName: (s): string => s.bootstrap?.site_name || '政务办公平台',
    identity: (s): Identity | null => s.me?.identity ?? null,
  },
  actions: {
    can(permission: string): boolean {
      return this.me?.permissions.includes(permission) ?? false
    },
    async loadBootstrap(force = false): Promise<Bootstrap> {
      if (!this.bootstrap || force) this.bootstrap = await http.get<Bootstrap>('/bootstrap', undefined, { anonymous: true })
      return this.bootstrap
    },
    async loadMe(force = false): Promise<Me> {
      if (!this.me || force) this.me = await http.get<Me>('/me', undefined, { anonymous: true })
      return this.me
    },
    async loadCounts(): Promise<void> {
      this.setCounts(await http.get<Partial<Counts>>('/work/counts'))
    },
    setCounts(c: Partial<Counts>): void {
      this.counts = { ...NO_COUNTS, ...c }
      this.countsKnown = true
    },
    clear(): void {
      this.me = null
      this.counts = { ...NO_COUNTS }
      this.countsKnown = false
    },
  },
})
