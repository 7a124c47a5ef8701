//! Forms without scripts: reading them, and knowing that they come from a page of ours in the same browser.
//!
//! Each form carries a token that is derived from a cookie which no script and no other site can read: that of the session,
//! or for people who have not signed in one that is set with the form. So nobody can sign somebody else in (login CSRF).

use super::visit::Visit;
use crate::cx::Platform;
use crate::web::{self, Fail, RawBody};
use axum::extract::{FromRequest, Request};
use base::secret::Purpose;
use base::{Problem, ProblemKind};
use http::{HeaderMap, header};

/// The cookie that forms are bound to before anybody has signed in.
pub const FORM_COOKIE: &str = "__Host-wayleave-form";
/// The field of the token.
pub const TOKEN: &str = "form_token";
/// No form here is longer.
const MOST: usize = 16 * 1024;

/// The fields of a form.
#[derive(Debug)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// The text of a field; empty if it was left out.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
    }

    fn read(bytes: &[u8]) -> Result<Self, Problem> {
        let unreadable = |detail: &str| Problem::new(ProblemKind::Unreadable, detail);
        if bytes.len() > MOST {
            return Err(Problem::new(ProblemKind::TooLarge, format!("A form here has at most {MOST} bytes.")));
        }
        let pairs = url::form_urlencoded::parse(bytes).into_owned().collect::<Vec<_>>();
        let mut names = std::collections::BTreeSet::new();
        if !pairs.iter().all(|(name, _)| names.insert(name)) {
            return Err(unreadable("A field is there twice."));
        }
        if pairs.iter().any(|(_, value)| value.contains('\0')) {
            return Err(unreadable("A field has the control character NUL."));
        }
        Ok(Self(pairs))
    }
}

impl FromRequest<Platform> for Fields {
    type Rejection = Fail;

    async fn from_request(request: Request, platform: &Platform) -> Result<Self, Fail> {
        let media = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
        let essence = media.split(';').next().unwrap_or("").trim();
        if !essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            let detail = "Send the form as `application/x-www-form-urlencoded`.";
            return Err(Problem::new(ProblemKind::MediaType, detail).into());
        }
        let RawBody(bytes) = RawBody::from_request(request, platform).await?;
        Ok(Self::read(&bytes)?)
    }
}

/// A new value for [`FORM_COOKIE`]: 128 random bits.
pub fn new_binding() -> String {
    base::id::text(&base::random::bytes::<16>())
}

/// The value of the form cookie, if it can be one of ours.
pub fn binding(headers: &HeaderMap) -> Option<&str> {
    let value = web::cookie(headers, FORM_COOKIE)?;
    (value.len() == 26 && value.bytes().all(|byte| byte.is_ascii_alphanumeric())).then_some(value)
}

/// The cookie that binds forms, as long as the browser runs; without a value the browser forgets it.
pub fn cookie(value: Option<&str>) -> String {
    let end = if value.is_some() { "" } else { "; Max-Age=0" };
    format!("{FORM_COOKIE}={}; Path=/{end}; HttpOnly; Secure; SameSite=Lax", value.unwrap_or_default())
}

/// The token of forms that are bound to this.
pub fn token(platform: &Platform, binding: &str) -> String {
    platform.keys.digest(Purpose::Session, &format!("form {binding}")).to_hex()
}

/// Passes a form that a page of ours sent.
///
/// # Errors
/// 403 `cross-site` if the browser says that it comes from elsewhere.
pub fn from_own_page(visit: &Visit) -> Result<(), Problem> {
    if web::is_from_own_page(&visit.headers, &visit.cx.platform) {
        return Ok(());
    }
    Err(Problem::new(
        ProblemKind::CrossSite,
        "The form was sent from a page of another site. Open it here and send it again.",
    ))
}

/// Whether the form carries the token of this browser.
pub fn has_token(visit: &Visit, fields: &Fields) -> bool {
    visit.token().is_some_and(|token| web::same_token(fields.get(TOKEN), &token))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_that_is_there_twice_or_has_nul_is_refused() {
        let fields = Fields::read(b"username=a+b&password=%C3%A4").expect("readable");
        assert_eq!((fields.get("username"), fields.get("password"), fields.get("other")), ("a b", "ä", ""));
        assert!(Fields::read(b"a=1&a=2").is_err());
        assert!(Fields::read(b"a=%00").is_err());
        assert!(Fields::read(&vec![b'a'; MOST + 1]).is_err());
    }

    #[test]
    fn a_binding_is_as_long_as_ours() {
        let of = |cookie: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, cookie.parse().expect("a value"));
            binding(&headers).is_some()
        };
        assert!(of(&format!("x=1; {FORM_COOKIE}={}", new_binding())));
        assert!(!of(&format!("{FORM_COOKIE}=")) && !of(&format!("{FORM_COOKIE}=a")) && !of("other=1"));
    }
}
