//! `cargo xtask test`: all checks, in order of their cost.

use std::process::Command;
use std::time::Instant;

use anyhow::{Result, bail};
use xtask::browser::{
    Browser, CHROME_FLAGS, Firefox, SOFTWARE_WEBGPU_FLAGS, WebKit, can_install, ensure_software_vulkan,
};
use xtask::sh;
use xtask::tools::{ensure_wasm_target, fresh_folder};
use xtask::workspace::{FAST, WASM, Workspace, data_folder};

use crate::page;

/// A named check.
struct Step {
    name: &'static str,
    what: &'static str,
    run: fn(&Workspace) -> Result<()>,
}

const STEPS: [Step; 9] = [
    Step { name: "fmt", what: "formatting", run: fmt },
    Step { name: "clippy", what: "lints, native", run: clippy },
    Step { name: "clippy-wasm", what: "lints, WebAssembly", run: clippy_wasm },
    Step { name: "native", what: "unit tests, properties, goldens, shaders, crate graph", run: native },
    Step { name: "docs", what: "documentation, links in it", run: docs },
    Step { name: "browser", what: "unit tests inside Chromium", run: browser },
    Step { name: "page", what: "build of the page, size budgets", run: build_page },
    Step { name: "first-run", what: "the same with an empty home and cache", run: first_run },
    Step { name: "site", what: "tests of the built page in Chromium, Firefox and WebKit", run: site },
];

/// How many browsers run at a time.
const MOST_BROWSERS: usize = 4;
/// Packages that only make sense natively.
const NATIVE_ONLY: [&str; 4] = ["depthscope", "tests", "wasm-runner", "xtask"];

/// The names of all steps.
pub(crate) fn names() -> Vec<&'static str> {
    STEPS.iter().map(|step| step.name).collect()
}

/// Runs the named steps, or all, and stops at the first failure. A table of times comes at the end.
pub(crate) fn run(workspace: &Workspace, chosen: &[String]) -> Result<()> {
    if let Some(unknown) = chosen.iter().find(|name| !names().contains(&name.as_str())) {
        bail!("there is no step `{unknown}`; the steps are {}", names().join(", "));
    }
    let is_chosen = |step: &&Step| chosen.is_empty() || chosen.iter().any(|name| name == step.name);
    let mut table = Vec::new();
    let mut failure = None;
    for step in STEPS.iter().filter(is_chosen) {
        println!("\n== {}: {} ==", step.name, step.what);
        let start = Instant::now();
        let result = (step.run)(workspace);
        table.push(format!(
            "{:<12} {:>7.1} s  {}",
            step.name,
            start.elapsed().as_secs_f64(),
            if result.is_ok() { "ok" } else { "FAILED" }
        ));
        if let Err(error) = result {
            failure = Some((step.name, error));
            break;
        }
    }
    println!("\n{}", table.join("\n"));
    match failure {
        None => {
            println!("All checks passed.");
            Ok(())
        }
        Some((name, error)) => Err(error.context(format!("the step `{name}` failed"))),
    }
}

fn fmt(workspace: &Workspace) -> Result<()> {
    sh::run(workspace.cargo().args(["fmt", "--all", "--check"]))
}

fn clippy(workspace: &Workspace) -> Result<()> {
    let mut command = workspace.cargo();
    command.args(["clippy", "--quiet", "--profile", FAST, "--workspace", "--all-targets"]);
    sh::run(command.args(["--", "--deny", "warnings"]))
}

/// The same lints for the code of page and worker, and a list of calls that compile for a browser but fail there.
fn clippy_wasm(workspace: &Workspace) -> Result<()> {
    ensure_wasm_target()?;
    let mut command = workspace.cargo();
    command.env("CLIPPY_CONF_DIR", workspace.root.join("crates/xtask/clippy_wasm"));
    command.args(["clippy", "--quiet", "--profile", FAST, "--target", WASM, "--workspace"]);
    sh::run(exclude(&mut command, &NATIVE_ONLY).args(["--", "--deny", "warnings"]))
}

/// What the names of tests against PyTorch begin with.
const PYTORCH: &str = "pytorch_";

fn native(workspace: &Workspace) -> Result<()> {
    ensure_software_vulkan()?;
    let tests = |arguments: &[&str]| {
        let mut command = workspace.cargo();
        command.args(["test", "--profile", FAST, "--workspace"]);
        exclude(&mut command, &["tests"]).args(arguments);
        command
    };
    // Three kinds of tests are ignored unless asked for: those on real data, those that need a graphics adapter, which
    // there is now, and those against PyTorch.
    match data_folder(&workspace.root)? {
        Some(folder) => {
            sh::run(tests(&["--", "--include-ignored", "--skip", PYTORCH]).env("DEPTHSCOPE_DATA", folder))?;
        }
        None => {
            println!("DEPTHSCOPE_DATA is not set: tests on real data are ignored.");
            sh::run(&mut tests(&[]))?;
            sh::run(&mut tests(&["--lib", "--tests", "--", "--ignored", "gpu_"]))?;
        }
    }
    let mut against_pytorch = workspace.cargo();
    against_pytorch.args(["test", "--profile", FAST, "--package", "training", "--test", "files", PYTORCH]);
    if std::env::var_os("DEPTHSCOPE_PYTHON").is_some() {
        against_pytorch.args(["--", "--ignored"]);
    } else {
        println!("DEPTHSCOPE_PYTHON names no Python with PyTorch: the test against it is ignored.");
    }
    sh::run(&mut against_pytorch)
}

fn docs(workspace: &Workspace) -> Result<()> {
    let mut command = workspace.cargo();
    command.env("RUSTDOCFLAGS", "--deny warnings");
    command.args(["doc", "--quiet", "--profile", FAST, "--workspace", "--no-deps", "--document-private-items"]);
    // The workers' binaries have no documentation, and are called as other crates are.
    sh::run(exclude(&mut command, &["worker"]))?;
    let mut command = workspace.cargo();
    command.env("RUSTDOCFLAGS", "--deny warnings");
    command.args(["doc", "--quiet", "--profile", FAST, "--package", "worker", "--lib", "--no-deps"]);
    sh::run(command.arg("--document-private-items"))
}

/// Tests by `wasm-bindgen-test`: `tests/web.rs` of the packages that depend on it. Nothing else of them is built:
/// examples and other tests are native.
fn browser(workspace: &Workspace) -> Result<()> {
    let packages = workspace.packages_developed_with("wasm-bindgen-test");
    if packages.is_empty() {
        println!("No package has tests by wasm-bindgen-test.");
        return Ok(());
    }
    ensure_wasm_target()?;
    let browser = Browser::ensure()?;
    let runner = workspace.build_native_of("wasm-runner")?;
    let mut command = workspace.cargo();
    command.args(["test", "--profile", FAST, "--target", WASM, "--test", "web"]);
    command.args(packages.iter().flat_map(|package| ["--package", package]));
    command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner).env("CHROMEDRIVER", browser.driver);
    command.env("WASM_BINDGEN_TEST_TIMEOUT", "300").env("WASM_BINDGEN_TEST_ONLY_WEB", "1");
    command.env("DEPTHSCOPE_WEBDRIVER", webdriver_folder(workspace, &browser.chrome)?);
    sh::run(&mut command)
}

fn webdriver_folder(workspace: &Workspace, chrome: &std::path::Path) -> Result<std::path::PathBuf> {
    let folder = workspace.target.join("webdriver");
    std::fs::create_dir_all(&folder)?;
    let flags: Vec<&str> =
        CHROME_FLAGS.into_iter().filter(|flag| *flag != "--disable-gpu").chain(SOFTWARE_WEBGPU_FLAGS).collect();
    let capabilities = serde_json::json!({ "goog:chromeOptions": { "binary": chrome, "args": flags } });
    std::fs::write(folder.join("webdriver.json"), capabilities.to_string())?;
    Ok(folder)
}

/// What a person does first on a machine where nothing was ever kept, but for what is compiled: `cargo xtask data` and `build`.
fn first_run(workspace: &Workspace) -> Result<()> {
    let home = workspace.target.join("first-run");
    let packs = workspace.packs();
    fresh_folder(&home)?;
    for arguments in [&["data", "--no-download"][..], &["build"]] {
        let mut command = Command::new(this_program()?);
        command.args(arguments).current_dir(&workspace.root);
        // Neither is there yet.
        command.env("HOME", home.join("home")).env("XDG_CACHE_HOME", home.join("cache"));
        // These lie in the home of whoever has Rust.
        for (variable, folder) in [("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup")] {
            if let (None, Some(home)) = (std::env::var_os(variable), std::env::home_dir()) {
                command.env(variable, home.join(folder));
            }
        }
        sh::run(&mut command)?;
    }
    if !packs.join("index.json").is_file() {
        bail!("`cargo xtask data` has left no list of packs");
    }
    Ok(())
}

/// This program's file. The native tests build it anew, and Linux then names the one that runs `PATH (deleted)`; the new
/// one stands at the same path.
fn this_program() -> Result<String> {
    let path = std::env::current_exe()?.to_string_lossy().into_owned();
    Ok(path.strip_suffix(" (deleted)").map_or(path.clone(), str::to_owned))
}

fn build_page(workspace: &Workspace) -> Result<()> {
    let sizes = page::build(workspace, page::Options::default())?;
    sizes.print();
    let exceeded = sizes.exceeded();
    if !exceeded.is_empty() {
        bail!("{}", exceeded.join("; "));
    }
    Ok(())
}

fn site(workspace: &Workspace) -> Result<()> {
    if !workspace.dist().join("index.html").is_file() {
        bail!("there is no built page in dist/; run `cargo xtask test page site`");
    }
    let browser = Browser::ensure()?;
    let binary = workspace.build_native()?;
    let mut command = workspace.cargo();
    command.args(["test", "--profile", FAST, "--package", "tests"]);
    command.env("CHROME", browser.chrome).env("CHROMEDRIVER", browser.driver).env("DEPTHSCOPE_BINARY", binary);
    // Each test has a browser of its own, which is busy with more than one thread.
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(MOST_BROWSERS);
    command.env("RUST_TEST_THREADS", threads.to_string());
    command.arg("--");
    // Tests on real data are ignored where the page has none.
    if workspace.dist().join("packs/mnist-test.dsp").is_file() {
        command.arg("--include-ignored");
    }
    // Before the tests, which would install them side by side.
    if let Err(error) = Firefox::ensure().and_then(|_| WebKit::ensure()) {
        if can_install() {
            return Err(error);
        }
        println!("{error:#} The tests in other browsers than Chromium are left out.");
        command.args(["--skip", "browsers::"]);
    }
    sh::run(&mut command)
}

fn exclude<'a>(command: &'a mut Command, packages: &[&str]) -> &'a mut Command {
    command.args(packages.iter().flat_map(|package| ["--exclude", package]))
}
