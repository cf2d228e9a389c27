/** A scanned PDF (a JPEG of a page on each page), and the text of printed ones. */
import { execFileSync } from 'node:child_process'
import type { Browser } from '@playwright/test'

/** A page of paper as a scanner sees it. */
export async function scan(browser: Browser, html: string): Promise<Buffer> {
  const page = await browser.newPage({ viewport: { width: 620, height: 877 } })
  await page.setContent(`<body style="margin:64px 72px;background:#fff;font:16px/1.9 serif">${html}</body>`)
  const jpeg = await page.screenshot({ type: 'jpeg', quality: 85 })
  await page.close()
  return jpeg
}

/** A PDF of nothing but pictures, as scanners make them. */
export function scannedPdf(pages: Buffer[]): Buffer {
  const out: Buffer[] = [Buffer.from('%PDF-1.4\n')]
  const at: number[] = []
  const size = () => out.reduce((n, b) => n + b.length, 0)
  const object = (head: string, stream?: Buffer) => {
    at.push(size())
    out.push(Buffer.from(`${at.length} 0 obj\n${head}`), ...(stream ? [Buffer.from('stream\n'), stream, Buffer.from('\nendstream')] : []), Buffer.from('\nendobj\n'))
  }
  const kids = pages.map((_, i) => `${3 + i * 3} 0 R`).join(' ')
  object('<< /Type /Catalog /Pages 2 0 R >>')
  object(`<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`)
  pages.forEach((jpeg, i) => {
    const n = 3 + i * 3
    const draw = Buffer.from('q 595 0 0 842 0 0 cm /S Do Q')
    object(`<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${n + 1} 0 R /Resources << /XObject << /S ${n + 2} 0 R >> >> >>`)
    object(`<< /Length ${draw.length} >>\n`, draw)
    object(`<< /Type /XObject /Subtype /Image /Width 620 /Height 877 /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode /Length ${jpeg.length} >>\n`, jpeg)
  })
  const xref = size()
  out.push(Buffer.from(`xref\n0 ${at.length + 1}\n0000000000 65535 f \n${at.map((n) => `${String(n).padStart(10, '0')} 00000 n \n`).join('')}trailer\n<< /Size ${at.length + 1} /Root 1 0 R >>\nstartxref\n${xref}\n%%EOF\n`))
  return Buffer.concat(out)
}

/** What a printed PDF says, without the white space of its lines. */
export function pdfText(pdf: Buffer): string {
  return execFileSync('pdftotext', ['-raw', '-', '-'], { input: pdf, maxBuffer: 64 << 20 }).toString('utf8').replace(/\s+/g, '')
}
