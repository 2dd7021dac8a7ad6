//! The page's own module, as it was built.

use tests::{depthscope, dist};

/// It does not grow with the number of exhibits: what they declare stands in their HTML.
#[test]
fn it_names_no_exhibit() {
    let dist = dist();
    let is_module = |name: &str| name.starts_with("web-") && name.ends_with(".wasm");
    let names =
        std::fs::read_dir(&dist).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    let modules: Vec<Vec<u8>> =
        names.filter(|name| is_module(name)).map(|name| std::fs::read(dist.join(name)).unwrap()).collect();
    assert_eq!(modules.len(), 1, "the page has one module");
    let listed = depthscope(&["list", "--json"]).json();
    for exhibit in listed.as_array().unwrap() {
        for key in ["title", "claim"] {
            let words = exhibit[key].as_str().unwrap().as_bytes();
            let is_there = modules[0].windows(words.len()).any(|window| window == words);
            assert!(!is_there, "the module of the page names {}", exhibit[key]);
        }
    }
}
