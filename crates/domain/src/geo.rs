//! Where people live and schools stand, and how long the way between them takes.

use serde::{Deserialize, Serialize};

/// A point on the map in hundred-thousandths of a degree (about one metre).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Coordinate {
    /// Latitude, in 1e-5 degrees north.
    pub latitude: i32,
    /// Longitude, in 1e-5 degrees east.
    pub longitude: i32,
}

/// Distance as the crow flies, in metres. Equirectangular: the error within the Netherlands is under
/// half a percent, well below that of any estimate of travel time.
pub fn distance_metres(a: Coordinate, b: Coordinate) -> u32 {
    // One degree of latitude is 111.2 km; of longitude 68.5 km at 52 degrees north.
    let north = i64::from(a.latitude) - i64::from(b.latitude);
    let east = i64::from(a.longitude) - i64::from(b.longitude);
    let (north, east) = (north * 1112 / 1000, east * 685 / 1000);
    let squared = (north * north + east * east).unsigned_abs();
    u32::try_from(squared.isqrt()).unwrap_or(u32::MAX)
}

/// Estimated minutes from door to door, one way, by public transport or bicycle, whichever is usual
/// for the distance.
///
/// An estimate, not a fact: 4 minutes per kilometre up to 5 km (bicycle, 15 km/h over the crow-fly
/// distance), and beyond that 2 minutes per further kilometre on top (30 km/h door to door), rounded
/// up. A partnership that has better figures replaces the table of travel times.
pub fn travel_minutes(a: Coordinate, b: Coordinate) -> u16 {
    let metres = distance_metres(a, b);
    let near = metres.min(5_000);
    let far = metres - near;
    let minutes = (near * 4).div_ceil(1_000).saturating_add(far.saturating_mul(2).div_ceil(1_000));
    u16::try_from(minutes).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NIJMEGEN: Coordinate = Coordinate { latitude: 5_184_250, longitude: 585_278 };
    const ARNHEM: Coordinate = Coordinate { latitude: 5_198_000, longitude: 591_111 };

    #[test]
    fn nijmegen_and_arnhem_are_sixteen_kilometres_apart() {
        let metres = distance_metres(NIJMEGEN, ARNHEM);
        assert!((15_400..16_200).contains(&metres), "{metres}");
    }

    #[test]
    fn travel_takes_longer_when_farther_and_nothing_to_the_same_place() {
        assert_eq!(travel_minutes(NIJMEGEN, NIJMEGEN), 0);
        assert_eq!(travel_minutes(NIJMEGEN, ARNHEM), 42);
    }
}
