import { describe, expect, it } from 'vitest'
import { flatten } from '@/shared/api/keyset'
import { ariaSort, fitColumns, nextSort, shownColumns, toggleColumn } from '@/shared/ui/table/columns'
import { chipsOf, cleanQuery, type FilterField } from '@/shared/ui/filters'
import { queryString } from '@/shared/api/http'

describe('keyset pages', () => {
  const id = (r: { id: string }) => r.id
  it('joins pages in order', () => {
    expect(flatten([{ items: [{ id: 'a' }, { id: 'b' }], next: '1' }, { items: [{ id: 'c' }], next: null }], id).map(id)).toEqual(['a', 'b', 'c'])
  })
  it('shows a row that moved between two pages once', () => {
    expect(flatten([{ items: [{ id: 'a' }, { id: 'b' }], next: '1' }, { items: [{ id: 'b' }, { id: 'c' }], next: null }], id)).toHaveLength(3)
  })
})

describe('columns', () => {
  const cols = [{ key: 'title', always: true }, { key: 'sender' }, { key: 'kind', off: true }]
  it('hides optional columns until chosen', () => {
    expect(shownColumns(cols, null).map((c) => c.key)).toEqual(['title', 'sender'])
    expect(shownColumns(cols, toggleColumn(cols, null, 'kind')).map((c) => c.key)).toEqual(['title', 'sender', 'kind'])
  })
  it('never hides a fixed column', () => {
    expect(shownColumns(cols, { hidden: ['title', 'sender', 'kind'] }).map((c) => c.key)).toEqual(['title'])
  })
  it('leaves out what does not fit, the least needed first', () => {
    const wide = [{ key: 'title', always: true, drop: 9 }, { key: 'a', width: 100, drop: 1 }, { key: 'b', width: 100, drop: 2 }, { key: 'c', width: 100 }]
    expect(fitColumns(wide, 600).map((c) => c.key)).toEqual(['title', 'a', 'b', 'c'])
    expect(fitColumns(wide, 480).map((c) => c.key)).toEqual(['title', 'a', 'c'])
    expect(fitColumns(wide, 50).map((c) => c.key)).toEqual(['title', 'c'])
    expect(fitColumns(wide, 0)).toHaveLength(4)
  })
  it('switches twice back to where it was', () => {
    const once = toggleColumn(cols, null, 'sender')
    expect(shownColumns(cols, toggleColumn(cols, once, 'sender'))).toEqual(shownColumns(cols, null))
  })
  it('sorts descending, ascending, not', () => {
    const s = { asc: 'received_asc', desc: 'received_desc' }
    expect(nextSort(undefined, s)).toBe('received_desc')
    expect(nextSort('received_desc', s)).toBe('received_asc')
    expect(nextSort('received_asc', s)).toBeUndefined()
    expect(ariaSort('received_asc', s)).toBe('ascending')
    expect(ariaSort('x', s)).toBe('none')
    expect(ariaSort('x', undefined)).toBeUndefined()
  })
})

describe('filters', () => {
  const fields: FilterField[] = [
    { key: 'urgency', label: '缓急', kind: 'select', options: [{ value: 'urgent', label: '加急' }] },
    { key: 'received', label: '收文日期', kind: 'dates', from: 'received_from', to: 'received_to' },
  ]
  it('drops what is empty', () => {
    expect(cleanQuery({ q: '  ', urgency: 'urgent', sender: undefined, title: ' 通知 ' })).toEqual({ urgency: 'urgent', title: '通知' })
  })
  it('says what is filtered', () => {
    expect(chipsOf(fields, { q: '防汛', urgency: 'urgent', received_from: '2026-01-01' }).map((c) => c.text)).toEqual(['含“防汛”', '缓急：加急', '收文日期：2026-01-01 至 …'])
  })
  it('writes query strings without empty values', () => {
    expect(queryString({ q: '防汛', a: null, b: '', c: undefined, n: 0, t: false, ids: ['1', '2'] })).toBe('?q=%E9%98%B2%E6%B1%9B&n=0&t=false&ids=1%2C2')
    expect(queryString({})).toBe('')
  })
})
