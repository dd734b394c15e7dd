//! Where somebody goes back to after signing in: a path of this site, never an address elsewhere.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::SIGN_IN_PATH;

// All that would end or change the meaning of a value in a query.
const VALUE: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'%').add(b'&').add(b'+').add(b'<').add(b'>').add(b'=').add(b'\'');

/// The page to sign in on, with the way back.
pub fn sign_in_address(path: Option<&str>) -> String {
    match path.map(return_path) {
        None | Some("/") => SIGN_IN_PATH.to_owned(),
        Some(path) => format!("{SIGN_IN_PATH}?terug={}", utf8_percent_encode(path, VALUE)),
    }
}

/// A path to go back to; the start when the text is anything else, or would sign in or out again.
pub fn return_path(text: &str) -> &str {
    let is_ours = text.starts_with('/')
        && !text.starts_with("//")
        && !text.contains('\\')
        && text.len() <= 1_000
        && text.bytes().all(|byte| byte.is_ascii_graphic())
        && !text.starts_with(SIGN_IN_PATH)
        && !text.starts_with("/uitloggen");
    if is_ours { text } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_site_are_gone_back_to() {
        for good in ["/scholen", "/scholen?ronde=talent-2026&zoek=De%20Krul", "/a/b#c"] {
            assert_eq!(return_path(good), good);
        }
        for bad in [
            "",
            "scholen",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/a\r\nSet-Cookie: x",
            "/ruimte hier",
            "/inloggen?terug=/",
        ] {
            assert_eq!(return_path(bad), "/", "{bad}");
        }
    }

    #[test]
    fn the_way_back_survives_as_one_value() {
        assert_eq!(sign_in_address(Some("/scholen?a=1&b=%20x")), "/inloggen?terug=/scholen?a%3D1%26b%3D%2520x");
        assert_eq!(sign_in_address(Some("//evil.example")), "/inloggen");
        assert_eq!(sign_in_address(None), "/inloggen");
    }
}
