export { deviceText } from '@/shared/i18n/agent'
