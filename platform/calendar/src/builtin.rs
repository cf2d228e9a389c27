//! The State Council's notices for 2024, 2025 and 2026 (国办放假通知).
use crate::calendar::{DayKind, Notice, NoticeDay};

/// First and last off day as month and day, and the name of the holiday.
type Range = ((u32, u32), (u32, u32), &'static str);

const OFF_2024: &[Range] = &[
    ((1, 1), (1, 1), "元旦"),
    ((2, 10), (2, 17), "春节"),
    ((4, 4), (4, 6), "清明节"),
    ((5, 1), (5, 5), "劳动节"),
    ((6, 10), (6, 10), "端午节"),
    ((9, 15), (9, 17), "中秋节"),
    ((10, 1), (10, 7), "国庆节"),
];
const WORK_2024: &[(u32, u32)] = &[
    (2, 4),
    (2, 18),
    (4, 7),
    (4, 28),
    (5, 11),
    (9, 14),
    (9, 29),
    (10, 12),
];
const OFF_2025: &[Range] = &[
    ((1, 1), (1, 1), "元旦"),
    ((1, 28), (2, 4), "春节"),
    ((4, 4), (4, 6), "清明节"),
    ((5, 1), (5, 5), "劳动节"),
    ((5, 31), (6, 2), "端午节"),
    ((10, 1), (10, 8), "国庆节、中秋节"),
];
const WORK_2025: &[(u32, u32)] = &[(1, 26), (2, 8), (4, 27), (9, 28), (10, 11)];
const OFF_2026: &[Range] = &[
    ((1, 1), (1, 3), "元旦"),
    ((2, 15), (2, 23), "春节"),
    ((4, 4), (4, 6), "清明节"),
    ((5, 1), (5, 5), "劳动节"),
    ((6, 19), (6, 21), "端午节"),
    ((9, 25), (9, 27), "中秋节"),
    ((10, 1), (10, 7), "国庆节"),
];
const WORK_2026: &[(u32, u32)] = &[(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)];

fn notice(year: i32, off: &[Range], work: &[(u32, u32)], source: &str) -> Notice {
    use zs_base::time::Date;
    let mut days = Vec::new();
    for (from, to, name) in off {
        let (Some(a), Some(b)) = (Date::new(year, from.0, from.1), Date::new(year, to.0, to.1))
        else {
            continue;
        };
        days.extend((a.days()..=b.days()).map(|d| NoticeDay {
            date: Date::from_days(d),
            kind: DayKind::Off,
            name: (*name).to_owned(),
        }));
    }
    days.extend(work.iter().filter_map(|(m, d)| {
        Some(NoticeDay {
            date: Date::new(year, *m, *d)?,
            kind: DayKind::Work,
            name: "调休上班".to_owned(),
        })
    }));
    days.sort_by_key(|d| d.date);
    Notice {
        year,
        source: source.to_owned(),
        days,
    }
}

/// The built-in notices.
pub(crate) fn notices() -> Vec<Notice> {
    vec![
        notice(
            2024,
            OFF_2024,
            WORK_2024,
            "国务院办公厅关于2024年部分节假日安排的通知",
        ),
        notice(
            2025,
            OFF_2025,
            WORK_2025,
            "国务院办公厅关于2025年部分节假日安排的通知",
        ),
        notice(
            2026,
            OFF_2026,
            WORK_2026,
            "国务院办公厅关于2026年部分节假日安排的通知",
        ),
    ]
}
