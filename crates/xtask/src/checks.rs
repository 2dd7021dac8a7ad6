//! `cargo xtask test`: all checks, in order of their cost.

use std::process::Command;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use xtask::browser::{Browser, CHROME_FLAGS, SOFTWARE_WEBGPU_FLAGS, ensure_software_vulkan};
use xtask::sh;
use xtask::tools::{WASM_BINDGEN, ensure_wasm_target};
use xtask::workspace::{FAST, WASM, Workspace, data_folder};

use crate::page;

/// A named check.
struct Step {
    name: &'static str,
    what: &'static str,
    run: fn(&Workspace) -> Result<()>,
}

const STEPS: [Step; 8] = [
    Step { name: "fmt", what: "formatting", run: fmt },
    Step { name: "clippy", what: "lints, native", run: clippy },
    Step { name: "clippy-wasm", what: "lints, WebAssembly", run: clippy_wasm },
    Step { name: "native", what: "unit tests, properties, goldens, shaders, crate graph", run: native },
    Step { name: "docs", what: "documentation, links in it", run: docs },
    Step { name: "browser", what: "unit tests inside Chromium", run: browser },
    Step { name: "page", what: "build of the page, size budgets", run: build_page },
    Step { name: "site", what: "tests of the built page in Chromium", run: site },
];

/// How many browsers run at a time.
const MOST_BROWSERS: usize = 4;
/// Packages that only make sense in a browser. `web` builds natively too, for the tests of its arithmetic.
const WASM_ONLY: [&str; 1] = ["worker"];
/// Packages that only make sense natively.
const NATIVE_ONLY: [&str; 3] = ["depthscope", "tests", "xtask"];

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
    sh::run(exclude(&mut command, &WASM_ONLY).args(["--", "--deny", "warnings"]))
}

/// The same lints for the code of page and worker, and a list of calls that compile for a browser but fail there.
fn clippy_wasm(workspace: &Workspace) -> Result<()> {
    ensure_wasm_target()?;
    let mut command = workspace.cargo();
    command.env("CLIPPY_CONF_DIR", workspace.root.join("crates/xtask/clippy_wasm"));
    command.args(["clippy", "--quiet", "--profile", FAST, "--target", WASM, "--workspace"]);
    sh::run(exclude(&mut command, &NATIVE_ONLY).args(["--", "--deny", "warnings"]))
}

fn native(workspace: &Workspace) -> Result<()> {
    ensure_software_vulkan()?;
    let tests = |arguments: &[&str]| {
        let mut command = workspace.cargo();
        command.args(["test", "--profile", FAST, "--workspace"]);
        exclude(&mut command, &[&WASM_ONLY[..], &["tests"]].concat()).args(arguments);
        command
    };
    // Two kinds of tests are ignored unless asked for: those on real data, and those that need a graphics adapter, which
    // there is now.
    match data_folder(&workspace.root)? {
        Some(folder) => sh::run(tests(&["--", "--include-ignored"]).env("DEPTHSCOPE_DATA", folder)),
        None => {
            println!("DEPTHSCOPE_DATA is not set: tests on real data are ignored.");
            sh::run(&mut tests(&[]))?;
            sh::run(&mut tests(&["--lib", "--tests", "--", "--ignored", "gpu_"]))
        }
    }
}

fn docs(workspace: &Workspace) -> Result<()> {
    let mut command = workspace.cargo();
    command.env("RUSTDOCFLAGS", "--deny warnings");
    command.args(["doc", "--quiet", "--profile", FAST, "--workspace", "--no-deps", "--document-private-items"]);
    sh::run(exclude(&mut command, &WASM_ONLY))
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
    let runner = WASM_BINDGEN.ensure()?.join("wasm-bindgen-test-runner");
    let mut command = workspace.cargo();
    command.args(["test", "--profile", FAST, "--target", WASM, "--test", "web"]);
    command.args(packages.iter().flat_map(|package| ["--package", package]));
    // The runner is this program again: it gives the real runner a folder with the browser's flags.
    command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", this_program()?);
    command.env(RUNNER, runner).env("CHROMEDRIVER", browser.driver);
    command.env("WASM_BINDGEN_TEST_TIMEOUT", "300").env("WASM_BINDGEN_TEST_ONLY_WEB", "1");
    command.env(RUNNER_FOLDER, webdriver_folder(workspace, &browser.chrome)?);
    sh::run(&mut command)
}

/// This program's file. The native tests build it anew, and Linux then names the one that runs `PATH (deleted)`; the new
/// one stands at the same path.
fn this_program() -> Result<String> {
    let path = std::env::current_exe()?.to_string_lossy().into_owned();
    Ok(path.strip_suffix(" (deleted)").map_or(path.clone(), str::to_owned))
}

/// Names the real test runner when cargo calls this program to run a test.
const RUNNER: &str = "DEPTHSCOPE_WASM_RUNNER";
/// Names the folder in which the real runner finds its `webdriver.json`.
const RUNNER_FOLDER: &str = "DEPTHSCOPE_WASM_RUNNER_FOLDER";

/// Runs one WASM test file if cargo called this program for that.
pub(crate) fn run_wasm_test(arguments: &[String]) -> Option<Result<()>> {
    let (runner, folder) = (std::env::var_os(RUNNER)?, std::env::var_os(RUNNER_FOLDER)?);
    let file = arguments.first().filter(|first| first.ends_with(".wasm"))?;
    let absolute = std::path::absolute(file).with_context(|| format!("the test {file} has no path"));
    Some(absolute.and_then(|file| sh::run(Command::new(runner).arg(file).args(&arguments[1..]).current_dir(folder))))
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

fn build_page(workspace: &Workspace) -> Result<()> {
    page::ensure_tools()?;
    let sizes = page::build(workspace, None)?;
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
    // Tests on real data are ignored where the page has none.
    if workspace.dist().join("packs/mnist-test.dsp").is_file() {
        command.args(["--", "--include-ignored"]);
    }
    sh::run(&mut command)
}

fn exclude<'a>(command: &'a mut Command, packages: &[&str]) -> &'a mut Command {
    command.args(packages.iter().flat_map(|package| ["--exclude", package]))
}
