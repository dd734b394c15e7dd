//! Moments in Dutch words, in the time of the Netherlands.

use chrono::{DateTime, Utc};
use chrono_tz::Europe::Amsterdam;
use kernschil_domain::periods::dutch_date;

/// As part of a sentence: `vandaag om 14.05 uur`, or `op 22 november 2026 om 14.05 uur`.
pub(super) fn when(moment: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let (local, today) = (moment.with_timezone(&Amsterdam), now.with_timezone(&Amsterdam).date_naive());
    let day = if local.date_naive() == today { "vandaag".to_owned() } else { format!("op {}", dutch_date(local.date_naive())) };
    format!("{day} om {} uur", local.format("%H.%M"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_told_in_dutch_time() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let now = at("2026-07-01T12:00:00Z");
        assert_eq!(when(at("2026-07-01T08:05:00Z"), now), "vandaag om 10.05 uur");
        assert_eq!(when(at("2026-06-30T22:30:00Z"), now), "vandaag om 00.30 uur");
        assert_eq!(when(at("2026-01-15T08:05:00Z"), now), "op 15 januari 2026 om 09.05 uur");
    }
}
