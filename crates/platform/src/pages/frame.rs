//! What stands around each page, and the parts that pages are made of.

use super::catalogue::{Words, words};
use super::look::Look;
use crate::user::Language;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// App, agreement, API: the sign of the product. Colours come from the stylesheet.
const WIRE: &str = r#"<svg class="wire" viewBox="0 0 34 14" width="34" height="14" aria-hidden="true"><path d="M9 7h15"/><circle cx="7" cy="7" r="5"/><rect x="23" y="2" width="10" height="10" rx="1.5"/></svg>"#;

/// A page under its title. `back` is where choosing a language leads.
pub fn whole(look: &Look, title: &str, back: &str, main: &Markup) -> String {
    let text = words(look.language);
    let page = html! {
        (DOCTYPE)
        html lang=(look.language.as_str()) data-theme=[look.theme] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex";
                title { (title) " · Wayleave" }
                link rel="icon" href="/favicon.svg" type="image/svg+xml";
                link rel="stylesheet" href="/pages/style.css";
            }
            body {
                a.skip href="#main" { (text.skip) }
                header.top { a.brand href="/" { (PreEscaped(WIRE)) span { "Wayleave" } } }
                main.sheet id="main" tabindex="-1" { h1 { (title) } (main) }
                footer.foot {
                    a href="/api/docs" { (text.reference) }
                    @if !look.is_settled { (languages(look, text, back)) }
                }
            }
        }
    };
    page.into_string()
}

/// Both languages, each in its own words; links, so that they work without a script.
fn languages(look: &Look, text: &Words, back: &str) -> Markup {
    let back = escaped(back);
    let names = [(Language::En, "English"), (Language::De, "Deutsch")];
    html! {
        nav aria-label=(text.language) {
            @for (language, name) in names {
                @let word = language.as_str();
                @if language == look.language {
                    span lang=(word) aria-current="true" { (name) }
                } @else {
                    a lang=(word) hreflang=(word) href={ "/pages/language?to=" (word) "&back=" (back) } { (name) }
                }
            }
        }
    }
}

/// A text as a value in a query string.
pub fn escaped(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// One line of a form.
pub struct Field<'a> {
    /// Its name in the form.
    pub name: &'a str,
    /// `text`, `email` or `password`.
    pub kind: &'a str,
    /// What it is for.
    pub label: &'a str,
    /// What helps to fill it.
    pub hint: Option<&'a str>,
    /// What is in it already; never a password.
    pub value: &'a str,
    /// What browsers fill it with.
    pub autocomplete: &'a str,
    /// Whether it must be filled.
    pub required: bool,
    /// What is wrong with it.
    pub wrong: Option<&'a str>,
    /// Whether the cursor begins here.
    pub first: bool,
    /// Whether it can only be read.
    pub fixed: bool,
}

impl Field<'_> {
    /// The field with its label, hint and fault.
    pub fn markup(&self, text: &Words) -> Markup {
        let (hint, wrong) = (format!("{}-hint", self.name), format!("{}-wrong", self.name));
        let described = [self.hint.map(|_| hint.as_str()), self.wrong.map(|_| wrong.as_str())];
        let described = described.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let described = Some(described).filter(|ids| !ids.is_empty());
        let plain = self.kind != "text" || self.name == "username";
        html! {
            div.field {
                label for=(self.name) { (self.label) }
                input id=(self.name) name=(self.name) type=(self.kind) value=[Some(self.value).filter(|v| !v.is_empty())]
                    autocomplete=(self.autocomplete) autocapitalize=[plain.then_some("none")]
                    spellcheck=[plain.then_some("false")] required[self.required] autofocus[self.first] readonly[self.fixed]
                    aria-describedby=[described] aria-invalid=[self.wrong.map(|_| "true")];
                @if let Some(text) = self.hint { p.hint id=(hint) { (text) } }
                @if let Some(fault) = self.wrong { p.wrong id=(wrong) { strong { (text.wrong) } " " (fault) } }
            }
        }
    }
}

/// What went wrong, above a form.
pub fn alert(message: Option<&str>) -> Markup {
    html! { @if let Some(message) = message { div.alert role="alert" { p { (message) } } } }
}
