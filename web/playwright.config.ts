import { defineConfig } from '@playwright/test'

const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run', '--disable-component-update', '--disable-sync']

export default defineConfig({
  testDir: 'tests/e2e',
  workers: 1,
  timeout: 60_000,
  // Page checks run against the stand-in server; stories run against $BASE_URL.
  webServer: { command: 'node tests/mock/server.mjs', url: 'http://127.0.0.1:8090/api/v1/bootstrap', reuseExistingServer: false},
  use: {
    baseURL: process.env.BASE_URL ?? 'http://127.0.0.1:8080',
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    launchOptions: { executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args },
  },
})
