import { describe, expect, it } from 'vitest'
import { dueView } from '@/shared/i18n/due'
import { chineseDate, dateText, dayEnd, dayStart, greeting, nearText, sizeText, timeText, todayText } from '@/shared/i18n/time'
import { insertAt, rankPhrases } from '@/shared/ui/phrases'
import { fallbackText, ApiError, messageOf } from '@/shared/api/errors'

const NOON = Date.parse('2026-03-09T04:00:00Z')

describe('times are those of China', () => {
  it('writes date and time', () => {
    expect(timeText(NOON)).toBe('2026-03-09 12:00')
    expect(dateText(Date.parse('2026-03-08T16:00:00Z'))).toBe('2026-03-09')
    expect(todayText(NOON)).toBe('2026年3月9日 星期一')
    expect(timeText(null)).toBe('')
  })
  it('says today and yesterday by the Chinese calendar day', () => {
    expect(nearText(Date.parse('2026-03-08T16:30:00Z'), NOON)).toBe('今天 00:30')
    expect(nearText(Date.parse('2026-03-08T15:30:00Z'), NOON)).toBe('昨天 23:30')
    expect(nearText(Date.parse('2026-01-05T01:00:00Z'), NOON)).toBe('01-05 09:00')
    expect(nearText(Date.parse('2025-12-31T01:00:00Z'), NOON)).toBe('2025-12-31')
  })
  it('bounds a day', () => {
    expect(timeText(dayStart('2026-03-09'))).toBe('2026-03-09 00:00')
    expect(timeText(dayEnd('2026-03-09'))).toBe('2026-03-09 23:59')
  })
  it('writes dates as documents do', () => {
    expect(chineseDate('2026-03-09')).toBe('2026年3月9日')
    expect(chineseDate(null)).toBe('')
    expect(chineseDate('2026年春')).toBe('2026年春')
  })
  it('greets by the hour', () => expect(greeting(NOON)).toBe('中午好'))
  it('writes sizes', () => expect([500, 2048, 5 * 1024 * 1024, 3 * 1024 ** 3].map(sizeText)).toEqual(['500 B', '2.0 KB', '5.0 MB', '3.00 GB']))
})

describe('deadlines', () => {
  it.each([
    [null, false, 'none', ''], [9, false, 'far', '剩 9 天'], [2, false, 'soon', '剩 2 天'], [0, false, 'today', '今天到期'], [-3, false, 'overdue', '超期 3 天'], [0, true, 'overdue', '已超期'], [null, true, 'overdue', '已超期'],
  ] as const)('%s days, overdue %s', (days, over, tone, text) => expect(dueView(days, over)).toEqual({ tone, text }))
})

describe('phrases', () => {
  it('goes in at the cursor with a comma where one is wanted', () => {
    expect(insertAt('', '同意。', null, null)).toEqual({ text: '同意。', cursor: 3 })
    expect(insertAt('请抓紧', '同意。', 3, 3).text).toBe('请抓紧，同意。')
    expect(insertAt('请抓紧。', '同意。', 4, 4).text).toBe('请抓紧。同意。')
  })
  it('replaces the selection and keeps the rest', () => {
    expect(insertAt('不同意。另行研究', '同意。', 0, 4)).toEqual({ text: '同意。另行研究', cursor: 3 })
  })
  it('survives positions beyond the text', () => expect(insertAt('好', '的', 99, 120).text).toBe('好，的'))
  it('ranks by order, typed ones first', () => {
    const p = [{ text: '已阅。', sort: 2 }, { text: '同意。', sort: 1 }, { text: '已阅知。', sort: 3 }]
    expect(rankPhrases(p, '').map((x) => x.text)).toEqual(['同意。', '已阅。', '已阅知。'])
    expect(rankPhrases(p, '已').map((x) => x.text)).toEqual(['已阅。', '已阅知。', '同意。'])
  })
})

describe('errors', () => {
  it('gives the detail of the server, and field messages', () => {
    const e = new ApiError(422, { code: 'invalid', detail: '标题过长。', fields: [{ field: 'title', message: '不超过 500 字。' }], request_id: 'r1' })
    expect(messageOf(e)).toBe('标题过长。')
    expect(e.field('title')).toBe('不超过 500 字。')
    expect(e.field('other')).toBeUndefined()
  })
  it('has a word for every status', () => {
    for (const s of [0, 400, 401, 403, 404, 409, 413, 422, 429, 500, 503]) expect(fallbackText(s).length).toBeGreaterThan(6)
    expect(messageOf(new TypeError('x is undefined'))).not.toContain('undefined')
  })
})
