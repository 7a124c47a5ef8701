//! Markdown to HTML that is safe to show whoever wrote it.
//!
//! Raw HTML becomes text, links keep only addresses that cannot run anything, pictures become their alternative
//! text, and nothing carries a `style` attribute, so that the page holds under a policy without inline styles.

use base::ProblemKind;
use maud::{Markup, PreEscaped};
use pulldown_cmark::{Alignment, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

/// Renders `text`. A heading of level one becomes `<h{top}>`, and so on down to `<h6>`.
pub fn render(text: &str, top: usize) -> Markup {
    to_html(text, top, false)
}

/// The same, and code that is the slug of a problem becomes a link to its page.
pub fn render_linking_problems(text: &str, top: usize) -> Markup {
    to_html(text, top, true)
}

/// The kinds of problem that the text names in code.
pub fn problems_in(text: &str) -> Vec<ProblemKind> {
    let code = |event| if let Event::Code(code) = event { ProblemKind::parse(&code) } else { None };
    Parser::new(text).filter_map(code).collect()
}

/// A link to the page of a kind.
pub fn problem_link(kind: ProblemKind) -> String {
    let slug = kind.slug();
    format!("<a href=\"/problems/{slug}\"><code>{slug}</code></a>")
}

fn to_html(text: &str, top: usize, link_problems: bool) -> Markup {
    let mut links = Vec::new();
    let events = Parser::new_ext(text, Options::ENABLE_TABLES).map(|event| match event {
        Event::Html(raw) | Event::InlineHtml(raw) => Event::Text(raw),
        Event::Code(code) => match ProblemKind::parse(&code).filter(|_| link_problems) {
            Some(kind) => Event::InlineHtml(problem_link(kind).into()),
            None => Event::Code(code),
        },
        Event::Start(tag) => Event::Start(opened(tag, top, &mut links)),
        Event::End(end) => Event::End(closed(end, top, &mut links)),
        other => other,
    });
    let mut out = String::with_capacity(text.len() * 2);
    html::push_html(&mut out, events);
    PreEscaped(out)
}

/// The first paragraph as plain text, for places that hold one line.
pub fn line(text: &str) -> String {
    let mut out = String::new();
    for event in Parser::new(text) {
        match event {
            Event::Text(t) | Event::Code(t) | Event::Html(t) | Event::InlineHtml(t) => out.push_str(&t),
            Event::SoftBreak | Event::HardBreak => out.push(' '),
            Event::End(TagEnd::Paragraph | TagEnd::Heading(_)) => break,
            _ => {}
        }
    }
    out
}

/// The tag to open instead. `links` remembers for each open link whether it stayed one.
fn opened<'a>(tag: Tag<'a>, top: usize, links: &mut Vec<bool>) -> Tag<'a> {
    match tag {
        Tag::HtmlBlock => Tag::Paragraph,
        Tag::Image { .. } => Tag::Emphasis,
        Tag::Link { ref dest_url, .. } => {
            let harmless = harmless(dest_url);
            links.push(harmless);
            if harmless { tag } else { Tag::Emphasis }
        }
        Tag::Heading { level, .. } => {
            Tag::Heading { level: lowered(level, top), id: None, classes: Vec::new(), attrs: Vec::new() }
        }
        Tag::Table(columns) => Tag::Table(vec![Alignment::None; columns.len()]),
        other => other,
    }
}

fn closed(end: TagEnd, top: usize, links: &mut Vec<bool>) -> TagEnd {
    match end {
        TagEnd::HtmlBlock => TagEnd::Paragraph,
        TagEnd::Image => TagEnd::Emphasis,
        TagEnd::Link if links.pop() == Some(false) => TagEnd::Emphasis,
        TagEnd::Heading(level) => TagEnd::Heading(lowered(level, top)),
        other => other,
    }
}

fn lowered(level: HeadingLevel, top: usize) -> HeadingLevel {
    HeadingLevel::try_from((level as usize + top).saturating_sub(1).min(6)).unwrap_or(HeadingLevel::H6)
}

/// Whether following the address can only ever load a page or start a letter.
fn harmless(address: &str) -> bool {
    let scheme = address.split(['/', '?', '#']).next().unwrap_or("").split_once(':').map(|(scheme, _)| scheme);
    match scheme {
        None => !address.contains(char::is_control),
        Some(scheme) => ["http", "https", "mailto"].iter().any(|known| scheme.eq_ignore_ascii_case(known)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_a_description_is_shown_and_not_run() {
        let out = render("a <script>alert(1)</script> b\n\n<img src=x onerror=alert(1)>\n\n`<b>`", 4).into_string();
        assert!(!out.contains("<script") && !out.contains("<img") && !out.contains("<b>"), "{out}");
        assert!(out.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "{out}");
        assert!(out.contains("<code>&lt;b&gt;</code>"), "{out}");
    }

    #[test]
    fn a_link_that_could_run_something_is_text() {
        for address in
            ["javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "vbscript:x", "java%0ascript:x"]
        {
            let out = render(&format!("[x]({address}) [y](/problems/stale)"), 4).into_string();
            assert_eq!(out, "<p><em>x</em> <a href=\"/problems/stale\">y</a></p>\n", "{address}");
        }
        assert!(render("[x](https://example.com/a:b)", 4).into_string().contains("<a href"));
        assert!(!render("![alt](https://example.com/x.png)", 4).into_string().contains("<img"));
    }

    #[test]
    fn tables_carry_no_style_and_headings_stay_below_their_place() {
        let out = render("# One\n\n###### Six\n\n|a|b|\n|:-|-:|\n|1|2|\n", 4).into_string();
        assert!(!out.contains("style"), "{out}");
        assert!(out.contains("<h4>One</h4>") && out.contains("<h6>Six</h6>"), "{out}");
        assert_eq!(line("One *line*\nof `text`.\n\nMore."), "One line of text.");
    }
}
