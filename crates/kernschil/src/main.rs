//! Kernschil, the program: reads the command line and the settings, and calls the use cases.

mod cli;
mod commands;
mod examples;
mod exit;
mod help;
mod open;
mod output;
mod serving;
mod settings;
mod site;
mod system;

use std::ffi::OsString;
use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;
use std::time::Duration;

use kernschil_spreadsheets::worker;
use tokio::runtime::Runtime;
use tracing_subscriber::EnvFilter;

use crate::cli::{Cli, Command, READ_WORKBOOK};
use crate::exit::{Exit, Stop};
use crate::output::{Answer, Format};
use crate::settings::Settings;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    // First of all: this process lowers its own limits and must not have started anything else.
    if arguments.get(1).is_some_and(|argument| argument == READ_WORKBOOK) {
        return worker::serve_stdin();
    }
    panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(%place, "panic");
    }));
    let format = if arguments.iter().any(|argument| argument == "--json") { Format::Json } else { Format::Text };
    let outcome = panic::catch_unwind(AssertUnwindSafe(|| run(&arguments, format)));
    let outcome = outcome.unwrap_or_else(|_| Err(Stop::internal(&"panic")));
    output::print(format, &outcome).into()
}

fn run(arguments: &[OsString], format: Format) -> Result<Answer, Stop> {
    let cli = match help::parse(arguments) {
        Ok(cli) => cli,
        Err(outcome) => return outcome,
    };
    let settings = match cli.command {
        Command::Demo(_) => settings::for_demo(&cli.common)?,
        _ => settings::load(&cli.common)?,
    };
    start_log(&settings)?;
    let runtime = Runtime::new().map_err(|error| Stop::internal(&error))?;
    let outcome = runtime.block_on(dispatch(cli, &settings, format));
    // A calculation that was cut off does not keep the program waiting.
    runtime.shutdown_timeout(Duration::from_secs(2));
    outcome
}

async fn dispatch(cli: Cli, settings: &Settings, format: Format) -> Result<Answer, Stop> {
    match cli.command {
        Command::Serve => serving::serve(settings, format).await,
        Command::Demo(demo) => commands::demo::run(settings, demo, format).await,
        Command::Migrate => commands::database::migrate(settings).await,
        Command::Import(import) => commands::import::run(settings, import).await,
        Command::Allocate(what) => commands::allocate::run(settings, what).await,
        Command::Coverage(query) => commands::rounds::coverage(settings, query).await,
        Command::Export(export) => commands::rounds::export(settings, export).await,
        Command::Openapi => Ok(commands::openapi()),
        Command::User(user) => commands::user::run(settings, user).await,
        Command::Mail(cli::Mail::Test(test)) => commands::mail::test(settings, test).await,
        Command::Privacy(command) => commands::privacy::run(settings, command).await,
        Command::Backup(file) => commands::database::backup(settings, &file.file).await,
        Command::Restore(file) => commands::database::restore(settings, &file.file).await,
        Command::Check(check) => commands::check::run(settings, check).await,
    }
}

fn start_log(settings: &Settings) -> Result<(), Stop> {
    let filter = EnvFilter::try_new(&settings.log).map_err(|_| {
        let message = "De instelling \"log\" is niet goed. Schrijf bijvoorbeeld info, of warn,kernschil=debug.";
        Stop::new(Exit::Usage, "instelling-ongeldig", message)
    })?;
    // Fails only when there is a log already, which is as good.
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(false).try_init();
    Ok(())
}
