//! Privacy: the register of processing, retention terms, and everything about one student. For people only: no program
//! handles it, whatever the scope of its token.

mod dossier;

use std::collections::BTreeMap;

use kernschil_app::App;
use kernschil_app::privacy::{self, Correction, DossierForm, NewTerms, RegisterLine, RetentionView, TermView};
use kernschil_domain::ids::StudentId;
use kernschil_domain::privacy as domain;
use kernschil_domain::privacy::LONGEST_TERM;
use poem::web::Data;
use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
use poem_openapi::{Object, OpenApi};
use serde_json::Value;

use super::Tag;
use super::codes::StudentKind;
use super::users::Role;
use crate::input::{All, Body, Day, Faults, Given, Id, Input, Maybe, Path, Scalar, Text, Wrong, coded};
use crate::output::{Done, Found, Moment};
use crate::refusal::{Conflicts, Refusal};
use crate::session::InPerson;

use dossier::Dossier;

/// The room.
#[derive(Default)]
pub(crate) struct Privacy;

coded! {
    /// A kind of data about people.
    DataKind(domain::DataKind)
}

coded! {
    /// About whom data are.
    DataSubject(domain::Subject)
}

coded! {
    /// How careful one must be with data.
    DataCare(domain::Care)
}

coded! {
    /// On what ground data are kept; a proposal for the partnership to determine.
    DataGround(domain::Ground)
}

coded! {
    /// What a retention term is about.
    RetentionKind(domain::RetentionKind)
}

/// One kind of data in the register of processing.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct RegisterEntry {
    /// Which.
    kind: DataKind,
    /// About whom.
    subject: DataSubject,
    /// How careful one must be.
    care: DataCare,
    /// What for, in Dutch.
    purpose: String,
    /// On what ground.
    ground: DataGround,
    /// Which term decides how long.
    retention: RetentionKind,
    /// That term, in months.
    months: u16,
    /// What is left after the term, in Dutch.
    remains: String,
    /// Roles that see it; empty when nobody sees it but the person herself.
    seen_by: Vec<Role>,
    /// Where it goes outside the database, in Dutch.
    goes_to: String,
    /// Tables and columns in which it stands.
    stands_in: Vec<String>,
}

impl From<RegisterLine> for RegisterEntry {
    fn from(line: RegisterLine) -> Self {
        Self {
            kind: line.kind.into(),
            subject: line.subject.into(),
            care: line.care.into(),
            purpose: line.purpose.to_owned(),
            ground: line.ground.into(),
            retention: line.retention.into(),
            months: line.months,
            remains: line.remains.to_owned(),
            seen_by: line.seen_by.into_iter().map(Into::into).collect(),
            goes_to: line.goes_to.to_owned(),
            stands_in: line.stands_in,
        }
    }
}

/// The register of processing.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct ProcessingRegister {
    /// When it was drawn up.
    made_at: Moment,
    /// Each kind of data about people.
    entries: Vec<RegisterEntry>,
    /// Number of columns in the database.
    columns: usize,
    /// Number of columns that say something about a person.
    personal: usize,
}

/// A retention term with what it means now.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct RetentionTerm {
    /// What it is about.
    kind: RetentionKind,
    /// The term, in months.
    months: u16,
    /// The term as long as nobody chose another.
    default_months: u16,
    /// What ended before this day is past it.
    limit: Day,
    /// How much is past it now.
    due: u64,
}

impl From<TermView> for RetentionTerm {
    fn from(view: TermView) -> Self {
        Self { kind: view.kind.into(), months: view.months, default_months: view.default_months, limit: Day(view.limit), due: view.due }
    }
}

/// How much of a kind went.
#[derive(Debug, Object)]
pub(crate) struct RetentionCount {
    /// What it was about.
    kind: RetentionKind,
    /// How many.
    count: u64,
}

/// The last time the retention terms were applied.
#[derive(Debug, Object)]
pub(crate) struct RetentionRun {
    /// When.
    at: Moment,
    /// What went.
    counts: Vec<RetentionCount>,
}

/// All retention terms.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct Retention {
    /// Each of them.
    terms: Vec<RetentionTerm>,
    /// When they were last applied; absent when they never were.
    last: Option<RetentionRun>,
    /// The day on which they are applied next, when Kernschil runs.
    next_on: Day,
}

impl From<RetentionView> for Retention {
    fn from(view: RetentionView) -> Self {
        let last = view.last.map(|last| {
            let counts = last.counts.into_iter().map(|(kind, count)| RetentionCount { kind: kind.into(), count });
            RetentionRun { at: Moment(last.at), counts: counts.collect() }
        });
        Self { terms: view.terms.into_iter().map(Into::into).collect(), last, next_on: Day(view.next_on) }
    }
}

/// A number of months.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Months(u16);

impl Scalar for Months {
    fn schema() -> MetaSchemaRef {
        let (minimum, maximum) = (Some(1.0), Some(f64::from(LONGEST_TERM)));
        MetaSchemaRef::Inline(Box::new(MetaSchema { minimum, maximum, ..MetaSchema::new_with_format("integer", "int32") }))
    }

    fn read(text: &str) -> Result<Self, Wrong> {
        let months = text.parse().ok().filter(|months| domain::is_term(*months));
        months.map(Self).ok_or_else(|| Wrong::new("geen-getal", format!("Geef een heel getal van 1 tot en met {LONGEST_TERM} op.")))
    }

    fn read_json(value: &Value) -> Result<Self, Wrong> {
        Self::read(&value.as_u64().map(|number| number.to_string()).unwrap_or_default())
    }
}

/// Retention terms to choose, in months. What is absent stays as it is.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct RetentionRequest {
    /// Students, after the last round they took part in.
    students: Maybe<Months>,
    /// Trainers who train at no school any more.
    trainers: Maybe<Months>,
    /// Accounts that were removed.
    users: Maybe<Months>,
    /// Browsers somebody signed in with, and API tokens that ended.
    devices: Maybe<Months>,
    /// Mails that were sent or refused.
    mails: Maybe<Months>,
    /// File names of imports, and finished work in the background.
    history: Maybe<Months>,
    /// The log of who did what.
    audit: Maybe<Months>,
}

impl Input for RetentionRequest {
    type Checked = NewTerms;

    const FIELDS: &'static [&'static str] = &["students", "trainers", "users", "devices", "mails", "history", "audit"];

    fn check(self) -> Result<NewTerms, Faults> {
        use kernschil_domain::privacy::RetentionKind::{Audit, Devices, History, Mails, Students, Trainers, Users};
        let (students, trainers, users, devices, mails, history, audit) = (
            self.students.named("students"),
            self.trainers.named("trainers"),
            self.users.named("users"),
            self.devices.named("devices"),
            self.mails.named("mails"),
            self.history.named("history"),
            self.audit.named("audit"),
        )
            .all()?;
        let given = [
            (Students, students),
            (Trainers, trainers),
            (Users, users),
            (Devices, devices),
            (Mails, mails),
            (History, history),
            (Audit, audit),
        ];
        let chosen = given.into_iter().filter_map(|(kind, months)| Some((kind, months?.0.to_string())));
        Ok(NewTerms(chosen.collect::<BTreeMap<_, _>>()))
    }
}

/// Data of a student as they should be; all of them.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct CorrectionRequest {
    /// `version` of the dossier, to be sure that nobody changed the data since.
    version: Given<Id>,
    /// Given name.
    given_name: Given<Text<1, 200>>,
    /// Tussenvoegsel; absent when there is none.
    prefix: Maybe<Text<0, 200>>,
    /// Family name.
    family_name: Given<Text<1, 200>>,
    /// Number at the institute.
    number: Given<Text<1, 32>>,
    /// Home postcode; absent when it need not be known.
    postcode: Maybe<Text<0, 10>>,
    /// Student or zij-instromer.
    kind: Given<StudentKind>,
}

impl Input for CorrectionRequest {
    type Checked = Correction;

    const FIELDS: &'static [&'static str] = &["version", "givenName", "prefix", "familyName", "number", "postcode", "kind"];

    fn check(self) -> Result<Correction, Faults> {
        let (version, given_name, prefix, family_name, number, postcode, kind) = (
            self.version.named("version"),
            self.given_name.named("givenName"),
            self.prefix.named("prefix"),
            self.family_name.named("familyName"),
            self.number.named("number"),
            self.postcode.named("postcode"),
            self.kind.named("kind"),
        )
            .all()?;
        Ok(Correction {
            seen: version.0,
            given_name: given_name.0,
            prefix: prefix.map(|text| text.0).unwrap_or_default(),
            family_name: family_name.0,
            number: number.0,
            postcode: postcode.map(|text| text.0).unwrap_or_default(),
            kind: kind.0.code().to_owned(),
        })
    }
}

/// What was corrected.
#[derive(Debug, Object)]
pub(crate) struct CorrectedStudent {
    /// Names of the fields that changed; empty when everything was so already.
    fields: Vec<String>,
}

/// The field of the request that a field of the use case is.
fn wire_name(field: &str) -> &str {
    match field {
        "given_name" => "givenName",
        "family_name" => "familyName",
        other => other,
    }
}

/// The same errors at the fields of the request.
fn at_fields(error: kernschil_app::AppError) -> kernschil_app::AppError {
    match error {
        kernschil_app::AppError::Invalid(mut errors) => {
            for error in &mut errors {
                error.field = wire_name(&error.field).to_owned();
            }
            kernschil_app::AppError::Invalid(errors)
        }
        other => other,
    }
}

#[OpenApi(tag = "Tag::Privacy")]
impl Privacy {
    /// Gives the register of processing
    ///
    /// What is kept of whom, what for, how long, who sees it and where it goes. It follows from the database, the table of
    /// who may do what, and the retention terms. The grounds are proposals.
    #[oai(path = "/privacy/processing-register", method = "get", operation_id = "getProcessingRegister")]
    async fn register(&self, caller: InPerson, app: Data<&App>) -> Result<Found<ProcessingRegister>, Refusal> {
        let register = privacy::register(&app, &caller.0.actor).await?;
        Ok(Found(ProcessingRegister {
            made_at: Moment(register.made_at),
            entries: register.lines.into_iter().map(Into::into).collect(),
            columns: register.columns,
            personal: register.personal,
        }))
    }

    /// Gives everything that is kept about a student
    ///
    /// Over all rounds: data, enrolments, demands and wishes, placements with their history and reasons, and what the log
    /// tells. That it was taken along is noted. 404 for who was made unrecognisable.
    #[oai(path = "/privacy/students/:student/dossier", method = "get", operation_id = "getStudentDossier")]
    async fn dossier(
        &self,
        caller: InPerson,
        app: Data<&App>,
        /// The student.
        student: Path<Id>,
    ) -> Result<Found<Dossier>, Refusal> {
        let student = StudentId(student.named("student")?.0);
        Ok(Found(privacy::dossier(&app, &caller.0.actor, student, DossierForm::Json).await?.into()))
    }

    /// Corrects the data of a student
    ///
    /// The log keeps which fields changed, never what was in them. A later import with the old data says so as any change.
    #[oai(path = "/privacy/students/:student", method = "put", operation_id = "correctStudent")]
    async fn correct(
        &self,
        caller: InPerson,
        app: Data<&App>,
        /// The student.
        student: Path<Id>,
        body: Body<CorrectionRequest>,
    ) -> Result<Found<CorrectedStudent>, Refusal<Conflicts>> {
        let (student, correction) = (student.named("student"), body.0).all()?;
        let corrected = privacy::correct(&app, &caller.0.actor, StudentId(student.0), &correction).await.map_err(at_fields)?;
        Ok(Found(CorrectedStudent { fields: corrected.fields.into_iter().map(|field| wire_name(field).to_owned()).collect() }))
    }

    /// Makes a student unrecognisable
    ///
    /// For good: name, number, postcode, maatwerk, earlier schools, wishes and free text go; what is counted stays. 409
    /// while the student needs or has a place in a round that goes on; `detail` says what to do first.
    #[oai(
        path = "/privacy/students/:student",
        method = "delete",
        operation_id = "eraseStudent",
        request_header(name = "X-CSRF-Token", ty = "String", description = "The `csrfToken` of the session.")
    )]
    async fn erase(
        &self,
        caller: InPerson,
        app: Data<&App>,
        /// The student.
        student: Path<Id>,
    ) -> Result<Done, Refusal<Conflicts>> {
        privacy::erase(&app, &caller.0.actor, StudentId(student.named("student")?.0)).await?;
        Ok(Done)
    }

    /// Shows the retention terms
    ///
    /// With how much is past each of them now. They are applied once a day by Kernschil itself.
    #[oai(path = "/settings/retention", method = "get", operation_id = "getRetention")]
    async fn retention(&self, caller: InPerson, app: Data<&App>) -> Result<Found<Retention>, Refusal> {
        Ok(Found(privacy::retention(&app, &caller.0.actor).await?.into()))
    }

    /// Chooses other retention terms
    ///
    /// They hold from the next time they are applied. What is absent stays as it is.
    #[oai(path = "/settings/retention", method = "put", operation_id = "putRetention")]
    async fn put_retention(&self, caller: InPerson, app: Data<&App>, body: Body<RetentionRequest>) -> Result<Found<Retention>, Refusal> {
        Ok(Found(privacy::change_terms(&app, &caller.0.actor, &body.0?).await?.into()))
    }
}
