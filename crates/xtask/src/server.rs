//! A static web server on localhost: the page is served as any static host would, from the root or a sub-folder.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::thread::JoinHandle;

use anyhow::{Context as _, Result, anyhow};
use axum::Router;
use axum::http::{HeaderValue, StatusCode, header};
use axum::routing::{any, get};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

/// What is served.
#[derive(Clone, Debug, Default)]
pub struct Site {
    /// Folders by the path that they are mounted under, which starts and ends with a slash.
    pub folders: BTreeMap<String, PathBuf>,
    /// Texts by path; they come before the files of folders.
    pub pages: BTreeMap<String, String>,
    /// Paths that answer 404 although a folder has them.
    pub missing: Vec<String>,
    /// Files that are called something else than they are, by path: their bytes and the type that they are said to have.
    pub called: BTreeMap<String, (Vec<u8>, String)>,
    /// Paths that are sent on to others.
    pub sent_on: BTreeMap<String, String>,
    /// Paths whose answers do not come.
    pub stalled: Vec<String>,
    /// Paths that the host fails at, with 502.
    pub broken: Vec<String>,
}

/// A running server; it stops when dropped.
pub struct Server {
    /// Dropped to end the thread.
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    /// The port that it listens on.
    pub port: u16,
}

impl Server {
    /// Starts serving on `127.0.0.1`; port 0 takes a free one.
    ///
    /// # Errors
    /// When the port is taken.
    pub fn start(site: Site, port: u16) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let listener = runtime
            .block_on(TcpListener::bind(("127.0.0.1", port)))
            .map_err(|error| anyhow!("port {port}: {error}"))?;
        let port = listener.local_addr().context("the port that was taken")?.port();
        let (stop, stopped) = oneshot::channel::<()>();
        let thread = std::thread::spawn(move || {
            // The end of the runtime ends the connections that browsers keep open.
            runtime.block_on(async {
                tokio::select! {
                    _ = axum::serve(listener, router(site)) => {}
                    _ = stopped => {}
                }
            });
        });
        Ok(Self { stop: Some(stop), thread: Some(thread), port })
    }

    /// Waits for ever.
    pub fn wait(mut self) {
        self.join();
    }

    fn join(&mut self) {
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.take();
        self.join();
    }
}

fn router(site: Site) -> Router {
    let mut router = Router::new();
    for (path, text) in site.pages {
        // A page has no ending.
        let mime = mime_guess::from_path(&path).first_or(mime_guess::mime::TEXT_HTML_UTF_8);
        router = router.route(&path, get(([(header::CONTENT_TYPE, mime.to_string())], text)));
    }
    for (path, (bytes, mime)) in site.called {
        router = router.route(&path, get(([(header::CONTENT_TYPE, mime)], bytes)));
    }
    for (path, to) in site.sent_on {
        router = router.route(&path, get((StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, to)])));
    }
    for (paths, status) in [(site.missing, StatusCode::NOT_FOUND), (site.broken, StatusCode::BAD_GATEWAY)] {
        for path in paths {
            router = router.route(&path, any(status));
        }
    }
    for path in site.stalled {
        router = router.route(&path, any(std::future::pending::<StatusCode>));
    }
    for (mount, folder) in site.folders {
        let files = ServeDir::new(folder);
        router = if mount == "/" { router.fallback_service(files) } else { router.nest_service(&mount, files) };
    }
    // Nothing is cached: the next build must be seen at once, and tests count on it.
    let no_cache = HeaderValue::from_static("no-cache");
    router.layer(SetResponseHeaderLayer::overriding(header::CACHE_CONTROL, no_cache))
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpStream;
    use std::time::Duration;

    use super::*;

    fn site() -> Site {
        let folder = PathBuf::from("src");
        Site {
            folders: BTreeMap::from([("/lab/".to_owned(), folder)]),
            pages: BTreeMap::from([("/host.html".to_owned(), "<p>host".to_owned())]),
            missing: vec!["/lab/sh.rs".to_owned()],
            ..Site::default()
        }
    }

    fn connection(port: u16, path: &str, headers: &str) -> TcpStream {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\n{headers}\r\n").unwrap();
        stream
    }

    /// The whole answer in lower case, status line and headers included.
    fn ask(server: &Server, path: &str) -> String {
        let mut text = String::new();
        connection(server.port, path, "Connection: close\r\n").read_to_string(&mut text).unwrap();
        text.to_lowercase()
    }

    fn status(server: &Server, path: &str) -> u16 {
        ask(server, path).split(' ').nth(1).unwrap().parse().unwrap()
    }

    #[test]
    fn files_pages_and_missing_files() {
        let server = Server::start(site(), 0).unwrap();
        assert_eq!(status(&server, "/lab/lib.rs?v=1"), 200);
        assert_eq!(status(&server, "/lab/sh.rs"), 404);
        assert_eq!(status(&server, "/lab/none"), 404);
        assert_eq!(status(&server, "/other"), 404);
        let page = ask(&server, "/host.html");
        assert!(page.contains("content-type: text/html") && page.contains("cache-control: no-cache"), "{page}");
        assert!(page.ends_with("<p>host"), "{page}");
    }

    #[test]
    fn browsers_get_the_types_that_they_insist_on() {
        let folder = std::env::temp_dir().join(format!("depthscope-types-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let server = Server::start(Site { folders: [("/".to_owned(), folder.clone())].into(), ..Site::default() }, 0);
        let server = server.unwrap();
        for (name, mime) in [
            ("a.js", "text/javascript"),
            ("a.wasm", "application/wasm"),
            ("a.css", "text/css"),
            ("a.svg", "image/svg+xml"),
        ] {
            std::fs::write(folder.join(name), "").unwrap();
            let answer = ask(&server, &format!("/{name}"));
            assert!(answer.contains(&format!("content-type: {mime}")), "{answer}");
        }
        drop(std::fs::remove_dir_all(&folder));
    }

    #[test]
    fn no_address_leaves_the_folder() {
        let server = Server::start(site(), 0).unwrap();
        for path in ["/lab/../Cargo.toml", "/lab/%2e%2e/Cargo.toml", "/lab//etc/passwd", "/lab/%ff"] {
            assert_ne!(status(&server, path), 200, "{path}");
        }
    }

    #[test]
    fn a_folder_without_its_slash_is_sent_to_it_with_its_query() {
        let folder = PathBuf::from(".");
        let site = Site { folders: BTreeMap::from([("/".to_owned(), folder)]), ..Site::default() };
        let server = Server::start(site, 0).unwrap();
        let answer = ask(&server, "/src?sigma_w=2");
        assert!(answer.starts_with("http/1.1 307") && answer.contains("location: /src/?sigma_w=2"), "{answer}");
    }

    #[test]
    fn connections_that_are_kept_open_do_not_hold_others_up() {
        let server = Server::start(site(), 0).unwrap();
        let connections: Vec<_> = (0..64).map(|_| connection(server.port, "/host.html", "")).collect();
        for mut stream in &connections {
            assert!(stream.read(&mut [0; 512]).unwrap() > 0);
        }
    }

    #[test]
    fn it_stops_while_a_connection_is_open() {
        let server = Server::start(site(), 0).unwrap();
        let port = server.port;
        let mut open = connection(port, "/host.html", "");
        assert!(open.read(&mut [0; 512]).unwrap() > 0);
        drop(server);
        assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
        assert_eq!(open.read(&mut [0; 512]).unwrap_or(0), 0);
    }

    #[test]
    fn a_port_that_is_taken_is_named() {
        let server = Server::start(site(), 0).unwrap();
        let error = Server::start(site(), server.port).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error.contains(&format!("port {}", server.port)), "{error}");
    }
}
