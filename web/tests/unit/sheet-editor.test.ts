import { describe, expect, it } from 'vitest'
import { lastEditor } from '@/modules/incoming/use/sheet'

const rev = (by: string, text: string) => ({ by, at: 1, step_title: '审阅', before: { proposed_handling: text } })

describe('who changed the proposal', () => {
  it('names the last one who changed its text', () => {
    expect(lastEditor([rev('主任', '甲'), rev('文秘', '乙')], { proposed_handling: '乙' })?.by).toBe('主任')
    expect(lastEditor([rev('主任', '甲'), rev('文秘', '乙')], { proposed_handling: '丙' })?.by).toBe('文秘')
  })
  it('names nobody when only readers or deadlines changed', () => {
    expect(lastEditor([rev('主任', '甲')], { proposed_handling: '甲' })).toBeNull()
    expect(lastEditor([], { proposed_handling: '甲' })).toBeNull()
  })
})
