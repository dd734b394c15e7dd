//! What a report says, in one form: the page, the document and the workbook are all made of it.
//!
//! A report is sections of paragraphs, and each paragraph has a key that stays with it over all versions, so that what the
//! receiving side says about it, and how versions differ, stand at the right paragraph. What is judged is only in the report
//! of a judging review; the form of a developmental one has no place for a score.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use super::picture::ReportPictureRow;
use crate::codes::code_enum;
use crate::frameworks::{Part, PartCode};
use crate::ids::{JointFindingId, QuestionId};
use crate::periods::dutch_date;
use crate::reviews::{FindingKind, Judgement, Outcome, ReviewKind, ReviewRole};

/// Key of the introduction.
pub(super) const INTRODUCTION: &str = "inleiding";
/// Key of the answers to development questions.
pub(super) const QUESTIONS: &str = "ontwikkelvragen";
/// Key of findings about a part that the framework does not have any more.
pub(super) const ELSEWHERE: &str = "overig";
/// Key of the recommendations.
pub(super) const ADVICE: &str = "aanbevelingen";
/// Key of the closing text.
pub(super) const CLOSING: &str = "slot";
/// Key of the panel.
pub(super) const PANEL: &str = "panel";
/// Key of the programme.
pub(super) const PROGRAMME: &str = "programma";
/// Key of the judgements.
pub(super) const JUDGEMENTS: &str = "oordeel";
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

/// Heading above findings of a kind.
fn heading_of(kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::Strength => "Sterke punten",
        FindingKind::Development => "Ontwikkelpunten",
        FindingKind::Question => "Vragen",
        FindingKind::GoodPractice => "Goede praktijken",
    }
}

/// A key that no paragraph to write has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no paragraph {0} to write")]
pub struct UnknownParagraph(pub String);

impl ReportContent {
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
