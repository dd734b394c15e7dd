//! Settings: from `kernschil.toml`, from `KERNSCHIL_*` in the environment, from flags; the last wins.
//! `kernschil.example.toml` explains each of them.

mod address;
mod mail;
mod providers;

use std::env::{self, VarError};
use std::fmt;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use figment::error::Kind;
use figment::providers::{Env, Format as _, Serialized, Toml};
use figment::{Figment, Metadata, Source};
use kernschil_http::{Transport, TrustedProxies};
use kernschil_oidc::ProviderSettings;
use serde::{Deserialize, Deserializer, Serialize};

use crate::cli::Common;
use crate::exit::{Exit, Stop, reason};

pub(crate) use address::of_socket;
use mail::MailEncryption;

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
    /// Where people reach us, for the links in mails.
    #[serde(default)]
    pub(crate) address: Option<String>,
    /// Whether browsers reach us over https.
    pub(crate) secure_cookies: bool,
    /// Proxies that may say who asks and for which host.
    #[serde(deserialize_with = "one_or_more")]
    pub(crate) trusted_proxies: Vec<String>,
    /// Folder for mail, where there is no mail server.
    #[serde(default)]
    pub(crate) mail_folder: Option<PathBuf>,
    /// Mail server.
    #[serde(default)]
    pub(crate) mail_host: Option<String>,
    /// Its port.
    #[serde(default)]
    pub(crate) mail_port: Option<u16>,
    /// What protects the conversation with it.
    #[serde(default)]
    pub(crate) mail_encryption: Option<MailEncryption>,
    /// Who signs in there.
    #[serde(default)]
    pub(crate) mail_user: Option<String>,
    /// The password for that.
    #[serde(default)]
    pub(crate) mail_password: Option<Secret>,
    /// Whom mail is from.
    #[serde(default)]
    pub(crate) mail_from: Option<String>,
    /// Where people can sign in besides with a password.
    #[serde(default)]
    pub(crate) providers: Vec<ProviderSettings>,
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
    // Tests have variables of their own.
    let env = Env::prefixed("KERNSCHIL_").filter(|name| !name.starts_with("test_") && !AS_TYPED.iter().any(|raw| name == *raw));
    let mut figment = figment.merge(env);
    for name in AS_TYPED {
        figment = typed(figment, name)?;
    }
    extract(&figment.merge(Serialized::defaults(Flags::from(common))))
}

/// Variables that are text also when they look like a number or a list: a password of digits keeps its zeros.
const AS_TYPED: [&str; 2] = ["mail_user", "mail_password"];

fn typed(figment: Figment, name: &str) -> Result<Figment, Stop> {
    let variable = format!("KERNSCHIL_{}", name.to_uppercase());
    match env::var(&variable) {
        Ok(value) => Ok(figment.merge(Serialized::global(name, value))),
        Err(VarError::NotPresent) => Ok(figment),
        Err(VarError::NotUnicode(_)) => {
            Err(Stop::usage("instelling-ongeldig", format!("De variabele {variable} is geen leesbare tekst. Schrijf haar opnieuw.")))
        }
    }
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
            address: None,
            secure_cookies: false,
            trusted_proxies: Vec::new(),
            mail_folder: None,
            mail_host: None,
            mail_port: None,
            mail_encryption: None,
            mail_user: None,
            mail_password: None,
            mail_from: None,
            providers: Vec::new(),
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
    const FIELDS: [&str; 15] = [
        "data",
        "listen",
        "database_url",
        "address",
        "secure_cookies",
        "trusted_proxies",
        "mail_folder",
        "mail_host",
        "mail_port",
        "mail_encryption",
        "mail_user",
        "mail_password",
        "mail_from",
        "providers",
        "log",
    ];

    fn from_toml(text: &str) -> Result<Settings, Stop> {
        extract(&Figment::from(Serialized::defaults(DEFAULTS)).merge(Toml::string(text)))
    }

    /// The example with every setting switched on.
    fn switched_on() -> String {
        // What is explained begins with a space.
        let is_setting = |rest: &&str| rest.starts_with(|first: char| first == '[' || first.is_ascii_lowercase());
        let line = |line: &str| line.strip_prefix('#').filter(is_setting).unwrap_or(line).to_owned();
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
            let sign = if field == "providers" { "\n[[providers]]\n".to_owned() } else { format!("\n{field} = ") };
            let (before, _) = switched_on().split_once(&sign).map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
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
            ("mail_encryption = \"secret\"", "De instelling \"mail_encryption\" is niet goed."),
            ("mail_port = \"secret\"", "De instelling \"mail_port\" heeft een waarde van de verkeerde soort."),
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
        let settings = from_toml("database_url = \"postgres://u:secret@h/d\"\nmail_password = \"secret\"").unwrap();
        assert!(!format!("{settings:?}").contains("secret"));
    }
}
