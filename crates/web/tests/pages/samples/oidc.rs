//! Signing in at a provider.

use kernschil_web::components::nav::NavItem;
use kernschil_web::views::oidc::{LeavingView, LoginRow, LoginsView, LostView, leaving_page, logins_page, lost_page, unknown_page};
use maud::Markup;

use super::{HOSTILE, frame, stranger, text};

fn logins() -> LoginsView {
    let row = |handle: &str, organisation: &str| LoginRow {
        handle: text(handle),
        name: text("SURFconext"),
        organisation: text(organisation),
        linked: text("op 1 september 2026 om 09.12 uur"),
        used: text("vandaag om 08.30 uur"),
    };
    LoginsView {
        rows: vec![row("a1", "pabo.example.nl"), row("b2", HOSTILE), LoginRow { used: String::new(), ..row("c3", "") }],
        providers: vec![(text("surfconext"), text("SURFconext")), (text("elders"), text(HOSTILE))],
    }
}

fn lost(again: Option<(String, String)>) -> LostView {
    LostView {
        name: text("SURFconext"),
        message: text("De inlogdienst is nu niet bereikbaar. Probeer het over een paar minuten opnieuw."),
        code: text("inlogdienst-onbereikbaar"),
        request_id: text("0192-7f"),
        again,
    }
}

/// The pages.
pub(crate) fn pages() -> Vec<(&'static str, Markup)> {
    let own = frame(NavItem::Elsewhere);
    let leaving = LeavingView { name: text(HOSTILE), address: text("/elders/authorize?state=1") };
    let nothing_linked = LoginsView { rows: Vec::new(), ..logins() };
    let again = Some((text("Probeer het opnieuw"), text("/inloggen/surfconext")));
    vec![
        ("inlogdiensten", logins_page(&own, &logins())),
        ("inlogdiensten-leeg", logins_page(&own, &nothing_linked)),
        ("inlogdiensten-geen", logins_page(&own, &LoginsView::default())),
        ("inlogdienst-verder", leaving_page(&own, &leaving)),
        ("inlogdienst-mislukt", lost_page(&stranger(), &lost(again.clone()))),
        ("inlogdienst-niet-gekoppeld", lost_page(&own, &lost(again))),
        ("inlogdienst-uitnodiging", lost_page(&stranger(), &lost(None))),
        ("inlogdienst-onbekend", unknown_page(&stranger(), &lost(None), "")),
        ("inlogdienst-onbekend-hier", unknown_page(&own, &lost(None), HOSTILE)),
    ]
}
