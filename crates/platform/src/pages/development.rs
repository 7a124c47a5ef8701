//! The console while it is being written: its page loads scripts and styles from Vite, which replaces them in the open page
//! as files change. Only the setting `console_dev_url` switches this on; nothing else of the program behaves differently.

use super::console::filled;
use super::files::{Files, INDEX};
use super::visit::Visit;
use super::{POLICY, page};
use axum::response::Response;
use http::{HeaderValue, header};

/// What `index.html` loads its program with, as its author writes it.
const MAIN: &str = "<script type=\"module\" src=\"/src/main.tsx\"></script>";

/// The console's page as Vite wants it, if development is switched on.
pub fn index(visit: &Visit, files: &dyn Files, session: &str) -> Option<Response> {
    let vite = visit.cx.platform.settings.console_dev_url.as_deref()?;
    let nonce = base::id::text(&base::random::bytes::<16>());
    let file = files.find(INDEX)?;
    let html = filled(&String::from_utf8_lossy(&file.bytes), visit, session);
    let html = html.replacen(MAIN, &scripts(vite, &nonce), 1);
    let mut response = page(html);
    let policy = HeaderValue::from_str(&policy(vite, &nonce)).ok()?;
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    Some(response)
}

/// What Vite's own server puts into a page: the hook of React's refresh, its client, then the program.
fn scripts(vite: &str, nonce: &str) -> String {
    format!(
        "<script type=\"module\" nonce=\"{nonce}\">\n\
         import {{ injectIntoGlobalHook }} from \"{vite}/@react-refresh\";\n\
         injectIntoGlobalHook(window);\n\
         window.$RefreshReg$ = () => {{}};\n\
         window.$RefreshSig$ = () => (type) => type;\n\
         </script>\n\
         <script type=\"module\" src=\"{vite}/@vite/client\"></script>\n\
         <script type=\"module\" src=\"{vite}/src/main.tsx\"></script>"
    )
}

/// The usual policy and what Vite needs beside it: its origin, its socket, and styles that its client writes into the page.
fn policy(vite: &str, nonce: &str) -> String {
    let socket = vite.replacen("http", "ws", 1);
    POLICY
        .replace("script-src 'self'", &format!("script-src 'self' {vite} 'nonce-{nonce}'"))
        .replace("style-src 'self'", &format!("style-src 'self' {vite} 'unsafe-inline'"))
        .replace("font-src 'self'", &format!("font-src 'self' {vite}"))
        .replace("img-src 'self'", &format!("img-src 'self' {vite}"))
        .replace("connect-src 'self'", &format!("connect-src 'self' {vite} {socket}"))
        .replace("; require-trusted-types-for 'script'; trusted-types 'none'", "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_of_development_differs_by_what_vite_needs() {
        let text = policy("http://127.0.0.1:5173", "n");
        assert!(text.contains("script-src 'self' http://127.0.0.1:5173 'nonce-n';"), "{text}");
        assert!(text.contains("connect-src 'self' http://127.0.0.1:5173 ws://127.0.0.1:5173;"), "{text}");
        assert!(text.contains("frame-ancestors 'none'") && !text.contains("trusted-types"), "{text}");
        assert!(!text.contains("unsafe-eval"), "{text}");
    }
}
