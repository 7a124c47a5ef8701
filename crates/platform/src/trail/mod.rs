//! The audit trail: the change log as site administrators read it and, as far as it is about their own resources, those
//! who answer for an organization; its export and verification; and how far gateways have come.
//!
//! **Invariant:** it only reads what `store` keeps. Which entries are about an organization follows from the log alone:
//! the reader `trail` can make its tables anew from the first entry on.
//!
//! An entry is about the organizations that it touches, and about those that own what it touches. Where it is about one
//! through an app only, and about another too (somebody else's API), that organization sees it as the app's board shows
//! it: without other consumers and without what deciders say to one another.

mod export;
mod http;
mod ops;
mod rule;
mod scope;
mod sql;

pub use http::routes;
pub use scope::{READER, run};
