//! A browser without scripts: keeps cookies, sends forms with all that is hidden in them, says where a form was.

use http::Method;
use std::collections::BTreeMap;
use testkit::{Actor, Reply, TestApp};

/// What browsers accept when a person opens an address.
pub const HTML: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

/// Somebody in front of a browser.
pub struct Browser {
    nobody: Actor,
    own: String,
    /// The cookies that it keeps, by name.
    pub cookies: BTreeMap<String, String>,
}

impl Browser {
    /// A browser with nothing in it.
    pub fn new(app: &TestApp) -> Self {
        Self { nobody: app.nobody(), own: app.server().public_url.clone(), cookies: BTreeMap::new() }
    }

    /// The actor with this browser's cookies.
    pub fn actor(&self) -> Actor {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if cookies.is_empty() { self.nobody.clone() } else { self.nobody.with("cookie", &cookies.join("; ")) }
    }

    /// Keeps what an answer sets, and forgets what it takes back. Every cookie is as strict as it has to be.
    pub fn keep(&mut self, reply: &Reply) {
        for value in reply.headers.get_all("set-cookie") {
            let text = value.to_str().expect("text");
            let (pair, attributes) = text.split_once("; ").expect("attributes");
            let (name, value) = pair.split_once('=').expect("a name");
            if name.starts_with("__Host-") {
                for attribute in ["Path=/", "HttpOnly", "Secure", "SameSite=Lax"] {
                    assert!(attributes.split("; ").any(|a| a == attribute), "{name} lacks {attribute}: {attributes}");
                }
                assert!(!attributes.contains("Domain"), "{attributes}");
            }
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    /// Opens an address.
    pub async fn open(&mut self, path: &str) -> Reply {
        let reply = self.actor().with("accept", HTML).with("sec-fetch-site", "none").get(path).await;
        self.keep(&reply);
        reply
    }

    /// Opens an address and sends its form, with what is hidden in it.
    pub async fn fill(&mut self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let page = self.open(path).await.is(200).text();
        self.answer(&page, fields).await
    }

    /// Sends the form of a page.
    pub async fn answer(&mut self, page: &str, fields: &[(&str, &str)]) -> Reply {
        let action = between(page, "<form method=\"post\" action=\"", "\"").expect("a form").to_owned();
        let mut pairs = hidden(page);
        for (name, value) in fields {
            pairs.retain(|(known, _)| known != name);
            pairs.push(((*name).to_owned(), (*value).to_owned()));
        }
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let actor = self.actor().with("accept", HTML).with("origin", &self.own).with("sec-fetch-site", "same-origin");
        let reply = actor.form(&action, &pairs).await;
        self.keep(&reply);
        reply
    }

    /// Signs in; the answer leads on.
    pub async fn sign_in(&mut self, name: &str, password: &str) -> Reply {
        self.fill("/login", &[("username", name), ("password", password)]).await.is(303)
    }

    /// The actor with this browser's session and the token that its pages have.
    pub async fn session(&self) -> Actor {
        let actor = self.actor();
        let token = actor.get("/api/v1/session").await.is(200).str("csrf_token");
        actor.with("x-csrf-token", &token)
    }

    /// Sends a request as this browser would for a page of another site.
    pub async fn forged(&self, method: Method, path: &str, site: &str, body: &str) -> Reply {
        let actor =
            self.actor().with("accept", HTML).with("origin", "https://evil.example").with("sec-fetch-site", site);
        actor.send(method, path, Some("application/x-www-form-urlencoded"), body.to_owned().into()).await
    }
}

/// The text between two others.
pub fn between<'t>(text: &'t str, before: &str, after: &str) -> Option<&'t str> {
    text.split_once(before)?.1.split_once(after).map(|(found, _)| found)
}

/// The hidden fields of a page's form.
pub fn hidden(page: &str) -> Vec<(String, String)> {
    let inputs = page.split("<input type=\"hidden\" ").skip(1).filter_map(|rest| rest.split_once('>'));
    let plain = |text: &str| text.replace("&amp;", "&").replace("&quot;", "\"").replace("&lt;", "<");
    let field = |tag: &str| Some((between(tag, "name=\"", "\"")?.to_owned(), plain(between(tag, "value=\"", "\"")?)));
    inputs.filter_map(|(tag, _)| field(tag)).collect()
}
