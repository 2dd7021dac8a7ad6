//! The page in an iframe of another site, and the messages between the two.

use serde_json::{Value, json};
use xtask::server::Site;

use crate::driver::Options;
use crate::lab::{Lab, MOUNT};

/// A page of another origin that holds the exhibit in an iframe, as a slide does, and collects its messages.
pub struct Host {
    /// The browser at the outer page.
    pub lab: Lab,
}

/// `localhost` and `127.0.0.1` are one server but two origins, so the frame is a stranger to its host.
const HTML: &str = "<!doctype html><html><head><meta charset=utf-8><link rel=icon href='data:,'></head>
<body style='margin:0'><p id=before>before</p>
<script>
  window.messages = [];
  addEventListener('message', event => messages.push(event.data));
  const frame = document.createElement('iframe');
  frame.id = 'exhibit';
  frame.style = 'width: 900px; height: 600px; border: 0';
  frame.src = `http://localhost:${location.port}MOUNTorder-chaos/QUERY`;
  document.body.append(frame);
</script></body></html>";

impl Host {
    /// Opens the host page with an exhibit at this query, and waits for its `ready`.
    #[must_use]
    #[track_caller]
    pub fn open(query: &str) -> Self {
        let html = HTML.replace("MOUNT", MOUNT).replace("QUERY", query);
        let site = Site { pages: [("/host.html".to_owned(), html)].into(), ..Site::default() };
        let lab = Lab::start_with(Options::default(), site);
        lab.driver.goto(&format!("{}/host.html", lab.origin()));
        let host = Self { lab };
        host.wait_for("ready", |_| true);
        host
    }

    /// Messages of the exhibit so far.
    #[must_use]
    #[track_caller]
    pub fn messages(&self) -> Vec<Value> {
        let all = self.lab.eval("messages.filter(m => m && m.ns === 'depthscope')");
        all.as_array().cloned().unwrap_or_default()
    }

    /// Sends a message of this type with these further members.
    #[track_caller]
    pub fn send(&self, kind: &str, members: &Value) {
        let mut message = json!({ "ns": "depthscope", "v": 1, "type": kind });
        if let (Some(message), Some(members)) = (message.as_object_mut(), members.as_object()) {
            message.extend(members.clone());
        }
        self.post(&message);
    }

    /// Posts anything.
    #[track_caller]
    pub fn post(&self, message: &Value) {
        self.lab.driver.run(
            "document.getElementById('exhibit').contentWindow.postMessage(arguments[0], '*')",
            std::slice::from_ref(message),
        );
    }

    /// Forgets the messages so far.
    #[track_caller]
    pub fn forget(&self) {
        self.lab.driver.run("messages.length = 0", &[]);
    }

    /// Waits for a message of this type that passes a test.
    #[track_caller]
    pub fn wait_for(&self, kind: &str, accept: impl Fn(&Value) -> bool) -> Value {
        self.lab.driver.wait_for_or(
            || self.messages().into_iter().rev().find(|message| message["type"] == kind && accept(message)),
            || format!("such a message `{kind}` among {:#?}", self.messages()),
        )
    }

    /// Does something inside the iframe.
    #[track_caller]
    pub fn inside<T>(&self, act: impl FnOnce(&Lab) -> T) -> T {
        self.lab.driver.enter_frame("#exhibit");
        let result = act(&self.lab);
        self.lab.driver.leave_frame();
        result
    }
}
