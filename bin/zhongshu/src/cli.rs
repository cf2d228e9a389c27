//! The command line.
use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, Parser, Subcommand};

use crate::seed::plan::Preset;

/// 中书: the office platform of a government.
#[derive(Debug, Parser)]
#[command(name = "zhongshu", version)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// Where an installation keeps its things.
#[derive(Clone, Debug, Args)]
pub struct Place {
    /// Folder of the installation: database, files, keys.
    #[arg(long, env = "ZS_DATA", default_value = "data")]
    pub data: PathBuf,
    /// `postgres://…`; without it SQLite in the data folder.
    #[arg(long, env = "ZS_DATABASE")]
    pub database: Option<String>,
    /// Number of this server when several share one PostgreSQL (0–63).
    #[arg(long, env = "ZS_NODE", default_value_t = 0)]
    pub node: u8,
}

/// The demonstration city.
#[derive(Clone, Debug, Args)]
pub struct Demo {
    /// How large.
    #[arg(long, value_enum, default_value_t = Preset::County)]
    pub preset: Preset,
    /// Received documents to write.
    #[arg(long, default_value_t = 240)]
    pub documents: u64,
    /// The same seed gives the same city.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Password of all demonstration accounts; made up and shown if absent.
    #[arg(long, env = "ZS_DEMO_PASSWORD")]
    pub demo_password: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the platform.
    Serve {
        #[command(flatten)]
        place: Place,
        /// Address to listen on.
        #[arg(long, env = "ZS_LISTEN", default_value = "127.0.0.1:8080")]
        listen: String,
        /// Fill an empty database with the demonstration city and show its accounts.
        #[arg(long)]
        demo: bool,
        #[command(flatten)]
        city: Demo,
        /// HTTPS stands in front: cookies are marked secure.
        #[arg(long, env = "ZS_SECURE")]
        secure: bool,
        /// A file with an offset in milliseconds that moves the clock: for rehearsals of deadlines.
        #[arg(long, hide = true)]
        clock_file: Option<PathBuf>,
    },
    /// Fill an empty data folder with the demonstration city.
    Seed {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        city: Demo,
    },
    /// Measure; one JSON object a line.
    Bench(crate::bench::BenchArgs),
    /// Bring the schema up to date.
    Migrate {
        #[command(flatten)]
        place: Place,
    },
    /// Print the OpenAPI document.
    Openapi,
    /// Print what the modules declare.
    Modules,
    /// Administer from the server.
    Admin {
        #[command(subcommand)]
        command: AdminCommand,
    },
    /// Copy the SQLite database and the files while work goes on.
    Backup {
        #[command(flatten)]
        place: Place,
        /// Folder to make.
        to: PathBuf,
    },
    /// Look for what is wrong and say what to do.
    Doctor {
        #[command(flatten)]
        place: Place,
    },
}

#[derive(Debug, Subcommand)]
enum AdminCommand {
    /// Give an account a new password (read from the terminal or standard input) and end its sessions.
    ResetPassword {
        #[command(flatten)]
        place: Place,
        /// Login name.
        login: String,
    },
}

impl Cli {
    /// Runs the command.
    pub fn run(self) -> Result<()> {
        let rt = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?;
        rt.block_on(async {
            match self.command {
                Command::Serve {
                    place,
                    listen,
                    demo,
                    city,
                    secure,
                    clock_file,
                } => {
                    let demo = demo.then_some(city);
                    crate::serve::serve(crate::serve::Options {
                        place,
                        listen,
                        secure,
                        demo,
                        clock_file,
                    })
                    .await
                }
                Command::Seed { place, city } => crate::seed::seed(&place, &city).await,
                Command::Bench(args) => crate::bench::run(args).await,
                Command::Migrate { place } => crate::maintain::migrate(&place).await,
                Command::Openapi => crate::maintain::openapi(),
                Command::Modules => crate::maintain::modules(),
                Command::Admin {
                    command: AdminCommand::ResetPassword { place, login },
                } => crate::maintain::reset_password(&place, &login).await,
                Command::Backup { place, to } => crate::maintain::backup(&place, &to).await,
                Command::Doctor { place } => crate::maintain::doctor(&place).await,
            }
        })
    }
}
