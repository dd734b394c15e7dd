//! Where people live and schools stand, and how long the way between them takes.

use serde::{Deserialize, Serialize};

use crate::policy::TravelMode;

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

/// An estimate in three parts: minutes before one leaves and after one arrives, a pace up to a distance, and a faster one
/// beyond it.
struct Pace {
    /// Minutes for walking, waiting and parking, for a trip of any length.
    start: u32,
    /// How far the first pace holds, in metres as the crow flies.
    near: u32,
    /// Seconds per kilometre up to there.
    first: u32,
    /// Seconds per kilometre beyond.
    then: u32,
}

/// Estimated minutes from door to door, one way, for a manner of travelling, rounded up; nothing to the same place.
///
/// Inferred figures, not facts, over the crow-fly distance: by bicycle as [`travel_minutes`]; by car 5 minutes, 2 minutes per
/// kilometre up to 10 km (30 km/h) and 1 minute beyond (60 km/h); by public transport 12 minutes, 3 minutes per kilometre
/// up to 10 km and 1.5 minutes beyond. Loaded travel times go before them.
pub fn travel_minutes_by(mode: TravelMode, a: Coordinate, b: Coordinate) -> u16 {
    let pace = match mode {
        TravelMode::Bicycle => return travel_minutes(a, b),
        TravelMode::Car => Pace { start: 5, near: 10_000, first: 120, then: 60 },
        TravelMode::Transit => Pace { start: 12, near: 10_000, first: 180, then: 90 },
    };
    let metres = distance_metres(a, b);
    if metres == 0 {
        return 0;
    }
    let near = u64::from(metres.min(pace.near));
    let far = u64::from(metres) - near;
    // Seconds per kilometre times metres: thousandths of a second.
    let moving = (near * u64::from(pace.first) + far * u64::from(pace.then)).div_ceil(60_000);
    u16::try_from(moving + u64::from(pace.start)).unwrap_or(u16::MAX)
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

    #[test]
    fn each_manner_of_travelling_has_its_own_estimate() {
        let by = |mode| travel_minutes_by(mode, NIJMEGEN, ARNHEM);
        assert_eq!((by(TravelMode::Bicycle), by(TravelMode::Car), by(TravelMode::Transit)), (42, 31, 51));
        for mode in TravelMode::ALL {
            assert_eq!(travel_minutes_by(*mode, ARNHEM, ARNHEM), 0);
        }
        let far = Coordinate { latitude: 9_000_000, longitude: 18_000_000 };
        assert!(TravelMode::ALL.iter().all(|mode| travel_minutes_by(*mode, far, NIJMEGEN) > 1_000));
    }
}
