import { defineConfig } from '@playwright/test'

// Stories against the real server: the suite starts it itself (`ZS_BIN`, else the debug build). `scripts/e2e.sh` runs them.
const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run', '--disable-component-update', '--disable-sync']

export default defineConfig({
  testDir: 'tests/story',
  testMatch: '*.story.ts',
  outputDir: 'test-results/story',
  globalSetup: './tests/story/kit/up.ts',
  workers: 1,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: {
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    actionTimeout: 15_000,
    viewport: { width: 1440, height: 900 },
    trace: 'off',
    screenshot: 'only-on-failure',
    launchOptions: { executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args },
  },
})
