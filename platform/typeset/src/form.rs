//! The forms: plain data, one struct per paper form.
//!
//! Dates are `YYYY-MM-DD`, times `YYYY-MM-DD HH:MM`; anything else is printed as it is. What can be empty on
//! paper is optional here, and an empty cell is printed empty.

mod circulation;
mod handling;
mod ledger;
mod register;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use circulation::{CirculationSheet, Reader};
pub use handling::{HandlingSheet, Opinion, ReadMark, Undertaking};
pub use ledger::{Ledger, LedgerRow};
pub use register::{RegisterBook, RegisterRow};

/// 打印件: a form to be printed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "form", rename_all = "snake_case")]
pub enum PrintDoc {
    /// 公文处理单, A4 portrait.
    HandlingSheet(Box<HandlingSheet>),
    /// 公文传阅单, A4 portrait.
    CirculationSheet(Box<CirculationSheet>),
    /// 收文登记簿, A4 landscape.
    RegisterBook(Box<RegisterBook>),
    /// 来文处理流程台帐, A3 landscape.
    Ledger(Box<Ledger>),
}

impl RegisterBook {
    /// Rows one print may have: about 150 kB of memory each while it is laid out.
    pub const MAX_ROWS: usize = 5_000;
}

impl Ledger {
    /// Rows one print may have: about 450 kB of memory each while it is laid out.
    pub const MAX_ROWS: usize = 2_000;
}

/// 笔迹: one stroke of handwriting, in PDF points.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct InkStroke {
    /// Points `[x, y, pressure 0–1, milliseconds]`; pressure and time may be absent.
    pub pts: Vec<Vec<f64>>,
    /// Colour `#rrggbb`; black when it is anything else.
    pub color: String,
    /// Nominal width of the pen; 2 when absent.
    pub width: Option<f64>,
}
