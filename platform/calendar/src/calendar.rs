//! Pure working-day arithmetic over yearly notices: prefix sums, so that each answer costs a binary search.
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use zs_base::time::Date;
use zs_base::{Error, Field, Result};

use crate::CALENDAR_UNKNOWN_YEAR;
use crate::builtin;

/// What a notice says about a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayKind {
    /// Off although it may be a weekday (放假).
    Off,
    /// Worked although it is a weekend (调休上班).
    Work,
}

impl DayKind {
    /// Stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Work => "work",
        }
    }
    /// From the stable name.
    pub fn parse(s: &str) -> Option<Self> {
        match s {
            "off" => Some(Self::Off),
            "work" => Some(Self::Work),
            _ => None,
        }
    }
}

/// One day of a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeDay {
    /// Date.
    pub date: Date,
    /// Off or worked.
    pub kind: DayKind,
    /// Name of the holiday.
    pub name: String,
}

/// The notice of one year (放假安排).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Year.
    pub year: i32,
    /// Which document says so.
    pub source: String,
    /// Days that differ from Monday to Friday, by date.
    pub days: Vec<NoticeDay>,
}

/// A due time, and whether a year without a notice had to be guessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// ms UTC.
    pub at: i64,
    /// Counted over a year whose notice is missing: recompute when it comes.
    pub provisional: bool,
}

/// One year ready for counting.
#[derive(Debug)]
struct Year {
    notice: Notice,
    /// Day number of 1 January.
    first: i64,
    /// `before[i]` = working days in the year before its day i; one entry more than there are days.
    before: Vec<i64>,
}

fn days_in(year: i32) -> i64 {
    let first = |y| {
        Date {
            year: y,
            month: 1,
            day: 1,
        }
        .days()
    };
    first(year + 1) - first(year)
}

impl Year {
    fn new(notice: Notice) -> Self {
        let first = Date {
            year: notice.year,
            month: 1,
            day: 1,
        }
        .days();
        let special: BTreeMap<i64, DayKind> = notice
            .days
            .iter()
            .map(|d| (d.date.days(), d.kind))
            .collect();
        let n = days_in(notice.year);
        let mut before = Vec::with_capacity(usize::try_from(n + 1).unwrap_or(367));
        let mut sum = 0;
        before.push(0);
        for day in first..first + n {
            let works = match special.get(&day) {
                Some(DayKind::Off) => false,
                Some(DayKind::Work) => true,
                None => Date::from_days(day).weekday() <= 5,
            };
            sum += i64::from(works);
            before.push(sum);
        }
        Self {
            notice,
            first,
            before,
        }
    }
    fn before(&self, offset: i64) -> i64 {
        usize::try_from(offset)
            .ok()
            .and_then(|i| self.before.get(i))
            .copied()
            .unwrap_or(0)
    }
    fn total(&self) -> i64 {
        self.before.last().copied().unwrap_or(0)
    }
    /// Offset of the `nth` (from 1) working day of the year.
    fn nth(&self, nth: i64) -> i64 {
        i64::try_from(self.before.partition_point(|s| *s < nth)).unwrap_or(1) - 1
    }
}

/// The office calendar.
#[derive(Clone, Debug)]
pub struct Calendar {
    years: BTreeMap<i32, Arc<Year>>,
    guess: bool,
}

impl Calendar {
    /// The built-in years.
    pub fn builtin() -> Self {
        static YEARS: OnceLock<Vec<Arc<Year>>> = OnceLock::new();
        let years = YEARS.get_or_init(|| {
            builtin::notices()
                .into_iter()
                .map(|n| Arc::new(Year::new(n)))
                .collect()
        });
        Self {
            years: years
                .iter()
                .map(|y| (y.notice.year, Arc::clone(y)))
                .collect(),
            guess: false,
        }
    }
    /// The same with `notice` in place of whatever stood for its year.
    #[must_use]
    pub fn with(mut self, notice: Notice) -> Self {
        self.years.insert(notice.year, Arc::new(Year::new(notice)));
        self
    }
    /// The notice of a year, if there is one.
    pub fn notice(&self, year: i32) -> Option<&Notice> {
        self.years.get(&year).map(|y| &y.notice)
    }
    /// Years that can be counted.
    pub fn known_years(&self) -> Vec<i32> {
        self.years.keys().copied().collect()
    }
    fn year(&self, year: i32) -> Result<Arc<Year>> {
        match self.years.get(&year) {
            Some(y) => Ok(Arc::clone(y)),
            None if self.guess => Ok(Arc::new(Year::new(Notice {
                year,
                source: String::new(),
                days: Vec::new(),
            }))),
            None => Err(CALENDAR_UNKNOWN_YEAR.with(&[&year])),
        }
    }
    /// Is it a working day?
    pub fn is_working(&self, date: Date) -> Result<bool> {
        let y = self.year(date.year)?;
        let at = date.days() - y.first;
        Ok(y.before(at + 1) > y.before(at))
    }
    /// The `n`th working day after `date`; the day of receipt is not counted (期间开始之日不计算在内). `n` = 0 gives
    /// `date` itself if it is worked, else the next working day.
    pub fn add_working_days(&self, date: Date, n: u32) -> Result<Date> {
        if n == 0 {
            return if self.is_working(date)? {
                Ok(date)
            } else {
                self.add_working_days(date, 1)
            };
        }
        let mut y = self.year(date.year)?;
        let mut left = i64::from(n) + y.before(date.days() - y.first + 1);
        while left > y.total() {
            left -= y.total();
            y = self.year(y.notice.year + 1)?;
        }
        Ok(Date::from_days(y.first + y.nth(left)))
    }
    /// Working days after `from` up to and including `to`; negative when `to` lies before.
    pub fn working_days_between(&self, from: Date, to: Date) -> Result<i64> {
        if to < from {
            return self.working_days_between(to, from).map(|n| -n);
        }
        let (a, b) = (self.year(from.year)?, self.year(to.year)?);
        let mut n = b.before(to.days() - b.first + 1) - a.before(from.days() - a.first + 1);
        for year in from.year..to.year {
            n += self.year(year)?.total();
        }
        Ok(n)
    }
    /// Working days in a year.
    pub fn working_days_in(&self, year: i32) -> Result<i64> {
        Ok(self.year(year)?.total())
    }
    /// The strict answer, or the Monday-to-Friday guess marked provisional where a notice is missing.
    pub(crate) fn or_guess(&self, f: impl Fn(&Self) -> Result<i64>) -> Result<Due> {
        match f(self) {
            Ok(at) => Ok(Due {
                at,
                provisional: false,
            }),
            Err(e) if e.is(&CALENDAR_UNKNOWN_YEAR) => {
                let guessing = Self {
                    years: self.years.clone(),
                    guess: true,
                };
                Ok(Due {
                    at: f(&guessing)?,
                    provisional: true,
                })
            }
            Err(e) => Err(e),
        }
    }
}

/// Checks a notice as typed by an administrator; every fault is named.
pub(crate) fn check(
    year: i32,
    off: &[String],
    work: &[String],
    names: &BTreeMap<String, String>,
    source: &str,
) -> Result<Notice> {
    let mut faults = Vec::new();
    let mut fault = |field: String, message: String| faults.push(Field { field, message });
    if !(2020..=2100).contains(&year) {
        fault("year".into(), "年份应在 2020 至 2100 之间".into());
    }
    if source.trim().is_empty() || source.chars().count() > 200 {
        fault(
            "source".into(),
            "请填写通知的名称或文号，不超过 200 字".into(),
        );
    }
    let mut days: BTreeMap<Date, NoticeDay> = BTreeMap::new();
    for (list, kind, field) in [(off, DayKind::Off, "off"), (work, DayKind::Work, "work")] {
        for (i, text) in list.iter().enumerate() {
            let at = format!("{field}[{i}]");
            let Some(date) = Date::parse(text) else {
                fault(at, format!("“{text}”不是日期，应写作 2027-01-01"));
                continue;
            };
            let name = names.get(text).cloned().unwrap_or_else(|| match kind {
                DayKind::Off => "放假".to_owned(),
                DayKind::Work => "调休上班".to_owned(),
            });
            let day = NoticeDay { date, kind, name };
            if date.year != year {
                fault(at, format!("{text} 不在 {year} 年内，请检查年份"));
            } else if kind == DayKind::Work && date.weekday() <= 5 {
                fault(
                    at,
                    format!("{text} 本来就是工作日，调休上班日应为周六或周日"),
                );
            } else if let std::collections::btree_map::Entry::Vacant(free) = days.entry(date) {
                free.insert(day);
            } else {
                fault(at, format!("{text} 重复出现，请只保留一处"));
            }
        }
    }
    let new_year = Date {
        year,
        month: 1,
        day: 1,
    };
    if days.get(&new_year).is_none_or(|d| d.kind != DayKind::Off) {
        fault(
            "off".into(),
            format!("没有 {year}-01-01（元旦），请按国务院办公厅通知补全放假日期"),
        );
    }
    if days.values().filter(|d| d.kind == DayKind::Off).count() < 11 {
        fault(
            "off".into(),
            "放假日期少于 11 天，请按国务院办公厅通知补全".into(),
        );
    }
    Error::fields(faults)?;
    Ok(Notice {
        year,
        source: source.trim().to_owned(),
        days: days.into_values().collect(),
    })
}
