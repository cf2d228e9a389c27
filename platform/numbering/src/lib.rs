//! Number series 编号: gap-free numbers per unit, series and year, and the book of void numbers (作废号登记).
//!
//! A number is taken inside the caller's transaction: if that fails, the number was never given.
#![forbid(unsafe_code)]

mod http;
mod store;
#[cfg(test)]
mod tests;

pub use http::{SeriesNames, UnitNames, module};
pub use store::{NewVoid, Series, VoidRow, list, peek, take, take_many, void, voids};

zs_ctx::permissions! {
    VIEW = "numbering.view" "查看字号";
}

zs_base::codes! {
    /// A number can be void only once.
    NUMBER_ALREADY_VOID: Conflict "{} 年第 {} 号已登记作废，无需重复登记",
    /// Only a number that was given can be void.
    NUMBER_NOT_GIVEN: Rule "{} 年第 {} 号尚未使用，不能登记作废",
}
