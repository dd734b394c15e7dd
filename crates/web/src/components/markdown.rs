//! Markdown that people wrote, as HTML that can do no harm.
//!
//! What stands in a text comes from others, so nothing of it reaches the page as it is: tags are shown as text, links lead
//! only to the web or to a mail address, and pictures, which would be fetched from elsewhere, become their description.

use maud::{Markup, PreEscaped};
use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

/// Where a link may lead.
const SCHEMES: [&str; 3] = ["http://", "https://", "mailto:"];

fn is_safe(address: &str) -> bool {
    let start: String = address.chars().take(8).flat_map(char::to_lowercase).collect();
    SCHEMES.iter().any(|scheme| start.starts_with(scheme))
}

/// Lets through what is harmless, and turns the rest into text.
#[derive(Default)]
struct Cleaner {
    /// For each link that is open: whether it became a link.
    links: Vec<bool>,
    /// The headings that the text stands under, from high to low.
    headings: Vec<HeadingLevel>,
}

/// Headings of the page go so deep; those of a text stand below.
const OF_THE_PAGE: usize = 3;

impl Cleaner {
    /// The level of a heading on the page: one deeper than the heading it stands under, whatever the writer skipped.
    fn heading(&mut self, level: HeadingLevel) -> HeadingLevel {
        self.headings.retain(|above| *above < level);
        self.headings.push(level);
        self.open_heading()
    }

    /// The level of the heading that was opened last.
    fn open_heading(&self) -> HeadingLevel {
        HeadingLevel::try_from(OF_THE_PAGE + self.headings.len()).unwrap_or(HeadingLevel::H6)
    }

    fn clean<'t>(&mut self, event: Event<'t>) -> Option<Event<'t>> {
        match event {
            Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
            Event::Start(Tag::HtmlBlock) => Some(Event::Start(Tag::Paragraph)),
            Event::End(TagEnd::HtmlBlock) => Some(Event::End(TagEnd::Paragraph)),
            Event::Start(Tag::Image { .. }) => Some(Event::Text(CowStr::Borrowed("[afbeelding: "))),
            Event::End(TagEnd::Image) => Some(Event::Text(CowStr::Borrowed("]"))),
            Event::Start(Tag::Link { ref dest_url, .. }) => {
                let safe = is_safe(dest_url);
                self.links.push(safe);
                safe.then_some(event)
            }
            Event::End(TagEnd::Link) => self.links.pop().unwrap_or_default().then_some(event),
            // A heading takes neither an id nor classes from a text: they could stand for something of the page.
            Event::Start(Tag::Heading { level, .. }) => {
                Some(Event::Start(Tag::Heading { level: self.heading(level), id: None, classes: Vec::new(), attrs: Vec::new() }))
            }
            Event::End(TagEnd::Heading(_)) => Some(Event::End(TagEnd::Heading(self.open_heading()))),
            // The name of a language would become a class.
            Event::Start(Tag::CodeBlock(_)) => Some(Event::Start(Tag::CodeBlock(pulldown_cmark::CodeBlockKind::Indented))),
            other => Some(other),
        }
    }
}

/// A text as HTML.
pub fn markdown(text: &str) -> Markup {
    let mut cleaner = Cleaner::default();
    let events = Parser::new_ext(text, Options::empty()).filter_map(|event| cleaner.clean(event));
    let mut out = String::with_capacity(text.len() * 3 / 2);
    html::push_html(&mut out, events);
    PreEscaped(format!("<div class=\"written\">{out}</div>"))
}

/// A line of a text without the signs of Markdown: the words, with what makes a list of them. An address of a link stands
/// behind its words.
pub fn plain(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut numbers = Vec::new();
    let mut addresses = Vec::new();
    for event in Parser::new_ext(line, Options::empty()) {
        match event {
            Event::Start(Tag::List(first)) => numbers.push(first),
            Event::End(TagEnd::List(_)) => numbers.truncate(numbers.len().saturating_sub(1)),
            Event::Start(Tag::Item) => match numbers.last().copied().flatten() {
                Some(number) => out.extend([number.to_string().as_str(), ". "]),
                None => out.push_str("– "),
            },
            Event::Start(Tag::Link { dest_url, .. }) => addresses.push(dest_url),
            Event::End(TagEnd::Link) => {
                let address = addresses.pop().filter(|address| !out.ends_with(address.as_ref()));
                out.extend(address.map(|address| format!(" ({address})")));
            }
            Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text) => out.push_str(&text),
            Event::SoftBreak | Event::HardBreak => out.push(' '),
            _ => {}
        }
    }
    // A line that is nothing but signs is told as it is.
    if out.trim().is_empty() { line.to_owned() } else { out.trim_end().to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html_of(text: &str) -> String {
        markdown(text).into_string()
    }

    #[test]
    fn what_people_write_is_shown_as_they_mean_it() {
        let html =
            html_of("# Kop\n\nEen *alinea* met **nadruk**.\n\n- een\n- twee\n\n> aangehaald\n\n[het plan](https://school.example/plan)");
        for part in [
            "<h4>Kop</h4>",
            "<em>alinea</em>",
            "<strong>nadruk</strong>",
            "<li>een</li>",
            "<blockquote>",
            r#"<a href="https://school.example/plan">het plan</a>"#,
        ] {
            assert!(html.contains(part), "{part} is not in {html}");
        }
    }

    #[test]
    fn a_heading_stands_one_below_the_heading_it_is_under_whatever_the_writer_skipped() {
        assert_eq!(
            html_of("### Eerst\n\n# Hoog\n\n### Diep\n\n## Weer"),
            "<div class=\"written\"><h4>Eerst</h4>\n<h4>Hoog</h4>\n<h5>Diep</h5>\n<h5>Weer</h5>\n</div>"
        );
    }

    /// Every tag that stands in a page must be one of those that Markdown makes, without anything a script could hang on.
    fn assert_harmless(attack: &str) {
        const TAGS: [&str; 19] = [
            "p",
            "h4",
            "h5",
            "h6",
            "em",
            "strong",
            "ul",
            "ol",
            "li",
            "a",
            "code",
            "pre",
            "blockquote",
            "hr",
            "br",
            "div",
            "/p",
            "/a",
            "/div",
        ];
        let html = html_of(attack);
        for tag in html.split('<').skip(1) {
            let tag = tag.split('>').next().unwrap();
            let name = tag.trim_end_matches('/').split_whitespace().next().unwrap();
            let known = TAGS.contains(&name) || name.strip_prefix('/').is_some_and(|name| TAGS.contains(&name));
            assert!(known, "{attack} gives <{tag}> in {html}");
            // Quotation marks within a value are written out, so what stands outside them are the names.
            let outside: String = tag.split('"').step_by(2).collect();
            for attribute in
                outside.split_whitespace().skip(1).map(|part| part.trim_end_matches(['=', '/'])).filter(|part| !part.is_empty())
            {
                assert!(["href", "title", "class", "start"].contains(&attribute), "{attack} gives {attribute} in {html}");
            }
            if let Some(address) = tag.split("href=\"").nth(1) {
                assert!(SCHEMES.iter().any(|scheme| address.to_lowercase().starts_with(scheme)), "{attack} leads to {address}");
            }
        }
    }

    #[test]
    fn no_attack_gets_through() {
        for attack in [
            "<script>alert(1)</script>",
            "tekst <script>alert(1)</script> tekst",
            "<img src=x onerror=alert(1)>",
            "<svg/onload=alert(1)>",
            "<a href=\"javascript:alert(1)\">klik</a>",
            "[klik](javascript:alert(1))",
            "[klik](JaVaScRiPt:alert(1))",
            "[klik](java\tscript:alert(1))",
            "[klik](&#106;avascript:alert(1))",
            "[klik](data:text/html;base64,PHNjcmlwdD4=)",
            "[klik](vbscript:msgbox(1))",
            "[klik](//elders.example/pad)",
            "[klik](/uitloggen)",
            "[klik][1]\n\n[1]: javascript:alert(1)",
            "<javascript:alert(1)>",
            "![plaatje](https://elders.example/pixel.png)",
            "![<script>alert(1)</script>](x)",
            "[klik](https://a.example/\"onmouseover=\"alert(1))",
            "[klik](https://a.example \"titel\\\" onmouseover=\\\"alert(1)\")",
            "```\"><script>alert(1)</script>\ncode\n```",
            "# kop {#inhoud onclick=alert(1)}",
            "<!-- <script>alert(1)</script> -->",
            "<?php echo 1 ?>",
            "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
            "<style>@import 'https://elders.example'</style>",
            "<form action=/uitloggen method=post><button>klik</button></form>",
            "[![a](javascript:alert(1))](javascript:alert(2))",
        ] {
            assert_harmless(attack);
        }
    }

    #[test]
    fn a_tag_is_text_to_read() {
        let html = html_of("Zet <b>dit</b> vet.\n\n<div>blok</div>");
        assert!(html.contains("Zet &lt;b&gt;dit&lt;/b&gt; vet."), "{html}");
        assert!(html.contains("&lt;div&gt;blok&lt;/div&gt;"), "{html}");
    }

    #[test]
    fn a_line_can_be_told_without_signs() {
        for (line, words) in [
            ("Het **werkplekleren** *kan* meer.", "Het werkplekleren kan meer."),
            ("- een [plan](https://school.example)", "– een plan (https://school.example)"),
            ("3. op `school`", "3. op school"),
            ("## Kop", "Kop"),
            ("<https://school.example>", "https://school.example"),
            ("2 * 3 < 7 <b>vet</b>", "2 * 3 < 7 <b>vet</b>"),
            ("---", "---"),
            ("", ""),
        ] {
            assert_eq!(plain(line), words);
        }
    }

    #[test]
    fn a_picture_is_not_fetched() {
        let html = html_of("![foto van de school](https://elders.example/foto.png)");
        assert!(html.contains("[afbeelding: foto van de school]") && !html.contains("elders"), "{html}");
    }
}
