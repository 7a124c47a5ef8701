//! The fence of an API for its designers: what its profile leaves to them.

pub use crate::profile::{Act, Fence, Implementation as Kind, Overrides};

use crate::api::Api;
use crate::cx::Cx;
use crate::profile;
use base::Problem;
use store::Conn;

/// That of this API for the caller.
///
/// # Errors
/// Those of the database.
pub async fn of(cx: &Cx, conn: &mut Conn, api: &Api) -> Result<Fence, Problem> {
    profile::fence(cx, conn, api.profile.as_ref()).await
}
