//! Lists that are narrowed by a question: what the caller may see, batch by batch, and of it what has the words.
//!
//! Where a word is so rare that one batch holds all that has it, a list begins there. Else it begins with what its caller
//! may see, so that whoever sees little pays for that little, however much there is that has the words. Whoever sees more
//! than one batch is shown what has the words after all, if that is not much. Where both are many, what is seen is walked
//! so far and no farther, and the page says where to go on.

use super::rule::Words;
use super::sql;
use base::{Kind, Page, Problem};
use std::collections::VecDeque;
use store::Conn;

/// How many resources are looked at together.
const BATCH: i64 = 500;
/// How many resources of one kind are looked at for one question at most.
pub(super) const FARTHEST: usize = 10_000;
/// In how many places a word may stand to be rare.
const FEW: i64 = 5_000;

/// Where to look next.
#[derive(Debug)]
pub struct Batch {
    /// Only among these; `None` is any.
    pub ids: Option<Vec<String>>,
    /// Behind this id.
    pub after: String,
    /// So many at most.
    pub limit: i64,
}

impl Batch {
    /// Behind which id, and how many.
    pub fn place(&self) -> (&str, i64) {
        (&self.after, self.limit)
    }
}

/// The batches of one list, in the order of ids. What is found in one has to be handed to [`Batches::keep`] before the next.
#[derive(Debug)]
pub struct Batches {
    kind: Kind,
    words: Option<Words>,
    after: String,
    /// What has the rarest of the words, once it is known to be few.
    hits: Option<VecDeque<String>>,
    /// How many were given.
    batches: usize,
    looked: usize,
    ended: bool,
}

impl Batches {
    /// What has all of these words and lies behind `after`; everything, if there is no question.
    pub fn new(kind: Kind, words: Option<Words>, after: &str) -> Self {
        Self { kind, words, after: after.to_owned(), hits: None, batches: 0, looked: 0, ended: false }
    }

    /// Where to look for what is `missing`; `None` is the end, or far enough for one page.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn next(&mut self, conn: &mut Conn, missing: i64) -> Result<Option<Batch>, Problem> {
        if self.ended || self.looked >= FARTHEST {
            return Ok(None);
        }
        let Some(words) = &self.words else {
            self.ended = true;
            return Ok(Some(Batch { ids: None, after: self.after.clone(), limit: missing }));
        };
        let rare = match (&self.hits, self.batches) {
            (None, 0) => Some(BATCH),
            // Whoever sees little has been shown all of it by now.
            (None, 1) => Some(FEW),
            _ => None,
        };
        if let Some(rare) = rare {
            let few = sql::few(conn, self.kind, words, rare).await?;
            self.hits = few.map(|ids| ids.into_iter().filter(|id| *id > self.after).collect());
        }
        let ids = self.hits.as_mut().map(|hits| {
            let most = usize::try_from(BATCH).unwrap_or(1).min(hits.len());
            hits.drain(..most).collect::<Vec<_>>()
        });
        if ids.as_ref().is_some_and(Vec::is_empty) {
            self.ended = true;
            return Ok(None);
        }
        self.batches += 1;
        Ok(Some(Batch { ids, after: self.after.clone(), limit: BATCH }))
    }

    /// Of what was found in a batch, all of it, that which has the words.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn keep<T>(
        &mut self,
        conn: &mut Conn,
        found: Vec<T>,
        id: impl Fn(&T) -> String,
    ) -> Result<Vec<T>, Problem> {
        Ok(self.sift(conn, found, id).await?.into_iter().map(|(it, _)| it).collect())
    }

    /// The same with where the first of the words stands.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn sift<T>(
        &mut self,
        conn: &mut Conn,
        found: Vec<T>,
        id: impl Fn(&T) -> String,
    ) -> Result<Vec<(T, i64)>, Problem> {
        let Some(words) = &self.words else { return Ok(found.into_iter().map(|it| (it, 0)).collect()) };
        let ids: Vec<String> = found.iter().map(&id).collect();
        if self.hits.is_none() {
            self.looked += ids.len();
            self.ended = i64::try_from(ids.len()).unwrap_or(BATCH) < BATCH;
            self.after = ids.last().cloned().unwrap_or_else(|| self.after.clone());
        }
        let places = sql::places(conn, self.kind, words, &ids).await?;
        Ok(found.into_iter().filter_map(|it| places.get(&id(&it)).copied().map(|place| (it, place))).collect())
    }

    /// The page of what was kept. If the batches were left before their end, it goes on there.
    pub fn page<T>(&self, rows: Vec<T>, limit: i64, key: impl Fn(&T) -> String) -> Page<T> {
        let mut page = Page::of(rows, limit, key);
        if page.next.is_none() && !self.ended {
            page.next = Some(self.after.clone());
        }
        page
    }
}
