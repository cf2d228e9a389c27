//! Civil dates in China standard time (UTC+8, no daylight saving since 1991).

/// Offset of the offices' clock from UTC.
pub const CST_MS: i64 = 8 * 3_600_000;
/// A day.
pub const DAY_MS: i64 = 86_400_000;

/// A civil date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// Year.
    pub year: i32,
    /// 1–12.
    pub month: u32,
    /// 1–31.
    pub day: u32,
}

impl Date {
    /// A valid date or none.
    pub fn new(year: i32, month: u32, day: u32) -> Option<Self> {
        let d = Self { year, month, day };
        (Self::from_days(d.days()) == d && (1..=9999).contains(&year)).then_some(d)
    }
    /// Days since 1970-01-01.
    pub fn days(self) -> i64 {
        let y = i64::from(self.year) - i64::from(self.month <= 2);
        let era = y.div_euclid(400);
        let yoe = y.rem_euclid(400);
        let mp = (i64::from(self.month) + 9) % 12;
        let doy = (153 * mp + 2) / 5 + i64::from(self.day) - 1;
        era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719_468
    }
    /// From days since 1970-01-01.
    pub fn from_days(days: i64) -> Self {
        let z = days + 719_468;
        let era = z.div_euclid(146_097);
        let doe = z.rem_euclid(146_097);
        let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let day = u32::try_from(doy - (153 * mp + 2) / 5 + 1).unwrap_or(1);
        let month = u32::try_from(if mp < 10 { mp + 3 } else { mp - 9 }).unwrap_or(1);
        let year = i32::try_from(yoe + era * 400 + i64::from(month <= 2)).unwrap_or(1970);
        Self { year, month, day }
    }
    /// The office's date at `ms` UTC.
    pub fn at(ms: i64) -> Self {
        Self::from_days((ms + CST_MS).div_euclid(DAY_MS))
    }
    /// The first millisecond of the day in the office, UTC.
    pub fn start_ms(self) -> i64 {
        self.days() * DAY_MS - CST_MS
    }
    /// `YYYY-MM-DD` or none.
    pub fn parse(s: &str) -> Option<Self> {
        let mut p = s.split('-');
        let (y, m, d) = (p.next()?, p.next()?, p.next()?);
        if p.next().is_some() || y.len() != 4 || m.len() != 2 || d.len() != 2 {
            return None;
        }
        Self::new(y.parse().ok()?, m.parse().ok()?, d.parse().ok()?)
    }
    /// Monday = 1 … Sunday = 7.
    pub fn weekday(self) -> i64 {
        (self.days() + 3).rem_euclid(7) + 1
    }
    /// 2026年7月1日, as documents write it (GB/T 9704 7.3.5.4: no leading zeros).
    pub fn chinese(self) -> String {
        format!("{}年{}月{}日", self.year, self.month, self.day)
    }
}

impl std::fmt::Display for Date {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// `2026-11-23 08:30` in the office's time.
pub fn minute(ms: i64) -> String {
    let m = (ms + CST_MS).rem_euclid(DAY_MS) / 60_000;
    format!("{} {:02}:{:02}", Date::at(ms), m / 60, m % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_agree_over_four_centuries() {
        for days in (-60_000..80_000).step_by(7) {
            assert_eq!(Date::from_days(days).days(), days);
        }
        assert_eq!(Date::parse("2026-02-29"), None);
        assert_eq!(Date::parse("2024-02-29").unwrap().weekday(), 4);
        assert_eq!(Date::at(0).to_string(), "1970-01-01");
        assert_eq!(Date::parse("2026-11-23").unwrap().weekday(), 1);
        assert_eq!(minute(1_795_393_800_000), "2026-11-23 08:30");
    }
}
