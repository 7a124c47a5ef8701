//! The one home of randomness: the operating system's generator through aws-lc-rs.

/// Fills an array with random bytes.
///
/// # Panics
/// Only if the operating system has no randomness to give, which no caller can mend.
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut out = [0u8; N];
    #[expect(clippy::expect_used, reason = "a machine without randomness must not go on")]
    aws_lc_rs::rand::fill(&mut out).expect("the operating system gives random bytes");
    out
}
