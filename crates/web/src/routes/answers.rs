//! Who is waited for: what the schools of a round said.

use chrono::NaiveDate;
use kernschil_app::AppError;
use kernschil_app::answers::{self, AnswerRow as AppRow, Contact};
use kernschil_app::listing::search_key;
use kernschil_domain::answers::Answer as SchoolAnswer;
use kernschil_domain::codes::{AnswerState, RoundState};
use kernschil_domain::periods::dutch_date;
use kernschil_domain::rounds::RoundData;
use kernschil_http::Caller;
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Form, Path, Query};
use serde::Deserialize;

use super::facets::{facet, facet_of};
use super::support::{Answer, done, html_with, part, problem, round_ref, see_other, size, workbook};
use super::{State, Web, sheets};
use crate::components::nav::NavItem;
use crate::components::page::Flash;
use crate::components::table::Direction;
use crate::components::text::counted;
use crate::components::url::href;
use crate::views::answers::{AnswerFilter, AnswerRow, AnswerSort, AnswersView, RoundLock, Said, answers_page};

const SAID: [(&str, &str); 3] = [("waiting", "Nog geen antwoord"), ("places", "Met plekken"), ("none", "Geen plekken")];
const YES_NO: [(&str, &str); 2] = [("ja", "Ja"), ("nee", "Nee")];

/// A filter, to count what is left without it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    Answer,
    Partnership,
    Contact,
}

struct Listed {
    data: RoundData,
    rows: Vec<AppRow>,
    filter: AnswerFilter,
    search: String,
}

fn has_mail(row: &AppRow, asked: &str) -> bool {
    (row.contact == Contact::Mail) == (asked == "ja")
}

impl Listed {
    fn new((data, rows): (RoundData, Vec<AppRow>), filter: AnswerFilter) -> Self {
        let search = search_key(filter.zoek.trim());
        Self { data, rows, filter, search }
    }

    fn passes(&self, row: &AppRow, except: Option<Field>) -> bool {
        let filter = &self.filter;
        let asks = |field, value: &str| !value.is_empty() && except != Some(field);
        let texts = [Some(row.code.as_str()), Some(row.name.as_str()), row.place.as_deref(), row.board.as_deref()];
        let found = self.search.is_empty() || texts.into_iter().flatten().any(|text| search_key(text).contains(&self.search));
        found
            && (!asks(Field::Answer, &filter.antwoord) || row.answer.code() == filter.antwoord)
            && (!asks(Field::Partnership, &filter.partnerschap) || row.partnerships.contains(&filter.partnerschap))
            && (!asks(Field::Contact, &filter.mail) || has_mail(row, &filter.mail))
    }

    fn chosen(&self) -> Vec<&AppRow> {
        let mut chosen: Vec<_> = self.rows.iter().filter(|row| self.passes(row, None)).collect();
        // By name it is already, so equal ones stay by name.
        match self.filter.volgorde {
            AnswerSort::Naam => {}
            AnswerSort::Bestuur => chosen.sort_by(|a, b| a.board.cmp(&b.board)),
            AnswerSort::Antwoord => chosen.sort_by_key(|row| row.answer),
            AnswerSort::Gevraagd => chosen.sort_by_key(|row| (row.asked_on, row.reminded_on)),
        }
        if self.filter.richting == Direction::Down {
            chosen.reverse();
        }
        chosen
    }

    fn view(&self, today: NaiveDate) -> AnswersView {
        let (rows, paging) = part(self.chosen(), self.filter.pagina, self.filter.aantal);
        let count = |holds: &dyn Fn(&AppRow) -> bool| size(self.rows.iter().filter(|row| holds(row)).count());
        let waits = |row: &AppRow| row.answer == SchoolAnswer::Waiting;
        let left_alone = |row: &AppRow| [row.asked_on, row.reminded_on].contains(&Some(today));
        AnswersView {
            round: round_ref(&self.data.round),
            filter: self.filter.clone(),
            answers: facet_of(&self.rows, &SAID, |row| self.passes(row, Some(Field::Answer)), |row, said| row.answer.code() == said),
            partnerships: facet(
                &self.rows,
                |row| self.passes(row, Some(Field::Partnership)),
                |row| row.partnerships.iter().map(|name| (name.clone(), name.clone())).collect(),
            ),
            contacts: facet_of(&self.rows, &YES_NO, |row| self.passes(row, Some(Field::Contact)), has_mail),
            rows: rows.into_iter().map(row).collect(),
            paging,
            waiting: count(&waits),
            reachable: count(&|row| waits(row) && row.contact == Contact::Mail && !left_alone(row)),
            without_address: count(&|row| waits(row) && row.contact == Contact::Unknown),
            none: count(&|row| row.answer == SchoolAnswer::NoPlaces),
            with_places: count(&|row| matches!(row.answer, SchoolAnswer::Places(_))),
            schools: size(self.rows.len()),
            due: self.data.dates.get(&RoundState::Offering).copied().map(dutch_date).unwrap_or_default(),
            round_state: if self.data.round.state.is_open() { RoundLock::Open } else { RoundLock::Locked },
        }
    }
}

fn row(row: &AppRow) -> AnswerRow {
    let day = |date: Option<NaiveDate>| date.map(dutch_date).unwrap_or_default();
    AnswerRow {
        code: row.code.clone(),
        name: row.name.clone(),
        place: row.place.clone().unwrap_or_default(),
        board: row.board.clone().unwrap_or_default(),
        tier: row.tier.dutch().to_owned(),
        said: match row.answer {
            SchoolAnswer::Waiting => Said::Waiting,
            SchoolAnswer::NoPlaces => Said::None,
            SchoolAnswer::Places(places) => Said::Places(places),
        },
        asked: day(row.asked_on),
        reminded: day(row.reminded_on),
        answered: day(row.answered_on),
        contact: if row.contact == Contact::Unknown { "geen e-mailadres".to_owned() } else { String::new() },
    }
}

fn flash(filter: &AnswerFilter) -> Option<Flash> {
    match filter.gedaan.as_str() {
        "genoteerd" => Some(done("Het antwoord is genoteerd.")),
        "gemaild" => {
            let without = match filter.zonder {
                0 => String::new(),
                some => format!(" Van {} is geen e-mailadres bekend.", counted(some, "school", "scholen")),
            };
            Some(done(&format!("{} in de wachtrij gezet.{without}", counted(filter.mails, "mail is", "mails zijn"))))
        }
        _ => None,
    }
}

async fn answer(web: &Web, caller: &Caller, slug: &str, filter: AnswerFilter, status: StatusCode, message: Option<Flash>) -> Answer {
    let listed = Listed::new(answers::list(&web.app, &caller.actor, slug).await?, filter);
    let view = listed.view(web.app.clock.today());
    let mut frame = web.frame_of(caller, NavItem::Steps, &view.round);
    frame.flash = message;
    Ok(html_with(status, answers_page(&frame, &view)))
}

/// The list.
#[handler]
pub(super) async fn show(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Query(filter): Query<AnswerFilter>) -> Answer {
    let message = flash(&filter);
    answer(&web, caller, &slug, filter, StatusCode::OK, message).await
}

/// The same list, all pages, as a workbook. It holds no personal data.
#[handler]
pub(super) async fn export(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Query(filter): Query<AnswerFilter>) -> Answer {
    let listed = Listed::new(answers::list(&web.app, &caller.actor, &slug).await?, filter);
    let rows: Vec<_> = listed.chosen().into_iter().map(row).collect();
    Ok(workbook(&format!("{slug}-antwoorden.xlsx"), sheets::answers(&listed.data.round.name, &rows)?))
}

/// What somebody notes about a school.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Noted {
    answer: String,
}

/// Notes what a school said.
#[handler]
pub(super) async fn note(web: State<'_>, caller: &Caller, Path((slug, code)): Path<(String, String)>, Form(noted): Form<Noted>) -> Answer {
    let said = AnswerState::parse(&noted.answer).ok_or(AppError::NotFound)?;
    match answers::note(&web.app, &caller.actor, &slug, &code, said).await {
        Ok(()) => Ok(see_other(&format!("/rondes/{slug}/antwoorden?gedaan=genoteerd"))),
        Err(AppError::Conflict { message, .. }) => {
            answer(&web, caller, &slug, AnswerFilter::default(), StatusCode::CONFLICT, Some(problem(message))).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Asks or reminds every school that is waited for.
#[handler]
pub(super) async fn ask(web: State<'_>, caller: &Caller, Path(slug): Path<String>) -> Answer {
    match answers::ask(&web.app, &caller.actor, &slug).await {
        Ok(asked) => {
            let (mails, without) = (asked.mails.to_string(), asked.without_address.to_string());
            let pairs = [("gedaan", "gemaild"), ("mails", mails.as_str()), ("zonder", &without)];
            Ok(see_other(&href(&format!("/rondes/{slug}/antwoorden"), &pairs)))
        }
        Err(AppError::Conflict { message, .. }) => {
            answer(&web, caller, &slug, AnswerFilter::default(), StatusCode::CONFLICT, Some(problem(message))).await
        }
        Err(error) => Err(error.into()),
    }
}
