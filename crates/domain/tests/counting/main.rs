//! Coverage, standing, fit and invariants: what counts as what, on which date.

#![expect(unreachable_pub, clippy::unwrap_used, clippy::default_trait_access, reason = "tests say what they test by their names")]

mod sketch;

use kernschil_domain::codes::{ConditionKind, EnrolmentStatus, Guidance, Need, Tier, TrainerKind};
use kernschil_domain::coverage::{Coverage, CoverageScope, CoverageStatus, Moment, coverage, percentage};
use kernschil_domain::fit::{Load, Misfit, misfits};
use kernschil_domain::invariants::violations;
use kernschil_domain::periods::Span;
use kernschil_domain::policy::GuidedBy;
use kernschil_domain::registry::Funding;
use kernschil_domain::rounds::Absence;
use kernschil_domain::standing::{Standing, Standings};
use sketch::{Sketch, day, start};

fn whole(sketch: &Sketch) -> Coverage {
    coverage(&sketch.data, &CoverageScope::everybody(Moment::WholeRound))
}

fn on(sketch: &Sketch, date: &str) -> Coverage {
    coverage(&sketch.data, &CoverageScope::everybody(Moment::On(day(date))))
}

#[test]
fn a_school_is_what_it_is_in_the_partnerships_of_the_students_own_institute() {
    let mut s = Sketch::new();
    let (oplis, samen) = (s.partnership("OPLIS"), s.partnership("SAMEN"));
    let ipabo = s.institute("21QA", Funding::Counts, &[oplis]);
    let windesheim = s.institute("01VU", Funding::Counts, &[samen]);
    let (school, _) = s.school("05XH00", Some((oplis, Tier::Kern)), 1);
    s.member(school, samen, Tier::Schil, Span::since(day("2020-08-01")));
    let mut standings = Standings::new(&s.data);
    assert_eq!(standings.standing(ipabo.0, school, start()), Standing::Kern);
    assert_eq!(standings.standing(windesheim.0, school, start()), Standing::Schil);
}

#[test]
fn a_school_counts_from_the_first_day_of_its_membership_and_not_after_its_end() {
    let mut s = Sketch::new();
    let p = s.partnership("P");
    let pabo = s.institute("21QA", Funding::Counts, &[p]);
    let (school, _) = s.school("05XH00", None, 1);
    s.member(school, p, Tier::Kern, Span { from: day("2026-09-01"), until: Some(day("2027-02-01")) });
    let mut standings = Standings::new(&s.data);
    let on = |standings: &mut Standings<'_>, date| standings.standing(pabo.0, school, day(date));
    assert_eq!(on(&mut standings, "2026-08-31"), Standing::Outside);
    assert_eq!(on(&mut standings, "2026-09-01"), Standing::Kern);
    assert_eq!(on(&mut standings, "2027-01-31"), Standing::Kern);
    assert_eq!(on(&mut standings, "2027-02-01"), Standing::Outside);
}

#[test]
fn a_schil_school_covers_only_when_it_meets_every_condition() {
    let mut s = Sketch::new();
    let p = s.partnership("P");
    let pabo = s.institute("21QA", Funding::Counts, &[p]);
    s.condition(p, ConditionKind::MinimumPlaces, Some(2));
    let (small, offer) = s.school("05XH00", Some((p, Tier::Schil)), 1);
    let (large, _) = s.school("05XH01", Some((p, Tier::Schil)), 2);
    let mut standings = Standings::new(&s.data);
    assert_eq!(standings.standing(pabo.0, small, start()), Standing::SchilUnmet);
    assert_eq!(standings.standing(pabo.0, large, start()), Standing::Schil);
    let student = s.student(pabo);
    s.place(student, offer, Guidance::None);
    assert_eq!(whole(&s).count(CoverageStatus::SchilUnmet), 1);
    assert_eq!((whole(&s).numerator(), whole(&s).denominator()), (0, 1));
}

#[test]
fn every_student_is_counted_once_in_exactly_one_status() {
    let mut s = Sketch::new();
    let p = s.partnership("P");
    let pabo = s.institute("21QA", Funding::Counts, &[p]);
    let (_, kern) = s.school("05XH00", Some((p, Tier::Kern)), 5);
    let (_, outside) = s.school("05XH01", None, 5);
    let demands: Vec<_> = (0..6).map(|_| s.student(pabo)).collect();
    s.place(demands[0], kern, Guidance::None);
    s.place(demands[1], outside, Guidance::Extra);
    s.place(demands[2], outside, Guidance::None);
    s.data.demands.get_mut(&demands[3]).unwrap().need = Need::NotRequired;
    let stopped = s.data.demands[&demands[4]].student;
    s.data.enrolments.get_mut(&stopped).unwrap()[0].status = EnrolmentStatus::Stopped;
    let counted = whole(&s);
    for (status, expected) in [
        (CoverageStatus::Kern, 1),
        (CoverageStatus::OutsideGuided, 1),
        (CoverageStatus::OutsideUnguided, 1),
        (CoverageStatus::Unplaced, 1),
        (CoverageStatus::NotRequired, 1),
        (CoverageStatus::NotCountable, 1),
    ] {
        assert_eq!(counted.count(status), expected, "{status:?}");
    }
    assert_eq!((counted.numerator(), counted.denominator(), counted.students.len()), (1, 4, 6));
}

#[test]
fn a_student_with_two_placements_counts_once_by_the_least_favourable() {
    let mut s = Sketch::new();
    let p = s.partnership("P");
    let pabo = s.institute("21QA", Funding::Counts, &[p]);
    let (_, kern) = s.school("05XH00", Some((p, Tier::Kern)), 5);
    let spring = s.add_period("voorjaar", "2027-02-01", "2027-06-30");
    let first = s.student(pabo);
    let student = s.data.demands[&first].student;
    s.demand(student, pabo.1, spring);
    s.place(first, kern, Guidance::None);
    assert_eq!(whole(&s).count(CoverageStatus::Unplaced), 1);
    assert_eq!(whole(&s).students.len(), 1);
    // In autumn only the first placement runs.
    assert_eq!(on(&s, "2026-10-01").numerator(), 1);
    assert_eq!(on(&s, "2027-03-01").numerator(), 0);
    assert_eq!(on(&s, "2027-07-15").denominator(), 0);
}

#[test]
fn students_of_an_institute_outside_every_partnership_are_not_countable_but_get_the_best_place() {
    let mut s = Sketch::new();
    let p = s.partnership("P");
    let hku = s.institute("00MF", Funding::DoesNotCount, &[]);
    let (school, kern) = s.school("05XH00", Some((p, Tier::Kern)), 1);
    assert_eq!(Standings::new(&s.data).standing(hku.0, school, start()), Standing::Kern);
    let student = s.student(hku);
    s.place(student, kern, Guidance::None);
    assert_eq!(whole(&s).count(CoverageStatus::NotCountable), 1);
    assert_eq!((whole(&s).denominator(), whole(&s).covered_for_funding), (0, 0));
}

#[test]
fn a_programme_that_does_not_count_for_funding_still_counts_for_coverage() {
    let mut s = Sketch::new();
    let p = s.partnership("P");
    let academy = s.institute("00MF", Funding::DoesNotCount, &[p]);
    let (_, kern) = s.school("05XH00", Some((p, Tier::Kern)), 1);
    let student = s.student(academy);
    s.place(student, kern, Guidance::None);
    assert_eq!((whole(&s).numerator(), whole(&s).covered_for_funding), (1, 0));
}

#[test]
fn a_share_is_never_rounded_up() {
    let mut s = Sketch::new();
    let p = s.partnership("P");
    let pabo = s.institute("21QA", Funding::Counts, &[p]);
    let (_, kern) = s.school("05XH00", Some((p, Tier::Kern)), 3000);
    for _ in 0..2999 {
        let student = s.student(pabo);
        s.place(student, kern, Guidance::None);
    }
    s.student(pabo);
    assert_eq!(whole(&s).permille(), Some(999));
    assert_eq!(percentage(whole(&s).permille()), "99,9%");
    assert_eq!(percentage(Some(1000)), "100,0%");
    assert_eq!(percentage(None), "–");
}

#[test]
fn a_place_tells_everything_that_keeps_a_student_from_it() {
    let mut s = Sketch::new();
    let p = s.partnership("P");
    let pabo = s.institute("21QA", Funding::Counts, &[p]);
    let (school, offer) = s.school("05XH00", Some((p, Tier::Kern)), 1);
    let (taken, wants) = (s.student(pabo), s.student(pabo));
    s.place(taken, offer, Guidance::None);
    s.data.offers.get_mut(&offer).unwrap().phases = vec!["jaar 2".to_owned()];
    s.data.registry.schools.get_mut(&school).unwrap().closed_on = Some(start());
    let student = s.data.demands[&wants].student;
    s.data.students.get_mut(&student).unwrap().earlier_schools = vec![school];
    let found = misfits(&s.data, &Load::of(&s.data, |_| true), &s.data.demands[&wants], &s.data.offers[&offer]);
    assert_eq!(found, [Misfit::Phase, Misfit::EarlierSchool, Misfit::Closed, Misfit::OfferFull]);
}

#[test]
fn a_sound_round_has_no_violations_and_each_breach_is_named() {
    let mut s = Sketch::new();
    let p = s.partnership("P");
    let pabo = s.institute("21QA", Funding::Counts, &[p]);
    let (school, offer) = s.school("05XH00", Some((p, Tier::Kern)), 1);
    let first = s.student(pabo);
    s.place(first, offer, Guidance::None);
    assert_eq!(violations(&s.data), []);

    let second = s.student(pabo);
    s.place(second, offer, Guidance::None);
    let codes = |s: &Sketch| violations(&s.data).iter().map(|v| v.code).collect::<Vec<_>>();
    assert_eq!(codes(&s), ["offer-exceeded"]);
    s.data.offers.get_mut(&offer).unwrap().count = 2;
    s.data.offers.get_mut(&offer).unwrap().used = 1;
    assert_eq!(codes(&s), ["offer-used-differs"]);
    s.data.offers.get_mut(&offer).unwrap().used = 2;
    s.member(school, p, Tier::Schil, Span::since(day("2026-01-01")));
    assert_eq!(codes(&s), ["school-membership-overlap"]);
    s.data.registry.school_memberships.get_mut(&school).unwrap().remove(0);
    assert_eq!(codes(&s), ["standing-differs", "standing-differs"]);
}

#[test]
fn who_guides_at_a_school_is_as_the_round_chose_and_somebody_else_only_where_nobody_is_left() {
    let mut s = Sketch::new();
    let (both, _) = s.school("05XH00", None, 5);
    let (only_school, _) = s.school("05XH01", None, 5);
    let (only_institute, _) = s.school("05XH02", None, 5);
    let (nobody, _) = s.school("05XH03", None, 5);
    let always = Span::since(day("2020-08-01"));
    let school = s.trainer("S1", TrainerKind::School, &[both, only_school], always);
    let institute = s.trainer("I1", TrainerKind::Institute, &[both, only_institute], always);
    let later = s.trainer("S0", TrainerKind::School, &[both], Span::since(day("2026-09-02")));
    let here = |s: &Sketch, at| s.data.guides_of(at, s.period()).iter().map(|trainer| trainer.id).collect::<Vec<_>>();
    let chosen = |s: &mut Sketch, by| {
        s.data.round.rules.policy.guided_by = by;
        [both, only_school, only_institute, nobody].map(|at| here(s, at))
    };
    assert_eq!(chosen(&mut s, GuidedBy::School), [vec![school], vec![school], vec![institute], vec![]]);
    assert_eq!(chosen(&mut s, GuidedBy::Institute), [vec![institute], vec![school], vec![institute], vec![]]);
    assert_eq!(chosen(&mut s, GuidedBy::Either), [vec![institute, school], vec![school], vec![institute], vec![]]);

    // Who falls out is followed by the other kind, and where nobody is left nobody has room.
    s.data.round.rules.policy.guided_by = GuidedBy::School;
    s.data.absences.push(Absence { trainer: school, from: start() });
    assert_eq!(here(&s, both), [institute]);
    assert_eq!(here(&s, only_school), [school]);
    assert_eq!(s.data.capacity_of(&s.data.registry.trainers[&school], s.period()), Some(0));

    // In a later period who begins then is there on its first day.
    let spring = s.add_period("voorjaar", "2027-02-01", "2027-06-30");
    assert_eq!(s.data.guides_of(both, spring).iter().map(|trainer| trainer.id).collect::<Vec<_>>(), [later]);
}
