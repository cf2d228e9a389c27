/** Just enough ZIP and OOXML to write a Word file and a workbook and to open what the platform exports. */
import { crc32, inflateRawSync } from 'node:zlib'

export function zip(files: Record<string, string | Uint8Array>): Buffer {
  const parts: Buffer[] = []
  const central: Buffer[] = []
  let at = 0
  for (const [name, text] of Object.entries(files)) {
    const n = Buffer.from(name)
    const data = Buffer.from(text as string)
    const head = Buffer.alloc(26)
    head.writeUInt16LE(20, 0)
    head.writeUInt16LE(0x0800, 2)
    head.writeUInt16LE(0x21, 8)
    head.writeUInt32LE(crc32(data), 10)
    head.writeUInt32LE(data.length, 14)
    head.writeUInt32LE(data.length, 18)
    head.writeUInt16LE(n.length, 22)
    const more = Buffer.alloc(14)
    more.writeUInt32LE(at, 10)
    parts.push(Buffer.from('PK\x03\x04', 'latin1'), head, n, data)
    central.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), head, more, n)
    at += 30 + n.length + data.length
  }
  const dir = Buffer.concat(central)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(Object.keys(files).length, 8)
  end.writeUInt16LE(Object.keys(files).length, 10)
  end.writeUInt32LE(dir.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...parts, dir, end])
}

export function unzip(b: Buffer): Map<string, Buffer> {
  const out = new Map<string, Buffer>()
  const end = b.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'))
  if (end < 0) throw new Error('not a zip file')
  let at = b.readUInt32LE(end + 16)
  for (let left = b.readUInt16LE(end + 10); left > 0; left--) {
    const [method, crc, size, n, x, c, local] = [b.readUInt16LE(at + 10), b.readUInt32LE(at + 16), b.readUInt32LE(at + 20), b.readUInt16LE(at + 28), b.readUInt16LE(at + 30), b.readUInt16LE(at + 32), b.readUInt32LE(at + 42)]
    const name = b.toString('utf8', at + 46, at + 46 + n)
    const from = local + 30 + b.readUInt16LE(local + 26) + b.readUInt16LE(local + 28)
    const packed = b.subarray(from, from + size)
    const data = method === 0 ? packed : inflateRawSync(packed)
    if (crc32(data) !== crc) throw new Error(`${name} is damaged`)
    out.set(name, data)
    at += 46 + n + x + c
  }
  return out
}

const plain = (t: string) => t.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&apos;/g, "'").replace(/&#(\d+);/g, (_, d: string) => String.fromCodePoint(Number(d))).replace(/&amp;/g, '&')
const safe = (t: string) => t.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
const textOf = (xml: string) => [...xml.matchAll(/<t(?:\s[^>]*)?>([^<]*)<\/t>/g)].map((m) => plain(m[1] ?? '')).join('')
const column = (ref: string) => [...ref.replace(/\d/g, '')].reduce((n, c) => n * 26 + c.charCodeAt(0) - 64, 0) - 1

/** The sheets of a workbook as rows of text. */
export function workbook(b: Buffer): Map<string, string[][]> {
  const files = unzip(b)
  const read = (name: string) => files.get(name)?.toString('utf8') ?? ''
  const shared = [...read('xl/sharedStrings.xml').matchAll(/<si>(.*?)<\/si>/gs)].map((m) => textOf(m[1] ?? ''))
  const names = [...read('xl/workbook.xml').matchAll(/<sheet [^>]*name="([^"]*)"/g)].map((m) => plain(m[1] ?? ''))
  return new Map(names.map((name, i) => {
    const rows = [...read(`xl/worksheets/sheet${i + 1}.xml`).matchAll(/<row [^>]*?(?:\/>|>(.*?)<\/row>)/gs)].map((r) => {
      const cells: string[] = []
      for (const m of (r[1] ?? '').matchAll(/<c r="([A-Z]+\d+)"([^>]*?)(?:\/>|>(.*?)<\/c>)/gs)) {
        const inner = m[3] ?? ''
        const v = /<v>([^<]*)<\/v>/.exec(inner)?.[1] ?? ''
        cells[column(m[1] ?? 'A')] = /t="s"/.test(m[2] ?? '') ? (shared[Number(v)] ?? '') : /t="inlineStr"/.test(m[2] ?? '') ? textOf(inner) : plain(v)
      }
      return Array.from(cells, (c) => c ?? '')
    })
    return [name, rows]
  }))
}

/** A workbook with these sheets. */
export function sheets(all: Record<string, string[][]>): Buffer {
  const names = Object.keys(all)
  const types = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
  const rel = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
  const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
  const letter = (i: number) => String.fromCharCode(65 + i)
  const files: Record<string, string> = {
    '[Content_Types].xml': `${head}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${types}.sheet.main+xml"/>${names.map((_, i) => `<Override PartName="/xl/worksheets/sheet${i + 1}.xml" ContentType="${types}.worksheet+xml"/>`).join('')}</Types>`,
    '_rels/.rels': `${head}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="${rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `${head}<workbook xmlns="${main}" xmlns:r="${rel}"><sheets>${names.map((n, i) => `<sheet name="${safe(n)}" sheetId="${i + 1}" r:id="r${i + 1}"/>`).join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${head}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${names.map((_, i) => `<Relationship Id="r${i + 1}" Type="${rel}/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`).join('')}</Relationships>`,
  }
  names.forEach((n, i) => {
    const rows = (all[n] ?? []).map((r, y) => `<row r="${y + 1}">${r.map((t, x) => (t ? `<c r="${letter(x)}${y + 1}" t="inlineStr"><is><t>${safe(t)}</t></is></c>` : '')).join('')}</row>`)
    files[`xl/worksheets/sheet${i + 1}.xml`] = `${head}<worksheet xmlns="${main}"><sheetData>${rows.join('')}</sheetData></worksheet>`
  })
  return zip(files)
}

/** A Word document of these paragraphs. */
export function docx(paragraphs: string[]): Buffer {
  const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
  const body = paragraphs.map((p) => `<w:p><w:r><w:rPr><w:rFonts w:eastAsia="仿宋_GB2312"/><w:sz w:val="32"/></w:rPr><w:t>${safe(p)}</w:t></w:r></w:p>`).join('')
  return zip({
    '[Content_Types].xml': `${head}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
    '_rels/.rels': `${head}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
    'word/document.xml': `${head}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${body}<w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr></w:body></w:document>`,
  })
}
