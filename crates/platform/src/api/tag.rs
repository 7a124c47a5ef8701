//! Tags: words by which people find APIs.

use super::{Access, Api, sql};
use crate::authz::Verb;
use crate::cx::Cx;
use crate::text;
use base::{Page, PageRequest, Problem, id};
use std::collections::{BTreeMap, BTreeSet};
use store::Conn;

/// The most tags of one API.
const MOST: usize = 20;
/// The longest tag, in characters.
const LONGEST: usize = 40;

/// The tags that somebody wrote at `/tags`, each once, in order.
///
/// # Errors
/// 422 naming the one that cannot be.
pub fn read(list: &[String]) -> Result<Vec<String>, Problem> {
    if list.len() > MOST {
        return Err(Problem::invalid("/tags", format!("At most {MOST} tags.")));
    }
    let mut out = BTreeSet::new();
    for (n, tag) in list.iter().enumerate() {
        let pointer = format!("/tags/{n}");
        let tag = text::slug(&pointer, tag)?;
        if tag.len() > LONGEST {
            return Err(Problem::invalid(pointer, format!("A tag has at most {LONGEST} characters.")));
        }
        out.insert(tag);
    }
    Ok(out.into_iter().collect())
}

/// The tags of each of these APIs, in order.
///
/// # Errors
/// Those of the database.
pub async fn tags_of(conn: &mut Conn, apis: &[id::ApiId]) -> Result<BTreeMap<id::ApiId, Vec<String>>, Problem> {
    let mut out: BTreeMap<id::ApiId, Vec<String>> = BTreeMap::new();
    for (api, tag) in sql::tags_of(conn, apis).await? {
        out.entry(api).or_default().push(tag);
    }
    Ok(out)
}

/// The tags of one API, in order.
///
/// # Errors
/// Those of the database.
pub async fn tags(conn: &mut Conn, api: &Api) -> Result<Vec<String>, Problem> {
    Ok(tags_of(conn, std::slice::from_ref(&api.id)).await?.remove(&api.id).unwrap_or_default())
}

/// The tags of the APIs that the caller may see, and how many of those have each.
///
/// # Errors
/// Those of the database.
pub async fn count(cx: &Cx, page: &PageRequest) -> Result<Page<(String, i64)>, Problem> {
    let mut tx = cx.read().await?;
    let access = Access::of(cx, &mut tx).await?;
    let organizations = access.seats.with(Verb::ApiReadPrivate.allowed());
    let viewer = sql::Viewer::of(cx, &organizations);
    let rows = sql::count_tags(&mut tx, &viewer, page.after(), page.limit() + 1).await?;
    Ok(Page::of(rows, page.limit(), |(tag, _)| tag.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(list: &[&str]) -> Result<Vec<String>, String> {
        let list: Vec<String> = list.iter().map(|tag| (*tag).to_owned()).collect();
        read(&list).map_err(|p| p.fields[0].pointer.clone())
    }

    #[test]
    fn tags_are_words_for_urls_each_once_and_few() {
        assert_eq!(tags(&["pets", "beta", "pets"]), Ok(vec!["beta".to_owned(), "pets".to_owned()]));
        assert_eq!(tags(&[]), Ok(Vec::new()));
        for bad in ["", "Pets", "two words", "<b>", &"x".repeat(41)] {
            assert_eq!(tags(&["fine", bad]), Err("/tags/1".to_owned()), "{bad}");
        }
        assert_eq!(tags(&["x"; 21]), Err("/tags".to_owned()));
    }
}
