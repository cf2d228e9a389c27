/** Real servers of the stories: each its own data folder, its own clock that starts on Tuesday 10 March 2026, 9:00 in China. */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

export const PASSWORD = 'Rehearsal-2026'
export const DAY = 86_400_000
const START = Date.UTC(2026, 2, 10, 1, 0)
const BIN = process.env.ZS_BIN ?? resolve(import.meta.dirname, '../../../../target/debug/zhongshu')

export interface Place { url: string; dir: string }

async function freePort(): Promise<number> {
  return new Promise((ok, bad) => {
    const s = createServer().once('error', bad).listen(0, '127.0.0.1', () => {
      const a = s.address()
      s.close(() => ok(typeof a === 'object' && a ? a.port : 0))
    })
  })
}

const clockFile = (dir: string) => join(dir, 'clock')
/** How far the server's clock is ahead of this machine's. */
export const offset = (p: Place): number => Number(readFileSync(clockFile(p.dir), 'utf8'))
export const now = (p: Place): number => Date.now() + offset(p)
/** Lets time pass. Sessions end meanwhile, as in life. */
export function pass(p: Place, ms: number): void {
  writeFileSync(clockFile(p.dir), String(offset(p) + ms))
}

export class Server implements Place {
  url = ''
  private child: ChildProcess | null = null
  readonly dir: string

  constructor(private readonly options: string[]) {
    this.dir = mkdtempSync(join(tmpdir(), 'zs-story-'))
    writeFileSync(clockFile(this.dir), String(START - Date.now()))
  }
  static demo(documents: number): Server {
    return new Server(['--demo', '--preset', 'county', '--documents', String(documents), '--demo-password', PASSWORD])
  }
  async start(): Promise<this> {
    const port = await freePort()
    const log = openSync(join(this.dir, 'log'), 'a')
    const args = ['serve', ...this.options, '--data', join(this.dir, 'data'), '--listen', `127.0.0.1:${port}`, '--clock-file', clockFile(this.dir)]
    const child = spawn(BIN, args, { stdio: ['ignore', log, log] })
    this.child = child
    let gone: string | null = null
    child.once('error', (e) => { gone = e.message })
    child.once('exit', (code, signal) => { gone = `exit ${code ?? signal}` })
    this.url = `http://127.0.0.1:${port}`
    const until = Date.now() + 90_000
    while (!gone && Date.now() < until) {
      if (await fetch(`${this.url}/healthz`).then((r) => r.ok, () => false)) return this
      await new Promise((ok) => setTimeout(ok, 100))
    }
    throw new Error(`the server did not start (${gone ?? 'no answer'}):\n${this.log()}`)
  }
  async end(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const c = this.child
    this.child = null
    if (!c || c.exitCode !== null || c.signalCode !== null) return
    await new Promise<void>((ok) => { c.once('exit', () => ok()); c.kill(signal) })
  }
  log(): string { return readFileSync(join(this.dir, 'log'), 'utf8').slice(-4000) }
  async remove(): Promise<void> {
    await this.end()
    rmSync(this.dir, { recursive: true, force: true })
  }
}
