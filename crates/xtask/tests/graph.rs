//! The invariants of ARCHITECTURE.md that the dependency graph and the sources show.

use std::path::{Path, PathBuf};

use serde_json::Value;
use xtask::sh;
use xtask::workspace::{WASM, Workspace};

/// Arrows point from a higher layer to a lower one, never along a layer or up. A new crate gets a layer here.
const LAYERS: [(&str, u32); 18] = [
    ("random", 0),
    ("theory", 0),
    ("data", 1),
    ("nets", 2),
    ("kernels", 2),
    ("exhibit", 2),
    ("figures", 2),
    ("protocol", 3),
    ("training", 3),
    ("exhibits", 5),
    ("bench", 6),
    ("reader", 7),
    ("web", 7),
    ("worker", 7),
    ("depthscope", 7),
    ("xtask", 7),
    ("wasm-runner", 7),
    ("tests", 8),
];

/// Who may name a crate in its manifest. What is not listed here is free.
const ONLY: [(&str, &[&str]); 16] = [
    ("candle-core", &["nets"]),
    ("candle-nn", &["nets"]),
    ("wgpu", &["kernels"]),
    ("naga", &["kernels"]),
    ("leptos", &["web"]),
    ("plotters-canvas", &["web"]),
    ("web-sys", &["web", "worker"]),
    ("js-sys", &["reader", "web", "worker"]),
    ("wasm-bindgen", &["reader", "web", "worker"]),
    ("wasm-bindgen-futures", &["web", "worker"]),
    ("wasm-bindgen-cli-support", &["xtask"]),
    ("wasm-bindgen-cli", &["wasm-runner"]),
    ("clap", &["depthscope"]),
    ("axum", &["xtask"]),
    ("tokio", &["xtask"]),
    ("tower-http", &["xtask"]),
];

/// What computes without a browser, a device, a clock or a global generator, with all that it links.
const PURE: [&str; 2] = ["theory", "random"];
/// All that a pure crate may link: arithmetic, its errors, and what finds the widest instructions for it.
const PURE_MAY_LINK: [&str; 17] = [
    "libm",
    "thiserror",
    "thiserror-impl",
    "proc-macro2",
    "quote",
    "syn",
    "unicode-ident",
    "bytemuck",
    "pulp",
    "pulp-wasm-simd-flag",
    "num-complex",
    "num-traits",
    "raw-cpuid",
    "reborrow",
    "bitflags",
    "cfg-if",
    "paste",
];

fn packages(workspace: &Workspace) -> Vec<(&str, &Value)> {
    let all = workspace.metadata["packages"].as_array().expect("cargo metadata names it");
    all.iter().map(|package| (package["name"].as_str().expect("cargo metadata names it"), package)).collect()
}

/// Names of a package's dependencies, without those of its tests.
fn named(package: &Value, with_tests: bool) -> impl Iterator<Item = &str> {
    let all = package["dependencies"].as_array().expect("cargo metadata names it").iter();
    all.filter(move |d| with_tests || d["kind"] != "dev").map(|d| d["name"].as_str().expect("cargo metadata names it"))
}

/// Names of everything that a package links on a target.
fn linked(workspace: &Workspace, package: &str, target: &str) -> Vec<String> {
    let mut command = workspace.cargo();
    command.args(["tree", "--quiet", "--edges", "normal", "--prefix", "none", "--format", "{p}"]);
    command.args(["--package", package, "--target", target]);
    let tree = sh::output(&mut command).expect("cargo tree runs");
    let mut names: Vec<String> =
        tree.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect();
    names.sort();
    names.dedup();
    assert!(names.iter().any(|name| name == package), "cargo tree did not list {package}: {tree}");
    names
}

#[test]
fn arrows_point_one_way() {
    let workspace = Workspace::find().unwrap();
    let layer = |name: &str| LAYERS.iter().find(|(known, _)| *known == name).map(|(_, layer)| *layer);
    let packages = packages(&workspace);
    let mut checked = 0;
    for (name, package) in &packages {
        let from = layer(name).unwrap_or_else(|| panic!("the crate {name} has no layer; give it one here"));
        for dependency in named(package, false).filter(|d| packages.iter().any(|(known, _)| known == d)) {
            let to = layer(dependency).unwrap_or_else(|| panic!("the crate {dependency} has no layer"));
            // The tests of the page use the server and the tools of xtask.
            assert!(to < from, "{name} (layer {from}) depends on {dependency} (layer {to})");
            checked += 1;
        }
    }
    assert!(checked >= 8, "only {checked} arrows were found");
}

#[test]
fn a_library_is_named_only_where_it_belongs() {
    let workspace = Workspace::find().unwrap();
    for (name, package) in packages(&workspace) {
        for dependency in named(package, true) {
            if let Some((_, allowed)) = ONLY.iter().find(|(library, _)| *library == dependency) {
                assert!(allowed.contains(&name), "{name} names {dependency}, which is for {}", allowed.join(", "));
            }
        }
    }
}

#[test]
fn theory_and_random_link_nothing_but_arithmetic() {
    let workspace = Workspace::find().unwrap();
    for package in PURE {
        for target in [WASM, "x86_64-unknown-linux-gnu"] {
            for name in linked(&workspace, package, target) {
                let is_known = PURE.contains(&name.as_str()) || PURE_MAY_LINK.contains(&name.as_str());
                assert!(is_known, "{package} links {name} on {target}");
            }
        }
    }
}

/// `std` has them without any dependency.
#[test]
fn theory_and_random_know_no_clock_thread_file_or_environment() {
    let root = Workspace::find().unwrap().root;
    for package in PURE {
        let sources = rust_files(&root.join("crates").join(package).join("src"));
        assert!(!sources.is_empty(), "{package} has no sources");
        for source in sources {
            let text = std::fs::read_to_string(&source).unwrap();
            for banned in ["std::time", "std::thread", "std::fs", "std::env", "std::io", "std::net", "std::process"] {
                assert!(!text.contains(banned), "{} names {banned}", source.display());
            }
        }
    }
}

#[test]
fn the_page_links_neither_candle_nor_wgpu_nor_any_mathematics() {
    let workspace = Workspace::find().unwrap();
    for name in linked(&workspace, "web", WASM) {
        let heavy = ["candle-core", "candle-nn", "gemm", "wgpu", "naga", "nets", "kernels", "theory", "data", "bench"];
        assert!(!heavy.contains(&name.as_str()), "the page links {name}");
    }
}

#[test]
fn the_worker_and_the_binary_link_no_page() {
    let workspace = Workspace::find().unwrap();
    for (package, target) in [("worker", WASM), ("depthscope", "x86_64-unknown-linux-gnu")] {
        for name in linked(&workspace, package, target) {
            assert!(!["leptos", "plotters-canvas", "web"].contains(&name.as_str()), "{package} links {name}");
        }
    }
}

/// Exhibits never read a clock: the seed and the controls are all their inputs.
#[test]
fn exhibits_and_nets_know_no_clock_no_files_and_no_browser() {
    let root = Workspace::find().unwrap().root;
    for package in ["exhibit", "exhibits", "nets", "figures", "protocol", "data"] {
        for source in rust_files(&root.join("crates").join(package).join("src")) {
            let text = std::fs::read_to_string(&source).unwrap();
            for banned in ["std::time::", "std::fs", "web_sys::", "js_sys::", "leptos::", "std::thread::sleep"] {
                assert!(!text.contains(banned), "{} names {banned}", source.display());
            }
        }
    }
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.expect("the folder can be listed").path());
    paths
        .flat_map(|path| match path.is_dir() {
            true => rust_files(&path),
            false => vec![path],
        })
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}
