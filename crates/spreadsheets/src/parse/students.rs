//! Students with what they need and wish in a round.

use kernschil_domain::codes::{Need, ProgrammeForm, StudentKind};
use kernschil_domain::policy::TravelMode;
use kernschil_domain::values::{Brin, Croho, Groups, Label, Postcode, SchoolCode, StudentNumber, Weekdays};

use super::partnerships::form;
use super::{WishCode, parse, small};
use crate::codes;
use crate::convert;
use crate::definition::ImportKind;
use crate::findings::{Located, Outcome, Parsed};
use crate::raw::RawWorkbook;
use crate::table::{Col, Row, Seen, Table};

const STUDENT: [&str; 28] = [
    "round",
    "institute",
    "number",
    "given_name",
    "prefix",
    "family_name",
    "postcode",
    "kind",
    "croho",
    "form",
    "start_year",
    "phase",
    "period",
    "groups",
    "weekdays",
    "needed",
    "partnership",
    "travel_limit",
    "fixed_school",
    "earlier_schools",
    "wish1",
    "wish2",
    "wish3",
    "wish4",
    "wish5",
    "email",
    "travel_mode",
    "workplace",
];

#[cfg(test)]
pub(super) const SHEETS: &[super::SheetFields] = &[("students", &STUDENT)];

/// A row of sheet Studenten: one student in one period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StudentRow {
    /// Name of the round.
    pub round: Label,
    /// The institute.
    pub institute: Brin,
    /// Number at the institute.
    pub number: StudentNumber,
    /// Given name.
    pub given_name: Label,
    /// Tussenvoegsel.
    pub prefix: Option<Label>,
    /// Family name.
    pub family_name: Label,
    /// Home postcode.
    pub postcode: Option<Postcode>,
    /// Student or zij-instromer.
    pub kind: StudentKind,
    /// CROHO code of the programme.
    pub croho: Croho,
    /// Form of the programme.
    pub form: ProgrammeForm,
    /// Calendar year in which the student began.
    pub start_year: i32,
    /// Code of the study phase.
    pub phase: Label,
    /// Name of the period.
    pub period: Label,
    /// Groups that fit.
    pub groups: Groups,
    /// Days on which the student comes; no day in particular when the file does not say.
    pub weekdays: Weekdays,
    /// Whether a place is needed.
    pub need: Need,
    /// Partnership that sees to the place.
    pub partnership: Option<Label>,
    /// Custom: longest travel time in minutes.
    pub travel_limit: Option<u16>,
    /// Custom: the only school.
    pub fixed_school: Option<SchoolCode>,
    /// Schools where the student was before.
    pub earlier_schools: Vec<SchoolCode>,
    /// Wishes, first wish first.
    pub wishes: Vec<WishCode>,
    /// Where letters go.
    pub email: Option<String>,
    /// How the student travels.
    pub travel_mode: Option<TravelMode>,
    /// The school where a zij-instromer works.
    pub workplace: Option<SchoolCode>,
}

/// What a students file says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StudentsFile {
    /// Students, once for each period.
    pub students: Vec<Located<StudentRow>>,
}

/// Reads a students file.
pub fn parse_students(workbook: &RawWorkbook) -> Parsed<StudentsFile> {
    parse(ImportKind::Students, workbook, |[students], outcome| StudentsFile {
        students: students.map(|t| read_students(&t, outcome)).unwrap_or_default(),
    })
}

/// What must be the same on every row of a student.
#[derive(PartialEq, Eq)]
struct Personal {
    number: StudentNumber,
    given_name: Label,
    prefix: Option<Label>,
    family_name: Label,
    postcode: Option<Postcode>,
    kind: StudentKind,
    croho: Croho,
    form: ProgrammeForm,
    start_year: i32,
    travel_limit: Option<u16>,
    fixed_school: Option<SchoolCode>,
    earlier_schools: Vec<SchoolCode>,
    email: Option<String>,
    travel_mode: Option<TravelMode>,
    workplace: Option<SchoolCode>,
}

impl Personal {
    fn of(student: &StudentRow) -> Self {
        Self {
            number: student.number.clone(),
            given_name: student.given_name.clone(),
            prefix: student.prefix.clone(),
            family_name: student.family_name.clone(),
            postcode: student.postcode.clone(),
            kind: student.kind,
            croho: student.croho.clone(),
            form: student.form,
            start_year: student.start_year,
            travel_limit: student.travel_limit,
            fixed_school: student.fixed_school.clone(),
            earlier_schools: student.earlier_schools.clone(),
            email: student.email.clone(),
            travel_mode: student.travel_mode,
            workplace: student.workplace.clone(),
        }
    }

    /// Names of what differs, in Dutch.
    fn differences(&self, other: &Self) -> Vec<&'static str> {
        let all = [
            (self.number == other.number, "studentnummer (hoofdletters)"),
            (self.given_name == other.given_name, "voornaam"),
            (self.prefix == other.prefix, "tussenvoegsel"),
            (self.family_name == other.family_name, "achternaam"),
            (self.postcode == other.postcode, "postcode"),
            (self.kind == other.kind, "soort"),
            (self.croho == other.croho, "CROHO"),
            (self.form == other.form, "vorm"),
            (self.start_year == other.start_year, "startjaar"),
            (self.travel_limit == other.travel_limit, "reistijdgrens"),
            (self.fixed_school == other.fixed_school, "vaste school"),
            (self.earlier_schools == other.earlier_schools, "eerdere scholen"),
            (self.email == other.email, "e-mail"),
            (self.travel_mode == other.travel_mode, "vervoer"),
            (self.workplace == other.workplace, "eigen werkplek"),
        ];
        all.iter().filter(|(same, _)| !same).map(|(_, name)| *name).collect()
    }
}

fn read_students(table: &Table<'_>, outcome: &mut Outcome) -> Vec<Located<StudentRow>> {
    let cols = table.fields(STUDENT);
    let [_, _, number, ..] = cols;
    let (mut places, mut persons) = (Seen::default(), Seen::default());
    table.read_rows(outcome, |row| {
        let student = read_student(row, &cols)?;
        // The same number in other case is the same student.
        let person = (student.institute.clone(), student.number.as_str().to_lowercase());
        let place = (person.clone(), convert::text_key(&student.round), convert::text_key(&student.period));
        if let Some((first, ())) = places.before(place, row.number(), ()) {
            row.error(
                codes::STUDENT_TWICE,
                number,
                format!("Deze student staat in dezelfde periode ook op rij {first}."),
                "Verwijder een van de twee rijen, of verander de periode.",
            );
            return None;
        }
        let personal = Personal::of(&student);
        if let Some((first, before)) = persons.before(person, row.number(), Personal::of(&student)) {
            let differences = personal.differences(before);
            if !differences.is_empty() {
                let message = format!("Deze student heeft op rij {first} andere gegevens: {}.", differences.join(", "));
                row.error(codes::STUDENT_CONFLICT, number, message, "Maak de rijen van deze student gelijk.");
                return None;
            }
        }
        Some(student)
    })
}

fn read_student(row: &mut Row<'_, '_>, cols: &[Col; 28]) -> Option<StudentRow> {
    let [
        round,
        institute,
        number,
        given_name,
        prefix,
        family_name,
        postcode,
        kind,
        croho,
        form_col,
        start_year,
        phase,
        period,
        groups,
        weekdays,
        needed,
        partnership,
        travel_limit,
        fixed_school,
        earlier_schools,
        wish1,
        wish2,
        wish3,
        wish4,
        wish5,
        email,
        travel_mode,
        workplace,
    ] = *cols;
    // Everything is read before anything is decided, so that all findings of a row come at once.
    let (round, institute) = (row.required(round, convert::label), row.required(institute, convert::brin));
    let (number, given_name) = (row.required(number, convert::student_number), row.required(given_name, convert::label));
    let (prefix, family_name) = (row.optional(prefix, convert::label), row.required(family_name, convert::label));
    let postcode = row.optional(postcode, convert::postcode);
    let kind = row.or(kind, StudentKind::Student, |cell| convert::choice(cell, StudentKind::parse, StudentKind::ALL, StudentKind::dutch));
    let (croho, form) = (row.required(croho, convert::croho), row.required(form_col, form));
    let (start_year, phase) = (row.required(start_year, convert::integer), row.required(phase, convert::label));
    let (period, groups) = (row.required(period, convert::label), row.or(groups, Groups::ALL, convert::groups));
    let (weekdays, needed) = (row.or(weekdays, Weekdays::NONE, convert::weekdays), row.or(needed, true, convert::yes_no));
    let (partnership, travel_limit) = (row.optional(partnership, convert::label), row.optional(travel_limit, convert::integer));
    let (fixed_school, earlier) = (row.optional(fixed_school, convert::school), row.list(earlier_schools, convert::schools));
    let wishes = read_wishes(row, &[wish1, wish2, wish3, wish4, wish5]);
    let (email, travel_mode) = (row.optional(email, convert::email), row.optional(travel_mode, convert::travel_mode));
    let workplace = row.optional(workplace, convert::school);
    Some(StudentRow {
        round: round?,
        institute: institute?,
        number: number?,
        given_name: given_name?,
        prefix: prefix?,
        family_name: family_name?,
        postcode: postcode?,
        kind: kind?,
        croho: croho?,
        form: form?,
        start_year: start_year.and_then(small)?,
        phase: phase?,
        period: period?,
        groups: groups?,
        weekdays: weekdays?,
        need: if needed? { Need::Required } else { Need::NotRequired },
        partnership: partnership?,
        travel_limit: travel_limit?.and_then(small),
        fixed_school: fixed_school?,
        earlier_schools: earlier?,
        wishes: wishes?,
        email: email?,
        travel_mode: travel_mode?,
        workplace: workplace?,
    })
}

/// Reads the wishes: none skipped, none twice.
fn read_wishes(row: &mut Row<'_, '_>, cols: &[Col; 5]) -> Option<Vec<WishCode>> {
    let read: Vec<_> = cols.iter().map(|col| row.optional(*col, convert::wish)).collect();
    let mut wishes: Vec<WishCode> = Vec::new();
    let mut whole = true;
    let mut gap = None;
    for ((rank, col), wish) in (1..).zip(cols).zip(read) {
        match wish {
            None => whole = false,
            Some(None) => gap = gap.or(Some(rank)),
            Some(Some(wish)) => {
                if let Some(skipped) = gap.take() {
                    row.error(
                        codes::WISH_GAP,
                        *col,
                        format!("Voorkeur {rank} is ingevuld, maar voorkeur {skipped} niet."),
                        "Schuif de voorkeuren aan, zodat er geen wordt overgeslagen.",
                    );
                    whole = false;
                }
                if let Some(first) = wishes.iter().position(|w| *w == wish) {
                    row.error(
                        codes::WISH_TWICE,
                        *col,
                        format!("Voorkeur {rank} is dezelfde als voorkeur {}.", first + 1),
                        "Kies iets anders, of maak de cel leeg.",
                    );
                    whole = false;
                }
                wishes.push(wish);
            }
        }
    }
    whole.then_some(wishes)
}
