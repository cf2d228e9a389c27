//! House keeping: `cargo xtask tidy` checks what no compiler checks.
use std::io::Write as _;
use std::process::ExitCode;

mod tidy;

fn main() -> ExitCode {
    let out = match std::env::args().nth(1).as_deref() {
        Some("tidy") => tidy::run(),
        other => Err(anyhow::anyhow!("usage: cargo xtask tidy (got {other:?})")),
    };
    match out {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            let _ = writeln!(std::io::stderr(), "{e}");
            ExitCode::FAILURE
        }
    }
}
