//! The files that go with the pages. Their address holds a fingerprint, so a browser may keep them.

/// All styles, in order.
pub const CSS: &str = concat!(
    include_str!("assets/tokens.css"),
    include_str!("assets/base.css"),
    include_str!("assets/frame.css"),
    include_str!("assets/forms.css"),
    include_str!("assets/tables.css"),
    include_str!("assets/parts.css"),
    include_str!("assets/charts.css"),
    include_str!("assets/pages.css"),
    include_str!("assets/board.css"),
    include_str!("assets/rules.css"),
    include_str!("assets/account.css"),
    include_str!("assets/letters.css"),
    include_str!("assets/writing.css"),
    include_str!("assets/reviews.css"),
    include_str!("assets/print.css"),
);

/// The script. Every page works without it.
pub const JS: &str = concat!(
    include_str!("assets/app.js"),
    include_str!("assets/writing.js"),
    include_str!("assets/drafts.js"),
    include_str!("assets/day.js")
);

/// The script that opens the page of the visit day while there is no network.
pub const DAY_WORKER: &str = include_str!("assets/day-worker.js");

/// The mark, as icon of the site.
pub const MARK: &str = include_str!("assets/mark.svg");

const fn fingerprint(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut at = 0;
    while at < bytes.len() {
        hash = (hash ^ bytes[at] as u64).wrapping_mul(0x0100_0000_01b3);
        at += 1;
    }
    hash
}

/// Fingerprint of the styles.
pub const CSS_PRINT: u64 = fingerprint(CSS);
/// Fingerprint of the script.
pub const JS_PRINT: u64 = fingerprint(JS);
/// Fingerprint of the mark.
pub const MARK_PRINT: u64 = fingerprint(MARK);

/// Address of the styles.
pub fn css_href() -> String {
    format!("/assets/app.css?v={CSS_PRINT:016x}")
}

/// Address of the script.
pub fn js_href() -> String {
    format!("/assets/app.js?v={JS_PRINT:016x}")
}

/// Address of the mark.
pub fn mark_href() -> String {
    format!("/assets/mark.svg?v={MARK_PRINT:016x}")
}
