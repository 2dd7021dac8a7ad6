//! After the first visit the page needs no network; and what a host or a network puts in the page's place is not kept.

use tests::{Lab, MOUNT, Options};
use xtask::server::Site;

/// What a host answers to everything, or a network before one has logged in.
const PORTAL: &str = "<!doctype html><title>Portal</title><p>Please log in.";

/// Resolves once the service worker has kept what this page needs.
const READY: &str = "navigator.serviceWorker.ready.then(r => !!r.active)";

/// Resolves with how many kept answers are a portal's.
const N_PORTALS: &str = "(async () => { let n = 0; for (const name of await caches.keys()) { \
    const cache = await caches.open(name); for (const key of await cache.keys()) \
    n += (await (await cache.match(key)).text()).includes('Please log in') } return n })()";

fn portal_at(names: &[&str]) -> Site {
    let pages = names.iter().map(|name| (format!("{MOUNT}{name}"), PORTAL.to_owned())).collect();
    Site { pages, ..Site::default() }
}

#[test]
fn after_the_first_visit_the_page_opens_without_a_network() {
    let mut lab = Lab::open("?nets=2");
    let online = lab.settled();
    assert_eq!(lab.eval(READY), true);
    lab.cut_network();
    lab.goto("order-chaos/?nets=2");
    assert_eq!(lab.settled(), online, "offline the numbers are others");
    lab.goto("order-chaos/?nets=2&sigma_w=3");
    lab.settled();
    lab.driver.goto(&lab.url(""));
    lab.driver.wait_for("the home page", || lab.is_visible("a[href*='order-chaos']").then_some(()));
}

#[test]
fn a_page_that_rests_keeps_the_workers_of_other_groups_too() {
    let mut lab = Lab::open("?nets=2");
    assert_eq!(lab.eval(READY), true);
    let (other, _) = tests::worker("depth");
    let has = format!("caches.match('{}').then(r => !!r)", lab.url(&other));
    lab.driver.wait_for("the worker of another group in the cache", || (lab.eval(&has) == true).then_some(()));
    // Its module follows.
    let all = "(async () => (await (await caches.open((await caches.keys())[0])).keys())\
        .filter(r => /worker-.*wasm$/.test(r.url)).length)()";
    let n = std::fs::read_dir(tests::dist()).into_iter().flatten().flatten();
    let is_module = |name: &str| name.starts_with("worker-") && name.ends_with(".wasm");
    let n = n.filter(|file| is_module(&file.file_name().to_string_lossy())).count();
    lab.driver.wait_for("all modules of workers in the cache", || (lab.eval(all) == n).then_some(()));
    lab.cut_network();
    lab.goto("sawtooth/");
    lab.settled();
}

#[test]
fn a_portal_in_the_place_of_a_page_is_not_the_page_when_offline() {
    let mut lab = Lab::open("?nets=2");
    lab.settled();
    assert_eq!(lab.eval(READY), true);
    lab.serve(portal_at(&["order-chaos/"]));
    // A portal names no icon, and its host has none.
    lab.expect_error("favicon.ico");
    lab.driver.goto(&lab.url("order-chaos/"));
    lab.driver.wait_for("the portal", || lab.text().contains("Please log in").then_some(()));
    lab.cut_network();
    lab.goto("order-chaos/?nets=2");
    lab.settled();
    assert_eq!(lab.eval(N_PORTALS), 0);
}

#[test]
fn a_file_that_was_something_else_at_the_first_visit_is_asked_for_again() {
    let (worker, _) = tests::worker("propagation");
    let mut lab = Lab::start_with(Options::default(), portal_at(&[&worker]));
    // A page is no script.
    lab.expect_error("MIME");
    lab.expect_error("Unexpected token");
    lab.driver.goto(&lab.url("order-chaos/?nets=2"));
    lab.driver.wait_for("a sentence about the worker", || lab.is_visible("[data-fault]").then_some(()));
    // The service worker is not installed with what is no script.
    lab.driver.wait_for("the end of the attempt to install it", || {
        let ended = "navigator.serviceWorker.getRegistration().then(r => !r || !r.installing)";
        (lab.eval(ended) == true).then_some(())
    });
    assert_eq!(lab.eval(N_PORTALS), 0);
    lab.serve(Site::default());
    lab.goto("order-chaos/?nets=2");
    let online = lab.settled();
    assert_eq!(lab.eval(READY), true);
    lab.cut_network();
    lab.goto("order-chaos/?nets=2");
    assert_eq!(lab.settled(), online);
}

/// The bytes are right, and a browser takes no style sheet that is called a text.
#[test]
fn a_file_that_a_host_called_something_else_is_kept_as_what_it_is() {
    let css = tests::built("style-", ".css");
    let bytes = std::fs::read(tests::dist().join(&css)).expect("a style sheet");
    let called = [(format!("{MOUNT}{css}"), (bytes, "text/plain".to_owned()))].into();
    let mut lab = Lab::start_with(Options::default(), Site { called, ..Site::default() });
    lab.expect_error("MIME");
    lab.goto("order-chaos/?nets=2");
    let is_styled = "getComputedStyle(document.querySelector('.plot')).position === 'relative'";
    assert_eq!(lab.eval(is_styled), false, "the host is not what the test is about");
    assert_eq!(lab.eval(READY), true);
    lab.goto("order-chaos/?nets=2");
    assert_eq!(lab.eval(is_styled), true);
}

/// A host that is there and fails, or takes for ever, is no better than none.
#[test]
fn a_host_that_fails_or_stalls_gives_way_to_what_is_kept() {
    let mut lab = Lab::open("?nets=2");
    let online = lab.settled();
    assert_eq!(lab.eval(READY), true);
    let page = || vec![format!("{MOUNT}order-chaos/")];
    for site in [Site { broken: page(), ..Site::default() }, Site { stalled: page(), ..Site::default() }] {
        lab.serve(site);
        lab.goto("order-chaos/?nets=2");
        assert_eq!(lab.settled(), online);
    }
}

#[test]
fn an_exhibit_that_is_not_kept_says_so_offline() {
    let (other, _) = tests::worker("depth");
    // So that it is not kept while the first page rests.
    let site = Site { missing: vec![format!("{MOUNT}{other}")], ..Site::default() };
    let mut lab = Lab::start_with(Options::default(), site);
    lab.expect_error("");
    lab.goto("order-chaos/?nets=2");
    lab.settled();
    assert_eq!(lab.eval(READY), true);
    lab.cut_network();
    // What a device without a network says; browsers differ in whether they let that be pretended.
    let source = "Object.defineProperty(Navigator.prototype, 'onLine', { get: () => false })";
    lab.driver.before_all(source);
    lab.driver.goto(&lab.url("sawtooth/"));
    lab.driver.wait_for("a sentence", || lab.text().contains("This device is offline").then_some(()));
}
