//! The `zhongshu` program.
use std::process::ExitCode;

use clap::Parser as _;

#[global_allocator]
static ALLOC: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match zhongshu::cli::Cli::parse().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            zhongshu::out::complain(&format!("{e:#}"));
            ExitCode::FAILURE
        }
    }
}
