use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::codes::{Sector, Tier};
use crate::ids::{MemberId, SchoolId, UserId, Version};
use crate::periods::Span;
use crate::registry::{Board, BoardMembership, Institute, InstituteMembership, Partnership, Region, School, SchoolMembership};
use crate::reviews::FormerEmployer;
use crate::values::{BoardNumber, Brin, SchoolCode};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn id(number: usize) -> Uuid {
    Uuid::from_u128(u128::try_from(number).unwrap() + 1)
}

/// Regions 0, 1 and 2, each with partnerships 10 + region and 20 + region; board 30 + region and institute 40 + region
/// take part in the first of them; a school of it stands one degree further north per region.
fn field() -> Registry {
    let mut registry = Registry::default();
    let since = Span::since(day("2020-01-01"));
    for region in 0..3 {
        let (first, board, institute, school) = (id(10 + region), id(30 + region), id(40 + region), id(50 + region));
        registry.regions.insert(id(region).into(), Region { id: id(region).into(), name: format!("Regio {region}") });
        for partnership in [first, id(20 + region)] {
            let known = Partnership { id: partnership.into(), name: "P".into(), lead_board: None, regions: vec![id(region).into()] };
            registry.partnerships.insert(partnership.into(), known);
        }
        let number = BoardNumber::parse(&format!("1000{region}")).unwrap();
        registry.boards.insert(board.into(), Board { id: board.into(), number, name: Some(format!("Bestuur {region}")) });
        let brin = Brin::parse(&format!("2{region}AB")).unwrap();
        registry.institutes.insert(institute.into(), Institute { id: institute.into(), brin, name: format!("Pabo {region}") });
        registry.board_memberships.push(BoardMembership {
            partnership: first.into(),
            board: board.into(),
            tier: Tier::ALL[0],
            buddy: None,
            span: since,
        });
        registry.institute_memberships.push(InstituteMembership { partnership: first.into(), institute: institute.into(), span: since });
        let latitude = 5_100_000 + 100_000 * i32::try_from(region).unwrap();
        registry.schools.insert(
            school.into(),
            School {
                id: school.into(),
                code: SchoolCode::parse(&format!("0{region}AA00")).unwrap(),
                name: "School".into(),
                sector: Sector::ALL[0],
                postcode: None,
                place: None,
                coordinate: Some(Coordinate { latitude, longitude: 500_000 }),
                closed_on: None,
                email: None,
            },
        );
        let membership =
            SchoolMembership { partnership: first.into(), school: school.into(), tier: Tier::ALL[0], buddy: None, span: since };
        registry.school_memberships.insert(SchoolId(school), vec![membership]);
    }
    registry
}

fn peer(number: usize, region: usize) -> Peer {
    Peer {
        id: id(1_000 + number).into(),
        name: format!("Peer {number:03}"),
        email: format!("peer{number}@example.org"),
        region: id(region).into(),
        partnership: None,
        board: None,
        institute: None,
        left: Vec::new(),
        trained_on: Some(day("2024-01-01")),
        ended_on: None,
        version: Version::FIRST,
    }
}

fn member(of: &Peer, role: ReviewRole) -> ReviewMember {
    ReviewMember {
        id: MemberId(of.id.0),
        review: id(900).into(),
        role,
        peer: Some(of.id),
        user: None,
        grant: None,
        name: of.name.clone(),
        email: of.email.clone(),
        invited_at: None,
        answer: Some(MemberAnswer::Agreed),
        answered_at: None,
        version: Version::FIRST,
    }
}

fn visit(of: &Peer, on: &str, region: usize) -> PeerVisit {
    PeerVisit { peer: of.id, review: None, label: "Bezoek".into(), visited_on: day(on), region: Some(id(region).into()) }
}

fn pinned(of: &Peer, verdict: PanelVerdict) -> PinnedVerdict {
    PinnedVerdict {
        review: id(900).into(),
        peer: of.id,
        verdict,
        reason: "Werkte er nooit inhoudelijk.".into(),
        at: DateTime::UNIX_EPOCH,
        by: None::<UserId>,
    }
}

/// Nothing is known of other reviews, of answers or of roles.
static NOWHERE: BTreeMap<ReviewId, Receiver> = BTreeMap::new();
static NOBODY: BTreeSet<MemberId> = BTreeSet::new();
static ALWAYS: BTreeMap<MemberId, NaiveDate> = BTreeMap::new();

fn case<'a>(registry: &'a Registry, peers: &'a [Peer], visits: &'a [PeerVisit], verdicts: &'a [PinnedVerdict]) -> PanelCase<'a> {
    PanelCase {
        review: id(900).into(),
        kind: ReviewKind::Developmental,
        receiver: Receiver::Region(id(0).into()),
        registry,
        day: day("2027-03-15"),
        peers,
        visits,
        verdicts,
        receivers: &NOWHERE,
        away: &NOBODY,
        until: &ALWAYS,
        rules: PanelRules::default(),
    }
}

fn issues(found: &[PanelFinding]) -> Vec<(Severity, PanelIssue)> {
    found.iter().map(|finding| (finding.severity, finding.issue)).collect()
}

#[test]
fn a_panel_with_people_of_another_region_and_all_roles_has_nothing_to_say() {
    let (registry, peers) = (field(), [peer(1, 1), peer(2, 2), peer(3, 2)]);
    let members = [member(&peers[0], ReviewRole::Chair), member(&peers[1], ReviewRole::Secretary), member(&peers[2], ReviewRole::Member)];
    assert_eq!(panel_findings(&case(&registry, &peers, &[], &[]), &members), Vec::new());
}

#[test]
fn without_anybody_of_another_region_a_panel_is_no_panel() {
    let (registry, peers) = (field(), [peer(1, 0), peer(2, 1)]);
    let own = member(&peers[0], ReviewRole::Member);
    let declined = ReviewMember { answer: Some(MemberAnswer::Declined), ..member(&peers[1], ReviewRole::Member) };
    let observer = member(&peers[1], ReviewRole::Observer);
    let case = case(&registry, &peers, &[], &[]);
    for members in [vec![], vec![own.clone()], vec![own.clone(), declined], vec![own, observer]] {
        let found = panel_findings(&case, &members);
        assert_eq!(found[0].issue, PanelIssue::NoOutsider);
        assert_eq!(found.iter().filter(|finding| finding.severity == Severity::Error).count(), 1);
    }
    let judging = PanelCase { kind: ReviewKind::Judging, ..case };
    assert!(panel_findings(&judging, &[]).iter().all(|finding| finding.severity != Severity::Error), "DUS-I chooses that panel");
}

#[test]
fn somebody_of_a_receiving_partnership_is_no_outsider_wherever_she_comes_from() {
    let (mut registry, mut peers) = (field(), [peer(1, 1), peer(2, 1)]);
    // The partnership works in two regions; the review is of one of them.
    registry.partnerships.get_mut(&id(20).into()).unwrap().regions = vec![id(0).into(), id(1).into()];
    peers[0].partnership = Some(id(20).into());
    peers[1].partnership = Some(id(11).into());
    let case = case(&registry, &peers, &[], &[]);
    assert_eq!(peers.each_ref().map(|peer| case.is_outsider(peer)), [false, true]);
    assert_eq!(case.doubts(&peers[0]).iter().map(|doubt| doubt.issue).collect::<Vec<_>>(), [PanelIssue::OwnPartnership]);
    assert_eq!(panel_findings(&case, &[member(&peers[0], ReviewRole::Chair)])[0].issue, PanelIssue::NoOutsider);
    let made = propose(&case, 1, &BTreeSet::new(), &BTreeMap::new(), &BTreeSet::new()).unwrap();
    assert_eq!(made.chosen[0].peer, peers[1].id);
    assert_eq!(made.others[0].why, WhyNot::OnlyOutsider);
}

#[test]
fn who_cannot_come_or_has_no_access_on_the_day_is_warned_about() {
    let (registry, peers) = (field(), [peer(1, 1), peer(2, 2), peer(3, 2)]);
    let members = [member(&peers[0], ReviewRole::Chair), member(&peers[1], ReviewRole::Secretary), member(&peers[2], ReviewRole::Member)];
    let away = BTreeSet::from([members[0].id]);
    let until = BTreeMap::from([(members[1].id, day("2027-03-15")), (members[2].id, day("2027-03-16"))]);
    let case = PanelCase { away: &away, until: &until, ..case(&registry, &peers, &[], &[]) };
    let found = panel_findings(&case, &members);
    let told: Vec<_> = found.iter().map(|finding| (finding.severity, finding.issue, finding.member)).collect();
    let warned = |issue, member: &ReviewMember| (Severity::Warning, issue, Some(member.id));
    assert_eq!(told, [warned(PanelIssue::Away, &members[0]), warned(PanelIssue::AccessEnds, &members[1])]);
    assert!(found[1].text.contains("14 maart 2027"), "{}", found[1].text);
}

#[test]
fn schools_of_a_partnership_in_several_regions_say_nothing_about_where_a_region_is() {
    let mut registry = field();
    registry.partnerships.get_mut(&id(11).into()).unwrap().regions = vec![id(0).into(), id(1).into()];
    let peers = [peer(1, 1), peer(2, 2)];
    let kilometres = case(&registry, &peers, &[], &[]).kilometres();
    assert_eq!(kilometres, BTreeMap::from([(id(0).into(), 0), (id(2).into(), 223)]));
}

#[test]
fn each_reason_to_doubt_is_a_warning_and_a_word_by_hand_settles_or_refuses() {
    let registry = field();
    let mut all = peer(1, 0);
    all.board = Some(id(30).into());
    all.left = vec![
        FormerEmployer { board: None, institute: Some(id(40).into()), until: day("2025-01-01") },
        FormerEmployer { board: Some(id(30).into()), institute: None, until: day("2024-03-15") },
    ];
    all.trained_on = None;
    let peers = [all.clone(), peer(2, 1)];
    let members = [
        ReviewMember { answer: None, ..member(&peers[0], ReviewRole::Chair) },
        member(&peers[1], ReviewRole::Secretary),
        ReviewMember { peer: None, ..member(&peer(3, 1), ReviewRole::Member) },
    ];
    let warned = |issue| (Severity::Warning, issue);
    let mine = [PanelIssue::OwnRegion, PanelIssue::Employed, PanelIssue::RecentColleague];
    let mut expected = vec![warned(PanelIssue::NotAgreed)];
    expected.extend(mine.map(warned));
    expected.extend([warned(PanelIssue::NotTrained), warned(PanelIssue::NotInPool)]);
    assert_eq!(issues(&panel_findings(&case(&registry, &peers, &[], &[]), &members)), expected, "three years ago is long enough");

    let settled = [pinned(&all, PanelVerdict::NoConflict)];
    let found = panel_findings(&case(&registry, &peers, &[], &settled), &members);
    let silent: Vec<_> = found.iter().filter(|finding| finding.severity == Severity::Settled).collect();
    assert_eq!(silent.iter().map(|finding| finding.issue).collect::<Vec<_>>(), mine);
    assert!(silent.iter().all(|finding| finding.text.contains("Werkte er nooit inhoudelijk.")));

    let refused = [pinned(&all, PanelVerdict::Conflict)];
    let found = panel_findings(&case(&registry, &peers, &[], &refused), &members);
    assert_eq!((found[0].severity, found[0].issue), (Severity::Error, PanelIssue::Conflict));
}

#[test]
fn a_visit_back_within_six_years_is_reciprocal_whichever_comes_first() {
    let (registry, peers) = (field(), [peer(1, 1), peer(2, 0)]);
    let doubts = |on: &str| {
        let visits = [visit(&peers[1], on, 1)];
        case(&registry, &peers, &visits, &[]).doubts(&peers[0]).iter().map(|doubt| doubt.issue).collect::<Vec<_>>()
    };
    assert_eq!(doubts("2021-03-16"), [PanelIssue::Reciprocal]);
    assert_eq!(doubts("2033-03-14"), [PanelIssue::Reciprocal]);
    assert_eq!(doubts("2021-03-15"), []);
    assert_eq!(doubts("2033-03-15"), []);
    let elsewhere = [visit(&peers[1], "2025-03-16", 2)];
    assert_eq!(case(&registry, &peers, &elsewhere, &[]).doubts(&peers[0]), []);
}

#[test]
fn two_people_in_one_review_pay_one_visit() {
    let registry = field();
    let mut peers = [peer(1, 1), peer(2, 1)];
    for peer in &mut peers {
        peer.partnership = Some(id(11).into());
    }
    let owed = |visits: &[PeerVisit]| case(&registry, &peers, visits, &[]).owed_by(id(11).into());
    assert_eq!(owed(&[]), 2);
    assert_eq!(owed(&[visit(&peers[0], "2026-05-01", 2), visit(&peers[1], "2026-05-01", 2)]), 1);
    assert_eq!(owed(&[visit(&peers[0], "2026-05-01", 2), visit(&peers[1], "2025-05-01", 2)]), 0);
    assert_eq!(owed(&[visit(&peers[0], "2021-03-15", 2)]), 2, "six years ago does not count any more");
    assert_eq!(owed(&[visit(&peers[0], "2026-05-01", 1)]), 2, "a visit to one's own region pays nothing");
}

#[test]
fn a_proposal_says_why_and_why_not() {
    let registry = field();
    let mut peers: Vec<_> = (0..7).map(|number| peer(number, 1)).collect();
    peers[0].partnership = Some(id(11).into());
    peers[1].trained_on = None;
    peers[2].region = id(2).into();
    peers[3].region = id(0).into();
    peers[4].ended_on = Some(day("2027-01-01"));
    let visits = [visit(&peers[5], "2026-05-01", 2)];
    let verdicts = [pinned(&peers[6], PanelVerdict::Conflict)];
    let case = case(&registry, &peers, &visits, &verdicts);
    let made = propose(&case, 1, &BTreeSet::new(), &BTreeMap::new(), &BTreeSet::new()).unwrap();
    let chosen = &made.chosen[0];
    assert_eq!((chosen.peer, chosen.facts.owed, chosen.facts.kilometres), (peers[0].id, 2, Some(112)));
    let why = |of: &Peer| made.others.iter().find(|other| other.peer == of.id).unwrap().why;
    assert_eq!(why(&peers[1]), WhyNot::Worse(Aspect::Debt));
    assert_eq!(why(&peers[3]), WhyNot::OnlyOutsider);
    assert_eq!(why(&peers[4]), WhyNot::Absent(Absence::Ended));
    assert_eq!(why(&peers[6]), WhyNot::Absent(Absence::Conflict));

    let with = BTreeSet::from([peers[0].id]);
    let made = propose(&case, 2, &with, &BTreeMap::from([(peers[2].id, Absence::Away)]), &BTreeSet::new()).unwrap();
    assert_eq!(
        made.chosen.iter().map(|choice| (choice.peer, choice.already)).collect::<Vec<_>>(),
        [(peers[0].id, true), (peers[5].id, false)]
    );
    let why = |of: &Peer| made.others.iter().find(|other| other.peer == of.id).unwrap().why;
    assert_eq!(why(&peers[1]), WhyNot::Worse(Aspect::Training));
    assert_eq!(why(&peers[2]), WhyNot::Absent(Absence::Away));
    assert_eq!(why(&peers[3]), WhyNot::Worse(Aspect::Independence), "an outsider is on it already");
}

#[test]
fn without_enough_people_there_is_no_proposal() {
    let (registry, peers) = (field(), [peer(1, 0), peer(2, 0)]);
    let case = case(&registry, &peers, &[], &[]);
    let ask = |size| propose(&case, size, &BTreeSet::new(), &BTreeMap::new(), &BTreeSet::new());
    assert_eq!(ask(3), Err(NoPanel::TooFew(2)));
    assert_eq!(ask(2), Err(NoPanel::NoOutsider));
}

fn receives(peer: &Peer) -> bool {
    peer.partnership == Some(id(20).into())
}

/// What a panel costs, counted anew from the people on it.
///
/// Partnership 20 is one of the two that receive: who visits for it is no outsider, and pays nothing by coming.
fn price(panel: &[&Peer], visits: &[PeerVisit], if_needed: &BTreeSet<PeerId>) -> [i64; 6] {
    let recent = |of: PeerId| visits.iter().filter(|v| v.peer == of).count();
    let home = |region: RegionId| region == RegionId(id(0));
    let mut price = [0_i64; 6];
    let mut paying = BTreeSet::new();
    for peer in panel {
        price[0] += i64::from(home(peer.region)) + i64::from(peer.board == Some(id(30).into())) + i64::from(receives(peer));
        price[2] += i64::from(peer.trained_on.is_none());
        price[3] += i64::try_from(recent(peer.id)).unwrap();
        price[4] += i64::from(if_needed.contains(&peer.id));
        price[5] += [0, 112, 223][(0..3).position(|region| peer.region == RegionId(id(region))).unwrap()];
        paying.extend(peer.partnership.filter(|_| !receives(peer)));
    }
    price[1] = -paying.len().try_into().map_or(0, |number: i64| 2 * number);
    price
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    /// Against trying all panels of a size out of a small pool.
    #[test]
    fn no_panel_is_better_than_the_proposed_one(
        raw in prop::collection::vec((0_usize..3, 0_usize..4, any::<[bool; 4]>(), 0_usize..3), 1..9),
        size in 1_usize..5,
        already in any::<bool>(),
    ) {
        let registry = field();
        let (mut peers, mut visits, mut if_needed) = (Vec::new(), Vec::new(), BTreeSet::new());
        for (number, (region, partnership, [trained, employed, hesitates, lonely], visited)) in raw.iter().enumerate() {
            let mut one = peer(number, *region);
            one.partnership = (*partnership < 3).then(|| id(20 + partnership).into());
            one.board = employed.then(|| id(30).into());
            one.trained_on = one.trained_on.filter(|_| *trained);
            if *hesitates {
                if_needed.insert(one.id);
            }
            // Who belongs to no partnership may have visited before: debts then stay what they are.
            for year in 0..if *lonely { *visited } else { 0 } {
                one.partnership = None;
                visits.push(PeerVisit { region: None, ..visit(&one, &format!("202{}-01-01", 4 + year), 1) });
            }
            peers.push(one);
        }
        let on_it: BTreeSet<_> = peers.first().filter(|_| already).map(|peer| peer.id).into_iter().collect();
        let case = case(&registry, &peers, &visits, &[]);
        let made = propose(&case, size, &on_it, &BTreeMap::new(), &if_needed);
        let panels = (0_u32..1 << peers.len()).filter(|set| set.count_ones() as usize == size);
        let panels = panels.map(|set| peers.iter().enumerate().filter(|(at, _)| set >> at & 1 == 1).map(|(_, peer)| peer).collect::<Vec<_>>());
        let panels: Vec<_> = panels.filter(|panel| on_it.iter().all(|id| panel.iter().any(|peer| peer.id == *id))).collect();
        let valid = panels.iter().filter(|panel| panel.iter().any(|peer| peer.region != RegionId(id(0)) && !receives(peer)));
        let best = valid.map(|panel| price(panel, &visits, &if_needed)).min();
        match (made, best) {
            (Ok(made), Some(best)) => {
                let chosen: Vec<_> = made.chosen.iter().map(|choice| case.peer(choice.peer).unwrap()).collect();
                prop_assert_eq!(chosen.len(), size);
                prop_assert_eq!(price(&chosen, &visits, &if_needed), best);
                prop_assert_eq!(made.chosen.len() + made.others.len(), peers.len());
                let mut turned = peers.clone();
                turned.reverse();
                let again = PanelCase { peers: &turned, ..case };
                let again = propose(&again, size, &on_it, &BTreeMap::new(), &if_needed).unwrap();
                prop_assert_eq!(again.chosen, made.chosen);
            }
            (Err(NoPanel::TooFew(_)), None) => prop_assert!(panels.is_empty()),
            (Err(NoPanel::NoOutsider), None) => prop_assert!(!panels.is_empty()),
            (made, best) => prop_assert!(false, "{made:?} {best:?}"),
        }
    }
}
