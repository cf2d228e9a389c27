//! Long, odd and hostile input.

use std::path::PathBuf;

use super::forms::{all_forms, assert_margins};
use super::read::{TYPESETTER, keep, pages, pdf_text, read, squeeze};
use super::sample::{self, some};
use crate::{HandlingSheet, Opinion, PrintDoc, Reader, RegisterRow, TypesetError, Typesetter, job};

const RARE: &str = "䶮堃喆昇龢";

fn sheet(form: HandlingSheet) -> PrintDoc {
    PrintDoc::HandlingSheet(Box::new(form))
}

#[test]
fn rare_characters_in_names_are_drawn() {
    let mut handling = sample::handling_sheet();
    handling.title = format!("关于{RARE}同志任职的通知");
    handling.instructions[1].name = some(RARE);
    handling.unit = format!("{RARE}镇");
    let mut circulation = sample::circulation_sheet();
    circulation.readers.push(Reader {
        name: RARE.to_owned(),
        opinion: some(RARE),
        ..Reader::default()
    });
    let mut book = sample::register_book(3);
    book.rows[0].title = RARE.to_owned();
    let mut ledger = sample::ledger(2);
    ledger.rows[0].instructed_by = some(RARE);
    for doc in [
        sheet(handling),
        PrintDoc::CirculationSheet(Box::new(circulation)),
        PrintDoc::RegisterBook(Box::new(book)),
        PrintDoc::Ledger(Box::new(ledger)),
    ] {
        let pages = pages(&doc);
        assert!(pages.iter().any(|page| page.has(RARE)));
        for run in pages.iter().flat_map(|page| &page.runs) {
            assert!(!run.tofu, "no glyph for {:?} in {}", run.text, run.family);
        }
    }
}

#[test]
fn what_users_type_is_printed_literally() {
    let nasty = "#panic(\"x\") ] $x^2$ *粗* _斜_ `码` @ref <lab> // 注 \\n #import \"a\" = 标题 https://a.b/ -- ~ '引'";
    let mut form = sample::handling_sheet();
    form.title = nasty.to_owned();
    form.instructions[0].text = nasty.to_owned();
    form.remark = some(nasty);
    form.undertakings[0].text = nasty.to_owned();
    let doc = sheet(form);
    let text: String = pages(&doc).iter().map(super::read::Page::text).collect();
    assert_eq!(text.matches(&squeeze(nasty)).count(), 4, "{text}");
    let pdf = squeeze(&pdf_text(&TYPESETTER.pdf(&doc).unwrap(), "literal"));
    for part in [
        "#panic(\"x\")",
        "]$x^2$*粗*_斜_`码`@ref<lab>",
        "\\n#import\"a\"=标题",
    ] {
        assert!(pdf.contains(part), "{part} in {pdf}");
    }
}

#[test]
fn a_very_long_opinion_flows_over_pages_and_loses_nothing() {
    let mut form = sample::handling_sheet();
    let sentence = "请各有关单位按照职责分工抓好落实并及时报告进展，";
    form.instructions[1].text = sentence.repeat(10_000 / sentence.chars().count() + 1);
    let characters = form.instructions[1].text.chars().count();
    assert!(characters >= 10_000);
    let doc = sheet(form);
    keep("handling-sheet-long", &TYPESETTER.pdf(&doc).unwrap());
    let pages = pages(&doc);
    assert!(pages.len() > 5, "{} pages", pages.len());
    let printed: usize = pages
        .iter()
        .map(|page| page.text().matches("请各有关单位").count())
        .sum();
    let count = characters / sentence.chars().count();
    // A phrase broken over two pages is counted on neither.
    assert!(
        printed <= count && printed + pages.len() >= count,
        "{printed} of {count}"
    );
    let commas: usize = pages
        .iter()
        .map(|page| page.text().matches("展，").count())
        .sum();
    assert!(commas + pages.len() >= count);
    for page in &pages {
        assert_margins(page, 25.0, 20.0, 8.0, 5.0);
    }
    assert!(
        pages[1].has("公文处理单（续页）") && pages[1].has("（接上页）领导批示"),
        "{}",
        pages[1].text()
    );
    assert!(!pages[0].has("续页"));
    let last = pages.last().unwrap();
    assert!(last.has("办理结果") && last.has("附件2册随文流转。"));
    assert!(
        pages
            .iter()
            .any(|page| page.has("副市长李明华2025年3月19日"))
    );
}

#[test]
fn many_opinions_readers_and_reports_flow_too() {
    let mut form = sample::handling_sheet();
    form.instructions = (0..40)
        .map(|i| Opinion {
            text: format!("第{i}条批示。\n\n另：请抓紧。"),
            name: some("王建国"),
            ..Opinion::default()
        })
        .collect();
    let marks = form.circulation.clone();
    form.circulation = marks.iter().cycle().take(90).cloned().collect();
    let reports = form.undertakings.clone();
    form.undertakings = reports.iter().cycle().take(30).cloned().collect();
    let pages = pages(&sheet(form));
    assert!(pages.len() >= 4);
    let text: String = pages.iter().map(super::read::Page::text).collect();
    for i in 0..40 {
        assert!(text.contains(&format!("第{i}条批示。")), "{i}");
    }
    assert_eq!(text.matches("何堃").count(), 15);
    assert_eq!(text.matches("2025.03.21").count(), 30);
    for page in &pages {
        assert_margins(page, 25.0, 20.0, 8.0, 5.0);
    }
}

#[test]
fn long_words_without_spaces_stay_in_their_cells() {
    let word = "W".repeat(400);
    let mut form = sample::handling_sheet();
    form.sender = Some(word.clone());
    form.serial_number = Some(word.clone());
    form.received_on = Some(word.clone());
    form.title = word.clone();
    form.lead_units = vec![word.clone()];
    form.undertakings[0].name = Some(word.clone());
    form.circulation[0].name = word.clone();
    form.instructions[0].name = Some(word.clone());
    for page in pages(&sheet(form)) {
        assert_margins(&page, 25.0, 20.0, 5.0, 5.0);
    }
    let mut book = sample::register_book(2);
    book.rows[0] = RegisterRow {
        serial_number: word.clone(),
        received_on: Some(word.clone()),
        sender: Some(word.clone()),
        doc_number: Some(word.clone()),
        title: word.clone(),
        remark: Some(word),
        ..RegisterRow::default()
    };
    for page in pages(&PrintDoc::RegisterBook(Box::new(book))) {
        assert_margins(&page, 7.0, 12.0, 5.0, 5.0);
    }
}

#[test]
fn a_title_and_a_ledger_cell_of_ten_thousand_characters_are_printed_whole() {
    let mut form = sample::handling_sheet();
    form.title = "标".repeat(10_000);
    let count: usize = pages(&sheet(form))
        .iter()
        .map(|page| page.text().matches('标').count())
        .sum();
    assert!(count >= 10_000);
    let mut ledger = sample::ledger(3);
    ledger.rows[1].instruction = Some("示".repeat(10_000));
    let pages = pages(&PrintDoc::Ledger(Box::new(ledger)));
    let count: usize = pages
        .iter()
        .map(|page| page.text().matches('示').count())
        .sum();
    assert!(count >= 10_000);
    for page in &pages {
        assert_margins(page, 20.0, 10.0, 8.0, 5.0);
    }
}

#[test]
fn a_book_of_two_thousand_entries_is_printed() {
    let doc = PrintDoc::RegisterBook(Box::new(sample::register_book(2_000)));
    let pages = pages(&doc);
    assert!(pages.len() > 100, "{} pages", pages.len());
    let text: String = pages.iter().map(super::read::Page::text).collect();
    for i in 1..=2_000 {
        assert!(text.contains(&format!("2025红{i:05}")), "entry {i}");
    }
    assert_eq!(text.matches("来文字号标题密级").count(), pages.len());
    assert!(
        pages
            .last()
            .unwrap()
            .has(&format!("第{0}页共{0}页", pages.len()))
    );
}

#[test]
fn the_same_form_gives_the_same_bytes_also_from_several_threads() {
    let forms = all_forms();
    let first: Vec<Vec<u8>> = forms
        .iter()
        .map(|(_, doc)| TYPESETTER.pdf(doc).unwrap())
        .collect();
    let again: Vec<Vec<u8>> = std::thread::scope(|scope| {
        let runs: Vec<_> = forms
            .iter()
            .rev()
            .map(|(_, doc)| scope.spawn(|| TYPESETTER.pdf(doc).unwrap()))
            .collect();
        runs.into_iter()
            .rev()
            .map(|run| run.join().unwrap())
            .collect()
    });
    for ((name, _), (one, two)) in forms.iter().zip(first.iter().zip(&again)) {
        assert!(one == two, "{name} differs");
        let dated = one.windows(13).any(|window| window == b"/CreationDate");
        assert!(!dated, "{name} carries a date of its own");
    }
}

#[test]
fn a_print_too_long_for_the_memory_is_refused() {
    let rows = crate::Ledger::MAX_ROWS + 1;
    let error = TYPESETTER
        .pdf(&PrintDoc::Ledger(Box::new(sample::ledger(rows))))
        .unwrap_err();
    assert_eq!(
        error,
        TypesetError::TooLong {
            rows,
            limit: rows - 1
        }
    );
    assert!(error.to_string().contains("共 2001 行") && error.to_string().contains("分册打印"));
    let book = sample::register_book(crate::RegisterBook::MAX_ROWS + 1);
    assert!(matches!(
        TYPESETTER.pdf(&PrintDoc::RegisterBook(Box::new(book))),
        Err(TypesetError::TooLong {
            rows: 5_001,
            limit: 5_000
        })
    ));
}

#[test]
fn missing_fonts_are_named() {
    let error = Typesetter::new(&[PathBuf::from("/nonexistent/fonts")]).unwrap_err();
    assert!(matches!(error, TypesetError::FontsMissing { .. }));
    let text = error.to_string();
    assert!(
        text.contains("scripts/fonts.sh")
            && text.contains("fonts-noto-cjk")
            && text.contains("/nonexistent/fonts"),
        "{text}"
    );
}

#[test]
fn substitute_fonts_are_said_on_the_page() {
    let typesetter = Typesetter::new(&[PathBuf::from("/usr/share/fonts/opentype/noto")]).unwrap();
    assert!(typesetter.uses_substitute_fonts());
    for (name, doc) in all_forms() {
        let job = job::prepare(&doc, typesetter.roles(), true).unwrap();
        let pages = read(&typesetter.layout(&job).unwrap());
        for page in &pages {
            assert!(page.has("替代字体"), "{name}");
            assert!(
                page.runs
                    .iter()
                    .all(|run| !run.tofu && run.family.starts_with("Noto")),
                "{name}"
            );
        }
    }
}

#[test]
fn forms_are_read_from_json_with_everything_optional_left_out() {
    let doc: PrintDoc = serde_json::from_str(
        r##"{"form":"handling_sheet","unit":"青禾县","title":"通知","instructions":[{"text":"同意。","ink":[{"pts":[[1,2],[30,9,0.4,12]],"color":"#000000","width":2}]}]}"##,
    )
    .unwrap();
    let pages = pages(&doc);
    assert!(pages[0].has("青禾县公文处理单") && pages[0].has("同意。"));
    assert_eq!(pages[0].images, 1);
    let back: PrintDoc = serde_json::from_value(serde_json::to_value(&doc).unwrap()).unwrap();
    assert_eq!(back, doc);
    let schema = serde_json::to_string(&schemars::schema_for!(PrintDoc)).unwrap();
    for form in [
        "handling_sheet",
        "circulation_sheet",
        "register_book",
        "ledger",
    ] {
        assert!(schema.contains(form));
    }
}
