//! Chooses what is embedded as the console: what `cargo xtask console` has built, or else a page that says how to build it.
//! It never runs npm.
//!
//! Only release builds embed the console: others read `console/dist` while they run (see `console.rs`), so that building the
//! console anew needs no Rust build, and a test program shows what lies there now.

use std::path::Path;

#[expect(clippy::disallowed_methods, reason = "cargo tells a build script about the build by the environment only")]
fn main() {
    println!("cargo:rustc-check-cfg=cfg(console_is_built)");
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=placeholder");
    if std::env::var("PROFILE").as_deref() != Ok("release") {
        return;
    }
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../console/dist");
    // Where there is none yet Cargo looks again at every build, for a folder that is missing counts as changed.
    println!("cargo:rerun-if-changed={}", dist.display());
    if dist.join("index.html").is_file() {
        println!("cargo:rustc-cfg=console_is_built");
    }
}
