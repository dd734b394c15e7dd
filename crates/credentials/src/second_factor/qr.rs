//! A QR code as a picture.

use std::fmt::Write;

use qrcode::{Color, EcLevel, QrCode};

// The standard asks for four modules of white around a code; without them many cameras see nothing.
const MARGIN: usize = 4;

/// A text as a QR code, black on white, in SVG without style or script, so that it can stand in a page with a strict policy.
///
/// Nothing when the text is longer than a QR code holds, some 2,900 bytes; an address for an authenticator is far shorter.
pub fn qr_svg(text: &str) -> Option<String> {
    // Level M gets over dirt on paper, which a screen does not have; a long text is better served by larger modules.
    let code = QrCode::new(text).or_else(|_| QrCode::with_error_correction_level(text, EcLevel::L)).ok()?;
    let width = code.width();
    let side = width + 2 * MARGIN;
    let mut svg = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}"><path fill="#fff" d="M0 0h{side}v{side}H0z"/><path fill="#000" d=""##
    );
    for (y, row) in code.to_colors().chunks(width).enumerate() {
        let mut x = 0;
        // One stroke for all black modules in a row: a tenth of the size, and no hairlines between them.
        for run in row.chunk_by(PartialEq::eq) {
            if run[0] == Color::Dark {
                // Writing to a String cannot fail.
                let _ = write!(svg, "M{} {}h{}v1h-{}z", x + MARGIN, y + MARGIN, run.len(), run.len());
            }
            x += run.len();
        }
    }
    svg.push_str(r#""/></svg>"#);
    Some(svg)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The modules that the picture paints black, read back from its path.
    fn painted(svg: &str) -> Vec<(usize, usize)> {
        let path = svg.split(r##"fill="#000" d=""##).nth(1).unwrap().split('"').next().unwrap();
        let runs = path.split_terminator('z').map(|run| {
            let numbers: Vec<usize> = run.split(|sign: char| !sign.is_ascii_digit()).filter_map(|number| number.parse().ok()).collect();
            let [x, y, length, 1, back] = numbers[..] else { panic!("{run}") };
            assert_eq!(length, back);
            (x, y, length)
        });
        runs.flat_map(|(x, y, length)| (x..x + length).map(move |x| (x, y))).collect()
    }

    #[test]
    fn the_picture_is_plain_and_has_its_corners() {
        let svg = qr_svg("otpauth://totp/Kernschil:zoe%40school.nl?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").unwrap();
        assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>"));
        for word in ["style", "script", "<?", "class", "href", "on"] {
            assert!(!svg.contains(word), "{word}");
        }
        let black = painted(&svg);
        assert!((0..7).all(|i| black.contains(&(MARGIN + i, MARGIN)) && black.contains(&(MARGIN, MARGIN + i))));
        assert!(!black.contains(&(MARGIN + 7, MARGIN)));
    }

    #[test]
    fn too_long_a_text_has_no_picture() {
        assert!(qr_svg(&"é".repeat(1_300)).is_some());
        assert!(qr_svg(&"é".repeat(1_500)).is_none());
    }

    proptest! {
        #[test]
        fn the_picture_has_exactly_the_modules_of_the_code(text in "\\PC{0,60}") {
            let code = QrCode::new(&text).unwrap();
            let width = code.width();
            let colors = code.to_colors();
            let dark = (0..width * width).filter(|i| colors[*i] == Color::Dark).map(|i| (i % width + MARGIN, i / width + MARGIN));
            prop_assert_eq!(painted(&qr_svg(&text).unwrap()), dark.collect::<Vec<_>>());
        }
    }
}
