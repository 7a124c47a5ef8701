//! The log as lines of text, and reading them again where there is no database: to keep the trail elsewhere and to show
//! later that it is as it was.
//!
//! A line is verified by itself: its hash must be the one that its `before`, number and digest make. Lines that follow
//! one another must also be linked: the `before` of each is the hash of the one before. Where somebody may not see all
//! of an entry, its line says `"whole": false` and brings the digest instead: that shows its place, not its content.

use super::{Entry, Kept, Origin, Proof, chain};
use base::{Ref, Timestamp};
use serde::{Deserialize, Serialize};
use std::io::BufRead;

/// How lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One JSON object a line.
    JsonLines,
    /// RFC 4180 with a heading. Texts that a spreadsheet would take for a formula begin with an apostrophe.
    Csv,
}

/// An entry as it is exported.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// Its number.
    pub seq: i64,
    /// When, in microseconds since 1970.
    pub at_micros: i64,
    /// When, for people.
    pub at: String,
    /// `user:usr_...`, `client:cli_...`, `system` or `nobody`.
    pub actor: String,
    /// What happened.
    pub verb: String,
    /// What it happened to.
    pub subject: Place,
    /// What it touches, in byte order of kind and id.
    pub touches: Vec<Place>,
    /// The person's own words.
    pub note: Option<String>,
    /// Before and after, as compact JSON with its members in byte order.
    pub detail: serde_json::Value,
    /// The request that caused it.
    pub request: Option<String>,
    /// Where it came from, if that is known and the reader may know it. Not a part of the digest; the name of the request
    /// is made of it.
    pub origin: Option<LineOrigin>,
    /// Whether this is all of the entry.
    pub whole: bool,
    /// The hash of the entry before.
    pub before: String,
    /// The digest of the entry.
    pub digest: String,
    /// The hash of the entry.
    pub hash: String,
}

/// A resource in a line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// What it is.
    pub kind: String,
    /// Its identifier.
    pub id: String,
}

impl From<&Ref> for Place {
    fn from(reference: &Ref) -> Self {
        Self { kind: reference.kind.as_str().to_owned(), id: reference.id.clone() }
    }
}

/// Where a request came from, in a line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineOrigin {
    address: String,
    agent: String,
    nonce: String,
    via: Option<String>,
}

impl From<&Kept> for LineOrigin {
    fn from(kept: &Kept) -> Self {
        let Origin { address, agent, nonce } = kept.origin.clone();
        Self { address, agent, nonce, via: kept.via.clone() }
    }
}

/// The columns of a CSV export, in their order.
const COLUMNS: [&str; 18] = [
    "seq",
    "at",
    "at_micros",
    "actor",
    "verb",
    "subject",
    "touches",
    "note",
    "detail",
    "request",
    "address",
    "agent",
    "nonce",
    "via",
    "whole",
    "before",
    "digest",
    "hash",
];

impl Line {
    /// An entry as somebody may see it who sees all of it, or these touches and nothing else less.
    pub fn of(entry: &Entry, proof: &Proof, kept: Option<&Kept>, visible: Option<&[Ref]>) -> Self {
        let mut touches: Vec<Place> = visible.unwrap_or(&entry.touches).iter().map(Place::from).collect();
        touches.sort();
        Self {
            seq: entry.seq,
            at_micros: entry.at.micros(),
            at: entry.at.to_string(),
            actor: entry.actor.to_text(),
            verb: entry.verb.clone(),
            subject: Place::from(&entry.subject),
            touches,
            note: entry.note.clone(),
            detail: entry.detail.clone(),
            request: entry.request.clone(),
            origin: kept.map(LineOrigin::from),
            whole: visible.is_none(),
            before: proof.before.clone(),
            digest: proof.digest.clone(),
            hash: proof.hash.clone(),
        }
    }

    /// The line with its line end.
    pub fn write(&self, format: Format) -> String {
        match format {
            Format::JsonLines => serde_json::to_string(self).unwrap_or_default() + "\n",
            Format::Csv => self.csv(),
        }
    }

    fn csv(&self) -> String {
        let place = |place: &Place| format!("{}:{}", place.kind, place.id);
        let touches: Vec<String> = self.touches.iter().map(place).collect();
        let origin = self.origin.clone().unwrap_or_default();
        record([
            self.seq.to_string(),
            self.at.clone(),
            self.at_micros.to_string(),
            self.actor.clone(),
            self.verb.clone(),
            place(&self.subject),
            touches.join(" "),
            optional(self.note.as_deref()),
            self.detail.to_string(),
            optional(self.request.as_deref()),
            origin.address.clone(),
            origin.agent.clone(),
            origin.nonce.clone(),
            optional(origin.via.as_deref()),
            self.whole.to_string(),
            self.before.clone(),
            self.digest.clone(),
            self.hash.clone(),
        ])
    }

    /// What the digest of this line must be, if the line has all that it is made of.
    fn made(&self) -> Option<String> {
        let touches = self.touches.iter().map(|place| (place.kind.as_str(), place.id.as_str()));
        let given = [&*self.actor, &self.verb, &self.subject.kind, &self.subject.id];
        let optional = [self.note.as_deref(), Some(&self.detail.to_string()), self.request.as_deref()];
        self.whole.then(|| chain::fields(self.at_micros, given, optional, touches))
    }

    /// Passes if the line is as it was written, and follows from the one before if that has the number before.
    fn check(&self, last: Option<&Footing>) -> Result<(), &'static str> {
        if self.made().is_some_and(|digest| digest != self.digest) {
            return Err("the entry, or what it touches, is not what its digest was made of");
        }
        if Timestamp::from_micros(self.at_micros).to_string() != self.at {
            return Err("its two times differ");
        }
        if chain::link(&self.before, self.seq, &self.digest) != self.hash {
            return Err("its hash is not the one that the entry before, its number and its digest make");
        }
        if last.is_some_and(|last| last.seq + 1 == self.seq && last.hash != self.before) {
            return Err("it does not follow from the entry before");
        }
        let renamed = |origin: &LineOrigin| {
            let LineOrigin { address, agent, nonce, .. } = origin.clone();
            self.request.as_deref() != Some(Origin { address, agent, nonce }.name().as_str())
        };
        if self.origin.as_ref().is_some_and(renamed) {
            return Err("where its request came from is not what the name of the request was made of");
        }
        Ok(())
    }
}

/// Absent is told from empty: an empty text is written as two quotes.
fn optional(text: Option<&str>) -> String {
    text.map_or_else(String::new, |text| if text.is_empty() { "\"\"".to_owned() } else { text.to_owned() })
}

fn given(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| if text == "\"\"" { String::new() } else { text.to_owned() })
}

/// Whether a spreadsheet would take a text for a formula; and what begins with our own mark.
fn is_risky(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\''])
}

/// One record of RFC 4180.
fn record<T: AsRef<str>>(fields: impl IntoIterator<Item = T>) -> String {
    let marked = fields.into_iter().map(|field| {
        let field = field.as_ref();
        format!("{}{field}", if is_risky(field) { "'" } else { "" })
    });
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    // Writing into memory does not fail.
    let _written = writer.write_record(marked);
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

impl Format {
    /// What comes before the first line.
    pub fn heading(self) -> String {
        match self {
            Self::JsonLines => String::new(),
            Self::Csv => record(COLUMNS),
        }
    }

    /// Its media type.
    pub const fn media(self) -> &'static str {
        match self {
            Self::JsonLines => "application/jsonl",
            Self::Csv => "text/csv; charset=utf-8",
        }
    }
}

/// The last line that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Footing {
    /// Its number.
    pub seq: i64,
    /// Its hash.
    pub hash: String,
}

/// What reading an export found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// How many entries are as they were written.
    pub entries: i64,
    /// How many of them bring only their digest.
    pub partial: i64,
    /// How many numbers are missing between the first entry and the last: none in an export of everything.
    pub missing: i64,
    /// The first number.
    pub first: Option<i64>,
    /// The last entry.
    pub last: Option<Footing>,
    /// The hash of the entry that was asked for, if it is there.
    pub wanted: Option<String>,
    /// The first entry that does not fit, by its number (or 0 if it has none), and why.
    pub broken: Option<(i64, String)>,
}

/// Reads an export, oldest entry first, and verifies every line of it; remembers the hash of the entry `wanted`. Needs no
/// database.
///
/// # Errors
/// The file cannot be read, or is no export at all. A broken entry is no error but an answer.
pub fn read(file: impl BufRead, format: Format, wanted: Option<i64>) -> Result<Reading, String> {
    let mut found = Reading { entries: 0, partial: 0, missing: 0, first: None, last: None, wanted: None, broken: None };
    let unreadable = |n: usize, why: &str| format!("line {n} cannot be read: {why}");
    match format {
        Format::JsonLines => {
            for (n, text) in file.lines().enumerate() {
                let text = text.map_err(|error| unreadable(n + 1, &error.to_string()))?;
                let line = serde_json::from_str(&text).map_err(|error| unreadable(n + 1, &error.to_string()))?;
                if !step(&mut found, &line, wanted) {
                    break;
                }
            }
        }
        Format::Csv => {
            let mut reader = csv::Reader::from_reader(file);
            let headers = reader.headers().map_err(|error| unreadable(1, &error.to_string()))?;
            if headers.iter().ne(COLUMNS) {
                return Err("the first line does not name the columns of an export".to_owned());
            }
            for (n, fields) in reader.records().enumerate() {
                let fields = fields.map_err(|error| unreadable(n + 2, &error.to_string()))?;
                let line = from_csv(&fields).ok_or_else(|| unreadable(n + 2, "a column holds something else"))?;
                if !step(&mut found, &line, wanted) {
                    break;
                }
            }
        }
    }
    Ok(found)
}

/// One more line. `false` ends the reading.
fn step(found: &mut Reading, line: &Line, wanted: Option<i64>) -> bool {
    let order = match &found.last {
        Some(last) if line.seq <= last.seq => Err("it stands behind a later one"),
        last => line.check(last.as_ref()),
    };
    if let Err(why) = order {
        found.broken = Some((line.seq, why.to_owned()));
        return false;
    }
    found.missing += found.last.as_ref().map_or(0, |last| line.seq - last.seq - 1);
    found.first.get_or_insert(line.seq);
    found.entries += 1;
    found.partial += i64::from(!line.whole);
    if wanted == Some(line.seq) {
        found.wanted = Some(line.hash.clone());
    }
    found.last = Some(Footing { seq: line.seq, hash: line.hash.clone() });
    true
}

fn from_csv(fields: &csv::StringRecord) -> Option<Line> {
    let field = |n: usize| fields.get(n).map(|text| text.strip_prefix('\'').unwrap_or(text).to_owned());
    let place = |text: &str| {
        let (kind, id) = text.split_once(':')?;
        Some(Place { kind: kind.to_owned(), id: id.to_owned() })
    };
    let touches = field(6)?.split(' ').filter(|text| !text.is_empty()).map(place).collect::<Option<_>>()?;
    let (address, agent, nonce, via) = (field(10)?, field(11)?, field(12)?, given(&field(13)?));
    let origin = (!nonce.is_empty()).then_some(LineOrigin { address, agent, nonce, via });
    Some(Line {
        seq: field(0)?.parse().ok()?,
        at: field(1)?,
        at_micros: field(2)?.parse().ok()?,
        actor: field(3)?,
        verb: field(4)?,
        subject: place(&field(5)?)?,
        touches,
        note: given(&field(7)?),
        detail: serde_json::from_str(&field(8)?).ok()?,
        request: given(&field(9)?),
        origin,
        whole: field(14)?.parse().ok()?,
        before: field(15)?,
        digest: field(16)?,
        hash: field(17)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::{Actor, Kind};
    use serde_json::json;

    fn lines() -> Vec<Line> {
        let mut before = super::super::GENESIS.to_owned();
        let mut lines = Vec::new();
        for (seq, note) in
            [(1, None), (2, Some("=1+1, \"quoted\"\nand 'more'")), (3, Some("")), (4, Some("-")), (5, None)]
        {
            let origin = Origin::new("192.0.2.7".into(), "curl/8, \"odd\"");
            let app = Ref { kind: Kind::App, id: "app_1".into() };
            let mut entry = Entry {
                seq,
                at: Timestamp::from_seconds(seq),
                actor: Actor::User("usr_1".into()),
                verb: "app.edited".into(),
                subject: app.clone(),
                touches: vec![app, Ref { kind: Kind::User, id: "usr_1".into() }],
                note: note.map(str::to_owned),
                detail: json!({"before": {"name": "a,b"}, "after": {"name": "é"}}),
                request: (seq != 5).then(|| origin.name()),
                hash: String::new(),
            };
            let mut line = Line::of(
                &entry,
                &Proof { before: before.clone(), digest: String::new(), hash: String::new(), holds: true },
                None,
                None,
            );
            line.digest = line.made().expect("whole");
            line.hash = chain::link(&before, seq, &line.digest);
            entry.hash = line.hash.clone();
            before.clone_from(&line.hash);
            if seq == 2 {
                line.origin = Some(LineOrigin::from(&Kept { origin, via: Some("session:ses_1".into()) }));
            }
            lines.push(line);
        }
        lines
    }

    fn file(lines: &[Line], format: Format) -> String {
        lines.iter().fold(format.heading(), |text, line| text + &line.write(format))
    }

    #[test]
    fn an_export_is_verified_without_the_database() {
        for format in [Format::JsonLines, Format::Csv] {
            let text = file(&lines(), format);
            let found = read(text.as_bytes(), format, None).expect("readable");
            assert_eq!((found.entries, found.missing, found.broken), (5, 0, None), "{format:?} {text}");
            assert_eq!(found.last.map(|last| last.seq), Some(5));
        }
        assert!(file(&lines(), Format::Csv).contains("'=1+1, \"\"quoted\"\""), "no formula reaches a spreadsheet");
    }

    #[test]
    fn whatever_is_altered_is_found_at_its_entry() {
        let alterations: [fn(&mut Line); 9] = [
            |l| l.actor = "user:usr_2".into(),
            |l| l.at_micros += 1,
            |l| l.at = "1970-01-01T00:00:09Z".into(),
            |l| l.detail = json!({}),
            |l| l.note = None,
            |l| l.touches.clear(),
            |l| l.before = "0".repeat(64),
            |l| l.whole = false,
            |l| l.origin = Some(LineOrigin { address: "192.0.2.8".into(), ..l.origin.clone().unwrap_or_default() }),
        ];
        for format in [Format::JsonLines, Format::Csv] {
            for (n, alter) in alterations.iter().enumerate() {
                let mut lines = lines();
                alter(&mut lines[1]);
                let found = read(file(&lines, format).as_bytes(), format, None).expect("readable");
                // A line that claims to be a part of its entry shows its place only.
                let expected = if n == 7 { None } else { Some(2) };
                assert_eq!(found.broken.as_ref().map(|(seq, _)| *seq), expected, "{format:?} {n} {found:?}");
            }
        }
    }

    #[test]
    fn a_chain_that_was_made_anew_does_not_fit_what_follows() {
        let mut lines = lines();
        lines[1].note = Some("another".into());
        lines[1].digest = lines[1].made().expect("whole");
        lines[1].hash = chain::link(&lines[1].before, 2, &lines[1].digest);
        let found = read(file(&lines, Format::JsonLines).as_bytes(), Format::JsonLines, None).expect("readable");
        assert_eq!(found.broken.map(|(seq, _)| seq), Some(3));
    }

    #[test]
    fn gaps_are_counted_and_disorder_is_refused() {
        let mut lines = lines();
        lines.remove(2);
        let found = read(file(&lines, Format::Csv).as_bytes(), Format::Csv, None).expect("readable");
        assert_eq!((found.entries, found.missing, found.broken), (4, 1, None));
        lines.swap(0, 1);
        let found = read(file(&lines, Format::Csv).as_bytes(), Format::Csv, None).expect("readable");
        assert_eq!(found.broken.map(|(seq, _)| seq), Some(1));
        assert!(
            read("{}\n".as_bytes(), Format::JsonLines, None).is_err()
                && read("a,b\n".as_bytes(), Format::Csv, None).is_err()
        );
    }
}
