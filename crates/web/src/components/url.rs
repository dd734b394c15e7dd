//! Addresses with a query, so that filters, order and page can be shared as a link.

/// Percent-encodes a value for a query.
fn encode(value: &str, out: &mut String) {
    for byte in value.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            _ => {
                out.push('%');
                for digit in [byte >> 4, byte & 15] {
                    out.push(char::from_digit(u32::from(digit), 16).unwrap_or('0').to_ascii_uppercase());
                }
            }
        }
    }
}

/// A path with the filled-in pairs as query; empty values are left out.
pub fn href(path: &str, pairs: &[(&str, &str)]) -> String {
    let mut out = path.to_owned();
    let mut mark = if path.contains('?') { '&' } else { '?' };
    for (key, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        out.push(mark);
        mark = '&';
        out.push_str(key);
        out.push('=');
        encode(value, &mut out);
    }
    out
}

/// The same pairs with one value changed; any page number goes, because the rows change.
pub fn with<'a>(pairs: &[(&'a str, &'a str)], key: &'a str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut out: Vec<_> = pairs.iter().copied().filter(|(name, _)| *name != key && *name != "pagina").collect();
    out.push((key, value));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_encoded_and_empty_ones_left_out() {
        assert_eq!(href("/x", &[("a", "é &"), ("b", ""), ("c", "1")]), "/x?a=%C3%A9+%26&c=1");
        assert_eq!(href("/x", &[]), "/x");
    }

    #[test]
    fn changing_a_filter_returns_to_the_first_page() {
        assert_eq!(with(&[("a", "1"), ("pagina", "3")], "b", "2"), [("a", "1"), ("b", "2")]);
    }
}
