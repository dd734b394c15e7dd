//! Markdown that people wrote, as paragraphs of a document. What is let through is what the pages let through.

use docx_rs::{
    Docx, Hyperlink, HyperlinkData, HyperlinkType, LevelOverride, Numbering, NumberingId, Paragraph, Run, RunFonts, SpecialIndentType,
};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::{centred, line_break, styles, words};

/// Where a link may lead.
const SCHEMES: [&str; 3] = ["http://", "https://", "mailto:"];

fn is_safe(address: &str) -> bool {
    let start: String = address.chars().take(8).flat_map(char::to_lowercase).collect();
    SCHEMES.iter().any(|scheme| start.starts_with(scheme))
}

/// The numbered lists and links of a document so far. Each numbered list begins again, so each is one of its own, and
/// links are numbered here because the library would number them over all documents of the process.
#[derive(Debug, Default)]
pub(crate) struct Lists {
    /// First numbers of the numbered lists.
    starts: Vec<usize>,
    links: usize,
}

/// Numbering of all lists with bullets. The library has one of its own under 1.
const BULLETS: usize = 11;

impl Lists {
    fn numbered(&mut self, start: u64) -> usize {
        self.starts.push(usize::try_from(start).unwrap_or(1));
        BULLETS + self.starts.len()
    }

    /// Adds the lists to the document they stand in.
    pub(crate) fn add_to(self, docx: Docx) -> Docx {
        let docx = docx.add_numbering(Numbering::new(BULLETS, styles::BULLETS));
        let own = self.starts.into_iter().enumerate().map(|(at, start)| {
            let restart = (0..=3).map(|level| LevelOverride::new(level).start(if level == 0 { start } else { 1 }));
            Numbering::new(BULLETS + 1 + at, styles::NUMBERS).overrides(restart.collect())
        });
        own.fold(docx, Docx::add_numbering)
    }
}

/// A piece of a line.
enum Inline {
    Run(Box<Run>),
    Link(String, Vec<Run>),
}

/// What the line that is written belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Block {
    /// Ordinary text.
    Text,
    /// A heading within the text.
    Heading,
    /// Code, line by line as it stands.
    Code,
}

/// Turns events into paragraphs.
struct Writer<'w> {
    lists: &'w mut Lists,
    /// Style of ordinary paragraphs.
    style: &'static str,
    done: Vec<Paragraph>,
    line: Vec<Inline>,
    strong: usize,
    emphasis: usize,
    quotes: usize,
    /// The numbering of each list that is open.
    open: Vec<usize>,
    /// Whether the next paragraph is the first of its item, which gets the sign of the list.
    is_first_of_item: Vec<bool>,
    block: Block,
    /// Addresses of the links that are open; nothing for one that is only text.
    links: Vec<Option<String>>,
}

impl Writer<'_> {
    fn run(&self, text: &str) -> Run {
        let mut run = words(text);
        if self.strong > 0 {
            run = run.bold();
        }
        if self.emphasis > 0 {
            run = run.italic();
        }
        run
    }

    fn push(&mut self, run: Run) {
        match self.links.last() {
            Some(Some(address)) => {
                let run = run.color(styles::LINK).underline("single");
                match self.line.last_mut() {
                    Some(Inline::Link(same, runs)) if same == address => runs.push(run),
                    _ => self.line.push(Inline::Link(address.clone(), vec![run])),
                }
            }
            _ => self.line.push(Inline::Run(Box::new(run))),
        }
    }

    fn blank(&mut self) -> Paragraph {
        if self.block == Block::Heading {
            return Paragraph::new().style(styles::INNER_HEADING).keep_next(true);
        }
        let depth = self.open.len();
        let Some(numbering) = self.open.last() else {
            let style = if self.block == Block::Code {
                styles::CODE
            } else if self.quotes > 0 {
                styles::QUOTE
            } else {
                self.style
            };
            return Paragraph::new().style(style);
        };
        let paragraph = Paragraph::new().style(if self.block == Block::Code { styles::CODE } else { styles::LIST });
        let level = styles::depth(depth);
        match self.is_first_of_item.last_mut() {
            Some(first) if *first => {
                *first = false;
                paragraph.numbering(NumberingId::new(*numbering), level)
            }
            _ => paragraph.indent(Some(380 * i32::try_from(depth).unwrap_or(1)), None::<SpecialIndentType>, None, None),
        }
    }

    /// Ends the paragraph that is being written, if there is one.
    fn flush(&mut self) {
        if self.line.is_empty() {
            return;
        }
        let mut paragraph = self.blank();
        for piece in std::mem::take(&mut self.line) {
            paragraph = match piece {
                Inline::Run(run) => paragraph.add_run(*run),
                Inline::Link(address, runs) => {
                    self.lists.links += 1;
                    let mut link = Hyperlink::new(address, HyperlinkType::External);
                    if let HyperlinkData::External { rid, .. } = &mut link.link {
                        *rid = format!("rIdLink{}", self.lists.links);
                    }
                    paragraph.add_hyperlink(runs.into_iter().fold(link, Hyperlink::add_run))
                }
            };
        }
        self.done.push(paragraph);
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Strong => self.strong += 1,
            Tag::Emphasis => self.emphasis += 1,
            Tag::Link { dest_url, .. } => self.links.push(is_safe(&dest_url).then(|| dest_url.into_string())),
            Tag::Image { .. } => {
                let run = self.run("[afbeelding: ");
                self.push(run);
            }
            Tag::Heading { .. } => {
                self.flush();
                self.block = Block::Heading;
            }
            Tag::BlockQuote(_) => {
                self.flush();
                self.quotes += 1;
            }
            Tag::CodeBlock(_) => {
                self.flush();
                self.block = Block::Code;
            }
            Tag::List(start) => {
                self.flush();
                let numbering = start.map_or(BULLETS, |start| self.lists.numbered(start));
                self.open.push(numbering);
            }
            Tag::Item => {
                self.flush();
                self.is_first_of_item.push(true);
            }
            _ => self.flush(),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Strong => self.strong = self.strong.saturating_sub(1),
            TagEnd::Emphasis => self.emphasis = self.emphasis.saturating_sub(1),
            TagEnd::Link => {
                self.links.pop();
            }
            TagEnd::Image => {
                let run = self.run("]");
                self.push(run);
            }
            other => {
                self.flush();
                match other {
                    TagEnd::Heading(_) | TagEnd::CodeBlock => self.block = Block::Text,
                    TagEnd::BlockQuote(_) => self.quotes = self.quotes.saturating_sub(1),
                    TagEnd::List(_) => {
                        self.open.pop();
                    }
                    TagEnd::Item => {
                        self.is_first_of_item.pop();
                    }
                    _ => {}
                }
            }
        }
    }

    fn text(&mut self, text: &str) {
        if self.block != Block::Code {
            let run = self.run(text);
            self.push(run);
            return;
        }
        // Each line of code is a paragraph, as it stands.
        for line in text.lines() {
            let run = words(line);
            self.push(run);
            self.flush();
        }
    }

    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => self.text(&text),
            Event::Code(text) => {
                let run = self.run(&text).fonts(RunFonts::new().ascii(styles::MONO).hi_ansi(styles::MONO));
                self.push(run);
            }
            Event::SoftBreak => {
                let run = self.run(" ");
                self.push(run);
            }
            Event::HardBreak => self.push(line_break()),
            Event::Rule => {
                self.flush();
                self.done.push(centred(Paragraph::new().add_run(words("* * *"))));
            }
            Event::InlineMath(_) | Event::DisplayMath(_) | Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
        }
    }
}

/// A text as paragraphs in a style, with words before the first.
pub(crate) fn paragraphs(text: &str, style: &'static str, label: Option<&str>, lists: &mut Lists) -> Vec<Paragraph> {
    let mut writer = Writer {
        lists,
        style,
        done: Vec::new(),
        line: Vec::new(),
        strong: 0,
        emphasis: 0,
        quotes: 0,
        open: Vec::new(),
        is_first_of_item: Vec::new(),
        block: Block::Text,
        links: Vec::new(),
    };
    let mut label = label;
    for event in Parser::new_ext(text, Options::empty()) {
        let begins = matches!(event, Event::Start(Tag::Paragraph));
        writer.event(event);
        if let Some(words) = label.take_if(|_| begins) {
            writer.push(crate::words(&format!("{words} ")).bold());
        }
    }
    writer.flush();
    if let Some(words) = label {
        writer.done.insert(0, Paragraph::new().style(style).keep_next(true).add_run(crate::words(words).bold()));
    }
    writer.done
}
