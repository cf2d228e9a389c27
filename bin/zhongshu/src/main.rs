//! 中书.
fn main() {}
