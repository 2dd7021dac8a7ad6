//! WebDriver over HTTP, as ChromeDriver and WebKitWebDriver speak it: blocking.

use serde_json::{Value, json};

use super::process::Processes;

/// A session of a driver, which ends with its browser when this is dropped.
pub(super) struct Http {
    agent: ureq::Agent,
    url: String,
    _processes: Processes,
}

impl Http {
    /// Asks a driver on a port for a browser.
    #[track_caller]
    pub(super) fn start(processes: Processes, port: u16, capabilities: &Value) -> Self {
        let agent =
            ureq::Agent::new_with_config(ureq::Agent::config_builder().http_status_as_error(false).proxy(None).build());
        let mut http = Self { agent, url: format!("http://127.0.0.1:{port}/session"), _processes: processes };
        let session = http.post("", &json!({ "capabilities": { "alwaysMatch": capabilities } }));
        let id = session["sessionId"].as_str().unwrap_or_else(|| panic!("the driver gave no session: {session}"));
        http.url = format!("{}/{id}", http.url);
        http
    }

    #[track_caller]
    pub(super) fn post(&self, path: &str, body: &Value) -> Value {
        self.request("POST", path, Some(body))
    }

    #[track_caller]
    pub(super) fn request(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let url = format!("{}{path}", self.url);
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

    /// Console entries since the last call: level and text. Only Chromium tells.
    #[track_caller]
    pub(super) fn console(&self) -> Vec<(String, String)> {
        let entries = self.post("/se/log", &json!({ "type": "browser" }));
        let text = |entry: &Value, key: &str| entry[key].as_str().unwrap_or_default().to_owned();
        let entries = entries.as_array().map(Vec::as_slice).unwrap_or_default();
        entries.iter().map(|entry| (text(entry, "level"), text(entry, "message"))).collect()
    }
}

impl Drop for Http {
    fn drop(&mut self) {
        // Ends the browser; without an answer, killing the driver is all that is left.
        drop(self.agent.delete(&self.url).call());
    }
}
