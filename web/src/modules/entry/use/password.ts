/** Rules a password must meet; the server checks the same and has the last word. */
export interface Rule { text: string; ok: boolean }

export function passwordRules(password: string, login: string): Rule[] {
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((r) => r.test(password)).length
  return [
    { text: '至少 10 个字符', ok: password.length >= 10 },
    { text: '含大写、小写、数字、符号中的三类', ok: kinds >= 3 },
    { text: '不含登录名', ok: password.length > 0 && (login.trim() === '' || !password.toLowerCase().includes(login.trim().toLowerCase())) },
  ]
}

export const passwordOk = (password: string, login: string): boolean => passwordRules(password, login).every((r) => r.ok)

/** Login names: letters, digits, dot, dash, underscore, from a letter. */
export const loginOk = (login: string): boolean => /^[a-z][a-z0-9._-]{2,31}$/.test(login)
