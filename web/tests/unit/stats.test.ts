import { describe, expect, it } from 'vitest'
import { monthRange, rate, share } from '@/modules/incoming/use/stats'

describe('收文统计', () => {
  it('rounds rates as the server does and divides by nothing never', () => {
    expect([rate(0, 0), rate(1, 3), rate(2, 3), rate(7, 7)]).toEqual(['—', '33.3%', '66.7%', '100.0%'])
  })
  it('opens the documents of a whole month', () => {
    expect(monthRange('2028-02')).toEqual({ received_from: '2028-02-01', received_to: '2028-02-29' })
    expect(monthRange('2026-12').received_to).toBe('2026-12-31')
  })
  it('draws the longest bar full', () => {
    expect([share(5, 5), share(1, 4)]).toEqual(['100%', '25%'])
  })
})
