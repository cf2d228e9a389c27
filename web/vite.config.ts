import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { resolve } from 'node:path'
import zlib from 'node:zlib'
import { defineConfig, type Plugin } from 'vite'
import vue from '@vitejs/plugin-vue'
import Components from 'unplugin-vue-components/vite'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import { compression } from 'vite-plugin-compression2'
import pxtorem from 'postcss-pxtorem'

const root = fileURLToPath(new URL('.', import.meta.url))
const PDF_DIRS = ['cmaps', 'standard_fonts', 'wasm']

/** Serves the pdf.js data folders (Chinese character maps, fonts, image decoders) from our own origin. */
function pdfData(): Plugin {
  const base = resolve(root, 'node_modules/pdfjs-dist')
  return {
    name: 'pdf-data',
    configureServer(server) {
      server.middlewares.use('/pdf', (req, res, next) => {
        const path = decodeURIComponent((req.url ?? '').split('?')[0] ?? '')
        const file = resolve(base, '.' + path)
        if (!file.startsWith(base) || !existsSync(file)) return next()
        createReadStream(file).pipe(res)
      })
    },
    generateBundle() {
      for (const dir of PDF_DIRS) {
        const from = resolve(base, dir)
        if (!existsSync(from)) continue
        for (const name of readdirSync(from)) {
          this.emitFile({ type: 'asset', fileName: `pdf/${dir}/${name}`, source: readFileSync(resolve(from, name)) })
        }
      }
    },
  }
}

export default defineConfig({
  plugins: [
    vue(),
    pdfData(),
    Components({ dirs: [], resolvers: [ElementPlusResolver({ importStyle: 'sass' })], dts: false }),
    compression({
      algorithms: [['brotliCompress', { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 10 } }]],
      include: /\.(js|mjs|css|html|svg|json|wasm|webmanifest)$/,
      threshold: 1024,
    }),
  ],
  resolve: { alias: { '@': resolve(root, 'src') } },
  css: {
    postcss: {
      plugins: [pxtorem({ rootValue: 16, propList: ['*', '!border*', '!box-shadow', '!outline*'], minPixelValue: 2 })],
    },
    preprocessorOptions: { scss: { additionalData: `@use "${resolve(root, 'src/shared/styles/theme.scss')}" as *;` } },
  },
  server: { proxy: { '/api': { target: process.env.API ?? 'http://127.0.0.1:8080', changeOrigin: false } } },
  preview: { proxy: { '/api': { target: process.env.API ?? 'http://127.0.0.1:8080', changeOrigin: false } } },
  build: { target: 'chrome100', cssTarget: 'chrome100', reportCompressedSize: false, chunkSizeWarningLimit: 1500, assetsInlineLimit: 2048 },
})
