//! The pool of peers: everybody who can be asked for a panel, of every region. Whoever composes panels keeps it, as a panel
//! needs people of other regions.

use std::collections::BTreeMap;

use chrono::{Months, NaiveDate};
use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::{PartnershipId, PeerId, RegionId, Version};
use kernschil_domain::registry::{Employer, Registry};
use kernschil_domain::reviews::{FormerEmployer, PanelRules, Peer, PeerVisit, Review};
use kernschil_domain::values::{BoardNumber, Brin};
use kernschil_storage::reviews::{members, peers};
use kernschil_storage::{Tx, WriteTx, registry};
use serde_json::json;

use crate::access::check_identity;
use crate::error::{AppError, FieldError};
use crate::listing::search_key;
use crate::{Actor, App, Change};

/// Longest description of a visit, in characters.
const MOST_LABEL: usize = 120;
/// Most visits or former employers of one peer.
const MOST_ROWS: usize = 60;

/// A review elsewhere that a peer tells she visited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldVisit {
    /// What it was, in words.
    pub label: String,
    /// The visit day.
    pub visited_on: NaiveDate,
    /// The region that was visited, where known.
    pub region: Option<RegionId>,
}

/// What is known of a peer, as it is filled in.
#[derive(Debug, Clone, Default)]
pub struct PeerInput {
    /// Name.
    pub name: String,
    /// Address for mail.
    pub email: String,
    /// The region she comes from.
    pub region: Option<RegionId>,
    /// The partnership she visits for.
    pub partnership: Option<PartnershipId>,
    /// The board or institute she works for, by its number, BRIN or name; empty when neither.
    pub employer: String,
    /// The same of whom she left, with the last day.
    pub left: Vec<(String, NaiveDate)>,
    /// When she was trained.
    pub trained_on: Option<NaiveDate>,
    /// The day from which she is not asked any more.
    pub ended_on: Option<NaiveDate>,
    /// Visits that are no review in this installation.
    pub visits: Vec<ToldVisit>,
}

/// Somebody in the pool.
#[derive(Debug, Clone)]
pub struct PeerView {
    /// Who.
    pub peer: Peer,
    /// The name of her region.
    pub region: String,
    /// The name of the partnership she visits for.
    pub partnership: Option<String>,
    /// The name of whom she works for.
    pub employer: Option<String>,
    /// What she visited, the latest first.
    pub visits: Vec<PeerVisit>,
    /// Reviews she visited in the years over which visits are counted.
    pub recent: usize,
}

impl PeerView {
    fn new(registry: &Registry, peer: Peer, visits: Vec<PeerVisit>, today: NaiveDate) -> Self {
        let years = PanelRules::default().rhythm_years;
        let since = today.checked_sub_months(Months::new(12 * years)).unwrap_or(NaiveDate::MIN);
        Self {
            region: region_name(registry, peer.region),
            partnership: peer.partnership.and_then(|id| registry.partnerships.get(&id)).map(|partnership| partnership.name.clone()),
            employer: employer_name(registry, peer.board.map(Employer::Board).or(peer.institute.map(Employer::Institute))),
            recent: visits.iter().filter(|visit| since < visit.visited_on && visit.visited_on <= today).count(),
            visits,
            peer,
        }
    }

    /// Whether she can be asked on a day.
    pub fn is_asked_on(&self, day: NaiveDate) -> bool {
        self.peer.ended_on.is_none_or(|ended| day < ended)
    }

    /// Whether text stands in her name, address, region, partnership or employer, word by word.
    pub fn is_found(&self, search: &str) -> bool {
        let texts = [&self.peer.name, &self.peer.email, &self.region].into_iter().chain(&self.partnership).chain(&self.employer);
        let keys: Vec<_> = texts.map(|text| search_key(text)).collect();
        search_key(search).split_whitespace().all(|word| keys.iter().any(|key| key.contains(word)))
    }
}

/// The name of a region.
pub(crate) fn region_name(registry: &Registry, region: RegionId) -> String {
    registry.regions.get(&region).map_or_else(|| "onbekende regio".to_owned(), |region| region.name.clone())
}

fn employer_name(registry: &Registry, employer: Option<Employer>) -> Option<String> {
    match employer? {
        Employer::Board(id) => registry.boards.get(&id).map(kernschil_domain::registry::Board::label),
        Employer::Institute(id) => registry.institutes.get(&id).map(|institute| institute.name.clone()),
    }
}

/// What there is to choose from about a peer.
#[derive(Debug, Clone)]
pub struct PeerChoices {
    /// Regions, by name.
    pub regions: Vec<(RegionId, String)>,
    /// Partnerships, by name.
    pub partnerships: Vec<(PartnershipId, String)>,
    /// The field, for codes of employers.
    pub registry: Registry,
}

impl PeerChoices {
    /// Every board and institute that a peer can work for: what to fill in, and the number or BRIN. That is the name, where
    /// no other has the same.
    pub fn employers(&self) -> Vec<(String, String)> {
        let boards = self.registry.boards.values().map(|board| (board.label(), board.number.to_string()));
        let institutes = self.registry.institutes.values().map(|institute| (institute.name.clone(), institute.brin.to_string()));
        let mut all: Vec<_> = boards.chain(institutes).collect();
        let mut names: BTreeMap<String, usize> = BTreeMap::new();
        for (name, _) in &all {
            *names.entry(search_key(name)).or_default() += 1;
        }
        for (name, code) in &mut all {
            if names.get(&search_key(name)).is_some_and(|count| *count > 1) {
                name.clone_from(code);
            }
        }
        all.sort_by_cached_key(|(name, _)| search_key(name));
        all
    }

    /// What the form shows for a board or institute: the name, or the number or BRIN where another has the same name.
    pub fn employer_words(
        &self,
        board: Option<kernschil_domain::ids::BoardId>,
        institute: Option<kernschil_domain::ids::InstituteId>,
    ) -> String {
        let code = self.employer_code(board, institute);
        self.employers().into_iter().find(|(_, known)| *known == code).map(|(words, _)| words).unwrap_or(code)
    }

    /// The number of a board or the BRIN of an institute, as it is filled in.
    pub fn employer_code(
        &self,
        board: Option<kernschil_domain::ids::BoardId>,
        institute: Option<kernschil_domain::ids::InstituteId>,
    ) -> String {
        let board = board.and_then(|id| self.registry.boards.get(&id)).map(|board| board.number.to_string());
        let institute = || institute.and_then(|id| self.registry.institutes.get(&id)).map(|institute| institute.brin.to_string());
        board.or_else(institute).unwrap_or_default()
    }
}

/// Everybody in the pool, by name, with what there is to choose from.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn list(app: &App, actor: &Actor) -> Result<(Vec<PeerView>, PeerChoices), AppError> {
    actor.require(Permission::ManagePeers)?;
    let today = app.clock.today();
    app.store
        .read(async |tx| {
            let registry = registry::load(tx).await?;
            let mut visits: BTreeMap<PeerId, Vec<PeerVisit>> = BTreeMap::new();
            for visit in peers::visits(tx).await? {
                visits.entry(visit.peer).or_default().push(visit);
            }
            let view = |peer: Peer| {
                let of = visits.remove(&peer.id).unwrap_or_default();
                PeerView::new(&registry, peer, of, today)
            };
            let found = peers::list(tx).await?.into_iter().map(view).collect();
            Ok((found, choices(registry)))
        })
        .await
}

fn choices(registry: Registry) -> PeerChoices {
    let mut regions: Vec<_> = registry.regions.values().map(|region| (region.id, region.name.clone())).collect();
    let mut partnerships: Vec<_> = registry.partnerships.values().map(|p| (p.id, p.name.clone())).collect();
    regions.sort_by_cached_key(|(_, name)| search_key(name));
    partnerships.sort_by_cached_key(|(_, name)| search_key(name));
    PeerChoices { regions, partnerships, registry }
}

/// Somebody in the pool, with what there is to choose from.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`].
pub async fn get(app: &App, actor: &Actor, id: PeerId) -> Result<(PeerView, PeerChoices), AppError> {
    let (all, choices) = list(app, actor).await?;
    let found = all.into_iter().find(|view| view.peer.id == id).ok_or(AppError::NotFound)?;
    Ok((found, choices))
}

/// Puts somebody in the pool.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::Invalid`] with everything that is wrong.
pub async fn add(app: &App, actor: &Actor, new: &PeerInput) -> Result<PeerId, AppError> {
    actor.require(Permission::ManagePeers)?;
    let id = PeerId(app.ids.next());
    app.store
        .write(async |tx| {
            let (peer, visits) = checked(app, tx, id, Version::FIRST, new).await?;
            peers::insert(tx, &peer).await?;
            peers::put_visits(tx, &visits).await?;
            note(app, actor, tx, id, "toegevoegd");
            Ok(id)
        })
        .await
}

/// Changes what is known of a peer; visits of reviews in this installation stay.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Invalid`] with everything that is wrong;
/// [`AppError::Conflict`] when somebody else changed her since `seen`.
pub async fn change(app: &App, actor: &Actor, id: PeerId, seen: Version, new: &PeerInput) -> Result<Version, AppError> {
    actor.require(Permission::ManagePeers)?;
    app.store
        .write(async |tx| {
            peers::get(tx, id).await?;
            let (peer, visits) = checked(app, tx, id, seen, new).await?;
            let version = peers::save(tx, &peer).await?;
            peers::remove_told_visits(tx, id).await?;
            peers::put_visits(tx, &visits).await?;
            note(app, actor, tx, id, "gewijzigd");
            Ok(version)
        })
        .await
}

/// Notes what was done about a peer: which, never who.
fn note(app: &App, actor: &Actor, tx: &WriteTx, id: PeerId, done: &str) {
    app.audit(tx, actor, EventKind::PeerChanged, &id.to_string(), Change::to(json!({ "done": done })));
}

/// Notes that the pool was taken along as a workbook.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn note_export(app: &App, actor: &Actor, rows: usize) -> Result<(), AppError> {
    actor.require(Permission::ManagePeers)?;
    let role = actor.role(Some(Permission::ManagePeers));
    app.store
        .write(async |tx| {
            app.audit_as(tx, actor, role, EventKind::WorkbookExported, "peers", Change::to(json!({ "rows": rows })));
            Ok(())
        })
        .await
}

/// Everything that is wrong with what was filled in, or the peer.
async fn checked(app: &App, tx: &Tx, id: PeerId, version: Version, new: &PeerInput) -> Result<(Peer, Vec<PeerVisit>), AppError> {
    let registry = registry::load(tx).await?;
    let mut errors = Vec::new();
    let (email, name) = check_identity(&new.email, &new.name, &mut errors);
    let mut wrong = |field: &str, code: &str, message: String| errors.push(FieldError::new(field, code, message));
    if peers::list(tx).await?.iter().any(|peer| peer.email == email && peer.id != id) {
        wrong(
            "email",
            "e-mailadres-bezet",
            "Er staat al iemand met dit e-mailadres in de pool. Zoek die op, of kies een ander adres.".to_owned(),
        );
    }
    let region = new.region.filter(|id| registry.regions.contains_key(id));
    if region.is_none() {
        wrong("region", "regio-ontbreekt", "Kies de regio waar deze peer vandaan komt.".to_owned());
    }
    if let Some(partnership) = new.partnership {
        let of = registry.partnerships.get(&partnership);
        if of.is_none_or(|partnership| region.is_some_and(|region| !partnership.regions.contains(&region))) {
            let message = "Dit partnerschap hoort niet bij de regio van deze peer. Kies een ander partnerschap of een andere regio.";
            wrong("partnership", "partnerschap-past-niet", message.to_owned());
        }
    }
    let mut employer = |field: &str, code: &str| match employer_of(&registry, code) {
        Ok(found) => found,
        Err(message) => {
            wrong(field, "werkgever-onbekend", message);
            None
        }
    };
    let works_for = employer("employer", &new.employer);
    let left: Vec<_> = new.left.iter().take(MOST_ROWS).filter_map(|(code, until)| Some((employer("left", code)?, *until))).collect();
    let today = app.clock.today();
    if new.left.len() > MOST_ROWS || new.visits.len() > MOST_ROWS {
        wrong("visits", "te-veel", format!("Vul hoogstens {MOST_ROWS} regels in. Laat de oudste weg."));
    }
    if new.left.iter().any(|(_, until)| today < *until) {
        wrong("left", "datum-in-toekomst", "Een vroegere werkgever heeft een laatste dag die voorbij is. Wijzig de datum.".to_owned());
    }
    if new.trained_on.is_some_and(|day| today < day) {
        wrong("trained_on", "datum-in-toekomst", "De training is nog niet geweest. Vul de datum in als het zover is.".to_owned());
    }
    let visits = told(&registry, id, today, &new.visits, &mut wrong);
    if !errors.is_empty() {
        return Err(AppError::Invalid(errors));
    }
    let peer = Peer {
        id,
        name,
        email,
        region: region.ok_or(AppError::NotFound)?,
        partnership: new.partnership,
        board: works_for.and_then(board_of),
        institute: works_for.and_then(institute_of),
        left: left.into_iter().map(|(of, until)| FormerEmployer { board: board_of(of), institute: institute_of(of), until }).collect(),
        trained_on: new.trained_on,
        ended_on: new.ended_on,
        version,
    };
    Ok((peer, visits))
}

fn told(
    registry: &Registry,
    peer: PeerId,
    today: NaiveDate,
    visits: &[ToldVisit],
    wrong: &mut impl FnMut(&str, &str, String),
) -> Vec<PeerVisit> {
    let mut kept: BTreeMap<NaiveDate, PeerVisit> = BTreeMap::new();
    for visit in visits {
        let label = visit.label.split_whitespace().collect::<Vec<_>>().join(" ");
        if label.is_empty() || label.chars().count() > MOST_LABEL {
            wrong("visits", "bezoek-ongeldig", format!("Zeg in hoogstens {MOST_LABEL} tekens welke review werd bezocht."));
        }
        if today < visit.visited_on {
            wrong(
                "visits",
                "datum-in-toekomst",
                "Een bezoek dat nog komt, staat bij die review. Vul alleen bezoeken in die geweest zijn.".to_owned(),
            );
        }
        if visit.region.is_some_and(|id| !registry.regions.contains_key(&id)) {
            wrong("visits", "onbekende-regio", "De bezochte regio bestaat niet (meer). Kies een regio uit de lijst.".to_owned());
        }
        let new = PeerVisit { peer, review: None, label, visited_on: visit.visited_on, region: visit.region };
        if kept.insert(visit.visited_on, new).is_some() {
            wrong("visits", "dubbel", "Twee bezoeken staan op dezelfde dag. Laat er één weg.".to_owned());
        }
    }
    kept.into_values().collect()
}

fn board_of(employer: Employer) -> Option<kernschil_domain::ids::BoardId> {
    if let Employer::Board(id) = employer { Some(id) } else { None }
}

fn institute_of(employer: Employer) -> Option<kernschil_domain::ids::InstituteId> {
    if let Employer::Institute(id) = employer { Some(id) } else { None }
}

/// Who is meant with the number of a board, the BRIN of an institute, or a name, of which a part is enough when no other has
/// it; nobody when nothing was filled in.
fn employer_of(registry: &Registry, text: &str) -> Result<Option<Employer>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let board = BoardNumber::parse(text).ok().and_then(|number| registry.boards.values().find(|board| board.number == number));
    let institute = Brin::parse(text).ok().and_then(|brin| registry.institutes.values().find(|institute| institute.brin == brin));
    if let Some(found) = board.map(|board| Employer::Board(board.id)).or(institute.map(|institute| Employer::Institute(institute.id))) {
        return Ok(Some(found));
    }
    let wanted = search_key(text);
    let boards = registry.boards.values().map(|board| (search_key(&board.label()), Employer::Board(board.id)));
    let institutes = registry.institutes.values().map(|institute| (search_key(&institute.name), Employer::Institute(institute.id)));
    let named: Vec<_> = boards.chain(institutes).filter(|(name, _)| name.contains(&wanted)).collect();
    let exact: Vec<_> = named.iter().filter(|(name, _)| *name == wanted).collect();
    match (exact.as_slice(), named.as_slice()) {
        ([(_, one)], _) | ([], [(_, one)]) => Ok(Some(*one)),
        (_, []) => Err(format!(
            "Kernschil kent geen bestuur of instituut “{text}”. Kies een naam uit de lijst, of vul een bestuursnummer van vijf cijfers in, zoals 41234, of een BRIN, zoals 27NF."
        )),
        _ => {
            Err(format!("Bij “{text}” passen meer besturen of instituten. Schrijf de hele naam, of vul het bestuursnummer of de BRIN in."))
        }
    }
}

/// Writes down who visited a review on the day on which it was held: everybody of the pool who agreed to be on the panel.
/// It replaces what was written before; of a review that was not held after all, nothing stays.
///
/// # Errors
/// [`AppError::Storage`] when the database fails.
pub async fn note_visits(tx: &WriteTx, review: &Review) -> Result<(), AppError> {
    let registry = registry::load(tx).await?;
    let region = review.receiver.regions(&registry).into_iter().next();
    peers::remove_visits_to(tx, review.id).await?;
    let Some(day) = review.held_on else { return Ok(()) };
    let panel = members::of_review(tx, review.id).await?;
    let panel = panel.into_iter().filter(|member| member.is_on_panel() && member.has_agreed());
    let visit = |peer| PeerVisit { peer, review: Some(review.id), label: review.name.clone(), visited_on: day, region };
    let visits: Vec<_> = panel.filter_map(|member| member.peer).map(visit).collect();
    Ok(peers::put_visits(tx, &visits).await?)
}
