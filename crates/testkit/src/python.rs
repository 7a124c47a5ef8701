//! Where the programs of others are that the tests talk to.

use std::path::PathBuf;

/// Names the Python that has them.
const VARIABLE: &str = "WAYLEAVE_TEST_PYTHON";

/// The Python that has what `scripts/python/requirements.txt` names; `None`: the tests use what the test kit has of its own.
pub fn python() -> Option<PathBuf> {
    std::env::var_os(VARIABLE).filter(|path| !path.is_empty()).map(PathBuf::from)
}
