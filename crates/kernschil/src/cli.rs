//! The command line: what can be asked, with help in Dutch.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand};
use kernschil_app::audit::LogEnd;
use kernschil_app::exports::ExportKind;
use kernschil_spreadsheets::ImportKind;

/// Hidden command of the process that reads an untrusted workbook; never typed by people.
pub(crate) const READ_WORKBOOK: &str = "read-workbook";

const EXIT_CODES: &str = "\
Uitkomst (exit code):
  0  gelukt
  1  gelukt, en het antwoord is nee: fouten in een bestand, afwijkingen, of het kan nu niet
  2  verkeerd gebruik: een onbekende optie, instelling of ronde
  3  iets buiten Kernschil klopt niet: poort, map, bestand of database
  4  fout in Kernschil zelf

Instellingen komen uit kernschil.toml, uit variabelen die met KERNSCHIL_ beginnen en van de opdrachtregel.
Uitleg per opdracht: kernschil OPDRACHT --help";

/// Stageplaatsen verdelen voor samen opleiden: werkboeken erin, de best mogelijke verdeling eruit.
#[derive(Debug, Parser)]
#[command(name = "kernschil", version, after_help = EXIT_CODES)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every command takes.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Instellingen")]
pub(crate) struct Common {
    /// Map met de database (standaard: kernschil-data)
    #[arg(long, global = true, value_name = "MAP")]
    pub(crate) data: Option<PathBuf>,
    /// Adres en poort om op te luisteren (standaard: 127.0.0.1:8080)
    #[arg(long, global = true, value_name = "ADRES")]
    pub(crate) listen: Option<String>,
    /// PostgreSQL in plaats van een bestand in de map; liever met KERNSCHIL_DATABASE_URL
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) database_url: Option<String>,
    /// Bestand met instellingen (standaard: kernschil.toml, als het er is)
    #[arg(long, global = true, value_name = "BESTAND")]
    pub(crate) config: Option<PathBuf>,
    /// Antwoord als JSON, voor een ander programma
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

/// What can be asked.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Start Kernschil: schermen en API, tot u het stopt
    ///
    /// Maakt de database als die er niet is en werkt een SQLite-database zelf bij. PostgreSQL werkt u bij
    /// met kernschil migrate.
    Serve,
    /// Laat Kernschil zien met voorbeelden van drie partnerschappen
    ///
    /// Maakt een database in de map kernschil-demo, laadt de voorbeelden, verdeelt de plaatsen, schrijft de
    /// werkboeken met de uitkomst en start Kernschil. Nog een keer starten verandert niets.
    Demo(Demo),
    /// Werk de database bij naar deze versie
    Migrate,
    /// Laad werkboeken: eerst wordt alles gecontroleerd, dan pas opgeslagen
    ///
    /// Er wordt niets opgeslagen van een bestand waarin iets niet klopt. Nog een keer laden verandert niets.
    Import(Import),
    /// Maak het voorstel voor een ronde en zet het op het plaatsbord
    ///
    /// Met --out komt het voorstel in een bestand, met de invoer erbij; op het plaatsbord verandert dan niets. Met --verify
    /// wordt een bestand nagerekend, zonder het programma te vertrouwen dat het maakte.
    Allocate(Allocate),
    /// Toon de dekking samen opleiden
    Coverage(Coverage),
    /// Schrijf de werkboeken van een ronde: scholen, studenten, uitzonderingen, dekking
    Export(Export),
    /// Toon het OpenAPI-document van de API
    Openapi,
    /// Beheer accounts
    #[command(subcommand)]
    User(User),
    /// Kijk of het versturen van mail werkt
    #[command(subcommand)]
    Mail(Mail),
    /// Register van verwerkingen, bewaartermijnen en inzage (AVG)
    #[command(subcommand)]
    Privacy(Privacy),
    /// Maak een reservekopie van de database, ook terwijl Kernschil draait
    Backup(OneFile),
    /// Zet een reservekopie terug; de oude database blijft bewaard
    ///
    /// Stop Kernschil eerst.
    Restore(OneFile),
    /// Controleer of alles klopt: geen plek dubbel vergeven, geen school te vol, datums in orde, logboek ongeschonden
    Check(Check),
}

/// `allocate`
#[derive(Debug, Args)]
pub(crate) struct Allocate {
    #[command(flatten)]
    pub(crate) round: OneRound,
    /// Schrijf het voorstel met zijn invoer naar dit bestand (.json), dat er nog niet is
    #[arg(long, value_name = "BESTAND", conflicts_with_all = ["verify", "input"])]
    pub(crate) out: Option<PathBuf>,
    /// Reken dit voorstel na: tegen de invoer in het bestand zelf, of met --round tegen de ronde zoals zij nu is
    #[arg(long, value_name = "BESTAND")]
    pub(crate) verify: Option<PathBuf>,
    /// De invoer om het voorstel tegen na te rekenen
    #[arg(long, value_name = "INVOER", requires = "verify", conflicts_with = "round")]
    pub(crate) input: Option<PathBuf>,
}

/// `check`
#[derive(Debug, Args)]
pub(crate) struct Check {
    #[command(subcommand)]
    pub(crate) only: Option<CheckOnly>,
}

/// What alone is checked.
#[derive(Debug, Subcommand)]
pub(crate) enum CheckOnly {
    /// Controleer alleen het logboek: niets gewijzigd, verwijderd, toegevoegd of verwisseld
    ///
    /// Toont ook waar het logboek eindigt. Bewaar die regel buiten deze machine: met --since ziet u later of het logboek
    /// tot daar nog hetzelfde is, ook als iemand het in zijn geheel opnieuw heeft geschreven.
    Audit(CheckAudit),
}

/// `check audit`
#[derive(Debug, Args)]
pub(crate) struct CheckAudit {
    /// Waar het logboek bij een eerdere controle eindigde
    #[arg(long, value_name = "PLAATS:VINGERAFDRUK", value_parser = log_end)]
    pub(crate) since: Option<LogEnd>,
}

/// `privacy`
#[derive(Debug, Subcommand)]
pub(crate) enum Privacy {
    /// Toon wat Kernschil van wie bewaart en hoe lang
    Register(PrivacyRegister),
    /// Toon de bewaartermijnen en wat er nu over zijn termijn is
    Retention(PrivacyRetention),
    /// Schrijf alles over één student naar een bestand
    ///
    /// Het studentnummer wordt gevraagd, of gelezen van de standaardinvoer: het hoort niet in een opdracht.
    Dossier(PrivacyDossier),
}

/// `privacy register`
#[derive(Debug, Args)]
pub(crate) struct PrivacyRegister {
    /// Schrijf het hele register naar dit werkboek (.xlsx)
    #[arg(long, value_name = "BESTAND")]
    pub(crate) out: Option<PathBuf>,
}

/// `privacy retention`
#[derive(Debug, Args)]
pub(crate) struct PrivacyRetention {
    /// Pas de termijnen nu toe; wat verdwijnt, is niet terug te halen
    #[arg(long)]
    pub(crate) apply: bool,
}

/// `privacy dossier`
#[derive(Debug, Args)]
pub(crate) struct PrivacyDossier {
    /// Het bestand, dat er nog niet is: .xlsx of .json
    #[arg(long, value_name = "BESTAND")]
    pub(crate) out: PathBuf,
}

/// `mail`
#[derive(Debug, Subcommand)]
pub(crate) enum Mail {
    /// Stuur een proefmail met deze instellingen en zeg hoe dat afliep
    Test(MailTest),
}

/// `mail test`
#[derive(Debug, Args)]
pub(crate) struct MailTest {
    /// E-mailadres waar de proefmail heen gaat
    #[arg(long, value_name = "ADRES")]
    pub(crate) to: String,
}

/// `demo`
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Maak ook een account voor elke rol, met een vers wachtwoord, om de verschillen te zien
    #[arg(long)]
    pub(crate) accounts: bool,
    /// Stop nadat de werkboeken geschreven zijn
    #[arg(long)]
    pub(crate) exit: bool,
}

/// `import`
#[derive(Debug, Args)]
pub(crate) struct Import {
    /// Soort: duo, postcodes, reistijden, partnerschappen, opleiders, plekken of studenten
    #[arg(value_name = "SOORT", value_parser = import_kind())]
    pub(crate) kind: ImportKind,
    /// Een of meer bestanden (.xlsx of .csv)
    #[arg(value_name = "BESTAND", required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// Controleer alleen en sla niets op
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// A round.
#[derive(Debug, Args)]
pub(crate) struct OneRound {
    /// Korte naam van de ronde, zoals in het adres van de schermen; mag weg als er maar één ronde is
    #[arg(long, value_name = "RONDE")]
    pub(crate) round: Option<String>,
}

/// `coverage`
#[derive(Debug, Args)]
pub(crate) struct Coverage {
    /// Korte naam van de ronde (standaard: alle rondes)
    #[arg(long, value_name = "RONDE")]
    pub(crate) round: Option<String>,
    /// Peildatum, zoals 2026-10-01 (standaard: de eerste dag van elke periode)
    #[arg(long, value_name = "DATUM", value_parser = date)]
    pub(crate) date: Option<NaiveDate>,
}

/// `export`
#[derive(Debug, Args)]
pub(crate) struct Export {
    #[command(flatten)]
    pub(crate) round: OneRound,
    /// Welke: scholen, studenten, uitzonderingen of dekking; mag vaker (standaard: alle)
    #[arg(long, value_name = "SOORT", value_parser = export_kind())]
    pub(crate) kind: Vec<ExportKind>,
    /// Map voor de werkboeken
    #[arg(long, value_name = "MAP")]
    pub(crate) out: PathBuf,
}

/// `user`
#[derive(Debug, Subcommand)]
pub(crate) enum User {
    /// Maak een account; het wachtwoord wordt gevraagd
    ///
    /// Het eerste account van een installatie wordt beheerder en regiocoördinator van alles, als u geen rol noemt. Latere
    /// accounts krijgen alleen de rollen die u noemt.
    Add(UserAdd),
    /// Nodig iemand uit, die zelf een wachtwoord kiest
    ///
    /// De uitnodiging gaat per mail, zodra Kernschil draait. De link werkt één keer, een week lang. Wie al uitgenodigd is,
    /// krijgt een nieuwe link; de vorige werkt dan niet meer.
    Invite(UserInvite),
    /// Geef iemand een link om een nieuw wachtwoord te kiezen
    ///
    /// De link werkt één keer, een uur lang. Het oude wachtwoord werkt tot die tijd.
    Reset(UserReset),
    /// Toon de accounts en hun rollen
    List,
    /// Geef een account een rol, of beëindig een rol
    Role(UserRole),
}

const ROLE_HELP: &str = "\
Rollen schrijft u als ROL, of als ROL:SOORT:WELKE:
  beheerder
  regiocoordinator                             regiocoördinator van alle regio's
  regiocoordinator:regio:NAAM
  partnerschapscoordinator:partnerschap:NAAM
  pabo-medewerker:instituut:BRIN
  schoolopleider:school:SCHOOLCODE
  schoolopleider:cluster:OPLEIDERNUMMER
  bestuurder:bestuur:BESTUURSNUMMER
  lezer                                        lezer van alles
  lezer:regio:NAAM  lezer:partnerschap:NAAM  lezer:instituut:BRIN";

/// `user add`
#[derive(Debug, Args)]
#[command(after_help = ROLE_HELP)]
pub(crate) struct UserAdd {
    /// E-mailadres om mee in te loggen
    #[arg(long, value_name = "ADRES")]
    pub(crate) email: String,
    /// Naam
    #[arg(long, value_name = "NAAM")]
    pub(crate) name: String,
    /// Rol vanaf vandaag; mag vaker
    #[arg(long, value_name = "ROL")]
    pub(crate) role: Vec<String>,
    /// Lees het wachtwoord van de standaardinvoer in plaats van het te vragen
    #[arg(long)]
    pub(crate) password_stdin: bool,
}

/// `user invite`
#[derive(Debug, Args)]
#[command(after_help = ROLE_HELP)]
pub(crate) struct UserInvite {
    /// E-mailadres waar de uitnodiging heen gaat
    #[arg(long, value_name = "ADRES")]
    pub(crate) email: String,
    /// Naam; bij wie al uitgenodigd is, mag u hem weglaten
    #[arg(long, value_name = "NAAM")]
    pub(crate) name: Option<String>,
    /// Rol vanaf vandaag; mag vaker
    #[arg(long, value_name = "ROL")]
    pub(crate) role: Vec<String>,
    /// Toon de link ook hier; wie de link heeft, heeft het account
    #[arg(long)]
    pub(crate) print_link: bool,
}

/// `user reset`
#[derive(Debug, Args)]
pub(crate) struct UserReset {
    /// E-mailadres van het account
    #[arg(long, value_name = "ADRES")]
    pub(crate) email: String,
    /// Zet ook de tweede factor uit, voor wie zijn telefoon kwijt is
    #[arg(long)]
    pub(crate) second_factor: bool,
}

/// `user role`
#[derive(Debug, Args)]
#[command(after_help = ROLE_HELP)]
pub(crate) struct UserRole {
    /// E-mailadres van het account
    #[arg(long, value_name = "ADRES")]
    pub(crate) email: String,
    /// Rol om te geven, vanaf vandaag; mag vaker
    #[arg(long, value_name = "ROL")]
    pub(crate) add: Vec<String>,
    /// Rol om vandaag te beëindigen; mag vaker
    #[arg(long, value_name = "ROL")]
    pub(crate) end: Vec<String>,
}

/// A file.
#[derive(Debug, Args)]
pub(crate) struct OneFile {
    /// Het bestand met de reservekopie
    #[arg(value_name = "BESTAND")]
    pub(crate) file: PathBuf,
}

/// The Dutch word for a kind of import, as its example files are called.
pub(crate) fn kind_word(kind: ImportKind) -> &'static str {
    match kind {
        ImportKind::Duo => "duo",
        ImportKind::Postcodes => "postcodes",
        ImportKind::TravelTimes => "reistijden",
        ImportKind::Partnerships => "partnerschappen",
        ImportKind::Trainers => "opleiders",
        ImportKind::Offers => "plekken",
        ImportKind::Students => "studenten",
    }
}

/// The Dutch word for a kind of workbook, as its files are called.
fn export_word(kind: ExportKind) -> &'static str {
    match kind {
        ExportKind::Schools => "scholen",
        ExportKind::Students => "studenten",
        ExportKind::Exceptions => "uitzonderingen",
        ExportKind::Coverage => "dekking",
    }
}

fn import_kind() -> impl TypedValueParser<Value = ImportKind> {
    one_of(ImportKind::ALL.map(|kind| (kind, kind_word(kind), kind.code())))
}

fn export_kind() -> impl TypedValueParser<Value = ExportKind> {
    one_of(ExportKind::ALL.map(|kind| (kind, export_word(kind), kind.code())))
}

/// Things by their Dutch word; their stable code is understood too.
fn one_of<T: Copy + Send + Sync + 'static, const N: usize>(
    choices: [(T, &'static str, &'static str); N],
) -> impl TypedValueParser<Value = T> {
    let shown = choices.map(|(_, word, code)| {
        let value = PossibleValue::new(word);
        if word == code { value } else { value.alias(code) }
    });
    PossibleValuesParser::new(shown).try_map(move |text| {
        let found = choices.iter().find(|(_, word, code)| *word == text || *code == text);
        found.map(|(choice, ..)| *choice).ok_or("onbekende soort")
    })
}

fn log_end(text: &str) -> Result<LogEnd, &'static str> {
    LogEnd::parse(text).ok_or("neem de regel over zoals kernschil check audit hem toonde, een getal, een dubbele punt en 64 tekens")
}

fn date(text: &str) -> Result<NaiveDate, &'static str> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| "schrijf een datum als jaar-maand-dag, zoals 2026-10-01")
}
