//! Every form shows every cell in its place.

use super::read::{Page, TYPESETTER, keep, pages};
use super::sample;
use crate::{CirculationSheet, HandlingSheet, Ledger, PrintDoc, RegisterBook};

const LEDGER_HEADINGS: [&str; 29] = [
    "签收登记栏1",
    "签收登记者2",
    "签收日期3",
    "录入登记栏4",
    "录入者5",
    "录入日期6",
    "拟办登记栏7",
    "拟办者8",
    "拟办日期9",
    "拟办意见10",
    "办文期限11",
    "是否催办12",
    "催办时间13",
    "预先提醒期限14",
    "是否批办15",
    "批示领导16",
    "批示日期17",
    "批示意见18",
    "是否传阅19",
    "传阅领导20",
    "传阅处室21",
    "是否传阅完毕22",
    "是否办文23",
    "办文部门24",
    "有否协办25",
    "协办部门26",
    "办理意见27",
    "办理结果28",
    "催办次数29",
];

pub(super) fn all_forms() -> Vec<(&'static str, PrintDoc)> {
    vec![
        (
            "handling-sheet",
            PrintDoc::HandlingSheet(Box::new(sample::handling_sheet())),
        ),
        (
            "circulation-sheet",
            PrintDoc::CirculationSheet(Box::new(sample::circulation_sheet())),
        ),
        (
            "register-book",
            PrintDoc::RegisterBook(Box::new(sample::register_book(40))),
        ),
        ("ledger", PrintDoc::Ledger(Box::new(sample::ledger(14)))),
    ]
}

fn assert_cells(page: &Page, cells: &[&str]) {
    for cell in cells {
        assert!(page.has(cell), "{cell} is missing in {}", page.text());
    }
}

/// All text keeps within the margins (mm from left, right, top, bottom).
pub(super) fn assert_margins(page: &Page, left: f64, right: f64, top: f64, bottom: f64) {
    for run in &page.runs {
        let inside = run.x >= left - 0.01
            && run.right <= page.width - right + 0.6
            && run.y >= top
            && run.y <= page.height - bottom;
        assert!(inside, "outside the margins: {run:?}");
    }
}

fn assert_size(page: &Page, width: f64, height: f64) {
    assert!(
        (page.width - width).abs() < 0.1 && (page.height - height).abs() < 0.1,
        "{} × {}",
        page.width,
        page.height
    );
}

#[test]
fn the_handling_sheet_shows_every_cell_on_one_page() {
    let pages = pages(&PrintDoc::HandlingSheet(Box::new(sample::handling_sheet())));
    assert_eq!(pages.len(), 1);
    let page = &pages[0];
    assert_size(page, 210.0, 297.0);
    assert_margins(page, 25.0, 20.0, 17.0, 5.0);
    assert_cells(
        page,
        &[
            "云川市人民政府办公室公文处理单",
            "来文单位",
            "云川省人民政府办公厅",
            "来文字号",
            "云政办发〔2025〕12号",
            "收文日期",
            "2025年3月18日",
            "收文编号",
            "2025红00128",
            "紧急程度",
            "加急",
            "密级",
            "份数/页数",
            "2份/16页",
            "标题",
            "关于进一步加强汛期地质灾害防治和山洪灾害防御工作的通知",
            "拟办意见",
            "文秘科陈静",
            "办公室主任周志强",
            "领导批示",
            "汛前完成一次全面排查。",
            "市长王建国2025年3月19日",
            "副市长李明华",
            "已阅。",
            "主办单位",
            "协办单位",
            "市应急管理局、市水务局、市气象局、市交通运输局",
            "办文期限",
            "2025年4月10日",
            "承办情况",
            "〔主办〕市自然资源和规划局孙喆",
            "汛前排查",
            "传阅",
            "2025.03.21",
            "办理结果",
            "本件办结。",
            "备注",
            "附件2册随文流转。",
            "打印日期：2025年4月11日",
            "第1页共1页",
        ],
    );
    assert!(!page.has("替代字体"));
    assert_eq!(page.images, 1, "the handwriting of the first instruction");
    let (first, second, third) = (
        page.run("请自然资源局"),
        page.run("请按建国市长"),
        page.run("已阅。"),
    );
    assert!(
        first.y < second.y && second.y < third.y,
        "instructions keep their order"
    );
}

#[test]
fn each_kind_of_text_has_its_face() {
    let sheet = &pages(&PrintDoc::HandlingSheet(Box::new(sample::handling_sheet())))[0];
    let title = sheet.run("公文处理单");
    assert_eq!(title.family, "Noto Serif CJK SC");
    assert!(title.size > 20.0);
    assert_eq!(sheet.run("云川省人民政府办公厅").family, "FandolFang R");
    assert_eq!(sheet.run("请自然资源局").family, "FandolKai");
    assert_eq!(sheet.run("来文单位").family, "Noto Serif CJK SC");
    assert!(sheet.runs.iter().all(|run| !run.tofu));
}

#[test]
fn a_long_name_of_a_unit_is_reduced_to_the_width() {
    let mut form = sample::handling_sheet();
    form.unit = "云川市青禾县高新技术产业开发区管理委员会综合协调与政务服务办公室".to_owned();
    let page = &pages(&PrintDoc::HandlingSheet(Box::new(form)))[0];
    let (unit, name) = (page.run("云川市青禾县"), page.run("公文处理单"));
    assert!(
        unit.size < 22.0 && unit.right <= 190.1 && unit.x >= 25.0,
        "{unit:?}"
    );
    assert!(
        (name.size - 26.0).abs() < 0.01 && name.y > unit.y,
        "{name:?}"
    );
}

#[test]
fn empty_forms_print_their_labels() {
    let blank = pages(&PrintDoc::HandlingSheet(Box::<HandlingSheet>::default()));
    assert_eq!(blank.len(), 1);
    assert_cells(
        &blank[0],
        &[
            "公文处理单",
            "来文单位",
            "拟办意见",
            "领导批示",
            "承办情况",
            "传阅",
            "办理结果",
            "备注",
        ],
    );
    let blank = pages(&PrintDoc::CirculationSheet(
        Box::<CirculationSheet>::default(),
    ));
    assert_eq!(blank.len(), 1);
    assert_cells(
        &blank[0],
        &["公文传阅单", "序号传阅人职务送阅时间阅毕时间意见/签名"],
    );
    let blank = pages(&PrintDoc::RegisterBook(Box::<RegisterBook>::default()));
    assert_eq!(blank.len(), 1);
    assert_cells(&blank[0], &["收文登记簿", "收文编号", "备注", "第1页共1页"]);
    let blank = pages(&PrintDoc::Ledger(Box::<Ledger>::default()));
    assert_eq!(blank.len(), 1);
    assert_cells(&blank[0], &LEDGER_HEADINGS);
}

#[test]
fn the_circulation_sheet_shows_every_reader_and_leaves_lines_to_write_on() {
    let pages = pages(&PrintDoc::CirculationSheet(Box::new(
        sample::circulation_sheet(),
    )));
    assert_eq!(pages.len(), 1);
    let page = &pages[0];
    assert_margins(page, 25.0, 20.0, 20.0, 5.0);
    assert_cells(
        page,
        &[
            "云川市人民政府办公室公文传阅单",
            "云川省人民政府办公厅",
            "云政办发〔2025〕12号",
            "2025红00128",
            "阅毕期限2025年3月25日",
            "拟办意见",
            "请阅后签名并及时退回文秘科。",
            "序号传阅人职务送阅时间阅毕时间意见/签名",
            "1王建国市长2025.03.1815:202025.03.1908:45",
            "请自然资源局牵头落实。",
            "4䶮昇副秘书长、办公室主任",
            "每周报一次进度。",
            "6周志强综合科科长2025.03.2109:30",
        ],
    );
    assert_eq!(page.images, 1);
    let last = page.run("周志强").y;
    let empty = page
        .rules
        .iter()
        .filter(|(y, length)| *y > last + 5.0 && *length > 10.0)
        .count();
    assert!(empty >= 5, "empty lines below the last reader: {empty}");
}

#[test]
fn a_long_circulation_repeats_its_head() {
    let mut form = sample::circulation_sheet();
    let readers = form.readers.clone();
    form.readers = readers.iter().cycle().take(48).cloned().collect();
    let pages = pages(&PrintDoc::CirculationSheet(Box::new(form)));
    assert!(pages.len() >= 3);
    for page in &pages {
        assert_cells(page, &["序号传阅人职务送阅时间阅毕时间意见/签名"]);
        assert_margins(page, 25.0, 20.0, 10.0, 5.0);
    }
    assert_cells(&pages[1], &["公文传阅单（续页）", "收文编号：2025红00128"]);
    assert_eq!(pages.iter().map(|page| page.images).sum::<usize>(), 8);
}

#[test]
fn the_register_book_repeats_head_and_columns_and_fills_its_last_page() {
    let pages = pages(&PrintDoc::RegisterBook(Box::new(sample::register_book(40))));
    assert!(pages.len() >= 2);
    for (i, page) in pages.iter().enumerate() {
        assert_size(page, 297.0, 210.0);
        assert_margins(page, 7.0, 12.0, 10.0, 5.0);
        assert_cells(
            page,
            &[
                "收文登记簿",
                "登记单位：云川市人民政府办公室文秘科",
                "类别：红头文件",
                "起止时间：2025年1月1日至2025年12月31日",
                "收文编号收文日期来文单位来文字号标题密级紧急程度份数承办部门办理期限办结日期归档备注",
            ],
        );
        assert!(page.has(&format!("第{}页共{}页", i + 1, pages.len())));
    }
    assert_cells(
        &pages[0],
        &[
            "2025红000012025.01.01云川省人民政府办公厅云政办发〔2025〕1号",
            "市自然资源和规划局2025.04.10",
            "附件2册",
        ],
    );
    let last = pages.last().unwrap();
    assert!(last.has("2025红00040"));
    let foot = last.rules.iter().map(|(y, _)| *y).fold(0.0, f64::max);
    assert!(
        foot > 180.0,
        "ruled down to the foot of the page, not {foot}"
    );
}

#[test]
fn the_ledger_shows_29_columns_and_keeps_each_record_together() {
    let rows = 14;
    let pages = pages(&PrintDoc::Ledger(Box::new(sample::ledger(rows))));
    assert!(pages.len() >= 2);
    let mut seen = 0;
    for page in &pages {
        assert_size(page, 420.0, 297.0);
        assert_margins(page, 20.0, 10.0, 10.0, 5.0);
        assert_cells(page, &LEDGER_HEADINGS);
        assert_cells(
            page,
            &["来文处理流程台帐", "起止时间：2025年1月1日至2025年3月31日"],
        );
        for i in 0..rows {
            let upper = page.has(&format!("2025红{:05}", i + 1));
            let lower = page.has(&format!("云政办发〔2025〕{}号是王建国", i + 1));
            assert_eq!(upper, lower, "record {i} is torn apart");
            seen += usize::from(upper);
        }
    }
    assert_eq!(seen, rows);
    assert_cells(
        &pages[0],
        &[
            "2025红00001关于印发《全省政务服务",
            "已签收吴晓燕2025.03.17已登记陈静2025.03.18已拟办周志强2025.03.18",
            "于4月10日前报市政府办公室。2025.04.10是2025.04.0708:30提前2个工作日",
            "云川省人民政府办公厅云政办发〔2025〕1号是王建国2025.03.19",
            "是李明华、赵永胜、龢平综合科、督查科否是市自然资源和规划局是市应急管理局、市水务局已制定方案并完成排查。已办结并书面答复。0",
        ],
    );
}

#[test]
fn every_form_is_written_as_pdf() {
    for (name, doc) in all_forms() {
        let pdf = TYPESETTER.pdf(&doc).unwrap();
        assert!(pdf.starts_with(b"%PDF-1.") && pdf.len() > 20_000, "{name}");
        keep(name, &pdf);
    }
}
