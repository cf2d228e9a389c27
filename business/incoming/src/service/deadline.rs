//! Deadline 办文期限: given in the plan, or so many working days from the 批示 (from registration where there is none).

use std::collections::BTreeMap;

use serde_json::Value;
use zs_base::Result;
use zs_base::time::Date;
use zs_calendar::Calendar;
use zs_db::Tx;
use zs_flowcore::{Instance, SeatOutcome};

use crate::definition::stage;
use crate::model::Doc;
use crate::plan::Plan;
use crate::{perm, project};

/// What the flow and the row get.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Deadline {
    /// The date, if anything is to be handled by then.
    pub date: Option<String>,
    /// Variables of the flow.
    pub variables: BTreeMap<String, Value>,
}

/// Nine in the morning, when people are reminded.
const MORNING_MS: i64 = 9 * 3_600_000;

/// The moment of the last instruction 批示.
pub fn instructed_at(def: &zs_flowcore::Compiled, s: &Instance) -> Option<i64> {
    let rounds = s
        .rounds
        .iter()
        .filter(|r| project::stage_of(def, &r.step) == stage::INSTRUCT);
    rounds
        .flat_map(|r| &r.seats)
        .filter(|x| x.outcome == Some(SeatOutcome::Completed))
        .filter_map(|x| x.closed_at)
        .max()
}

/// The deadline in force once the handling begins: `from` is the 批示 or the registration.
pub fn decide(tx: &mut Tx<'_>, doc: &Doc, plan: &Plan, from: i64) -> Result<Deadline> {
    let handled = plan.undertakings.iter().any(|u| u.role == "lead");
    let calendar = zs_calendar::load(tx)?;
    let date = match (plan.deadline.as_deref().and_then(Date::parse), handled) {
        (Some(d), _) => Some(d),
        (None, true) => {
            let days = zs_setting::api::get_int(tx, Some(doc.unit_id), perm::DEFAULT_DAYS, 7)?;
            let days = u32::try_from(days.clamp(1, 365)).unwrap_or(7);
            Some(calendar.add_working_days_or_guess(Date::at(from), days)?.0)
        }
        (None, false) => None,
    };
    let mut out = Deadline {
        date: date.map(|d| d.to_string()),
        variables: BTreeMap::new(),
    };
    let urging = plan.urge.unwrap_or(true) && handled;
    let due = date.filter(|_| urging);
    let pre = plan.pre_reminder_days.filter(|d| *d > 0);
    let pre = due
        .zip(pre)
        .map(|(d, n)| working_days_before(&calendar, d, n).start_ms() + MORNING_MS);
    out.variables
        .insert("deadline".into(), Value::from(out.date.clone()));
    out.variables.insert(
        "urge_due_at".into(),
        Value::from(due.map(Calendar::close_of)),
    );
    out.variables
        .insert("pre_remind_at".into(), Value::from(pre));
    Ok(out)
}

/// So many working days before a date; a year without a notice counts Monday to Friday.
fn working_days_before(calendar: &Calendar, date: Date, days: i64) -> Date {
    let mut at = date;
    let mut left = days.clamp(0, 60);
    // 60 working days never lie farther back than half a year.
    for _ in 0..200 {
        if left == 0 {
            break;
        }
        at = Date::from_days(at.days() - 1);
        let working = calendar.is_working(at).unwrap_or(at.weekday() <= 5);
        left -= i64::from(working);
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pre_reminder_steps_over_weekends_and_holidays() {
        let c = Calendar::builtin();
        let d = |s| Date::parse(s).unwrap();
        assert_eq!(
            working_days_before(&c, d("2026-03-09"), 2),
            d("2026-03-05"),
            "over a weekend"
        );
        assert_eq!(working_days_before(&c, d("2026-10-09"), 1), d("2026-10-08"));
        assert_eq!(
            working_days_before(&c, d("2026-10-08"), 1),
            d("2026-09-30"),
            "over the National Day"
        );
    }
}
