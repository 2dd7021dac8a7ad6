//! A WebDriver client: what ChromeDriver is asked for here, blocking.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use xtask::browser::{Browser, CHROME_FLAGS, SOFTWARE_WEBGPU_FLAGS};

/// How long anything may take before a test gives up; far above what is usual, as a loaded machine is slow.
const PATIENCE: Duration = Duration::from_secs(120);

/// How the browser is started.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// With WebGPU on a software adapter.
    pub software_webgpu: bool,
}

/// A ChromeDriver with one browser; both end when it is dropped.
pub struct Driver {
    agent: ureq::Agent,
    process: Child,
    session_url: String,
    profile: PathBuf,
}

impl Driver {
    /// Starts both.
    #[must_use]
    pub fn start(options: Options) -> Self {
        let browser = Browser::ensure().unwrap_or_else(|error| panic!("{error:#}"));
        let (process, port) = started(&browser.driver);
        let profile = new_profile();
        let agent =
            ureq::Agent::new_with_config(ureq::Agent::config_builder().http_status_as_error(false).proxy(None).build());
        let mut driver = Self { agent, process, session_url: format!("http://127.0.0.1:{port}/session"), profile };
        let capabilities = driver.capabilities(&browser, options);
        let session = driver.post("", &json!({ "capabilities": { "alwaysMatch": capabilities } }));
        let id = session["sessionId"].as_str().unwrap_or_else(|| panic!("ChromeDriver gave no session: {session}"));
        driver.session_url = format!("{}/{id}", driver.session_url);
        driver
    }

    fn capabilities(&self, browser: &Browser, options: Options) -> Value {
        let mut flags: Vec<String> = CHROME_FLAGS.iter().map(|&flag| flag.to_owned()).collect();
        if options.software_webgpu {
            flags.retain(|flag| flag != "--disable-gpu");
            flags.extend(SOFTWARE_WEBGPU_FLAGS.map(str::to_owned));
        }
        flags.push(format!("--user-data-dir={}", self.profile.display()));
        flags.push("--window-size=1280,800".to_owned());
        json!({
            "browserName": "chrome",
            "timeouts": { "script": PATIENCE.as_millis() as u64, "pageLoad": PATIENCE.as_millis() as u64 },
            "goog:chromeOptions": { "binary": browser.chrome, "args": flags },
            "goog:loggingPrefs": { "browser": "ALL" },
        })
    }

    /// Opens an address and waits for its load event.
    #[track_caller]
    pub fn goto(&self, url: &str) {
        self.post("/url", &json!({ "url": url }));
    }

    /// Runs the body of a function in the page, or in the frame that was entered, and returns what it returns; a
    /// promise is awaited.
    #[track_caller]
    pub fn run(&self, body: &str, arguments: &[Value]) -> Value {
        self.post("/execute/sync", &json!({ "script": body, "args": arguments }))
    }

    /// Runs a command of the Chrome DevTools protocol.
    #[track_caller]
    pub fn devtools(&self, command: &str, parameters: &Value) -> Value {
        self.post("/goog/cdp/execute", &json!({ "cmd": command, "params": parameters }))
    }

    /// Enters the iframe that a selector finds.
    #[track_caller]
    pub fn enter_frame(&self, selector: &str) {
        let element = self.post("/element", &json!({ "using": "css selector", "value": selector }));
        self.post("/frame", &json!({ "id": element }));
    }

    /// Back to the page from an iframe.
    #[track_caller]
    pub fn leave_frame(&self) {
        self.post("/frame", &json!({ "id": null }));
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
        let pointer =
            json!({ "type": "pointer", "id": "mouse", "parameters": { "pointerType": "mouse" }, "actions": actions });
        self.post("/actions", &json!({ "actions": [pointer] }));
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
        let keyboard = json!({ "type": "key", "id": "keyboard", "actions": actions.collect::<Vec<_>>() });
        self.post("/actions", &json!({ "actions": [keyboard] }));
    }

    /// Clicks twice at a point.
    #[track_caller]
    pub fn double_click(&self, (x, y): (f64, f64)) {
        let button = |kind: &str| json!({ "type": kind, "button": 0 });
        let mut actions = vec![json!({ "type": "pointerMove", "x": x.round() as i64, "y": y.round() as i64 })];
        actions.extend(["pointerDown", "pointerUp", "pointerDown", "pointerUp"].map(button));
        let pointer =
            json!({ "type": "pointer", "id": "mouse", "parameters": { "pointerType": "mouse" }, "actions": actions });
        self.post("/actions", &json!({ "actions": [pointer] }));
    }

    /// Opens another tab in front, and comes back after a while.
    #[track_caller]
    pub fn leave_tab_for(&self, while_away: Duration) {
        let here = self.request("GET", "/window", None);
        let other = self.post("/window/new", &json!({ "type": "tab" }))["handle"].take();
        self.post("/window", &json!({ "handle": other }));
        std::thread::sleep(while_away);
        self.request("DELETE", "/window", None);
        self.post("/window", &json!({ "handle": here }));
    }

    /// The picture of the viewport, as PNG in base 64.
    #[must_use]
    #[track_caller]
    pub fn screenshot_base64(&self) -> String {
        self.request("GET", "/screenshot", None).as_str().unwrap_or_default().to_owned()
    }

    /// Console entries since the last call: level and text.
    #[must_use]
    #[track_caller]
    pub fn console(&self) -> Vec<(String, String)> {
        let entries = self.post("/se/log", &json!({ "type": "browser" }));
        let text = |entry: &Value, key: &str| entry[key].as_str().unwrap_or_default().to_owned();
        let entries = entries.as_array().map(Vec::as_slice).unwrap_or_default();
        entries.iter().map(|entry| (text(entry, "level"), text(entry, "message"))).collect()
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
    fn post(&self, path: &str, body: &Value) -> Value {
        self.request("POST", path, Some(body))
    }

    #[track_caller]
    fn request(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let url = format!("{}{path}", self.session_url);
        let result = match (method, body) {
            ("DELETE", _) => self.agent.delete(&url).call(),
            (_, None) => self.agent.get(&url).call(),
            (_, Some(body)) => self.agent.post(&url).content_type("application/json").send(body.to_string()),
        };
        let mut response = result.unwrap_or_else(|error| panic!("{method} {path}: {error}"));
        let limit_bytes = 100 << 20;
        let text = response.body_mut().with_config().limit(limit_bytes).read_to_string();
        let text = text.unwrap_or_else(|error| panic!("{method} {path}: {error}"));
        let mut answer: Value =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{method} {path}: {error}: {text}"));
        let value = answer["value"].take();
        assert!(response.status().is_success(), "{method} {path} failed: {} ({})", value["message"], value["error"]);
        value
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Ends the browser; without an answer, killing the driver is all that is left.
        drop(self.agent.delete(&self.session_url).call());
        drop(self.process.kill());
        drop(self.process.wait());
        drop(std::fs::remove_dir_all(&self.profile));
    }
}

/// ChromeDriver on a port of its own. It asks for one that is free in two address families, one after the other, and gives up
/// where another program takes the second meanwhile.
fn started(driver: &Path) -> (Child, u16) {
    const TRIES: usize = 5;
    let mut said = String::new();
    for _ in 0..TRIES {
        let mut process = Command::new(driver)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("{} did not start: {error}", driver.display()));
        match port_of(&mut process) {
            Ok(port) => return (process, port),
            Err(other) => said = other,
        }
        drop((process.kill(), process.wait()));
    }
    panic!("ChromeDriver named no port: {said}")
}

/// The port that ChromeDriver prints, or all that it has printed in place of one.
fn port_of(process: &mut Child) -> Result<u16, String> {
    let mut stdout = process.stdout.take().expect("the output was piped");
    let mut said = String::new();
    for line in BufReader::new(&mut stdout).lines() {
        let line = line.unwrap_or_else(|error| panic!("ChromeDriver's output: {error}"));
        if let Some(port) =
            line.split("successfully on port ").nth(1).and_then(|rest| rest.trim_end_matches('.').parse().ok())
        {
            // It may say more, and a closed pipe would end it.
            process.stdout = Some(stdout);
            return Ok(port);
        }
        said = said + &line + "\n";
    }
    Err(said)
}

fn new_profile() -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    std::env::temp_dir().join(format!("depthscope-browser-{}-{count}", std::process::id()))
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
