//! A static web server on localhost: the page is served as any static host would, from the root or a sub-folder.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;

use anyhow::{Result, anyhow};
use tiny_http::{Header, Method, Request, Response};

/// What is served.
#[derive(Clone, Debug, Default)]
pub struct Site {
    /// Folders by the path that they are mounted under, which starts and ends with a slash.
    pub folders: BTreeMap<String, PathBuf>,
    /// Texts by path; they come before the files of folders.
    pub pages: BTreeMap<String, String>,
    /// Paths that answer 404 although a folder has them.
    pub missing: Vec<String>,
}

/// A running server; it stops when dropped.
pub struct Server {
    http: Arc<tiny_http::Server>,
    threads: Vec<JoinHandle<()>>,
    /// The port that it listens on.
    pub port: u16,
}

impl Server {
    /// Starts serving on `127.0.0.1`; port 0 takes a free one.
    ///
    /// # Errors
    /// When the port is taken.
    pub fn start(site: Site, port: u16) -> Result<Self> {
        let http = tiny_http::Server::http(("127.0.0.1", port)).map_err(|error| anyhow!("port {port}: {error}"))?;
        let port = http.server_addr().to_ip().map_or(port, |address| address.port());
        let (http, site) = (Arc::new(http), Arc::new(site));
        let threads = (0..4)
            .map(|_| {
                let (http, site) = (Arc::clone(&http), Arc::clone(&site));
                std::thread::spawn(move || {
                    while let Ok(request) = http.recv() {
                        answer(&site, request);
                    }
                })
            })
            .collect();
        Ok(Self { http, threads, port })
    }

    /// Waits for ever.
    pub fn wait(mut self) {
        for thread in self.threads.drain(..) {
            drop(thread.join());
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        for _ in &self.threads {
            self.http.unblock();
        }
        for thread in self.threads.drain(..) {
            drop(thread.join());
        }
    }
}

fn answer(site: &Site, request: Request) {
    let response = match request.method() {
        Method::Get | Method::Head => find(site, request.url()),
        _ => Found::status(405, "Only GET and HEAD are served here."),
    };
    let mut answer = Response::from_data(response.body).with_status_code(response.status);
    // Nothing is cached: the next build must be seen at once, and tests count on it.
    let mut headers = vec![("Content-Type", response.mime.to_owned()), ("Cache-Control", "no-cache".to_owned())];
    headers.extend(response.location.map(|to| ("Location", to)));
    for (name, value) in headers {
        if let Ok(header) = Header::from_bytes(name, value) {
            answer.add_header(header);
        }
    }
    // A browser that went away is no error of the server.
    drop(request.respond(answer));
}

struct Found {
    status: u16,
    mime: &'static str,
    body: Vec<u8>,
    location: Option<String>,
}

impl Found {
    fn new(status: u16, mime: &'static str, body: Vec<u8>) -> Self {
        Self { status, mime, body, location: None }
    }

    fn status(status: u16, sentence: &str) -> Self {
        Self::new(status, "text/plain; charset=utf-8", sentence.as_bytes().to_vec())
    }
}

fn find(site: &Site, url: &str) -> Found {
    let (path, query) = url.split_once('?').map_or((url, ""), |(path, query)| (path, query));
    let Some(path) = percent_decoded(path) else { return Found::status(400, "The address is not UTF-8.") };
    let not_found = || Found::status(404, "There is no such file.");
    if let Some(text) = site.pages.get(&path) {
        return Found::new(200, mime_of(Path::new(&path)), text.clone().into_bytes());
    }
    if site.missing.contains(&path) {
        return not_found();
    }
    // The longest mount that fits.
    let Some((mount, folder)) = site.folders.iter().rev().find(|(mount, _)| path.starts_with(mount.as_str())) else {
        return not_found();
    };
    let relative = Path::new(&path[mount.len()..]);
    if !relative.components().all(|part| matches!(part, Component::Normal(_))) {
        return not_found();
    }
    let mut file = folder.join(relative);
    if file.is_dir() {
        if !path.ends_with('/') {
            let query = if query.is_empty() { String::new() } else { format!("?{query}") };
            return Found {
                location: Some(format!("{path}/{query}")),
                ..Found::status(301, "A folder ends with a slash.")
            };
        }
        file.push("index.html");
    }
    match std::fs::read(&file) {
        Ok(bytes) => Found::new(200, mime_of(&file), bytes),
        Err(_) => not_found(),
    }
}

/// The MIME type by extension; browsers refuse modules and WASM of the wrong type.
#[must_use]
pub fn mime_of(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" | "md" | "csv" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => {
                let digits = [bytes.next()?, bytes.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(decoded).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site() -> Site {
        let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src"));
        Site {
            folders: BTreeMap::from([("/lab/".to_owned(), folder)]),
            pages: BTreeMap::from([("/host.html".to_owned(), "<p>host".to_owned())]),
            missing: vec!["/lab/sh.rs".to_owned()],
        }
    }

    #[test]
    fn files_pages_and_missing_files() {
        let status = |url: &str| find(&site(), url).status;
        assert_eq!(status("/lab/lib.rs?v=1"), 200);
        assert_eq!(status("/host.html"), 200);
        assert_eq!(status("/lab/sh.rs"), 404);
        assert_eq!(status("/lab/none"), 404);
        assert_eq!(status("/other"), 404);
    }

    #[test]
    fn no_address_leaves_the_folder() {
        for url in ["/lab/../Cargo.toml", "/lab/%2e%2e/Cargo.toml", "/lab//etc/passwd", "/lab/%ff"] {
            assert_ne!(find(&site(), url).status, 200, "{url}");
        }
    }

    #[test]
    fn a_folder_without_its_slash_is_sent_to_it_with_its_query() {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        let site = Site { folders: BTreeMap::from([("/".to_owned(), folder)]), ..Site::default() };
        let found = find(&site, "/src?sigma_w=2");
        assert_eq!((found.status, found.location.as_deref()), (301, Some("/src/?sigma_w=2")));
    }

    #[test]
    fn it_answers_and_stops() {
        let server = Server::start(site(), 0).unwrap();
        let port = server.port;
        let ask = || -> std::io::Result<String> {
            use std::io::{Read as _, Write as _};
            let mut stream = std::net::TcpStream::connect(("127.0.0.1", port))?;
            stream.write_all(b"GET /host.html HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")?;
            let mut text = String::new();
            stream.read_to_string(&mut text)?;
            Ok(text)
        };
        assert!(ask().unwrap().ends_with("<p>host"));
        drop(server);
        assert!(ask().is_err());
    }
}
