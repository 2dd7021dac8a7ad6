//! WebDriver BiDi over a web socket, as Firefox speaks it without a driver beside it.

use std::cell::{Cell, RefCell};
use std::net::TcpStream;

use serde_json::{Value, json};
use tungstenite::stream::MaybeTlsStream;
use tungstenite::{Message, WebSocket};

use super::PATIENCE;
use super::process::Processes;

/// What ended a download: the page was left (NS_BINDING_ABORTED).
const GIVEN_UP: &str = "status=2152398850";

/// A session with one tab.
pub(super) struct Bidi {
    socket: RefCell<WebSocket<MaybeTlsStream<TcpStream>>>,
    sent: Cell<u64>,
    tab: String,
    console: RefCell<Vec<(String, String)>>,
    _processes: Processes,
}

impl Bidi {
    /// Joins a browser that listens on a port, and opens its tab.
    #[track_caller]
    pub(super) fn start(processes: Processes, port: u16) -> Self {
        let url = format!("ws://127.0.0.1:{port}/session");
        let (socket, _) = tungstenite::connect(&url).unwrap_or_else(|error| panic!("{url}: {error}"));
        if let MaybeTlsStream::Plain(stream) = socket.get_ref() {
            stream.set_read_timeout(Some(2 * PATIENCE)).unwrap_or_else(|error| panic!("{url}: {error}"));
        }
        let mut bidi = Self {
            socket: RefCell::new(socket),
            sent: Cell::new(0),
            tab: String::new(),
            console: RefCell::default(),
            _processes: processes,
        };
        bidi.ask("session.new", json!({ "capabilities": {} }));
        bidi.ask("session.subscribe", json!({ "events": ["log.entryAdded"] }));
        let tabs = bidi.ask("browsingContext.getTree", json!({ "maxDepth": 0 }));
        let tab = tabs["contexts"][0]["context"].as_str();
        bidi.tab = tab.unwrap_or_else(|| panic!("Firefox has no tab: {tabs}")).to_owned();
        let size = json!({ "width": 1280, "height": 800 });
        bidi.ask("browsingContext.setViewport", json!({ "context": bidi.tab, "viewport": size }));
        bidi
    }

    #[track_caller]
    pub(super) fn goto(&self, url: &str) {
        self.ask("browsingContext.navigate", json!({ "context": self.tab, "url": url, "wait": "complete" }));
    }

    /// Runs a script in each document before all others.
    #[track_caller]
    pub(super) fn before_all(&self, body: &str) {
        self.ask("script.addPreloadScript", json!({ "functionDeclaration": format!("() => {{ {body} }}") }));
    }

    /// Values travel as text: BiDi's own form of them is a tree of types.
    #[track_caller]
    pub(super) fn run(&self, body: &str, arguments: &[Value]) -> Value {
        let function = format!(
            "async text => JSON.stringify(await (function () {{ {body} }}).apply(null, JSON.parse(text))) ?? 'null'"
        );
        let arguments = json!([{ "type": "string", "value": Value::from(arguments).to_string() }]);
        let parameters = json!({
            "functionDeclaration": function, "arguments": arguments, "awaitPromise": true, "target": { "context": self.tab }
        });
        let answer = self.ask("script.callFunction", parameters);
        let text = answer["result"]["value"].as_str();
        let text = text.unwrap_or_else(|| panic!("the page threw {}", answer["exceptionDetails"]["text"]));
        serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[track_caller]
    pub(super) fn perform(&self, source: &Value) {
        self.ask("input.performActions", json!({ "context": self.tab, "actions": [source] }));
    }

    #[track_caller]
    pub(super) fn screenshot_base64(&self) -> String {
        let picture = self.ask("browsingContext.captureScreenshot", json!({ "context": self.tab }));
        picture["data"].as_str().unwrap_or_default().to_owned()
    }

    /// Console entries since the last call, in Chromium's words for their levels.
    #[track_caller]
    pub(super) fn console(&self) -> Vec<(String, String)> {
        // What has come meanwhile is read with the next answer.
        self.ask("session.status", json!({}));
        self.console.take()
    }

    #[track_caller]
    fn ask(&self, method: &str, parameters: Value) -> Value {
        let id = self.sent.get() + 1;
        self.sent.set(id);
        let command = json!({ "id": id, "method": method, "params": parameters });
        let mut socket = self.socket.borrow_mut();
        let sent = socket.send(Message::text(command.to_string()));
        sent.unwrap_or_else(|error| panic!("{method}: {error}"));
        loop {
            let message = socket.read().unwrap_or_else(|error| panic!("{method}: {error}"));
            let Ok(text) = message.into_text() else { continue };
            let Ok(mut answer) = serde_json::from_str::<Value>(&text) else { continue };
            if answer["method"] == "log.entryAdded" {
                let entry = &answer["params"];
                let text = entry["text"].as_str().unwrap_or_default().to_owned();
                // Firefox says so too of a font that the page it left was still waiting for.
                let is_error = entry["level"] == "error" && !text.contains(GIVEN_UP);
                let level = if is_error { "SEVERE" } else { "INFO" };
                self.console.borrow_mut().push((level.to_owned(), text));
            } else if answer["id"] == id {
                assert_eq!(answer["type"], "success", "{method} failed: {} ({})", answer["message"], answer["error"]);
                return answer["result"].take();
            }
        }
    }
}
