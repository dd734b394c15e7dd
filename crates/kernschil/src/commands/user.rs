//! `kernschil user add`: an account, with a password that is never on the command line.

use std::io::{self, IsTerminal, Read};

use kernschil_app::Actor;
use kernschil_app::access::{self, NewUser};
use kernschil_credentials::passwords;
use serde_json::json;

use crate::cli::UserAdd;
use crate::exit::{Stop, reason};
use crate::open::{Need, with};
use crate::output::Answer;
use crate::settings::Settings;

/// Makes the account.
pub(crate) async fn add(settings: &Settings, user: UserAdd) -> Result<Answer, Stop> {
    with(settings, Need::Any, async |app| {
        let password = if user.password_stdin { from_input()? } else { asked()? };
        let email = user.email.trim().to_lowercase();
        let new = NewUser { email: user.email, name: user.name, password, roles: access::EVERYTHING.to_vec() };
        let id = access::add_user(app, &Actor::CommandLine, new).await?;
        Ok(Answer::done(format!("Het account {email} is gemaakt."), json!({ "id": id, "email": email })))
    })
    .await
}

/// The first line of standard input.
fn from_input() -> Result<String, Stop> {
    let mut text = String::new();
    let most = u64::try_from(passwords::MAX * 4 + 2).unwrap_or(u64::MAX);
    let read = io::stdin().take(most).read_to_string(&mut text);
    read.map_err(|error| Stop::outside("wachtwoord-onleesbaar", format!("Het wachtwoord is niet te lezen: {}.", reason(&error))))?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

/// Asks for it twice, without showing it.
fn asked() -> Result<String, Stop> {
    if !io::stdin().is_terminal() {
        let message = "Er is geen toetsenbord om het wachtwoord te vragen. Geef het op de standaardinvoer, met --password-stdin.";
        return Err(Stop::usage("geen-toetsenbord", message));
    }
    let ask = |question: &str| {
        let answer = rpassword::prompt_password(question);
        answer.map_err(|error| Stop::outside("wachtwoord-onleesbaar", format!("Het wachtwoord is niet te lezen: {}.", reason(&error))))
    };
    let password = ask("Wachtwoord (minstens 12 tekens): ")?;
    if ask("Nog een keer: ")? == password {
        Ok(password)
    } else {
        Err(Stop::usage("wachtwoord-ongelijk", "De twee wachtwoorden zijn niet gelijk. Probeer het opnieuw."))
    }
}
