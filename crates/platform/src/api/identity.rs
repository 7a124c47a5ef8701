//! The id of an API that is brought over from another system.

use super::sql;
use crate::cx::Cx;
use base::{Problem, ProblemKind, id};
use store::Conn;

/// The id that a new API brings along (C77), or a fresh one.
pub async fn identity(cx: &Cx, conn: &mut Conn, brought: Option<&str>) -> Result<id::ApiId, Problem> {
    let Some(text) = brought else { return Ok(id::ApiId::new(cx.now)) };
    if !cx.who.as_ref().is_some_and(|who| who.site_admin) {
        return Err(Problem::forbidden("Only site administrators bring an id along; leave it out.")
            .field("/id", "Leave it out."));
    }
    let shown: String = text.chars().take(60).collect();
    let fault = || Problem::invalid("/id", format!("`{shown}` is no UUID and no `api_...`."));
    let uuid = base::id::uuid_bits(text).map(id::ApiId::from_bits);
    let id = uuid.or_else(|| <id::ApiId as base::id::Id>::parse(text).ok()).ok_or_else(fault)?;
    match sql::find(conn, &id).await? {
        Some(_) => Err(Problem::new(ProblemKind::Exists, format!("There is an API `{id}` already.")).at("/id")),
        None => Ok(id),
    }
}
