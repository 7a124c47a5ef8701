//! Generated files: our own OpenAPI document, the database's schema, reference pages.

use anyhow::Result;
use std::fmt::Write as _;
use std::path::Path;
use store::{Db, DbUrl};

/// Our own HTTP interface as it is.
///
/// # Errors
/// Only if it cannot be written as JSON.
pub fn openapi() -> Result<String> {
    Ok(serde_json::to_string_pretty(&platform::openapi())? + "\n")
}

/// The database as it is: of a fresh SQLite file in `folder`.
///
/// # Errors
/// The folder cannot be written.
pub async fn schema(folder: &Path) -> Result<String> {
    let file = folder.join("schema.db");
    let db = Db::open(&DbUrl::Sqlite(file.clone())).await?;
    db.migrate().await?;
    let text = store::schema(&db).await?;
    db.close().await;
    for end in ["", "-wal", "-shm"] {
        let path = folder.join(format!("schema.db{end}"));
        if path.exists() {
            std::fs::remove_file(path)?;
        }
    }
    Ok(text)
}

/// Reference pages, as `(file name, text)`.
///
/// # Errors
/// Only if text cannot be written.
pub fn reference() -> Result<Vec<(&'static str, String)>> {
    Ok(vec![
        ("configuration.md", configuration()?),
        ("lifecycle.md", lifecycle()?),
        ("roles.md", roles()?),
        ("problems.md", problems()?),
    ])
}

fn configuration() -> Result<String> {
    let mut out = String::from(
        "# Configuration\n\nGenerated. One TOML file (`wayleave.toml`, or `--config FILE`) and `WAYLEAVE_*` variables over it; each\nsetting is also a variable (`listen` is `WAYLEAVE_LISTEN`). These are the defaults; settings without one are left out:\n\n```toml\n",
    );
    out.push_str(&crate::Config::default().show()?);
    out.push_str("```\n");
    Ok(out)
}

fn lifecycle() -> Result<String> {
    use platform::subscription::{LIFECYCLE, status};
    let word = |state| serde_json::to_value(state).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default();
    let mut out = String::from(
        "# The lifecycle of a subscription\n\nGenerated from the table that the program itself obeys. Everything that is not here is 409.\n\n| action | from | to | by |\n|---|---|---|---|\n",
    );
    let mut diagram = String::from("\n```mermaid\nstateDiagram-v2\n  [*] --> requested: request\n");
    for row in LIFECYCLE {
        let from: Vec<String> = row.from.iter().map(|s| word(*s)).collect();
        let by: Vec<&str> = row.by.iter().map(|s| s.as_str()).collect();
        let to = row.to.map(word).unwrap_or_else(|| "(unchanged)".to_owned());
        writeln!(out, "| {} | {} | {to} | {} |", row.action.as_str(), from.join(", "), by.join(", "))?;
        for state in row.from {
            let to = row.to.map_or_else(|| word(*state), word);
            writeln!(diagram, "  {} --> {to}: {}", word(*state), row.action.as_str())?;
        }
    }
    diagram.push_str("```\n");
    out.push_str("\nA suspension is lifted by the side that set it, or by a business administrator.\n");
    out.push_str("\n| state | status, as people read it |\n|---|---|\n");
    use snapshot::SubscriptionState as S;
    for state in [S::Requested, S::Approved, S::Active, S::Suspended, S::Rejected, S::Cancelled, S::Expired] {
        writeln!(out, "| {} | {} |", word(state), status(Some(state)).as_str())?;
    }
    out.push_str(&diagram);
    revisions(&mut out)?;
    agreements(&mut out)?;
    Ok(out + &version_lifecycle()?)
}

fn version_lifecycle() -> Result<String> {
    use platform::version::{LIFECYCLE, REMINDERS};
    let mut out = String::from(
        "\n# The lifecycle of a version\n\nGenerated likewise. The first publication of a draft makes it published; taking back the last one of a version that is\nnot deprecated makes it a draft again.\n\n| action | from | to | by |\n|---|---|---|---|\n",
    );
    let mut diagram = String::from("\n```mermaid\nstateDiagram-v2\n  [*] --> draft: upload\n");
    for row in LIFECYCLE {
        let from: Vec<&str> = row.from.iter().map(|s| s.as_str()).collect();
        let by: Vec<&str> = row.by.iter().map(|s| s.as_str()).collect();
        let to = row.to.map_or("(unchanged)", |s| s.as_str());
        writeln!(out, "| {} | {} | {to} | {} |", row.action.as_str(), from.join(", "), by.join(", "))?;
        for state in row.from {
            let to = row.to.unwrap_or(*state).as_str();
            writeln!(diagram, "  {} --> {to}: {}", state.as_str(), row.action.as_str())?;
        }
    }
    diagram.push_str("```\n");
    let days: Vec<String> = REMINDERS.iter().map(ToString::to_string).collect();
    writeln!(out, "\nSubscribers are reminded {} days before the end.", days.join(" and "))?;
    Ok(out + &diagram)
}

/// The life of other terms, which replace those of a subscription when they are activated.
fn revisions(out: &mut String) -> Result<()> {
    out.push_str("\n## A revision of its terms\n\n| action | from | to | by |\n|---|---|---|---|\n");
    for row in platform::subscription::REVISION_LIFECYCLE {
        let from: Vec<&str> = row.from.iter().map(|s| s.as_str()).collect();
        let by: Vec<&str> = row.by.iter().map(|s| s.as_str()).collect();
        let (action, to) = (row.action.as_str(), row.to.as_str());
        writeln!(out, "| {action} | {} | {to} | {} |", from.join(", "), by.join(", "))?;
    }
    Ok(())
}

/// The life of a legal text.
fn agreements(out: &mut String) -> Result<()> {
    out.push_str("\n## A version of an agreement\n\n| action | from | to |\n|---|---|---|\n");
    for row in platform::agreement::LIFECYCLE {
        let from: Vec<&str> = row.from.iter().map(|s| s.as_str()).collect();
        let to = row.to.map_or("(unchanged)", |state| state.as_str());
        writeln!(out, "| {} | {} | {to} |", row.action.as_str(), from.join(", "))?;
    }
    Ok(())
}

fn roles() -> Result<String> {
    use platform::authz::Verb;
    let mut out = String::from(
        "# Who may do what\n\nGenerated from the one table that decides every permission.\n\n| to | one of |\n|---|---|\n",
    );
    for verb in Verb::ALL {
        let who: Vec<&str> = verb.allowed().iter().map(|r| r.word()).collect();
        writeln!(out, "| {verb:?} | {} |", who.join(", "))?;
    }
    Ok(out)
}

fn problems() -> Result<String> {
    let mut out = String::from(
        "# Problems\n\nGenerated. The `code` of every problem, its status and its page.\n\n| code | status | title |\n|---|---|---|\n",
    );
    for kind in base::ProblemKind::ALL {
        writeln!(out, "| [{0}](../problems/{0}.md) | {1} | {2} |", kind.slug(), kind.status(), kind.title())?;
    }
    Ok(out)
}
