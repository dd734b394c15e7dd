//! The pool of peers: everybody who can be asked for the panel of a peer review.

use chrono::NaiveDate;
use kernschil_app::App;
use kernschil_app::reviews::peers::{self, PeerChoices, PeerInput, PeerView, ToldVisit};
use kernschil_domain::ids::{PartnershipId, PeerId, RegionId};
use poem::web::Data;
use poem_openapi::registry::{MetaSchemaRef, Registry};
use poem_openapi::types::Type;
use poem_openapi::{Object, OpenApi};
use serde_json::Value;
use uuid::Uuid;

use super::Tag;
use super::rules::{array_of, chosen, fields, list};
use crate::PREFIX;
use crate::input::{
    All, Body, Day, Faults, Given, Header, Id, Input, Maybe, PageNumber, PageSize, Path, Query, Scalar, Text, Wrong, paging,
};
use crate::output::{Created, Here, Listed, Page, Tagged};
use crate::precondition::{EntityTag, seen_version, stale};
use crate::refusal::{Conflicts, Refusal, Versions};
use crate::session::Session;

/// The room.
#[derive(Default)]
pub(crate) struct Peers;

/// Where a peer worked before.
#[derive(Debug, Object)]
pub(crate) struct FormerEmployer {
    /// Number of a board, or BRIN of an institute.
    employer: String,
    /// The last day.
    until: Day,
}

/// A review that a peer visited.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct Visit {
    /// What it was, in words.
    label: String,
    /// The visit day.
    visited_on: Day,
    /// The region that was visited, where known.
    region: Option<Uuid>,
}

/// Somebody in the pool.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct Peer {
    /// Identifier.
    id: Uuid,
    /// Name.
    name: String,
    /// Address for mail.
    email: String,
    /// The region she comes from.
    region: Uuid,
    /// Its name.
    region_name: String,
    /// The partnership she visits for.
    partnership: Option<Uuid>,
    /// Number of the board, or BRIN of the institute, she works for.
    employer: Option<String>,
    /// Whom she left.
    left: Vec<FormerEmployer>,
    /// When she was trained for peer review.
    trained_on: Option<Day>,
    /// From when she is not asked any more.
    ended_on: Option<Day>,
    /// Visits that are no review in this installation.
    visits: Vec<Visit>,
    /// Visits of reviews in this installation.
    reviews_visited: Vec<Visit>,
    /// All visits of the last six years.
    recent_visits: usize,
}

fn peer(view: &PeerView, choices: &PeerChoices) -> Peer {
    let peer = &view.peer;
    let visit = |visit: &kernschil_domain::reviews::PeerVisit| Visit {
        label: visit.label.clone(),
        visited_on: Day(visit.visited_on),
        region: visit.region.map(|region| region.0),
    };
    let former = |left: &kernschil_domain::reviews::FormerEmployer| FormerEmployer {
        employer: choices.employer_code(left.board, left.institute),
        until: Day(left.until),
    };
    Peer {
        id: peer.id.0,
        name: peer.name.clone(),
        email: peer.email.clone(),
        region: peer.region.0,
        region_name: view.region.clone(),
        partnership: peer.partnership.map(|id| id.0),
        employer: Some(choices.employer_code(peer.board, peer.institute)).filter(|code| !code.is_empty()),
        left: peer.left.iter().map(former).collect(),
        trained_on: peer.trained_on.map(Day),
        ended_on: peer.ended_on.map(Day),
        visits: view.visits.iter().filter(|v| v.review.is_none()).map(visit).collect(),
        reviews_visited: view.visits.iter().filter(|v| v.review.is_some()).map(visit).collect(),
        recent_visits: view.recent,
    }
}

#[derive(Debug)]
struct LeftList(Vec<(String, NaiveDate)>);

impl Scalar for LeftList {
    fn schema() -> MetaSchemaRef {
        array_of::<FormerEmployer>()
    }

    fn register(registry: &mut Registry) {
        FormerEmployer::register(registry);
    }

    fn read(_: &str) -> Result<Self, Wrong> {
        Err(Wrong::new("geen-lijst", "Dit moet een lijst zijn, tussen rechte haken."))
    }

    fn read_json(value: &Value) -> Result<Self, Wrong> {
        let one = |value: &Value| {
            let object = fields(value, &["employer", "until"])?;
            Ok((chosen::<Text<1, 20>>(object, "employer")?.0, chosen::<Day>(object, "until")?.0))
        };
        list(value)?.iter().map(one).collect::<Result<_, _>>().map(Self)
    }
}

#[derive(Debug)]
struct VisitList(Vec<ToldVisit>);

impl Scalar for VisitList {
    fn schema() -> MetaSchemaRef {
        array_of::<Visit>()
    }

    fn register(registry: &mut Registry) {
        Visit::register(registry);
    }

    fn read(_: &str) -> Result<Self, Wrong> {
        Err(Wrong::new("geen-lijst", "Dit moet een lijst zijn, tussen rechte haken."))
    }

    fn read_json(value: &Value) -> Result<Self, Wrong> {
        let one = |value: &Value| {
            let object = fields(value, &["label", "visitedOn", "region"])?;
            let region = object.get("region").filter(|region| !region.is_null()).map(Id::read_json).transpose()?;
            Ok(ToldVisit {
                label: chosen::<Text<1, 120>>(object, "label")?.0,
                visited_on: chosen::<Day>(object, "visitedOn")?.0,
                region: region.map(|id| RegionId(id.0)),
            })
        };
        list(value)?.iter().map(one).collect::<Result<_, _>>().map(Self)
    }
}

/// What is known of a peer: all of it.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct PeerRequest {
    /// Name.
    name: Given<Text<1, 100>>,
    /// Address for mail; unique in the pool.
    email: Given<Text<1, 254>>,
    /// The region she comes from.
    region: Given<Id>,
    /// The partnership of that region she visits for.
    partnership: Maybe<Id>,
    /// Number of the board, or BRIN of the institute, she works for.
    employer: Maybe<Text<1, 20>>,
    /// Whom she left.
    left: Maybe<LeftList>,
    /// When she was trained for peer review.
    trained_on: Maybe<Day>,
    /// From when she is not asked any more.
    ended_on: Maybe<Day>,
    /// Visits that are no review in this installation.
    visits: Maybe<VisitList>,
}

impl Input for PeerRequest {
    type Checked = PeerInput;

    const FIELDS: &'static [&'static str] =
        &["name", "email", "region", "partnership", "employer", "left", "trainedOn", "endedOn", "visits"];

    fn check(self) -> Result<PeerInput, Faults> {
        let who = (self.name.named("name"), self.email.named("email"), self.region.named("region")).all();
        let work = (self.partnership.named("partnership"), self.employer.named("employer"), self.left.named("left")).all();
        let days = (self.trained_on.named("trainedOn"), self.ended_on.named("endedOn"), self.visits.named("visits")).all();
        let ((name, email, region), (partnership, employer, left), (trained_on, ended_on, visits)) = (who, work, days).all()?;
        Ok(PeerInput {
            name: name.0,
            email: email.0,
            region: Some(RegionId(region.0)),
            partnership: partnership.map(|id| PartnershipId(id.0)),
            employer: employer.map(|code| code.0).unwrap_or_default(),
            left: left.map(|left| left.0).unwrap_or_default(),
            trained_on: trained_on.map(|day| day.0),
            ended_on: ended_on.map(|day| day.0),
            visits: visits.map(|visits| visits.0).unwrap_or_default(),
        })
    }
}

#[OpenApi(tag = "Tag::Peers")]
impl Peers {
    /// Lists the pool of peers
    ///
    /// Everybody who can be asked for a panel or could, of every region, by name. For who composes panels.
    #[oai(path = "/peers", method = "get", operation_id = "listPeers")]
    async fn list(
        &self,
        session: Session,
        app: Data<&App>,
        here: Here,
        /// Number of the page, from 1.
        page: Query<PageNumber>,
        /// Rows on a page.
        size: Query<PageSize>,
    ) -> Result<Listed<Peer>, Refusal> {
        let request = paging(page, size)?;
        let (all, choices) = peers::list(&app, &session.0.actor).await?;
        let rows: Vec<_> = all.iter().map(|view| peer(view, &choices)).collect();
        Ok(Listed(Page::of(rows, request), here))
    }

    /// Puts somebody in the pool of peers
    ///
    /// Somebody who can be asked for a panel; an account is made only when she is asked.
    #[oai(path = "/peers", method = "post", operation_id = "createPeer")]
    async fn create(&self, session: Session, app: Data<&App>, body: Body<PeerRequest>) -> Result<Created<Peer>, Refusal<Conflicts>> {
        let new = body.0?;
        let actor = &session.0.actor;
        let id = peers::add(&app, actor, &new).await?;
        let (view, choices) = peers::get(&app, actor, id).await?;
        Ok(Created { body: peer(&view, &choices), location: format!("{PREFIX}/peers/{id}") })
    }

    /// Shows somebody in the pool of peers
    ///
    /// With the visits she made and the employers she had. The tag is her version.
    #[oai(path = "/peers/:peer", method = "get", operation_id = "getPeer")]
    async fn get(
        &self,
        session: Session,
        app: Data<&App>,
        /// The peer.
        peer: Path<Id>,
    ) -> Result<Tagged<Peer>, Refusal> {
        let id = peer.named("peer")?;
        let (view, choices) = peers::get(&app, &session.0.actor, PeerId(id.0)).await?;
        Ok(Tagged { tag: format!("\"{}\"", view.peer.version.0), body: self::peer(&view, &choices) })
    }

    /// Changes what is known of a peer
    ///
    /// All of it; visits of reviews in this installation stay. Say what you saw: `If-Match` with the `ETag` of the peer.
    #[oai(path = "/peers/:peer", method = "put", operation_id = "putPeer")]
    async fn put(
        &self,
        session: Session,
        app: Data<&App>,
        /// The peer.
        peer: Path<Id>,
        /// `ETag` of the peer.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
        body: Body<PeerRequest>,
    ) -> Result<Tagged<Peer>, Refusal<Versions>> {
        let (id, if_match, new) = (peer.named("peer"), if_match.0, body.0).all()?;
        let (seen, id) = (seen_version(if_match)?, PeerId(id.0));
        let actor = &session.0.actor;
        peers::change(&app, actor, id, seen, &new).await.map_err(stale)?;
        let (view, choices) = peers::get(&app, actor, id).await?;
        Ok(Tagged { tag: format!("\"{}\"", view.peer.version.0), body: self::peer(&view, &choices) })
    }
}
