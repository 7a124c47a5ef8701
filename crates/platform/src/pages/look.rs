//! How a page looks to this visitor: in which language, light or dark.

use super::target;
use crate::user::Language;
use crate::web;
use axum::extract::{Query, Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderMap, HeaderValue, header};

/// The cookie in which a chosen language is kept; the console reads and writes it too.
const LOCALE_COOKIE: &str = "locale";
/// The cookie in which a chosen theme is kept; the console writes it.
const THEME_COOKIE: &str = "theme";

/// Language and theme of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// In which language it is written.
    pub language: Language,
    /// The theme that was chosen; without one the system decides.
    pub theme: Option<&'static str>,
    /// Whether the language is the person's own setting, so that choosing another for this browser does nothing.
    pub is_settled: bool,
}

impl Look {
    /// As the request's cookies want it, and else its `Accept-Language`.
    pub fn of(request: &Request) -> Self {
        Self::from_headers(request.headers())
    }

    /// The same from the headers alone.
    pub fn from_headers(headers: &HeaderMap) -> Self {
        let theme = match web::cookie(headers, THEME_COOKIE) {
            Some("light") => Some("light"),
            Some("dark") => Some("dark"),
            _ => None,
        };
        Self { language: chosen(headers).unwrap_or_else(|| accepted(headers)), theme, is_settled: false }
    }

    /// The same for somebody who has set a language of their own.
    #[must_use]
    pub fn preferring(self, language: Option<Language>) -> Self {
        Self { language: language.unwrap_or(self.language), is_settled: language.is_some(), ..self }
    }
}

fn read(word: &str) -> Option<Language> {
    Language::ALL.iter().copied().find(|language| language.as_str() == word)
}

/// The language of the cookie.
pub fn chosen(headers: &HeaderMap) -> Option<Language> {
    web::cookie(headers, LOCALE_COOKIE).and_then(read)
}

/// The best of `Accept-Language` (RFC 9110 section 12.5.4) that there is; English for everybody else.
fn accepted(headers: &HeaderMap) -> Language {
    let text = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut best = (Language::En, 0.0);
    for range in text.split(',') {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default().split('-').next().unwrap_or_default().to_ascii_lowercase();
        let weight = parts.find_map(|part| part.strip_prefix("q=")).map_or(1.0, |q| q.parse::<f32>().unwrap_or(0.0));
        if let Some(language) = read(&name)
            && weight > best.1
        {
            best = (language, weight);
        }
    }
    best.0
}

/// The cookie that keeps a language. The console's scripts read it, so it is no secret.
pub fn cookie(platform: &crate::Platform, language: Language) -> HeaderValue {
    let secure = if platform.settings.public_url.starts_with("https://") { "; Secure" } else { "" };
    let text = format!("{LOCALE_COOKIE}={}; Path=/; Max-Age=31536000; SameSite=Lax{secure}", language.as_str());
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}

/// Which language, and where to go on.
#[derive(serde::Deserialize)]
pub struct Choice {
    to: String,
    #[serde(default)]
    back: String,
}

/// `GET /pages/language?to=de&back=/login`: keeps the language and goes back.
pub async fn choose(State(platform): State<crate::Platform>, Query(choice): Query<Choice>) -> Response {
    let back = if target::is_own_path(&choice.back) { choice.back.as_str() } else { "/" };
    let mut response = Redirect::to(back).into_response();
    if let Some(language) = read(&choice.to) {
        response.headers_mut().insert(header::SET_COOKIE, cookie(&platform, language));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looks(pairs: &[(header::HeaderName, &'static str)]) -> Look {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(name.clone(), HeaderValue::from_static(value));
        }
        Look::from_headers(&headers)
    }

    #[test]
    fn the_cookie_goes_before_what_the_browser_accepts() {
        use header::{ACCEPT_LANGUAGE, COOKIE};
        let language = |pairs: &[(header::HeaderName, &'static str)]| looks(pairs).language;
        assert_eq!(language(&[]), Language::En);
        assert_eq!(language(&[(ACCEPT_LANGUAGE, "de-AT,de;q=0.9,en;q=0.8")]), Language::De);
        assert_eq!(language(&[(ACCEPT_LANGUAGE, "fr, en;q=0.4, de;q=0.7")]), Language::De);
        assert_eq!(language(&[(ACCEPT_LANGUAGE, "de;q=0, fr")]), Language::En);
        assert_eq!(language(&[(ACCEPT_LANGUAGE, "de"), (COOKIE, "a=b; locale=en")]), Language::En);
        assert_eq!(language(&[(ACCEPT_LANGUAGE, "de"), (COOKIE, "locale=xx")]), Language::De);
    }

    #[test]
    fn only_themes_that_exist_are_chosen() {
        assert_eq!(looks(&[(header::COOKIE, "theme=dark")]).theme, Some("dark"));
        assert_eq!(looks(&[(header::COOKIE, "theme=\"><script>")]).theme, None);
    }
}
