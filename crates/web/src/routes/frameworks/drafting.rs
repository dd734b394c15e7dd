//! The form of a draft: from what a framework says to fields, and back.

use std::collections::BTreeMap;

use kernschil_app::{AppError, FieldError as AppFieldError, frameworks};
use kernschil_domain::frameworks::{Criterion, FrameworkContent, FrameworkState, Origin, PartCode, Safeguard};
use kernschil_http::Caller;
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Form, Path};

use super::super::support::{Answer, html, html_with, problem, see_other};
use super::super::{State, Web};
use super::{page_of, seen};
use crate::components::forms::FieldError;
use crate::components::nav::NavItem;
use crate::views::frameworks::{FrameworkForm, PATH, PartForm, SafeguardForm, form_of_framework_page};

type Fields = BTreeMap<String, String>;

/// More safeguards, or criteria of one, are not looked for in a form.
const MOST: usize = 120;

fn part(prefix: String, place: usize, code: &PartCode, text: &str, origin: Origin, questions: &[String]) -> PartForm {
    PartForm {
        prefix,
        code: code.to_string(),
        place: place.to_string(),
        text: text.to_owned(),
        origin: origin.code().to_owned(),
        questions: questions.join("\n"),
    }
}

/// The fields of a draft, with an empty place at the end of each list.
fn form(slug: &str, version: &str, content: &FrameworkContent, errors: Vec<FieldError>) -> FrameworkForm {
    let new = |prefix: String| PartForm { prefix, ..PartForm::default() };
    let safeguard = |(at, safeguard): (usize, &Safeguard)| {
        let prefix = format!("w{at}");
        let criterion = |(place, criterion): (usize, &Criterion)| {
            part(format!("{prefix}c{place}"), place + 1, &criterion.code, &criterion.text, criterion.origin, &criterion.questions)
        };
        let mut criteria: Vec<_> = safeguard.criteria.iter().enumerate().map(criterion).collect();
        criteria.push(new(format!("{prefix}c{}", criteria.len())));
        let own = part(prefix.clone(), at + 1, &safeguard.code, &safeguard.description, safeguard.origin, &safeguard.questions);
        SafeguardForm { part: own, name: safeguard.name.clone(), criteria }
    };
    let mut safeguards: Vec<_> = content.safeguards.iter().enumerate().map(safeguard).collect();
    safeguards.push(SafeguardForm { part: new(format!("w{}", safeguards.len())), ..SafeguardForm::default() });
    FrameworkForm {
        slug: slug.to_owned(),
        version: version.to_owned(),
        name: content.name.clone(),
        source: content.source.clone(),
        questions: content.questions.join("\n"),
        safeguards,
        origins: Origin::ALL.iter().map(|origin| (origin.code().to_owned(), origin.dutch().to_owned())).collect(),
        errors,
    }
}

/// A form that was sent.
struct Sent<'a>(&'a Fields);

impl Sent<'_> {
    fn text(&self, name: &str) -> &str {
        self.0.get(name).map(String::as_str).unwrap_or_default()
    }

    fn questions(&self, name: &str) -> Vec<String> {
        self.text(name).lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
    }

    /// Whether anything is filled in at a part.
    fn is_filled(&self, prefix: &str) -> bool {
        ["code", "naam", "tekst", "vragen"].iter().any(|field| !self.text(&format!("{prefix}-{field}")).trim().is_empty())
    }

    /// Where a part goes among its neighbours: by the place that was filled in, or where it stood.
    fn place(&self, prefix: &str, at: usize) -> usize {
        self.text(&format!("{prefix}-plaats")).trim().parse().unwrap_or(at + 1)
    }

    /// Whose words: an own theme until somebody says otherwise, so that nothing is called official by mistake.
    fn origin(&self, prefix: &str) -> Origin {
        Origin::parse(self.text(&format!("{prefix}-herkomst"))).unwrap_or(Origin::Own)
    }

    fn code(&self, prefix: &str) -> PartCode {
        PartCode(self.text(&format!("{prefix}-code")).to_owned())
    }

    fn criteria(&self, safeguard: &str) -> Vec<Criterion> {
        let prefixes = (0..MOST).map(|at| (at, format!("{safeguard}c{at}")));
        let mut found: Vec<_> = prefixes
            .filter(|(_, prefix)| self.is_filled(prefix))
            .map(|(at, prefix)| {
                let criterion = Criterion {
                    code: self.code(&prefix),
                    text: self.text(&format!("{prefix}-tekst")).to_owned(),
                    origin: self.origin(&prefix),
                    questions: self.questions(&format!("{prefix}-vragen")),
                };
                (self.place(&prefix, at), criterion)
            })
            .collect();
        found.sort_by_key(|(place, _)| *place);
        found.into_iter().map(|(_, criterion)| criterion).collect()
    }

    fn content(&self) -> FrameworkContent {
        let prefixes = (0..MOST).map(|at| (at, format!("w{at}")));
        let mut found: Vec<_> = prefixes
            .filter_map(|(at, prefix)| {
                let criteria = self.criteria(&prefix);
                if criteria.is_empty() && !self.is_filled(&prefix) {
                    return None;
                }
                let safeguard = Safeguard {
                    code: self.code(&prefix),
                    name: self.text(&format!("{prefix}-naam")).to_owned(),
                    description: self.text(&format!("{prefix}-tekst")).to_owned(),
                    origin: self.origin(&prefix),
                    questions: self.questions(&format!("{prefix}-vragen")),
                    criteria,
                };
                Some((self.place(&prefix, at), safeguard))
            })
            .collect();
        found.sort_by_key(|(place, _)| *place);
        FrameworkContent {
            name: self.text("naam").to_owned(),
            source: self.text("bron").to_owned(),
            questions: self.questions("vragen"),
            safeguards: found.into_iter().map(|(_, safeguard)| safeguard).collect(),
        }
        .tidied()
    }
}

/// The field of the form for a place in the content: `safeguards.0.criteria.1.text` is `w0c1-tekst`.
fn field(path: &str) -> String {
    let word = |field: &str| match field {
        "name" => "naam",
        "source" => "bron",
        "questions" => "vragen",
        "text" | "description" => "tekst",
        _ => "code",
    };
    match path.split('.').collect::<Vec<_>>().as_slice() {
        ["safeguards", safeguard, "criteria", criterion, last, ..] => format!("w{safeguard}c{criterion}-{}", word(last)),
        ["safeguards", safeguard, "criteria"] => format!("w{safeguard}-code"),
        ["safeguards", safeguard, last, ..] => format!("w{safeguard}-{}", word(last)),
        ["safeguards"] => "w0-code".to_owned(),
        [first, ..] => word(first).to_owned(),
        [] => String::new(),
    }
}

fn errors(found: &[AppFieldError]) -> Vec<FieldError> {
    found.iter().map(|error| FieldError::new(&field(&error.field), &error.message)).collect()
}

/// The form of a draft.
#[handler]
pub(in super::super) async fn edit(web: State<'_>, caller: &Caller, Path(slug): Path<String>) -> Answer {
    let framework = frameworks::get(&web.app, &caller.actor, &slug).await?.framework;
    if framework.state != FrameworkState::Draft {
        let message = "Dit kader is gepubliceerd en verandert niet meer. Maak een concept van dit kader en wijzig dat.";
        return page_of(&web, caller, &slug, Vec::new(), Some(message.to_owned())).await;
    }
    let form = form(&slug, &framework.version.0.to_string(), &framework.content, Vec::new());
    Ok(html(form_of_framework_page(&web.frame(caller, NavItem::Frameworks).await?, &form)))
}

/// The form as it was filled in, with what is wrong.
async fn again(web: &Web, caller: &Caller, form: &FrameworkForm, refusal: Option<String>) -> Answer {
    let status = if refusal.is_some() { StatusCode::CONFLICT } else { StatusCode::BAD_REQUEST };
    let mut frame = web.frame(caller, NavItem::Frameworks).await?;
    frame.flash = refusal.map(problem);
    Ok(html_with(status, form_of_framework_page(&frame, form)))
}

/// Stores the form of a draft.
#[handler]
pub(in super::super) async fn change(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Form(fields): Form<Fields>) -> Answer {
    let sent = Sent(&fields);
    let (content, version) = (sent.content(), sent.text("versie"));
    match frameworks::change(&web.app, &caller.actor, &slug, seen(version), &content).await {
        Ok(_) if sent.text("daarna") == "verder" => Ok(see_other(&format!("{PATH}/{slug}/wijzigen"))),
        Ok(_) => Ok(see_other(&format!("{PATH}/{slug}"))),
        Err(AppError::Invalid(wrong)) => again(&web, caller, &form(&slug, version, &content, errors(&wrong)), None).await,
        Err(AppError::Conflict { message, .. }) => again(&web, caller, &form(&slug, version, &content, Vec::new()), Some(message)).await,
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn criterion(code: &str) -> Criterion {
        Criterion { code: PartCode(code.to_owned()), text: format!("Tekst van {code}."), origin: Origin::Official, questions: Vec::new() }
    }

    fn content() -> FrameworkContent {
        let safeguard = |code: &str, name: &str| Safeguard {
            code: PartCode(code.to_owned()),
            name: name.to_owned(),
            description: "Eerste regel.\n\nTweede regel.".to_owned(),
            origin: Origin::Paraphrase,
            questions: vec!["Hoe?".to_owned(), "Waarom?".to_owned()],
            criteria: vec![criterion(&format!("{code}.1")), criterion(&format!("{code}.2"))],
        };
        FrameworkContent {
            name: "Kader".to_owned(),
            source: "Bron".to_owned(),
            questions: vec!["Wat?".to_owned()],
            safeguards: vec![safeguard("1", "Een"), safeguard("2", "Twee")],
        }
    }

    /// What a browser sends of the form as it was shown.
    fn sent(form: &FrameworkForm) -> Fields {
        let mut fields = Fields::from([
            ("naam".to_owned(), form.name.clone()),
            ("bron".to_owned(), form.source.clone()),
            ("vragen".to_owned(), form.questions.clone()),
        ]);
        let mut put = |part: &PartForm| {
            let values = [
                ("code", &part.code),
                ("tekst", &part.text),
                ("herkomst", &part.origin),
                ("vragen", &part.questions),
                ("plaats", &part.place),
            ];
            fields.extend(values.map(|(field, value)| (format!("{}-{field}", part.prefix), value.replace('\n', "\r\n"))));
        };
        for safeguard in &form.safeguards {
            put(&safeguard.part);
            safeguard.criteria.iter().for_each(&mut put);
        }
        fields.extend(form.safeguards.iter().map(|safeguard| (format!("{}-naam", safeguard.part.prefix), safeguard.name.clone())));
        fields
    }

    #[test]
    fn a_form_that_is_sent_as_it_was_shown_changes_nothing() {
        let shown = form("kader", "1", &content(), Vec::new());
        assert_eq!(Sent(&sent(&shown)).content(), content());
    }

    #[test]
    fn what_is_emptied_goes_and_a_place_moves() {
        let mut fields = sent(&form("kader", "1", &content(), Vec::new()));
        for field in ["code", "tekst"] {
            fields.insert(format!("w0c0-{field}"), String::new());
        }
        fields.insert("w1-plaats".to_owned(), "0".to_owned());
        fields.insert("w1c2-code".to_owned(), "2.3".to_owned());
        fields.insert("w1c2-tekst".to_owned(), "Nieuw.".to_owned());
        let changed = Sent(&fields).content();
        let codes: Vec<_> = changed.parts().map(|part| part.criterion.unwrap_or(part.safeguard).to_string()).collect();
        assert_eq!(codes, ["2", "2.1", "2.2", "2.3", "1", "1.2"]);
        assert_eq!(changed.safeguards[0].criteria[2].origin, Origin::Own);
    }

    #[test]
    fn an_error_stands_at_its_field() {
        for (path, expected) in [
            ("name", "naam"),
            ("questions.0", "vragen"),
            ("safeguards", "w0-code"),
            ("safeguards.1.description", "w1-tekst"),
            ("safeguards.1.questions.2", "w1-vragen"),
            ("safeguards.1.criteria.0.code", "w1c0-code"),
            ("safeguards.1.criteria.0.questions.1", "w1c0-vragen"),
        ] {
            assert_eq!(field(path), expected);
        }
    }
}
