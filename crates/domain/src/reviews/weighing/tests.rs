use chrono::DateTime;
use proptest::prelude::*;
use uuid::Uuid;

use super::Stance::{Both, Development, Question, Silent, Strong};
use super::*;
use crate::frameworks::{Criterion, Origin, Safeguard};
use crate::ids::{JointFindingId, ReviewId, Version};

fn code(text: &str) -> PartCode {
    PartCode(text.to_owned())
}

fn framework() -> FrameworkContent {
    let criterion = |name: &str| Criterion { code: code(name), text: name.to_owned(), origin: Origin::Own, questions: Vec::new() };
    let safeguard = |name: &str, criteria: Vec<Criterion>| Safeguard {
        code: code(name),
        name: format!("Waarborg {name}"),
        description: String::new(),
        origin: Origin::Own,
        questions: Vec::new(),
        criteria,
    };
    FrameworkContent {
        name: "Kader".to_owned(),
        source: "proef".to_owned(),
        questions: Vec::new(),
        safeguards: vec![safeguard("1", vec![criterion("1.1"), criterion("1.2")]), safeguard("2", Vec::new()), safeguard("3", Vec::new())],
    }
}

fn member(number: u128) -> MemberId {
    MemberId(Uuid::from_u128(number))
}

fn finding(id: u128, who: u128, kind: FindingKind, part: &str) -> Finding {
    Finding {
        id: FindingId(Uuid::from_u128(id)),
        review: ReviewId(Uuid::from_u128(1)),
        member: member(who),
        kind,
        part: framework().part(part).unwrap(),
        text: format!("bevinding {id}"),
        evidence: Vec::new(),
        changed_at: DateTime::UNIX_EPOCH,
        version: Version::FIRST,
    }
}

fn joint(kind: FindingKind, part: &str, sources: &[u128]) -> JointFinding {
    JointFinding {
        id: JointFindingId(Uuid::from_u128(9)),
        review: ReviewId(Uuid::from_u128(1)),
        kind,
        part: framework().part(part).unwrap(),
        text: "samen".to_owned(),
        sources: sources.iter().map(|id| FindingId(Uuid::from_u128(*id))).collect(),
        dissents: Vec::new(),
        by: None,
        version: Version::FIRST,
    }
}

#[test]
fn findings_show_how_somebody_looks_at_a_part() {
    use FindingKind::{GoodPractice, Strength};
    let development = FindingKind::Development;
    let cases: [(&[FindingKind], Stance); 8] = [
        (&[], Silent),
        (&[FindingKind::Question], Question),
        (&[Strength], Strong),
        (&[GoodPractice, FindingKind::Question], Strong),
        (&[development], Development),
        (&[development, FindingKind::Question], Development),
        (&[development, Strength], Both),
        (&[GoodPractice, development, development], Both),
    ];
    for (kinds, stance) in cases {
        assert_eq!(Stance::of(kinds.iter().copied()), stance, "{kinds:?}");
    }
}

#[test]
fn the_spread_counts_pairs_of_members() {
    let spread = |stances: &[Stance]| {
        let Spread { opposed, one_sided } = Spread::between(stances);
        (opposed, one_sided)
    };
    assert_eq!(spread(&[]), (0, 0));
    assert_eq!(spread(&[Strong, Strong]), (0, 0));
    assert_eq!(spread(&[Strong, Development]), (1, 0));
    assert_eq!(spread(&[Strong, Strong, Development, Silent]), (2, 3));
    assert_eq!(spread(&[Both, Development, Question]), (0, 0));
    assert_eq!(spread(&[Question, Silent, Silent]), (0, 2));
}

#[test]
fn the_spread_is_told_in_words() {
    let told = |opposed, one_sided| Spread { opposed, one_sided }.dutch();
    assert_eq!(told(0, 0), "Niemand spreekt een ander hier tegen.");
    assert_eq!(told(1, 0), "1 keer spreken twee leden elkaar tegen.");
    assert_eq!(told(0, 2), "Niemand spreekt elkaar tegen; 2 keer zegt de een iets en de ander niets.");
    assert_eq!(told(2, 1), "2 keer spreken twee leden elkaar tegen; 1 keer zegt de een iets en de ander niets.");
}

#[test]
fn the_largest_spread_comes_first_and_ties_follow_the_framework() {
    use FindingKind::{Development, Strength};
    let panel = [member(1), member(2), member(3), member(4)];
    let findings = [
        finding(1, 1, Strength, "2"),
        finding(2, 2, Strength, "2"),
        finding(3, 3, Strength, "2"),
        finding(4, 1, Strength, "1.2"),
        finding(5, 2, Development, "1.2"),
        finding(6, 3, Strength, "1"),
        finding(7, 1, Development, "1.1"),
    ];
    let handed_in = BTreeSet::from([member(1), member(2), member(3)]);
    let voices = voices(&panel, &handed_in, &findings);
    assert_eq!(voices, [member(1), member(2), member(3)], "who neither handed in nor found anything does not count");
    let weighed = weigh(&framework(), &voices, &findings);
    let order: Vec<_> = weighed.iter().map(|part| part.part.code().0.as_str()).collect();
    assert_eq!(order, ["1.2", "1", "1.1", "2"], "one contradiction first, then who speaks alone, then who agree");
    assert!(weighed.iter().all(|part| part.members.len() == 3), "also who found nothing has her place");
    assert_eq!(weighed[0].members[1].1[0].id, FindingId(Uuid::from_u128(5)));
}

#[test]
fn what_no_joint_finding_was_made_from_is_not_weighed_yet() {
    let findings = [finding(1, 1, FindingKind::Strength, "1"), finding(2, 2, FindingKind::Question, "2")];
    let left = unweighed(&findings, &[joint(FindingKind::Strength, "1", &[1])]);
    assert_eq!(left, BTreeSet::from([FindingId(Uuid::from_u128(2))]));
}

#[test]
fn the_picture_counts_members_and_joint_findings_per_safeguard() {
    let findings = [
        finding(1, 1, FindingKind::Strength, "1.1"),
        finding(2, 1, FindingKind::Development, "1.2"),
        finding(3, 2, FindingKind::Development, "1"),
    ];
    let joint = [joint(FindingKind::Development, "1.2", &[2, 3]), joint(FindingKind::GoodPractice, "2", &[])];
    let drawn = picture(&framework(), &[member(1), member(2)], &findings, &joint);
    assert_eq!(drawn.len(), 3);
    assert_eq!(drawn[0].stances, BTreeMap::from([(Both, 1), (Development, 1)]));
    assert_eq!(drawn[0].joint, BTreeMap::from([(FindingKind::Development, 1)]));
    assert_eq!((drawn[1].stances.get(&Silent), drawn[1].joint.get(&FindingKind::GoodPractice)), (Some(&2), Some(&1)));
    assert_eq!(drawn[2].joint, BTreeMap::new());
}

fn stances() -> impl Strategy<Value = Vec<Stance>> {
    prop::collection::vec(prop::sample::select(Stance::ALL), 0..9)
}

proptest! {
    #[test]
    fn the_spread_does_not_depend_on_who_is_named_first(found in stances(), turn in 0usize..9) {
        let mut turned = found.clone();
        turned.rotate_left(turn % found.len().max(1));
        prop_assert_eq!(Spread::between(&found), Spread::between(&turned));
        turned.reverse();
        prop_assert_eq!(Spread::between(&found), Spread::between(&turned));
    }

    #[test]
    fn the_spread_is_what_comparing_every_pair_gives(found in stances()) {
        let mut counted = Spread::default();
        for (at, one) in found.iter().enumerate() {
            for other in &found[at + 1..] {
                counted.opposed += usize::from(matches!((one, other), (Strong, Development) | (Development, Strong)));
                counted.one_sided += usize::from((*one == Silent) != (*other == Silent));
            }
        }
        prop_assert_eq!(Spread::between(&found), counted);
    }

    #[test]
    fn every_finding_stands_once_and_the_order_is_never_upward(kinds in prop::collection::vec((1u128..5, 0usize..4, 0usize..5), 0..20)) {
        let parts = ["1", "1.1", "1.2", "2", "3"];
        let findings: Vec<_> = kinds.iter().zip(1..)
            .map(|((who, kind, part), id)| finding(id, *who, FindingKind::ALL[*kind], parts[*part]))
            .collect();
        let panel: Vec<_> = (1..5).map(member).collect();
        let weighed = weigh(&framework(), &voices(&panel, &BTreeSet::new(), &findings), &findings);
        let mut shown: Vec<_> = weighed.iter().flat_map(|part| part.members.iter().flat_map(|(_, own)| own.iter().map(|f| f.id))).collect();
        shown.sort();
        prop_assert_eq!(shown, findings.iter().map(|finding| finding.id).collect::<Vec<_>>());
        prop_assert!(weighed.windows(2).all(|pair| pair[0].spread >= pair[1].spread));
    }
}
