//! A browser under test, whichever it is: what the tests ask of it, blocking.

mod bidi;
mod http;
mod process;

use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use xtask::browser::{Browser, CHROME_FLAGS, Firefox, SOFTWARE_WEBGPU_FLAGS, WebKit};

use bidi::Bidi;
use http::Http;
use process::{Processes, Says};

/// How long anything may take before a test gives up; far above what is usual, as a loaded machine is slow.
const PATIENCE: Duration = Duration::from_secs(120);

/// Which browser.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// By ChromeDriver.
    #[default]
    Chromium,
    /// By WebDriver BiDi.
    Firefox,
    /// GTK's, by WebKitWebDriver on a virtual screen.
    WebKit,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Chromium, Self::Firefox, Self::WebKit];
}

/// How the browser is started.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Which one.
    pub kind: Kind,
    /// With WebGPU on a software adapter, in Chromium.
    pub software_webgpu: bool,
}

/// A browser with one tab; it ends when this is dropped.
pub struct Driver {
    kind: Kind,
    session: Session,
}

enum Session {
    Http(Http),
    Bidi(Box<Bidi>),
}

impl Driver {
    /// Starts it.
    #[must_use]
    #[track_caller]
    pub fn start(options: Options) -> Self {
        let session = match options.kind {
            Kind::Chromium => Session::Http(chromium(options.software_webgpu)),
            Kind::Firefox => Session::Bidi(Box::new(firefox())),
            Kind::WebKit => Session::Http(webkit()),
        };
        Self { kind: options.kind, session }
    }

    /// Opens an address and waits for its load event.
    #[track_caller]
    pub fn goto(&self, url: &str) {
        match &self.session {
            Session::Http(http) => drop(http.post("/url", &json!({ "url": url }))),
            Session::Bidi(bidi) => bidi.goto(url),
        }
    }

    /// Runs the body of a function in the page, or in the frame that was entered, and returns what it returns; a
    /// promise is awaited.
    #[track_caller]
    pub fn run(&self, body: &str, arguments: &[Value]) -> Value {
        match &self.session {
            Session::Http(http) => http.post("/execute/sync", &json!({ "script": body, "args": arguments })),
            Session::Bidi(bidi) => bidi.run(body, arguments),
        }
    }

    /// Runs a script in each document before all others, in Chromium and Firefox.
    #[track_caller]
    pub fn before_all(&self, body: &str) {
        match &self.session {
            Session::Bidi(bidi) => bidi.before_all(body),
            Session::Http(_) => {
                self.devtools("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": body }));
            }
        }
    }

    /// Runs a command of the Chrome DevTools protocol.
    #[track_caller]
    pub fn devtools(&self, command: &str, parameters: &Value) -> Value {
        self.http().post("/goog/cdp/execute", &json!({ "cmd": command, "params": parameters }))
    }

    /// Enters the iframe that a selector finds.
    #[track_caller]
    pub fn enter_frame(&self, selector: &str) {
        let element = self.http().post("/element", &json!({ "using": "css selector", "value": selector }));
        self.http().post("/frame", &json!({ "id": element }));
    }

    /// Back to the page from an iframe.
    #[track_caller]
    pub fn leave_frame(&self) {
        self.http().post("/frame", &json!({ "id": null }));
    }

    /// Presses the button of a mouse at the first point (CSS pixels in the viewport), moves over the others and
    /// releases it at the last.
    #[track_caller]
    pub fn drag(&self, points: &[(f64, f64)]) {
        let move_to = |&(x, y): &(f64, f64)| json!({ "type": "pointerMove", "duration": 20, "x": x.round() as i64, "y": y.round() as i64 });
        let mut actions: Vec<Value> = points.first().map(move_to).into_iter().collect();
        actions.push(json!({ "type": "pointerDown", "button": 0 }));
        actions.extend(points.iter().skip(1).map(move_to));
        actions.push(json!({ "type": "pointerUp", "button": 0 }));
        self.point(&actions);
    }

    /// Presses and releases keys one after the other: characters, or the code points of WebDriver (`\u{E014}` is the
    /// right arrow).
    #[track_caller]
    pub fn press(&self, keys: &str) {
        self.keys(keys.chars().flat_map(|key| [("keyDown", key), ("keyUp", key)]));
    }

    /// Presses a key while a modifier is held.
    #[track_caller]
    pub fn press_with(&self, modifier: char, key: char) {
        self.keys([("keyDown", modifier), ("keyDown", key), ("keyUp", key), ("keyUp", modifier)]);
    }

    #[track_caller]
    fn keys(&self, actions: impl IntoIterator<Item = (&'static str, char)>) {
        let actions = actions.into_iter().map(|(kind, key)| json!({ "type": kind, "value": key.to_string() }));
        self.perform(&json!({ "type": "key", "id": "keyboard", "actions": actions.collect::<Vec<_>>() }));
    }

    /// Clicks twice at a point.
    #[track_caller]
    pub fn double_click(&self, (x, y): (f64, f64)) {
        let button = |kind: &str| json!({ "type": kind, "button": 0 });
        let mut actions = vec![json!({ "type": "pointerMove", "x": x.round() as i64, "y": y.round() as i64 })];
        actions.extend(["pointerDown", "pointerUp", "pointerDown", "pointerUp"].map(button));
        self.point(&actions);
    }

    #[track_caller]
    fn point(&self, actions: &[Value]) {
        let parameters = json!({ "pointerType": "mouse" });
        self.perform(&json!({ "type": "pointer", "id": "mouse", "parameters": parameters, "actions": actions }));
    }

    #[track_caller]
    fn perform(&self, source: &Value) {
        match &self.session {
            Session::Http(http) => drop(http.post("/actions", &json!({ "actions": [source] }))),
            Session::Bidi(bidi) => bidi.perform(source),
        }
    }

    /// Opens another tab in front, and comes back after a while.
    #[track_caller]
    pub fn leave_tab_for(&self, while_away: Duration) {
        let http = self.http();
        let here = http.request("GET", "/window", None);
        let other = http.post("/window/new", &json!({ "type": "tab" }))["handle"].take();
        http.post("/window", &json!({ "handle": other }));
        std::thread::sleep(while_away);
        http.request("DELETE", "/window", None);
        http.post("/window", &json!({ "handle": here }));
    }

    /// The picture of the viewport, as PNG in base 64.
    #[must_use]
    #[track_caller]
    pub fn screenshot_base64(&self) -> String {
        match &self.session {
            Session::Http(http) => http.request("GET", "/screenshot", None).as_str().unwrap_or_default().to_owned(),
            Session::Bidi(bidi) => bidi.screenshot_base64(),
        }
    }

    /// Console entries since the last call: level and text; none from WebKit, which does not tell.
    #[must_use]
    #[track_caller]
    pub fn console(&self) -> Vec<(String, String)> {
        match &self.session {
            Session::Http(http) if self.kind == Kind::Chromium => http.console(),
            Session::Http(_) => Vec::new(),
            Session::Bidi(bidi) => bidi.console(),
        }
    }

    /// Asks again and again until there is an answer; `what` completes "waited in vain for".
    #[track_caller]
    pub fn wait_for<T>(&self, what: &str, ask: impl FnMut() -> Option<T>) -> T {
        self.wait_for_or(ask, || what.to_owned())
    }

    /// The same with words that are made when the wait was in vain.
    #[track_caller]
    pub fn wait_for_or<T>(&self, mut ask: impl FnMut() -> Option<T>, what: impl FnOnce() -> String) -> T {
        let start = Instant::now();
        loop {
            if let Some(answer) = ask() {
                return answer;
            }
            if start.elapsed() > PATIENCE {
                panic!("waited in vain for {}; the console says {:#?}", what(), self.console());
            }
            std::thread::sleep(Duration::from_millis(30));
        }
    }

    #[track_caller]
    fn http(&self) -> &Http {
        match &self.session {
            Session::Http(http) => http,
            Session::Bidi(_) => panic!("Firefox is not asked for that"),
        }
    }
}

#[track_caller]
fn chromium(software_webgpu: bool) -> Http {
    let browser = Browser::ensure().unwrap_or_else(|error| panic!("{error:#}"));
    let mut processes = Processes::new();
    let port = processes.start(Command::new(browser.driver).arg("--port=0"), Says::Output, |line| {
        line.split("successfully on port ").nth(1)?.trim_end_matches('.').parse().ok()
    });
    let mut flags: Vec<String> = CHROME_FLAGS.iter().map(|&flag| flag.to_owned()).collect();
    if software_webgpu {
        flags.retain(|flag| flag != "--disable-gpu");
        flags.extend(SOFTWARE_WEBGPU_FLAGS.map(str::to_owned));
    }
    flags.push(format!("--user-data-dir={}", processes.profile.display()));
    flags.push("--window-size=1280,800".to_owned());
    let capabilities = json!({
        "browserName": "chrome",
        "timeouts": { "script": PATIENCE.as_millis() as u64, "pageLoad": PATIENCE.as_millis() as u64 },
        "goog:chromeOptions": { "binary": browser.chrome, "args": flags },
        "goog:loggingPrefs": { "browser": "ALL" },
    });
    Http::start(processes, port, &capabilities)
}

#[track_caller]
fn firefox() -> Bidi {
    let firefox = Firefox::ensure().unwrap_or_else(|error| panic!("{error:#}"));
    let mut processes = Processes::new();
    firefox.prepare(&processes.profile).unwrap_or_else(|error| panic!("{error:#}"));
    let mut command = Command::new(firefox.program);
    command.args(["--headless", "--no-remote", "--remote-debugging-port=0", "--profile"]).arg(&processes.profile);
    let port = processes.start(&mut command, Says::Errors, |line| {
        line.split("BiDi listening on ws://").nth(1)?.rsplit(':').next()?.parse().ok()
    });
    Bidi::start(processes, port)
}

#[track_caller]
fn webkit() -> Http {
    let webkit = WebKit::ensure().unwrap_or_else(|error| panic!("{error:#}"));
    let mut processes = Processes::new();
    let screen = ["-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp"];
    let display: String =
        processes.start(Command::new(webkit.screen).args(screen), Says::Output, |line| Some(format!(":{line}")));
    // The driver does not say on which port it listens; this one is free now.
    let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr());
    let port = port.unwrap_or_else(|error| panic!("no port is free: {error}")).port();
    let mut command = Command::new(webkit.driver);
    command.arg(format!("--port={port}")).env("DISPLAY", display).env("GDK_BACKEND", "x11");
    // Without a graphics device, and without the desktop's bus.
    command.envs([("WEBKIT_DISABLE_DMABUF_RENDERER", "1"), ("LIBGL_ALWAYS_SOFTWARE", "1"), ("NO_AT_BRIDGE", "1")]);
    processes.start_silent(&mut command, port);
    let options = json!({ "binary": webkit.browser, "args": ["--automation"] });
    let limits = json!({ "script": PATIENCE.as_millis() as u64, "pageLoad": PATIENCE.as_millis() as u64 });
    Http::start(processes, port, &json!({ "webkitgtk:browserOptions": options, "timeouts": limits }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_opened_dragged_typed_into_and_asked() {
        let driver = Driver::start(Options::default());
        let page = "<style>*{margin:0}</style><input type=range style='width:200px' id=a><input id=b>
            <script>window.inputs = 0; a.oninput = () => inputs++; console.error('an error')</script>";
        driver.goto(&format!("data:text/html,{page}"));
        driver.drag(&[(100.0, 8.0), (120.0, 8.0), (190.0, 8.0)]);
        assert!(driver.run("return inputs", &[]).as_u64() >= Some(2), "a drag is more than one input");
        assert!(driver.run("return +a.value", &[]).as_f64() > Some(90.0));
        driver.run("b.focus()", &[]);
        driver.press("1.5");
        assert_eq!(driver.run("return b.value", &[]), "1.5");
        assert_eq!(driver.run("return new Promise(r => setTimeout(() => r(arguments[0]), 1))", &[json!(7)]), 7);
        let console = driver.console();
        assert!(console.iter().any(|(level, text)| level == "SEVERE" && text.contains("an error")), "{console:?}");
    }
}
