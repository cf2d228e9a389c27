import { describe, expect, it } from 'vitest'
import { noticeFaults, parseNotice, sourceOf, turnDay, yearOf } from '@/modules/admin/use/notice'
import { cellText, holidays, months, workedText, workingDays, yearWarning } from '@/modules/admin/use/year'
import { isWeekend, plus, real, span, weekday } from '@/modules/admin/use/days'
import { condText, flowLines, whoText, type FlowDef, type FlowStepDef } from '@/modules/admin/use/flow'

const NOTICE_2026 = `国务院办公厅关于2026年部分节假日安排的通知
国办发明电〔2025〕7号
各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
经国务院批准，现将2026年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫、疫情防控等工作，遇有重大突发事件，要按规定及时报告并妥善处置。
国务院办公厅
2025年11月4日`

describe('reading a notice', () => {
  it('reads the whole notice of 2026 as the built-in calendar has it', () => {
    expect(yearOf(NOTICE_2026)).toBe(2026)
    expect(sourceOf(NOTICE_2026)).toBe('国务院办公厅关于2026年部分节假日安排的通知')
    const p = parseNotice(NOTICE_2026, 2026)
    expect(p.problems).toEqual([])
    expect(p.work).toEqual(['2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10'])
    expect(p.off).toHaveLength(3 + 9 + 3 + 5 + 3 + 3 + 7)
    expect(p.off).toEqual(expect.arrayContaining([...span('2026-01-01', '2026-01-03'), ...span('2026-02-15', '2026-02-23'), ...span('2026-10-01', '2026-10-07')]))
    expect(p.names['2026-02-16']).toBe('春节')
    expect(p.names['2026-10-01']).toBe('国庆节')
    expect(noticeFaults(p)).toEqual([])
  })
  it('reads one line with commas', () => {
    const p = parseNotice('10月1日至7日放假，9月20日（星期日）、10月10日（星期六）上班', 2026)
    expect(p.off).toEqual(span('2026-10-01', '2026-10-07'))
    expect(p.work).toEqual(['2026-09-20', '2026-10-10'])
    expect(p.problems).toEqual([])
  })
  it('reads full-width digits, spaces, other dashes and dates without the month', () => {
    expect(parseNotice('元旦：１月１日 — ３日 放假', 2026).off).toEqual(span('2026-01-01', '2026-01-03'))
    expect(parseNotice('4月26日、27日上班', 2025).work).toEqual(['2025-04-26', '2025-04-27'])
    expect(parseNotice('一、元旦：1月1日放假1天，不调休。二、春节：1月28日至2月4日放假调休，共8天。', 2025)).toMatchObject({ off: ['2025-01-01', ...span('2025-01-28', '2025-02-04')], problems: [] })
  })
  it('carries days on to the clause that says what they are', () => {
    expect(parseNotice('9月20日（星期日），10月10日（星期六）上班', 2026).work).toEqual(['2026-09-20', '2026-10-10'])
    expect(parseNotice('1月1日', 2026).notes[0]).toContain('没有写明')
  })
  it('leaves out the days of the year before', () => {
    const p = parseNotice('一、元旦：2022年12月31日至2023年1月2日放假调休，共3天。', 2023)
    expect(p.off).toEqual(['2023-01-01', '2023-01-02'])
    expect(p.notes[0]).toContain('2022-12-31')
    expect(parseNotice('元旦：12月30日至1月1日放假', 2024).off).toEqual(['2024-01-01'])
  })
  it('ignores what is only encouraged', () => expect(parseNotice('二、春节：2月10日至17日放假调休，共8天。2月4日（星期日）、2月18日（星期日）上班。鼓励各单位结合带薪年休假等制度落实，安排职工在除夕（2月9日）休息。', 2024).off).toEqual(span('2024-02-10', '2024-02-17')))
  it('finds contradictions', () => {
    expect(parseNotice('1月1日（周五）放假', 2026).problems[0]).toContain('请核对年份')
    expect(parseNotice('10月1日至7日放假，共8天', 2026).problems[0]).toContain('共 8 天，按日期数是 7 天')
    expect(parseNotice('10月9日（星期五）上班', 2026).problems[0]).toContain('本来就上班')
    expect(parseNotice('10月10日放假。10月10日上班', 2026).problems[0]).toContain('既写放假又写上班')
    expect(parseNotice('2月30日放假', 2026).problems[0]).toContain('没有 2月30日')
    expect(parseNotice('10月7日至1日放假', 2026).problems[0]).toContain('起止日期不对')
  })
  it('finds nothing in other text, and never throws', () => {
    for (const s of ['', '今天开会', '一、', '（）', '99月99日放假', '—', '1月1日至', '共3天']) expect(parseNotice(s, 2026).work).toEqual([])
    expect(yearOf('没有')).toBeNull()
    expect(sourceOf('没有')).toBe('')
  })
  it('says what the server would refuse', () => {
    const faults = noticeFaults({ year: 2026, off: ['2026-10-01'], work: ['2026-10-09'], names: {} })
    expect(faults).toHaveLength(3)
    expect(noticeFaults({ year: 1999, off: [], work: [], names: {} })[0]).toContain('2020 至 2100')
  })
  it('turns a day: off, worked at the weekend, plain', () => {
    const n = { year: 2026, off: [], work: [], names: {} }
    const off = turnDay(n, '2026-10-10')
    expect(off.off).toEqual(['2026-10-10'])
    const work = turnDay(off, '2026-10-10')
    expect([work.off, work.work]).toEqual([[], ['2026-10-10']])
    expect(turnDay(work, '2026-10-10')).toEqual(n)
    expect(turnDay(turnDay(n, '2026-10-09'), '2026-10-09')).toEqual(n)
  })
})

describe('the year', () => {
  it('counts days', () => {
    expect([weekday('2026-11-23'), weekday('2026-11-22')]).toEqual([1, 7])
    expect(isWeekend('2026-11-21')).toBe(true)
    expect(plus('2024-02-28', 1)).toBe('2024-02-29')
    expect(real(2026, 2, 29)).toBeNull()
  })
  it('has twelve months of whole weeks with every day once', () => {
    for (const y of [2024, 2025, 2026, 2027]) {
      const cells = months(y, []).flatMap((m) => m.weeks.flat())
      expect(cells.length % 7).toBe(0)
      expect(cells.filter(Boolean)).toHaveLength(y === 2024 ? 366 : 365)
    }
    const m = months(2026, [{ date: '2026-10-01', kind: 'off', name: '国庆节' }])[9]
    const first = m?.weeks[0]?.find((c) => c?.day === 1)
    expect(m?.weeks[0]?.indexOf(first ?? null)).toBe(3)
    expect(first && cellText(first)).toBe('10月1日 星期四 放假 国庆节')
  })
  it('counts the working days of 2026', () => {
    const p = parseNotice(NOTICE_2026, 2026)
    const days = [...p.off.map((date) => ({ date, kind: 'off' as const, name: p.names[date] ?? '' })), ...p.work.map((date) => ({ date, kind: 'work' as const, name: '' }))]
    expect(workingDays(months(2026, days))).toBe(248)
    const h = holidays(days)
    expect(h.map((x) => [x.name, x.days])).toEqual([['元旦', 3], ['春节', 9], ['清明节', 3], ['劳动节', 5], ['端午节', 3], ['中秋节', 3], ['国庆节', 7]])
    expect(workedText(days)).toBe('1月4日（日）、2月14日（六）、2月28日（六）、5月9日（六）、9月20日（日）、10月10日（六）')
  })
  it('warns in autumn', () => {
    expect(yearWarning('2026-11-23', [2026])).toContain('2027 年')
    expect(yearWarning('2026-03-01', [2026])).toBe('')
    expect(yearWarning('2026-03-01', [2025])).toContain('2026 年')
    expect(yearWarning('2026-11-23', [2026, 2027])).toBe('')
  })
})

describe('a flow in words', () => {
  const step = (id: string, title: string, part: Partial<FlowStepDef> = {}): FlowStepDef => ({ id, title, kind: 'task', who: 'starter', how_many: 'single', acts: { may_return: true, may_transfer: true }, decisions: [], limit_days: null, limit_from: null, limit_when: null, pre_remind_from: null, overdue: { every_days: null, times: 0, then: 'nothing' }, empty: 'block', mandatory: false, ...part })
  const def: FlowDef = {
    key: 'k', version: 1, title: '收文办理',
    steps: [
      step('sign_in', '签收', { kind: 'start' }),
      step('check', '初审', { who: { role: { role: 'secretary', unit: 'of_subject' } }, decisions: [{ name: 'pass', title: '通过', effect: 'go' }, { name: 'reject', title: '退文', effect: { end: 'rejected' } }] }),
      step('fork', '办理', { kind: 'fork' }),
      step('a', '批示', { who: { form_field: 'instruct_ids' }, how_many: 'sequential', empty: 'pass' }),
      step('each', '承办', { kind: { each: { over: 'undertakings', item: 'item', body_start: 'b', body_end: 'b' } } }),
      step('b', '分办', { who: { unit_head: { form_field: 'item.node' } }, limit_from: 'urge_due_at', limit_when: { var_eq: ['item.role', 'lead'] }, overdue: { every_days: 1, times: 5, then: 'nothing' } }),
      step('join', '办理完毕', { kind: 'join' }),
      step('end', '结束', { kind: { end: { outcome: 'archived' } } }),
    ],
    links: [{ from: 'sign_in', to: 'check', when: 'always' }, { from: 'check', to: 'fork', when: { var_truthy: 'needs_review' } }, { from: 'check', to: 'end', when: 'always' }, { from: 'fork', to: 'a', when: 'always' }, { from: 'fork', to: 'each', when: 'always' }, { from: 'a', to: 'join', when: 'always' }, { from: 'each', to: 'join', when: 'always' }, { from: 'join', to: 'end', when: 'always' }],
  }
  const out = Object.fromEntries(flowLines(def).map((l) => [l.id, l]))
  it('says who, how many and the limit', () => {
    expect(out.sign_in?.who).toBe('发起人')
    expect(out.check?.who).toBe('本单位的文秘')
    expect(out.a).toMatchObject({ who: '拟办时选定的批示领导', how: '依次送达，逐人办理', empty: '无人时跳过' })
    expect(out.b?.who).toBe('该承办单位负责人')
    expect(out.b?.limits).toEqual(['期限：拟办时填写的办理期限（仅主办）', '超期后每 1 个工作日提醒一次，共 5 次'])
    expect(out.check?.acts).toEqual(['退回', '转办'])
  })
  it('indents what runs at the same time or once for each', () => expect(flowLines(def).map((l) => l.depth)).toEqual([0, 0, 0, 1, 1, 2, 0, 0]))
  it('says the ways out with their conditions', () => {
    expect(out.check?.ways).toEqual([{ to: '办理', when: '拟办意见需要审阅' }, { to: '结束', when: '其他情况' }, { to: '结束', when: '决定为“退文”' }])
    expect(out.each?.ways[0]).toEqual({ to: '分办', when: '每个承办单位' })
  })
  it('writes conditions and people, also unknown ones', () => {
    const d = (n: string) => n
    expect(condText({ and: [{ var_truthy: 'instruct_ids' }, { var_eq: ['instruct_mode', 'all'] }] }, d)).toBe('已选定批示领导，且批示方式为同时')
    expect(condText({ not: 'always' }, d)).toBe('不会发生')
    expect(condText({ or: [{ decision: 'x' }, { var_gt: ['n', 3] }] }, d)).toBe('决定为“x”，或“n”大于 3')
    expect(condText({ var_truthy: 'own' }, d)).toBe('填写了“own”')
    expect(whoText({ any_of: ['starter', { handler_of: 'p' }] }, () => '拟办')).toBe('发起人、“拟办”的办理人')
    expect(whoText({ named: 'x' }, d)).toBe('按规则确定')
    expect(whoText({ chosen_by_previous: { among: null } }, d)).toBe('上一步选定的人')
  })
})
