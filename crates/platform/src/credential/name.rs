//! Names in certificates: `C=DK,OU=Partner,CN=Person` as text, and whether it is the name that a certificate carries.

/// One attribute: its type as an object identifier, and its value.
type Attribute = (String, String);

/// A distinguished name: its parts in the order of the certificate, each with one attribute or several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name(Vec<Vec<Attribute>>);

/// The usual words for types of attributes; the first one of a type is the one that is written.
const TYPES: [(&str, &str); 20] = [
    ("CN", "2.5.4.3"),
    ("SN", "2.5.4.4"),
    ("SURNAME", "2.5.4.4"),
    ("SERIALNUMBER", "2.5.4.5"),
    ("C", "2.5.4.6"),
    ("L", "2.5.4.7"),
    ("ST", "2.5.4.8"),
    ("S", "2.5.4.8"),
    ("STREET", "2.5.4.9"),
    ("O", "2.5.4.10"),
    ("OU", "2.5.4.11"),
    ("T", "2.5.4.12"),
    ("TITLE", "2.5.4.12"),
    ("GN", "2.5.4.42"),
    ("GIVENNAME", "2.5.4.42"),
    ("DC", "0.9.2342.19200300.100.1.25"),
    ("UID", "0.9.2342.19200300.100.1.1"),
    ("E", "1.2.840.113549.1.9.1"),
    ("EMAIL", "1.2.840.113549.1.9.1"),
    ("EMAILADDRESS", "1.2.840.113549.1.9.1"),
];

impl Name {
    /// The name with these parts.
    pub fn of(parts: Vec<Vec<Attribute>>) -> Self {
        Self(parts)
    }

    /// Reads a name as RFC 4514 and its forerunners write it, in whichever order; `None` if it is none.
    pub fn read(text: &str) -> Option<Self> {
        let mut parts = Vec::new();
        for part in split(text, &[',', ';'])? {
            let mut attributes = Vec::new();
            for attribute in split(part, &['+'])? {
                let (kind, value) = attribute.split_once('=')?;
                attributes.push((object_identifier(kind.trim())?, unescape(bare(value))?));
            }
            parts.push(attributes);
        }
        (!parts.is_empty()).then_some(Self(parts))
    }

    /// Whether both are the same name. Case and runs of spaces do not count (RFC 5280 section 7.1), and neither does from
    /// which end it was written.
    pub fn matches(&self, other: &Self) -> bool {
        let (mine, theirs) = (self.folded(), other.folded());
        mine == theirs || mine.iter().rev().eq(theirs.iter())
    }

    fn folded(&self) -> Vec<Vec<Attribute>> {
        let fold = |value: &str| value.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        let part = |attributes: &Vec<Attribute>| {
            let mut folded: Vec<_> = attributes.iter().map(|(kind, value)| (kind.clone(), fold(value))).collect();
            folded.sort();
            folded
        };
        self.0.iter().map(part).collect()
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let attribute = |(kind, value): &Attribute| {
            let word = TYPES.iter().find(|(_, oid)| oid == kind).map_or(kind.as_str(), |(word, _)| word);
            format!("{word}={}", escape(value))
        };
        let part = |attributes: &Vec<Attribute>| attributes.iter().map(attribute).collect::<Vec<_>>().join("+");
        f.write_str(&self.0.iter().map(part).collect::<Vec<_>>().join(","))
    }
}

fn object_identifier(kind: &str) -> Option<String> {
    let upper = kind.to_ascii_uppercase();
    let dotted = upper.strip_prefix("OID.").unwrap_or(&upper);
    if dotted.contains('.') && dotted.split('.').all(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit())) {
        return Some(dotted.to_owned());
    }
    TYPES.iter().find(|(word, _)| *word == upper).map(|(_, oid)| (*oid).to_owned())
}

/// The pieces between these signs, where they are neither escaped nor quoted.
fn split<'a>(text: &'a str, at: &[char]) -> Option<Vec<&'a str>> {
    let (mut pieces, mut start, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    for (n, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => quoted = !quoted,
            c if !quoted && at.contains(&c) => {
                pieces.push(&text[start..n]);
                start = n + c.len_utf8();
            }
            _ => {}
        }
    }
    pieces.push(&text[start..]);
    (!quoted && !escaped).then_some(pieces)
}

/// Without the spaces around it; one that is escaped belongs to the value.
fn bare(text: &str) -> &str {
    let (start, end) = (text.trim_start(), text.trim());
    let escapes = end.bytes().rev().take_while(|b| *b == b'\\').count();
    if escapes % 2 == 1 { &start[..(end.len() + 1).min(start.len())] } else { end }
}

fn unescape(text: &str) -> Option<String> {
    let inner = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text);
    let mut bytes = Vec::with_capacity(inner.len());
    let mut rest = inner.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'\\' {
            bytes.push(*first);
            continue;
        }
        let pair = rest.get(..2).and_then(|two| data_encoding::HEXLOWER_PERMISSIVE.decode(two).ok());
        match pair {
            Some(decoded) => {
                bytes.extend(decoded);
                rest = &rest[2..];
            }
            None => {
                let (next, after) = rest.split_first()?;
                bytes.push(*next);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).ok()
}

fn escape(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let last = value.chars().count().saturating_sub(1);
    for (n, c) in value.chars().enumerate() {
        let edge = (n == 0 && matches!(c, ' ' | '#')) || (n == last && c == ' ');
        match c {
            ',' | '+' | '"' | '\\' | '<' | '>' | ';' | '=' => out.extend(['\\', c]),
            _ if edge => out.extend(['\\', c]),
            c if c.is_control() => {
                for byte in c.to_string().bytes() {
                    out.push_str(&format!("\\{byte:02X}"));
                }
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Name {
        Name::read(text).unwrap_or_else(|| panic!("`{text}` is a name"))
    }

    /// C52
    #[test]
    fn a_name_is_the_same_however_it_is_written() {
        let own = name("C=DK,OU=Partner,CN=Person");
        for same in [
            "CN=Person,OU=Partner,C=DK",
            "c=dk, ou=Partner , cn=PERSON",
            "C=DK;OU=Partner;CN=\"Person\"",
            "2.5.4.6=DK,OID.2.5.4.11=Partner,CN=\\50erson",
            "C=DK,OU=Partner,CN=  Person",
        ] {
            assert!(own.matches(&name(same)), "{same}");
        }
        for other in
            ["C=DK,OU=Partner,CN=Persona", "C=DK,CN=Person", "OU=Partner,C=DK,CN=Person", "C=DK+OU=Partner,CN=Person"]
        {
            assert!(!own.matches(&name(other)), "{other}");
        }
        assert!(name("CN=a+OU=b").matches(&name("OU=b+CN=a")), "the attributes of one part have no order");
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for bad in ["", "Person", "CN", "=x", "WHAT=x", "CN=a,", "CN=\"a", "CN=a\\", "CN=\\FF", "2..5=x", ",CN=a"] {
            assert!(Name::read(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_name_survives_its_own_text() {
        let odd = Name::of(vec![
            vec![("2.5.4.10".into(), " Fish, Chips + \"Co\" #1 ".into())],
            vec![("2.5.4.3".into(), "#a\\b=c\u{7}".into()), ("1.2.3".into(), "x".into())],
        ]);
        assert_eq!(Name::read(&odd.to_string()), Some(odd.clone()), "{odd}");
        assert_eq!(name("c=DK,ou=Partner,email=a@b.example").to_string(), "C=DK,OU=Partner,E=a@b.example");
    }
}
