//! What the program prints for its operator.
use std::io::Write as _;

/// A line on standard output; a closed pipe is nobody's business.
pub fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// A line on standard error.
pub fn complain(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
