import { shallowRef } from 'vue'

export interface ConfirmAsk {
  title: string
  text?: string
  ok?: string
  cancel?: string
  danger?: boolean
  /** Ask for a line of text, e.g. the reason. */
  input?: { label: string; required?: boolean; placeholder?: string; rows?: number; value?: string; max?: number }
}
export interface ConfirmState extends ConfirmAsk { resolve: (v: string | null) => void }

export const asking = shallowRef<ConfirmState | null>(null)

/** Asks; null = cancelled, otherwise the text given ('' where no text was asked for). */
export function ask(a: ConfirmAsk): Promise<string | null> {
  asking.value?.resolve(null)
  return new Promise((resolve) => {
    asking.value = { ...a, resolve: (v) => { asking.value = null; resolve(v) } }
  })
}

/** Yes or no. */
export async function confirm(title: string, text?: string, ok?: string): Promise<boolean> {
  return (await ask({ title, text, ok })) !== null
}
