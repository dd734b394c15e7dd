//! Numbers for phases. Two programmes can call a final and an earlier phase the same; rules may ask more of the final one.

use std::collections::BTreeSet;

use kernschil_allocation::PhaseCode;
use kernschil_domain::codes::PhaseKind;
use kernschil_domain::rounds::RoundData;

/// A number for each phase code, for the final phase and for others of that name apart.
pub(crate) struct Phases {
    codes: Vec<String>,
}

impl Phases {
    /// The phases of the registry and of the offers, in the order of their codes.
    pub(crate) fn of(data: &RoundData) -> Self {
        let of_programmes = data.registry.phases.values().map(|phase| phase.code.clone());
        let of_offers = data.offers.values().flat_map(|offer| offer.phases.iter().cloned());
        let codes: BTreeSet<String> = of_programmes.chain(of_offers).collect();
        Self { codes: codes.into_iter().collect() }
    }

    fn at(&self, code: &str) -> Option<u32> {
        self.codes.binary_search_by(|known| known.as_str().cmp(code)).ok().and_then(|at| u32::try_from(at).ok())
    }

    /// The number of a phase.
    pub(super) fn number(&self, code: &str, kind: PhaseKind) -> Option<PhaseCode> {
        Some(PhaseCode(self.at(code)? * 2 + u32::from(kind == PhaseKind::Final)))
    }

    /// The numbers of a code, whatever kind of phase it is.
    pub(super) fn of_code(&self, code: &str) -> Vec<PhaseCode> {
        self.at(code).map(|at| vec![PhaseCode(at * 2), PhaseCode(at * 2 + 1)]).unwrap_or_default()
    }

    /// The numbers of all final phases.
    pub(super) fn finals(&self) -> impl Iterator<Item = PhaseCode> {
        (0..).zip(&self.codes).map(|(at, _)| PhaseCode(at * 2 + 1))
    }

    /// The code behind a number.
    pub(crate) fn code(&self, number: PhaseCode) -> Option<&str> {
        self.codes.get(usize::try_from(number.0 / 2).ok()?).map(String::as_str)
    }
}
