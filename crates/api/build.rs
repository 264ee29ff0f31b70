//! Sees to it that a release holds the dashboard that lies there. `rust-embed` takes files up when
//! the crate is compiled, and cargo does not know of files that come with a new build of `web/`.

fn main() {
    // A debug build reads them from the disk at each request, and need not be made anew.
    let is_release = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    println!("cargo::rerun-if-changed={}", if is_release { "../../web/dist" } else { "build.rs" });
}
