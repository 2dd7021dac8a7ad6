//! The built page, served under a sub-folder, in a browser.

use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use xtask::server::{Server, Site};
use xtask::workspace::Workspace;

use crate::driver::{Driver, Options};

/// The sub-folder under which the page is served: it must work below any.
pub const MOUNT: &str = "/lab/";

/// The built folder.
#[must_use]
pub fn dist() -> PathBuf {
    Workspace::find().unwrap_or_else(|error| panic!("{error:#}")).dist()
}

/// The name of a built file by its start and end, between which stands a hash.
#[must_use]
#[track_caller]
pub fn built(start: &str, end: &str) -> String {
    let files = std::fs::read_dir(dist()).into_iter().flatten().flatten();
    let mut names = files.map(|file| file.file_name().to_string_lossy().into_owned());
    let found = names.find(|name| name.starts_with(start) && name.ends_with(end));
    found.unwrap_or_else(|| panic!("dist/ has no file {start}…{end}; run `cargo xtask build`"))
}

/// The name and the text of the script of a group's worker.
#[must_use]
#[track_caller]
pub fn worker(group: &str) -> (String, String) {
    let name = built(&format!("worker-{group}-"), ".js");
    let text = std::fs::read_to_string(dist().join(&name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    (name, text)
}

/// A browser at the served page. When it is dropped, the console must not have shown an error.
pub struct Lab {
    /// The browser.
    pub driver: Driver,
    server: Option<Server>,
    port: u16,
    /// Console errors that the test provokes: parts of their text.
    expected_errors: Vec<String>,
}

impl Lab {
    /// A browser at the served page, nothing opened yet.
    #[must_use]
    pub fn start() -> Self {
        Self::start_with(Options::default(), Site::default())
    }

    /// The same with options of the browser, and with pages of the test's own, or files missing, beside the built page.
    #[must_use]
    pub fn start_with(options: Options, mut site: Site) -> Self {
        let dist = dist();
        assert!(dist.join("index.html").is_file(), "there is no built page in dist/; run `cargo xtask build`");
        site.folders.insert(MOUNT.to_owned(), dist);
        let server = Server::start(site, 0).unwrap_or_else(|error| panic!("{error:#}"));
        let port = server.port;
        let driver = Driver::start(options);
        Self { driver, server: Some(server), port, expected_errors: Vec::new() }
    }

    /// Starts, opens `order-chaos/` with this query and waits until the worker has answered.
    #[must_use]
    #[track_caller]
    pub fn open(query: &str) -> Self {
        let lab = Self::start();
        lab.goto(&format!("order-chaos/{query}"));
        lab
    }

    /// Opens a path below the sub-folder and waits for page and worker.
    #[track_caller]
    pub fn goto(&self, path: &str) {
        self.driver.goto(&self.url(path));
        self.wait_until_ready();
    }

    /// The address of a path below the sub-folder.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}{MOUNT}{path}", self.origin())
    }

    /// The server's origin.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Waits for `<html data-ready="worker">`.
    #[track_caller]
    pub fn wait_until_ready(&self) {
        self.driver.wait_for("data-ready=worker", || {
            let ready = self.driver.run("return document.documentElement.dataset.ready", &[]);
            (ready == "worker").then_some(())
        });
    }

    /// Ends the server: from now on there is no network.
    pub fn cut_network(&mut self) {
        self.server = None;
    }

    /// Serves something else in the place of what was served, beside the built page, from the same origin.
    #[track_caller]
    pub fn serve(&mut self, mut site: Site) {
        self.server = None;
        site.folders.insert(MOUNT.to_owned(), dist());
        self.server = Some(Server::start(site, self.port).unwrap_or_else(|error| panic!("{error:#}")));
    }

    /// Console errors with this text are provoked by the test.
    pub fn expect_error(&mut self, part: &str) {
        self.expected_errors.push(part.to_owned());
    }

    /// The viewport in CSS pixels, at a pixel density.
    #[track_caller]
    pub fn set_viewport(&self, width: u32, height: u32, density: f64) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": density, "mobile": false });
        self.driver.devtools("Emulation.setDeviceMetricsOverride", &size);
    }

    /// What a media query such as `prefers-color-scheme` finds.
    #[track_caller]
    pub fn set_media(&self, feature: &str, value: &str) {
        let features = json!({ "features": [{ "name": feature, "value": value }] });
        self.driver.devtools("Emulation.setEmulatedMedia", &features);
    }

    /// Keeps a picture of the viewport in the folder that `DEPTHSCOPE_SCREENSHOTS` names, if any.
    #[track_caller]
    pub fn screenshot(&self, name: &str) {
        let Some(folder) = std::env::var_os("DEPTHSCOPE_SCREENSHOTS").map(PathBuf::from) else { return };
        std::fs::create_dir_all(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let file = folder.join(format!("{name}.png"));
        let png = STANDARD.decode(self.driver.screenshot_base64()).unwrap_or_else(|error| panic!("{name}: {error}"));
        std::fs::write(&file, png).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    }

    /// Console errors that the test did not provoke.
    #[must_use]
    pub fn errors(&self) -> Vec<String> {
        let is_expected = |text: &str| self.expected_errors.iter().any(|part| text.contains(part.as_str()));
        let console = self.driver.console();
        let severe = console.into_iter().filter(|(level, text)| level == "SEVERE" && !is_expected(text));
        severe.map(|(_, text)| text).collect()
    }

    /// The value of an expression in the page.
    #[must_use]
    #[track_caller]
    pub fn eval(&self, expression: &str) -> Value {
        self.driver.run(&format!("return ({expression})"), &[])
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.screenshot(&format!("failed-{}", std::thread::current().name().unwrap_or("test").replace("::", "-")));
            eprintln!("the console says {:#?}", self.driver.console());
            return;
        }
        let errors = self.errors();
        assert!(errors.is_empty(), "errors in the browser's console: {errors:#?}");
    }
}
