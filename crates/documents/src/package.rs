//! The file around a document: its properties, its language, and the word across its pages.
//!
//! The library writes none of these three, so they are put into its parts here, at places that the tests hold still.

use std::io::Cursor;

use docx_rs::Docx;

use crate::{Document, DocumentError, clean};

/// Media type of a .docx file.
pub const DOCX_MEDIA_TYPE: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// Text as it may stand in XML.
fn escaped(text: &str) -> String {
    clean(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The properties of the file. The dates are fixed: the same document gives the same bytes.
fn properties(title: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\
         <cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>{}</dc:title><dc:creator>Kernschil</dc:creator>\
         <dc:language>nl-NL</dc:language><cp:lastModifiedBy>Kernschil</cp:lastModifiedBy>\
         <dcterms:created xsi:type=\"dcterms:W3CDTF\">2026-01-01T00:00:00Z</dcterms:created>\
         <dcterms:modified xsi:type=\"dcterms:W3CDTF\">2026-01-01T00:00:00Z</dcterms:modified></cp:coreProperties>",
        escaped(title)
    )
}

/// A word across the page, as Word makes it: text on a path, behind the text of the page.
fn watermark(word: &str) -> String {
    format!(
        "<w:r><w:pict><v:shapetype id=\"_x0000_t136\" coordsize=\"21600,21600\" o:spt=\"136\" adj=\"10800\" \
         path=\"m@7,l@8,m@5,21600l@6,21600e\"><v:formulas><v:f eqn=\"sum #0 0 10800\"/><v:f eqn=\"prod #0 2 1\"/>\
         <v:f eqn=\"sum 21600 0 @1\"/><v:f eqn=\"sum 0 0 @2\"/><v:f eqn=\"sum 21600 0 @3\"/><v:f eqn=\"if @0 @3 0\"/>\
         <v:f eqn=\"if @0 21600 @1\"/><v:f eqn=\"if @0 0 @2\"/><v:f eqn=\"if @0 @4 21600\"/><v:f eqn=\"mid @5 @6\"/>\
         <v:f eqn=\"mid @8 @5\"/><v:f eqn=\"mid @7 @8\"/><v:f eqn=\"mid @6 @7\"/><v:f eqn=\"sum @6 0 @5\"/></v:formulas>\
         <v:path textpathok=\"t\" o:connecttype=\"custom\" o:connectlocs=\"@9,0;@10,10800;@11,21600;@12,10800\" \
         o:connectangles=\"270,180,90,0\"/><v:textpath on=\"t\" fitshape=\"t\"/><o:lock v:ext=\"edit\" text=\"t\" shapetype=\"t\"/>\
         </v:shapetype><v:shape id=\"KernschilWatermark\" o:spid=\"_x0000_s2049\" type=\"#_x0000_t136\" alt=\"{word}\" \
         style=\"position:absolute;margin-left:0;margin-top:0;width:430pt;height:110pt;rotation:315;z-index:-251658752;\
         mso-position-horizontal:center;mso-position-horizontal-relative:margin;mso-position-vertical:center;\
         mso-position-vertical-relative:margin\" o:allowincell=\"f\" fillcolor=\"#d5dde2\" stroked=\"f\"><v:fill opacity=\".5\"/>\
         <v:textpath style=\"font-family:&quot;Calibri&quot;;font-size:1pt;font-weight:bold\" string=\"{word}\"/>\
         <w10:wrap anchorx=\"margin\" anchory=\"margin\"/></v:shape></w:pict></w:r>",
        word = escaped(word)
    )
}

/// Puts something before the last place where a mark stands.
fn before_last(part: &mut Vec<u8>, mark: &str, piece: &str) -> Result<(), DocumentError> {
    let text = String::from_utf8(std::mem::take(part)).map_err(|error| DocumentError(error.to_string()))?;
    let at = text.rfind(mark).ok_or_else(|| DocumentError(format!("no {mark} in what the library wrote")))?;
    let (start, end) = text.split_at(at);
    *part = format!("{start}{piece}{end}").into_bytes();
    Ok(())
}

/// The bytes of the file.
pub(crate) fn pack(docx: Docx, document: &Document) -> Result<Vec<u8>, DocumentError> {
    let mut parts = docx.build();
    parts.doc_props.core = properties(&document.title).into_bytes();
    before_last(&mut parts.styles, "</w:rPr></w:rPrDefault>", "<w:lang w:val=\"nl-NL\"/>")?;
    if let Some(word) = &document.watermark {
        for header in &mut parts.headers {
            before_last(header, "</w:p>", &watermark(word))?;
        }
    }
    let mut bytes = Cursor::new(Vec::new());
    parts.pack(&mut bytes).map_err(|error| DocumentError(error.to_string()))?;
    Ok(bytes.into_inner())
}
