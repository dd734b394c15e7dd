//! The form to take findings along: giving it, reading what came back, and taking that over.

use kernschil_app::App;
use kernschil_app::imports::ImportFile;
use kernschil_app::reviews::findings::{self, Difference, FindingInput, FormChoice, FormPreview, FormRow, ListChoice};
use kernschil_domain::ids::FindingId;
use poem::web::Data;
use poem_openapi::registry::{MetaSchemaRef, Registry};
use poem_openapi::types::Type;
use poem_openapi::{Object, OpenApi};
use serde_json::Value;
use uuid::Uuid;

use super::{EvidenceIds, Finding, ReviewFindings, all, own_tag};
use crate::input::{All, Body, Choice, Faults, Given, Header, Id, Input, Path, Query, Scalar, Text, Wrong, choice};
use crate::output::{Tagged, Workbook};
use crate::precondition::{EntityTag, seen_tag, stale};
use crate::refusal::{Conflicts, Refusal, Versions};
use crate::rooms::Tag;
use crate::rooms::imports::file::File;
use crate::rooms::reflection::ReviewSlug;
use crate::rooms::rules::{array_of, chosen, fields, list};
use crate::session::Session;

/// The room.
#[derive(Default)]
pub(crate) struct FindingsForms;

/// How a form differs from what stands, about one finding.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct FindingsFormDifference {
    /// `new`, `changed` on the form, `changed-twice` there and on the screen, `gone` from the screen and changed on the form,
    /// or `left-out` of the form.
    difference: String,
    /// What stands.
    now: Option<Finding>,
    /// Row of the form.
    row: Option<u32>,
    /// Code of the kind on the form.
    kind: Option<String>,
    /// Code of the part on the form.
    part: Option<String>,
    /// Text on the form.
    text: Option<String>,
    /// Evidence on the form.
    evidence: Option<Vec<Uuid>>,
}

impl From<&Difference> for FindingsFormDifference {
    fn from(difference: &Difference) -> Self {
        let form = difference.form();
        Self {
            difference: difference.code().to_owned(),
            now: difference.now().map(Into::into),
            row: form.and_then(|row| row.row),
            kind: form.map(|row| row.input.kind.clone()),
            part: form.map(|row| row.input.part.clone()),
            text: form.map(|row| row.input.text.clone()),
            evidence: form.map(|row| row.input.evidence.iter().map(|id| id.0).collect()),
        }
    }
}

/// A row of a form that cannot be taken over.
#[derive(Debug, Object)]
pub(crate) struct FindingsFormFault {
    /// Row of the form.
    row: u32,
    /// Stable codes of what is wrong.
    codes: Vec<String>,
}

/// What a form that was filled in would change.
#[derive(Debug, Object)]
pub(crate) struct FindingsFormReading {
    /// The differences.
    differences: Vec<FindingsFormDifference>,
    /// How many findings stay as they are.
    unchanged: u32,
    /// Rows that cannot be taken over.
    faults: Vec<FindingsFormFault>,
}

impl From<&FormPreview> for FindingsFormReading {
    fn from(preview: &FormPreview) -> Self {
        let codes = |errors: &[kernschil_app::FieldError]| errors.iter().map(|error| error.code.clone()).collect();
        Self {
            differences: preview.differences.iter().map(Into::into).collect(),
            unchanged: u32::try_from(preview.unchanged).unwrap_or(u32::MAX),
            faults: preview.faults.iter().map(|fault| FindingsFormFault { row: fault.row, codes: codes(&fault.errors) }).collect(),
        }
    }
}

choice! {
    /// What is done with a difference: as the `form` says, as it stands on the `screen`, or `both`: what stands stays and what
    /// the form says is added.
    FindingsFormChoice(FormChoice)
}

impl Choice for FindingsFormChoice {
    fn every() -> Vec<Self> {
        FormChoice::ALL.into_iter().map(Self).collect()
    }

    fn code(self) -> &'static str {
        self.0.code()
    }

    fn dutch(self) -> Option<&'static str> {
        None
    }
}

/// What is done with one difference.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub(crate) struct FindingsFormChosen {
    /// What to do.
    choice: FindingsFormChoice,
    /// The finding that stands (`now.id` of the difference); absent when none does.
    finding: Option<Uuid>,
    /// Code of the kind on the form; absent, with `part` and `text`, for what was left out of the form.
    kind: Option<String>,
    /// Code of the part on the form.
    part: Option<String>,
    /// Text on the form. Markdown.
    text: Option<String>,
    /// Evidence on the form.
    evidence: Option<Vec<Uuid>>,
}

#[derive(Debug)]
struct ChoiceList(Vec<ListChoice>);

/// The most choices at once: a form that is all new and all left out.
const MOST: usize = 1_000;

fn text_at(object: &serde_json::Map<String, Value>, field: &str) -> Result<Option<String>, Wrong> {
    let given = object.get(field).filter(|value| !value.is_null());
    given.map(Text::<0, 100_000>::read_json).transpose().map(|text| text.map(|text| text.0))
}

fn choice_of(value: &Value) -> Result<ListChoice, Wrong> {
    let object = fields(value, &["choice", "finding", "kind", "part", "text", "evidence"])?;
    let choice = chosen::<FindingsFormChoice>(object, "choice")?.0;
    let given = |field: &str| object.get(field).filter(|value| !value.is_null());
    let finding = given("finding").map(Id::read_json).transpose()?.map(|id| FindingId(id.0));
    let evidence = given("evidence").map(EvidenceIds::read_json).transpose()?.map(|ids| ids.0);
    let (kind, part, text) = (text_at(object, "kind")?, text_at(object, "part")?, text_at(object, "text")?);
    let is_left_out = kind.is_none() && part.is_none() && text.is_none() && evidence.is_none();
    let input = FindingInput {
        kind: kind.unwrap_or_default(),
        part: part.unwrap_or_default(),
        text: text.unwrap_or_default(),
        evidence: evidence.unwrap_or_default(),
    };
    Ok(ListChoice { finding, form: (!is_left_out).then_some(FormRow { row: None, key: finding, input }), choice })
}

impl Scalar for ChoiceList {
    fn schema() -> MetaSchemaRef {
        array_of::<FindingsFormChosen>()
    }

    fn register(registry: &mut Registry) {
        FindingsFormChosen::register(registry);
    }

    fn read(_: &str) -> Result<Self, Wrong> {
        Err(Wrong::new("geen-lijst", "Dit moet een lijst zijn, tussen rechte haken."))
    }

    fn read_json(value: &Value) -> Result<Self, Wrong> {
        let all = list(value)?;
        if all.len() > MOST {
            return Err(Wrong::new("te-veel", format!("Hooguit {MOST} keuzes tegelijk.")));
        }
        all.iter().map(choice_of).collect::<Result<_, _>>().map(Self)
    }
}

/// What is taken over of a form.
#[derive(Debug, Object)]
pub(crate) struct FindingsTakeoverRequest {
    /// What is done with each difference; what is not in it stays as it stands.
    choices: Given<ChoiceList>,
}

impl Input for FindingsTakeoverRequest {
    type Checked = Vec<ListChoice>;

    const FIELDS: &'static [&'static str] = &["choices"];

    fn check(self) -> Result<Vec<ListChoice>, Faults> {
        Ok(self.choices.named("choices")?.0)
    }
}

#[OpenApi(tag = "Tag::Reviews")]
impl FindingsForms {
    /// Gives the form to take your findings along
    ///
    /// A workbook with your findings and empty rows for each part of the framework, to fill in without network.
    #[oai(path = "/reviews/:review/findings-form", method = "get", operation_id = "getFindingsForm")]
    async fn form(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
    ) -> Result<Workbook, Refusal<Conflicts>> {
        let review = review.named("review")?;
        let bytes = findings::form_workbook(&app, &session.0.actor, &review.0).await?;
        Ok(Workbook { file_name: format!("bevindingen-{}.xlsx", review.0), bytes })
    }

    /// Reads a form that was filled in
    ///
    /// Says how it differs from what stands; nothing is stored. Take over what you want with `takeOverFindingsForm` and the
    /// `ETag` of this answer.
    #[oai(
        path = "/reviews/:review/findings-form",
        method = "post",
        operation_id = "readFindingsForm",
        request_header(name = "X-CSRF-Token", ty = "String", description = "The `csrfToken` of the session.")
    )]
    async fn read_form(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// Name of the file.
        #[oai(name = "fileName")]
        file_name: Query<Text<1, 255>>,
        /// The file as it is.
        bytes: File,
    ) -> Result<Tagged<FindingsFormReading>, Refusal<Conflicts>> {
        let (review, name) = (review.named("review"), file_name.0).all()?;
        let name = name.map_or_else(|| "formulier.xlsx".to_owned(), |name| name.0);
        let preview = findings::read_form(&app, &session.0.actor, &review.0, ImportFile { name, bytes: bytes.0 }).await?;
        Ok(Tagged { body: (&preview).into(), tag: own_tag(&preview.list) })
    }

    /// Takes over what was chosen of a form
    ///
    /// All of it or nothing. Say what you saw: `If-Match` with the `ETag` of `readFindingsForm`. A difference that you leave
    /// out of `choices` stays as it stands.
    #[oai(path = "/reviews/:review/findings-takeovers", method = "post", operation_id = "takeOverFindingsForm")]
    async fn take_over(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// `ETag` of the reading.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
        body: Body<FindingsTakeoverRequest>,
    ) -> Result<Tagged<ReviewFindings>, Refusal<Versions>> {
        let (review, if_match, choices) = (review.named("review"), if_match.0, body.0).all()?;
        let seen = seen_tag(if_match)?;
        findings::take_over_seen(&app, &session.0.actor, &review.0, &seen, choices).await.map_err(stale)?;
        Ok(all(&app, &session.0.actor, &review.0).await?)
    }
}
