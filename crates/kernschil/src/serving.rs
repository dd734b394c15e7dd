//! Serving: the socket, the worker for the background, and stopping in good order.

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener, ToSocketAddrs};
use std::time::Duration;

use kernschil_app::mail::{self, Sender};
use kernschil_app::{App, access, jobs};
use kernschil_http::FIRST_RUN_PATH;
use poem::Server;
use poem::listener::TcpAcceptor;
use serde_json::json;
use tokio::sync::watch;

use crate::exit::{Stop, reason};
use crate::open::{Hold, Need, open, take};
use crate::output::{self, Answer, Format};
use crate::settings::{self, Settings};
use crate::site::site;

/// How long requests and work in the background get to end.
const GRACE: Duration = Duration::from_secs(10);
/// A connection without traffic is closed after this long.
const IDLE: Duration = Duration::from_mins(2);

/// `kernschil serve`
pub(crate) async fn serve(settings: &Settings, format: Format) -> Result<Answer, Stop> {
    let socket = bind(&settings.listen)?;
    let _hold = hold_serving(settings)?;
    let sender = settings.mail_sender()?;
    let opened = open(settings, Need::Any).await?;
    let address = base_address(&socket)?;
    let first = access::is_first_run(&opened.app).await?;
    match format {
        Format::Json => output::say(&json!({ "address": address, "version": env!("CARGO_PKG_VERSION") }).to_string()),
        Format::Text => {
            output::say(&format!("Kernschil draait op {address} (stoppen: Ctrl-C)"));
            if first {
                output::say(&format!("Maak het eerste account op {address}{FIRST_RUN_PATH}"));
            }
        }
    }
    warn_when_open(settings, &socket);
    run(opened.app, settings, socket, sender).await?;
    Ok(Answer::done("", json!({ "stopped": true })))
}

/// Takes the right to serve this folder. PostgreSQL is made to be shared.
pub(crate) fn hold_serving(settings: &Settings) -> Result<Option<std::fs::File>, Stop> {
    if settings.database_url.is_some() {
        return Ok(None);
    }
    let hold = take(&settings.data, Hold::Serving)?;
    if hold.is_none() {
        let message =
            format!("Kernschil draait al met de map {}. Stop dat eerst, of kies een andere map met --data.", settings.data.display());
        return Err(Stop::outside("draait-al", message));
    }
    Ok(hold)
}

/// Serves until somebody stops the program.
pub(crate) async fn run(app: App, settings: &Settings, socket: TcpListener, sender: Sender) -> Result<(), Stop> {
    // Without a setting people reach us where we listen, which may be known only now.
    let app = if settings.address.is_none() { App { address: base_address(&socket)?.into(), ..app } } else { app };
    let site = site(app.clone(), settings)?;
    socket.set_nonblocking(true).map_err(|error| Stop::internal(&error))?;
    let acceptor = TcpAcceptor::from_std(socket).map_err(|error| Stop::internal(&error))?;
    let (stop, stopped) = watch::channel(());
    let worker = tokio::spawn(jobs::run(app.clone(), until(stopped.clone())));
    let mails = tokio::spawn(mail::run(app.clone(), sender, until(stopped)));
    let signal = async move {
        asked_to_stop().await;
        drop(stop);
    };
    let server = Server::new_with_acceptor(acceptor).idle_timeout(IDLE);
    server.run_with_graceful_shutdown(site, signal, Some(GRACE)).await.map_err(|error| Stop::internal(&error))?;
    if tokio::time::timeout(GRACE, async { tokio::join!(worker, mails) }).await.is_err() {
        tracing::warn!("work in the background did not end in time; it goes on at the next start");
    }
    app.store.close().await?;
    Ok(())
}

/// Ready when the sender is gone.
async fn until(mut stopped: watch::Receiver<()>) {
    while stopped.changed().await.is_ok() {}
}

/// Ready when somebody presses Ctrl-C or the machine asks the program to stop.
pub(crate) async fn asked_to_stop() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}

/// Takes the address and port before anything else is done.
pub(crate) fn bind(listen: &str) -> Result<TcpListener, Stop> {
    let bad = || {
        let message = format!("\"{listen}\" is geen adres met een poort. Schrijf bijvoorbeeld 127.0.0.1:8080 in de instelling \"listen\".");
        Stop::usage("instelling-ongeldig", message)
    };
    let address: SocketAddr = listen.to_socket_addrs().map_err(|_| bad())?.next().ok_or_else(bad)?;
    TcpListener::bind(address).map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => {
            let other = SocketAddr::new(address.ip(), address.port().checked_add(1).unwrap_or(8080));
            let message = format!(
                "Poort {} is al in gebruik. Stop het andere programma of kies een andere poort, bijvoorbeeld: --listen {other}",
                address.port()
            );
            Stop::outside("poort-bezet", message)
        }
        ErrorKind::AddrNotAvailable => {
            let message = format!("Het adres {} hoort niet bij deze machine. Kies een ander adres met --listen.", address.ip());
            Stop::outside("adres-onbekend", message)
        }
        ErrorKind::PermissionDenied => {
            let message = format!("Op poort {} mag Kernschil niet luisteren. Kies met --listen een poort vanaf 1024.", address.port());
            Stop::outside("poort-verboden", message)
        }
        _ => Stop::outside("poort-onbruikbaar", format!("Op {address} kan Kernschil niet luisteren: {}.", reason(&error))),
    })
}

/// The address for a browser on this machine.
pub(crate) fn base_address(socket: &TcpListener) -> Result<String, Stop> {
    Ok(settings::of_socket(socket.local_addr().map_err(|error| Stop::internal(&error))?))
}

fn warn_when_open(settings: &Settings, socket: &TcpListener) {
    let is_local = socket.local_addr().is_ok_and(|address| address.ip().is_loopback());
    if !is_local && !settings.secure_cookies {
        output::warn("Kernschil is vanaf het netwerk te bereiken zonder https. Zet er een proxy met https voor en stel secure_cookies in.");
    }
    if settings.secure_cookies && settings.keeps_mail() {
        output::warn(
            "Er is geen mailserver ingesteld. Uitnodigingen en links voor een nieuw wachtwoord komen in een map en worden niet verstuurd. Stel mail_host in.",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exit::Exit;

    #[test]
    fn a_port_in_use_is_told_with_another_to_try() {
        let taken = bind("127.0.0.1:0").unwrap();
        let address = taken.local_addr().unwrap();
        let stop = bind(&address.to_string()).unwrap_err();
        assert_eq!((stop.exit, stop.code.as_str()), (Exit::Outside, "poort-bezet"));
        assert!(stop.message.contains(&format!("Poort {} is al in gebruik", address.port())), "{}", stop.message);
        assert_eq!(base_address(&taken).unwrap(), format!("http://{address}"));
    }

    #[test]
    fn what_is_no_address_is_wrong_use() {
        for listen in ["", "8080", "127.0.0.1", "127.0.0.1:poort"] {
            assert_eq!(bind(listen).unwrap_err().exit, Exit::Usage, "{listen}");
        }
    }
}
