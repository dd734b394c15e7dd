//! Stable codes of everything that can be wrong with, or worth knowing about, a file.
//!
//! Programs and tests hold on to a code; the Dutch sentence beside it may be improved at any time.

/// One code with what it means, in Dutch, for the documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeInfo {
    /// The code.
    pub code: &'static str,
    /// What it means, in Dutch.
    pub meaning: &'static str,
}

/// Declares the codes and the list of all of them, so that none can be used without being on it.
macro_rules! codes {
    ($($name:ident = $code:literal: $meaning:literal;)+) => {
        $(#[doc = concat!("`", $code, "`: ", $meaning)] pub const $name: &str = $code;)+
        /// All codes, grouped: file, layout, value, row, note.
        pub const CODES: &[CodeInfo] = &[$(CodeInfo { code: $code, meaning: $meaning }),+];
    };
}

codes! {
    FILE_EMPTY = "bestand-leeg": "Het bestand heeft 0 bytes.";
    FILE_TOO_LARGE = "bestand-te-groot": "Het bestand is groter dan toegestaan.";
    FILE_XLS = "bestand-xls": "Een oud Excel-bestand (.xls); sla het op als .xlsx.";
    FILE_XLSB = "bestand-xlsb": "Een binair Excel-bestand (.xlsb); sla het op als .xlsx.";
    FILE_ODS = "bestand-ods": "Een OpenDocument-bestand (.ods); sla het op als .xlsx.";
    FILE_HTML = "bestand-html": "Een webpagina met de naam van een werkboek.";
    FILE_XML = "bestand-xml": "Een XML-bestand dat geen .xlsx is.";
    FILE_PDF = "bestand-pdf": "Een PDF met de naam van een werkboek.";
    FILE_PASSWORD = "bestand-wachtwoord": "Het bestand is met een wachtwoord beveiligd.";
    FILE_NOT_A_WORKBOOK = "bestand-geen-werkboek": "Een zip zonder werkboek, of een ander Office-bestand.";
    FILE_UNKNOWN = "bestand-onbekend": "Een soort bestand dat wij niet herkennen.";
    FILE_NO_IMPORT = "bestand-bij-geen-import": "Geen enkele import kent de bladen en koppen van het bestand.";
    FILE_DAMAGED = "bestand-beschadigd": "Het bestand is afgekapt of beschadigd.";
    FILE_TOO_LARGE_INSIDE = "bestand-uitgepakt-te-groot": "Uitgepakt is het bestand veel groter dan verwacht.";
    FILE_TOO_MANY_ENTRIES = "bestand-te-veel-onderdelen": "Er zitten te veel onderdelen in het bestand.";
    FILE_SUSPICIOUS = "bestand-verdacht": "Het bestand is verdacht opgebouwd: dubbele onderdelen, paden naar buiten, een documenttype.";
    FILE_TOO_MANY_SHEETS = "werkboek-te-veel-bladen": "Het werkboek heeft te veel bladen.";
    FILE_TOO_MANY_ROWS = "werkboek-te-veel-rijen": "Het werkboek heeft te veel gevulde rijen.";
    FILE_TOO_MANY_CELLS = "werkboek-te-veel-cellen": "Het werkboek heeft te veel gevulde cellen.";
    FILE_TOO_MUCH_TEXT = "werkboek-te-veel-tekst": "Een cel of het hele werkboek heeft te veel tekst.";
    READER_TIMED_OUT = "lezen-te-lang": "Het lezen duurde te lang en is gestopt.";
    READER_ABORTED = "lezen-afgebroken": "Het leesprogramma is afgebroken, bijvoorbeeld omdat het bestand te veel geheugen vroeg.";
    READER_NOT_STARTED = "lezen-niet-gestart": "Het leesprogramma kon niet starten.";

    SHEET_MISSING = "blad-ontbreekt": "Een verplicht blad ontbreekt.";
    SHEET_NONE = "blad-geen-bekend": "Geen enkel blad hoort bij deze import.";
    SHEET_NAME_CLOSE = "blad-naam-lijkt": "De naam van een blad lijkt op die van een blad dat ontbreekt.";
    SHEET_TWICE = "blad-dubbel": "Twee bladen horen bij dezelfde soort gegevens.";
    SHEET_NO_ROWS = "blad-zonder-rijen": "Een verplicht blad heeft wel koppen, maar geen gegevens.";
    SHEET_UNREADABLE_CELLS = "cellen-onleesbaar": "Een blad heeft cellen met een foutwaarde die wij niet kennen.";
    HEADER_NOT_FOUND = "koprij-niet-gevonden": "De rij met koppen is in de eerste 30 rijen niet gevonden.";
    HEADER_TWICE = "kop-dubbel": "Twee kolommen hebben dezelfde kop.";
    COLUMN_MISSING = "kolom-ontbreekt": "Een verplichte kolom ontbreekt.";
    COLUMN_CLOSE = "kolom-naam-lijkt": "De kop van een kolom lijkt op die van een kolom die ontbreekt.";
    COLUMN_WITHOUT_HEADER = "kolom-zonder-kop": "Een kolom met gegevens heeft geen kop.";

    FORMULA_ERROR = "formule-fout": "De cel heeft een foutwaarde, zoals #N/B of #DEEL/0!.";
    FORMULA_WITHOUT_RESULT = "formule-zonder-waarde": "Van een formule is geen uitkomst bewaard.";
    REQUIRED = "verplicht-leeg": "Een verplichte cel is leeg.";
    REQUIRED_MERGED = "samengevoegde-cel": "Een verplichte cel is leeg omdat zij met andere cellen is samengevoegd.";
    TEXT_TOO_LONG = "tekst-te-lang": "De tekst is te lang.";
    TEXT_INVALID = "tekst-ongeldig": "De tekst heeft tekens die niet mogen of is na opschonen leeg.";
    TEXT_IS_DATE = "tekst-is-datum": "Excel heeft van een tekst een datum of tijd gemaakt.";
    NUMBER_UNREADABLE = "getal-onleesbaar": "Dit is geen getal.";
    NUMBER_NOT_WHOLE = "getal-niet-heel": "Het getal is niet heel.";
    NUMBER_RANGE = "getal-buiten-bereik": "Het getal is te klein of te groot.";
    NUMBER_TOO_LONG = "getal-te-lang": "Een nummer met meer dan 15 cijfers is door Excel afgerond.";
    NUMBER_ROUNDED = "getal-afgerond": "Een nummer staat in de vorm 1,23E+06; cijfers zijn verloren.";
    PERCENT_AMBIGUOUS = "procent-onduidelijk": "Het is niet te zien of 1 voor 1% of voor 100% staat.";
    DATE_UNREADABLE = "datum-onleesbaar": "Dit is geen datum.";
    DATE_IMPOSSIBLE = "datum-bestaat-niet": "Deze datum bestaat niet.";
    DATE_WITHOUT_YEAR = "datum-zonder-jaar": "De datum heeft geen jaar.";
    DATE_WITHOUT_DAY = "datum-zonder-dag": "De datum heeft geen dag.";
    DATE_RANGE = "datum-buiten-bereik": "De datum ligt niet tussen 1990 en 2100.";
    BRIN_INVALID = "brin-onbekende-vorm": "Een BRIN heeft twee cijfers en twee letters.";
    SCHOOL_INVALID = "schoolcode-onbekende-vorm": "Een schoolcode is een BRIN met twee cijfers voor de vestiging.";
    CODE_IS_NUMBER = "code-is-getal": "Excel heeft van een code een getal gemaakt.";
    CODE_IS_TIME = "code-is-datum": "Excel heeft van een code een datum of tijd gemaakt.";
    LOCATION_CONFLICT = "vestiging-tegenstrijdig": "De vestiging in de code is een andere dan die in de kolom Vestiging.";
    BOARD_INVALID = "bestuursnummer-onbekende-vorm": "Een bestuursnummer heeft vijf cijfers.";
    POSTCODE_INVALID = "postcode-onbekende-vorm": "Een postcode heeft vier cijfers en twee letters.";
    CROHO_INVALID = "croho-onbekende-vorm": "Een CROHO-code heeft vijf cijfers.";
    GROUPS_INVALID = "groepen-onleesbaar": "Groepen zijn getallen van 1 tot en met 8, of een bouw.";
    WEEKDAYS_INVALID = "dagen-onleesbaar": "Dagen zijn ma, di, wo, do of vr.";
    SCHOOL_YEAR_INVALID = "schooljaar-onleesbaar": "Een schooljaar is twee jaren na elkaar.";
    CHOICE_UNKNOWN = "waarde-onbekend": "De waarde staat niet in de lijst van mogelijke waarden.";
    EMPLOYER_INVALID = "werkgever-onbekende-vorm": "Een werkgever is een bestuursnummer of de BRIN van een instituut.";
    WISH_INVALID = "voorkeur-onbekende-vorm": "Een voorkeur is een schoolcode of een bestuursnummer.";
    EMAIL_INVALID = "e-mail-onbekende-vorm": "Een e-mailadres heeft een naam, een apenstaartje en een domein.";
    COORDINATE_INVALID = "coordinaat-onleesbaar": "Dit is geen breedtegraad of lengtegraad in Nederland.";

    DATES_REVERSED = "datum-volgorde": "Een einddatum ligt voor de begindatum.";
    MEMBERSHIP_INCOMPLETE = "deelname-onvolledig": "Bij een partnerschap horen een rol en een begindatum.";
    MEMBERSHIP_WITHOUT_PARTNERSHIP = "deelname-zonder-partnerschap": "Er staat een rol, datum of maatje, maar geen partnerschap.";
    COORDINATE_HALF = "coordinaat-half": "Breedtegraad en lengtegraad horen bij elkaar; er staat er maar een.";
    CONDITION_VALUE = "voorwaarde-waarde": "Bij deze voorwaarde hoort een waarde, of juist niet.";
    BUDDY_SELF = "maatje-zelf": "Een school of bestuur is maatje van zichzelf.";
    PARTNERSHIP_TWICE = "partnerschap-dubbel": "Een partnerschap staat twee keer in het bestand.";
    PHASE_TWICE = "fase-dubbel": "Een fase of fasenummer staat twee keer bij dezelfde opleiding.";
    PROGRAMME_CONFLICT = "opleiding-tegenstrijdig": "Twee rijen van dezelfde opleiding spreken elkaar tegen.";
    BOARD_TWICE = "bestuur-dubbel": "Een bestuur staat twee keer in het bestand, zonder dat het om een andere deelname gaat.";
    BOARD_CONFLICT = "bestuur-tegenstrijdig": "Twee rijen van hetzelfde bestuur spreken elkaar tegen.";
    SCHOOL_TWICE = "school-dubbel": "Een school staat twee keer in het bestand, zonder dat het om een andere deelname gaat.";
    SCHOOL_CONFLICT = "school-tegenstrijdig": "Twee rijen van dezelfde school spreken elkaar tegen.";
    CONDITION_TWICE = "voorwaarde-dubbel": "Een voorwaarde staat twee keer in het bestand.";
    QUALITY_TWICE = "kwaliteit-dubbel": "Een gegeven over de kwaliteit van een school staat twee keer in het bestand.";
    TRAINER_TWICE = "opleider-dubbel": "Een opleider staat twee keer in het bestand.";
    QUALIFICATION_TWICE = "kwalificatie-dubbel": "Een kwalificatie staat twee keer in het bestand.";
    ROUND_TWICE = "ronde-dubbel": "Een ronde staat twee keer in het bestand.";
    PERIOD_TWICE = "periode-dubbel": "Een periode staat twee keer bij dezelfde ronde.";
    PERIODS_OVERLAP = "perioden-overlappen": "Twee perioden van een ronde overlappen elkaar. Dat mag, maar is het bedoeld?";
    OFFER_TWICE = "plek-dubbel": "Twee rijen met plekken zijn gelijk; zij worden opgeteld. Is dat bedoeld?";
    TOTAL_TWICE = "schooltotaal-dubbel": "Een school heeft twee maxima in dezelfde periode.";
    TOTAL_BELOW_OFFERS = "schooltotaal-lager": "Een school biedt meer plekken aan dan haar maximum. Het maximum geldt.";
    STUDENT_TWICE = "student-dubbel": "Een student staat twee keer in dezelfde ronde en periode.";
    STUDENT_CONFLICT = "student-tegenstrijdig": "Twee rijen van dezelfde student hebben verschillende persoonsgegevens.";
    WISH_GAP = "voorkeur-gat": "Er is een voorkeur overgeslagen.";
    WISH_TWICE = "voorkeur-dubbel": "Dezelfde voorkeur staat er twee keer.";
    TRAVEL_TIME_TWICE = "reistijd-dubbel": "Dezelfde reis staat twee keer in het bestand.";
    FRAMEWORK_ROWS = "kader-rijen": "Blad Kader heeft niet precies een rij.";
    PART_CODE_INVALID = "kadercode-ongeldig": "Een code van een kader heeft alleen letters, cijfers, punten en streepjes.";
    PART_TWICE = "kadercode-dubbel": "Een code komt in een kader twee keer voor.";
    PART_UNKNOWN = "kadercode-onbekend": "Een code hoort bij geen onderdeel van het kader.";
    QUESTION_TWICE = "vraag-dubbel": "Een vraag staat twee keer bij hetzelfde onderdeel.";
    NO_SAFEGUARDS = "geen-waarborg": "Een kader heeft geen enkele waarborg.";
    TOO_MANY_PARTS = "kader-te-groot": "Een kader heeft te veel waarborgen, criteria of vragen.";
    DUO_TWICE = "vestiging-dubbel": "Een vestiging staat twee keer in het bestand van DUO.";

    NOTE_REWRITTEN = "wij-maakten-ervan": "Een waarde is herschreven naar de gewone vorm.";
    NOTE_TOTALS_ROW = "totaalrij-overgeslagen": "Een rij met totalen is overgeslagen.";
    NOTE_FOOTNOTE = "voetnoot-overgeslagen": "Een rij met een voetnoot is overgeslagen.";
    NOTE_HEADER_AGAIN = "kop-herhaald-overgeslagen": "Een herhaalde koprij is overgeslagen.";
    NOTE_HIDDEN_SHEET = "verborgen-blad-overgeslagen": "Een verborgen blad is niet ingelezen.";
    NOTE_HIDDEN_ROWS = "verborgen-rijen-gelezen": "Verborgen rijen of kolommen zijn wel ingelezen.";
    NOTE_SHEET_SKIPPED = "blad-overgeslagen": "Een blad dat niet bij deze import hoort, is niet ingelezen.";
    NOTE_SHEET_BY_HEADERS = "blad-herkend-aan-koppen": "Een blad is herkend aan zijn koppen en niet aan zijn naam.";
    NOTE_COLUMN_SKIPPED = "kolom-niet-ingelezen": "Een kolom die niet bij deze import hoort, is niet ingelezen.";
    NOTE_COLUMN_SENSITIVE = "kolom-bijzonder-niet-ingelezen": "Een kolom die bijzondere persoonsgegevens kan hebben, is niet ingelezen.";
    NOTE_MACROS = "macros-niet-gelezen": "Het bestand heeft macro's. Die zijn niet gelezen en niet uitgevoerd.";
    NOTE_FAR_CELLS = "cellen-ver-weg": "Cellen ver naar rechts zijn niet ingelezen.";
    NOTE_OTHER_WORKBOOK = "ander-werkboek": "Cellen halen hun waarde uit een ander werkboek; de bewaarde waarde is gelezen.";
    NOTE_EXTENSION = "extensie-klopt-niet": "De naam van het bestand past niet bij de inhoud.";
    NOTE_ENCODING = "tekst-codering": "De tekst is gelezen in een andere codering dan UTF-8.";
}

/// Looks up what a code means.
pub fn meaning(code: &str) -> Option<&'static str> {
    CODES.iter().find(|info| info.code == code).map(|info| info.meaning)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_unique_and_kebab_case() {
        let unique: BTreeSet<_> = CODES.iter().map(|info| info.code).collect();
        assert_eq!(unique.len(), CODES.len());
        assert!(CODES.iter().all(|info| info.code.bytes().all(|b| b.is_ascii_lowercase() || b == b'-') && !info.meaning.is_empty()));
    }
}
