//! The vocabulary everyone shares: ids, clock, errors, paging. No I/O, and no business word.
#![forbid(unsafe_code)]

mod clock;
mod error;
mod id;
mod page;
mod random;
pub mod time;

pub use clock::{Clock, FakeClock};
pub use error::{Code, Error, Field, Kind, Result};
pub use id::{Id, IdGen};
pub use page::{Cursor, Page, PageArgs};
pub use random::{random_bytes, random_token, sha256_hex};

#[doc(hidden)]
pub const fn __lower<const N: usize>(b: &[u8]) -> [u8; N] {
    let mut out = [0u8; N];
    let mut rest = b;
    let mut i = 0;
    while let [c, tail @ ..] = rest {
        let (_, at) = out.split_at_mut(i);
        if let [slot, ..] = at {
            *slot = c.to_ascii_lowercase();
        }
        rest = tail;
        i += 1;
    }
    out
}
pub use error::{
    CODES, FORBIDDEN, INTERNAL, INVALID, NOT_FOUND, STALE, TOO_MANY, UNAUTHENTICATED, UNAVAILABLE,
};
