//! The schools of an example with their memberships: real ones from the source lists and the made-up
//! ones of the plan.

use kernschil_domain::geo::{Coordinate, travel_minutes};

use crate::plan::{Plan, Standard};
use crate::rng::Rng;
use crate::sources::{Area, BoardRole, Fallible, SourceSchool, areas, board_roles, schools};

/// A school in an example.
pub(crate) struct School {
    /// BRIN with vestiging.
    pub(crate) code: String,
    /// Name.
    pub(crate) name: String,
    /// Sector.
    pub(crate) sector: &'static str,
    /// Postcode.
    pub(crate) postcode: String,
    /// Town.
    pub(crate) place: String,
    /// Number of the board.
    pub(crate) board: String,
    /// Where it stands.
    pub(crate) at: Coordinate,
    /// Partnerships it is a member of.
    pub(crate) members: Vec<Member>,
    /// Whether it keeps to the conditions.
    pub(crate) standard: Standard,
    /// What is known of its quality: kind and value.
    pub(crate) evidence: Vec<(&'static str, String)>,
    /// How much it can take, in the spreading of places.
    pub(crate) size: u64,
    /// How much it is wished for.
    pub(crate) popularity: u64,
}

/// A membership of a school.
pub(crate) struct Member {
    /// Partnership.
    pub(crate) partnership: &'static str,
    /// kern or schil.
    pub(crate) tier: &'static str,
    /// First day.
    pub(crate) since: &'static str,
    /// Code of the kern school that guides it; empty when none does.
    pub(crate) buddy: String,
}

impl School {
    /// Its tier in a partnership.
    pub(crate) fn tier(&self, partnership: &str) -> Option<&'static str> {
        self.members.iter().find(|m| m.partnership == partnership).map(|m| m.tier)
    }
}

/// The registry of an example.
pub(crate) struct World {
    /// Boards in their partnerships.
    pub(crate) boards: Vec<BoardRole>,
    /// Schools, by code.
    pub(crate) schools: Vec<School>,
    /// Postcode areas.
    pub(crate) areas: Vec<Area>,
}

impl World {
    /// Where the area of a postcode lies.
    pub(crate) fn area(&self, postcode: &str) -> Fallible<&Area> {
        let digits = postcode.get(..4).unwrap_or(postcode);
        self.areas.iter().find(|a| a.code == digits).ok_or_else(|| format!("postcodegebied {digits} staat niet in de bron").into())
    }
}

/// Makes the schools of a plan.
pub(crate) fn build(plan: &Plan, rng: &mut Rng) -> Fallible<World> {
    let mut world = World { boards: board_roles(plan.folder)?, schools: Vec::new(), areas: areas()? };
    for source in schools(plan.folder)? {
        let at = world.area(source.postcode)?.at;
        if let Some(school) = real_school(&source, at, &world.boards, &world.schools, rng) {
            world.schools.push(school);
        }
    }
    for demo in plan.demo_schools {
        let since = world.boards.iter().find(|b| b.number == demo.board).map_or("", |b| b.since);
        let members = demo.member.iter().map(|&(partnership, tier)| Member { partnership, tier, since, buddy: String::new() });
        world.schools.push(School {
            code: demo.code.to_owned(),
            name: demo.name.to_owned(),
            sector: demo.sector,
            postcode: demo.postcode.to_owned(),
            place: demo.place.to_owned(),
            board: demo.board.to_owned(),
            at: world.area(demo.postcode)?.at,
            members: members.collect(),
            standard: demo.standard,
            evidence: demo.evidence.iter().map(|(kind, value)| (*kind, (*value).to_owned())).collect(),
            size: 6,
            popularity: 2,
        });
    }
    world.schools.sort_by(|a, b| a.code.cmp(&b.code));
    give_buddies(&mut world.schools);
    Ok(world)
}

/// A real school, if its board says it is to be in the example.
fn real_school(source: &SourceSchool, at: Coordinate, boards: &[BoardRole], known: &[School], rng: &mut Rng) -> Option<School> {
    let nth = known.iter().filter(|s| s.board == source.board && s.members.is_empty()).count();
    let members: Vec<_> = boards.iter().filter(|b| b.number == source.board).filter_map(|b| member(b, source.code)).collect();
    let outside: usize = boards.iter().filter(|b| b.number == source.board).map(|b| b.outside).sum();
    if members.is_empty() && nth >= outside {
        return None;
    }
    let size = rng.between(2, 5) + if rng.chance(20) { 4 } else { 0 };
    let popularity = if rng.chance(8) { rng.between(8, 14) } else { rng.between(1, 4) };
    Some(School {
        code: source.code.to_owned(),
        name: source.name.to_owned(),
        sector: "bo",
        postcode: source.postcode.to_owned(),
        place: source.place.to_owned(),
        board: source.board.to_owned(),
        at,
        members,
        standard: Standard::Met,
        evidence: Vec::new(),
        size,
        popularity,
    })
}

/// The part of a school in a partnership of its board, always the same for the same school.
fn member(board: &BoardRole, code: &str) -> Option<Member> {
    let seed = code.bytes().chain(board.partnership.bytes()).fold(7_u64, |sum, byte| sum.wrapping_mul(131).wrapping_add(byte.into()));
    let draw = usize::try_from(Rng::new(seed).below(10)).unwrap_or_default();
    let tier = match draw {
        draw if draw < board.kern => "kern",
        draw if draw < board.kern + board.schil => "schil",
        _ => return None,
    };
    Some(Member { partnership: board.partnership, tier, since: board.since, buddy: String::new() })
}

/// The nearest kern school of the partnership guides each schil school that keeps to the conditions.
fn give_buddies(schools: &mut [School]) {
    let kern: Vec<(String, Coordinate, Vec<&'static str>)> = schools
        .iter()
        .map(|s| (s.code.clone(), s.at, s.members.iter().filter(|m| m.tier == "kern").map(|m| m.partnership).collect()))
        .collect();
    for school in schools.iter_mut().filter(|s| s.standard == Standard::Met) {
        let at = school.at;
        for membership in school.members.iter_mut().filter(|m| m.tier == "schil") {
            let nearest = kern
                .iter()
                .filter(|(_, _, partnerships)| partnerships.contains(&membership.partnership))
                .min_by_key(|(code, there, _)| (travel_minutes(at, *there), code.clone()));
            membership.buddy = nearest.map(|(code, _, _)| code.clone()).unwrap_or_default();
        }
    }
}
