use std::collections::BTreeMap;

use chrono::{DateTime, NaiveTime};
use uuid::Uuid;

use super::*;
use crate::frameworks::{Criterion, Framework, FrameworkContent, FrameworkState, Origin, Part, PartCode, Safeguard};
use crate::ids::{FrameworkId, MemberId, PartnershipId, ProgrammeItemId, QuestionId};
use crate::reviews::{
    DevelopmentQuestion, DiffLine, Dissent, FindingKind, JointFinding, Judgement, Outcome, ProgrammeItem, Receiver, Review, ReviewKind,
    ReviewRole, ReviewState,
};

fn code(text: &str) -> PartCode {
    PartCode(text.to_owned())
}

fn framework() -> Framework {
    let criterion =
        |name: &str| Criterion { code: code(name), text: format!("Criterium {name}"), origin: Origin::Own, questions: Vec::new() };
    let safeguard = |name: &str, title: &str, criteria: Vec<Criterion>| Safeguard {
        code: code(name),
        name: title.to_owned(),
        description: String::new(),
        origin: Origin::Own,
        questions: Vec::new(),
        criteria,
    };
    Framework {
        id: FrameworkId(Uuid::nil()),
        slug: "kader".to_owned(),
        content: FrameworkContent {
            name: "Kader".to_owned(),
            source: "proef".to_owned(),
            questions: Vec::new(),
            safeguards: vec![
                safeguard("1", "Lerende leraar", vec![criterion("1.1"), criterion("1.2")]),
                safeguard("2", "Panel", Vec::new()),
            ],
        },
        state: FrameworkState::Draft,
        hash: "a".repeat(64),
        made_at: DateTime::UNIX_EPOCH,
        made_by: None,
        version: Version(1),
    }
}

fn review(kind: ReviewKind) -> Review {
    Review {
        id: ReviewId(Uuid::nil()),
        slug: "proef".to_owned(),
        name: "Peer review Proef".to_owned(),
        kind,
        receiver: Receiver::Partnership(PartnershipId(Uuid::nil())),
        framework: FrameworkId(Uuid::nil()),
        state: ReviewState::Concluding,
        years: Vec::new(),
        visit_on: None,
        held_on: "2026-06-15".parse().ok(),
        due_on: None,
        reflected_at: None,
        opened_at: None,
        outcome: Some(Outcome {
            safeguards: BTreeMap::from([(code("1"), Judgement::Sufficient), (code("2"), Judgement::Insufficient)]),
            overall: Judgement::Insufficient,
            decided_on: None,
        }),
        respond_by: None,
        report_year: None,
        published_at: None,
        previous: None,
        made_at: DateTime::UNIX_EPOCH,
        made_by: None,
        version: Version(1),
    }
}

fn finding(number: u128, kind: FindingKind, safeguard: &str, criterion: Option<&str>) -> JointFinding {
    JointFinding {
        id: JointFindingId(Uuid::from_u128(number)),
        review: ReviewId(Uuid::nil()),
        kind,
        part: Part { safeguard: code(safeguard), criterion: criterion.map(code) },
        text: format!("Bevinding {number}."),
        sources: Vec::new(),
        dissents: Vec::new(),
        by: None,
        version: Version(1),
    }
}

fn question(number: u128) -> DevelopmentQuestion {
    DevelopmentQuestion {
        id: QuestionId(Uuid::from_u128(number)),
        review: ReviewId(Uuid::nil()),
        ordinal: 1,
        text: format!("Vraag {number}?"),
        part: None,
        version: Version(1),
    }
}

fn item() -> ProgrammeItem {
    let at = |hour| NaiveTime::from_hms_opt(hour, 30, 0).unwrap();
    ProgrammeItem {
        id: ProgrammeItemId(Uuid::nil()),
        review: ReviewId(Uuid::nil()),
        starts_at: at(9),
        ends_at: at(10),
        title: "Gesprek".to_owned(),
        room: "Aula".to_owned(),
        audience: "schoolopleiders".to_owned(),
        members: Vec::new(),
        version: Version(1),
    }
}

fn panelist() -> ReportPanelist {
    ReportPanelist { name: "Vera".to_owned(), role: ReviewRole::Chair, organisation: "Regio Elders".to_owned() }
}

fn made(kind: ReviewKind, findings: &[JointFinding], questions: &[DevelopmentQuestion], earlier: &[ReportContent]) -> ReportContent {
    let (review, framework, programme) = (review(kind), framework(), [item()]);
    let basis = ReportBasis {
        review: &review,
        receiver: "Partnerschap Proef".to_owned(),
        framework: &framework,
        panel: vec![panelist()],
        programme: &programme,
        questions,
        findings,
    };
    ReportContent::build(&basis, earlier)
}

fn of(content: &ReportContent) -> Vec<(&str, &str)> {
    content.paragraphs().filter(|p| !p.about.is_written()).map(|p| (p.key.as_str(), p.text.as_str())).collect()
}

use FindingKind::{Development, Strength};

#[test]
fn a_paragraph_keeps_its_key_whatever_comes_and_goes_around_it() {
    let (one, two, three) =
        (finding(1, Development, "1", None), finding(2, Strength, "1", Some("1.2")), finding(3, Strength, "1", Some("1.1")));
    let first = made(ReviewKind::Developmental, &[one.clone(), two.clone()], &[question(1)], &[]);
    assert_eq!(of(&first), [("lerende-leraar/1", "Bevinding 2."), ("lerende-leraar/2", "Bevinding 1.")]);
    let second = made(ReviewKind::Developmental, std::slice::from_ref(&one), &[question(2), question(1)], std::slice::from_ref(&first));
    assert_eq!(of(&second), [("lerende-leraar/2", "Bevinding 1.")]);
    let answers: Vec<_> =
        second.paragraphs().filter(|p| p.key.starts_with("ontwikkelvragen/")).map(|p| (p.key.as_str(), p.heading.as_str())).collect();
    assert_eq!(answers, [("ontwikkelvragen/2", "Vraag 2?"), ("ontwikkelvragen/1", "Vraag 1?")]);
    // What comes new never takes the key of what went.
    let third = made(ReviewKind::Developmental, &[one, two, three], &[], &[first, second]);
    assert_eq!(
        of(&third),
        [("lerende-leraar/3", "Bevinding 3."), ("lerende-leraar/1", "Bevinding 2."), ("lerende-leraar/2", "Bevinding 1.")]
    );
}

#[test]
fn keys_are_unique_also_when_a_safeguard_has_the_name_of_something_else() {
    let content = made(ReviewKind::Developmental, &[finding(1, Strength, "2", None), finding(2, Strength, "9", None)], &[question(1)], &[]);
    let mut keys: Vec<_> = content.paragraphs().map(|paragraph| paragraph.key.clone()).collect();
    assert!(keys.contains(&"waarborg-2/1".to_owned()) && keys.contains(&"overig/1".to_owned()), "{keys:?}");
    keys.sort();
    let count = keys.len();
    keys.dedup();
    assert_eq!(keys.len(), count);
}

#[test]
fn what_was_written_stays_and_findings_are_not_rewritten() {
    let text = |key: &str, text: &str| BTreeMap::from([(key.to_owned(), text.to_owned())]);
    let first = made(ReviewKind::Developmental, &[finding(1, Strength, "1", None)], &[], &[]);
    let first = first.with_texts(&text("lerende-leraar/beeld", "Een **mooi** beeld.")).unwrap();
    assert_eq!(first.clone().with_texts(&text("lerende-leraar/1", "Anders.")), Err(UnknownParagraph("lerende-leraar/1".to_owned())));
    let second = made(ReviewKind::Developmental, &[], &[], std::slice::from_ref(&first));
    assert!(second.paragraphs().any(|p| p.key == "lerende-leraar/beeld" && p.text == "Een **mooi** beeld."));
    assert_eq!(ReportContent::read(&first.canonical()), Some(first));
}

#[test]
fn blocks_stand_in_one_order_and_leave_out_what_nobody_wrote() {
    let mut dissented = finding(2, Strength, "1", None);
    dissented.dissents = vec![Dissent {
        member: MemberId(Uuid::nil()),
        text: "Ik niet.".to_owned(),
        about: String::new(),
        at: DateTime::UNIX_EPOCH,
        version: Version(1),
    }];
    let content = made(ReviewKind::Developmental, &[finding(1, Development, "1", None), dissented], &[question(1)], &[]);
    let words: Vec<_> = content
        .blocks()
        .iter()
        .map(|block| match block {
            ReportBlock::Facts(_) => "facts".to_owned(),
            ReportBlock::Panel(_) => "panel".to_owned(),
            ReportBlock::Programme(_) => "programme".to_owned(),
            ReportBlock::Picture(_) => "picture".to_owned(),
            ReportBlock::Section(section) => section.title.clone(),
            ReportBlock::Kind(kind) => (*kind).to_owned(),
            ReportBlock::Paragraph(paragraph) => paragraph.key.clone(),
            ReportBlock::Judgements(_) => "judgements".to_owned(),
            ReportBlock::Responses(_) => "responses".to_owned(),
        })
        .collect();
    assert_eq!(
        words,
        [
            "facts",
            "panel",
            "programme",
            "picture",
            "Lerende leraar",
            "Sterke punten",
            "lerende-leraar/1",
            "Ontwikkelpunten",
            "lerende-leraar/2",
            "Antwoorden op de ontwikkelvragen",
            "ontwikkelvragen/1"
        ]
    );
    let texts = content.texts();
    assert_eq!(texts[0].text, "Vera (voorzitter), Regio Elders");
    assert_eq!(texts[1].text, "9.30 – 10.30: Gesprek, met schoolopleiders");
    assert_eq!(
        (texts[2].name.as_str(), texts[2].text.as_str()),
        ("Lerende leraar, sterk punt 1", "Bevinding 2.\nEen panellid ziet dit anders: Ik niet.")
    );
}

#[test]
fn a_developmental_report_holds_nothing_of_a_score_also_when_there_is_an_outcome() {
    let developmental = made(ReviewKind::Developmental, &[], &[], &[]);
    let text = developmental.canonical();
    assert!(!text.contains("judgement") && !text.contains("sufficient"), "{text}");
    let judging = made(ReviewKind::Judging, &[], &[], &[]);
    let judged: Vec<_> = judging.judgements.iter().map(|one| (one.about.as_str(), one.judgement)).collect();
    let expected = [("Lerende leraar", Judgement::Sufficient), ("Panel", Judgement::Insufficient), ("als geheel", Judgement::Insufficient)];
    assert_eq!(judged, expected);
    assert_eq!(judging.texts().last().map(|text| text.key.as_str()), Some("oordeel"));
}

#[test]
fn versions_differ_per_paragraph() {
    let first = made(ReviewKind::Developmental, &[finding(1, Strength, "1", None), finding(2, Strength, "1", None)], &[], &[]);
    let mut changed = finding(1, Strength, "1", None);
    changed.text = "Anders.".to_owned();
    let second = made(ReviewKind::Developmental, &[changed, finding(3, Strength, "1", None)], &[], std::slice::from_ref(&first));
    let found = report_differences(&first, &second);
    let short: Vec<_> = found.iter().map(|difference| (difference.key.as_str(), difference.change)).collect();
    assert_eq!(
        short,
        [
            ("lerende-leraar/1", ParagraphChange::Changed),
            ("lerende-leraar/3", ParagraphChange::New),
            ("lerende-leraar/2", ParagraphChange::Gone)
        ]
    );
    assert_eq!(found[0].lines, [DiffLine::Gone("Bevinding 1.".to_owned()), DiffLine::New("Anders.".to_owned())]);
    assert_eq!(report_differences(&second, &second), []);
}

#[test]
fn versions_differ_in_what_was_said_about_them_and_in_the_words_above_a_paragraph() {
    let first = made(ReviewKind::Developmental, &[finding(1, Strength, "1", None)], &[], &[]);
    let mut last = first.clone();
    let (paragraph, about) = ("lerende-leraar/1".to_owned(), "Lerende leraar, sterk punt 1".to_owned());
    last.responses = vec![ReportResponse { paragraph, about, text: "Klopt.".to_owned(), reply: "Dank.".to_owned() }];
    let found = report_differences(&first, &last);
    assert_eq!((found.len(), found[0].key.as_str(), found[0].change), (1, "reacties/1", ParagraphChange::New));
    assert_eq!(found[0].name, "Reactie op Lerende leraar, sterk punt 1");
    assert_eq!(found[0].lines, [DiffLine::New("Klopt.".to_owned()), DiffLine::New("Wat het panel ermee deed: Dank.".to_owned())]);
    assert_eq!(report_differences(&last, &last.without_responses())[0].change, ParagraphChange::Gone);

    let moved = made(ReviewKind::Developmental, &[finding(1, Strength, "1", Some("1.1"))], &[], std::slice::from_ref(&first));
    let found = report_differences(&first, &moved);
    let line = |text: &str| text.to_owned();
    let shown =
        [DiffLine::Gone(line("Sterk punt 1")), DiffLine::New(line("Sterk punt 1: Criterium 1.1")), DiffLine::Same(line("Bevinding 1."))];
    assert_eq!((found.len(), found[0].lines.as_slice()), (1, shown.as_slice()));
    let renamed = ReportContent { receiver: "Anders".to_owned(), ..first.clone() };
    assert_eq!(report_differences(&first, &renamed)[0].name, "Gegevens");
}

#[test]
fn a_question_that_was_not_answered_is_told() {
    let content = made(ReviewKind::Developmental, &[finding(1, Strength, "1", None)], &[question(1), question(2)], &[]);
    assert_eq!(content.unanswered(), [("ontwikkelvragen/1", "Vraag 1?"), ("ontwikkelvragen/2", "Vraag 2?")]);
    let answered = content.clone().with_texts(&BTreeMap::from([("ontwikkelvragen/2".to_owned(), "Ja.".to_owned())])).unwrap();
    assert_eq!(answered.unanswered(), [("ontwikkelvragen/1", "Vraag 1?")]);
    let text = |content: &ReportContent, key: &str| content.texts().into_iter().find(|text| text.key == key).unwrap().text;
    assert_eq!(text(&answered, "ontwikkelvragen/1"), "Het panel gaf op deze vraag geen antwoord.");
    assert_eq!(text(&answered, "ontwikkelvragen/2"), "Ja.");
    assert!(made(ReviewKind::Developmental, &[], &[], &[]).unanswered().is_empty());
}

#[test]
fn the_picture_counts_findings_and_themes_per_safeguard() {
    let mut contested = finding(3, Development, "1", Some("1.1"));
    contested.dissents = vec![Dissent {
        member: MemberId(Uuid::nil()),
        text: "Ik niet.".to_owned(),
        about: String::new(),
        at: DateTime::UNIX_EPOCH,
        version: Version(1),
    }];
    let findings = [finding(1, Strength, "1", None), finding(2, Strength, "1", Some("1.1")), contested, finding(4, Strength, "9", None)];
    let content = made(ReviewKind::Developmental, &findings, &[], &[]);
    let rows: Vec<_> = content.picture().iter().map(|row| (row.about.clone(), row.found(), row.about_what())).collect();
    let rows: Vec<_> = rows.iter().map(|(about, found, what)| (about.as_str(), found.as_str(), what.as_str())).collect();
    assert_eq!(
        rows,
        [
            (
                "Lerende leraar",
                "2 sterke punten, 1 ontwikkelpunt; 1 daarvan ziet een panellid anders",
                "de waarborg als geheel; Criterium 1.1"
            ),
            ("Panel", "geen bevindingen", ""),
            ("Overige bevindingen", "1 sterk punt", "de waarborg als geheel"),
        ]
    );
    assert!(made(ReviewKind::Developmental, &[], &[], &[]).picture().is_empty());
    assert!(content.blocks().iter().any(|block| matches!(block, ReportBlock::Picture(_))));
}

#[test]
fn only_what_was_chosen_is_published() {
    let content = made(ReviewKind::Developmental, &[finding(1, Strength, "1", None)], &[], &[]);
    let bare = content.published(&[]);
    assert!(!bare.canonical().contains("Vera") && !bare.canonical().contains("schoolopleiders"));
    assert_eq!(of(&bare), of(&content));
    assert_eq!(content.published(PublishedPart::ALL), content);
}
