//! Comparing.

use crate::cx::Platform;
use utoipa_axum::router::OpenApiRouter;

/// Routes.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
}
