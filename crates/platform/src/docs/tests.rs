//! The page as a reader and a browser would take it.

use super::*;
use serde_json::json;

fn document() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Sample API", "version": "1.2.3", "description": "About **apps**."},
        "tags": [{"name": "session", "description": "Signing in."}],
        "security": [{"bearer": []}],
        "paths": {
            "/api/v1/apps/{id}": {
                "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
                "patch": {
                    "operationId": "app_edit", "tags": ["app"], "summary": "Edit an app",
                    "description": "First.\n\n- one\n- two\n\n<script>alert(1)</script> <b onclick=x>\n",
                    "parameters": [
                        {"name": "If-Match", "in": "header", "required": true, "schema": {"type": "string"}, "example": "\"3\""},
                        {"name": "dry", "in": "query", "schema": {"type": ["boolean", "null"]}, "description": "Try only."}
                    ],
                    "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Edit"}}}},
                    "responses": {
                        "200": {"description": "It.", "headers": {"ETag": {"description": "Its version."}},
                                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/App"}}}},
                        "409": {"description": "Another was faster: `lost-race`."},
                        "412": {"description": "Stale.", "content": {"application/problem+json": {}}},
                        "401": {"description": "In the shape of RFC 6749."}
                    }
                },
                "put": {"operationId": "app_document", "tags": ["app"], "summary": "Give a document", "security": [{}, {"bearer": []}],
                        "requestBody": {"content": {"application/json": {}, "application/yaml": {}}}},
                "delete": {"operationId": "app_remove", "tags": ["app"], "summary": "Remove an app", "responses": {"204": {"description": "Gone."}}}
            },
            "/api/v1/session": {
                "post": {"operationId": "session_create", "tags": ["session"], "security": [], "summary": "Sign in",
                         "requestBody": {"content": {"application/json": {"example": {"name": "it's me"}, "schema": {}}}},
                         "responses": {"200": {"description": "In."}}}
            },
            "/oauth2/token": {
                "post": {"operationId": "token_create", "tags": ["oauth"], "security": [{"client": []}], "summary": "Get a token",
                         "requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": {
                             "type": "object", "required": ["grant_type"],
                             "properties": {"grant_type": {"type": "string", "enum": ["client_credentials"]}}}}}},
                         "responses": {"200": {"description": "A token."}}}
            }
        },
        "components": {
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}, "client": {"type": "http", "scheme": "basic"}},
            "schemas": {
                "Edit": {"type": "object", "required": ["name"], "properties": {
                    "name": {"type": "string", "maxLength": 80, "example": "billing"},
                    "color": {"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Color"}]},
                    "parent": {"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/App"}]}
                }},
                "Color": {"type": "string", "enum": ["teal", "amber"], "description": "Which <colour>."},
                "App": {"allOf": [{"$ref": "#/components/schemas/Named"}, {"type": "object", "required": ["made_at"], "properties": {
                    "made_at": {"type": "string", "format": "date-time"},
                    "parts": {"type": "array", "items": {"$ref": "#/components/schemas/App"}}
                }}]},
                "Named": {"type": "object", "properties": {"name": {"type": ["string", "null"]}}}
            }
        }
    })
}

/// A page of one operation for each tag.
fn page_of_tags(tags: &[&str]) -> String {
    let paths = tags.iter().map(|tag| (format!("/{tag}"), json!({"get": {"tags": [tag]}})));
    page(&json!({"paths": Value::Object(paths.collect())}))
}

/// The text between the two marks, for looking at one part of the page.
fn between<'a>(page: &'a str, from: &str, to: &str) -> &'a str {
    let start = page.find(from).unwrap_or_else(|| panic!("no {from}"));
    let rest = &page[start..];
    &rest[..rest.find(to).unwrap_or(rest.len())]
}

fn article<'a>(page: &'a str, id: &str) -> &'a str {
    between(page, &format!("<article class=\"operation\" id=\"{id}\""), "</article>")
}

#[test]
fn every_operation_stands_in_the_contents_the_index_and_the_text() {
    let page = page(&document());
    for id in ["app_edit", "app_remove", "session_create", "token_create"] {
        assert_eq!(page.matches(&format!("<article class=\"operation\" id=\"{id}\"")).count(), 1, "{id}");
        assert!(page.matches(&format!("href=\"#{id}\"")).count() >= 3, "{id}");
    }
    let place = |text: &str| page.find(text).unwrap();
    assert!(
        place("<section id=\"tag-session\"") < place("<section id=\"tag-app\""),
        "the document's order of tags holds"
    );
    let later = page_of_tags(&["Trail", "Zoo", "Apps"]);
    assert!(later.find("tag-apps") < later.find("tag-trail") && later.find("tag-trail") < later.find("tag-zoo"));
    assert!(place("id=\"app_edit\"") < place("id=\"app_remove\""), "PATCH stands before DELETE");
}

#[test]
fn what_the_document_says_is_shown_and_never_run() {
    let page = page(&document());
    for bad in ["<script", "<b onclick", " style=", "javascript:", "<colour>"] {
        assert!(!page.contains(bad), "{bad}");
    }
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && page.contains("Which &lt;colour&gt;."));
    assert!(article(&page, "app_edit").contains("<li>one</li>"));
    assert!(!STYLE.contains("@import") && !STYLE.contains("url("), "the stylesheet loads nothing");
}

#[test]
fn a_body_lists_its_fields_with_what_they_may_hold() {
    let page = page(&document());
    let text = between(article(&page, "app_edit"), "<h4>Body</h4>", "<h4>Answers</h4>").to_owned();
    assert!(text.contains(
        "<code class=\"name\">name</code> <span class=\"type\">string</span> <span class=\"need\">required</span>"
    ));
    assert!(text.contains("longest <code>80</code>, example <code>billing</code>"), "{text}");
    assert!(text.contains("<a href=\"#schema-Color\">Color</a> or null"), "{text}");
    assert!(text.contains("One of <code>teal</code>, <code>amber</code>"), "{text}");
    assert!(text.contains("string (date-time)"), "the fields of a nested schema are unfolded");
    assert_eq!(text.matches("list of <a href=\"#schema-App\">App</a>").count(), 1, "a cycle is unfolded once");
}

#[test]
fn an_answer_names_its_headers_its_shape_and_the_codes_of_its_problems() {
    let page = page(&document());
    let text = article(&page, "app_edit").to_owned();
    assert!(text.contains("header <code>ETag</code> Its version."));
    assert!(text.contains("<a href=\"#schema-App\">App</a>"));
    assert!(
        text.contains("href=\"/problems/lost-race\"") && !text.contains("href=\"/problems/exists\""),
        "named codes only"
    );
    assert!(text.contains("href=\"/problems/stale\""), "codes of the status where none are named");
    assert!(!text.contains("href=\"/problems/unauthenticated\""), "no codes where the answer is no problem");
    assert!(article(&page, "app_remove").contains("<code class=\"status ok\">204</code>"));
}

#[test]
fn the_curl_line_can_be_pasted() {
    let page = page(&document());
    let curl = |id: &str| between(article(&page, id), "<pre><code>", "</code>").replace("&quot;", "\"");
    let edit = curl("app_edit");
    assert!(edit.starts_with("<pre><code>curl -X PATCH \"$WAYLEAVE/api/v1/apps/$APP_ID\" \\\n"), "{edit}");
    assert!(edit.contains("-H \"Authorization: Bearer $TOKEN\"") && edit.contains("-H 'If-Match: \"3\"'"), "{edit}");
    assert!(edit.contains("-d '{\n  \"name\": \"billing\"\n}'"), "{edit}");
    let sign_in = curl("session_create");
    assert!(!sign_in.contains("Authorization") && sign_in.contains(r#""name": "it'\''s me""#), "{sign_in}");
    let document = curl("app_document");
    assert!(document.contains("Bearer $TOKEN") && document.ends_with("--data-binary @FILE"), "{document}");
    assert!(article(&page, "app_document").contains("signing in is optional"));
    assert!(article(&page, "app_document").contains("or <code>application/yaml</code>"));
    let token = curl("token_create");
    assert!(
        token.contains("-u \"$CLIENT_ID:$CLIENT_SECRET\"") && token.contains("-d grant_type=client_credentials"),
        "{token}"
    );
}

#[test]
fn the_page_has_landmarks_and_headings_in_order() {
    let page = page(&document());
    for part in [
        "<html lang=\"en\">",
        "<a class=\"skip\" href=\"#main\">",
        "<main id=\"main\"",
        "<nav class=\"side\" aria-label",
        "<footer>",
    ] {
        assert_eq!(page.matches(part).count(), 1, "{part}");
    }
    let mut before = 0;
    for (at, _) in page.match_indices("<h") {
        let Some(level) = page[at + 2..].chars().next().and_then(|c| c.to_digit(10)) else { continue };
        assert!(level <= before + 1, "a heading of level {level} follows one of level {before}");
        before = level;
    }
    assert_eq!(page.matches("<h1>").count(), 1);
    let ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let distinct: std::collections::HashSet<&&str> = ids.iter().collect();
    assert_eq!(ids.len(), distinct.len(), "ids are unique");
    for target in page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(ids.contains(&target), "#{target} leads nowhere");
    }
}

#[test]
fn every_kind_of_problem_is_in_the_table_and_linked() {
    let page = page(&document());
    let table = between(&page, "<table class=\"ledger\">", "</table>");
    for kind in ProblemKind::ALL {
        assert!(table.contains(&format!("href=\"/problems/{}\"", kind.slug())), "{kind:?}");
    }
}

#[test]
fn a_document_with_nonsense_in_it_still_makes_a_page() {
    for document in [
        json!(null),
        json!({"paths": 3, "tags": "x", "components": {"schemas": []}}),
        json!({"paths": {"x": {"get": 1, "post": {"parameters": [1, {"$ref": "#/nowhere"}], "responses": {"200": {"$ref": "#"}}}}}}),
        json!({"paths": {"/a": {"get": {"responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}}}}}},
               "components": {"schemas": {"A": {"$ref": "#/components/schemas/A"}}}}),
    ] {
        assert!(page(&document).ends_with("</html>"));
    }
}

#[test]
fn refusals_that_most_operations_share_are_one_line() {
    let mut document = document();
    for (path, method) in [("/api/v1/apps/{id}", "patch"), ("/api/v1/apps/{id}", "delete"), ("/api/v1/session", "post")]
    {
        document["paths"][path][method]["responses"]["403"] =
            json!({"description": "Your role: `forbidden`, `cross-site`."});
    }
    let page = page(&document);
    for id in ["app_edit", "app_remove", "session_create"] {
        let text = article(&page, id);
        let line = between(text, "<p class=\"usual\">", "</p>");
        assert!(line.contains("403") && line.contains("href=\"/problems/cross-site\""), "{line}");
        assert!(!text.contains("Your role"), "{id}");
    }
    assert!(!article(&page, "token_create").contains("class=\"usual\""));
    assert!(
        between(article(&page, "app_edit"), "<ul class=\"answers\">", "<p class=\"usual\">").contains("409"),
        "its own are shown whole"
    );
}
