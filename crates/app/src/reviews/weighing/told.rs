//! What was found together, for who is not on the panel: as the report says it, so that what the panel still changes stays
//! with the panel until it sends another version.

use std::collections::BTreeMap;

use kernschil_domain::frameworks::{FrameworkContent, Part};
use kernschil_domain::ids::{JointFindingId, ReviewId};
use kernschil_domain::reviews::{FindingKind, JointFinding, ParagraphAbout, ReportContent};
use kernschil_storage::Tx;
use kernschil_storage::reviews::joint;

use super::in_order;
use crate::error::AppError;
use crate::reviews::report;

/// What a panel found together, without who wrote it, of which findings it was made, and who sees it in another way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldFinding {
    /// Identifier.
    pub id: JointFindingId,
    /// What it is.
    pub kind: FindingKind,
    /// What it is about.
    pub part: Part,
    /// What it says. Markdown.
    pub text: String,
    /// How members of the panel see it in another way. Markdown.
    pub dissents: Vec<String>,
}

impl From<JointFinding> for ToldFinding {
    fn from(finding: JointFinding) -> Self {
        let JointFinding { id, kind, part, text, dissents, .. } = finding;
        Self { id, kind, part, text, dissents: dissents.into_iter().map(|said| said.text).collect() }
    }
}

/// The joint findings in a report, as it tells them. Of a finding about a part that the framework does not have any more,
/// because the review went over to another one, the part is that of now.
fn in_report(report: &ReportContent, framework: &FrameworkContent, parts: &BTreeMap<JointFindingId, Part>) -> Vec<ToldFinding> {
    let told = report.paragraphs().filter_map(|paragraph| match paragraph.about {
        ParagraphAbout::Finding { finding, kind } => Some(ToldFinding {
            id: finding,
            kind,
            part: paragraph.part.as_ref().filter(|part| framework.holds(part)).or(parts.get(&finding))?.clone(),
            text: paragraph.text.clone(),
            dissents: paragraph.dissents.clone(),
        }),
        ParagraphAbout::Written | ParagraphAbout::Answer { .. } => None,
    });
    told.collect()
}

/// What was found together as the latest version of the report says it that left the panel, in the order of the framework;
/// nothing while none did.
pub(in crate::reviews) async fn as_sent(tx: &Tx, content: &FrameworkContent, review: ReviewId) -> Result<Vec<ToldFinding>, AppError> {
    let Some(sent) = report::sent(tx, review).await? else { return Ok(Vec::new()) };
    let mut stored = joint::of_review(tx, review).await?;
    stored.extend(joint::removed(tx, review).await?);
    let parts = stored.into_iter().map(|finding| (finding.id, finding.part)).collect();
    Ok(in_order(content, in_report(&sent, content, &parts), |finding| &finding.part))
}
