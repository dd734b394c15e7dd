//! Stable codes of what can be wrong with a file beside what Kernschil knows already. What is wrong
//! within the file itself has the codes of `kernschil_spreadsheets::codes`.

pub use kernschil_spreadsheets::codes::CodeInfo;

/// Declares the codes and the list of all of them.
macro_rules! codes {
    ($($name:ident = $code:literal: $meaning:literal;)+) => {
        $(#[doc = concat!("`", $code, "`: ", $meaning)] pub const $name: &str = $code;)+
        /// All codes with what they mean.
        pub const CODES: &[CodeInfo] = &[$(CodeInfo { code: $code, meaning: $meaning }),+];
    };
}

codes! {
    SCHOOL_UNKNOWN = "school-onbekend": "Kernschil kent geen school met deze BRIN.";
    BOARD_UNKNOWN = "bestuur-onbekend": "Kernschil kent geen bestuur met dit nummer.";
    INSTITUTE_UNKNOWN = "instituut-onbekend": "Kernschil kent geen opleidingsinstituut met deze BRIN.";
    PROGRAMME_UNKNOWN = "opleiding-onbekend": "Het instituut heeft geen opleiding met deze CROHO-code en vorm.";
    PHASE_UNKNOWN = "fase-onbekend": "De opleiding heeft geen fase met deze naam.";
    PARTNERSHIP_UNKNOWN = "partnerschap-onbekend": "Kernschil kent geen partnerschap met deze naam.";
    TRAINER_UNKNOWN = "opleider-onbekend": "Kernschil kent geen opleider met dit nummer.";
    ROUND_UNKNOWN = "ronde-onbekend": "Kernschil kent geen plaatsingsronde met deze naam.";
    PERIOD_UNKNOWN = "periode-onbekend": "De ronde heeft geen periode met deze naam.";

    SPAN_OVERLAPS = "tijdvak-overlapt": "Het tijdvak overlapt met een tijdvak dat al bekend is.";
    LATER_KNOWN = "later-tijdvak-bekend": "Over een latere tijd is al iets anders bekend; deze rij geldt tot dan.";
    BUDDY_UNKNOWN = "maatje-onbekend": "Kernschil kent het maatje niet.";
    BUDDY_NOT_KERN = "maatje-niet-kern": "Het maatje hoort niet bij de kern van hetzelfde partnerschap.";
    BOARD_NOT_MEMBER = "bestuur-doet-niet-mee": "Een school doet mee aan een partnerschap, haar bestuur niet.";
    SCHOOL_OTHER_BOARD = "school-ander-bestuur": "Bij Kernschil hoort de school bij een ander bestuur.";
    PHASE_ORDINAL_TAKEN = "fasenummer-bezet": "Een fase die niet in het bestand staat, heeft dit nummer al.";
    PHASE_SEPARATOR = "fase-leesteken": "De naam van een fase bevat een komma of puntkomma.";
    INSTITUTE_LEAVES = "instituut-niet-genoemd": "Een instituut dat meedeed, staat niet meer bij het partnerschap.";
    TRAINER_LEAVES = "school-van-opleider-niet-genoemd": "Een school van de opleider staat niet meer bij de opleider.";

    ROUND_NAME = "ronde-naam-ongeschikt": "De naam van de ronde heeft geen letters of cijfers, of lijkt te veel op een andere naam.";
    ROUND_YEAR = "ronde-ander-schooljaar": "De ronde bestaat al, voor een ander schooljaar.";
    ROUND_CLOSED = "ronde-gesloten": "De ronde is gesloten.";
    PERIOD_OUTSIDE_YEAR = "periode-buiten-schooljaar": "De periode valt niet in het schooljaar van de ronde.";
    SCHOOL_CLOSED = "school-gesloten": "De school is gesloten op de eerste dag van de periode.";
    OFFER_IN_USE = "plekken-in-gebruik": "Er zijn meer studenten op deze plekken geplaatst dan er nog zouden zijn.";
    OFFER_NOT_IN_FILE = "plekken-niet-in-bestand": "De school heeft in deze periode ook plekken die niet in het bestand staan; die blijven staan.";
    TOTAL_IN_USE = "schooltotaal-in-gebruik": "Er zijn meer studenten bij de school geplaatst dan dit maximum.";

    WISHES_TOO_MANY = "te-veel-voorkeuren": "Een student geeft meer voorkeuren dan in de ronde mag.";
    INSTITUTE_NOT_IN_ROUND = "instituut-niet-in-ronde": "Het instituut doet niet mee aan een partnerschap van de ronde; de studenten tellen niet mee in de dekking.";
    PARTNERSHIP_NOT_IN_ROUND = "partnerschap-niet-in-ronde": "Het partnerschap hoort niet bij de ronde.";
    START_YEAR_LATE = "startjaar-na-ronde": "Het startjaar ligt na het schooljaar van de ronde.";
    STUDENT_OTHER_NAME = "student-heet-anders": "Bij dit studentnummer hoort bij Kernschil een heel andere naam.";
    WORKPLACE_NOT_CAREER_CHANGER = "werkplek-geen-zij-instromer": "Alleen een zij-instromer heeft een eigen werkplek.";
    FIXED_SCHOOL_EARLIER = "vaste-school-eerder": "De vaste school staat ook bij de eerdere scholen, dus daar kan de student niet heen.";
    DEMANDS_OVERLAP = "student-perioden-overlappen": "De student heeft plaatsen nodig in perioden die overlappen.";
    DEMAND_HAS_PLACE = "vraag-heeft-plaats": "De vraag verandert of vervalt, maar de student heeft al een plaats.";
    DEMAND_DROPPED = "vraag-vervalt": "Een vraag uit een eerder bestand vervalt, omdat de student nu in een andere periode staat.";
    PLACE_NO_LONGER_FITS = "plaats-past-niet-meer": "De plaats die de student al heeft, past niet meer bij de vraag.";
    STUDENTS_NOT_IN_FILE = "studenten-niet-in-bestand": "Studenten uit een eerder bestand staan niet in dit bestand; zij blijven staan.";

    OUT_OF_REACH = "buiten-bereik": "De rij gaat over iets buiten het bereik van uw rol, of een ronde zou daarbuiten niet meer kloppen.";

    PLACES_RESTOOD = "plaatsingen-bijgewerkt": "Van plaatsingen is bijgewerkt of de school kern, schil of buiten is.";
    BREAKS_ROUND = "ronde-klopt-niet-meer": "Na het laden zou een ronde niet meer kloppen.";
}

/// Looks up what a code means, also one of the file itself.
pub fn meaning(code: &str) -> Option<&'static str> {
    CODES.iter().find(|info| info.code == code).map(|info| info.meaning).or_else(|| kernschil_spreadsheets::codes::meaning(code))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_unique_also_beside_those_of_the_file_itself() {
        let all = || CODES.iter().chain(kernschil_spreadsheets::codes::CODES).map(|info| info.code);
        assert_eq!(all().collect::<BTreeSet<_>>().len(), all().count());
        assert!(CODES.iter().all(|info| info.code.bytes().all(|b| b.is_ascii_lowercase() || b == b'-') && info.meaning.ends_with('.')));
    }
}
