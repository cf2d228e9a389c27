/** Rules a password must meet; the server checks the same and has the last word. */
export interface Rule { text: string; ok: boolean }

export function passwordRules(password: string, login: string): Rule[] {
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((r) => r.test(password)).length
  return [
    { text: '10 至 128 个字符', ok: [...password].length >= 10 && [...password].length <= 128 },
    { text: '含大写、小写、数字、符号中的三类', ok: kinds >= 3 },
    { text: '不含登录名', ok: password.length > 0 && (login.trim() === '' || !password.toLowerCase().includes(login.trim().toLowerCase())) },
  ]
}

export const passwordOk = (password: string, login: string): boolean => passwordRules(password, login).every((r) => r.ok)

/** Login names: 3 to 32 letters, digits, dots, dashes, underscores. */
export const loginOk = (login: string): boolean => /^[\p{L}\p{N}._-]{3,32}$/u.test(login.trim())
