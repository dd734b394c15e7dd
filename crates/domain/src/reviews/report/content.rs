//! What a report says, in one form: the page, the document and the workbook are all made of it.
//!
//! A report is sections of paragraphs, and each paragraph has a key that stays with it over all versions, so that what the
//! receiving side says about it, and how versions differ, stand at the right paragraph. What is judged is only in the report
//! of a judging review; the form of a developmental one has no place for a score.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use crate::codes::code_enum;
use crate::frameworks::{Framework, FrameworkContent, Part, PartCode, Safeguard};
use crate::ids::{JointFindingId, QuestionId};
use crate::periods::dutch_date;
use crate::reviews::{DevelopmentQuestion, FindingKind, JointFinding, Judgement, Outcome, ProgrammeItem, Review, ReviewKind, ReviewRole};
use crate::rounds::slug;

/// Key of the introduction.
const INTRODUCTION: &str = "inleiding";
/// Key of the answers to development questions.
const QUESTIONS: &str = "ontwikkelvragen";
/// Key of findings about a part that the framework does not have any more.
const ELSEWHERE: &str = "overig";
/// Key of the recommendations.
const ADVICE: &str = "aanbevelingen";
/// Key of the closing text.
const CLOSING: &str = "slot";
/// Key of the panel.
const PANEL: &str = "panel";
/// Key of the programme.
const PROGRAMME: &str = "programma";
/// Key of the judgements.
const JUDGEMENTS: &str = "oordeel";
/// What the text about a safeguard as a whole is called, after the key of its section.
const PICTURE: &str = "beeld";
/// What a finding about no criterion is about.
const WHOLE: &str = "de waarborg als geheel";
/// What stands in a report where nobody answered a development question.
const NO_ANSWER: &str = "Het panel gaf op deze vraag geen antwoord.";

/// What a report says. Two reports that say the same have equal [`ReportContent::canonical`] texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ReportContent {
    /// Title: the name of the review.
    pub title: String,
    /// Who received the panel.
    pub receiver: String,
    /// Developmental or judging.
    pub kind: ReviewKind,
    /// The visit day.
    pub visited_on: Option<NaiveDate>,
    /// Name of the framework.
    pub framework: String,
    /// Hash of that framework, 64 hexadecimal digits.
    pub framework_hash: String,
    /// Who were on the panel, by role and name.
    pub panel: Vec<ReportPanelist>,
    /// What was on the programme of the visit day, by time.
    pub programme: Vec<ReportProgrammePart>,
    /// The text, in order.
    pub sections: Vec<ReportSection>,
    /// What was judged; never anything for a developmental review.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub judgements: Vec<ReportJudgement>,
    /// The day on which it was judged; never one for a developmental review.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judged_on: Option<NaiveDate>,
    /// What the receiving side said about earlier versions and what was done with it; only when the report is final.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub responses: Vec<ReportResponse>,
}

/// Somebody on the panel, as the report tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportPanelist {
    /// Name.
    pub name: String,
    /// Role.
    pub role: ReviewRole,
    /// Where she comes from; empty when that is not known.
    pub organisation: String,
}

/// A part of the programme, as the report tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReportProgrammePart {
    /// When it began.
    pub starts_at: NaiveTime,
    /// When it ended.
    pub ends_at: NaiveTime,
    /// What it was.
    pub title: String,
    /// The group that was spoken to.
    pub audience: String,
}

/// Paragraphs under one heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportSection {
    /// Key, unique over the report.
    pub key: String,
    /// Heading.
    pub title: String,
    /// Paragraphs, in order.
    pub paragraphs: Vec<ReportParagraph>,
}

/// A paragraph.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportParagraph {
    /// Key, unique over the report; the same over all versions of it.
    pub key: String,
    /// Where it comes from.
    pub about: ParagraphAbout,
    /// What it is about, in words: the development question, or the criterion of a finding.
    pub heading: String,
    /// What it says. Markdown; empty while nobody wrote it.
    pub text: String,
    /// How members of the panel see it in another way, without their names. Markdown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dissents: Vec<String>,
    /// The part of the framework that a finding is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<Part>,
}

/// Where a paragraph comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "from")]
pub enum ParagraphAbout {
    /// Written for the report.
    Written,
    /// Written for the report, in answer to a development question.
    Answer {
        /// The question.
        question: QuestionId,
    },
    /// A joint finding, as it was when this version was made.
    Finding {
        /// The finding.
        finding: JointFindingId,
        /// What it is.
        kind: FindingKind,
    },
}

impl ParagraphAbout {
    /// Whether its text is written in the report itself, and not taken over from a finding.
    pub fn is_written(self) -> bool {
        match self {
            Self::Written | Self::Answer { .. } => true,
            Self::Finding { .. } => false,
        }
    }
}

/// What was judged about one safeguard, or about the whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportJudgement {
    /// The safeguard; nothing for the whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub safeguard: Option<PartCode>,
    /// Name of the safeguard; `als geheel` for the whole.
    pub about: String,
    /// The judgement.
    pub judgement: Judgement,
}

/// What the receiving side said, and what was done with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportResponse {
    /// Key of the paragraph.
    pub paragraph: String,
    /// What that paragraph is, in words.
    pub about: String,
    /// What was said.
    pub text: String,
    /// What the panel did with it.
    pub reply: String,
}

code_enum! {
    /// A part of a report that is published or not, besides the text itself.
    PublishedPart {
        /// Names, roles and organisations of the panel.
        Panel = "panel" / "namen van het panel",
        /// The programme of the visit day.
        Programme = "programme" / "programma van de bezoekdag",
        /// What the receiving side said and what was done with it.
        Responses = "responses" / "reacties en wat het panel ermee deed",
    }
}

/// What a new version of a report is made of.
#[derive(Debug, Clone)]
pub struct ReportBasis<'b> {
    /// The review.
    pub review: &'b Review,
    /// Name of the receiving side.
    pub receiver: String,
    /// The framework the review is pinned to.
    pub framework: &'b Framework,
    /// Who were on the panel.
    pub panel: Vec<ReportPanelist>,
    /// The programme.
    pub programme: &'b [ProgrammeItem],
    /// Development questions, in order.
    pub questions: &'b [DevelopmentQuestion],
    /// Joint findings.
    pub findings: &'b [JointFinding],
}

/// A piece of a report, in the order in which every output tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReportBlock<'c> {
    /// What the report is about: words and values.
    Facts(Vec<(&'static str, String)>),
    /// The panel.
    Panel(&'c [ReportPanelist]),
    /// The programme of the visit day.
    Programme(&'c [ReportProgrammePart]),
    /// What was found per safeguard, counted.
    Picture(Vec<ReportPictureRow>),
    /// A heading of a section.
    Section(&'c ReportSection),
    /// A heading above findings of one kind.
    Kind(&'static str),
    /// A paragraph that says something.
    Paragraph(&'c ReportParagraph),
    /// What was judged.
    Judgements(&'c [ReportJudgement]),
    /// What the receiving side said.
    Responses(&'c [ReportResponse]),
}

/// What was found about one safeguard, counted from the paragraphs of a report: findings and themes, never a mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportPictureRow {
    /// Name of the safeguard.
    pub about: String,
    /// How many findings of each kind; only what occurs.
    pub kinds: BTreeMap<FindingKind, usize>,
    /// How many of them a member of the panel sees in another way.
    pub contested: usize,
    /// What they are about, each once, in the order of the report.
    pub themes: Vec<String>,
}

impl ReportPictureRow {
    fn of(section: &ReportSection) -> Self {
        let mut row = Self { about: section.title.clone(), kinds: BTreeMap::new(), contested: 0, themes: Vec::new() };
        for paragraph in &section.paragraphs {
            let ParagraphAbout::Finding { kind, .. } = paragraph.about else { continue };
            *row.kinds.entry(kind).or_default() += 1;
            row.contested += usize::from(!paragraph.dissents.is_empty());
            let theme = if paragraph.heading.is_empty() { WHOLE } else { &paragraph.heading };
            if !row.themes.iter().any(|known| known == theme) {
                row.themes.push(theme.to_owned());
            }
        }
        row
    }

    /// How many findings of each kind, in words.
    pub fn found(&self) -> String {
        let of = |(kind, count): (&FindingKind, &usize)| format!("{count} {}", if *count == 1 { kind.dutch() } else { many(*kind) });
        let kinds: Vec<_> = self.kinds.iter().map(of).collect();
        let found = if kinds.is_empty() { "geen bevindingen".to_owned() } else { kinds.join(", ") };
        match self.contested {
            0 => found,
            count => format!("{found}; {count} daarvan ziet een panellid anders"),
        }
    }

    /// What the findings are about, in words; empty when there are none.
    pub fn about_what(&self) -> String {
        self.themes.join("; ")
    }
}

/// The Dutch words for several findings of a kind.
fn many(kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::Strength => "sterke punten",
        FindingKind::Development => "ontwikkelpunten",
        FindingKind::Question => "vragen",
        FindingKind::GoodPractice => "goede praktijken",
    }
}

/// Heading above findings of a kind.
fn heading_of(kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::Strength => "Sterke punten",
        FindingKind::Development => "Ontwikkelpunten",
        FindingKind::Question => "Vragen",
        FindingKind::GoodPractice => "Goede praktijken",
    }
}

/// The paragraphs that there were, to give what comes back the same key.
#[derive(Default)]
struct Keys {
    findings: BTreeMap<JointFindingId, String>,
    questions: BTreeMap<QuestionId, String>,
    /// The highest number given in each section.
    highest: BTreeMap<String, u32>,
}

impl Keys {
    fn of(earlier: &[ReportContent]) -> Self {
        let mut keys = Self::default();
        for paragraph in earlier.iter().flat_map(ReportContent::paragraphs) {
            match paragraph.about {
                ParagraphAbout::Written => {}
                ParagraphAbout::Answer { question } => keys.note(|keys| keys.questions.insert(question, paragraph.key.clone()), paragraph),
                ParagraphAbout::Finding { finding, .. } => {
                    keys.note(|keys| keys.findings.insert(finding, paragraph.key.clone()), paragraph);
                }
            }
        }
        keys
    }

    fn note(&mut self, insert: impl FnOnce(&mut Self) -> Option<String>, paragraph: &ReportParagraph) {
        insert(self);
        if let Some((section, number)) = paragraph.key.rsplit_once('/') {
            let highest = self.highest.entry(section.to_owned()).or_default();
            *highest = (*highest).max(number.parse().unwrap_or_default());
        }
    }

    fn next(&mut self, section: &str) -> String {
        let highest = self.highest.entry(section.to_owned()).or_default();
        *highest += 1;
        format!("{section}/{highest}")
    }
}

/// A report that is being made.
struct Maker<'b> {
    basis: &'b ReportBasis<'b>,
    keys: Keys,
    /// What was written before, by key.
    written: BTreeMap<String, String>,
}

impl Maker<'_> {
    fn written(&self, key: String, heading: &str, about: ParagraphAbout) -> ReportParagraph {
        let text = self.written.get(&key).cloned().unwrap_or_default();
        ReportParagraph { key, about, heading: heading.to_owned(), text, dissents: Vec::new(), part: None }
    }

    fn section(&self, key: &str, title: &str) -> ReportSection {
        let paragraph = self.written(key.to_owned(), "", ParagraphAbout::Written);
        ReportSection { key: key.to_owned(), title: title.to_owned(), paragraphs: vec![paragraph] }
    }

    fn finding(&mut self, section: &str, finding: &JointFinding) -> ReportParagraph {
        let key = self.keys.findings.get(&finding.id).cloned().unwrap_or_else(|| self.keys.next(section));
        let content = &self.basis.framework.content;
        let heading = if finding.part.criterion.is_some() { content.title(&finding.part).to_owned() } else { String::new() };
        let mut dissents: Vec<_> = finding.dissents.iter().map(|dissent| (dissent.at, dissent.text.clone())).collect();
        dissents.sort();
        ReportParagraph {
            key,
            about: ParagraphAbout::Finding { finding: finding.id, kind: finding.kind },
            heading,
            text: finding.text.clone(),
            dissents: dissents.into_iter().map(|(_, text)| text).collect(),
            part: Some(finding.part.clone()),
        }
    }

    /// Findings by kind, and within a kind in the order of the framework; those about the same part as they were made.
    fn findings(&mut self, section: &str, is_about: impl Fn(&Part) -> bool) -> Vec<ReportParagraph> {
        let place: BTreeMap<Part, usize> = self.basis.framework.content.parts().enumerate().map(|(at, part)| (part, at)).collect();
        let mut found: Vec<_> = self.basis.findings.iter().filter(|finding| is_about(&finding.part)).collect();
        found.sort_by_key(|finding| (finding.kind, place.get(&finding.part).copied()));
        found.into_iter().map(|finding| self.finding(section, finding)).collect()
    }

    fn safeguard(&mut self, code: &PartCode, key: &str, title: &str) -> ReportSection {
        let mut paragraphs = vec![self.written(format!("{key}/{PICTURE}"), "", ParagraphAbout::Written)];
        let framework = &self.basis.framework.content;
        paragraphs.extend(self.findings(key, |part| part.safeguard == *code && framework.holds(part)));
        ReportSection { key: key.to_owned(), title: title.to_owned(), paragraphs }
    }

    fn answers(&mut self) -> ReportSection {
        let answer = |maker: &mut Self, question: &DevelopmentQuestion| {
            let key = maker.keys.questions.get(&question.id).cloned().unwrap_or_else(|| maker.keys.next(QUESTIONS));
            maker.written(key, &question.text, ParagraphAbout::Answer { question: question.id })
        };
        let paragraphs = self.basis.questions.iter().map(|question| answer(self, question)).collect();
        ReportSection { key: QUESTIONS.to_owned(), title: "Antwoorden op de ontwikkelvragen".to_owned(), paragraphs }
    }

    fn sections(&mut self) -> Vec<ReportSection> {
        let framework = &self.basis.framework.content;
        let mut found = vec![self.section(INTRODUCTION, "Inleiding")];
        let mut used: BTreeSet<String> =
            [INTRODUCTION, QUESTIONS, ELSEWHERE, ADVICE, CLOSING, PANEL, PROGRAMME, JUDGEMENTS].map(str::to_owned).into();
        for safeguard in &framework.safeguards {
            let name = slug(&safeguard.name);
            // Two safeguards of one name, or one named as something else in the report, are told apart by their code.
            let key = if name.is_empty() || used.contains(&name) { slug(&format!("waarborg {}", safeguard.code)) } else { name };
            used.insert(key.clone());
            found.push(self.safeguard(&safeguard.code, &key, &safeguard.name));
        }
        let others = self.findings(ELSEWHERE, |part| !framework.holds(part));
        if !others.is_empty() {
            found.push(ReportSection { key: ELSEWHERE.to_owned(), title: "Overige bevindingen".to_owned(), paragraphs: others });
        }
        if !self.basis.questions.is_empty() {
            found.push(self.answers());
        }
        found.push(self.section(ADVICE, "Aanbevelingen"));
        found.push(self.section(CLOSING, "Slot"));
        found
    }
}

fn judgements(outcome: &Outcome, framework: &FrameworkContent) -> Vec<ReportJudgement> {
    let of = |safeguard: &Safeguard| {
        let judgement = *outcome.safeguards.get(&safeguard.code)?;
        Some(ReportJudgement { safeguard: Some(safeguard.code.clone()), about: safeguard.name.clone(), judgement })
    };
    let whole = ReportJudgement { safeguard: None, about: "als geheel".to_owned(), judgement: outcome.overall };
    framework.safeguards.iter().filter_map(of).chain([whole]).collect()
}

/// A key that no paragraph to write has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no paragraph {0} to write")]
pub struct UnknownParagraph(pub String);

impl ReportContent {
    /// A version as things stand now. Earlier versions, oldest first, give what is written and the keys of paragraphs.
    pub fn build(basis: &ReportBasis<'_>, earlier: &[Self]) -> Self {
        let written = earlier.iter().flat_map(Self::paragraphs).filter(|paragraph| paragraph.about.is_written());
        let written = written.map(|paragraph| (paragraph.key.clone(), paragraph.text.clone())).collect();
        let mut maker = Maker { basis, keys: Keys::of(earlier), written };
        let part = |item: &ProgrammeItem| ReportProgrammePart {
            starts_at: item.starts_at,
            ends_at: item.ends_at,
            title: item.title.clone(),
            audience: item.audience.clone(),
        };
        let outcome = basis.review.outcome.as_ref().filter(|_| basis.review.kind == ReviewKind::Judging);
        Self {
            title: basis.review.name.clone(),
            receiver: basis.receiver.clone(),
            kind: basis.review.kind,
            visited_on: basis.review.held_on,
            framework: basis.framework.content.name.clone(),
            framework_hash: basis.framework.hash.clone(),
            panel: basis.panel.clone(),
            programme: basis.programme.iter().map(part).collect(),
            sections: maker.sections(),
            judgements: outcome.map(|outcome| judgements(outcome, &basis.framework.content)).unwrap_or_default(),
            judged_on: outcome.and_then(|outcome| outcome.decided_on),
            responses: Vec::new(),
        }
    }

    /// The outcome that this report tells.
    pub fn outcome(&self) -> Option<Outcome> {
        let overall = self.judgements.iter().find(|one| one.safeguard.is_none())?.judgement;
        let safeguards = self.judgements.iter().filter_map(|one| Some((one.safeguard.clone()?, one.judgement))).collect();
        Some(Outcome { safeguards, overall, decided_on: self.judged_on })
    }

    /// The one text that stands for this content, as it is stored and hashed.
    pub fn canonical(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads a stored text.
    pub fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// All paragraphs, in order; also those that nobody wrote yet.
    pub fn paragraphs(&self) -> impl Iterator<Item = &ReportParagraph> {
        self.sections.iter().flat_map(|section| &section.paragraphs)
    }

    /// The same report with other texts in paragraphs that are written for it; the others stay.
    ///
    /// # Errors
    /// [`UnknownParagraph`] for a key that no such paragraph has.
    pub fn with_texts(mut self, texts: &BTreeMap<String, String>) -> Result<Self, UnknownParagraph> {
        for (key, text) in texts {
            let mut all = self.sections.iter_mut().flat_map(|section| &mut section.paragraphs);
            let paragraph = all.find(|paragraph| paragraph.key == *key && paragraph.about.is_written());
            paragraph.ok_or_else(|| UnknownParagraph(key.clone()))?.text.clone_from(text);
        }
        Ok(self)
    }

    /// Everything the report says, in order. Each output tells exactly this.
    pub fn blocks(&self) -> Vec<ReportBlock<'_>> {
        let mut blocks = vec![ReportBlock::Facts(self.facts())];
        let mut picture = Some(self.picture()).filter(|rows| !rows.is_empty());
        for section in &self.sections {
            if section.is_of_findings() {
                blocks.extend(picture.take().map(ReportBlock::Picture));
            }
            if section.key == ADVICE && !self.judgements.is_empty() {
                blocks.push(ReportBlock::Judgements(&self.judgements));
            }
            let told: Vec<_> = section.paragraphs.iter().filter(|paragraph| paragraph.is_shown()).collect();
            if !told.is_empty() {
                blocks.push(ReportBlock::Section(section));
            }
            let mut above = None;
            for paragraph in told {
                let kind = match paragraph.about {
                    ParagraphAbout::Finding { kind, .. } => Some(kind),
                    ParagraphAbout::Written | ParagraphAbout::Answer { .. } => None,
                };
                if let Some(kind) = kind.filter(|kind| above != Some(*kind)) {
                    blocks.push(ReportBlock::Kind(heading_of(kind)));
                }
                above = kind;
                blocks.push(ReportBlock::Paragraph(paragraph));
            }
            if section.key == INTRODUCTION {
                blocks.extend((!self.panel.is_empty()).then_some(ReportBlock::Panel(&self.panel)));
                blocks.extend((!self.programme.is_empty()).then_some(ReportBlock::Programme(&self.programme)));
            }
        }
        blocks.extend((!self.responses.is_empty()).then_some(ReportBlock::Responses(&self.responses)));
        blocks
    }

    /// What was found per safeguard, also where that is nothing; nothing at all for a report without findings.
    pub fn picture(&self) -> Vec<ReportPictureRow> {
        let rows: Vec<_> = self.sections.iter().filter(|section| section.is_of_findings()).map(ReportPictureRow::of).collect();
        if rows.iter().all(|row| row.kinds.is_empty()) { Vec::new() } else { rows }
    }

    /// The development questions that the report does not answer, with the keys of their paragraphs.
    pub fn unanswered(&self) -> Vec<(&str, &str)> {
        let open = self.paragraphs().filter(|paragraph| paragraph.is_unanswered());
        open.map(|paragraph| (paragraph.key.as_str(), paragraph.heading.as_str())).collect()
    }

    /// The report without what the receiving side said: what a version that is final is written on from.
    #[must_use]
    pub fn without_responses(&self) -> Self {
        Self { responses: Vec::new(), ..self.clone() }
    }

    /// What the report is about: words and values.
    pub(super) fn facts(&self) -> Vec<(&'static str, String)> {
        let mut facts = vec![("Ontvangende partij", self.receiver.clone()), ("Soort", self.kind.dutch().to_owned())];
        facts.extend(self.visited_on.map(|day| ("Bezoekdag", dutch_date(day))));
        facts.extend(self.judged_on.map(|day| ("Besluit van het panel", dutch_date(day))));
        facts.push(("Kader", self.framework.clone()));
        facts
    }

    /// What each key is in words, with its text, in order: what can be commented on and what versions differ in.
    pub fn texts(&self) -> Vec<ReportText> {
        let mut found = Vec::new();
        for block in self.blocks() {
            match block {
                ReportBlock::Panel(panel) => {
                    let lines: Vec<_> = panel.iter().map(ReportPanelist::line).collect();
                    found.push(ReportText::new(PANEL, "Panel", &lines));
                }
                ReportBlock::Programme(parts) => {
                    let lines: Vec<_> = parts.iter().map(ReportProgrammePart::line).collect();
                    found.push(ReportText::new(PROGRAMME, "Programma", &lines));
                }
                ReportBlock::Judgements(all) => {
                    let lines: Vec<_> = all.iter().map(|one| format!("{}: {}", one.about, one.judgement.dutch())).collect();
                    found.push(ReportText::new(JUDGEMENTS, "Oordeel", &lines));
                }
                ReportBlock::Paragraph(paragraph) => found.push(self.text_of(paragraph)),
                // Counts follow from the findings, and cannot be spoken about or differ on their own.
                ReportBlock::Facts(_)
                | ReportBlock::Picture(_)
                | ReportBlock::Section(_)
                | ReportBlock::Kind(_)
                | ReportBlock::Responses(_) => {}
            }
        }
        found
    }

    fn text_of(&self, paragraph: &ReportParagraph) -> ReportText {
        let dissents = paragraph.dissents.iter().map(|text| format!("{DISSENT} {text}"));
        let lines: Vec<_> = [paragraph.told().to_owned()].into_iter().chain(dissents).collect();
        ReportText::new(&paragraph.key, &self.name_of(paragraph), &lines)
    }

    /// What a paragraph is, in words: its section, and what it is within that.
    pub fn name_of(&self, paragraph: &ReportParagraph) -> String {
        let holds = |section: &&ReportSection| section.paragraphs.iter().any(|one| one.key == paragraph.key);
        let section = self.sections.iter().find(holds).map_or("", |section| section.title.as_str());
        match paragraph.about {
            ParagraphAbout::Written => section.to_owned(),
            ParagraphAbout::Answer { .. } => paragraph.heading.clone(),
            ParagraphAbout::Finding { kind, .. } => format!("{section}, {} {}", kind.dutch(), paragraph.number()),
        }
    }

    /// The report as it is published: with the parts that were chosen, and nothing of the others.
    #[must_use]
    pub fn published(&self, parts: &[PublishedPart]) -> Self {
        let mut shown = self.clone();
        for part in PublishedPart::ALL.iter().filter(|part| !parts.contains(part)) {
            match part {
                PublishedPart::Panel => shown.panel.clear(),
                PublishedPart::Programme => shown.programme.clear(),
                PublishedPart::Responses => shown.responses.clear(),
            }
        }
        shown
    }
}

/// Words before another view of a finding.
pub const DISSENT: &str = "Een panellid ziet dit anders:";
/// Words before what the panel did with what the receiving side said.
pub const REPLY: &str = "Wat het panel ermee deed:";

impl ReportParagraph {
    /// Its number within its section, as its key has it; empty for what is one of its kind.
    fn number(&self) -> &str {
        self.key.rsplit_once('/').map_or("", |(_, number)| number)
    }

    /// What it is, above what it says: `Sterk punt 2: een criterium`, or the development question; empty for a text.
    pub fn label(&self) -> String {
        let about = if self.heading.is_empty() { String::new() } else { format!(": {}", self.heading) };
        match self.about {
            ParagraphAbout::Written => String::new(),
            ParagraphAbout::Answer { .. } => self.heading.clone(),
            ParagraphAbout::Finding { kind, .. } => {
                let mut words = kind.dutch().chars();
                let first = words.next().map(|sign| sign.to_uppercase().to_string()).unwrap_or_default();
                format!("{first}{} {}{about}", words.as_str(), self.number())
            }
        }
    }

    /// Whether it says something.
    pub fn is_told(&self) -> bool {
        !self.text.trim().is_empty() || !self.dissents.is_empty()
    }

    /// Whether it should answer a development question and does not.
    pub fn is_unanswered(&self) -> bool {
        match self.about {
            ParagraphAbout::Answer { .. } => !self.is_told(),
            ParagraphAbout::Written | ParagraphAbout::Finding { .. } => false,
        }
    }

    /// Whether it stands in the report: it says something, or it tells that a question has no answer.
    fn is_shown(&self) -> bool {
        self.is_told() || self.is_unanswered()
    }

    /// What stands in the report: what it says, or that a question has no answer. Markdown.
    pub fn told(&self) -> &str {
        if self.is_unanswered() { NO_ANSWER } else { &self.text }
    }
}

impl ReportSection {
    /// Whether it is of findings: about a safeguard, or of a part that the framework does not have any more.
    fn is_of_findings(&self) -> bool {
        let is_picture = |paragraph: &ReportParagraph| paragraph.key.rsplit_once('/').is_some_and(|(_, name)| name == PICTURE);
        self.paragraphs.iter().any(|paragraph| is_picture(paragraph) || !paragraph.about.is_written())
    }
}

impl ReportPanelist {
    /// Name, role and organisation in one line.
    pub fn line(&self) -> String {
        let organisation = if self.organisation.is_empty() { String::new() } else { format!(", {}", self.organisation) };
        format!("{} ({}){organisation}", self.name, self.role.dutch())
    }
}

impl ReportProgrammePart {
    /// From when to when.
    pub fn time(&self) -> String {
        format!("{} – {}", self.starts_at.format("%-H.%M"), self.ends_at.format("%-H.%M"))
    }

    /// Time, what it was and with whom, in one line.
    pub fn line(&self) -> String {
        let audience = if self.audience.is_empty() { String::new() } else { format!(", met {}", self.audience) };
        format!("{}: {}{audience}", self.time(), self.title)
    }
}

/// What a report says at one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportText {
    /// The key.
    pub key: String,
    /// What it is, in words.
    pub name: String,
    /// What it says, with other views of it, line by line.
    pub text: String,
}

impl ReportText {
    pub(super) fn new(key: &str, name: &str, lines: &[String]) -> Self {
        Self { key: key.to_owned(), name: name.to_owned(), text: lines.join("\n") }
    }
}
