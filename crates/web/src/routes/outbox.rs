//! Outgoing mail.

use chrono::{DateTime, Utc};
use kernschil_app::AppError;
use kernschil_app::listing::PageRequest;
use kernschil_app::mail::{self, Again as AppAgain, MailRow as AppRow, MailState, Outbox};
use kernschil_domain::ids::MailId;
use kernschil_http::Caller;
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Path, Query};
use serde::Deserialize;

use super::support::{Answer, capital, done, html_with, id, problem, see_other, size, whole};
use super::words::when;
use super::{State, Web};
use crate::components::filters::{Chip, ChipState};
use crate::components::nav::NavItem;
use crate::components::page::Flash;
use crate::components::status::Tone;
use crate::components::table::Paging;
use crate::components::url::href;
use crate::views::outbox::{Again, HREF, MailRow, OutboxView, outbox_page};

/// What is asked for in the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Ask {
    stand: String,
    pagina: u32,
    aantal: u32,
    gedaan: String,
}

impl Ask {
    fn state(&self) -> Option<MailState> {
        MailState::parse(&self.stand)
    }

    fn flash(&self) -> Option<Flash> {
        match self.gedaan.as_str() {
            "proef" => Some(done("De proefmail staat klaar. Hij wordt zo verstuurd naar het adres waarmee u inlogt.")),
            "opnieuw" => Some(done("De mail staat klaar om opnieuw te worden verstuurd.")),
            _ => None,
        }
    }
}

fn count(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn tone(state: MailState) -> Tone {
    match state {
        MailState::Queued => Tone::Quiet,
        MailState::Sending => Tone::Busy,
        MailState::Sent => Tone::Good,
        MailState::Refused | MailState::Unknown => Tone::Signal,
    }
}

fn remark(mail: &AppRow, now: DateTime<Utc>) -> String {
    let reason = capital(&mail.reason);
    match (mail.state, mail.ended_at) {
        (MailState::Queued, _) if mail.attempts > 0 => format!("{reason}. Volgende poging {}.", when(mail.next_at, now)),
        (MailState::Sent, Some(at)) => format!("Verstuurd {}.", when(at, now)),
        (_, _) if reason.is_empty() => String::new(),
        (_, Some(at)) => format!("{reason}, {}.", when(at, now)),
        (_, None) => format!("{reason}."),
    }
}

fn row(mail: &AppRow, now: DateTime<Utc>) -> MailRow {
    MailRow {
        id: mail.id.to_string(),
        kind: capital(&mail.kind),
        to: mail.to.clone(),
        when: capital(&when(mail.created_at, now)),
        state: mail.state.dutch().to_owned(),
        tone: tone(mail.state),
        attempts: whole(mail.attempts),
        remark: remark(mail, now),
        again: match mail.again {
            AppAgain::NotNeeded => Again::NotNeeded,
            AppAgain::Possible => Again::Possible,
            other @ (AppAgain::LinkGone | AppAgain::TextGone) => Again::Instead(other.dutch().to_owned()),
        },
    }
}

fn states(outbox: &Outbox, chosen: Option<MailState>) -> Vec<Chip> {
    let state = |is_chosen| if is_chosen { ChipState::Chosen } else { ChipState::Open };
    let all = outbox.counts.iter().map(|(_, count)| count).sum();
    let first = Chip { label: "Alle".to_owned(), count: count(all), href: HREF.to_owned(), state: state(chosen.is_none()) };
    let one = |(one, number): &(MailState, u64)| Chip {
        label: capital(one.dutch()),
        count: count(*number),
        href: href(HREF, &[("stand", one.code())]),
        state: state(chosen == Some(*one)),
    };
    std::iter::once(first).chain(outbox.counts.iter().map(one)).collect()
}

async fn answer(web: &Web, caller: &Caller, ask: &Ask, status: StatusCode, flash: Option<Flash>) -> Answer {
    let per_page = if ask.aantal == 100 { 100 } else { 50 };
    let request = PageRequest { page: ask.pagina as usize, size: per_page as usize };
    let outbox = mail::list(&web.app, &caller.actor, ask.state(), request).await?;
    let now = web.app.clock.now();
    let unknown = outbox.counts.iter().find(|(state, _)| *state == MailState::Unknown).map_or(0, |(_, number)| count(*number));
    let view = OutboxView {
        states: states(&outbox, ask.state()),
        state: ask.state().map(|state| state.code().to_owned()).unwrap_or_default(),
        rows: outbox.mails.rows.iter().map(|mail| row(mail, now)).collect(),
        paging: Paging { page: size(outbox.mails.page), per_page, rows: size(outbox.mails.total) },
        unknown,
    };
    let mut frame = web.frame(caller, NavItem::Settings).await?;
    frame.flash = flash;
    Ok(html_with(status, outbox_page(&frame, &view)))
}

/// The outbox.
#[handler]
pub(super) async fn show(web: State<'_>, caller: &Caller, Query(ask): Query<Ask>) -> Answer {
    answer(&web, caller, &ask, StatusCode::OK, ask.flash()).await
}

/// Sends a mail to who asks.
#[handler]
pub(super) async fn test(web: State<'_>, caller: &Caller) -> Answer {
    mail::test_myself(&web.app, &caller.actor).await?;
    Ok(see_other(&href(HREF, &[("gedaan", "proef")])))
}

/// Sends a mail again.
#[handler]
pub(super) async fn again(web: State<'_>, caller: &Caller, Path(mail): Path<String>) -> Answer {
    match mail::send_again(&web.app, &caller.actor, id::<MailId>(&mail)?).await {
        Ok(()) => Ok(see_other(&href(HREF, &[("gedaan", "opnieuw")]))),
        Err(AppError::Conflict { message, .. }) => {
            answer(&web, caller, &Ask::default(), StatusCode::CONFLICT, Some(problem(message))).await
        }
        Err(error) => Err(error.into()),
    }
}
