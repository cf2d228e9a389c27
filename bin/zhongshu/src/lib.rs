//! 中书: the office platform in one binary. This crate puts the modules together; it holds no business rule.
#![forbid(unsafe_code)]

pub mod assemble;
pub mod bench;
pub mod cli;
pub mod maintain;
pub mod out;
pub mod pages;
pub mod seed;
pub mod serve;
