//! What happens to a mail, seen from the outbox and from a receiver that speaks SMTP.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

mod folder;
mod receiver;
mod settings;
mod smtp;

use chrono::{TimeZone as _, Utc};
use kernschil_mail::Outgoing;
use uuid::Uuid;

/// A mail with the letters that Dutch has and a bare program forgets.
fn mail() -> Outgoing {
    Outgoing {
        id: Uuid::from_u128(0x0190_5b3c_7a10_7000_8000_0000_0000_0007),
        to: "zoe@school.nl".to_owned(),
        to_name: Some("Zoë Müller-Café".to_owned()),
        subject: "Plaatsing één – België en de coördinator".to_owned(),
        text: "Beste Zoë,\n\nJe bent geplaatst — zie € 0,00 aan reiskosten.\n.punt vooraan\n\nGroet,\nSanne\n".to_owned(),
        at: Utc.with_ymd_and_hms(2026, 3, 9, 8, 30, 0).unwrap(),
    }
}
