//! How texts become words, and words become questions.

use base::{Fault, Problem};
use std::collections::BTreeMap;

/// The most characters of a question.
const LONGEST_QUESTION: usize = 200;
/// The most words of a question that count.
const MOST_WORDS: usize = 8;
/// The most characters of a word that count.
const LONGEST_WORD: usize = 80;
/// The most words that one resource is found by.
const MOST_TERMS: usize = 4_000;

/// Where a word stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In the name or an identifier.
    Name,
    /// In the description or a tag.
    Description,
    /// In what is written about it at length.
    Documentation,
}

impl Place {
    /// The number in the database; smaller is better.
    pub const fn number(self) -> i64 {
        match self {
            Self::Name => 0,
            Self::Description => 1,
            Self::Documentation => 2,
        }
    }
}

fn cut(word: &str) -> String {
    word.chars().flat_map(char::to_lowercase).take(LONGEST_WORD).collect()
}

/// Words between blanks as they stand, and the runs of letters and digits in them; in lower case.
fn pieces(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split_whitespace().flat_map(|word| {
        let runs = word.split(|c: char| !c.is_alphanumeric()).filter(move |run| !run.is_empty() && *run != word);
        std::iter::once(word).chain(runs).map(cut)
    })
}

/// The words that a resource is found by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms(BTreeMap<String, Place>);

impl Terms {
    /// The same and the words of this text.
    #[must_use]
    pub fn with(mut self, place: Place, text: &str) -> Self {
        for word in pieces(text) {
            if self.0.len() >= MOST_TERMS {
                break;
            }
            let known = self.0.entry(word).or_insert(place);
            *known = place.min(*known);
        }
        self
    }

    /// Each word and where it stands.
    pub fn all(&self) -> impl Iterator<Item = (&str, Place)> {
        self.0.iter().map(|(word, place)| (word.as_str(), *place))
    }
}

/// A question: what is found has words that begin with all of these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words(Vec<String>);

impl Words {
    /// Reads a question; `None` if it has no words.
    ///
    /// # Errors
    /// 422 naming `q` if it is too long.
    pub fn of(question: Option<&str>) -> Result<Option<Self>, Problem> {
        let question = question.unwrap_or("");
        if question.chars().count() > LONGEST_QUESTION {
            return Err(Problem::invalid("q", format!("At most {LONGEST_QUESTION} characters.")).code(Fault::Length));
        }
        let words: Vec<String> = question.split_whitespace().take(MOST_WORDS).map(cut).collect();
        Ok((!words.is_empty()).then_some(Self(words)))
    }

    /// For each word the stretch of the byte order in which the words lie that begin with it: from, and before.
    pub fn stretches(&self) -> impl Iterator<Item = (String, String)> {
        self.0.iter().map(|word| (word.clone(), format!("{word}\u{10ffff}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        Terms::default().with(Place::Name, text).all().map(|(word, _)| word.to_owned()).collect()
    }

    #[test]
    fn a_name_is_found_by_its_words_and_by_their_parts() {
        assert_eq!(words("Pet-Store API"), ["api", "pet", "pet-store", "store"]);
        assert_eq!(words("Ärger  ÜBER Straßen"), ["straßen", "ärger", "über"]);
        assert_eq!(words(" \n "), [""; 0]);
    }

    #[test]
    fn a_word_of_the_name_counts_as_such_wherever_else_it_stands() {
        let terms = Terms::default().with(Place::Description, "orders and more").with(Place::Name, "Orders");
        let found: Vec<_> = terms.all().collect();
        assert_eq!(found, [("and", Place::Description), ("more", Place::Description), ("orders", Place::Name)]);
    }

    #[test]
    fn a_word_lies_in_the_stretch_of_its_beginning_and_no_other_does() {
        let question = Words::of(Some(" PET ")).unwrap().unwrap();
        let [(from, before)] = question.stretches().collect::<Vec<_>>().try_into().unwrap();
        for (word, inside) in
            [("pet", true), ("pets", true), ("petß", true), ("pe", false), ("peu", false), ("", false)]
        {
            assert_eq!(word >= from.as_str() && word < before.as_str(), inside, "{word}");
        }
    }

    #[test]
    fn a_question_is_bounded() {
        assert_eq!(Words::of(None).unwrap(), None);
        assert_eq!(Words::of(Some("  ")).unwrap(), None);
        assert_eq!(Words::of(Some(&"a ".repeat(50))).unwrap().unwrap().stretches().count(), MOST_WORDS);
        assert_eq!(Words::of(Some(&"x".repeat(201))).expect_err("refused").fields[0].pointer, "q");
    }
}
