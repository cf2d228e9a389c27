/** Words for states of the administration. */
type Tone = 'plain' | 'active' | 'done' | 'warn' | 'stop'
const ACCOUNT: Record<string, [string, Tone]> = { active: ['正常', 'done'], must_change: ['待改初始密码', 'warn'], locked: ['已停用', 'stop'], none: ['无账号', 'plain'] }
export const accountText = (s: string): string => ACCOUNT[s]?.[0] ?? s
export const accountTone = (s: string): Tone => ACCOUNT[s]?.[1] ?? 'plain'
