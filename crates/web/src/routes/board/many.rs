//! Several chosen students: who they are, and what each thing one can do for all of them would do.

use kernschil_app::board::{self as app_board, BulkAction, BulkOutlook, Outlook, SwapOutlook, team_of, team_tag};
use kernschil_domain::codes::{Hold, Turn};
use kernschil_domain::ids::DemandId;
use kernschil_http::{Caller, Failure};
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Form, Path};

use super::super::support::{Answer, problem, size};
use super::super::{State, choosing};
use super::chosen::{name, swap_view};
use super::{Ask, Board, pick_of, read_pick};
use crate::components::text::{counted, listed};
use crate::views::board::{Effect, Ends, Good, Many, ManyAction, ManySwap, ManyTeam, Picked};

/// The fewest members a team can have.
const FEWEST: usize = 2;

/// A form with several students: pairs, as a name can stand there more than once.
pub(super) struct ManyForm(Vec<(String, String)>);

impl ManyForm {
    pub(super) fn new(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    pub(super) fn one(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    pub(super) fn rows(&self) -> Result<Vec<app_board::Seen>, Failure> {
        self.0.iter().filter(|(key, _)| key == "rij").map(|(_, value)| read_pick(value)).collect()
    }

    pub(super) fn ask(&self) -> Ask {
        Ask { groep: self.one("groep").to_owned(), ..Ask::default() }
    }
}

/// The board with the students that were ticked.
#[handler]
pub(in super::super) async fn pick(
    web: State<'_>,
    caller: &Caller,
    Path(slug): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Answer {
    let form = ManyForm::new(pairs);
    let mut board = Board::load(&web, caller, &slug, form.ask(), String::new()).await?;
    board.picked = form.rows()?;
    let message = board.picked.is_empty().then(|| problem("Vink eerst een of meer studenten aan.".to_owned()));
    board.answer(&web, caller, StatusCode::OK, message)
}

impl Board {
    /// The chosen students as they are now; those who are gone, or were never to be seen, are not there.
    pub(super) fn many(&self) -> Option<Many> {
        let data = &self.view.data;
        let mut rows: Vec<_> =
            self.view.rows.iter().filter(|row| self.picked.iter().any(|seen| seen.demand == row.row.demand)).map(|row| &row.row).collect();
        if rows.is_empty() {
            return None;
        }
        rows.sort_by(|a, b| a.name.cmp(&b.name));
        let demands: Vec<_> = rows.iter().map(|row| row.demand).collect();
        let mut outlook = Outlook::new(data);
        let now = outlook.now();
        let students = rows.iter().map(|row| {
            let mut remark = Vec::new();
            if row.place.as_ref().is_some_and(|place| place.hold == Hold::Pinned) {
                remark.push("vastgezet".to_owned());
            }
            if data.demands.get(&row.demand).is_some_and(|demand| demand.turn == Turn::LeftOut) {
                remark.push("overgeslagen".to_owned());
            }
            remark.extend(team_of(data, row.demand).map(|team| format!("team {}", team.name)));
            Picked {
                pick: pick_of(row.demand, row.place.as_ref().map(|place| place.placement)),
                name: row.name.clone(),
                school: row.place.as_ref().map(|place| place.school_name.clone()).unwrap_or_default(),
                status: row.status,
                remark: listed(&remark),
            }
        });
        let students: Vec<_> = students.collect();
        let swap = match demands[..] {
            [one, other] => app_board::swap_outlook(data, &mut outlook, one, other).map(|swap| self.two(&now, &swap)),
            _ => None,
        };
        let actions = app_board::bulk_outlook(data, &mut outlook, &demands);
        Some(Many {
            students,
            actions: actions.iter().map(|action| self::action(&now, action)).collect(),
            swap,
            team_name: self.written.team.clone(),
            team: self.team(&demands),
        })
    }

    fn two(&self, now: &kernschil_app::coverage::Figures, swap: &SwapOutlook) -> ManySwap {
        let data = &self.view.data;
        ManySwap {
            demand: swap.one.who.demand.to_string(),
            version: swap.one.who.placement.to_string(),
            name: name(data, swap.one.who.demand).unwrap_or_default(),
            with: swap_view(data, now, swap),
            reason: self.written.reason.clone(),
        }
    }

    /// The team that all of them are in.
    fn team(&self, demands: &[DemandId]) -> Option<ManyTeam> {
        let team = team_of(&self.view.data, *demands.first()?)?;
        let all = demands.iter().all(|demand| team.members.contains(demand));
        let stay = team.members.len().saturating_sub(demands.len());
        all.then(|| ManyTeam {
            name: team.name.clone(),
            team: team.id.to_string(),
            version: team_tag(team),
            ends: if stay < FEWEST { Ends::Yes } else { Ends::No },
        })
    }
}

fn action(now: &kernschil_app::coverage::Figures, outlook: &BulkOutlook) -> ManyAction {
    let count = size(outlook.students);
    let whom = match outlook.action {
        BulkAction::Pin | BulkAction::Unpin => counted(count, "plek", "plekken"),
        BulkAction::Release | BulkAction::LeaveOut | BulkAction::TakePart => counted(count, "student", "studenten"),
    };
    let mut effects = Vec::new();
    if outlook.freed > 0 {
        effects = choosing::coverage_effects(now, &outlook.coverage);
        let freed = counted(size(outlook.freed), "plek komt", "plekken komen");
        effects.push(Effect { label: freed, after: "vrij".to_owned(), change: 0, good: Good::Same });
    } else {
        let after = match outlook.action {
            BulkAction::Pin => "een voorstel verplaatst hen niet",
            BulkAction::Unpin => "een voorstel kan hen weer verplaatsen",
            BulkAction::LeaveOut => "een voorstel geeft hun geen plek",
            BulkAction::TakePart => "een voorstel geeft hun weer een plek",
            BulkAction::Release => "",
        };
        effects.push(Effect { label: String::new(), after: after.to_owned(), change: 0, good: Good::Same });
    }
    ManyAction { code: outlook.action.code().to_owned(), label: format!("{whom} {}", outlook.action.dutch()), effects }
}
