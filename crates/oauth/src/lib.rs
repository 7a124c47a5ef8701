//! OAuth 2 and OpenID Connect as a protocol: messages are read, checked and written here.
//!
//! **Invariant:** no I/O, no async, no database and no HTTP server. Time is an argument, expiry is checked against
//! it and never against a library's own clock. What a client or token *may* do is decided by the caller; this crate
//! decides what the bytes say and which error the specifications demand for bad ones.
//!
//! | Module | What | Source |
//! |---|---|---|
//! | [`error`] | the error answers of all endpoints | RFC 6749 sections 4.1.2.1 and 5.2, RFC 7009, RFC 8707 |
//! | [`token`] | token, introspection and revocation requests and answers | RFC 6749, RFC 7662, RFC 7009 |
//! | [`jose`] | keys, JWT access tokens, JWKS | RFC 7515, 7517, 7518, 7519, 7638, 8725, 9068 |
//! | [`metadata`] | the discovery documents | RFC 8414, OpenID Connect Discovery 1.0 |
//! | [`bearer`] | the `Authorization` header and its challenges | RFC 6750 |
//! | [`pkce`] | proof key for code exchange | RFC 7636 |

pub mod bearer;
pub mod error;
pub mod jose;
pub mod metadata;
pub mod pkce;
pub mod token;
