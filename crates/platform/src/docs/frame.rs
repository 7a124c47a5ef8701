//! What every page of the reference has around it.

use maud::{DOCTYPE, Markup, PreEscaped, html};

/// App, agreement, API: the sign of the product. Colours come from the stylesheet.
const WIRE: &str = r#"<svg class="wire" viewBox="0 0 36 14" width="36" height="14" aria-hidden="true"><path d="M10 7h16"/><circle cx="6" cy="7" r="6"/><rect x="23" y="1" width="12" height="12" rx="2"/></svg>"#;

/// A whole page: `side` is its table of contents and may be empty, `main` its one main part.
pub fn whole(title: &str, side: &Markup, main: &Markup) -> String {
    let has_side = !side.0.is_empty();
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) @if title != "Wayleave" { " - Wayleave" } }
                link rel="stylesheet" href="/api/docs/style.css";
            }
            body {
                a.skip href="#main" { "Skip to the text" }
                header.top {
                    a.brand href="/api/docs" { (PreEscaped(WIRE)) span { "Wayleave" } }
                    nav aria-label="Reference" {
                        a href="/api/docs" { "Reference" } " "
                        a href="/api/docs#problems" { "Problems" } " "
                        a href="/api/openapi.json" { "openapi.json" }
                    }
                }
                div.frame.sided[has_side] {
                    @if has_side { nav.side aria-label="Contents" { (side) } }
                    main id="main" tabindex="-1" { (main) }
                }
                footer { p { "Wayleave serves this page about itself." } }
            }
        }
    };
    page.into_string()
}
