//! How far somebody may go before a round is loaded, or exists.

use super::*;
use crate::codes::{RoundState, Tier};
use crate::ids::{RoundId, Version};
use crate::registry::{BoardMembership, InstituteMembership, SchoolMembership};
use crate::rounds::RoundRules;
use crate::values::SchoolYear;

const OURS: u128 = 1;
const THEIRS: u128 = 2;
const OUR_SCHOOL: u128 = 11;
const THEIR_SCHOOL: u128 = 12;
const SHARED_SCHOOL: u128 = 13;
const LONE_SCHOOL: u128 = 14;
const OUR_BOARD: u128 = 21;
const THEIR_BOARD: u128 = 22;
const OUR_INSTITUTE: u128 = 31;
const THEIR_INSTITUTE: u128 = 32;

fn id<T: From<Uuid>>(number: u128) -> T {
    Uuid::from_u128(number).into()
}

/// Two partnerships with a school, board and institute each; one school is in both, and one in none.
fn registry() -> Registry {
    let span = Span::since("2022-08-01".parse().unwrap());
    let mut registry = Registry::default();
    for (partnership, school, board, institute) in
        [(OURS, OUR_SCHOOL, OUR_BOARD, OUR_INSTITUTE), (THEIRS, THEIR_SCHOOL, THEIR_BOARD, THEIR_INSTITUTE)]
    {
        let partnership = id(partnership);
        for school in [school, SHARED_SCHOOL] {
            let membership = SchoolMembership { partnership, school: id(school), tier: Tier::Kern, buddy: None, span };
            registry.school_memberships.entry(membership.school).or_default().push(membership);
        }
        registry.board_memberships.push(BoardMembership { partnership, board: id(board), tier: Tier::Kern, buddy: None, span });
        registry.institute_memberships.push(InstituteMembership { partnership, institute: id(institute), span });
    }
    registry
}

fn round(partnerships: &[u128]) -> Round {
    Round {
        id: RoundId(id(99)),
        slug: "proef".to_owned(),
        name: "Proef".to_owned(),
        school_year: SchoolYear::starting(2026),
        state: RoundState::Collecting,
        rules: RoundRules::default(),
        partnerships: partnerships.iter().map(|number| id(*number)).collect(),
        version: Version::FIRST,
    }
}

fn of(scope: Scope) -> Reach {
    Reach::of([scope], &registry(), "2026-09-01".parse().unwrap())
}

fn ours() -> Reach {
    of(Scope::Partnership(id(OURS)))
}

#[test]
fn what_a_student_needs_goes_with_the_partnership_or_the_institute() {
    let (shared, own) = (round(&[OURS, THEIRS]), round(&[OURS]));
    let pabo = of(Scope::Institute(id(OUR_INSTITUTE)));
    for (reach, round, institute, partnership, expected) in [
        (ours(), &shared, THEIR_INSTITUTE, Some(OURS), true),
        (ours(), &shared, OUR_INSTITUTE, Some(THEIRS), false),
        (ours(), &shared, OUR_INSTITUTE, None, false),
        (ours(), &own, OUR_INSTITUTE, None, true),
        (ours(), &own, OUR_INSTITUTE, Some(THEIRS), false),
        (pabo.clone(), &shared, OUR_INSTITUTE, Some(THEIRS), true),
        (pabo, &shared, THEIR_INSTITUTE, Some(OURS), false),
        (of(Scope::School(id(OUR_SCHOOL))), &own, OUR_INSTITUTE, Some(OURS), false),
        (Reach::Everything, &shared, THEIR_INSTITUTE, None, true),
        (Reach::nothing(), &own, OUR_INSTITUTE, None, false),
    ] {
        let held = reach.holds_need(round, id(institute), partnership.map(id));
        assert_eq!(held, expected, "{reach:?} {institute} {partnership:?}");
    }
}

#[test]
fn a_school_is_held_in_a_round_that_is_not_loaded_as_in_one_that_is() {
    let (registry, shared) = (registry(), round(&[OURS, THEIRS]));
    for (reach, round, held) in [
        (ours(), &shared, [true, false, true, false]),
        (ours(), &round(&[OURS]), [true, true, true, true]),
        (ours(), &round(&[THEIRS]), [false, false, false, false]),
        (of(Scope::School(id(OUR_SCHOOL))), &shared, [true, false, false, false]),
        (of(Scope::Institute(id(OUR_INSTITUTE))), &shared, [true, true, true, true]),
        (Reach::Everything, &shared, [true, true, true, true]),
    ] {
        let schools = [OUR_SCHOOL, THEIR_SCHOOL, SHARED_SCHOOL, LONE_SCHOOL];
        assert_eq!(schools.map(|school| reach.holds_school_of(&registry, round, id(school))), held, "{reach:?}");
    }
}

#[test]
fn a_trainer_goes_with_all_her_schools_and_without_schools_with_the_employer() {
    let registry = registry();
    let board = |number| Employer::Board(id(number));
    for (reach, schools, employer, held) in [
        (ours(), vec![OUR_SCHOOL, SHARED_SCHOOL], board(THEIR_BOARD), true),
        (ours(), vec![OUR_SCHOOL, THEIR_SCHOOL], board(OUR_BOARD), false),
        (ours(), vec![LONE_SCHOOL], board(OUR_BOARD), false),
        (ours(), vec![], board(OUR_BOARD), true),
        (ours(), vec![], board(THEIR_BOARD), false),
        (ours(), vec![], Employer::Institute(id(OUR_INSTITUTE)), true),
        (ours(), vec![], Employer::Institute(id(THEIR_INSTITUTE)), false),
        (Reach::Everything, vec![LONE_SCHOOL], board(THEIR_BOARD), true),
    ] {
        let covered: BTreeSet<SchoolId> = schools.iter().map(|number| id(*number)).collect();
        assert_eq!(reach.holds_trainer(&registry, &covered, employer), held, "{schools:?} {employer:?}");
    }
}
