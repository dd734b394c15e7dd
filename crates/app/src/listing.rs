//! Parts of long lists.

use serde::{Deserialize, Serialize};

/// Which way a list goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Direction {
    /// From low to high.
    #[default]
    Up,
    /// From high to low.
    Down,
}

/// Which part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageRequest {
    /// Number of the page, from 1.
    pub page: usize,
    /// Rows on a page, 1 to 500.
    pub size: usize,
}

impl Default for PageRequest {
    fn default() -> Self {
        Self { page: 1, size: 50 }
    }
}

/// A part of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Page<T> {
    /// Rows of this page.
    pub rows: Vec<T>,
    /// Number of this page, from 1.
    pub page: usize,
    /// Number of pages, at least 1.
    pub pages: usize,
    /// Rows in the whole list.
    pub total: usize,
}

/// The page of a list; a page past the end is the last one.
pub fn page<T>(rows: Vec<T>, request: PageRequest) -> Page<T> {
    let size = request.size.clamp(1, 500);
    let total = rows.len();
    let pages = total.div_ceil(size).max(1);
    let page = request.page.clamp(1, pages);
    Page { rows: rows.into_iter().skip((page - 1) * size).take(size).collect(), page, pages, total }
}

/// Text by which names are found: lower case, without accents on letters.
pub fn search_key(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).map(plain).collect()
}

fn plain(c: char) -> char {
    match c {
        'à' | 'á' | 'â' | 'ä' | 'ã' | 'å' => 'a',
        'ç' | 'č' | 'ć' => 'c',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ñ' => 'n',
        'ò' | 'ó' | 'ô' | 'ö' | 'õ' | 'ø' => 'o',
        'š' | 'ş' | 'ś' => 's',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        'ý' | 'ÿ' => 'y',
        'ž' => 'z',
        'ğ' => 'g',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_past_the_end_is_the_last_one_and_an_empty_list_has_one_page() {
        let part = page(vec![1, 2, 3], PageRequest { page: 9, size: 2 });
        assert_eq!((part.rows, part.page, part.pages, part.total), (vec![3], 2, 2, 3));
        assert_eq!(page(Vec::<u8>::new(), PageRequest::default()).pages, 1);
    }

    #[test]
    fn a_name_is_found_without_its_accents() {
        assert_eq!(search_key("Zoë Gülşen"), "zoe gulsen");
    }
}
