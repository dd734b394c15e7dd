//! What one example is made of, as tables of facts and figures. The tables themselves are in
//! `talent.rs`, `almere.rs` and `hak.rs`.

/// One example: its tables.
pub(crate) struct Plan {
    /// Folder under `imports/voorbeelden`, and name in the source lists.
    pub(crate) folder: &'static str,
    /// First letter of the numbers of its trainers: the three examples stand in one database.
    pub(crate) letter: &'static str,
    /// Where student numbers of a year begin, for an institute that is in two examples.
    pub(crate) first_number: u64,
    /// Seed of everything that is drawn.
    pub(crate) seed: u64,
    /// The placement round.
    pub(crate) round: Round,
    /// Partnerships.
    pub(crate) partnerships: &'static [Partnership],
    /// Programmes.
    pub(crate) programmes: &'static [Programme],
    /// What partnerships ask of their schools.
    pub(crate) conditions: &'static [Condition],
    /// Periods of the round.
    pub(crate) periods: &'static [Period],
    /// Where students live.
    pub(crate) homes: &'static [Home],
    /// Students, by group.
    pub(crate) cohorts: &'static [Cohort],
    /// Places, by kind.
    pub(crate) supply: &'static [Supply],
    /// Made-up schools.
    pub(crate) demo_schools: &'static [DemoSchool],
    /// Places at one given school.
    pub(crate) extra_offers: &'static [ExtraOffer],
    /// Students about whom there is something to see.
    pub(crate) cases: &'static [Case],
    /// One in so many schools takes one student less than its offers add up to; 0 for none.
    pub(crate) tight_school: usize,
    /// One in so many school trainers takes one student less than the schools offer; 0 for none.
    pub(crate) tight_trainer: usize,
    /// How many school trainers were registered (BRLO) in 2026.
    pub(crate) registered: usize,
}

/// The placement round.
pub(crate) struct Round {
    /// Name.
    pub(crate) name: &'static str,
    /// School year.
    pub(crate) school_year: &'static str,
    /// Longest travel time in minutes.
    pub(crate) travel_limit: &'static str,
    /// How many students outside can get extra guidance.
    pub(crate) outside_guidance: &'static str,
    /// How many wishes a student may give.
    pub(crate) wishes: usize,
}

/// A partnership.
pub(crate) struct Partnership {
    /// Name.
    pub(crate) name: &'static str,
    /// aspirant or erkend.
    pub(crate) status: &'static str,
    /// Regions, `;` in between.
    pub(crate) regions: &'static str,
    /// Number of the lead board; empty when no source names it.
    pub(crate) lead: &'static str,
    /// BRIN of its institutes.
    pub(crate) institutes: &'static [&'static str],
    /// First day.
    pub(crate) since: &'static str,
}

/// A programme in one form.
pub(crate) struct Programme {
    /// BRIN of the institute.
    pub(crate) brin: &'static str,
    /// Name of the institute.
    pub(crate) institute: &'static str,
    /// CROHO code.
    pub(crate) croho: &'static str,
    /// Name.
    pub(crate) name: &'static str,
    /// voltijd, deeltijd or duaal.
    pub(crate) form: &'static str,
    /// Level.
    pub(crate) level: &'static str,
    /// ja or nee.
    pub(crate) funded: &'static str,
    /// Phases in order: code and kind.
    pub(crate) phases: &'static [(&'static str, &'static str)],
}

/// Something a partnership asks.
pub(crate) struct Condition {
    /// Partnership.
    pub(crate) partnership: &'static str,
    /// kern or schil.
    pub(crate) tier: &'static str,
    /// What is asked.
    pub(crate) kind: &'static str,
    /// How much, where it is a number.
    pub(crate) value: &'static str,
}

/// A period of the round.
pub(crate) struct Period {
    /// Name.
    pub(crate) name: &'static str,
    /// First day.
    pub(crate) begins: &'static str,
    /// Last day.
    pub(crate) ends: &'static str,
}

/// A place around which students live.
pub(crate) struct Home {
    /// Postcode area in the middle.
    pub(crate) area: &'static str,
    /// Share of the students.
    pub(crate) share: u64,
    /// How far from the middle, in minutes.
    pub(crate) reach: u16,
}

/// Students who need the same.
pub(crate) struct Cohort {
    /// Number of students.
    pub(crate) count: usize,
    /// BRIN of the institute.
    pub(crate) brin: &'static str,
    /// CROHO code.
    pub(crate) croho: &'static str,
    /// Form.
    pub(crate) form: &'static str,
    /// Phase.
    pub(crate) phase: &'static str,
    /// Year of start.
    pub(crate) start_year: u64,
    /// student or zij-instromer.
    pub(crate) kind: &'static str,
    /// What they need: one row for each period.
    pub(crate) needs: &'static [Need],
    /// The partnership that sees to them; empty when it is not said.
    pub(crate) partnership: &'static str,
    /// How many have their own workplace at a kern school.
    pub(crate) own_school: usize,
    /// Middle of the homes when it is not that of the example.
    pub(crate) home: Option<&'static str>,
}

/// A period with groups and days; students take the choices of groups in turn.
pub(crate) struct Need {
    /// Period.
    pub(crate) period: &'static str,
    /// Groups, one of these for each student.
    pub(crate) groups: &'static [&'static str],
    /// Days.
    pub(crate) days: &'static str,
}

/// Places of one kind, to be spread over the schools of a partnership.
pub(crate) struct Supply {
    /// Partnership.
    pub(crate) partnership: &'static str,
    /// Period.
    pub(crate) period: &'static str,
    /// Phases.
    pub(crate) phases: &'static str,
    /// Groups.
    pub(crate) groups: &'static str,
    /// Days.
    pub(crate) days: &'static str,
    /// At kern schools.
    pub(crate) kern: usize,
    /// At schil schools that meet the conditions.
    pub(crate) schil: usize,
    /// At schil schools that do not.
    pub(crate) unmet: usize,
    /// At schools outside.
    pub(crate) outside: usize,
}

/// A made-up school; its code begins with 99 and its name says so.
pub(crate) struct DemoSchool {
    /// Code.
    pub(crate) code: &'static str,
    /// Name.
    pub(crate) name: &'static str,
    /// Sector.
    pub(crate) sector: &'static str,
    /// Postcode.
    pub(crate) postcode: &'static str,
    /// Town.
    pub(crate) place: &'static str,
    /// Board.
    pub(crate) board: &'static str,
    /// Partnership and tier, where it is a member.
    pub(crate) member: &'static [(&'static str, &'static str)],
    /// Whether it keeps to the conditions.
    pub(crate) standard: Standard,
    /// What is known of its quality: kind and value.
    pub(crate) evidence: &'static [(&'static str, &'static str)],
}

/// Whether a schil school keeps to what its partnership asks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standard {
    /// It does.
    Met,
    /// It has no certified trainer and no buddy.
    Unmet,
}

/// Places at one given school.
pub(crate) struct ExtraOffer {
    /// Code of the school.
    pub(crate) school: &'static str,
    /// Period.
    pub(crate) period: &'static str,
    /// Phases.
    pub(crate) phases: &'static str,
    /// Days.
    pub(crate) days: &'static str,
    /// Number of places.
    pub(crate) count: usize,
}

/// What is different for one student.
pub(crate) struct Case {
    /// Which cohort of the plan.
    pub(crate) cohort: usize,
    /// Which student of it.
    pub(crate) nth: usize,
    /// Home.
    pub(crate) home: Option<&'static str>,
    /// Longest travel time.
    pub(crate) travel_limit: Option<u16>,
    /// The only school where the student can be.
    pub(crate) school: Option<&'static str>,
    /// ja or nee: whether a place is needed.
    pub(crate) needed: &'static str,
}

/// Places at kern, schil, schil without the conditions, outside.
pub(crate) const fn supply(
    partnership: &'static str,
    period: &'static str,
    phases: &'static str,
    groups: &'static str,
    days: &'static str,
    [kern, schil, unmet, outside]: [usize; 4],
) -> Supply {
    Supply { partnership, period, phases, groups, days, kern, schil, unmet, outside }
}
