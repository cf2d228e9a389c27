import { dateText } from '@/shared/i18n/time'

/** The date in China now. */
export const today = (): string => dateText(Date.now())
