//! Reading a body whole: one answer names everything that is wrong with it, not only the first fault.

use crate::Problem;

/// What was wrong so far; see [`gather`].
#[derive(Debug, Default)]
pub struct Wrong(Option<Problem>);

impl Wrong {
    /// The value; or, if it is wrong, a stand-in for it that nobody gets to see.
    pub fn of<T: Default>(&mut self, read: Result<T, Problem>) -> T {
        read.unwrap_or_else(|problem| {
            self.0 = Some(match self.0.take() {
                Some(former) => former.and(problem),
                None => problem,
            });
            T::default()
        })
    }

    /// Puts the value in its place if one was given, for edits; what is absent stays.
    pub fn set<T>(&mut self, place: &mut T, given: Option<Result<T, Problem>>) {
        let read = given.transpose();
        if let Some(value) = self.of(read) {
            *place = value;
        }
    }
}

/// What `read` makes of a body, or everything that it found wrong with it. Stand-ins never leave here: if anything was
/// wrong, the whole value is dropped.
///
/// # Errors
/// What was wrong: all fields together, or, if something was that is no field, that.
pub fn gather<T>(read: impl FnOnce(&mut Wrong) -> T) -> Result<T, Problem> {
    let mut wrong = Wrong::default();
    let value = read(&mut wrong);
    match wrong.0 {
        Some(problem) => Err(problem),
        None => Ok(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn short(pointer: &str, text: &str) -> Result<String, Problem> {
        if text.len() < 4 { Ok(text.to_owned()) } else { Err(Problem::invalid(pointer, "Too long.")) }
    }

    #[test]
    fn everything_that_is_wrong_is_named() {
        let problem = gather(|wrong| {
            let mut place = "old".to_owned();
            wrong.set(&mut place, Some(short("/b", "longer")));
            assert_eq!(place, "old");
            (wrong.of(short("/a", "long")), wrong.of(short("/c", "ok")), place)
        });
        let problem = problem.expect_err("two fields");
        assert_eq!(problem.fields.iter().map(|f| f.pointer.as_str()).collect::<Vec<_>>(), ["/b", "/a"]);
        let problem = gather(|wrong| {
            wrong.of(short("/a", "long"));
            wrong.of::<()>(Err(Problem::forbidden("no")));
        });
        assert_eq!(problem.expect_err("no").kind, crate::ProblemKind::Forbidden);
    }

    #[test]
    fn what_is_right_is_read_and_what_is_absent_stays() {
        let read = gather(|wrong| {
            let mut place = "old".to_owned();
            wrong.set(&mut place, None);
            let stayed = place.clone();
            wrong.set(&mut place, Some(short("/b", "new")));
            (wrong.of(short("/a", "one")), stayed, place)
        });
        assert_eq!(read.expect("fine"), ("one".to_owned(), "old".to_owned(), "new".to_owned()));
    }
}
