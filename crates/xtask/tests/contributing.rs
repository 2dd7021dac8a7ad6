//! What CONTRIBUTING.md shows is what is compiled and tested.

use xtask::workspace::Workspace;

#[test]
fn the_worked_example_is_the_tested_one_and_short() {
    let root = Workspace::find().unwrap().root;
    let read = |name: &str| std::fs::read_to_string(root.join(name)).unwrap();
    let example = read("crates/exhibits/tests/worked_example.rs");
    let shown = read("CONTRIBUTING.md");
    let shown = shown.split("```rust\n").nth(1).and_then(|rest| rest.split("```\n").next()).unwrap();
    assert!(shown == example, "CONTRIBUTING.md shows another text than crates/exhibits/tests/worked_example.rs");
    assert!(example.lines().count() <= 120, "{} lines", example.lines().count());
}
