//! Rules of incoming documents, pure: form of the attributes, normalised keys, secrecy, levels.

use zs_base::Id;
use zs_base::time::Date;

use crate::model::{Attributes, DOC_CLASSES, SECRECIES, SENDER_RANKS, SOURCES, URGENCIES};

pub use crate::check::Check;

/// Trims texts; an empty optional text is none.
pub fn tidy(a: Attributes) -> Attributes {
    let opt = |v: Option<String>| v.map(|s| s.trim().to_owned()).filter(|s| !s.is_empty());
    Attributes {
        title: a.title.trim().to_owned(),
        doc_number: opt(a.doc_number),
        sender: a.sender.trim().to_owned(),
        sender_rank: opt(a.sender_rank),
        genre: opt(a.genre),
        class_code: opt(a.class_code),
        subject_terms: opt(a.subject_terms),
        doc_date: opt(a.doc_date),
        summary: opt(a.summary),
        remark: opt(a.remark),
        ..a
    }
}

/// Rules of form for the attributes. At sign-in (`signing_in`) title and number may still be empty.
pub fn check_attributes(a: &Attributes, signing_in: bool, today: Date) -> Check {
    let mut c = Check::default();
    let min = usize::from(!signing_in);
    c.text("title", "文件标题", &a.title, min, 200);
    c.text("sender", "来文单位", &a.sender, 1, 100);
    c.opt_text("doc_number", "文件字号", a.doc_number.as_deref(), 60);
    c.choice("doc_class", "文件类别", &a.doc_class, DOC_CLASSES);
    c.choice("source", "来文渠道", &a.source, SOURCES);
    c.choice("urgency", "紧急程度", &a.urgency, URGENCIES);
    c.choice("secrecy", "密级", &a.secrecy, SECRECIES);
    match a.sender_rank.as_deref() {
        Some(r) => c.choice("sender_rank", "来文级别", r, SENDER_RANKS),
        None if !signing_in => c.bad("sender_rank", "请选择上级来文或下级来文（平级按上级登记）"),
        None => {}
    }
    if !signing_in && a.doc_class == "red_head" && a.doc_number.is_none() {
        c.bad(
            "doc_number",
            "红头文件须填写文件字号；没有字号的请登记为白头文件",
        );
    }
    c.opt_text("genre", "文种", a.genre.as_deref(), 20);
    c.opt_text("class_code", "分类代码", a.class_code.as_deref(), 30);
    c.opt_text("subject_terms", "主题词", a.subject_terms.as_deref(), 100);
    c.opt_text("summary", "内容摘要", a.summary.as_deref(), 2000);
    c.opt_text("remark", "备注", a.remark.as_deref(), 500);
    c.date("received_date", "收文日期", &a.received_date, Some(today));
    if let Some(d) = &a.doc_date {
        c.date("doc_date", "成文日期", d, Some(today));
        if let (Some(made), Some(got)) = (Date::parse(d), Date::parse(&a.received_date))
            && made > got
        {
            c.bad("doc_date", "成文日期不能晚于收文日期");
        }
    }
    if !(1..=9999).contains(&a.copies) {
        c.bad("copies", "份数应为1至9999");
    }
    if a.pages.is_some_and(|p| !(1..=99_999).contains(&p)) {
        c.bad("pages", "页数应为1至99999");
    }
    c
}

/// Is the secrecy too high for this network (保密法; security test T29)?
pub fn is_secret(secrecy: &str) -> bool {
    matches!(secrecy, "secret" | "confidential" | "top_secret")
}

/// What duplicates are compared by: half-width, lower case, no spaces, brackets alike.
pub fn key_of(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && *c != '\u{200b}' && *c != '\u{feff}')
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            other => other,
        })
        .map(|c| match c {
            '〔' | '[' | '【' | '﹝' | '〈' | '<' | '{' | '［' | '(' => '(',
            '〕' | ']' | '】' | '﹞' | '〉' | '>' | '}' | '］' | ')' => ')',
            other => other,
        })
        .flat_map(char::to_lowercase)
        .collect()
}

/// The year of a serial number: that of the day of registration.
pub fn year_of(ms: i64) -> i64 {
    i64::from(Date::at(ms).year)
}

/// The serial number as written: 收〔2026〕12号, 白收〔2026〕3号.
pub fn serial_no(doc_class: &str, year: i64, serial: i64) -> String {
    let head = if doc_class == "plain" {
        "白收"
    } else {
        "收"
    };
    format!("{head}〔{year}〕{serial}号")
}

/// A person in view of the level rule.
#[derive(Clone, Debug, Default)]
pub struct PersonFacts {
    /// Identity.
    pub id: Id,
    /// Name, for the message.
    pub name: String,
    /// Unit.
    pub unit: Id,
    /// Division; none at the level of the unit (its leaders).
    pub division: Option<Id>,
    /// Head of its node 负责人.
    pub is_head: bool,
    /// Liaison of its node 综合代表.
    pub is_liaison: bool,
}

impl PersonFacts {
    /// The division, else the unit.
    pub fn node(&self) -> Id {
        self.division.unwrap_or(self.unit)
    }
}

/// May a unit circulate to this person? Its own leaders, and heads and liaisons of the nodes on its `next` level; nobody
/// farther down (seed S2: 不能越级传阅).
pub fn next_level(unit: Id, next: &[Id], p: &PersonFacts) -> bool {
    (p.unit == unit && p.division.is_none())
        || ((p.is_head || p.is_liaison) && next.contains(&p.node()))
}

/// Names of those who are not on the next level.
pub fn skipped_levels(unit: Id, next: &[Id], people: &[PersonFacts]) -> Vec<String> {
    people
        .iter()
        .filter(|p| !next_level(unit, next, p))
        .map(|p| p.name.clone())
        .collect()
}

/// May `head` pass a circulated document on to `to`? Only the head of a division, only to its own people (seed S2: 分级传阅).
pub fn may_cascade(head: &PersonFacts, to: &PersonFacts) -> bool {
    head.is_head && head.id != to.id && head.unit == to.unit && head.division == to.division
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn good() -> Attributes {
        Attributes {
            title: "关于做好防汛工作的通知".into(),
            doc_number: Some("政办发〔2026〕8号".into()),
            sender: "市政府办公室".into(),
            sender_rank: Some("superior".into()),
            doc_class: "red_head".into(),
            source: "exchange".into(),
            secrecy: "none".into(),
            urgency: "urgent".into(),
            received_date: "2026-03-02".into(),
            copies: 1,
            ..Attributes::default()
        }
    }
    fn faults(a: &Attributes) -> Vec<String> {
        let today = Date::parse("2026-03-02").unwrap();
        check_attributes(a, false, today)
            .fields
            .into_iter()
            .map(|f| f.field)
            .collect()
    }

    #[test]
    fn each_fault_names_its_field() {
        assert_eq!(faults(&good()), Vec::<String>::new());
        assert_eq!(
            faults(&Attributes {
                title: "题".repeat(10_000),
                ..good()
            }),
            ["title"]
        );
        assert_eq!(
            faults(&Attributes {
                title: "  ".into(),
                ..good()
            }),
            ["title"]
        );
        assert_eq!(
            faults(&Attributes {
                title: "a\u{0}b".into(),
                ..good()
            }),
            ["title"]
        );
        assert_eq!(
            faults(&Attributes {
                doc_number: None,
                ..good()
            }),
            ["doc_number"]
        );
        assert_eq!(
            faults(&Attributes {
                doc_class: "x".into(),
                ..good()
            }),
            ["doc_class"]
        );
        assert_eq!(
            faults(&Attributes {
                received_date: "2026-02-30".into(),
                ..good()
            }),
            ["received_date"]
        );
        assert_eq!(
            faults(&Attributes {
                received_date: "2026-03-03".into(),
                ..good()
            }),
            ["received_date"]
        );
        assert_eq!(
            faults(&Attributes {
                doc_date: Some("2026-03-02".into()),
                received_date: "2026-03-01".into(),
                ..good()
            }),
            ["doc_date"]
        );
        assert_eq!(
            faults(&Attributes {
                copies: 0,
                ..good()
            }),
            ["copies"]
        );
        assert_eq!(
            faults(&Attributes {
                sender_rank: None,
                ..good()
            }),
            ["sender_rank"]
        );
        assert_eq!(
            faults(&Attributes {
                doc_class: "plain".into(),
                doc_number: None,
                ..good()
            }),
            Vec::<String>::new()
        );
    }

    #[test]
    fn numbers_that_look_alike_have_one_key() {
        let same = [
            "政办发〔2026〕8号",
            "政办发[2026]8号",
            "政办发（２０２６）８号",
            " 政办发【2026】 8号",
        ];
        for s in same {
            assert_eq!(key_of(s), key_of(same[0]), "{s}");
        }
        assert_ne!(key_of("政办发〔2026〕8号"), key_of("政办发〔2026〕18号"));
        assert_eq!(key_of("ＡＢｃ"), "abc");
    }

    #[test]
    fn only_the_next_level_is_reached() {
        let (unit, next) = (Id(1), [Id(2), Id(7)]);
        let p = |unit, division: Option<i64>, is_head| PersonFacts {
            id: Id(50),
            name: "甲".into(),
            unit: Id(unit),
            division: division.map(Id),
            is_head,
            is_liaison: false,
        };
        let ok = |p: PersonFacts| next_level(unit, &next, &p);
        assert!(ok(p(1, None, false)), "own leaders");
        assert!(ok(p(1, Some(2), true)), "head of an own division");
        assert!(
            ok(PersonFacts {
                is_liaison: true,
                ..p(1, Some(2), false)
            }),
            "its liaison"
        );
        assert!(!ok(p(1, Some(2), false)), "staff: the head decides");
        assert!(!ok(p(1, Some(3), true)), "a division within a division");
        assert!(ok(p(7, None, true)), "head of a unit directly under");
        assert!(!ok(p(7, Some(8), true)), "a division of that unit");
        assert!(!ok(p(9, None, true)), "a stranger");
        assert_eq!(
            skipped_levels(unit, &next, &[p(1, None, false), p(9, None, true)]),
            ["甲"]
        );
    }

    #[test]
    fn only_a_head_passes_on_and_only_to_his_own() {
        let head = PersonFacts {
            id: Id(1),
            unit: Id(9),
            division: Some(Id(2)),
            is_head: true,
            ..PersonFacts::default()
        };
        let own = PersonFacts {
            id: Id(3),
            is_head: false,
            ..head.clone()
        };
        let other = PersonFacts {
            id: Id(4),
            division: Some(Id(5)),
            ..own.clone()
        };
        assert!(may_cascade(&head, &own));
        assert!(!may_cascade(&head, &other));
        assert!(!may_cascade(&own, &head));
        assert!(!may_cascade(&head, &head));
    }

    proptest! {
        #[test]
        fn a_key_is_stable_and_never_grows_spaces(s in ".{0,60}") {
            let k = key_of(&s);
            prop_assert!(!k.chars().any(char::is_whitespace));
            prop_assert_eq!(key_of(&k), k);
        }
    }
}
