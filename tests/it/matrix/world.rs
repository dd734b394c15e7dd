//! Two regions in one installation, a user per role, and the things each may and may not see.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use kernschil_app::access::{self, NewToken, NewUser};
use kernschil_app::board::{self, PlaceCommand};
use kernschil_app::imports::{ImportFile, load};
use kernschil_app::mail::{self, Letter, MailKind};
use kernschil_app::reviews;
use kernschil_app::{Actor, App, StoreSettings, jobs, scenarios};
use kernschil_domain::access::{Permission, Role, Scope, TokenScope};
use kernschil_domain::codes::{Guidance, Hold, PlacementStatus};
use kernschil_domain::cohorts::{CustomEffect, Student};
use kernschil_domain::ids::{DemandId, LetterId, OfferId, PlacementId, RegionId, ReviewId, SchoolId, StudentId, UserId, WaveId};
use kernschil_domain::mutations::{self as domain, Audience, LetterKind, Wave};
use kernschil_domain::reviews::Receiver;
use kernschil_domain::rounds::{Demand, RoundData};
use kernschil_spreadsheets::ImportKind;
use kernschil_storage::announcements;
use kernschil_storage::cohorts::{self, CohortRows};
use kernschil_storage::placements;
use tempfile::TempDir;
use uuid::Uuid;

use crate::reviews::{new_review, store_framework};
use crate::support::{EXAMPLE_FILES, cluster, open_app, open_copy, root};

const PASSWORD: &str = "een zin die niemand raadt";

/// Where something stands for whoever asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Relation {
    /// Within the scope of every role.
    Own,
    /// In the same round, of another partnership, institute, school and board.
    Sibling,
    /// In a round of another region.
    Foreign,
    /// Nowhere.
    Missing,
    /// The own round, and in it something of another region.
    Mixed,
}

impl Relation {
    pub(super) const ALL: [Self; 5] = [Self::Own, Self::Sibling, Self::Foreign, Self::Missing, Self::Mixed];
}

/// What one relation stands for.
#[derive(Debug, Clone)]
pub(super) struct Things {
    pub(super) round: String,
    pub(super) student: StudentId,
    pub(super) number: String,
    pub(super) demand: DemandId,
    pub(super) offer: OfferId,
    pub(super) placement: PlacementId,
    pub(super) school: String,
    pub(super) job: Uuid,
    pub(super) scenario: Uuid,
    pub(super) mutation: Uuid,
    pub(super) letter: Uuid,
    pub(super) change: Uuid,
    pub(super) import: Uuid,
    pub(super) user: Uuid,
    pub(super) grant: Uuid,
    pub(super) session: Uuid,
    pub(super) token: Uuid,
    pub(super) mail: Uuid,
    /// Name in addresses of a peer review.
    pub(super) review: String,
}

/// Everything the cells are about.
pub(super) struct World {
    pub(super) app: App,
    pub(super) sessions: Vec<(Role, Session)>,
    things: Vec<(Relation, Things)>,
    source: Source,
    _folder: Option<TempDir>,
}

/// A browser that is signed in.
#[derive(Debug, Clone)]
pub(super) struct Session {
    pub(super) token: String,
    pub(super) csrf: String,
}

#[derive(Clone)]
enum Source {
    File(PathBuf),
    Database(String),
}

impl World {
    pub(super) async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sjabloon.sqlite3");
        Self::build(Source::File(file), Some(folder)).await
    }

    pub(super) async fn postgres() -> Option<Self> {
        Some(Self::build(Source::Database(cluster()?.database()), None).await)
    }

    async fn build(source: Source, folder: Option<TempDir>) -> Self {
        let app = open_app(&settings(&source)).await;
        let (sessions, things) = fill(&app).await;
        app.store.close().await.unwrap();
        let app = open_copy(&settings(&copy(&source))).await;
        Self { app, sessions, things, source, _folder: folder }
    }

    /// An installation that is the same and that may be spoilt.
    pub(super) async fn spare(&self) -> App {
        open_copy(&settings(&copy(&self.source))).await
    }

    pub(super) fn things(&self, relation: Relation) -> &Things {
        &self.things.iter().find(|(known, _)| *known == relation).unwrap().1
    }

    /// The whole round of a relation.
    pub(super) async fn picture(&self, relation: Relation) -> RoundData {
        picture(&self.app, &self.things(relation).round).await
    }
}

fn settings(source: &Source) -> StoreSettings {
    match source {
        Source::File(file) => StoreSettings::sqlite(file),
        Source::Database(url) => StoreSettings { url: url.clone() },
    }
}

fn copy(source: &Source) -> Source {
    static COPIES: AtomicU64 = AtomicU64::new(1);
    match source {
        Source::File(file) => {
            let copy = file.with_file_name(format!("{}.sqlite3", COPIES.fetch_add(1, Ordering::Relaxed)));
            std::fs::copy(file, &copy).unwrap();
            Source::File(copy)
        }
        Source::Database(url) => Source::Database(cluster().unwrap().copy_of(url)),
    }
}

const OWN_ROUND: &str = "almere-2026-2027";
const FOREIGN_ROUND: &str = "hak-2026-2027";

async fn fill(app: &App) -> (Vec<(Role, Session)>, Vec<(Relation, Things)>) {
    for (kind, file) in [(ImportKind::Postcodes, "postcodes.txt".to_owned())]
        .into_iter()
        .chain(["almere", "hak"].into_iter().flat_map(|folder| EXAMPLE_FILES.map(|(kind, file)| (kind, format!("{folder}/{file}")))))
    {
        let bytes = std::fs::read(root().join("imports/voorbeelden").join(&file)).unwrap();
        let report = load(app, &Actor::CommandLine, kind, ImportFile { name: file.clone(), bytes }).await.unwrap();
        assert!(report.is_clean(), "{file}");
    }
    for round in [OWN_ROUND, FOREIGN_ROUND] {
        kernschil_app::proposals::make_and_apply(app, &Actor::CommandLine, round, Arc::default()).await.unwrap();
    }
    let own = picture(app, OWN_ROUND).await;
    let foreign = picture(app, FOREIGN_ROUND).await;
    let (mine, theirs) = strangers(&own, &foreign);
    let other = of_another_region(&own, &foreign, &mine);
    store_framework(app).await;
    let mut things = vec![
        (Relation::Own, things_of(app, &own, &mine).await),
        (Relation::Sibling, things_of(app, &own, &theirs).await),
        (Relation::Foreign, things_of(app, &foreign, &other).await),
    ];
    let grants = grants(&own, &foreign, &mine, id_of_review(app, &things[0].1.review).await);
    let mixed = Things { round: OWN_ROUND.to_owned(), ..things[2].1.clone() };
    let nothing = Things {
        round: "bestaat-niet".to_owned(),
        student: StudentId(Uuid::nil()),
        number: "S000".to_owned(),
        demand: DemandId(Uuid::nil()),
        offer: OfferId(Uuid::nil()),
        placement: PlacementId(Uuid::nil()),
        school: "99ZZ99".to_owned(),
        job: Uuid::nil(),
        scenario: Uuid::nil(),
        mutation: Uuid::nil(),
        letter: Uuid::nil(),
        change: Uuid::nil(),
        import: Uuid::nil(),
        user: Uuid::nil(),
        grant: Uuid::nil(),
        session: Uuid::nil(),
        token: Uuid::nil(),
        mail: Uuid::nil(),
        review: "bestaat-niet".to_owned(),
    };
    things.push((Relation::Missing, nothing));
    things.push((Relation::Mixed, mixed));
    announce(app, &[mine.id, theirs.id, other.id], &[&own, &foreign]).await;
    pin_another(app, &own, &mine).await;
    make_custom(app, &own.students[&mine.student]).await;
    let mut sessions = Vec::new();
    for (role, scope) in grants {
        let email = format!("{}@example.nl", role.code());
        let new = NewUser { email: email.clone(), name: "Iemand".into(), password: PASSWORD.into(), roles: vec![(role, scope)] };
        let user = access::add_user(app, &Actor::CommandLine, new).await.unwrap();
        let way = access::SignInWay { browser: "proef".to_owned(), request: None };
        let token = access::sign_in(app, &email, PASSWORD, way).await.unwrap().token;
        let csrf = access::session(app, &token, None).await.unwrap().csrf_token;
        if role == Role::Reader {
            let reader = of_reader(app, user).await;
            for (_, things) in things.iter_mut().filter(|(relation, _)| *relation != Relation::Missing) {
                *things = reader.over(things);
            }
        }
        sessions.push((role, Session { token, csrf }));
    }
    (sessions, things)
}

/// What the reader has of her own, and a mail on its way out.
struct OfReader {
    user: Uuid,
    grant: Uuid,
    session: Uuid,
    token: Uuid,
    mail: Uuid,
}

impl OfReader {
    fn over(&self, things: &Things) -> Things {
        let Self { user, grant, session, token, mail } = *self;
        Things { user, grant, session, token, mail, ..things.clone() }
    }
}

async fn of_reader(app: &App, user: UserId) -> OfReader {
    let actor = access::actor(app, user).await.unwrap();
    let Actor::User(person) = &actor else { panic!("a user") };
    let new = NewToken { name: "van de lezer".to_owned(), scope: TokenScope::Read, days: 30 };
    access::make_token(app, &actor, new).await.unwrap();
    let letter = Letter {
        kind: MailKind::Test,
        to_address: "iemand@example.nl".to_owned(),
        to_name: "Iemand".to_owned(),
        subject: "Proef".to_owned(),
        text: "Proef".to_owned(),
    };
    let mail = app.store.write(async |tx| mail::queue(app, tx, letter).await).await.unwrap();
    OfReader {
        user: user.0,
        grant: person.rights.grants()[0].id.0,
        session: access::own_sessions(app, &actor).await.unwrap()[0].id.0,
        token: access::own_tokens(app, &actor).await.unwrap()[0].id.0,
        mail: mail.0,
    }
}

async fn picture(app: &App, round: &str) -> RoundData {
    app.picture(&Actor::CommandLine, round, Permission::ReadStudents).await.unwrap()
}

fn school_of(data: &RoundData, demand: &Demand) -> Option<SchoolId> {
    data.place_of(demand.id).map(|(_, offer)| offer.school)
}

/// Partnerships of the round that a school belongs to.
fn partnerships_of(data: &RoundData, school: SchoolId) -> Vec<kernschil_domain::ids::PartnershipId> {
    let all = data.registry.school_memberships.get(&school).map(Vec::as_slice).unwrap_or_default();
    all.iter().map(|m| m.partnership).filter(|p| data.round.partnerships.contains(p)).collect()
}

fn board_of(data: &RoundData, school: SchoolId) -> Option<kernschil_domain::ids::BoardId> {
    data.registry.school_boards.get(&school)?.first().map(|link| link.board)
}

/// Two demands of one round that share nothing: other partnership, institute, school and board; and the first one's
/// institute and school are not known in the other region.
fn strangers(own: &RoundData, foreign: &RoundData) -> (Demand, Demand) {
    let known_there = |institute| {
        foreign
            .registry
            .institute_memberships
            .iter()
            .any(|m| m.institute == institute && foreign.round.partnerships.contains(&m.partnership))
    };
    let placed: Vec<_> = own
        .demands
        .values()
        .filter_map(|demand| {
            let school = school_of(own, demand)?;
            let partnerships = partnerships_of(own, school);
            let is_clear = partnerships.len() == 1 && demand.partnership.is_some_and(|p| partnerships == [p]);
            is_clear.then_some((demand, school, own.students[&demand.student].institute))
        })
        .collect();
    for (mine, school, institute) in
        placed.iter().filter(|(_, school, institute)| !known_there(*institute) && partnerships_of(foreign, *school).is_empty())
    {
        let other = placed.iter().find(|(demand, there, theirs)| {
            demand.partnership != mine.partnership
                && theirs != institute
                && there != school
                && board_of(own, *there) != board_of(own, *school)
        });
        if let Some((other, ..)) = other {
            return ((*mine).clone(), (*other).clone());
        }
    }
    panic!("the example has no two students that share nothing");
}

/// A placed demand of the other region, in a partnership that the own round does not know.
fn of_another_region(own: &RoundData, foreign: &RoundData, mine: &Demand) -> Demand {
    let school = school_of(own, mine);
    let found = foreign.demands.values().find(|demand| {
        let there = school_of(foreign, demand);
        there.is_some()
            && there != school
            && demand.partnership.is_some_and(|p| !own.round.partnerships.contains(&p))
            && there.is_some_and(|there| partnerships_of(own, there).is_empty() && !own.offers.values().any(|offer| offer.school == there))
            && !own.students.contains_key(&demand.student)
    });
    found.unwrap().clone()
}

fn grants(own: &RoundData, foreign: &RoundData, mine: &Demand, review: ReviewId) -> Vec<(Role, Scope)> {
    let school = school_of(own, mine).unwrap();
    let partnership = mine.partnership.unwrap();
    let regions = |data: &RoundData| -> Vec<RegionId> {
        data.round.partnerships.iter().flat_map(|p| data.registry.partnerships[p].regions.clone()).collect()
    };
    let there = regions(foreign);
    let region = regions(own).into_iter().find(|region| {
        let covers = own.round.partnerships.iter().all(|p| own.registry.partnerships[p].regions.contains(region));
        covers && !there.contains(region)
    });
    Role::ALL
        .iter()
        .map(|role| {
            let scope = match role {
                Role::Administrator => Scope::All,
                Role::RegionCoordinator => Scope::Region(region.expect("a region that holds the own round alone")),
                Role::PartnershipCoordinator | Role::Reader => Scope::Partnership(partnership),
                Role::InstituteStaff => Scope::Institute(own.students[&mine.student].institute),
                Role::SchoolTrainer => Scope::School(school),
                Role::BoardMember => Scope::Board(board_of(own, school).unwrap()),
                Role::PanelMember | Role::PanelChair | Role::PanelSecretary | Role::ReflectionAuthor | Role::Observer => {
                    Scope::Review(review)
                }
            };
            (*role, scope)
        })
        .collect()
}

async fn things_of(app: &App, data: &RoundData, demand: &Demand) -> Things {
    let slug = data.round.slug.clone();
    // A change to undo: taken back and given again, by the command line.
    let placement = data.placements[&demand.id].clone();
    board::release(app, &Actor::CommandLine, &slug, demand.id, placement.id).await.unwrap();
    let command = PlaceCommand { demand: demand.id, offer: placement.offer, seen: None, guidance: Guidance::Extra, reason: None };
    let change = board::place(app, &Actor::CommandLine, &slug, command).await.unwrap();
    let now = picture(app, &slug).await;
    let (placement, offer) = now.place_of(demand.id).unwrap();
    let job = jobs::ask_proposal(app, &Actor::CommandLine, &slug).await.unwrap();
    let name = format!("proef {}", demand.id);
    let scenario = scenarios::make(app, &Actor::CommandLine, &slug, &name, scenarios::Begin::Round).await.unwrap();
    let imports = kernschil_app::imports::history(app, &Actor::CommandLine, 50).await.unwrap();
    Things {
        student: demand.student,
        number: now.students[&demand.student].number.to_string(),
        demand: demand.id,
        offer: placement.offer,
        placement: placement.id,
        school: now.registry.schools[&offer.school].code.to_string(),
        job: job.0,
        scenario: scenario.0,
        mutation: mutation_of(app, &now, demand.id).await,
        letter: letter_to(app, &now, offer.school).await,
        change: change.0,
        import: imports[0].id.0,
        user: Uuid::nil(),
        grant: Uuid::nil(),
        session: Uuid::nil(),
        token: Uuid::nil(),
        mail: Uuid::nil(),
        review: review_of(app, data, demand).await,
        round: slug,
    }
}

/// A developmental review of the partnership of a demand. Answers its name in addresses.
async fn review_of(app: &App, data: &RoundData, demand: &Demand) -> String {
    let partnership = demand.partnership.unwrap();
    let name = format!("Peer review {}", data.registry.partnerships[&partnership].name);
    let new = new_review(&name, Receiver::Partnership(partnership));
    reviews::make(app, &Actor::CommandLine, new).await.unwrap()
}

async fn id_of_review(app: &App, slug: &str) -> ReviewId {
    let all = app.store.read(async |tx| kernschil_storage::reviews::list(tx).await).await.unwrap();
    all.into_iter().find(|review| review.slug == slug).unwrap().id
}

/// A letter to a school, in the only wave of its round. Answers the letter.
async fn letter_to(app: &App, data: &RoundData, school: SchoolId) -> Uuid {
    let round = data.round.id;
    let letter = LetterId(app.ids.next());
    let write = async |tx: &kernschil_storage::WriteTx| {
        let known = announcements::waves(tx, round).await?.into_iter().next();
        let new = || Wave {
            id: WaveId(app.ids.next()),
            round,
            ordinal: 1,
            audience: Audience::Schools,
            made_at: app.clock.now(),
            made_by: None,
            mutation: None,
        };
        let wave = known.unwrap_or_else(new);
        let kind = LetterKind::School;
        let one = domain::Letter { id: letter, wave: wave.id, kind, school: Some(school), demand: None, placement: None, mail: None };
        announcements::insert_wave(tx, &wave, &[one]).await
    };
    app.store.write(write).await.unwrap();
    letter.0
}

/// A mutation of a round: that a student stops. Nothing was done of it.
async fn mutation_of(app: &App, data: &RoundData, demand: DemandId) -> Uuid {
    let noted = domain::Mutation {
        id: domain_id(app),
        round: data.round.id,
        subject: domain::MutationSubject::StudentStopped { demand },
        state: domain::MutationState::Noted,
        note: None,
        made_at: app.clock.now(),
        made_by: None,
        ended_at: None,
        version: kernschil_domain::ids::Version::FIRST,
    };
    app.store.write(async |tx| kernschil_storage::mutations::insert(tx, &noted).await).await.unwrap();
    noted.id.0
}

fn domain_id(app: &App) -> kernschil_domain::ids::MutationId {
    kernschil_domain::ids::MutationId(app.ids.next())
}

/// Gives a student something that not everybody who knows of her may see.
async fn make_custom(app: &App, student: &Student) {
    assert!(student.postcode.is_some(), "the student has a postcode to hide");
    let custom = CustomEffect { travel_limit: Some(45), ..student.custom };
    let rows = CohortRows { students: vec![Student { custom, ..student.clone() }], ..CohortRows::default() };
    app.store.write(async |tx| cohorts::store(tx, rows).await).await.unwrap();
}

/// Tells the schools of these students; a school knows of nobody before that.
/// A change that still holds once her own place was announced: somebody of the same partnership and institute is pinned.
async fn pin_another(app: &App, data: &RoundData, demand: &Demand) {
    let now = picture(app, &data.round.slug).await;
    let institute = |demand: &Demand| now.students[&demand.student].institute;
    let is_like = |other: &&Demand| {
        let same = other.partnership == demand.partnership && institute(other) == institute(demand);
        other.student != demand.student && same && now.placements.get(&other.id).is_some_and(|p| p.status == PlacementStatus::Proposed)
    };
    let other = now.demands.values().find(is_like).expect("another student of the partnership and institute");
    let who = board::Placed { demand: other.id, placement: now.placements[&other.id].id };
    board::hold(app, &Actor::CommandLine, &data.round.slug, who, Hold::Pinned).await.unwrap();
}

async fn announce(app: &App, demands: &[DemandId], rounds: &[&RoundData]) {
    let mut told = Vec::new();
    for data in rounds {
        let now = picture(app, &data.round.slug).await;
        told.extend(now.placements.into_values().filter(|placement| demands.contains(&placement.demand)));
    }
    app.store
        .write(async |tx| {
            for placement in told {
                placements::save(tx, &kernschil_domain::placements::Placement { status: PlacementStatus::Announced, ..placement }).await?;
            }
            Ok::<_, kernschil_storage::StorageError>(())
        })
        .await
        .unwrap();
}
