//! After the first visit the page needs no network.

use tests::Lab;

#[test]
fn after_the_first_visit_the_page_opens_without_a_network() {
    let mut lab = Lab::open("?nets=2");
    let online = lab.settled();
    // Resolves once the service worker has kept all files.
    let ready = "navigator.serviceWorker.ready.then(r => !!r.active)";
    assert_eq!(lab.eval(ready), true);
    lab.cut_network();
    lab.goto("order-chaos/?nets=2");
    assert_eq!(lab.settled(), online, "offline the numbers are others");
    lab.goto("order-chaos/?nets=2&sigma_w=3");
    lab.settled();
    lab.driver.goto(&lab.url(""));
    lab.driver.wait_for("the home page", || lab.is_visible("a[href*='order-chaos']").then_some(()));
}
