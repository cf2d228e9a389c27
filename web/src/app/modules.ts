import type { WebModule } from '@/shared/api/module'

/** Every `src/modules/<m>/index.ts` default-exports `defineModule({...})`; nothing else needs to be registered. */
const found = import.meta.glob<{ default: WebModule }>('../modules/*/index.ts', { eager: true })

export const modules: WebModule[] = Object.values(found).map((m) => m.default)
