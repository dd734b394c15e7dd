//! Settings: from `kernschil.toml`, from `KERNSCHIL_*` in the environment, from flags; the last wins.
//! `kernschil.example.toml` explains each of them.

use std::fmt;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use figment::error::Kind;
use figment::providers::{Env, Format as _, Serialized, Toml};
use figment::{Figment, Metadata, Source};
use kernschil_http::{Transport, TrustedProxies};
use serde::{Deserialize, Deserializer, Serialize};

use crate::cli::Common;
use crate::exit::{Exit, Stop, reason};

/// File that is read when it is in the current folder.
pub(crate) const FILE: &str = "kernschil.toml";

/// How this installation runs.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    /// Folder with the database.
    pub(crate) data: PathBuf,
    /// Address and port to listen on.
    pub(crate) listen: String,
    /// PostgreSQL, instead of the file in the folder.
    #[serde(default)]
    pub(crate) database_url: Option<Secret>,
    /// Whether browsers reach us over https.
    pub(crate) secure_cookies: bool,
    /// Proxies that may say who asks and for which host.
    #[serde(deserialize_with = "one_or_more")]
    pub(crate) trusted_proxies: Vec<String>,
    /// What is written to the log.
    pub(crate) log: String,
}

/// A value that is never printed.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub(crate) struct Secret(String);

impl Secret {
    /// The value.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(geheim)")
    }
}

#[derive(Serialize)]
struct Defaults {
    data: &'static str,
    listen: &'static str,
    secure_cookies: bool,
    trusted_proxies: [&'static str; 0],
    log: &'static str,
}

const DEFAULTS: Defaults =
    Defaults { data: "kernschil-data", listen: "127.0.0.1:8080", secure_cookies: false, trusted_proxies: [], log: "warn,kernschil=info" };

/// Flags that were given.
#[derive(Serialize)]
struct Flags<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Path>,
    #[serde(skip_serializing_if = "Option::is_none")]
    listen: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    database_url: Option<&'a str>,
}

impl<'a> From<&'a Common> for Flags<'a> {
    fn from(common: &'a Common) -> Self {
        Self { data: common.data.as_deref(), listen: common.listen.as_deref(), database_url: common.database_url.as_deref() }
    }
}

/// The settings of this installation.
///
/// # Errors
/// [`Stop`] that names the setting and where it comes from.
pub(crate) fn load(common: &Common) -> Result<Settings, Stop> {
    let file = common.config.as_deref().unwrap_or(Path::new(FILE));
    let mut figment = Figment::from(Serialized::defaults(DEFAULTS));
    match fs::metadata(file) {
        Err(error) if common.config.is_some() || error.kind() != ErrorKind::NotFound => {
            let message = format!("Het bestand {} is niet te lezen: {}.", file.display(), reason(&error));
            return Err(Stop::outside("instellingen-onleesbaar", message));
        }
        Err(_) => {}
        Ok(_) => figment = figment.merge(Toml::file_exact(file)),
    }
    let figment = figment
        // Tests have variables of their own.
        .merge(Env::prefixed("KERNSCHIL_").filter(|name| !name.starts_with("test_")))
        .merge(Serialized::defaults(Flags::from(common)));
    extract(&figment)
}

/// The settings of the demo: its own folder and database, whatever this installation uses.
///
/// # Errors
/// [`Stop`] that names the setting.
pub(crate) fn for_demo(common: &Common) -> Result<Settings, Stop> {
    let defaults = Defaults { data: "kernschil-demo", ..DEFAULTS };
    extract(&Figment::from(Serialized::defaults(defaults)).merge(Serialized::defaults(Flags::from(common))))
}

fn extract(figment: &Figment) -> Result<Settings, Stop> {
    figment.extract().map_err(|error| Stop::new(Exit::Usage, "instelling-ongeldig", dutch(&error)))
}

fn one_or_more<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum OneOrMore {
        One(String),
        More(Vec<String>),
    }
    Ok(match OneOrMore::deserialize(deserializer)? {
        OneOrMore::One(text) => text.split(',').map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect(),
        OneOrMore::More(texts) => texts,
    })
}

/// What is wrong with a setting, and where it was set; never its value.
fn dutch(error: &figment::Error) -> String {
    let place = error.metadata.as_ref().map_or_else(String::new, place);
    let name = error.path.join(".");
    match &error.kind {
        Kind::UnknownField(field, _) => {
            format!("De instelling \"{field}\"{place} bestaat niet. Alle instellingen staan in kernschil.example.toml.")
        }
        Kind::InvalidType(..) | Kind::InvalidValue(..) | Kind::InvalidLength(..) if !name.is_empty() => {
            format!("De instelling \"{name}\"{place} heeft een waarde van de verkeerde soort. Kijk in kernschil.example.toml hoe het moet.")
        }
        _ if !name.is_empty() => format!("De instelling \"{name}\"{place} is niet goed. Kijk in kernschil.example.toml hoe het moet."),
        _ => format!("De instellingen{place} zijn niet te lezen. Het bestand moet TOML zijn, zoals kernschil.example.toml."),
    }
}

fn place(metadata: &Metadata) -> String {
    match &metadata.source {
        Some(Source::File(file)) => format!(" in {}", file.display()),
        _ if metadata.name.contains("environment") => " in de omgeving (KERNSCHIL_...)".to_owned(),
        _ => String::new(),
    }
}

impl Settings {
    /// The settings of an installation in a folder.
    #[cfg(test)]
    pub(crate) fn of_folder(data: &Path) -> Self {
        Self {
            data: data.to_owned(),
            listen: DEFAULTS.listen.to_owned(),
            database_url: None,
            secure_cookies: false,
            trusted_proxies: Vec::new(),
            log: DEFAULTS.log.to_owned(),
        }
    }

    /// The SQLite file in the folder.
    pub(crate) fn database_file(&self) -> PathBuf {
        self.data.join("kernschil.sqlite3")
    }

    /// How browsers reach us.
    pub(crate) fn transport(&self) -> Transport {
        if self.secure_cookies { Transport::Https } else { Transport::Http }
    }

    /// The proxies that are believed.
    ///
    /// # Errors
    /// [`Stop`] that names what is no address.
    pub(crate) fn proxies(&self) -> Result<TrustedProxies, Stop> {
        TrustedProxies::parse(&self.trusted_proxies).map_err(|bad| {
            let message =
                format!("In de instelling \"trusted_proxies\" is \"{bad}\" geen IP-adres of netwerk, zoals 10.0.0.7 of 10.0.0.0/8.");
            Stop::usage("instelling-ongeldig", message)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &str = include_str!("../../../kernschil.example.toml");
    const FIELDS: [&str; 6] = ["data", "listen", "database_url", "secure_cookies", "trusted_proxies", "log"];

    fn from_toml(text: &str) -> Result<Settings, Stop> {
        extract(&Figment::from(Serialized::defaults(DEFAULTS)).merge(Toml::string(text)))
    }

    /// The example with every setting switched on.
    fn switched_on() -> String {
        let line = |line: &str| match line.strip_prefix('#') {
            Some(rest) if FIELDS.iter().any(|field| rest.starts_with(&format!("{field} = "))) => rest.to_owned(),
            _ => line.to_owned(),
        };
        EXAMPLE.lines().map(line).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn the_example_holds_and_explains_every_setting() {
        let keys: toml::Table = switched_on().parse().unwrap();
        let keys: Vec<_> = keys.keys().map(String::as_str).collect();
        let mut fields = FIELDS.to_vec();
        fields.sort_unstable();
        assert_eq!(keys, fields);
        from_toml(&switched_on()).unwrap();
        for field in FIELDS {
            let (before, _) = switched_on().split_once(&format!("\n{field} = ")).map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
            assert!(before.lines().last().unwrap().starts_with("# "), "{field} has no explanation");
            assert!(EXAMPLE.contains(&format!("KERNSCHIL_{}", field.to_uppercase())), "{field} has no variable");
        }
    }

    #[test]
    fn the_example_as_it_is_changes_nothing() {
        let (example, plain) = (from_toml(EXAMPLE).unwrap(), from_toml("").unwrap());
        assert_eq!(format!("{example:?}"), format!("{plain:?}"));
    }

    #[test]
    fn a_field_that_is_not_in_the_list_of_this_test_fails_here() {
        let error = from_toml("onbekend = 1").unwrap_err();
        let expected = format!("{:?}", Kind::UnknownField("onbekend".into(), &FIELDS));
        let kind =
            Figment::from(Serialized::defaults(DEFAULTS)).merge(Toml::string("onbekend = 1")).extract::<Settings>().unwrap_err().kind;
        assert_eq!(format!("{kind:?}"), expected);
        assert_eq!(error.exit, Exit::Usage);
    }

    #[test]
    fn mistakes_are_told_in_dutch_without_values() {
        for (text, part) in [
            ("databse_url = \"postgres://u:secret@h/d\"", "De instelling \"databse_url\" bestaat niet."),
            ("secure_cookies = \"secret\"", "De instelling \"secure_cookies\" heeft een waarde van de verkeerde soort."),
            ("trusted_proxies = 3", "De instelling \"trusted_proxies\" is niet goed."),
            ("data = ", "De instellingen zijn niet te lezen."),
        ] {
            let stop = from_toml(text).unwrap_err();
            assert!(stop.message.starts_with(part), "{}", stop.message);
            assert!(!stop.message.contains("secret"));
        }
        let stop = from_toml("trusted_proxies = \"10.0.0.1, thuis\"").unwrap().proxies().unwrap_err();
        assert!(stop.message.contains("\"thuis\""));
    }

    #[test]
    fn a_secret_is_not_printed() {
        let settings = from_toml("database_url = \"postgres://u:secret@h/d\"").unwrap();
        assert!(!format!("{settings:?}").contains("secret"));
    }
}
