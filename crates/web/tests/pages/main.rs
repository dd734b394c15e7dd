//! What every page must hold, whatever is on it.

mod samples;

use samples::{HOSTILE, pages};

fn tags<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let open = format!("<{name}");
    html.match_indices(&open)
        .filter_map(|(at, _)| html.get(at..).and_then(|rest| rest.split_once('>')).map(|(tag, _)| tag))
        .filter(|tag| tag[open.len()..].chars().next().is_none_or(|c| c == ' '))
        .collect()
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    tag.split_once(&format!(" {name}=\"")).and_then(|(_, rest)| rest.split_once('"')).map(|(value, _)| value)
}

fn each(check: impl Fn(&str, &str)) {
    for (name, page) in pages() {
        check(name, &page.into_string());
    }
}

#[test]
fn a_page_is_dutch_and_has_one_heading_and_one_main_part() {
    each(|name, html| {
        assert!(html.contains("<html lang=\"nl\">"), "{name}");
        assert_eq!(tags(html, "h1").len(), 1, "{name}");
        assert_eq!(tags(html, "main").len(), 1, "{name}");
        assert!(html.contains("<a class=\"skip\" href=\"#inhoud\">"), "{name}");
    });
}

#[test]
fn nothing_is_written_inline_that_the_security_policy_forbids() {
    each(|name, html| {
        assert!(!html.contains(" style=") && !html.contains("<style"), "{name}");
        for at in [" onclick", " onload", " onchange", " onsubmit", "javascript:"] {
            assert!(!html.contains(at), "{name}: {at}");
        }
        assert!(tags(html, "script").iter().all(|tag| attribute(tag, "src").is_some()), "{name}");
        assert!(!html.contains("http://") && !html.contains("https://"), "{name}");
    });
}

#[test]
fn names_from_a_workbook_stay_text() {
    let mut seen = 0;
    each(|name, html| {
        assert!(!html.contains(HOSTILE) && !html.contains("<script>"), "{name}");
    });
    for (_, page) in pages() {
        seen += usize::from(page.into_string().contains("&lt;script&gt;alert"));
    }
    assert!(seen >= 8, "the hostile name should be on many pages: {seen}");
}

#[test]
fn every_field_has_a_label() {
    each(|name, html| {
        let labelled: Vec<_> = tags(html, "label").into_iter().filter_map(|tag| attribute(tag, "for")).collect();
        for tag in ["input", "select", "textarea"].into_iter().flat_map(|kind| tags(html, kind)) {
            if attribute(tag, "type") == Some("hidden") {
                continue;
            }
            assert!(attribute(tag, "id").is_some_and(|id| labelled.contains(&id)), "{name}: {tag}");
        }
    });
}

#[test]
fn every_form_that_changes_something_carries_the_token() {
    each(|name, html| {
        for form in html.split("<form").skip(1) {
            let form = form.split("</form>").next().unwrap_or_default();
            let posts = form.split('>').next().is_some_and(|tag| tag.contains("method=\"post\""));
            assert_eq!(posts, form.contains("name=\"csrf\""), "{name}: {form}");
        }
    });
}

#[test]
fn an_id_stands_once_and_links_inside_the_page_arrive() {
    each(|name, html| {
        let mut ids: Vec<_> = html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count, "{name}");
        for target in html.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(ids.contains(&target), "{name}: #{target}");
        }
    });
}

#[test]
fn every_table_can_be_scrolled_and_names_its_columns() {
    each(|name, html| {
        assert_eq!(tags(html, "table").len(), html.matches("class=\"table-region\" role=\"region\"").count(), "{name}");
        assert_eq!(tags(html, "table").len(), tags(html, "caption").len(), "{name}");
        assert!(tags(html, "th").iter().all(|tag| attribute(tag, "scope").is_some()), "{name}");
    });
}

#[test]
fn charts_are_pictures_with_words_and_without_colours_of_their_own() {
    each(|name, html| {
        for chart in html.split("<svg class=\"chart").skip(1) {
            let chart = chart.split("</svg>").next().unwrap_or_default();
            assert!(chart.contains("role=\"img\"") && chart.contains("<title>") && chart.contains("<desc>"), "{name}");
            assert!(!chart.contains("fill=\"#") && !chart.contains("stroke=\"#"), "{name}");
        }
    });
}

#[test]
fn a_page_with_errors_says_so_in_its_title_and_at_the_top() {
    for (name, page) in pages() {
        let html = page.into_string();
        if name.ends_with("-fout") {
            assert!(html.contains("<title>Fout: ") && html.contains("class=\"error-summary\""), "{name}");
        }
    }
}

#[test]
fn no_name_of_a_student_stands_in_an_address() {
    each(|name, html| {
        for href in html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(!href.to_lowercase().contains("smit") && !href.contains("script"), "{name}: {href}");
        }
    });
}
