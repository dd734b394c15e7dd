//! Clap's own words in Dutch: headings, usage lines and errors.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command, CommandFactory, FromArgMatches};
use serde_json::json;

use crate::cli::Cli;
use crate::exit::Stop;
use crate::output::Answer;

const TEMPLATE: &str = "{about-with-newline}\nGebruik: {usage}\n\n{all-args}{after-help}";

/// Reads the command line.
///
/// # Errors
/// What to print instead of doing something: help or the version, or why the line is not understood.
pub(crate) fn parse(arguments: &[OsString]) -> Result<Cli, Result<Answer, Stop>> {
    let mut command = command();
    let matches = command.try_get_matches_from_mut(arguments);
    let refusal = |error: &clap::Error| match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Ok(Answer::done(error.to_string(), json!({ "text": error.to_string() }))),
        _ => Err(Stop::usage("verkeerd-gebruik", format!("{} Uitleg: {} --help", sentence(error), meant(&command, arguments)))),
    };
    Cli::from_arg_matches(&matches.map_err(|error| refusal(&error))?).map_err(|error| refusal(&error))
}

fn command() -> Command {
    let mut command = dutch(Cli::command(), "");
    command.build();
    command
}

/// A command and its subcommands with Dutch headings and a Dutch usage line.
fn dutch(command: Command, above: &str) -> Command {
    let path = format!("{above}{}", command.get_name());
    let help = Arg::new("help").short('h').long("help").action(ArgAction::Help).help("Toon deze uitleg").help_heading("Opties");
    let version = Arg::new("version").short('V').long("version").action(ArgAction::Version).help("Toon de versie").help_heading("Opties");
    let is_top = above.is_empty();
    let mut order = 0;
    let command = command
        .disable_help_flag(true)
        .disable_version_flag(true)
        .disable_help_subcommand(true)
        .help_template(TEMPLATE)
        .subcommand_help_heading("Opdrachten")
        .subcommand_value_name("OPDRACHT")
        .mut_args(|arg| {
            order += 1;
            let heading = match arg.get_help_heading() {
                Some(heading) => heading.to_owned(),
                None if arg.is_positional() => "Argumenten".to_owned(),
                None => "Opties".to_owned(),
            };
            let takes_values = arg.get_action().takes_values();
            arg.help_heading(heading).hide_possible_values(takes_values).display_order(order)
        })
        .mut_subcommands(|subcommand| dutch(subcommand, &format!("{path} ")))
        .arg(help);
    let usage = usage(&command, &path);
    let command = command.override_usage(usage);
    if is_top { command.arg(version) } else { command }
}

/// `kernschil import <SOORT> <BESTAND>... [OPTIES]`
fn usage(command: &Command, path: &str) -> String {
    let mut parts = vec![path.to_owned()];
    for arg in command.get_arguments().filter(|arg| arg.is_required_set()) {
        let value = arg.get_value_names().and_then(|names| names.first()).map_or_else(String::new, |name| format!("<{name}>"));
        let many = if matches!(arg.get_action(), ArgAction::Append) { "..." } else { "" };
        match arg.get_long() {
            Some(long) => parts.push(format!("--{long} {value}{many}")),
            None => parts.push(format!("{value}{many}")),
        }
    }
    if command.has_subcommands() {
        parts.push(if command.is_subcommand_required_set() { "<OPDRACHT>" } else { "[OPDRACHT]" }.to_owned());
    }
    parts.push("[OPTIES]".to_owned());
    parts.join(" ")
}

fn sentence(error: &clap::Error) -> String {
    let text = |kind: ContextKind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        Some(ContextValue::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    let arg = text(ContextKind::InvalidArg);
    let value = text(ContextKind::InvalidValue);
    match error.kind() {
        ErrorKind::UnknownArgument => format!("{arg} hoort hier niet."),
        ErrorKind::InvalidSubcommand => format!("De opdracht {} bestaat niet.", text(ContextKind::InvalidSubcommand)),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => "Er staat geen opdracht.".to_owned(),
        ErrorKind::MissingRequiredArgument => format!("Er ontbreekt: {arg}."),
        ErrorKind::InvalidValue if value.is_empty() => format!("Bij {arg} ontbreekt de waarde."),
        ErrorKind::InvalidValue => format!("\"{value}\" past niet bij {arg}. Kies uit: {}.", text(ContextKind::ValidValue)),
        ErrorKind::ValueValidation => {
            let why = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
            format!("\"{value}\" past niet bij {arg}: {why}.")
        }
        ErrorKind::ArgumentConflict => format!("{arg} staat er twee keer, of past niet bij {}.", text(ContextKind::PriorArg)),
        ErrorKind::TooManyValues => format!("\"{value}\" is te veel bij {arg}."),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => format!("Bij {arg} ontbreekt een waarde."),
        ErrorKind::NoEquals => format!("Schrijf de waarde van {arg} achter een =."),
        ErrorKind::InvalidUtf8 => "Er staan tekens in de opdracht die Kernschil niet kan lezen.".to_owned(),
        _ => "Kernschil begrijpt deze opdracht niet.".to_owned(),
    }
}

/// The command that was meant, as far as the line names one.
fn meant(command: &Command, arguments: &[OsString]) -> String {
    let mut path = command.get_name().to_owned();
    let mut command = command;
    for argument in arguments.iter().skip(1) {
        if let Some(found) = command.find_subcommand(argument) {
            path = format!("{path} {}", found.get_name());
            command = found;
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exit::Exit;

    fn asked(line: &str) -> Result<Cli, Result<Answer, Stop>> {
        parse(&line.split(' ').map(OsString::from).collect::<Vec<_>>())
    }

    fn help(line: &str) -> String {
        asked(line).unwrap_err().unwrap().text
    }

    fn complaint(line: &str) -> String {
        let stop = asked(line).unwrap_err().unwrap_err();
        assert_eq!(stop.exit, Exit::Usage);
        stop.message
    }

    #[test]
    fn help_is_dutch_everywhere() {
        let mut lines = vec!["kernschil".to_owned(), "kernschil user".to_owned()];
        lines.extend(["add", "invite", "reset", "list", "role"].map(|command| format!("kernschil user {command}")));
        lines.extend(["", " register", " retention", " dossier"].map(|command| format!("kernschil privacy{command}")));
        lines.extend(Cli::command().get_subcommands().map(|command| format!("kernschil {}", command.get_name())));
        for line in lines {
            for flag in ["-h", "--help"] {
                let text = help(&format!("{line} {flag}"));
                assert!(text.contains(&format!("Gebruik: {line} ")) && text.contains("Toon deze uitleg"), "{text}");
                for english in ["Usage", "Options", "Arguments", "Commands", "Print", "default", "possible", "[OPTIONS]", "<COMMAND>"] {
                    assert!(!text.contains(english), "{english} in {text}");
                }
            }
        }
        assert!(help("kernschil --help").contains("3  iets buiten Kernschil klopt niet"));
        assert_eq!(help("kernschil --version").trim(), format!("kernschil {}", env!("CARGO_PKG_VERSION")));
    }

    #[test]
    fn usage_lines_name_what_is_needed() {
        let import = help("kernschil import --help");
        assert!(import.find("  <SOORT>") < import.find("  <BESTAND>..."), "{import}");
        assert!(help("kernschil import --help").contains("Gebruik: kernschil import <SOORT> <BESTAND>... [OPTIES]"));
        assert!(help("kernschil export --help").contains("Gebruik: kernschil export --out <MAP> [OPTIES]"));
        assert!(help("kernschil user --help").contains("Gebruik: kernschil user <OPDRACHT> [OPTIES]"));
        assert!(help("kernschil check --help").contains("Gebruik: kernschil check [OPDRACHT] [OPTIES]"));
        assert!(help("kernschil check audit --help").contains("--since <PLAATS:VINGERAFDRUK>"));
        assert!(help("kernschil user add --help").contains("Gebruik: kernschil user add --email <ADRES> --name <NAAM> [OPTIES]"));
    }

    #[test]
    fn a_line_that_is_not_understood_gets_one_dutch_line() {
        for (line, expected) in [
            ("kernschil", "Er staat geen opdracht. Uitleg: kernschil --help"),
            ("kernschil start", "De opdracht start bestaat niet. Uitleg: kernschil --help"),
            ("kernschil serve --poort", "--poort hoort hier niet. Uitleg: kernschil serve --help"),
            ("kernschil export", "Er ontbreekt: --out <MAP>. Uitleg: kernschil export --help"),
            ("kernschil allocate --round", "Bij --round <RONDE> ontbreekt de waarde. Uitleg: kernschil allocate --help"),
            (
                "kernschil coverage --date morgen",
                "\"morgen\" past niet bij --date <DATUM>: schrijf een datum als jaar-maand-dag, zoals 2026-10-01. Uitleg: kernschil coverage --help",
            ),
            (
                "kernschil import school a.xlsx",
                "\"school\" past niet bij <SOORT>. Kies uit: duo, postcodes, reistijden, partnerschappen, opleiders, plekken, studenten. Uitleg: kernschil import --help",
            ),
            ("kernschil import", "Er ontbreekt: <SOORT>, <BESTAND>.... Uitleg: kernschil import --help"),
            ("kernschil user", "Er staat geen opdracht. Uitleg: kernschil user --help"),
            (
                "kernschil check audit --since 12",
                "\"12\" past niet bij --since <PLAATS:VINGERAFDRUK>: neem de regel over zoals kernschil check audit hem toonde, een getal, een dubbele punt en 64 tekens. Uitleg: kernschil check audit --help",
            ),
        ] {
            assert_eq!(complaint(line), expected, "{line}");
        }
    }

    #[test]
    fn kinds_are_known_by_their_dutch_word_and_their_code() {
        for line in
            ["kernschil import studenten a.xlsx", "kernschil import students a.xlsx", "kernschil import duo a.csv b.csv --dry-run --json"]
        {
            asked(line).unwrap();
        }
    }
}
