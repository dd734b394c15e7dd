//! Making a version of a report as things stand: paragraphs keep the keys they had, and what was written stays.

use std::collections::{BTreeMap, BTreeSet};

use super::content::{
    ADVICE, CLOSING, ELSEWHERE, INTRODUCTION, JUDGEMENTS, PANEL, PROGRAMME, ParagraphAbout, QUESTIONS, ReportContent, ReportJudgement,
    ReportPanelist, ReportParagraph, ReportProgrammePart, ReportSection,
};
use super::picture::PICTURE;
use crate::frameworks::{Framework, FrameworkContent, Part, PartCode, Safeguard};
use crate::ids::{JointFindingId, QuestionId};
use crate::reviews::{DevelopmentQuestion, JointFinding, Outcome, ProgrammeItem, Review, ReviewKind};
use crate::rounds::slug;

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
}
