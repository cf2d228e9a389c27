//! Office calendar 工作日历: working days with the yearly holiday notices, deadlines in working days and working time.
//!
//! The years 2024–2026 are built in; later years come from the notice that an administrator imports. A year without a
//! notice is never silently taken as Monday to Friday: strict answers refuse, tolerant ones are marked provisional.
#![forbid(unsafe_code)]

mod builtin;
mod calendar;
mod hours;
mod http;
mod store;
#[cfg(test)]
mod tests;

pub use calendar::{Calendar, DayKind, Due, Notice, NoticeDay};
pub use hours::WORKDAY_MS;
pub use http::{CHANGED, module};
pub use store::{import, load};

use zs_ctx::Op;

zs_base::codes! {
    CALENDAR_UNKNOWN_YEAR: Rule "{} 年的放假安排尚未导入，无法推算工作日，请联系系统管理员在“节假日”中导入国务院办公厅通知后再办理",
}

zs_ctx::permissions! {
    MANAGE = "calendar.manage" "管理节假日";
}

pub(crate) const IMPORT: Op = Op {
    key: "calendar.import",
    title: "导入放假安排",
};
