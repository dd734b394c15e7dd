//! Values people type and read: codes of schools and boards, postcodes, groups, weekdays.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why a value cannot be read. Stable codes, shown with a Dutch sentence by the floors above.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ValueError {
    /// Not two digits and two letters.
    #[error("een BRIN heeft twee cijfers en twee letters, zoals 05XH")]
    Brin,
    /// Not a BRIN followed by two digits.
    #[error("een schoolcode is een BRIN met twee cijfers voor de vestiging, zoals 05XH00")]
    SchoolCode,
    /// Not five digits.
    #[error("een bestuursnummer heeft vijf cijfers, zoals 41775")]
    BoardNumber,
    /// Not four digits with two letters.
    #[error("een postcode heeft vier cijfers en twee letters, zoals 6525 HP")]
    Postcode,
    /// Not five digits.
    #[error("een CROHO-code heeft vijf cijfers, zoals 34808")]
    Croho,
    /// Empty or longer than allowed.
    #[error("dit mag niet leeg zijn en is hoogstens {max} tekens lang")]
    Text {
        /// Longest text allowed, in characters.
        max: usize,
    },
    /// Not groups 1 to 8.
    #[error("groepen zijn getallen van 1 tot en met 8, zoals 1-2 of 3;4;5")]
    Groups,
    /// Not weekdays Monday to Friday.
    #[error("dagen zijn ma, di, wo, do of vr, zoals ma;di of ma-wo")]
    Weekdays,
    /// Not two years in a row.
    #[error("een schooljaar is twee jaren na elkaar, zoals 2026-2027")]
    SchoolYear,
}

/// Declares a text value with one canonical spelling.
macro_rules! text_value {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The canonical spelling.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

fn compact(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '\u{a0}').flat_map(char::to_uppercase).collect()
}

fn all_digits(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_brin(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 4 && bytes[..2].iter().all(u8::is_ascii_digit) && bytes[2..].iter().all(u8::is_ascii_uppercase)
}

text_value! {
    /// BRIN number of an institution: two digits and two capitals, such as `05XH` (DUO).
    Brin
}

impl Brin {
    /// Reads a BRIN; case and spaces do not matter.
    ///
    /// # Errors
    /// [`ValueError::Brin`] when it is not two digits and two letters.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let text = compact(text);
        if is_brin(&text) { Ok(Self(text)) } else { Err(ValueError::Brin) }
    }
}

text_value! {
    /// Code of a school: BRIN and two digits for the vestiging, such as `05XH00` (DUO).
    SchoolCode
}

impl SchoolCode {
    /// Reads a school code; a BRIN alone means the main vestiging `00`.
    ///
    /// # Errors
    /// [`ValueError::SchoolCode`] when it is neither.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let text = compact(text);
        if is_brin(&text) {
            return Ok(Self(format!("{text}00")));
        }
        match text.split_at_checked(4) {
            Some((brin, location)) if is_brin(brin) && all_digits(location, 2) => Ok(Self(text)),
            _ => Err(ValueError::SchoolCode),
        }
    }

    /// Joins a BRIN and the number of a vestiging, 0 to 99.
    ///
    /// # Errors
    /// [`ValueError::SchoolCode`] when the number is over 99.
    pub fn of(brin: &Brin, location: u8) -> Result<Self, ValueError> {
        if location > 99 { Err(ValueError::SchoolCode) } else { Ok(Self(format!("{brin}{location:02}"))) }
    }

    /// The BRIN part.
    pub fn brin(&self) -> Brin {
        Brin(self.0.chars().take(4).collect())
    }

    /// The two digits of the vestiging.
    pub fn location(&self) -> &str {
        self.0.get(4..).unwrap_or("00")
    }
}

text_value! {
    /// Number of a board (bevoegd gezag) at DUO: five digits, leading zeros kept.
    BoardNumber
}

impl BoardNumber {
    /// Reads a board number; lost leading zeros are put back.
    ///
    /// # Errors
    /// [`ValueError::BoardNumber`] when it is not one to five digits, or only zeros.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let text = compact(text);
        let digits = !text.is_empty() && text.len() <= 5 && text.bytes().all(|b| b.is_ascii_digit());
        if digits && text.bytes().any(|b| b != b'0') { Ok(Self(format!("{text:0>5}"))) } else { Err(ValueError::BoardNumber) }
    }
}

text_value! {
    /// Dutch postcode as `6525 HP`, or only its four digits where the letters are not known.
    Postcode
}

impl Postcode {
    /// Reads a postcode in any usual writing; four digits alone are accepted.
    ///
    /// # Errors
    /// [`ValueError::Postcode`] when it is neither.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let text = compact(text);
        let Some((digits, letters)) = text.split_at_checked(4) else {
            return Err(ValueError::Postcode);
        };
        if !all_digits(digits, 4) || digits.starts_with('0') {
            return Err(ValueError::Postcode);
        }
        if letters.is_empty() {
            Ok(Self(digits.to_owned()))
        } else if letters.len() == 2 && letters.bytes().all(|b| b.is_ascii_uppercase()) {
            Ok(Self(format!("{digits} {letters}")))
        } else {
            Err(ValueError::Postcode)
        }
    }

    /// The four digits, by which a coordinate is found.
    pub fn area(&self) -> &str {
        self.0.get(..4).unwrap_or(&self.0)
    }
}

text_value! {
    /// CROHO code of a programme: five digits, such as `34808` for a pabo.
    Croho
}

impl Croho {
    /// Reads a CROHO code.
    ///
    /// # Errors
    /// [`ValueError::Croho`] when it is not five digits.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let text = compact(text);
        if all_digits(&text, 5) { Ok(Self(text)) } else { Err(ValueError::Croho) }
    }
}

text_value! {
    /// Number of a student at the institute. There is no national format: opaque text.
    StudentNumber
}

impl StudentNumber {
    /// Longest number accepted, in characters.
    pub const MAX: usize = 32;

    /// Reads a student number.
    ///
    /// # Errors
    /// [`ValueError::Text`] when it is empty or too long.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        bounded(text, Self::MAX).map(Self)
    }
}

text_value! {
    /// A name or other short text for people: not empty, no control characters.
    Label
}

impl Label {
    /// Longest label accepted, in characters.
    pub const MAX: usize = 200;

    /// Reads a label; surrounding space goes.
    ///
    /// # Errors
    /// [`ValueError::Text`] when it is empty, too long or holds control characters.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        bounded(text, Self::MAX).map(Self)
    }
}

fn bounded(text: &str, max: usize) -> Result<String, ValueError> {
    let text = text.trim();
    let ok = !text.is_empty() && text.chars().count() <= max && !text.chars().any(char::is_control);
    if ok { Ok(text.to_owned()) } else { Err(ValueError::Text { max }) }
}

/// A set of small numbers as bits, read from and shown as a list with ranges.
fn ranges(bits: u8, name: impl Fn(u8) -> String) -> String {
    let mut parts = Vec::new();
    let mut at = 0;
    while at < 8 {
        if bits & (1 << at) == 0 {
            at += 1;
            continue;
        }
        let start = at;
        while at < 7 && bits & (1 << (at + 1)) != 0 {
            at += 1;
        }
        parts.push(if start == at { name(start) } else { format!("{}-{}", name(start), name(at)) });
        at += 1;
    }
    parts.join(", ")
}

fn parse_set(text: &str, read: impl Fn(&str) -> Option<u8>) -> Option<u8> {
    let mut bits = 0_u8;
    for part in text.split([';', ',', '/', '+', '&']).flat_map(|p| p.split(" en ")) {
        let part = part.trim();
        if part.is_empty() {
            continue;
        }
        let (from, to) = part.split_once(['-', '–']).or_else(|| part.split_once(" t/m ")).unwrap_or((part, part));
        let (from, to) = (read(from.trim())?, read(to.trim())?);
        if from > to {
            return None;
        }
        for bit in from..=to {
            bits |= 1 << bit;
        }
    }
    Some(bits)
}

/// Groups 1 to 8 of primary education, as a set; bit 0 is group 1. Bands (bouw) differ per school,
/// so groups are what is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Groups(u8);

impl Groups {
    /// Every group.
    pub const ALL: Self = Self(0xff);

    /// From bits; bit 0 is group 1.
    pub fn from_bits(bits: u8) -> Self {
        Self(bits)
    }

    /// As bits; bit 0 is group 1.
    pub fn bits(self) -> u8 {
        self.0
    }

    /// Whether the two sets have a group in common.
    pub fn overlaps(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Reads `1-2`, `3;4;5`, `groep 3-5` or a band (`onderbouw` 1-2, `middenbouw` 3-5, `bovenbouw`
    /// 6-8); nothing means every group.
    ///
    /// # Errors
    /// [`ValueError::Groups`] for anything else.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let text = text.trim().to_lowercase();
        if text.is_empty() || text == "alle" {
            return Ok(Self::ALL);
        }
        let text = text
            .replace("onderbouw", "1-2")
            .replace("middenbouw", "3-5")
            .replace("bovenbouw", "6-8")
            .replace("groepen", "")
            .replace("groep", "");
        parse_set(&text, |part| part.parse::<u8>().ok().filter(|g| (1..=8).contains(g)).map(|g| g - 1))
            .filter(|bits| *bits != 0)
            .map(Self)
            .ok_or(ValueError::Groups)
    }
}

impl fmt::Display for Groups {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::ALL { f.write_str("alle") } else { f.write_str(&ranges(self.0, |bit| (bit + 1).to_string())) }
    }
}

/// Weekdays Monday to Friday, as a set; bit 0 is Monday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Weekdays(u8);

const DAYS: [(&str, &str); 5] = [("ma", "maandag"), ("di", "dinsdag"), ("wo", "woensdag"), ("do", "donderdag"), ("vr", "vrijdag")];

impl Weekdays {
    /// Monday to Friday.
    pub const ALL: Self = Self(0b1_1111);
    /// No day in particular.
    pub const NONE: Self = Self(0);

    /// From bits; bit 0 is Monday. Bits above Friday are dropped.
    pub fn from_bits(bits: u8) -> Self {
        Self(bits & Self::ALL.0)
    }

    /// As bits; bit 0 is Monday.
    pub fn bits(self) -> u8 {
        self.0
    }

    /// Whether each of these days is in the other set.
    pub fn within(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// Reads `ma;di`, `ma-wo` or `maandag`; `alle` means all five.
    ///
    /// # Errors
    /// [`ValueError::Weekdays`] for anything else, also for nothing.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let text = text.trim().to_lowercase();
        if text == "alle" {
            return Ok(Self::ALL);
        }
        parse_set(&text, |part| DAYS.iter().position(|(short, long)| part == *short || part == *long).and_then(|at| u8::try_from(at).ok()))
            .filter(|bits| *bits != 0)
            .map(Self)
            .ok_or(ValueError::Weekdays)
    }
}

impl fmt::Display for Weekdays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 {
            return f.write_str("vrij");
        }
        f.write_str(&ranges(self.0, |bit| DAYS.get(usize::from(bit)).map_or_else(String::new, |(short, _)| (*short).to_owned())))
    }
}

/// A school year, by the year it starts in: 1 August to 31 July.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SchoolYear(i32);

impl SchoolYear {
    /// The school year that starts in this calendar year.
    pub fn starting(year: i32) -> Self {
        Self(year)
    }

    /// The calendar year it starts in.
    pub fn first_year(self) -> i32 {
        self.0
    }

    /// Reads `2026-2027`, `2026/2027`, `2026-27` or `2026/27`.
    ///
    /// # Errors
    /// [`ValueError::SchoolYear`] when the years do not follow each other or lie outside 2000 to 2100.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let text = compact(text);
        let (first, second) = text.split_once(['-', '/', '–']).ok_or(ValueError::SchoolYear)?;
        let first: i32 = first.parse().map_err(|_| ValueError::SchoolYear)?;
        let second_year: i32 = second.parse().map_err(|_| ValueError::SchoolYear)?;
        let follows = second_year == first + 1 || (second.len() == 2 && second_year == (first + 1) % 100);
        if follows && (2000..=2100).contains(&first) { Ok(Self(first)) } else { Err(ValueError::SchoolYear) }
    }
}

impl fmt::Display for SchoolYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.0, self.0 + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_school_code_is_read_in_every_usual_writing() {
        for text in ["05XH00", "05xh00", " 05 XH 00 ", "05XH", "05\u{a0}xh"] {
            assert_eq!(SchoolCode::parse(text).map(|c| c.to_string()), Ok("05XH00".to_owned()), "{text}");
        }
        for text in ["", "5XH00", "05XH0", "XX0500", "05XHéé", "05XH000"] {
            assert_eq!(SchoolCode::parse(text), Err(ValueError::SchoolCode), "{text}");
        }
    }

    #[test]
    fn a_board_number_gets_its_leading_zeros_back() {
        assert_eq!(BoardNumber::parse("123").map(|n| n.to_string()), Ok("00123".to_owned()));
        assert_eq!(BoardNumber::parse("00000"), Err(ValueError::BoardNumber));
        assert_eq!(BoardNumber::parse("123456"), Err(ValueError::BoardNumber));
    }

    #[test]
    fn a_postcode_is_read_in_every_usual_writing() {
        for text in ["6525HP", "6525 hp", " 6525  HP"] {
            assert_eq!(Postcode::parse(text).map(|p| p.to_string()), Ok("6525 HP".to_owned()));
        }
        assert_eq!(Postcode::parse("6525").map(|p| p.area().to_owned()), Ok("6525".to_owned()));
        for text in ["0525 HP", "652", "6525 H", "6525 HPX", "é525HP"] {
            assert_eq!(Postcode::parse(text), Err(ValueError::Postcode), "{text}");
        }
    }

    #[test]
    fn groups_and_days_are_read_as_ranges_lists_and_words_and_shown_short() {
        for (text, shown) in [("1-2", "1-2"), ("3;4;5", "3-5"), ("groep 1, 8", "1, 8"), ("bovenbouw", "6-8"), ("", "alle"), ("1-8", "alle")]
        {
            assert_eq!(Groups::parse(text).map(|g| g.to_string()), Ok(shown.to_owned()), "{text}");
        }
        for text in ["0", "9", "5-3", "kleuters"] {
            assert_eq!(Groups::parse(text), Err(ValueError::Groups), "{text}");
        }
        for (text, shown) in [("ma;di", "ma-di"), ("ma-wo", "ma-wo"), ("maandag, vrijdag", "ma, vr"), ("alle", "ma-vr")] {
            assert_eq!(Weekdays::parse(text).map(|d| d.to_string()), Ok(shown.to_owned()), "{text}");
        }
        assert_eq!(Weekdays::parse("za"), Err(ValueError::Weekdays));
    }

    #[test]
    fn a_school_year_is_two_years_in_a_row() {
        for text in ["2026-2027", "2026/2027", "2026-27", "2026 / 27"] {
            assert_eq!(SchoolYear::parse(text).map(|y| y.to_string()), Ok("2026-2027".to_owned()), "{text}");
        }
        for text in ["2026", "2026-2028", "26-27", "1999-2000"] {
            assert_eq!(SchoolYear::parse(text), Err(ValueError::SchoolYear), "{text}");
        }
    }
}
