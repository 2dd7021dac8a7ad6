//! Each exhibit's own page: the built `index.html` with its own base, title, description and preview, so that a link
//! unfolds well and any static host serves it without rewrite rules.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use exhibit::page::Page;
use exhibit::prose::escaped;

use crate::policy::guarded;
use crate::wasm::{BENCH, Names};

/// The head of the page of the home and of each exhibit.
pub(crate) struct Head<'a> {
    /// Names this build.
    pub(crate) build_id: &'a str,
    /// Where the folder will be published, with a slash at its end, for the absolute addresses that link previews need.
    pub(crate) site_url: Option<&'a str>,
    /// The glue of the module that reads what people type.
    pub(crate) reader: &'a str,
    /// The files of each group's worker.
    pub(crate) workers: &'a BTreeMap<String, Names>,
}

/// The service worker is told when the page has loaded and rests: it then keeps what other pages need.
const REGISTER: &str = "<script>addEventListener(\"load\",()=>{if(\"serviceWorker\"in navigator)\
    navigator.serviceWorker.register(new URL(\"sw.js\",document.baseURI)).then(()=>navigator.serviceWorker.ready)\
    .then(r=>{if(!navigator.connection?.saveData)setTimeout(()=>r.active.postMessage(\"depthscope-idle\"),5000)})\
    .catch(()=>{})})</script>";

impl Head<'_> {
    /// The home page, with the template of what it shows.
    pub(crate) fn home(&self, html: &str, template: &str) -> Result<String> {
        let head = format!("{}{REGISTER}", meta("name", "depthscope-build", self.build_id));
        guarded(&insert_in_body(&insert_in_head(html, &head)?, template)?)
    }

    /// The page of an exhibit, which lies one folder deeper.
    pub(crate) fn exhibit(&self, html: &str, exhibit: &Page, has_preview: bool) -> Result<String> {
        let title = format!("{} · Depthscope", exhibit.title);
        let html = replace_base(html, &self.worker_of(exhibit)?)?;
        let html = without_meta(&replace_title(&html, &title)?, "description");
        let mut head = meta("name", "depthscope-exhibit", &exhibit.id);
        head += &meta("name", "depthscope-build", self.build_id);
        head += &meta("name", "description", &exhibit.claim);
        head += &meta("property", "og:type", "website");
        head += &meta("property", "og:title", &title);
        head += &meta("property", "og:description", &exhibit.claim);
        // Without a site's address these are relative to the page, which some unfolders understand and some do not.
        let root = self.site_url.unwrap_or("../");
        if self.site_url.is_some() {
            head += &meta("property", "og:url", &format!("{root}{}/", exhibit.id));
        }
        if has_preview {
            head += &meta("property", "og:image", &format!("{root}previews/{}.png", exhibit.id));
            head += &meta("name", "twitter:card", "summary_large_image");
        }
        guarded(&insert_in_body(&insert_in_head(&html, &format!("{head}{REGISTER}"))?, &exhibit.templates)?)
    }

    /// What the page asks for before all else: the worker of its group. Where the bench is.
    fn worker_of(&self, exhibit: &Page) -> Result<String> {
        let group = &exhibit.group;
        let own = self
            .workers
            .get(group)
            .with_context(|| format!("{} is of the group {group}, which has no worker", exhibit.id))?;
        let mut head = meta("name", "depthscope-group", group) + &meta("name", "depthscope-worker", &own.glue);
        head += &meta("name", "depthscope-reader", self.reader);
        if let Some(bench) = self.workers.get(BENCH) {
            head += &meta("name", "depthscope-bench", &bench.glue);
        }
        Ok(head)
    }
}

fn meta(kind: &str, name: &str, content: &str) -> String {
    format!("<meta {kind}=\"{name}\" content=\"{}\">", escaped(content))
}

/// Puts `new` before the end of the head.
fn insert_in_head(html: &str, new: &str) -> Result<String> {
    let at = html.find("</head>").context("index.html has no </head>")?;
    Ok(format!("{}{new}{}", &html[..at], &html[at..]))
}

/// Puts `new` before the end of the body.
fn insert_in_body(html: &str, new: &str) -> Result<String> {
    let at = html.rfind("</body>").context("index.html has no </body>")?;
    Ok(format!("{}{new}{}", &html[..at], &html[at..]))
}

/// The base of a page that lies one folder below the root, and what follows on it.
fn replace_base(html: &str, next: &str) -> Result<String> {
    let missing = "index.html has no <base href>; it needs `<base data-trunk-public-url>`";
    let start = html.find("<base").context(missing)?;
    let end = start + html[start..].find('>').context(missing)? + 1;
    Ok(format!("{}<base href=\"../\">{next}{}", &html[..start], &html[end..]))
}

fn replace_title(html: &str, title: &str) -> Result<String> {
    let missing = "index.html has no <title>";
    let start = html.find("<title>").context(missing)? + "<title>".len();
    let end = start + html[start..].find("</title>").context(missing)?;
    Ok(format!("{}{}{}", &html[..start], escaped(title), &html[end..]))
}

/// Without the element `<meta name=... >` of that name.
fn without_meta(html: &str, name: &str) -> String {
    let opening = format!("<meta name=\"{name}\"");
    let found = html.find(&opening).and_then(|start| Some((start, start + html[start..].find('>')? + 1)));
    found.map_or_else(|| html.to_owned(), |(start, end)| format!("{}{}", &html[..start], &html[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const INDEX: &str = "<html><head><meta charset=\"utf-8\"><base href=\"./\"/><title>Depthscope</title>\
        <meta name=\"description\" content=\"all\"></head><body></body></html>";

    fn exhibit() -> Page {
        Page {
            id: "order-chaos".into(),
            title: "Order & chaos".into(),
            claim: "Two inputs \"collapse\" if sigma_w < 1".into(),
            group: "propagation".into(),
            figure: "phase".into(),
            templates: "<template id=\"words\"><p>Papers</p></template>".into(),
        }
    }

    fn workers() -> BTreeMap<String, Names> {
        let names = |group: &str| Names { glue: format!("w-{group}.js"), module: format!("w-{group}_bg.wasm") };
        ["bench", "depth", "propagation"].map(|group| (group.to_owned(), names(group))).into()
    }

    #[test]
    fn an_exhibits_page_has_its_own_head() {
        let workers = workers();
        let head = Head { build_id: "b1", site_url: Some("https://x.org/lab/"), reader: "r.js", workers: &workers };
        let html = head.exhibit(INDEX, &exhibit(), true).unwrap();
        for part in [
            "<base href=\"../\"><meta name=\"depthscope-group\" content=\"propagation\">",
            "<meta name=\"depthscope-worker\" content=\"w-propagation.js\">",
            "<meta name=\"depthscope-reader\" content=\"r.js\">",
            "<meta name=\"depthscope-bench\" content=\"w-bench.js\">",
            "<title>Order &amp; chaos · Depthscope</title>",
            "<meta name=\"depthscope-exhibit\" content=\"order-chaos\">",
            "<meta name=\"depthscope-build\" content=\"b1\">",
            "<meta name=\"description\" content=\"Two inputs &quot;collapse&quot; if sigma_w &lt; 1\">",
            "<meta property=\"og:image\" content=\"https://x.org/lab/previews/order-chaos.png\">",
            "<meta property=\"og:url\" content=\"https://x.org/lab/order-chaos/\">",
            "<template id=\"words\"><p>Papers</p></template></body>",
        ] {
            assert!(html.contains(part), "{part} is not in {html}");
        }
        assert_eq!(html.matches("name=\"description\"").count(), 1);
    }

    #[test]
    fn a_page_without_a_base_or_a_worker_is_an_error() {
        let mut workers = workers();
        let of = |html: &str, workers: &BTreeMap<String, Names>| {
            let head = Head { build_id: "b1", site_url: None, reader: "r.js", workers };
            head.exhibit(html, &exhibit(), false).unwrap_err().to_string()
        };
        let error = of("<head><title></title></head>", &workers);
        assert!(error.contains("base"), "{error}");
        workers.remove("propagation");
        assert_eq!(of(INDEX, &workers), "order-chaos is of the group propagation, which has no worker");
    }
}
