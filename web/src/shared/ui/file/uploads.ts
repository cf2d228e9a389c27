import { computed, reactive, type ComputedRef } from 'vue'
import { messageOf } from '../../api/http'
import { uploadFile } from '../../api/files'
import type { FileInfo } from '../../api/types'

export interface Pending { id: number; name: string; size: number; part: number; error: string | null; file: File; stop: AbortController }
export interface Uploads { pending: Pending[]; busy: ComputedRef<boolean>; add: (files: Iterable<File>) => void; cancel: (p: Pending) => void; retry: (p: Pending) => void }

const AT_ONCE = 2

/** Uploads two files at a time, in order; `done` is told of each that arrived. */
export function useUploads(done: (f: FileInfo) => void, maxBytes: () => number, send = uploadFile): Uploads {
  const pending = reactive<Pending[]>([]) as Pending[]
  const running = new Set<number>()
  let seq = 0

  function drop(p: Pending) {
    const i = pending.findIndex((x) => x.id === p.id)
    if (i >= 0) pending.splice(i, 1)
  }
  function next() {
    for (const p of pending) {
      if (running.size >= AT_ONCE) return
      if (p.error || running.has(p.id)) continue
      running.add(p.id)
      void start(p)
    }
  }
  async function start(p: Pending) {
    try {
      const f = await send(p.file, { signal: p.stop.signal, onProgress: (x) => { p.part = x } })
      drop(p)
      done(f)
    } catch (e) {
      if (e instanceof DOMException && e.name === 'AbortError') drop(p)
      else p.error = messageOf(e)
    } finally {
      running.delete(p.id)
      next()
    }
  }
  return {
    pending,
    busy: computed(() => pending.some((p) => !p.error)),
    add(files) {
      for (const file of files) {
        const limit = maxBytes()
        let error: string | null = null
        if (file.size === 0) error = '文件是空的，请检查后重新选择。'
        else if (limit && file.size > limit) error = `文件超过 ${Math.round(limit / 1024 / 1024)} MB 上限，请压缩或拆分后再上传。`
        pending.push({ id: ++seq, name: file.name, size: file.size, part: 0, error, file, stop: new AbortController() })
      }
      next()
    },
    cancel(p) { if (p.error) drop(p); else { p.stop.abort(); drop(p) } },
    retry(p) { p.error = null; p.part = 0; p.stop = new AbortController(); next() },
  }
}
