//! The one table: caption, sticky head and first column, order by link, pages from the server.

use maud::{Markup, html};

use super::icons::{Icon, icon};
use super::text::number;
use super::url::{href, with};

/// Direction of the order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Direction {
    /// Low to high, A to Z.
    #[default]
    #[serde(rename = "op")]
    Up,
    /// High to low, Z to A.
    #[serde(rename = "af")]
    Down,
}

impl Direction {
    /// The value in addresses; nothing for the usual direction.
    pub fn value(self) -> &'static str {
        match self {
            Self::Up => "",
            Self::Down => "af",
        }
    }

    fn aria(self) -> &'static str {
        match self {
            Self::Up => "ascending",
            Self::Down => "descending",
        }
    }
}

/// Room around the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Density {
    /// For long tables.
    Dense,
    /// For short ones.
    Roomy,
}

/// A table inside its own region that scrolls sideways and can have the focus.
pub fn table(caption: &str, density: Density, head: &Markup, body: &Markup) -> Markup {
    html! {
        div class="table-region" role="region" aria-label={ "Tabel: " (caption) } tabindex="0" {
            table class=[(density == Density::Dense).then_some("dense")] {
                caption { (caption) }
                thead { (head) }
                tbody { (body) }
            }
        }
    }
}

/// The order a table is in, and where its links go.
#[derive(Debug, Clone, Copy)]
pub struct Order<'a> {
    /// Address without query.
    pub path: &'a str,
    /// All filters that are filled in.
    pub pairs: &'a [(&'a str, &'a str)],
    /// The column it is ordered by.
    pub column: &'a str,
    /// The direction.
    pub direction: Direction,
}

impl Order<'_> {
    fn link(&self, column: &str) -> String {
        let next = if self.column == column && self.direction == Direction::Up { Direction::Down } else { Direction::Up };
        let pairs = with(self.pairs, "volgorde", column);
        href(self.path, &with(&pairs, "richting", next.value()))
    }

    /// A head that orders the table when followed.
    pub fn head(&self, column: &str, words: &str) -> Markup {
        self.head_with("", column, words)
    }

    /// The same for a column of figures.
    pub fn head_figure(&self, column: &str, words: &str) -> Markup {
        self.head_with("figure", column, words)
    }

    fn head_with(&self, class: &str, column: &str, words: &str) -> Markup {
        let here = self.column == column;
        html! {
            th scope="col" class=[(!class.is_empty()).then_some(class)] aria-sort=[here.then_some(self.direction.aria())] {
                a class="sort" href=(self.link(column)) {
                    (words)
                    span class="sort-arrow" aria-hidden="true" {
                        @match (here, self.direction) { (false, _) => "↕", (true, Direction::Up) => "↑", (true, Direction::Down) => "↓" }
                    }
                }
            }
        }
    }
}

/// Which part of the rows is on the page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Paging {
    /// This page, from 1.
    pub page: u32,
    /// Rows on a page: 50 or 100.
    pub per_page: u32,
    /// Rows that fit the filters.
    pub rows: u32,
}

impl Paging {
    /// Number of pages, at least 1.
    pub fn pages(&self) -> u32 {
        self.rows.div_ceil(self.per_page.max(1)).max(1)
    }

    fn first(&self) -> u32 {
        if self.rows == 0 { 0 } else { (self.page.saturating_sub(1)) * self.per_page + 1 }
    }

    fn last(&self) -> u32 {
        (self.page * self.per_page).min(self.rows)
    }
}

/// "1 tot en met 50 van 1.131" with links to other pages and page sizes, above the table.
pub fn pagination(path: &str, pairs: &[(&str, &str)], paging: &Paging) -> Markup {
    page_links("Pagina's van de tabel", path, pairs, paging)
}

/// The same under the table, when there is more than one page.
pub fn pagination_below(path: &str, pairs: &[(&str, &str)], paging: &Paging) -> Markup {
    html! { @if paging.pages() > 1 { (page_links("Pagina's, onder de tabel", path, pairs, paging)) } }
}

fn page_links(label: &str, path: &str, pairs: &[(&str, &str)], paging: &Paging) -> Markup {
    let to_page = |page: u32| {
        let page = page.to_string();
        href(path, &with(pairs, "pagina", &page))
    };
    html! {
        nav class="pagination" aria-label=(label) {
            p { (number(paging.first())) " tot en met " (number(paging.last())) " van " strong { (number(paging.rows)) } }
            @if paging.pages() > 1 {
                ul class="pages" {
                    @if paging.page > 1 { li { a href=(to_page(paging.page - 1)) rel="prev" { "Vorige" } } }
                    @for page in near(paging.page, paging.pages()) {
                        @match page {
                            Some(page) => { li { a href=(to_page(page)) aria-current=[(page == paging.page).then_some("page")] { span class="visually-hidden" { "Pagina " } (page) } } }
                            None => { li class="gap" aria-hidden="true" { "…" } }
                        }
                    }
                    @if paging.page < paging.pages() { li { a href=(to_page(paging.page + 1)) rel="next" { "Volgende" } } }
                }
            }
            p class="per-page" {
                "Per pagina "
                @for size in ["50", "100"] {
                    a href=(href(path, &with(pairs, "aantal", size))) aria-current=[(paging.per_page.to_string() == size).then_some("true")] { (size) }
                }
            }
        }
    }
}

/// The pages worth a link: the first, the last and those beside this one.
fn near(page: u32, pages: u32) -> Vec<Option<u32>> {
    let mut out = Vec::new();
    let mut last = 0;
    for at in 1..=pages {
        if at == 1 || at == pages || at.abs_diff(page) <= 1 {
            if at > last + 1 {
                out.push(None);
            }
            out.push(Some(at));
            last = at;
        }
    }
    out
}

/// A link to take the table along as a workbook, exactly as it is shown.
pub fn export(address: &str) -> Markup {
    html! { a class="export" href=(address) { (icon(Icon::Download)) "Download als werkboek" } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_click_turns_the_order_around() {
        let order = Order { path: "/x", pairs: &[("zoek", "a"), ("pagina", "2")], column: "naam", direction: Direction::Up };
        assert_eq!(order.link("naam"), "/x?zoek=a&volgorde=naam&richting=af");
        assert_eq!(order.link("plaats"), "/x?zoek=a&volgorde=plaats");
    }

    #[test]
    fn far_pages_are_left_out() {
        assert_eq!(near(5, 9), [Some(1), None, Some(4), Some(5), Some(6), None, Some(9)]);
        assert_eq!(near(1, 1), [Some(1)]);
        let paging = Paging { page: 23, per_page: 50, rows: 1131 };
        assert_eq!((paging.pages(), paging.first(), paging.last()), (23, 1101, 1131));
    }
}
