export { loginOk, passwordOk, passwordRules, type Rule } from '@/shared/i18n/password'
