//! A page for each kind of problem, so that the `type` address of every refusal answers.

use super::{frame, markdown};
use base::ProblemKind;
use maud::html;

/// Which of the two planes answers with a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Plane {
    Management,
    Gateway,
}

macro_rules! pages {
    ($($plane:ident { $($name:ident $slug:literal,)* })*) => {
        /// The plane and the text of a kind. Exhaustive: a new kind does not compile without its page.
        const fn entry(kind: ProblemKind) -> (Plane, &'static str) {
            match kind {
                $($(ProblemKind::$name =>
                    (Plane::$plane, include_str!(concat!("../../../../docs/problems/", $slug, ".md"))),)*)*
            }
        }
    };
}

pages! {
    Management {
    Unreadable "unreadable",
    Unauthenticated "unauthenticated",
    SignInFailed "sign-in-failed",
    Reauthenticate "reauthenticate",
    Forbidden "forbidden",
    Fenced "fenced",
    CrossSite "cross-site",
    AgreementRequired "agreement-required",
    NotFound "not-found",
    MethodNotAllowed "method-not-allowed",
    WrongState "wrong-state",
    LostRace "lost-race",
    Exists "exists",
    InUse "in-use",
    Stale "stale",
    KeyReused "key-reused",
    KeyRunning "key-running",
    AnswerLost "answer-lost",
    TooLarge "too-large",
    MediaType "media-type",
    Invalid "invalid",
    SlowDown "slow-down",
    Internal "internal",
    Unavailable "unavailable",
    }
    Gateway {
    CredentialMissing "credential-missing",
    CredentialInvalid "credential-invalid",
    CredentialExpired "credential-expired",
    CredentialDisabled "credential-disabled",
    CredentialKind "credential-kind",
    CredentialAmbiguous "credential-ambiguous",
    ClientDisabled "client-disabled",
    WrongEnvironment "wrong-environment",
    NotSubscribed "not-subscribed",
    SubscriptionPending "subscription-pending",
    SubscriptionSuspended "subscription-suspended",
    SubscriptionEnded "subscription-ended",
    ScopeMissing "scope-missing",
    NoRoute "no-route",
    Retired "retired",
    LimitExceeded "limit-exceeded",
    UpstreamUnreachable "upstream-unreachable",
    UpstreamBroken "upstream-broken",
    UpstreamTimeout "upstream-timeout",
    }
}

/// Whether the management API answers with this kind (the gateway's own kinds are those of calls).
pub fn of_management(kind: ProblemKind) -> bool {
    entry(kind).0 == Plane::Management
}

/// The page at `/problems/{slug}`: what the kind means, what to do and who can.
pub fn problem_page(kind: ProblemKind) -> String {
    let place = if of_management(kind) { "The management API" } else { "The gateway" };
    let main = html! {
        p.crumb { a href="/api/docs#problems" { "Problems" } " / " code { (kind.slug()) } }
        div.prose.problem {
            (markdown::render(entry(kind).1, 1))
            p.facts { (place) " answers this with status " code { (kind.status()) } " and code " code { (kind.slug()) } "." }
        }
    };
    frame::whole(kind.title(), &html! {}, &main)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn every_kind_has_a_page_that_says_why_what_to_do_and_who_can() {
        for kind in ProblemKind::ALL {
            let text = entry(*kind).1;
            assert!(text.starts_with(&format!("# {}\n", kind.title())), "{kind:?}");
            for heading in ["\n## Why\n", "\n## What to do\n", "\n## Who can\n", "\n## Example\n"] {
                assert!(text.contains(heading), "{kind:?} lacks {heading}");
            }
            let page = problem_page(*kind);
            assert!(page.contains(&format!("<code>{}</code>", kind.slug())), "{kind:?}");
            assert_eq!(page.matches("<h1>").count(), 1, "{kind:?}");
        }
    }

    #[test]
    fn the_example_on_a_page_is_an_answer_of_that_kind() {
        for kind in ProblemKind::ALL {
            let text = entry(*kind).1;
            let fenced = text.split("```json\n").nth(1).and_then(|rest| rest.split("```").next());
            let body: Value = serde_json::from_str(fenced.unwrap_or("")).unwrap();
            let wanted = base::Problem::new(*kind, "x").to_json();
            for member in ["title", "status", "code"] {
                assert_eq!(body[member], wanted[member], "{kind:?} {member}");
            }
            assert!(
                body["type"].as_str().is_some_and(|t| t.ends_with(&format!("/problems/{}", kind.slug()))),
                "{kind:?}"
            );
            assert!(body["detail"].as_str().is_some_and(|d| !d.is_empty()), "{kind:?}");
        }
    }
}
