//! `Range: bytes=…` (RFC 9110 14.2), one range.
use std::ops::Range;

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// Everything: no range, several ranges, or nothing that we understand.
    Whole,
    /// A part, never empty.
    Part(Range<u64>),
    /// Beyond the end.
    Outside,
}

pub(crate) fn parse(value: &str, len: u64) -> Asked {
    let Some(spec) = value.trim().strip_prefix("bytes=") else {
        return Asked::Whole;
    };
    let Some((first, last)) = spec.trim().split_once('-') else {
        return Asked::Whole;
    };
    let num = |s: &str| {
        let digits = !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| s.parse::<u64>().unwrap_or(u64::MAX))
    };
    let range = match (num(first), num(last)) {
        (Some(a), Some(b)) if a <= b => a..b.saturating_add(1).min(len),
        (Some(a), None) if last.is_empty() => a..len,
        (None, Some(n)) if first.is_empty() => len.saturating_sub(n)..len,
        _ => return Asked::Whole,
    };
    if range.start < range.end {
        Asked::Part(range)
    } else {
        Asked::Outside
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_is_understood_and_nonsense_means_everything() {
        for (v, want) in [
            ("bytes=0-0", Asked::Part(0..1)),
            ("bytes=2-5", Asked::Part(2..6)),
            ("bytes=2-500", Asked::Part(2..10)),
            ("bytes=2-", Asked::Part(2..10)),
            ("bytes=-3", Asked::Part(7..10)),
            ("bytes=-300", Asked::Part(0..10)),
            ("bytes=10-", Asked::Outside),
            ("bytes=-0", Asked::Outside),
            ("bytes=99999999999999999999999-", Asked::Outside),
            ("bytes=0-18446744073709551615", Asked::Part(0..10)),
            ("bytes=5-2", Asked::Whole),
            ("bytes=0-1,3-4", Asked::Whole),
            ("bytes=--1", Asked::Whole),
            ("bytes=+1-2", Asked::Whole),
            ("bytes=", Asked::Whole),
            ("items=0-1", Asked::Whole),
            ("", Asked::Whole),
        ] {
            assert_eq!(parse(v, 10), want, "{v}");
        }
        assert_eq!(parse("bytes=0-", 0), Asked::Outside);
    }
}
