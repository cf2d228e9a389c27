//! Realistic forms of an invented city.

use crate::{
    CirculationSheet, HandlingSheet, InkStroke, Ledger, LedgerRow, Opinion, ReadMark, Reader,
    RegisterBook, RegisterRow, Undertaking,
};

pub(super) fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn opinion(text: &str, title: &str, name: &str, date: &str) -> Opinion {
    Opinion {
        text: text.to_owned(),
        name: some(name),
        title: some(title),
        date: some(date),
        ink: vec![],
    }
}

/// A few waves like a signature, in points.
pub(super) fn signature() -> Vec<InkStroke> {
    let wave = |x0: f64, y0: f64, length: usize, rise: f64, turn: f64| InkStroke {
        pts: (0..length)
            .map(|i| {
                let t = i as f64 / length as f64;
                let y = y0 + rise * t + 9.0 * (t * turn).sin() * (1.0 - t * 0.4);
                vec![x0 + 52.0 * t, y, 0.25 + 0.6 * (t * 3.1).sin(), t * 400.0]
            })
            .collect(),
        color: "#1a1a1a".to_owned(),
        width: Some(1.8),
    };
    vec![
        wave(10.0, 30.0, 40, -6.0, 9.0),
        wave(30.0, 16.0, 30, 22.0, 4.0),
        wave(48.0, 34.0, 46, -10.0, 14.0),
    ]
}

pub(super) fn handling_sheet() -> HandlingSheet {
    HandlingSheet {
        unit: "云川市人民政府办公室".to_owned(),
        sender: some("云川省人民政府办公厅"),
        doc_number: some("云政办发〔2025〕12号"),
        received_on: some("2025-03-18"),
        serial_number: some("2025红00128"),
        urgency: some("加急"),
        secrecy: some("无"),
        secrecy_term: None,
        copies: Some(2),
        pages: Some(16),
        title: "云川省人民政府办公厅关于进一步加强汛期地质灾害防治和山洪灾害防御工作的通知".to_owned(),
        proposed_handling: vec![
            opinion(
                "拟请王建国市长阅示，李明华、赵永胜副市长阅。建议由市自然资源和规划局牵头，市应急管理局、市水务局、市气象局配合，\
                 结合我市实际制定贯彻落实方案，于4月10日前报市政府办公室。",
                "文秘科",
                "陈静",
                "2025-03-18",
            ),
            opinion("同意拟办意见，请增加市交通运输局为配合单位。", "办公室主任", "周志强", "2025-03-18"),
        ],
        instructions: vec![
            Opinion { ink: signature(), ..opinion("请自然资源局牵头抓好落实，压实隐患点巡查责任，汛前完成一次全面排查。", "市长", "王建国", "2025-03-19") },
            opinion("请按建国市长批示办理。应急、水务、气象部门要加强会商研判，预警信息必须直达到村到户。", "副市长", "李明华", "2025-03-19"),
            opinion("已阅。", "副市长", "赵永胜", "2025-03-20"),
        ],
        lead_units: vec!["市自然资源和规划局".to_owned()],
        assist_units: ["市应急管理局", "市水务局", "市气象局", "市交通运输局"].map(str::to_owned).to_vec(),
        deadline: some("2025-04-10"),
        undertakings: vec![
            Undertaking {
                role: some("主办"),
                unit: some("市自然资源和规划局"),
                name: some("孙 喆"),
                text: "已印发《云川市2025年汛期地质灾害防治工作方案》，完成全市326处隐患点汛前排查，落实群测群防员412名。".to_owned(),
                date: some("2025-04-08"),
            },
            Undertaking {
                role: some("协办"),
                unit: some("市水务局"),
                name: some("何 堃"),
                text: "已检修山洪灾害监测站点87处，会签完毕。".to_owned(),
                date: some("2025-04-03"),
            },
        ],
        circulation: [("王建国", "2025-03-19"), ("李明华", "2025-03-19"), ("赵永胜", "2025-03-20"), ("䶮 昇", "2025-03-20"), ("龢 平", "2025-03-21"), ("周志强", "2025-03-21")]
            .map(|(name, date)| ReadMark { name: name.to_owned(), date: some(date) })
            .to_vec(),
        handling_result: some("方案已报送省政府办公厅（云川政办函〔2025〕7号），本件办结。"),
        remark: some("附件2册随文流转。"),
        printed_on: some("2025-04-11"),
    }
}

pub(super) fn circulation_sheet() -> CirculationSheet {
    let reader = |name: &str, title: &str, sent: &str, read: &str, opinion: &str| Reader {
        name: name.to_owned(),
        title: some(title),
        sent_at: some(sent),
        read_at: (!read.is_empty()).then(|| read.to_owned()),
        opinion: (!opinion.is_empty()).then(|| opinion.to_owned()),
        ink: vec![],
    };
    CirculationSheet {
        unit: "云川市人民政府办公室".to_owned(),
        sender: some("云川省人民政府办公厅"),
        doc_number: some("云政办发〔2025〕12号"),
        received_on: some("2025-03-18"),
        serial_number: some("2025红00128"),
        urgency: some("加急"),
        secrecy: some("无"),
        secrecy_term: None,
        deadline: some("2025-03-25"),
        title: "云川省人民政府办公厅关于进一步加强汛期地质灾害防治和山洪灾害防御工作的通知"
            .to_owned(),
        proposed_handling: some(
            "拟请王建国市长阅示，李明华、赵永胜副市长阅，送各副秘书长、有关科室传阅。请阅后签名并及时退回文秘科。",
        ),
        readers: vec![
            Reader {
                ink: signature(),
                ..reader("王建国", "市长", "2025-03-18 15:20", "2025-03-19 08:45", "")
            },
            reader(
                "李明华",
                "副市长",
                "2025-03-19 09:00",
                "2025-03-19 17:30",
                "请自然资源局牵头落实。",
            ),
            reader(
                "赵永胜",
                "副市长",
                "2025-03-19 09:00",
                "2025-03-20 10:05",
                "已阅。",
            ),
            reader(
                "䶮 昇",
                "副秘书长、办公室主任",
                "2025-03-20 10:30",
                "2025-03-20 11:00",
                "已阅，请综合科跟踪督办，每周报一次进度。",
            ),
            reader(
                "龢 平",
                "副秘书长",
                "2025-03-20 10:30",
                "2025-03-21 09:12",
                "阅。",
            ),
            reader("周志强", "综合科科长", "2025-03-21 09:30", "", ""),
        ],
        printed_on: some("2025-03-21"),
    }
}

const SENDERS: [&str; 5] = [
    "云川省人民政府办公厅",
    "云川省自然资源厅",
    "青禾县人民政府",
    "云川市财政局",
    "云川省应急管理厅、云川省水利厅",
];
const TITLES: [&str; 5] = [
    "关于印发《全省政务服务“一网通办”提质增效三年行动方案（2025—2027年）》的通知",
    "关于开展2025年度国土变更调查工作的函",
    "青禾县人民政府关于申请解决县城东片区雨污分流改造工程资金缺口问题的请示",
    "关于报送2025年第一季度预算执行情况的报告",
    "关于做好强降雨防范应对工作的紧急通知",
];

pub(super) fn register_book(rows: usize) -> RegisterBook {
    RegisterBook {
        unit: "云川市人民政府办公室文秘科".to_owned(),
        period: some("2025年1月1日至2025年12月31日"),
        class: some("红头文件"),
        printed_on: some("2026-01-05"),
        rows: (0..rows)
            .map(|i| RegisterRow {
                serial_number: format!("2025红{:05}", i + 1),
                received_on: Some(format!(
                    "2025-{:02}-{:02}",
                    i * 12 / rows.max(1) + 1,
                    i % 28 + 1
                )),
                sender: some(SENDERS[i % 5]),
                doc_number: Some(format!("云政办发〔2025〕{}号", i % 300 + 1)),
                title: TITLES[i % 5].to_owned(),
                secrecy: None,
                urgency: [None, some("加急"), some("特急")][i % 3].clone(),
                copies: Some(1 + u32::try_from(i % 3).unwrap()),
                undertaking_unit: some(
                    ["市自然资源和规划局", "市财政局", "市政务服务管理局"][i % 3],
                ),
                deadline: some("2025-04-10"),
                completed_on: (!i.is_multiple_of(4)).then(|| "2025-04-08".to_owned()),
                archived: (!i.is_multiple_of(4)).then(|| "已归档".to_owned()),
                remark: i.is_multiple_of(7).then(|| "附件2册".to_owned()),
            })
            .collect(),
        ..RegisterBook::default()
    }
}

pub(super) fn ledger(rows: usize) -> Ledger {
    Ledger {
        unit: "云川市人民政府办公室".to_owned(),
        period: some("2025年1月1日至2025年3月31日"),
        printed_on: some("2025-04-11"),
        rows: (0..rows).map(ledger_row).collect(),
    }
}

pub(super) fn ledger_row(i: usize) -> LedgerRow {
    LedgerRow {
        serial_number: format!("2025红{:05}", i + 1),
        title: TITLES[i % 5].to_owned(),
        sender: some(SENDERS[i % 5]),
        doc_number: Some(format!("云政办发〔2025〕{}号", i + 1)),
        sign_in_mark: some("已签收"),
        sign_in_by: some("吴晓燕"),
        sign_in_on: some("2025-03-17"),
        entry_mark: some("已登记"),
        entry_by: some("陈 静"),
        entry_on: some("2025-03-18"),
        proposal_mark: some("已拟办"),
        proposed_by: some("周志强"),
        proposed_on: some("2025-03-18"),
        proposed_handling: some(
            "拟请王建国市长阅示，李明华、赵永胜副市长阅。建议由市自然资源和规划局牵头，市应急管理局、市水务局、市气象局配合，\
             结合我市实际制定贯彻落实方案，于4月10日前报市政府办公室。",
        ),
        deadline: some("2025-04-10"),
        urged: Some(i.is_multiple_of(2)),
        urged_on: i.is_multiple_of(2).then(|| "2025-04-07 08:30".to_owned()),
        pre_reminder: some("提前2个工作日"),
        instruct_needed: Some(true),
        instructed_by: some("王建国"),
        instructed_on: some("2025-03-19"),
        instruction: some("请自然资源局牵头抓好落实，压实隐患点巡查责任，汛前完成一次全面排查。"),
        circulated: Some(true),
        circulated_leaders: some("李明华、赵永胜、龢平"),
        circulated_divisions: some("综合科、督查科"),
        circulation_complete: Some(!i.is_multiple_of(3)),
        undertaken: Some(true),
        undertaking_unit: some("市自然资源和规划局"),
        assisted: Some(true),
        assist_units: some("市应急管理局、市水务局"),
        undertaking_opinion: some("已制定方案并完成排查。"),
        handling_result: some("已办结并书面答复。"),
        urge_count: Some(u32::try_from(i % 2).unwrap()),
    }
}
