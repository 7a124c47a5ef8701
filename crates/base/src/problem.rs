//! Problems: every error that leaves the program, as RFC 9457 describes them.
//!
//! The table below is the whole vocabulary. Each slug has a page `docs/problems/<slug>.md`.

use serde_json::{Map, Value, json};
use std::fmt;
use std::sync::Arc;

macro_rules! problem_kinds {
    ($($(#[$doc:meta])* $name:ident = $slug:literal, $status:literal, $title:literal;)*) => {
        /// The kinds of problem. A kind has a stable slug, an HTTP status and a title.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ProblemKind { $($(#[$doc])* $name,)* }
        impl ProblemKind {
            /// Every kind, for docs and tests.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];
            /// The stable code that programs match on.
            pub const fn slug(self) -> &'static str { match self { $(Self::$name => $slug),* } }
            /// The HTTP status.
            pub const fn status(self) -> u16 { match self { $(Self::$name => $status),* } }
            /// A short title for people.
            pub const fn title(self) -> &'static str { match self { $(Self::$name => $title),* } }
            /// The kind that this slug names.
            pub fn parse(slug: &str) -> Option<Self> { match slug { $($slug => Some(Self::$name),)* _ => None } }
        }
    };
}

problem_kinds! {
    /// The request could not be read.
    Unreadable = "unreadable", 400, "The request cannot be read";
    /// Nobody is signed in.
    Unauthenticated = "unauthenticated", 401, "Who are you?";
    /// Name or password is wrong, or the account is locked.
    SignInFailed = "sign-in-failed", 401, "The name or the password is wrong";
    /// The password was checked too long ago for this.
    Reauthenticate = "reauthenticate", 401, "Is it still you?";
    /// Signed in, but not allowed.
    Forbidden = "forbidden", 403, "You may not do this";
    /// The profile of the API does not leave this to its designers.
    Fenced = "fenced", 403, "The API's profile does not allow this";
    /// A browser request that did not come from our own pages.
    CrossSite = "cross-site", 403, "The request came from another site";
    /// The platform's terms have to be accepted first.
    AgreementRequired = "agreement-required", 403, "The terms have to be accepted first";
    /// No such thing, or none that you may know of.
    NotFound = "not-found", 404, "There is no such thing";
    /// The method is not offered here.
    MethodNotAllowed = "method-not-allowed", 405, "This method is not offered here";
    /// The state does not allow the action.
    WrongState = "wrong-state", 409, "Not in this state";
    /// Somebody was faster.
    LostRace = "lost-race", 409, "Somebody was faster";
    /// A thing of this name or key exists already.
    Exists = "exists", 409, "It exists already";
    /// The thing is in use and cannot go.
    InUse = "in-use", 409, "It is in use";
    /// If-Match named another version.
    Stale = "stale", 412, "It has changed since you read it";
    /// The `Idempotency-Key` came with another request before.
    KeyReused = "key-reused", 422, "This key belongs to another request";
    /// A request with the same `Idempotency-Key` is still being carried out.
    KeyRunning = "key-running", 409, "The first request with this key still runs";
    /// The request with this `Idempotency-Key` was carried out, but its answer is not known any more.
    AnswerLost = "answer-lost", 409, "It was done, but its answer is lost";
    /// The body is larger than the limit.
    TooLarge = "too-large", 413, "The request is too large";
    /// The body's media type is not understood.
    MediaType = "media-type", 415, "The media type is not understood";
    /// Readable, but a value is wrong.
    Invalid = "invalid", 422, "A value is not valid";
    /// Too many tries.
    SlowDown = "slow-down", 429, "Too many tries";
    /// Our bug.
    Internal = "internal", 500, "Something went wrong on our side";
    /// Try again later.
    Unavailable = "unavailable", 503, "Try again later";
    /// Gateway: the call carries no credential.
    CredentialMissing = "credential-missing", 401, "The call carries no credential";
    /// Gateway: the credential is unknown or malformed.
    CredentialInvalid = "credential-invalid", 401, "The credential is not valid";
    /// Gateway: the credential or token has expired.
    CredentialExpired = "credential-expired", 401, "The credential has expired";
    /// Gateway: the credential was revoked or switched off.
    CredentialDisabled = "credential-disabled", 401, "The credential is switched off";
    /// Gateway: the API does not take this kind of credential.
    CredentialKind = "credential-kind", 401, "This API does not take this kind of credential";
    /// Gateway: more than one credential was sent.
    CredentialAmbiguous = "credential-ambiguous", 400, "The call carries more than one credential";
    /// Gateway: the client is disabled.
    ClientDisabled = "client-disabled", 403, "The client is disabled";
    /// Gateway: the client may not be used in this environment.
    WrongEnvironment = "wrong-environment", 403, "Not in this environment";
    /// Gateway: the app has no subscription to the API here.
    NotSubscribed = "not-subscribed", 403, "There is no subscription";
    /// Gateway: the subscription waits for a decision or for activation.
    SubscriptionPending = "subscription-pending", 403, "The subscription is not active yet";
    /// Gateway: the subscription is suspended.
    SubscriptionSuspended = "subscription-suspended", 403, "The subscription is suspended";
    /// Gateway: the subscription was rejected, cancelled or has expired.
    SubscriptionEnded = "subscription-ended", 403, "The subscription has ended";
    /// Gateway: the token lacks a scope.
    ScopeMissing = "scope-missing", 403, "A scope is missing";
    /// Gateway: nothing is published at this address.
    NoRoute = "no-route", 404, "Nothing is published here";
    /// Gateway: the version was retired.
    Retired = "retired", 410, "This version has been retired";
    /// Gateway: a window of the plan is used up.
    LimitExceeded = "limit-exceeded", 429, "A limit of the plan is used up";
    /// Gateway: the upstream could not be reached.
    UpstreamUnreachable = "upstream-unreachable", 502, "The upstream cannot be reached";
    /// Gateway: the upstream answered something unreadable.
    UpstreamBroken = "upstream-broken", 502, "The upstream's answer cannot be read";
    /// Gateway: the upstream took too long.
    UpstreamTimeout = "upstream-timeout", 504, "The upstream took too long";
}

macro_rules! faults {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// What is wrong with a field, as a stable code: programs match on it, and it is translated.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Fault { $($(#[$doc])* $name,)* }
        impl Fault {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];
            /// The code.
            pub const fn as_str(self) -> &'static str { match self { $(Self::$name => $text),* } }
        }
    };
}

faults! {
    /// The value is wrong in a way that only its detail tells.
    Invalid = "invalid",
    /// It must be there.
    Required = "required",
    /// There is no such member or parameter.
    Unknown = "unknown",
    /// It is of another JSON type, such as a text in the place of a number.
    Type = "type",
    /// It is not written as it must be: an address, a word for URLs, an instant.
    Format = "format",
    /// It is too long or too short, or holds characters that it may not hold.
    Length = "length",
    /// The number is too large or too small.
    Range = "range",
    /// It is none of the values there are.
    Choice = "choice",
    /// Somebody else has it.
    Taken = "taken",
    /// It stands there twice.
    Duplicate = "duplicate",
    /// It names something that does not exist, or that the caller may not know of.
    NotFound = "not_found",
    /// It exists and is well-formed, but may not be used here.
    NotAllowed = "not_allowed",
    /// The instant lies in the past.
    Past = "past",
}

/// What is wrong with one field of the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldProblem {
    /// A JSON pointer (RFC 6901) into the body, or the name of a parameter.
    pub pointer: String,
    /// What is wrong and how to mend it.
    pub detail: String,
    /// What is wrong, as a code.
    pub code: Fault,
}

impl FieldProblem {
    fn to_json(&self) -> Value {
        json!({"pointer": self.pointer, "code": self.code.as_str(), "detail": self.detail})
    }
}

/// An error with everything that its reader needs.
#[derive(Clone)]
pub struct Problem {
    /// Which kind.
    pub kind: ProblemKind,
    /// What happened here, for the person.
    pub detail: String,
    /// Which fields are wrong.
    pub fields: Vec<FieldProblem>,
    /// Further members of the answer, such as the actions that are allowed.
    pub extra: Map<String, Value>,
    /// The cause, for the log only. Never leaves the program.
    pub source: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

impl Problem {
    /// A problem of this kind.
    pub fn new(kind: ProblemKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), fields: Vec::new(), extra: Map::new(), source: None }
    }

    /// 404: there is no such thing, or none that the caller may know of.
    pub fn not_found(what: &str) -> Self {
        Self::new(ProblemKind::NotFound, format!("There is no such {what}, or none that you may see."))
    }

    /// A 404 about this instead of about something that it belongs to; any other problem as it is.
    #[must_use]
    pub fn instead(self, what: &str) -> Self {
        if self.kind == ProblemKind::NotFound { Self::not_found(what) } else { self }
    }

    /// A 404 as the 422 of a body that names what is not there; any other problem as it is.
    #[must_use]
    pub fn named_at(self, pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        if self.kind == ProblemKind::NotFound { Self::invalid(pointer, detail).code(Fault::NotFound) } else { self }
    }

    /// 403: the caller may not do this.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(ProblemKind::Forbidden, detail)
    }

    /// 422: the value at `pointer` is wrong.
    pub fn invalid(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        let mut problem = Self::new(ProblemKind::Invalid, detail.clone());
        problem.fields.push(FieldProblem { pointer: pointer.into(), detail, code: Fault::Invalid });
        problem
    }

    /// The same problem, with this code for the field that was named last.
    #[must_use]
    pub fn code(mut self, code: Fault) -> Self {
        if let Some(field) = self.fields.last_mut() {
            field.code = code;
        }
        self
    }

    /// Both problems in one: their fields together if both are about fields, else the one that is not.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        if self.kind != ProblemKind::Invalid {
            return self;
        }
        if other.kind != ProblemKind::Invalid {
            return other;
        }
        if !other.detail.is_empty() && !self.detail.contains(&other.detail) {
            self.detail = format!("{} {}", self.detail, other.detail);
        }
        self.fields.extend(other.fields);
        for (name, value) in other.extra {
            self.extra.entry(name).or_insert(value);
        }
        self
    }

    /// 500: our bug; `source` goes to the log.
    pub fn internal(source: impl std::error::Error + Send + Sync + 'static) -> Self {
        let mut problem = Self::new(ProblemKind::Internal, "The error was logged under the request id of this answer.");
        problem.source = Some(Arc::new(source));
        problem
    }

    /// The same problem with one more wrong field.
    #[must_use]
    pub fn field(mut self, pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        let code = if self.kind == ProblemKind::Exists { Fault::Taken } else { Fault::Invalid };
        self.fields.push(FieldProblem { pointer: pointer.into(), detail: detail.into(), code });
        self
    }

    /// The same problem about the field at `pointer`, in the words of its detail.
    #[must_use]
    pub fn at(self, pointer: impl Into<String>) -> Self {
        let detail = self.detail.clone();
        self.field(pointer, detail)
    }

    /// The same problem with one more member in its answer.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.extra.insert(name.to_owned(), value.into());
        self
    }

    /// The same problem with its cause, which goes to the log only.
    #[must_use]
    pub fn because(mut self, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        self.source = Some(Arc::new(source));
        self
    }

    /// The body of the answer: `application/problem+json`.
    pub fn to_json(&self) -> Value {
        let mut body = Map::new();
        body.insert("type".into(), json!(format!("/problems/{}", self.kind.slug())));
        body.insert("title".into(), json!(self.kind.title()));
        body.insert("status".into(), json!(self.kind.status()));
        body.insert("code".into(), json!(self.kind.slug()));
        body.insert("detail".into(), json!(self.detail));
        if !self.fields.is_empty() {
            let fields: Vec<Value> = self.fields.iter().map(FieldProblem::to_json).collect();
            body.insert("errors".into(), Value::Array(fields));
        }
        for (name, value) in &self.extra {
            body.entry(name.clone()).or_insert_with(|| value.clone());
        }
        Value::Object(body)
    }
}

impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.kind.status(), self.kind.slug(), self.detail)?;
        let mut source: Option<&dyn std::error::Error> = self.source.as_deref().map(|s| s as _);
        while let Some(cause) = source {
            write!(f, ": {cause}")?;
            source = cause.source();
        }
        Ok(())
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind.title(), self.detail)
    }
}

impl std::error::Error for Problem {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|s| s as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_unique_and_survive_their_text() {
        for kind in ProblemKind::ALL {
            assert_eq!(ProblemKind::parse(kind.slug()), Some(*kind));
        }
    }

    #[test]
    fn several_wrong_fields_are_one_problem_and_what_is_no_field_comes_first() {
        let wrong = |at: &str| Problem::invalid(at, format!("{at} is wrong.")).code(Fault::Length);
        let problem = wrong("/a").and(wrong("/b"));
        let named: Vec<_> = problem.fields.iter().map(|f| (f.pointer.as_str(), f.code)).collect();
        assert_eq!(named, [("/a", Fault::Length), ("/b", Fault::Length)]);
        assert_eq!(problem.detail, "/a is wrong. /b is wrong.");
        assert_eq!(problem.to_json()["errors"][1]["code"], "length");
        assert_eq!(wrong("/a").and(Problem::forbidden("no")).and(wrong("/b")).kind, ProblemKind::Forbidden);
    }

    #[test]
    fn the_cause_never_leaves_the_program() {
        let problem = Problem::internal(std::io::Error::other("disk on fire"));
        assert!(!problem.to_json().to_string().contains("disk"));
        assert!(format!("{problem:?}").contains("disk on fire"));
    }

    #[test]
    fn extra_members_cannot_replace_the_standard_ones() {
        let body = Problem::not_found("app").with("status", 200).to_json();
        assert_eq!(body["status"], 404);
    }
}
