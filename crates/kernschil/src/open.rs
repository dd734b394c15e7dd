//! Opening the database of this installation, and who may hold it at the same time.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;
use std::sync::Arc;

use kernschil_app::{App, Backend, Reader, StoreSettings, frameworks};
use kernschil_storage::{StorageError, Store};
use tokio::sync::Notify;

use crate::cli::READ_WORKBOOK;
use crate::examples::EXAMPLES;
use crate::exit::{Stop, reason};
use crate::settings::Settings;
use crate::system::{RandomIds, SystemClock};

/// Whether there has to be a database already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// One is made when there is none.
    Any,
    /// There must be one: the work makes no sense on an empty one.
    Existing,
}

/// An open installation. While it lives, nobody puts a backup back.
pub(crate) struct Opened {
    /// The application.
    pub(crate) app: App,
    // Held for as long as the database is.
    _hold: Option<File>,
}

/// What one process may have to itself in the folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hold {
    /// The database file: everybody shares it, except who puts a backup back.
    Database,
    /// Serving: one process at a time, because it owns the work in the background.
    Serving,
}

impl Hold {
    fn file_name(self) -> &'static str {
        match self {
            Self::Database => "kernschil.lock",
            Self::Serving => "kernschil-serve.lock",
        }
    }
}

/// Opens the installation; makes folder and database where that is meant.
///
/// # Errors
/// [`Stop`] in one line: folder, server, version.
pub(crate) async fn open(settings: &Settings, need: Need) -> Result<Opened, Stop> {
    let (store, hold) = if let Some(url) = &settings.database_url {
        (connect(url.reveal()).await?, None)
    } else {
        let hold = share(settings, need)?;
        (open_file(&settings.database_file()).await?, Some(hold))
    };
    if store.backend() == Backend::Postgres {
        if !store.is_migrated().await? {
            return Err(Stop::outside(
                "database-ouder",
                "De database past nog niet bij deze versie van Kernschil. Voer eerst uit: kernschil migrate",
            ));
        }
    } else {
        store.migrate().await.map_err(|error| match error {
            StorageError::NewerDatabase => error.into(),
            error => unreadable(&settings.database_file(), &error),
        })?;
    }
    ready(app(settings, store)?, hold).await
}

/// An installation of which the database fits this version, with what comes along with the program.
async fn ready(app: App, hold: Option<File>) -> Result<Opened, Stop> {
    frameworks::bring(&app).await?;
    Ok(Opened { app, _hold: hold })
}

/// Opens the installation, does some work and closes it in good order.
///
/// # Errors
/// What the work answers, or why the installation does not open.
pub(crate) async fn with<T>(settings: &Settings, need: Need, work: impl AsyncFnOnce(&App) -> Result<T, Stop>) -> Result<T, Stop> {
    let opened = open(settings, need).await?;
    let outcome = work(&opened.app).await;
    opened.app.store.close().await?;
    outcome
}

/// Opens the installation and brings its database to this version.
///
/// # Errors
/// [`Stop`] in one line.
pub(crate) async fn migrate(settings: &Settings) -> Result<Opened, Stop> {
    match &settings.database_url {
        Some(url) => {
            let store = connect(url.reveal()).await?;
            store.migrate().await?;
            ready(app(settings, store)?, None).await
        }
        None => open(settings, Need::Any).await,
    }
}

fn app(settings: &Settings, store: Store) -> Result<App, Stop> {
    let program = std::env::current_exe().map_err(|error| Stop::internal(&error))?;
    Ok(App {
        store,
        clock: Arc::new(SystemClock),
        ids: Arc::new(RandomIds),
        reader: Reader::Worker { program, argument: READ_WORKBOOK.to_owned() },
        wake: Arc::new(Notify::new()),
        wake_mail: Arc::default(),
        hashes: Arc::default(),
        examples: EXAMPLES.into(),
        address: settings.public_address()?.into(),
        providers: settings.login_providers()?.into(),
    })
}

fn share(settings: &Settings, need: Need) -> Result<File, Stop> {
    if need == Need::Existing && !settings.database_file().exists() {
        let message = format!(
            "Er is geen database in {}. Kies de goede map met --data, of maak een database met kernschil serve of kernschil import.",
            settings.data.display()
        );
        return Err(Stop::outside("geen-database", message));
    }
    let file = lock_file(&settings.data, Hold::Database)?;
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => Err(Stop::outside(
            "wordt-hersteld",
            "Er wordt op dit moment een reservekopie teruggezet. Wacht tot dat klaar is en probeer het opnieuw.",
        )),
        // A file system without locks: then nothing warns, and everything else works.
        Ok(()) | Err(TryLockError::Error(_)) => Ok(file),
    }
}

/// Takes something in the folder for this process alone; released when the file is dropped.
///
/// # Errors
/// `None` inside when another process has it; [`Stop`] when the folder cannot be used.
pub(crate) fn take(folder: &Path, hold: Hold) -> Result<Option<File>, Stop> {
    let file = lock_file(folder, hold)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(unusable(folder, &error)),
    }
}

fn lock_file(folder: &Path, hold: Hold) -> Result<File, Stop> {
    make_folder(folder)?;
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(folder.join(hold.file_name()));
    file.map_err(|error| unusable(folder, &error))
}

/// Makes a folder that only this user can read: it will hold personal data.
fn make_folder(folder: &Path) -> Result<(), Stop> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| unusable(folder, &error))
}

fn unusable(folder: &Path, error: &io::Error) -> Stop {
    let message = format!(
        "In de map {} kan Kernschil niet schrijven ({}). Geef uzelf schrijfrechten of kies een andere map met --data.",
        folder.display(),
        reason(error)
    );
    Stop::outside("map-onbruikbaar", message)
}

async fn open_file(file: &Path) -> Result<Store, Stop> {
    Store::open(&StoreSettings::sqlite(file)).await.map_err(|error| unreadable(file, &error))
}

fn unreadable(file: &Path, error: &StorageError) -> Stop {
    let text = error.to_string();
    let name = file.display();
    tracing::debug!(error = %text, "the database does not open");
    let (code, why) = if text.contains("not a database") || text.contains("malformed") {
        ("database-beschadigd", "is beschadigd of geen database van Kernschil. Zet een reservekopie terug met kernschil restore")
    } else if text.contains("readonly") {
        ("database-alleen-lezen", "is alleen-lezen. Geef uzelf schrijfrechten op het bestand")
    } else if text.contains("locked") {
        ("database-bezet", "is bezet door een ander programma. Stop dat en probeer het opnieuw")
    } else {
        ("database-onleesbaar", "is niet te openen. Controleer de rechten en de schijf, of kies een andere map met --data")
    };
    Stop::outside(code, format!("De database {name} {why}."))
}

async fn connect(url: &str) -> Result<Store, Stop> {
    if !["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme)) {
        let message = "De instelling \"database_url\" moet beginnen met postgres://. Voor een database in een bestand gebruikt u --data.";
        return Err(Stop::usage("instelling-ongeldig", message));
    }
    let settings = StoreSettings { url: url.to_owned() };
    Store::open(&settings).await.map_err(|error| {
        tracing::debug!(%error, "no connection to PostgreSQL");
        let message = format!(
            "PostgreSQL op {} is niet bereikbaar of weigert de verbinding. Controleer of de server draait en of adres, naam en wachtwoord in de instelling \"database_url\" kloppen.",
            host(url)
        );
        Stop::outside("database-onbereikbaar", message)
    })
}

/// The host in an address, without name and password; nothing of an address that is not clear.
fn host(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let has_port = host.ends_with(']') || host.rsplit_once(':').is_none_or(|(_, port)| port.parse::<u16>().is_ok());
    let is_clear = !path.contains('@') && has_port && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte));
    if is_clear { host.to_owned() } else { "het ingestelde adres".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_and_password_are_left_out() {
        assert_eq!(host("postgres://user:p@ss@db.example:5432/kernschil?sslmode=require&password=x"), "db.example:5432");
        assert_eq!(host("postgres://db.example/kernschil"), "db.example");
        for unclear in ["postgres://user:pa/ss@db/k", "postgres://user:pa#ss", "postgres://user:secret", "postgres://h/k?password=a@b"] {
            assert_eq!(host(unclear), "het ingestelde adres");
        }
    }

    #[test]
    fn what_one_process_has_another_does_not_get() {
        let folder = tempfile::tempdir().unwrap();
        let held = take(folder.path(), Hold::Serving).unwrap();
        assert!(held.is_some());
        assert!(take(folder.path(), Hold::Serving).unwrap().is_none());
        assert!(take(folder.path(), Hold::Database).unwrap().is_some());
        drop(held);
        assert!(take(folder.path(), Hold::Serving).unwrap().is_some());
    }

    #[test]
    fn a_folder_that_cannot_be_is_told_in_one_line() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a");
        std::fs::write(&file, "").unwrap();
        let stop = take(&file.join("b"), Hold::Database).unwrap_err();
        assert_eq!((stop.exit, stop.code.as_str()), (crate::exit::Exit::Outside, "map-onbruikbaar"));
        assert!(stop.message.contains("een deel van het pad is geen map"), "{}", stop.message);
    }
}
