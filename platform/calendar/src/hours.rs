//! Working time: 9:00–12:00 and 14:00–18:00 of a working day, seven hours.
use zs_base::Result;
use zs_base::time::{CST_MS, DAY_MS, Date};

use crate::{Calendar, Due};

const HOUR_MS: i64 = 3_600_000;
/// The two halves of an office day, ms after midnight.
const HALVES: [(i64, i64); 2] = [(9 * HOUR_MS, 12 * HOUR_MS), (14 * HOUR_MS, 18 * HOUR_MS)];
/// Working time of one working day.
pub const WORKDAY_MS: i64 = 7 * HOUR_MS;

/// Working time of a day up to `of_day` ms after midnight.
fn worked(of_day: i64) -> i64 {
    HALVES.iter().map(|(a, b)| of_day.clamp(*a, *b) - a).sum()
}

/// The earliest time of day at which `want` (0 < want ≤ a day) has been worked.
fn when(want: i64) -> i64 {
    let mut left = want;
    for (a, b) in HALVES {
        if left <= b - a {
            return a + left;
        }
        left -= b - a;
    }
    18 * HOUR_MS
}

impl Calendar {
    /// `start` plus `ms` of working time.
    pub fn add_working_time(&self, start: i64, ms: i64) -> Result<i64> {
        let date = Date::at(start);
        let of_day = (start + CST_MS).rem_euclid(DAY_MS);
        let gone = if self.is_working(date)? {
            worked(of_day)
        } else {
            WORKDAY_MS
        };
        if ms <= 0 {
            return Ok(start);
        }
        if gone + ms <= WORKDAY_MS {
            return Ok(date.start_ms() + when(gone + ms));
        }
        let rest = gone + ms - WORKDAY_MS;
        let days = u32::try_from((rest + WORKDAY_MS - 1) / WORKDAY_MS).unwrap_or(u32::MAX);
        let last = self.add_working_days(date, days)?;
        let on_last = rest - i64::from(days - 1) * WORKDAY_MS;
        Ok(last.start_ms() + when(on_last))
    }
    /// `start` plus `days` working days of seven hours: received Thursday 16:00, one day → the next working day 16:00.
    pub fn due_after(&self, start: i64, days: u32) -> Result<i64> {
        self.add_working_time(start, i64::from(days) * WORKDAY_MS)
    }
    /// As [`Calendar::due_after`]; where a notice is missing, a guess marked provisional.
    pub fn due_or_provisional(&self, start: i64, days: u32) -> Result<Due> {
        self.or_guess(|c| c.due_after(start, days))
    }
    /// The end of office hours of a date: a deadline given as a date runs out at 18:00.
    pub fn close_of(date: Date) -> i64 {
        date.start_ms() + 18 * HOUR_MS
    }
    /// `n` working days after `date`; where a notice is missing, a guess and true.
    pub fn add_working_days_or_guess(&self, date: Date, n: u32) -> Result<(Date, bool)> {
        let d = self.or_guess(|c| c.add_working_days(date, n).map(Date::days))?;
        Ok((Date::from_days(d.at), d.provisional))
    }
}
