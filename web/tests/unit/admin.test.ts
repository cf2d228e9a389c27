import { describe, expect, it } from 'vitest'
import type { OrgNode } from '@/shared/api/types'
import { dropTo, fits, isSame, kindsUnder, lines, lineUp, mergeFault, moveFault, placeAt, treeKey } from '@/modules/admin/use/tree'
import { bySheet, faultCsv, lineRanges, sums, verdict } from '@/modules/admin/use/report'
import { heirBody, heirFault, heirMissing, heirRows, merged, nodeFaults, personFaults, placeText, rankText, type HeirRow, type PersonForm } from '@/modules/admin/use/people'
import { grantFault } from '@/modules/admin/use/roles'
import { auditQuery, changeLines, changeText, resultText } from '@/modules/admin/use/audit'
import { kindOf, settingFault, settingGroups } from '@/modules/admin/use/settings'
import { seriesRows, seriesYears } from '@/modules/admin/use/series'
import { makePassword } from '@/modules/admin/use/password'
import { passwordOk } from '@/shared/i18n/password'

const node = (id: string, parent_id: string | null, kind: OrgNode['kind'], has_children = false): OrgNode => ({ id, parent_id, kind, unit_kind: null, name: `机构${id}`, short_name: id, code: null, sort: 0, status: 'active', has_children, people_count: 0, version: 1 })
const city = node('1', null, 'region', true), gov = node('2', '1', 'unit', true), office = node('3', '2', 'division', true), desk = node('4', '3', 'division'), finance = node('5', '1', 'unit')
const all = new Map([city, gov, office, desk, finance].map((n) => [n.id, n]))
const above = (id: string | null) => lineUp(all, id)

describe('moving in the tree', () => {
  it.each([
    ['region', null, true], ['unit', null, true], ['division', null, false],
    ['region', 'region', true], ['unit', 'region', true], ['division', 'region', false],
    ['region', 'unit', false], ['unit', 'unit', true], ['division', 'unit', true],
    ['region', 'division', false], ['unit', 'division', false], ['division', 'division', true],
  ] as const)('%s under %s: %s', (kind, parent, ok) => expect(fits(kind, parent)).toBe(ok))
  it('offers a division first below a unit', () => expect(kindsUnder('unit')[0]).toBe('division'))
  it('refuses its own branch, wrong kinds and closed parents, and says why', () => {
    expect(moveFault(gov, office, above('3'))).toContain('自己或它的下级')
    expect(moveFault(gov, gov, above('2'))).toContain('自己')
    expect(moveFault(office, city, above('1'))).toBe('处室不能放在地区下面')
    expect(moveFault(office, null, [])).toBe('处室不能放在最上级下面')
    expect(moveFault(office, { ...finance, status: 'closed' }, above('5'))).toContain('已合并或撤销')
    expect(moveFault(office, finance, above('5'))).toBeNull()
  })
  it('merges like with like, never into what is below', () => {
    expect(mergeFault(gov, finance, above('5'))).toBeNull()
    expect(mergeFault(gov, gov, above('2'))).not.toBeNull()
    expect(mergeFault(gov, office, above('3'))).toContain('单位')
    expect(mergeFault(office, desk, above('4'))).toContain('下级')
  })
  it('finds the place from the height of the pointer', () => expect([0, 8, 16, 24, 25, 31].map((y) => placeAt(y, 32))).toEqual(['before', 'inside', 'inside', 'inside', 'after', 'after']))
  it('translates a drop into parent and next sibling', () => {
    const row = [gov, finance]
    expect(dropTo(finance, gov, 'before', row)).toEqual({ parent_id: '1', before: gov })
    expect(dropTo(office, gov, 'after', row)).toEqual({ parent_id: '1', before: finance })
    expect(dropTo(gov, finance, 'after', row)).toEqual({ parent_id: '1', before: null })
    expect(dropTo(office, finance, 'inside', row)).toEqual({ parent_id: '5', before: null })
  })
  it('knows a drop that changes nothing', () => {
    const row = [gov, finance]
    expect(isSame(gov, '1', finance, row)).toBe(true)
    expect(isSame(gov, '1', gov, row)).toBe(true)
    expect(isSame(finance, '1', null, row)).toBe(true)
    expect(isSame(finance, '1', gov, row)).toBe(false)
    expect(isSame(gov, '5', null, row)).toBe(false)
  })
  it('survives a broken line of parents', () => expect(lineUp(new Map([['a', { ...gov, id: 'a', parent_id: 'b' }], ['b', { ...gov, id: 'b', parent_id: 'a' }]]), 'a')).toEqual(['a', 'b']))
})

describe('the tree by keyboard', () => {
  const children = { '': [city], 1: [gov, finance], 2: [office] }
  const rows = lines(children, new Set(['1']))
  it('shows what is open', () => {
    expect(rows.map((r) => [r.node.id, r.depth, r.open, r.index, r.count])).toEqual([['1', 0, true, 1, 1], ['2', 1, false, 1, 2], ['5', 1, false, 2, 2]])
    expect(lines({}, new Set())).toEqual([])
  })
  it.each([
    ['1', 'ArrowDown', { to: '2' }], ['1', 'ArrowRight', { to: '2' }], ['1', 'ArrowLeft', { close: '1' }], ['2', 'ArrowRight', { open: '2' }], ['2', 'ArrowLeft', { to: '1' }],
    ['5', 'ArrowDown', null], ['5', 'ArrowRight', null], ['1', 'ArrowUp', null], ['1', 'End', { to: '5' }], ['5', 'Home', { to: '1' }], ['9', 'ArrowDown', { to: '1' }], ['2', 'x', null],
  ] as const)('%s %s', (id, key, step) => expect(treeKey(rows, id, key)).toEqual(step))
})

describe('what an import found', () => {
  const f = (sheet: string, line: number, column: string, message: string) => ({ sheet, line, column, message })
  const faults = [f('人员', 9, '单位编码', '没有编码为“A9”的单位'), f('单位', 3, '名称', '请填写名称'), f('人员', 2, '手机', '手机号应为11位数字，请检查'), f('人员', 3, '单位编码', '没有编码为“A3”的单位'), f('人员', 4, '单位编码', '没有编码为“A4”的单位')]
  it('groups by sheet, sorts by line, loses nothing', () => {
    const g = bySheet(faults)
    expect(g.map((x) => [x.sheet, x.faults.map((y) => y.line)])).toEqual([['人员', [2, 3, 4, 9]], ['单位', [3]]])
    expect(g.flatMap((x) => x.faults)).toHaveLength(faults.length)
    expect(bySheet([])).toEqual([])
  })
  it('says once what many lines share', () => {
    expect(sums(faults)).toEqual([{ sheet: '人员', column: '单位编码', message: '没有编码为“…”的单位', count: 3, lines: [3, 4, 9] }])
    expect(lineRanges([9, 3, 4, 4])).toBe('3–4、9')
    expect(lineRanges([1, 3, 5, 7], 2)).toBe('1、3 等')
  })
  it('gives one verdict', () => {
    const r = { rows: 10, created: 3, updated: 1, errors: [], warnings: [] }
    expect(verdict(r, true)).toContain('将新增 3 条、更新 1 条')
    expect(verdict(r, false)).toContain('已导入')
    expect(verdict({ ...r, created: 0, updated: 0 }, true)).toContain('无需导入')
    expect(verdict({ ...r, errors: faults }, true)).toContain('5 处错误，未导入任何内容')
  })
  it('writes a CSV that cannot calculate', () => {
    const csv = faultCsv([f('人员', 2, '姓名', '=1+1 "x"')])
    expect(csv.startsWith('\ufeff"工作表"')).toBe(true)
    expect(csv).toContain('"\'=1+1 ""x"""')
  })
})

describe('people', () => {
  const form: PersonForm = { name: '王芳', mobile: '', login: '', password: '', node: [{ kind: 'node', id: '2', name: '', hint: '' }], post: '', rank: 90, is_head: false, is_liaison: false }
  it('needs a name and a place; a login needs a first password', () => {
    expect(personFaults(form, true)).toEqual({})
    expect(Object.keys(personFaults({ ...form, name: ' ', node: [], mobile: '12345', login: 'a' }, true)).sort()).toEqual(['login', 'mobile', 'name', 'node', 'password'])
    expect(personFaults({ ...form, login: 'wangfang' }, true).password).toContain('初始密码')
    expect(personFaults({ ...form, login: 'wangfang', password: 'Kfm4-wTn7-pQx3' }, true)).toEqual({})
    expect(personFaults({ ...form, node: [] }, false)).toEqual({})
    expect(personFaults({ ...form, password: 'Kfm4-wTn7-pQx3' }, true).login).toBeDefined()
  })
  it('checks a node', () => {
    expect(nodeFaults({ kind: 'division', unit_kind: '', name: '秘书科', short_name: '', code: '' })).toEqual({})
    expect(Object.keys(nodeFaults({ kind: 'unit', unit_kind: '', name: '长'.repeat(101), short_name: '', code: '县01' })).sort()).toEqual(['code', 'name', 'unit_kind'])
  })
  it('puts the messages of the server beside their fields', () => expect(merged({ name: '自' }, [{ field: 'name', message: '服' }, { field: 'identity.node_id', message: 'n' }, { field: 'initial_password', message: 'p' }])).toEqual({ name: '自', node: 'n', password: 'p' }))
  it('names places and ranks', () => {
    expect(placeText({ unit_name: '县政府', division_name: null, post: '县长' })).toBe('县政府 · 县长')
    expect(rankText(50, { unit_kinds: [], ranks: [{ rank: 50, title: '正处级' }] })).toBe('正处级')
    expect(rankText(55, { unit_kinds: [], ranks: [] })).toBe('级别 55')
  })
  it('makes passwords that meet the rules', () => {
    for (let i = 0; i < 20; i++) expect(passwordOk(makePassword(), 'wangfang')).toBe(true)
    expect(makePassword(() => 0)).toBe('Aaa2-Aaa2-Aaa2-Aaa2')
  })
})

describe('heirs', () => {
  const fields = [{ field: 'heirs.11', message: '王芳（县政府·科员）还有 3 件未办结' }, { field: 'into_id', message: 'x' }]
  const row: HeirRow = { identity_id: '11', label: '', count: 3, along: false, heir: [] }
  const heir = (id: string) => [{ kind: 'identity' as const, id, name: '', hint: '' }]
  it('reads who is missing and keeps what was chosen', () => {
    expect(heirRows(fields, [], true)).toEqual([{ identity_id: '11', label: '王芳（县政府·科员）', count: 3, along: true, heir: [] }])
    expect(heirRows(fields, [{ ...row, heir: heir('7') }], true)[0]?.heir[0]?.id).toBe('7')
  })
  it('wants somebody else for every open item', () => {
    expect(heirMissing([row, { ...row, count: 0 }, { ...row, along: true }])).toEqual([row])
    expect(heirFault(row, [row])).toContain('3 件')
    expect(heirFault({ ...row, heir: heir('11') }, [row])).toContain('另一个')
    expect(heirFault({ ...row, heir: heir('12') }, [row, { ...row, identity_id: '12' }])).toContain('另一个')
    expect(heirFault({ ...row, heir: heir('7') }, [row])).toBe('')
    expect(heirBody([row, { ...row, identity_id: '12', heir: heir('7') }, { ...row, identity_id: '13', along: true }])).toEqual([{ identity_id: '12', heir_identity_id: '7', take_along: false }, { identity_id: '13', heir_identity_id: null, take_along: true }])
  })
})

describe('roles', () => {
  const role = (key: string, grantable = true) => ({ key, title: key, grantable, permissions: [] })
  const t = (k: string) => k
  // Rows: what is held; columns: registry, leader, unit_admin, sys_admin, sec_admin, staff. The same matrix as the server's.
  it.each([[[], '+++++-'], [['registry'], '-++---'], [['leader', 'unit_admin'], '+-----'], [['sys_admin'], '------'], [['auditor'], '------']] as const)('holding %s', (held, want) => {
    const cols = ['registry', 'leader', 'unit_admin', 'sys_admin', 'sec_admin', 'staff']
    const got = cols.map((k) => (grantFault(role(k, k !== 'staff'), 'i1', held.map((r) => ({ role: r, identity_id: 'i1' })), false, t) === null ? '+' : '-')).join('')
    expect(got).toBe(want)
  })
  it('lets the same role stand under two identities, but not oneself', () => {
    expect(grantFault(role('registry'), 'i2', [{ role: 'registry', identity_id: 'i1' }], false, t)).toBeNull()
    expect(grantFault(role('registry'), 'i1', [], true, t)).toContain('自己')
    expect(grantFault(role('auditor'), 'i1', [{ role: 'sec_admin', identity_id: 'i1' }], false, t)).toContain('三员')
  })
})

describe('the audit log', () => {
  it('asks for whole days of China, in order', () => {
    expect(auditQuery({ from: '2026-03-10', to: '2026-03-09', op: 'org' })).toMatchObject({ op: 'org', from_at: Date.parse('2026-03-08T16:00:00Z'), to_at: Date.parse('2026-03-10T16:00:00Z') })
    expect(auditQuery({})).toMatchObject({ from_at: undefined, to_at: undefined })
  })
  it('tells a change', () => {
    expect(changeLines({ name: '秘书科', is_head: true, post: { from: '科员', to: null } }).map((l) => `${l.label}=${l.text}`)).toEqual(['姓名或名称=秘书科', '负责人=是', '职务=科员 → （空）'])
    expect(changeLines({ a: { b: [1, 2] } })).toEqual([{ key: 'a.b', label: 'a · b', text: '1、2' }])
    expect(changeLines(null)).toEqual([])
    expect(changeText({ identity_id: '9', role: 'leader' })).toBe('角色 单位领导')
    expect([resultText('ok'), resultText('forbidden'), resultText('x')]).toEqual(['成功', '拒绝：无权', '拒绝：x'])
  })
})

describe('settings and series', () => {
  it('reads kinds', () => {
    expect(kindOf('int:1..30')).toEqual({ is: 'int', min: 1, max: 30 })
    expect(kindOf('choice:day,week')).toEqual({ is: 'choice', options: ['day', 'week'] })
    expect(kindOf('bool')).toEqual({ is: 'bool' })
    expect(kindOf('text')).toEqual({ is: 'text' })
  })
  it.each([['int', '7', true], ['int', '-1', false], ['int', '1.5', false], ['int', '', false], ['int:1..30', '31', false], ['bool', 'yes', false], ['bool', 'true', true], ['choice:a,b', 'c', false], ['text', '', true], ['text', '长'.repeat(2001), false]])('%s %s', (kind, value, ok) => expect(settingFault(kind, value) === null).toBe(ok))
  it('groups by module', () => expect(settingGroups(['incoming.days', 'file.mb', 'incoming.flow', 'x.y'].map((key) => ({ key, title: '', kind: 'int', value: '', default: '', help: '' }))).map((g) => [g.title, g.items.length])).toEqual([['收文', 2], ['附件', 1], ['其他', 1]]))
  it('filters and sorts series', () => {
    const s = (id: string, unit_name: string, year: number) => ({ id, unit_id: id, unit_name, key: 'incoming', title: '收文编号', year, next: 2 })
    const list = [s('1', '县政府', 2025), s('2', '财政局', 2026), s('3', '县政府', 2026)]
    expect(seriesYears(list)).toEqual([2026, 2025])
    expect(seriesRows(list, {}).map((x) => x.year)).toEqual([2026, 2026, 2025])
    expect(seriesRows(list, { year: '2026', q: '财政' }).map((x) => x.id)).toEqual(['2'])
    expect(seriesRows(list, { sort: 'year_asc' })[0]?.id).toBe('1')
  })
})
