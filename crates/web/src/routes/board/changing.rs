//! Forms of the board: each does one thing and goes back, or shows the board as it is now and why it was refused.

use kernschil_app::AppError;
use kernschil_app::board::{
    self as app_board, BulkAction, BulkCommand, ExcludeCommand, PlaceCommand, Placed, Seen, SwapCommand, TeamCommand, TeamSeen, team_of,
    team_tag,
};
use kernschil_domain::access::Permission;
use kernschil_domain::codes::{ExclusionCategory, Guidance, Hold, Turn};
use kernschil_domain::ids::{ChangeId, DemandId, OfferId, PlacementId, SchoolId, TeamId};
use kernschil_http::{Caller, Failure};
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Form, Path};
use serde::Deserialize;

use super::super::support::{Answer, field_errors, id, problem, see_other};
use super::super::{State, Web};
use super::many::ManyForm;
use super::{Ask, Board, Written};
use crate::components::forms::FieldError;
use crate::components::url::href;

/// What comes with a form of the board about one or two students.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct ChangeForm {
    vraag: String,
    plek: String,
    versie: String,
    groep: String,
    wijziging: String,
    begeleiding: String,
    reden: String,
    stand: String,
    ander: String,
    anderversie: String,
    school: String,
    soort: String,
    gezien: String,
}

impl ChangeForm {
    fn ask(&self) -> Ask {
        Ask { groep: self.groep.clone(), vraag: self.vraag.clone(), ..Ask::default() }
    }

    fn seen(&self) -> Result<Seen, Failure> {
        let placement = if self.versie.is_empty() { None } else { Some(id::<PlacementId>(&self.versie)?) };
        Ok(Seen { demand: id::<DemandId>(&self.vraag)?, placement })
    }

    fn placed(&self) -> Result<Placed, Failure> {
        Ok(Placed { demand: id(&self.vraag)?, placement: id(&self.versie)? })
    }

    fn reason(&self) -> Option<String> {
        (!self.reden.is_empty()).then(|| self.reden.clone())
    }

    fn written(&self) -> Written {
        Written { offer: self.plek.clone(), reason: self.reden.clone(), ..Written::default() }
    }

    /// Back to the board with the same student, and what happened.
    fn back(&self, slug: &str, what: (&str, &str)) -> poem::Response {
        let pairs = [("groep", self.groep.as_str()), ("vraag", &self.vraag), what];
        see_other(&href(&format!("/rondes/{slug}/plaatsbord"), &pairs))
    }

    /// Where the missing reason is asked for.
    fn reason_field(&self) -> String {
        if self.plek.is_empty() { "reden-wissel".to_owned() } else { format!("reden-{}", self.plek) }
    }
}

/// Back to the board: after a change with the change, after a refusal with the reason and the board as
/// it is now.
async fn after(web: &Web, caller: &Caller, slug: &str, form: &ChangeForm, change: Result<ChangeId, AppError>) -> Answer {
    let error = match change {
        Ok(change) => return Ok(form.back(slug, ("gedaan", &change.to_string()))),
        Err(error) => error,
    };
    let mut board = Board::load(web, caller, slug, form.ask(), String::new()).await?;
    board.written = form.written();
    if !form.ander.is_empty() {
        board.picked = vec![form.seen()?, Seen { demand: id(&form.ander)?, placement: None }];
    }
    let reason = form.reason_field();
    refused(board, web, caller, error, &Fields { conflicts: &[("reden-nodig", &reason)], faults: &[("reason", &reason)] })
}

/// Which field of a form something that is wrong is about.
struct Fields<'a> {
    /// By the code of a conflict; others are about the whole.
    conflicts: &'a [(&'a str, &'a str)],
    /// By the field of the application.
    faults: &'a [(&'a str, &'a str)],
}

/// The board, with why something was refused beside the field it is about, or above the board.
fn refused(mut board: Board, web: &Web, caller: &Caller, error: AppError, fields: &Fields<'_>) -> Answer {
    match error {
        AppError::Conflict { code, message } => match fields.conflicts.iter().find(|(known, _)| *known == code) {
            Some((_, field)) => {
                board.written.errors = vec![FieldError::new(field, &message)];
                board.answer(web, caller, StatusCode::CONFLICT, None)
            }
            None => board.answer(web, caller, StatusCode::CONFLICT, Some(problem(message))),
        },
        AppError::Invalid(errors) => {
            board.written.errors = field_errors(&errors, fields.faults);
            board.answer(web, caller, StatusCode::BAD_REQUEST, None)
        }
        other => Err(other.into()),
    }
}

/// Gives a student a place.
#[handler]
pub(in super::super) async fn place_student(
    web: State<'_>,
    caller: &Caller,
    Path(slug): Path<String>,
    Form(form): Form<ChangeForm>,
) -> Answer {
    let Seen { demand, placement } = form.seen()?;
    let command = PlaceCommand {
        demand,
        offer: id::<OfferId>(&form.plek)?,
        seen: placement,
        guidance: if form.begeleiding == "extra" { Guidance::Extra } else { Guidance::None },
        reason: form.reason(),
    };
    let change = app_board::place(&web.app, &caller.actor, &slug, command).await;
    after(&web, caller, &slug, &form, change).await
}

/// Takes a student's place back.
#[handler]
pub(in super::super) async fn release_student(
    web: State<'_>,
    caller: &Caller,
    Path(slug): Path<String>,
    Form(form): Form<ChangeForm>,
) -> Answer {
    let Placed { demand, placement } = form.placed()?;
    let change = app_board::release(&web.app, &caller.actor, &slug, demand, placement).await;
    after(&web, caller, &slug, &form, change).await
}

/// Lets two students change places.
#[handler]
pub(in super::super) async fn swap_students(
    web: State<'_>,
    caller: &Caller,
    Path(slug): Path<String>,
    Form(form): Form<ChangeForm>,
) -> Answer {
    let other = Placed { demand: id(&form.ander)?, placement: id(&form.anderversie)? };
    let command = SwapCommand { one: form.placed()?, other, reason: form.reason() };
    let change = app_board::swap(&web.app, &caller.actor, &slug, command).await;
    after(&web, caller, &slug, &form, change).await
}

/// Pins a placement, or sets it free.
#[handler]
pub(in super::super) async fn hold_placement(
    web: State<'_>,
    caller: &Caller,
    Path(slug): Path<String>,
    Form(form): Form<ChangeForm>,
) -> Answer {
    let to = Hold::parse(&form.stand).ok_or(AppError::NotFound)?;
    let change = app_board::hold(&web.app, &caller.actor, &slug, form.placed()?, to).await;
    after(&web, caller, &slug, &form, change).await
}

/// Leaves a student out of proposals, or lets her take part again.
#[handler]
pub(in super::super) async fn leave_out(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Form(form): Form<ChangeForm>) -> Answer {
    let to = Turn::parse(&form.stand).ok_or(AppError::NotFound)?;
    let change = app_board::turn(&web.app, &caller.actor, &slug, form.seen()?, to).await;
    after(&web, caller, &slug, &form, change).await
}

/// Excludes a school for a student, or takes that back.
#[handler]
pub(in super::super) async fn exclude_school(
    web: State<'_>,
    caller: &Caller,
    Path(slug): Path<String>,
    Form(form): Form<ChangeForm>,
) -> Answer {
    let who = form.seen()?;
    let category = |code: &str| ExclusionCategory::ALL.iter().copied().find(|category| category.code() == code);
    let before = category(&form.gezien);
    let mut errors = Vec::new();
    if form.school.is_empty() {
        errors.push(FieldError::new("school", "Kies de school waar de student niet naartoe kan."));
    }
    if before.is_none() && category(&form.soort).is_none() {
        errors.push(FieldError::new("soort", "Kies op wiens verzoek de school wordt uitgesloten."));
    }
    if !errors.is_empty() {
        let mut board = Board::load(&web, caller, &slug, form.ask(), String::new()).await?;
        board.written.errors = errors;
        return board.answer(&web, caller, StatusCode::BAD_REQUEST, None);
    }
    let command = ExcludeCommand { who, school: id::<SchoolId>(&form.school)?, before, category: category(&form.soort) };
    let change = app_board::exclude(&web.app, &caller.actor, &slug, command).await;
    after(&web, caller, &slug, &form, change).await
}

/// Takes the last change back.
#[handler]
pub(in super::super) async fn undo_change(
    web: State<'_>,
    caller: &Caller,
    Path(slug): Path<String>,
    Form(form): Form<ChangeForm>,
) -> Answer {
    match app_board::undo(&web.app, &caller.actor, &slug, id(&form.wijziging)?).await {
        Ok(()) => Ok(form.back(&slug, ("ongedaan", "ja"))),
        Err(error) => after(&web, caller, &slug, &form, Err(error)).await,
    }
}

/// Back after a form about several students: with the change, or with the same students and why it was refused.
async fn after_many(web: &Web, caller: &Caller, slug: &str, form: &ManyForm, change: Result<ChangeId, AppError>) -> Answer {
    let error = match change {
        Ok(change) => {
            let pairs = [("groep", form.one("groep")), ("gedaan", &change.to_string())];
            return Ok(see_other(&href(&format!("/rondes/{slug}/plaatsbord"), &pairs)));
        }
        Err(error) => error,
    };
    let mut board = Board::load(web, caller, slug, form.ask(), String::new()).await?;
    board.picked = form.rows()?;
    form.one("naam").clone_into(&mut board.written.team);
    let fields = Fields {
        conflicts: &[("naam-bestaat", "naam"), ("al-in-team", "naam")],
        faults: &[("name", "naam"), ("members", "naam"), ("rows", "lijst")],
    };
    refused(board, web, caller, error, &fields)
}

/// Does the same for several students.
#[handler]
pub(in super::super) async fn change_several(
    web: State<'_>,
    caller: &Caller,
    Path(slug): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Answer {
    let form = ManyForm::new(pairs);
    let action = BulkAction::parse(form.one("handeling")).ok_or(AppError::NotFound)?;
    let change = app_board::bulk(&web.app, &caller.actor, &slug, BulkCommand { action, rows: form.rows()? }).await;
    after_many(&web, caller, &slug, &form, change).await
}

/// Makes a team of several students, adds them to one, or takes them out of theirs.
#[handler]
pub(in super::super) async fn team_up(
    web: State<'_>,
    caller: &Caller,
    Path(slug): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Answer {
    let form = ManyForm::new(pairs);
    let members: Vec<_> = form.rows()?.iter().map(|seen| seen.demand).collect();
    let data = web.app.picture(&caller.actor, &slug, Permission::PlaceStudents).await?;
    let command = if form.one("team").is_empty() {
        let name = form.one("naam").trim().to_owned();
        let known = data.teams.iter().find(|team| team.name.to_lowercase() == name.to_lowercase());
        // Who is in another team stays there: the use case says so.
        match known.filter(|team| members.iter().all(|member| team_of(&data, *member).is_none_or(|other| other.id == team.id))) {
            Some(team) => TeamCommand::Change {
                seen: TeamSeen { team: team.id, tag: team_tag(team) },
                name: team.name.clone(),
                members: team.members.iter().chain(&members).copied().collect(),
            },
            None => TeamCommand::Make { name, members },
        }
    } else {
        let seen = TeamSeen { team: id::<TeamId>(form.one("team"))?, tag: form.one("versie").to_owned() };
        let team = data.teams.iter().find(|team| team.id == seen.team).ok_or(AppError::NotFound)?;
        let stay: Vec<_> = team.members.iter().filter(|member| !members.contains(member)).copied().collect();
        if stay.len() < 2 { TeamCommand::Remove(seen) } else { TeamCommand::Change { seen, name: team.name.clone(), members: stay } }
    };
    let change = app_board::team(&web.app, &caller.actor, &slug, command).await.map(|made| made.change);
    after_many(&web, caller, &slug, &form, change).await
}
