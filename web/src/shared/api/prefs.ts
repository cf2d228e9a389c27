import { defineStore } from 'pinia'
import { http } from './http'

export interface ColumnChoice { hidden: string[] }

/** Settings of the person, kept on the server; large type also in the browser so that the first paint has it. */
export const usePrefs = defineStore('prefs', {
  state: () => ({ values: {} as Record<string, unknown>, loaded: false }),
  getters: {
    density: (s): 'normal' | 'compact' => (s.values.density === 'compact' ? 'compact' : 'normal'),
    largeType: (s): boolean => s.values.large_type === true,
  },
  actions: {
    async load(): Promise<void> {
      const r = await http.get<{ values: Record<string, unknown> }>('/me/settings')
      this.values = r.values ?? {}
      this.loaded = true
      this.apply()
    },
    async set(key: string, value: unknown): Promise<void> {
      this.values = { ...this.values, [key]: value }
      this.apply()
      await http.put('/me/settings', { key, value })
    },
    columns(list: string): ColumnChoice | null {
      const v = this.values[`columns.${list}`]
      return v && typeof v === 'object' && Array.isArray((v as ColumnChoice).hidden) ? (v as ColumnChoice) : null
    },
    apply(): void {
      const root = document.documentElement
      root.classList.toggle('elder', this.largeType)
      root.dataset.density = this.density
      try { localStorage.setItem('large_type', this.largeType ? '1' : '0') } catch { /* storage refused: no harm */ }
    },
  },
})
