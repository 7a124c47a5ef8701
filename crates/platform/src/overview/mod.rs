//! What the pages of a console show of several nouns at once: resources with the names, numbers and actions around them,
//! the pulse that says whether anything has changed, and the quick start.
//!
//! **Invariant:** nothing is stored and nothing is decided here; what the caller may not see is left out.

mod agreement;
mod api;
mod app;
mod candidate;
mod client;
mod organization;
mod people;
mod plan;
mod profile;
mod pulse;
mod quickstart;
mod task;

pub use plan::{readable_limit_group, readable_plan};
pub use profile::standing as standing_to_profiles;

use crate::cx::Platform;
use utoipa_axum::router::OpenApiRouter;

/// Everything that is shown here.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .merge(agreement::routes())
        .merge(api::routes())
        .merge(app::routes())
        .merge(candidate::routes())
        .merge(client::routes())
        .merge(organization::routes())
        .merge(task::routes())
        .merge(people::routes())
        .merge(plan::routes())
        .merge(profile::routes())
        .merge(pulse::routes())
        .merge(quickstart::routes())
}
