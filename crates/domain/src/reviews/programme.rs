//! What collides in the programme of a visit day.

use super::ProgrammeItem;
use crate::ids::ProgrammeItemId;

/// What two parts of a programme want at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Collision {
    /// The same room.
    Room,
    /// The same members of the panel.
    Members,
}

/// Two parts of a programme that are at the same time and want the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overlap {
    /// The part that comes first in the programme.
    pub first: ProgrammeItemId,
    /// The other part.
    pub second: ProgrammeItemId,
    /// What both want.
    pub what: Collision,
}

/// Everything that collides, in the order of the programme. A part without members is for the whole panel.
pub fn overlaps(programme: &[ProgrammeItem]) -> Vec<Overlap> {
    let mut found = Vec::new();
    for (at, first) in programme.iter().enumerate() {
        for second in &programme[at + 1..] {
            let together = first.starts_at < second.ends_at && second.starts_at < first.ends_at;
            if !together {
                continue;
            }
            let overlap = |what| Overlap { first: first.id, second: second.id, what };
            let same_room = !first.room.is_empty() && first.room.to_lowercase() == second.room.to_lowercase();
            let whole_panel = first.members.is_empty() || second.members.is_empty();
            let same_members = whole_panel || first.members.iter().any(|member| second.members.contains(member));
            found.extend(same_room.then(|| overlap(Collision::Room)));
            found.extend(same_members.then(|| overlap(Collision::Members)));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use chrono::NaiveTime;
    use uuid::Uuid;

    use super::*;
    use crate::ids::{MemberId, ReviewId, Version};

    fn item(number: u128, (from, to): (u32, u32), room: &str, members: &[u128]) -> ProgrammeItem {
        let at = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
        ProgrammeItem {
            id: ProgrammeItemId(Uuid::from_u128(number)),
            review: ReviewId(Uuid::nil()),
            starts_at: at(from),
            ends_at: at(to),
            title: "Gesprek".to_owned(),
            room: room.to_owned(),
            audience: "schoolopleiders".to_owned(),
            members: members.iter().map(|member| MemberId(Uuid::from_u128(*member))).collect(),
            version: Version(1),
        }
    }

    fn kinds(first: ProgrammeItem, second: ProgrammeItem) -> Vec<Collision> {
        overlaps(&[first, second]).into_iter().map(|overlap| overlap.what).collect()
    }

    #[test]
    fn what_follows_does_not_collide_and_what_is_at_the_same_time_does() {
        assert_eq!(kinds(item(1, (9, 10), "A", &[]), item(2, (10, 11), "A", &[])), []);
        assert_eq!(kinds(item(1, (9, 11), "Aula", &[1]), item(2, (10, 12), "aula", &[2])), [Collision::Room]);
        assert_eq!(kinds(item(1, (9, 11), "A", &[1, 2]), item(2, (10, 12), "B", &[2])), [Collision::Members]);
        assert_eq!(kinds(item(1, (9, 11), "A", &[]), item(2, (10, 12), "B", &[2])), [Collision::Members]);
        assert_eq!(kinds(item(1, (9, 11), "", &[1]), item(2, (10, 12), "", &[2])), []);
    }
}
