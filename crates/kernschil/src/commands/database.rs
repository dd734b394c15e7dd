//! `kernschil migrate`, `backup` and `restore`: the database as a whole.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use kernschil_domain::ids::Clock;
use kernschil_storage::{StorageError, Store};
use serde_json::json;

use crate::exit::{Exit, Stop, reason};
use crate::open::{self, Hold, Need, take};
use crate::output::Answer;
use crate::settings::Settings;
use crate::system::SystemClock;

/// Brings the database to this version.
pub(crate) async fn migrate(settings: &Settings) -> Result<Answer, Stop> {
    open::migrate(settings).await?.app.store.close().await?;
    Ok(Answer::done("De database past bij deze versie.", json!({ "migrated": true })))
}

/// Writes a copy of the database to a new file. It appears under its name only when it is complete.
pub(crate) async fn backup(settings: &Settings, file: &Path) -> Result<Answer, Stop> {
    require_file_database(settings, "Maak van PostgreSQL een reservekopie met pg_dump.")?;
    if file.exists() {
        return Err(Stop::usage("bestaat-al", format!("Het bestand {} bestaat al. Kies een andere naam.", file.display())));
    }
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let unwritable = |error: io::Error| {
        let message = format!("In de map {} kan de reservekopie niet staan: {}. Kies een andere map.", folder.display(), reason(&error));
        Stop::outside("map-onbruikbaar", message)
    };
    let workplace = Workplace::new(folder, file).map_err(unwritable)?;
    let copy = workplace.0.join("kopie.sqlite3");
    open::with(settings, Need::Existing, async |app| Ok(app.store.backup(&copy).await?)).await?;
    Store::inspect(&copy).await?;
    settle(&copy).map_err(unwritable)?;
    fs::rename(&copy, file).map_err(unwritable)?;
    let bytes = fs::metadata(file).map_err(unwritable)?.len();
    let text = format!("De reservekopie staat in {}. Er staan persoonsgegevens in: bewaar haar veilig.", file.display());
    Ok(Answer::done(text, json!({ "file": file, "bytes": bytes })))
}

/// Puts a copy back in place of the database, which is kept under another name.
pub(crate) async fn restore(settings: &Settings, file: &Path) -> Result<Answer, Stop> {
    require_file_database(settings, "Zet een reservekopie van PostgreSQL terug met pg_restore of psql.")?;
    let found = fs::metadata(file).map_err(|error| {
        Stop::outside("bestand-onleesbaar", format!("Het bestand {} is niet te lezen: {}.", file.display(), reason(&error)))
    })?;
    if !found.is_file() {
        return Err(Stop::outside("bestand-onleesbaar", format!("{} is geen bestand.", file.display())));
    }
    let Some(_hold) = take(&settings.data, Hold::Database)? else {
        let message =
            format!("Kernschil gebruikt de database in {} nog. Stop Kernschil eerst en probeer het dan opnieuw.", settings.data.display());
        return Err(Stop::outside("draait-nog", message));
    };
    let database = settings.database_file();
    let broken = |error: io::Error| {
        let message = format!("De reservekopie is niet teruggezet: {}. De database is niet veranderd.", reason(&error));
        Stop::outside("niet-teruggezet", message)
    };
    // What is looked at is what is put in place: a copy in the same folder, that nobody else changes.
    let workplace = Workplace::new(&settings.data, &database).map_err(broken)?;
    let copy = workplace.0.join("kopie.sqlite3");
    fs::copy(file, &copy).map_err(broken)?;
    Store::inspect(&copy).await.map_err(|error| unusable(file, &error))?;
    settle(&copy).map_err(broken)?;
    let kept = if database.exists() { Some(keep(&database).map_err(broken)?) } else { None };
    fs::rename(&copy, &database).map_err(broken)?;
    let text = match &kept {
        Some(kept) => format!("De reservekopie is teruggezet. De vorige database heet nu {}.", kept.display()),
        None => "De reservekopie is teruggezet.".to_owned(),
    };
    Ok(Answer::done(text, json!({ "restored": file, "kept": kept })))
}

/// Closes a copy to others and makes sure it is on the disk.
fn settle(copy: &Path) -> io::Result<()> {
    #[cfg(unix)]
    fs::set_permissions(copy, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    fs::File::open(copy)?.sync_all()
}

fn require_file_database(settings: &Settings, advice: &str) -> Result<(), Stop> {
    if settings.database_url.is_some() { Err(Stop::usage("alleen-sqlite", advice)) } else { Ok(()) }
}

fn unusable(file: &Path, error: &StorageError) -> Stop {
    tracing::debug!(%error, "the backup is refused");
    if matches!(error, StorageError::NewerDatabase) {
        let message =
            format!("{} is gemaakt door een nieuwere versie van Kernschil. Werk het programma bij en probeer het opnieuw.", file.display());
        return Stop::outside("database-nieuwer", message);
    }
    let message = format!("{} is beschadigd of geen reservekopie van Kernschil. De database is niet veranderd.", file.display());
    Stop::new(Exit::No, "geen-reservekopie", message)
}

/// Keeps a database under another name, with what SQLite had not yet worked into it. The file itself
/// stays in its place as well, until something else is put over it.
fn keep(database: &Path) -> io::Result<PathBuf> {
    let time = SystemClock.now().format("%Y%m%d-%H%M%S%.3f");
    let kept = with_suffix(database, &format!(".voor-herstel-{time}"));
    fs::hard_link(database, &kept).or_else(|_| fs::copy(database, &kept).map(|_| ()))?;
    for suffix in ["-wal", "-shm"] {
        let beside = with_suffix(database, suffix);
        if beside.exists() {
            fs::rename(&beside, with_suffix(&kept, suffix))?;
        }
    }
    Ok(kept)
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}

/// A folder for this work alone, next to its result, gone afterwards.
struct Workplace(PathBuf);

impl Workplace {
    fn new(folder: &Path, result: &Path) -> io::Result<Self> {
        let name = result.file_name().unwrap_or_default().to_string_lossy();
        let path = folder.join(format!(".{name}.{}", std::process::id()));
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Workplace {
    fn drop(&mut self) {
        // A folder that stays behind does no harm.
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use kernschil_app::access::{self, NewUser};
    use kernschil_storage::access::count_users;

    use super::*;
    use crate::open::{open, with};

    async fn add(settings: &Settings, email: &str) {
        let new = NewUser { email: email.into(), name: "Sanne".into(), password: "een lange zin als wachtwoord".into(), roles: Vec::new() };
        with(settings, Need::Any, async |app| Ok(access::add_user(app, &kernschil_app::Actor::CommandLine, new.clone()).await?))
            .await
            .unwrap();
    }

    async fn users(settings: &Settings) -> u64 {
        let count = async |app: &kernschil_app::App| Ok(app.store.read(async |tx| count_users(tx).await).await?);
        with(settings, Need::Existing, count).await.unwrap()
    }

    #[tokio::test]
    async fn a_copy_comes_back_and_what_was_there_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings::of_folder(&folder.path().join("data"));
        let file = folder.path().join("kopie.db");
        add(&settings, "een@school.nl").await;
        backup(&settings, &file).await.unwrap();
        add(&settings, "twee@school.nl").await;
        assert_eq!(backup(&settings, &file).await.unwrap_err().code, "bestaat-al");

        let answer = restore(&settings, &file).await.unwrap();
        assert_eq!(users(&settings).await, 1);
        let kept = PathBuf::from(answer.json["kept"].as_str().unwrap());
        let elsewhere = Settings::of_folder(&folder.path().join("elders"));
        fs::create_dir(&elsewhere.data).unwrap();
        fs::rename(&kept, elsewhere.database_file()).unwrap();
        assert_eq!(users(&elsewhere).await, 2);
    }

    #[tokio::test]
    async fn nothing_is_put_back_while_the_database_is_in_use_or_from_a_file_that_is_no_copy() {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings::of_folder(&folder.path().join("data"));
        let file = folder.path().join("kopie.db");
        add(&settings, "een@school.nl").await;
        backup(&settings, &file).await.unwrap();
        let opened = open(&settings, Need::Existing).await.unwrap();
        assert_eq!(restore(&settings, &file).await.unwrap_err().code, "draait-nog");
        opened.app.store.clone().close().await.unwrap();
        drop(opened);
        fs::write(&file, "iets anders").unwrap();
        let refused = restore(&settings, &file).await.unwrap_err();
        assert_eq!((refused.exit, refused.code.as_str()), (Exit::No, "geen-reservekopie"));
        assert_eq!(restore(&settings, &folder.path().join("nergens")).await.unwrap_err().exit, Exit::Outside);
        assert_eq!(users(&settings).await, 1);
        let names: Vec<_> = fs::read_dir(&settings.data).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert!(names.iter().all(|name| !name.to_string_lossy().starts_with('.')), "{names:?}");
    }
}
