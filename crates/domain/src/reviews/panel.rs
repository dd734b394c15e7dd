//! Who can be on the panel of a review: what is wrong with a panel and what to look at, and a proposal for one.
//!
//! That somebody of another region is in it, comes from DOMAIN.md section 9. The warnings, the number of years and the
//! least number of members are this product's own.

mod proposal;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Months, NaiveDate};

use crate::codes::code_enum;
use crate::geo::{Coordinate, distance_metres};
use crate::ids::{BoardId, InstituteId, MemberId, PartnershipId, PeerId, RegionId, ReviewId};
use crate::periods::dutch_date;
use crate::registry::Registry;
use crate::reviews::{
    MemberAnswer, PanelVerdict, Peer, PeerVisit, PinnedVerdict, RHYTHM_YEARS, Receiver, ReviewKind, ReviewMember, ReviewRole, VISITS_OWED,
};

pub use proposal::{Absence, Aspect, Facts, NoPanel, PanelChoice, PanelProposal, PassedOver, WhyNot, propose};

code_enum! {
    /// How much weight something about a panel has.
    Severity {
        /// The panel cannot be as it is.
        Error = "error" / "fout",
        /// Somebody has to look at it.
        Warning = "warning" / "waarschuwing",
        /// A warning that somebody looked at and decided on.
        Settled = "settled" / "afgehandeld",
    }
}

code_enum! {
    /// What can be said about a panel.
    PanelIssue {
        /// Nobody on it comes from another region.
        NoOutsider = "no-outsider" / "niemand uit een andere onderwijsregio",
        /// A member was pinned as not independent.
        Conflict = "conflict" / "niet onafhankelijk",
        /// A member comes from a receiving region.
        OwnRegion = "own-region" / "uit de eigen regio",
        /// A member visits for a receiving partnership.
        OwnPartnership = "own-partnership" / "uit een ontvangend partnerschap",
        /// A member works for a board or institute of the receiving side.
        Employed = "employed" / "werkt bij de ontvangende partij",
        /// People of the receiving side visit, or visited, the region of a member.
        Reciprocal = "reciprocal" / "wederzijds bezoek",
        /// A member left a board or institute of the receiving side not long ago.
        RecentColleague = "recent-colleague" / "werkte er kort geleden",
        /// A member is not in the pool: nothing is known about her independence.
        NotInPool = "not-in-pool" / "niet in de pool van peers",
        /// A member was not trained for peer review.
        NotTrained = "not-trained" / "niet getraind",
        /// A member has not said yes to her role.
        NotAgreed = "not-agreed" / "nog niet akkoord",
        /// A member said she cannot come on the visit day.
        Away = "away" / "kan niet op de bezoekdag",
        /// The role of a member ends on or before the visit day.
        AccessEnds = "access-ends" / "toegang eindigt voor het bezoek",
        /// There are few members.
        TooFew = "too-few" / "weinig leden",
        /// There is no chair.
        NoChair = "no-chair" / "geen voorzitter",
        /// There is no secretary.
        NoSecretary = "no-secretary" / "geen secretaris",
    }
}

/// Numbers a panel is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PanelRules {
    /// The least number of members, chair and secretary included.
    pub members: usize,
    /// Years after which a former colleague counts as independent.
    pub colleague_years: u32,
    /// Years over which visits are counted.
    pub rhythm_years: u32,
    /// Reviews that a partnership visits in those years, at least.
    pub owed: u32,
}

impl Default for PanelRules {
    fn default() -> Self {
        let owed = u32::try_from(VISITS_OWED).unwrap_or(u32::MAX);
        Self { members: 3, colleague_years: 3, rhythm_years: RHYTHM_YEARS.unsigned_abs(), owed }
    }
}

/// A review, and everything that decides who can be on its panel.
#[derive(Debug, Clone, Copy)]
pub struct PanelCase<'a> {
    /// The review.
    pub review: ReviewId,
    /// Its kind: only a developmental one asks for people of another region.
    pub kind: ReviewKind,
    /// Whose review it is.
    pub receiver: Receiver,
    /// Who takes part in the field.
    pub registry: &'a Registry,
    /// The visit day, or today while there is none.
    pub day: NaiveDate,
    /// The pool.
    pub peers: &'a [Peer],
    /// Visits of everybody in the pool, past and to come.
    pub visits: &'a [PeerVisit],
    /// What was decided by hand for this review.
    pub verdicts: &'a [PinnedVerdict],
    /// Whose the reviews of these visits are.
    pub receivers: &'a BTreeMap<ReviewId, Receiver>,
    /// Members who said they cannot come on the visit day.
    pub away: &'a BTreeSet<MemberId>,
    /// The first day on which the role of a member holds no more.
    pub until: &'a BTreeMap<MemberId, NaiveDate>,
    /// Numbers it is held against.
    pub rules: PanelRules,
}

/// Why somebody may not be independent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// What it is about.
    pub issue: PanelIssue,
    /// A Dutch sentence without names of people.
    pub because: String,
}

/// Something about a panel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PanelFinding {
    /// How much weight it has.
    pub severity: Severity,
    /// What it is.
    pub issue: PanelIssue,
    /// The member it is about; none when it is about the panel.
    pub member: Option<MemberId>,
    /// A Dutch sentence without names of people, so that it can stand in a refusal.
    pub text: String,
}

impl<'a> PanelCase<'a> {
    /// Somebody in the pool.
    pub fn peer(&self, id: PeerId) -> Option<&'a Peer> {
        self.peers.iter().find(|peer| peer.id == id)
    }

    /// What was decided by hand about somebody.
    pub fn verdict(&self, peer: PeerId) -> Option<&'a PinnedVerdict> {
        self.verdicts.iter().find(|verdict| verdict.peer == peer && verdict.review == self.review)
    }

    /// Whether somebody comes from another region than those of the review, and visits for none of the partnerships that
    /// receive it: a partnership can lie in several regions.
    pub fn is_outsider(&self, peer: &Peer) -> bool {
        !self.is_of_region(peer) && !self.is_of_partnership(peer)
    }

    fn is_of_region(&self, peer: &Peer) -> bool {
        self.receiver.regions(self.registry).contains(&peer.region)
    }

    fn is_of_partnership(&self, peer: &Peer) -> bool {
        peer.partnership.is_some_and(|id| self.receiver.partnerships(self.registry).contains(&id))
    }

    fn years_before(&self, years: u32) -> NaiveDate {
        self.day.checked_sub_months(Months::new(12 * years)).unwrap_or(NaiveDate::MIN)
    }

    fn years_after(&self, years: u32) -> NaiveDate {
        self.day.checked_add_months(Months::new(12 * years)).unwrap_or(NaiveDate::MAX)
    }

    /// The visits of the last years, without the one to this review.
    fn recent(&self) -> impl Iterator<Item = &'a PeerVisit> + use<'a> {
        let (from, day, review) = (self.years_before(self.rules.rhythm_years), self.day, self.review);
        self.visits.iter().filter(move |visit| visit.review != Some(review) && from < visit.visited_on && visit.visited_on <= day)
    }

    /// How many reviews somebody visited in the last years.
    pub fn visits_of(&self, peer: PeerId) -> u32 {
        count(self.recent().filter(|visit| visit.peer == peer))
    }

    /// How many reviews a partnership still has to visit, counted over the last years. Two of its people in one review pay
    /// for one visit.
    pub fn owed_by(&self, partnership: PartnershipId) -> u32 {
        let of = |peer: PeerId| self.peer(peer).is_some_and(|peer| peer.partnership == Some(partnership));
        let visits = self.recent().filter(|visit| of(visit.peer) && pays(visit, partnership, self.registry, self.receivers));
        let paid: BTreeSet<_> = visits.map(|visit| (visit.visited_on, visit.review)).collect();
        self.rules.owed.saturating_sub(count(paid.iter()))
    }

    /// How many visits a partnership owes when somebody of it can pay one here: nobody pays by visiting her own.
    fn owed_here(&self, partnership: PartnershipId) -> u32 {
        let receives = self.receiver.partnerships(self.registry).contains(&partnership);
        if receives { 0 } else { self.owed_by(partnership) }
    }

    /// Boards that take part in the receiving partnerships: by themselves, or with a school.
    fn boards(&self) -> BTreeSet<BoardId> {
        let receiving = self.receiver.partnerships(self.registry);
        let members = self.registry.board_memberships.iter().filter(|m| m.span.holds_on(self.day) && receiving.contains(&m.partnership));
        let of_schools = self.registry.school_memberships.values().flatten();
        let of_schools = of_schools.filter(|m| m.span.holds_on(self.day) && receiving.contains(&m.partnership));
        let of_schools = of_schools.filter_map(|m| self.registry.board_of(m.school, self.day)).map(|board| board.id);
        members.map(|m| m.board).chain(of_schools).collect()
    }

    /// Institutes that take part in the receiving partnerships.
    fn institutes(&self) -> BTreeSet<InstituteId> {
        let receiving = self.receiver.partnerships(self.registry);
        let members = self.registry.institute_memberships.iter();
        members.filter(|m| m.span.holds_on(self.day) && receiving.contains(&m.partnership)).map(|m| m.institute).collect()
    }

    /// Why somebody may not be independent, whatever was decided about it by hand.
    pub fn doubts(&self, peer: &Peer) -> Vec<Doubt> {
        let mut found = Vec::new();
        let mut doubt = |issue, because: String| found.push(Doubt { issue, because });
        let name = |region: RegionId| self.registry.regions.get(&region).map_or("onbekend", |region| region.name.as_str());
        if self.is_of_region(peer) {
            doubt(PanelIssue::OwnRegion, format!("Komt uit de eigen regio ({}).", name(peer.region)));
        }
        let partnership = peer.partnership.filter(|_| self.is_of_partnership(peer)).and_then(|id| self.registry.partnerships.get(&id));
        if let Some(partnership) = partnership {
            doubt(PanelIssue::OwnPartnership, format!("Komt uit een ontvangend partnerschap ({}).", partnership.name));
        }
        let (boards, institutes) = (self.boards(), self.institutes());
        if let Some(employer) =
            self.employer(peer.board.filter(|id| boards.contains(id)), peer.institute.filter(|id| institutes.contains(id)))
        {
            doubt(PanelIssue::Employed, format!("Werkt bij {employer}, dat meedoet aan de ontvangende kant."));
        }
        if self.is_outsider(peer) && self.is_reciprocal(peer) {
            let years = self.rules.rhythm_years;
            doubt(
                PanelIssue::Reciprocal,
                format!("Wederzijds bezoek: iemand van de ontvangende kant bezoekt binnen {years} jaar {}.", name(peer.region)),
            );
        }
        let since = self.years_before(self.rules.colleague_years);
        for left in peer.left.iter().filter(|left| since < left.until) {
            let employer = self.employer(left.board.filter(|id| boards.contains(id)), left.institute.filter(|id| institutes.contains(id)));
            if let Some(employer) = employer {
                let years = self.rules.colleague_years;
                doubt(
                    PanelIssue::RecentColleague,
                    format!("Werkte minder dan {years} jaar geleden bij {employer}, dat meedoet aan de ontvangende kant."),
                );
            }
        }
        found
    }

    fn employer(&self, board: Option<BoardId>, institute: Option<InstituteId>) -> Option<String> {
        let board = board.and_then(|id| self.registry.boards.get(&id)).map(crate::registry::Board::label);
        board.or_else(|| Some(self.registry.institutes.get(&institute?)?.name.clone()))
    }

    /// Whether somebody of the receiving side visits the region of a peer, some years before or after the visit day: the
    /// two regions would then look at each other.
    fn is_reciprocal(&self, peer: &Peer) -> bool {
        let (from, until) = (self.years_before(self.rules.rhythm_years), self.years_after(self.rules.rhythm_years));
        let there = self.visits.iter().filter(|visit| visit.region == Some(peer.region));
        let mut there = there.filter(|visit| from < visit.visited_on && visit.visited_on < until);
        there.any(|visit| self.peer(visit.peer).is_some_and(|visitor| !self.is_outsider(visitor)))
    }

    /// The middle of where a region's schools stand, for each region. Of a partnership in several regions it is not known
    /// which school stands in which, so that only schools of a partnership in one region count; a region without them has
    /// none.
    fn middles(&self) -> BTreeMap<RegionId, Coordinate> {
        let mut places: BTreeMap<RegionId, Vec<Coordinate>> = BTreeMap::new();
        for school in self.registry.schools.values() {
            let Some(at) = self.registry.coordinate_of(school) else { continue };
            let partnerships =
                self.registry.memberships_of(school.id, self.day).filter_map(|m| self.registry.partnerships.get(&m.partnership));
            let regions: BTreeSet<_> = partnerships
                .filter_map(|partnership| match partnership.regions.as_slice() {
                    [only] => Some(*only),
                    _ => None,
                })
                .collect();
            for region in regions {
                places.entry(region).or_default().push(at);
            }
        }
        places.into_iter().filter_map(|(region, places)| Some((region, middle(&places)?))).collect()
    }

    /// The middle of the receiving side: that of the region, where known, or of the schools of the receiving partnerships.
    fn destination(&self, middles: &BTreeMap<RegionId, Coordinate>) -> Option<Coordinate> {
        if let Receiver::Region(id) = self.receiver
            && let Some(at) = middles.get(&id)
        {
            return Some(*at);
        }
        let receiving = self.receiver.partnerships(self.registry);
        let member = |id| self.registry.memberships_of(id, self.day).any(|m| receiving.contains(&m.partnership));
        let schools = self.registry.schools.values().filter(|school| member(school.id));
        let places: Vec<_> = schools.filter_map(|school| self.registry.coordinate_of(school)).collect();
        middle(&places)
    }

    /// Kilometres as the crow flies from the middle of each region to the middle of the receiving side.
    pub fn kilometres(&self) -> BTreeMap<RegionId, u32> {
        let middles = self.middles();
        let Some(to) = self.destination(&middles) else { return BTreeMap::new() };
        middles.into_iter().map(|(region, from)| (region, distance_metres(from, to).div_ceil(1000))).collect()
    }
}

/// Whether a visit is one of those that a partnership owes to others: not when it received the review itself. Of a visit
/// that is no review in this installation only the region is known; one to a region of its own does not count.
pub fn pays(visit: &PeerVisit, partnership: PartnershipId, registry: &Registry, receivers: &BTreeMap<ReviewId, Receiver>) -> bool {
    let receiver = visit.review.and_then(|review| receivers.get(&review)).copied().or(visit.region.map(Receiver::Region));
    receiver.is_none_or(|receiver| !receiver.partnerships(registry).contains(&partnership))
}

fn count<T>(of: impl Iterator<Item = T>) -> u32 {
    u32::try_from(of.count()).unwrap_or(u32::MAX)
}

fn middle(places: &[Coordinate]) -> Option<Coordinate> {
    let number = i64::try_from(places.len()).ok().filter(|number| *number > 0)?;
    let mean = |of: fn(&Coordinate) -> i32| i32::try_from(places.iter().map(|at| i64::from(of(at))).sum::<i64>() / number).ok();
    Some(Coordinate { latitude: mean(|at| at.latitude)?, longitude: mean(|at| at.longitude)? })
}

/// Everything there is to say about the panel of a review: errors first, then warnings, then what was settled by hand.
/// Who declined is not on the panel; authors and observers never are. A panel is valid when nothing is an error.
pub fn panel_findings(case: &PanelCase<'_>, members: &[ReviewMember]) -> Vec<PanelFinding> {
    let panel: Vec<_> = members.iter().filter(|m| m.role.is_panel() && m.answer != Some(MemberAnswer::Declined)).collect();
    let mut found = Vec::new();
    of_the_whole(case, &panel, &mut found);
    for member in &panel {
        of_a_member(case, member, &mut found);
    }
    found.sort_by_key(|finding| finding.severity);
    found
}

fn of_the_whole(case: &PanelCase<'_>, panel: &[&ReviewMember], found: &mut Vec<PanelFinding>) {
    let mut say = |severity, issue, text: String| found.push(PanelFinding { severity, issue, member: None, text });
    let outsider = |member: &&&ReviewMember| member.peer.and_then(|id| case.peer(id)).is_some_and(|peer| case.is_outsider(peer));
    if case.kind == ReviewKind::Developmental && panel.iter().filter(outsider).count() == 0 {
        let text = "In het panel zit niemand uit een andere onderwijsregio. Vraag iemand uit de pool van peers die uit een andere regio komt, en niet uit een ontvangend partnerschap.";
        say(Severity::Error, PanelIssue::NoOutsider, text.to_owned());
    }
    if panel.len() < case.rules.members {
        let text = format!("Het panel heeft {} van de {} leden die gebruikelijk zijn. Vraag nog iemand.", panel.len(), case.rules.members);
        say(Severity::Warning, PanelIssue::TooFew, text);
    }
    let has = |role| panel.iter().any(|member| member.role == role);
    if !has(ReviewRole::Chair) {
        say(Severity::Warning, PanelIssue::NoChair, "Het panel heeft geen voorzitter. Spreek af wie dat is.".to_owned());
    }
    if !has(ReviewRole::Secretary) {
        say(Severity::Warning, PanelIssue::NoSecretary, "Het panel heeft geen secretaris. Spreek af wie het rapport schrijft.".to_owned());
    }
}

fn of_a_member(case: &PanelCase<'_>, member: &ReviewMember, found: &mut Vec<PanelFinding>) {
    let mut say = |severity, issue, text: String| found.push(PanelFinding { severity, issue, member: Some(member.id), text });
    if member.answer.is_none() {
        say(Severity::Warning, PanelIssue::NotAgreed, "Heeft nog niet gezegd akkoord te zijn met deze rol.".to_owned());
    }
    if case.away.contains(&member.id) {
        let text = "Kan niet op de bezoekdag. Kies een andere dag, of vraag iemand anders.";
        say(Severity::Warning, PanelIssue::Away, text.to_owned());
    }
    if let Some(until) = case.until.get(&member.id).filter(|until| **until <= case.day) {
        let last = dutch_date(until.pred_opt().unwrap_or(*until));
        let text = format!("De toegang is tot en met {last}. Dat is te kort voor het bezoek: verleng haar bij Deelnemers.");
        say(Severity::Warning, PanelIssue::AccessEnds, text);
    }
    let Some(peer) = member.peer.and_then(|id| case.peer(id)) else {
        let text = "Staat niet in de pool van peers: regio en werkgever zijn niet bekend. Zet haar of hem in de pool.";
        say(Severity::Warning, PanelIssue::NotInPool, text.to_owned());
        return;
    };
    let verdict = case.verdict(peer.id);
    if let Some(verdict) = verdict.filter(|verdict| verdict.verdict == PanelVerdict::Conflict) {
        let text = format!("Is met de hand aangemerkt als niet onafhankelijk: {}. Haal dit lid uit het panel.", reason(verdict));
        say(Severity::Error, PanelIssue::Conflict, text);
    }
    for doubt in case.doubts(peer) {
        match verdict {
            Some(verdict) if verdict.verdict == PanelVerdict::NoConflict => {
                let text = format!("{} Onafhankelijk verklaard: {}.", doubt.because, reason(verdict));
                say(Severity::Settled, doubt.issue, text);
            }
            _ => say(Severity::Warning, doubt.issue, doubt.because),
        }
    }
    if peer.trained_on.is_none_or(|day| case.day < day) {
        say(Severity::Warning, PanelIssue::NotTrained, "Heeft nog geen training voor peer review gedaan.".to_owned());
    }
}

fn reason(verdict: &PinnedVerdict) -> &str {
    verdict.reason.trim_end_matches('.')
}
