use std::fs;

use kernschil_mail::{Cause, Outgoing, Reason, SendError, Sender, Settings, Step, Transport};
use mail_parser::MessageParser;

use crate::mail;

fn settings(path: std::path::PathBuf) -> Settings {
    Settings { from: "kernschil@samenopleiden.test".to_owned(), transport: Transport::Folder(path) }
}

#[tokio::test]
async fn a_mail_becomes_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("post").join("uit");
    let sender = Sender::new(settings(path.clone())).unwrap();
    sender.send(&mail()).await.unwrap();
    sender.send(&Outgoing { text: "Anders.".to_owned(), ..mail() }).await.unwrap();

    let files: Vec<_> = fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files, [path.join("01905b3c-7a10-7000-8000-000000000007.eml")]);
    let bytes = fs::read(&files[0]).unwrap();
    let read = MessageParser::default().parse(&bytes).unwrap();
    assert_eq!(read.subject(), Some(mail().subject.as_str()));
    assert_eq!(read.body_text(0).unwrap().replace("\r\n", "\n"), mail().text);
}

#[tokio::test]
async fn a_folder_that_is_gone_is_for_later() {
    let folder = tempfile::tempdir().unwrap();
    let sender = Sender::new(settings(folder.path().join("post"))).unwrap();
    fs::remove_dir(folder.path().join("post")).unwrap();
    let expected = SendError::Later(Reason { step: Step::Folder, cause: Cause::Unwritable });
    assert_eq!(sender.send(&mail()).await, Err(expected));
}

#[cfg(unix)]
#[tokio::test]
async fn only_its_owner_can_read_a_mail() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("post");
    Sender::new(settings(path.clone())).unwrap().send(&mail()).await.unwrap();
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o700);
    for entry in fs::read_dir(&path).unwrap() {
        assert_eq!(mode(&entry.unwrap().path()), 0o600);
    }
}
