//! Which database.

use std::fmt;
use std::path::PathBuf;

/// The address of a database: a SQLite file or a PostgreSQL server.
#[derive(Clone, PartialEq, Eq)]
pub enum DbUrl {
    /// A SQLite file; it is made, readable by its owner only, when it does not exist.
    Sqlite(PathBuf),
    /// A URL that begins with `postgres://` or `postgresql://`.
    Postgres(String),
}

impl DbUrl {
    /// Reads `postgres://user@host/name`, `sqlite:path` or a plain path.
    ///
    /// # Errors
    /// Says what is wrong with the text. A password in the text is not repeated.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        let path = match text.strip_prefix("sqlite:") {
            Some(rest) => rest.strip_prefix("//").unwrap_or(rest),
            None => text,
        };
        if let Some((scheme, _)) = path.split_once("://") {
            return Err(format!(
                "`{scheme}:` is no database that can be used; write a path, `sqlite:path` or `postgres://user@host/name`"
            ));
        }
        if path.is_empty() || path == ":memory:" {
            return Err("the database needs a file: write its path, such as wayleave-data/wayleave.db".into());
        }
        Ok(Self::Sqlite(PathBuf::from(path)))
    }
}

/// Shows the address without the password that a PostgreSQL URL may carry.
impl fmt::Display for DbUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) => {
                let rest = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
                // Passwords may stand in the query too (`?password=`), so nothing behind `?` is shown.
                let rest = rest.split_once('?').map_or(rest, |(front, _)| front);
                let (authority, path) = rest.split_once('/').map_or((rest, ""), |(a, p)| (a, p));
                let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
                let user = user.split_once(':').map_or(user, |(name, _)| name);
                let at = if user.is_empty() { "" } else { "@" };
                write!(f, "postgres://{user}{at}{host}/{path}")
            }
        }
    }
}

impl fmt::Debug for DbUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_urls_are_told_apart() {
        assert_eq!(DbUrl::parse("a/b.db"), Ok(DbUrl::Sqlite("a/b.db".into())));
        assert_eq!(DbUrl::parse("sqlite:a/b.db"), Ok(DbUrl::Sqlite("a/b.db".into())));
        assert_eq!(DbUrl::parse("sqlite:///a/b.db"), Ok(DbUrl::Sqlite("/a/b.db".into())));
        assert!(matches!(DbUrl::parse("postgresql://h/d"), Ok(DbUrl::Postgres(_))));
        for wrong in ["mysql://h/d", "", "sqlite:", ":memory:", "sqlite::memory:"] {
            assert!(DbUrl::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_password_is_never_printed() {
        for url in ["postgres://u:p4ss@h:1/d", "postgres://u@h:1/d?password=p4ss", "postgres://u:p4@ss@h:1/d"] {
            let shown = format!("{:?}", DbUrl::parse(url).unwrap());
            assert_eq!(shown, "postgres://u@h:1/d");
        }
        assert!(!DbUrl::parse("mysql://u:p4ss@h/d").unwrap_err().contains("p4ss"));
    }
}
