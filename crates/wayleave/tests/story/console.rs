//! The console as the program serves it: its files, its page, and what stands around every page of ours.

use crate::browser::{Browser, HTML};
use http::Method;
use std::path::Path;
use tempfile::TempDir;
use testkit::{PETS, Reply, Story, TestApp};

const PAGE: &str =
    "<!doctype html>\n<html lang=\"en\">\n<head><title>Wayleave</title><!--session--></head>\n<body></body></html>";

/// A console as Vite leaves it.
fn built(folder: &Path) {
    let write = |path: &str, text: &str| {
        let file = folder.join(path);
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("made");
        std::fs::write(file, text).expect("it is made");
    };
    write("index.html", PAGE);
    write("theme.js", "theme()");
    write("assets/main-1a2b.js", "main()");
    write("assets/main-1a2b.js.br", "main() in brotli");
    write("assets/main-1a2b.js.gz", "main() in gzip");
    write("assets/only-3c.css.gz", "css in gzip");
    write("assets/only-3c.css", "a{}");
    write("fonts/face.woff2", "a font");
    write("favicon.svg", "<svg/>");
    write(".hidden", "no business of anybody");
}

async fn with_console() -> (TestApp, TempDir) {
    let folder = TempDir::new().expect("it is made");
    let path = folder.path().join("dist");
    built(&path);
    (TestApp::with(|config| config.console = Some(path)).await, folder)
}

/// Everybody gets the same file; what differs is how it is packed.
#[tokio::test]
async fn files_are_sent_packed_as_the_browser_likes_and_kept_as_long_as_they_are_good() {
    let (app, _folder) = with_console().await;
    let nobody = app.nobody();
    let packed = async |path: &str, accept: &str| nobody.with("accept-encoding", accept).get(path).await.is(200);
    for (accept, encoding, body) in [
        ("gzip, deflate, br, zstd", "br", "main() in brotli"),
        ("gzip;q=1.0, br;q=0.1", "br", "main() in brotli"),
        ("br;q=0, gzip", "gzip", "main() in gzip"),
        ("identity", "", "main()"),
        ("*", "", "main()"),
        ("", "", "main()"),
    ] {
        let reply = packed("/assets/main-1a2b.js", accept).await;
        assert_eq!((reply.header("content-encoding"), reply.text().as_str()), (encoding, body), "{accept}");
        assert_eq!(reply.header("content-type"), "text/javascript; charset=utf-8");
        assert_eq!(reply.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(reply.header("vary"), "Accept-Encoding");
        assert_eq!(reply.header("x-content-type-options"), "nosniff");
        assert_eq!(reply.header("cross-origin-resource-policy"), "same-origin");
    }
    assert_eq!(packed("/assets/only-3c.css", "br, gzip").await.header("content-encoding"), "gzip");
    let font = nobody.get("/fonts/face.woff2").await.is(200);
    assert_eq!(font.header("content-type"), "font/woff2");
    assert!(font.header("cache-control").contains("immutable"));
    assert_eq!(nobody.get("/favicon.svg").await.is(200).header("content-type"), "image/svg+xml");
    assert!(packed("/assets/main-1a2b.js", &("x,".repeat(4000) + "br")).await.text().contains("brotli"));
}

#[tokio::test]
async fn a_file_that_has_not_changed_is_not_sent_again() {
    let (app, folder) = with_console().await;
    let nobody = app.nobody().with("accept-encoding", "br");
    let first = nobody.get("/theme.js").await.is(200);
    assert_eq!(first.header("cache-control"), "no-cache");
    let tag = first.header("etag").to_owned();
    assert!(tag.starts_with('"') && tag.len() > 20, "{tag}: strong");
    for known in [tag.clone(), format!("\"other\", W/{tag}"), "*".to_owned()] {
        let again = nobody.with("if-none-match", &known).get("/theme.js").await.is(304);
        assert!(again.bytes.is_empty() && again.header("etag") == tag, "{known}");
        assert_eq!(again.header("vary"), "Accept-Encoding");
    }
    let (brotli, plain) =
        (nobody.get("/assets/main-1a2b.js").await.is(200), app.nobody().get("/assets/main-1a2b.js").await.is(200));
    assert_ne!(brotli.header("etag"), plain.header("etag"), "a strong tag names bytes, not a resource");
    std::fs::write(folder.path().join("dist/theme.js"), "theme(2)").unwrap();
    let changed = nobody.with("if-none-match", &tag).get("/theme.js").await.is(200);
    assert_eq!(changed.text(), "theme(2)");
    let head = nobody.send(Method::HEAD, "/theme.js", None, Default::default()).await.is(200);
    assert!(head.bytes.is_empty() && head.header("content-length") == "8" && head.header("etag") != tag);
}

/// Nothing but plain names of files that are meant to be seen names a file.
#[tokio::test]
async fn no_address_leads_out_of_the_console_or_behind_it() {
    let (app, folder) = with_console().await;
    std::fs::write(folder.path().join("beside.txt"), "beside").unwrap();
    let nobody = app.nobody();
    for path in [
        "/../beside.txt",
        "/assets/../../beside.txt",
        "/assets/..%2f..%2fbeside.txt",
        "/%2e%2e/beside.txt",
        "/assets/%2e%2e%5c..%5cbeside.txt",
        "/assets/....//beside.txt",
        "//etc/passwd",
        "/%2fetc/passwd",
        "/.hidden",
        "/assets/main-1a2b.js.br",
        "/assets/main-1a2b.js.gz",
        "/assets",
        "/assets/",
        "/assets/main-1a2b.js/",
        "/assets/main-1a2b.js%00",
        "/theme.js%20",
    ] {
        nobody.get(path).await.problem(404, "not-found");
    }
}

#[tokio::test]
async fn addresses_of_programs_stay_their_own() {
    let (app, _folder) = with_console().await;
    let mut browser = Browser::new(&app);
    browser.sign_in(&app.person("person").await.name, "a long enough phrase").await;
    for path in [
        "/api/v1/nothing",
        "/api/v2",
        "/api",
        "/assets/gone-1.js",
        "/fonts/gone.woff2",
        "/oauth2/nothing",
        "/.well-known/nothing",
    ] {
        browser.open(path).await.problem(404, "not-found");
        browser.actor().get(path).await.problem(404, "not-found");
    }
    // What is no page for people is none either, however it is asked for.
    browser.actor().get("/apps").await.problem(404, "not-found");
    browser.actor().with("accept", "*/*").get("/apps").await.problem(404, "not-found");
    for method in [Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS] {
        let reply = browser.actor().with("accept", HTML).send(method.clone(), "/apps", None, Default::default()).await;
        assert!(reply.is(404).header("content-type").starts_with("text/html"), "{method}");
        let reply = browser.actor().send(method.clone(), "/theme.js", None, Default::default()).await.is(405);
        assert_eq!(reply.header("allow"), "GET,HEAD", "{method}");
    }
}

/// X06
#[tokio::test]
async fn the_page_of_the_console_takes_a_session_and_has_it_inside() {
    let (app, _folder) = with_console().await;
    let person = app.person("person").await;
    let mut browser = Browser::new(&app);
    for (path, leads) in [
        ("/", "/login"),
        ("/apps", "/login?return_to=%2Fapps"),
        (
            "/apps/app_1/apis?state=active&after=x",
            "/login?return_to=%2Fapps%2Fapp%5F1%2Fapis%3Fstate%3Dactive%26after%3Dx",
        ),
        ("/index.html", "/login?return_to=%2Findex%2Ehtml"),
    ] {
        assert_eq!(browser.open(path).await.is(303).header("location"), leads);
    }
    assert_eq!(app.nobody().get("/").await.is(303).header("location"), "/login", "whatever a program accepts");
    browser.sign_in(&person.name, "a long enough phrase").await;
    let evil = "</script><script>alert(1)</script>";
    person.patch("/api/v1/me", serde_json::json!({"display_name": evil})).await.is(200);
    let page = browser.open("/apps/app_1?x=1").await.is(200);
    assert_eq!(page.header("cache-control"), "no-store");
    assert!(page.header("etag").is_empty());
    let text = page.text();
    assert!(!text.contains("<!--session-->") && !text.contains(evil), "{text}");
    let data =
        crate::browser::between(&text, "<script type=\"application/json\" id=\"session\">", "</script>").unwrap();
    let inside: serde_json::Value = serde_json::from_str(data).unwrap();
    assert_eq!(inside, browser.actor().get("/api/v1/session").await.is(200).json);
    assert_eq!(inside["user"]["display_name"], evil);
    let head = browser.actor().with("accept", HTML).send(Method::HEAD, "/apps", None, Default::default()).await.is(200);
    assert!(head.bytes.is_empty());
}

/// F38
#[tokio::test]
async fn the_page_is_in_the_language_and_theme_that_were_chosen() {
    let (app, _folder) = with_console().await;
    let person = app.person("person").await;
    let mut browser = Browser::new(&app);
    browser.sign_in(&person.name, "a long enough phrase").await;
    let root = async |browser: &mut Browser| {
        let text = browser.open("/").await.is(200).text();
        format!("<html{}>", crate::browser::between(&text, "<html", ">").unwrap())
    };
    assert_eq!(root(&mut browser).await, "<html lang=\"en\">");
    assert_eq!(browser.open("/pages/language?to=de&back=%2Fapps").await.is(303).header("location"), "/apps");
    browser.cookies.insert("theme".to_owned(), "dark".to_owned());
    assert_eq!(root(&mut browser).await, "<html lang=\"de\" data-theme=\"dark\">");
    // One's own setting goes before what this browser was told.
    let own = person.patch("/api/v1/me", serde_json::json!({"language": "en"})).await.is(200);
    assert_eq!(own["language"], "en");
    assert_eq!(root(&mut browser).await, "<html lang=\"en\" data-theme=\"dark\">");
    let none = person.patch("/api/v1/me", serde_json::json!({"language": null})).await.is(200);
    assert!(none["language"].is_null());
    assert_eq!(root(&mut browser).await, "<html lang=\"de\" data-theme=\"dark\">");
    let wrong = person.patch("/api/v1/me", serde_json::json!({"language": "fr"})).await.problem(422, "invalid");
    assert_eq!(wrong["errors"][0]["pointer"], "/language");
    browser.cookies.insert("theme".to_owned(), "\"><script>".to_owned());
    browser.cookies.insert("locale".to_owned(), "\"><script>".to_owned());
    assert_eq!(root(&mut browser).await, "<html lang=\"en\">");
    let stranger = app.person("stranger").await;
    assert!(
        stranger.get(&format!("/api/v1/users/{}", person.id)).await.is(200)["language"].is_null(),
        "nobody else's business"
    );
}

/// What every page of ours says of itself.
#[track_caller]
fn guarded(reply: &Reply) {
    let policy = reply.header("content-security-policy");
    for part in [
        "default-src 'none'",
        "script-src 'self';",
        "style-src 'self';",
        "connect-src 'self';",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    ] {
        assert!(policy.contains(part), "{part} is not in {policy}");
    }
    assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("x-frame-options", "DENY"),
    ] {
        assert_eq!(reply.header(name), value, "{name}");
    }
    assert!(reply.header("permissions-policy").contains("camera=()"));
    let text = reply.text();
    assert!(!text.contains(" style=\"") && !text.contains("<style"), "inline style: {text}");
    let scripts = text.split("<script").skip(1);
    for script in scripts {
        assert!(
            script.starts_with(" type=\"application/json\"") || script.contains("src=\""),
            "inline script: {script}"
        );
    }
}

#[tokio::test]
async fn every_page_has_the_same_strict_policy() {
    let (app, _folder) = with_console().await;
    let mut browser = Browser::new(&app);
    for path in ["/login", "/register", "/signed-out", "/api/docs", "/problems/not-found", "/problems/nothing"] {
        guarded(&browser.open(path).await);
    }
    browser.sign_in(&app.person("person").await.name, "a long enough phrase").await;
    for path in ["/", "/apps", "/logout"] {
        let page = browser.open(path).await.is(200);
        guarded(&page);
        assert_eq!(page.header("cache-control"), "no-store", "{path} is private");
    }
}

#[tokio::test]
async fn a_person_is_told_of_an_error_in_words_and_a_program_in_json() {
    let (app, _folder) = with_console().await;
    let mut browser = Browser::new(&app);
    let page = browser.open("/problems/nothing").await.is(404);
    guarded(&page);
    let request = page.header("x-request-id").to_owned();
    assert!(page.text().contains("There is nothing here") && page.text().contains(&request), "{}", page.text());
    assert!(page.text().contains("href=\"/problems/not-found\""), "{}", page.text());
    app.nobody().get("/problems/nothing").await.problem(404, "not-found");
    let german = browser.actor().with("accept", HTML).with("accept-language", "de").get("/problems/x").await.is(404);
    assert!(german.text().contains("<html lang=\"de\">") && german.text().contains("Hier gibt es nichts"));
    let wrong = browser.actor().with("accept", HTML).send(Method::DELETE, "/login", None, Default::default()).await;
    guarded(&wrong.is(405));
}

/// Without a console, the page says how to get one; everything else works.
#[tokio::test]
async fn a_program_without_a_console_says_how_to_build_it() {
    let folder = TempDir::new().unwrap();
    let (index, gone) = (folder.path().join("index.html"), folder.path().to_owned());
    std::fs::write(&index, PAGE).unwrap();
    let app = TestApp::with(|config| config.console = Some(gone)).await;
    std::fs::remove_file(index).unwrap();
    let mut browser = Browser::new(&app);
    browser.sign_in(&app.person("person").await.name, "a long enough phrase").await;
    let page = browser.open("/apps").await.is(200);
    guarded(&page);
    assert!(page.text().contains("cargo xtask console"), "{}", page.text());
    assert!(browser.open("/pages/style.css").await.is(200).text().contains("--paper"));
}

/// X06
#[tokio::test]
async fn no_cookie_of_the_portal_reaches_an_upstream_or_comes_from_one() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    story.subscribed().await;
    let mut browser = Browser::new(&app);
    browser.open("/login").await.is(200);
    let form = browser.cookies.clone();
    browser.sign_in(&story.consumer.name, "a long enough phrase").await;
    browser.cookies.extend(form);
    assert_eq!(browser.cookies.len(), platform::pages::COOKIES.len(), "{:?}", browser.cookies.keys());
    let mut cookies: Vec<String> = browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    cookies.extend(browser.cookies.iter().map(|(name, value)| format!("{}={value}", name.to_uppercase())));
    cookies.push("theirs=1".to_owned());
    let seen = app.keyed(&story.key).with("cookie", &cookies.join("; ")).get(PETS).await.is(200);
    assert!(seen.text().contains("theirs=1"), "their own cookie passes: {}", seen.text());
    for value in browser.cookies.values() {
        assert!(!seen.text().contains(value), "{}", seen.text());
    }
}
