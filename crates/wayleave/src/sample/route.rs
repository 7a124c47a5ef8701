//! Paths to operations.

use percent_encoding::percent_decode_str;

/// A path template, taken apart into segments.
pub(super) struct Route {
    segments: Vec<Segment>,
}

/// One segment, as alternating literals and parameters.
type Segment = Vec<Part>;

enum Part {
    Literal(String),
    Parameter(String),
}

impl Route {
    /// The route of a template such as `/users/{id}`.
    pub(super) fn new(template: &str) -> Self {
        Self { segments: template.split('/').skip(1).map(segment).collect() }
    }

    /// Sorts literal segments before mixed ones before parameters, from left to right: the first route that fits is the
    /// one that the specification wants.
    pub(super) fn rank(&self) -> Vec<u8> {
        let rank = |segment: &Segment| match segment.as_slice() {
            [Part::Parameter(_)] => 2,
            parts if parts.iter().any(|part| matches!(part, Part::Parameter(_))) => 1,
            _ => 0,
        };
        self.segments.iter().map(rank).collect()
    }

    /// The parameters, decoded, if `path` fits.
    pub(super) fn matches(&self, path: &str) -> Option<Vec<(&str, String)>> {
        let given: Vec<&str> = path.split('/').skip(1).collect();
        if given.len() != self.segments.len() {
            return None;
        }
        let mut found = Vec::new();
        for (segment, text) in self.segments.iter().zip(given) {
            let text = percent_decode_str(text).decode_utf8().ok()?;
            fits(segment, &text, &mut found)?;
        }
        Some(found)
    }
}

fn segment(text: &str) -> Segment {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, tail)) = after.split_once('}') else { break };
        if !before.is_empty() {
            parts.push(literal(before));
        }
        parts.push(Part::Parameter(name.to_owned()));
        rest = tail;
    }
    if !rest.is_empty() || parts.is_empty() {
        parts.push(literal(rest));
    }
    parts
}

fn literal(text: &str) -> Part {
    Part::Literal(percent_decode_str(text).decode_utf8_lossy().into_owned())
}

/// Each parameter takes at least one character and ends where the next literal first occurs.
fn fits<'r>(segment: &'r Segment, text: &str, found: &mut Vec<(&'r str, String)>) -> Option<()> {
    let mut rest = text;
    let mut parts = segment.iter().peekable();
    while let Some(part) = parts.next() {
        match part {
            Part::Literal(literal) => rest = rest.strip_prefix(literal.as_str())?,
            Part::Parameter(name) => {
                let first = rest.chars().next()?.len_utf8();
                let end = match parts.peek() {
                    Some(Part::Literal(next)) => first + rest[first..].find(next.as_str())?,
                    Some(Part::Parameter(_)) => first,
                    None => rest.len(),
                };
                found.push((name, rest[..end].to_owned()));
                rest = &rest[end..];
            }
        }
    }
    rest.is_empty().then_some(())
}

#[cfg(test)]
mod tests {
    use super::Route;

    #[test]
    fn a_path_fits_its_template_and_parameters_are_decoded() {
        let fits = |template: &str, path: &str| {
            Route::new(template)
                .matches(path)
                .map(|found| found.into_iter().map(|(_, v)| v).collect::<Vec<_>>().join("|"))
        };
        assert_eq!(fits("/a/{b}", "/a/x%2Fy%20z").as_deref(), Some("x/y z"));
        assert_eq!(fits("/a/{b}.{c}/{d}:do", "/a/x.y.z/7:do").as_deref(), Some("x|y.z|7"));
        assert_eq!(fits("/", "/").as_deref(), Some(""));
        for (template, path) in [
            ("/a", "/a/"),
            ("/a/{b}", "/a/"),
            ("/a/{b}", "/a"),
            ("/a/{b}", "/a/b/c"),
            ("/{b}:do", "/x:go"),
            ("/a", "/%ff"),
        ] {
            assert_eq!(fits(template, path), None, "{template} {path}");
        }
        assert!(Route::new("/a/self").rank() < Route::new("/a/{id}").rank());
    }
}
