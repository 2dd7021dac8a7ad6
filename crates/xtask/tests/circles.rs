//! Of two sibling modules only one may import the other, whether by itself or from a module below it. A parent may use its
//! children, and they what it shares with them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use xtask::workspace::Workspace;

/// Modules of a crate by path from its root, with their sources.
type Modules = BTreeMap<Vec<String>, String>;

#[test]
fn siblings_import_each_other_one_way() {
    let root = Workspace::find().unwrap().root;
    let crates = std::fs::read_dir(root.join("crates")).unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<PathBuf> =
        crates.chain([root.join("web"), root.join("tests")]).map(|c| c.join("src")).collect();
    folders.retain(|folder| folder.is_dir());
    folders.sort();
    let mut circles = Vec::new();
    for folder in &folders {
        let name = folder.strip_prefix(&root).unwrap().display();
        let found = circles_of(&modules(folder));
        circles.extend(found.into_iter().map(|(a, b)| format!("{name}: {a} and {b}")));
    }
    assert!(folders.len() > 10, "only {} crates were found", folders.len());
    assert!(circles.is_empty(), "{} pairs import each other:\n{}", circles.len(), circles.join("\n"));
}

/// All modules of a source folder, without their tests.
fn modules(folder: &Path) -> Modules {
    let mut modules = Modules::new();
    let mut folders = vec![(folder.to_owned(), Vec::new())];
    while let Some((folder, path)) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("the folder can be listed") {
            let file = entry.expect("the folder can be listed").path();
            let mut path: Vec<String> = path.clone();
            let name = file.file_stem().expect("a file has a name").to_string_lossy().into_owned();
            if !matches!(name.as_str(), "lib" | "main" | "mod") {
                path.push(name);
            }
            if file.is_dir() {
                folders.push((file, path));
            } else if file.extension().is_some_and(|extension| extension == "rs") {
                modules
                    .entry(path)
                    .or_default()
                    .push_str(&code(&std::fs::read_to_string(&file).expect("a source can be read")));
            }
        }
    }
    modules
}

/// A source without comments and without the tests at its end.
fn code(source: &str) -> String {
    let source = source.split("#[cfg(test)]\nmod ").next().unwrap_or("");
    source.lines().filter(|line| !line.trim_start().starts_with("//")).flat_map(|line| [line, "\n"]).collect()
}

/// Pairs of siblings that import each other.
fn circles_of(modules: &Modules) -> Vec<(String, String)> {
    let mut arrows = BTreeSet::new();
    for (from, source) in modules {
        for to in imports(from, source).into_iter().map(|path| deepest(modules, path)) {
            let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
            if shared < from.len() && shared < to.len() {
                arrows.insert((from[..=shared].join("::"), to[..=shared].join("::")));
            }
        }
    }
    let is_circle = |(a, b): &&(String, String)| a < b && arrows.contains(&(b.clone(), a.clone()));
    arrows.iter().filter(is_circle).cloned().collect()
}

/// The module that a path leads to, which may go on to an item in it.
fn deepest(modules: &Modules, mut path: Vec<String>) -> Vec<String> {
    while !path.is_empty() && !modules.contains_key(&path) {
        path.pop();
    }
    path
}

/// What a module imports from its crate, as paths from the root.
fn imports(module: &[String], source: &str) -> Vec<Vec<String>> {
    let mut paths = Vec::new();
    let mut rest = source;
    while let Some(at) = ["crate::", "super::"].iter().filter_map(|start| rest.find(start)).min() {
        let before = rest[..at].chars().next_back();
        let tree = &rest[at..];
        rest = &rest[at + "crate::".len()..];
        if before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '$' | ':')) {
            continue;
        }
        for path in leaves(tree) {
            let n_supers = path.iter().take_while(|part| *part == "super").count();
            let base = if n_supers == 0 { &[][..] } else { &module[..module.len().saturating_sub(n_supers)] };
            paths.push(base.iter().cloned().chain(path.into_iter().skip(n_supers.max(1))).collect());
        }
    }
    paths
}

/// The paths of a tree such as `super::{a, b::{c, d}}` at the start of a text.
fn leaves(text: &str) -> Vec<Vec<String>> {
    let (mut paths, mut path, mut opened, mut word) = (Vec::new(), Vec::new(), Vec::new(), String::new());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            c if c.is_alphanumeric() || c == '_' => word.push(c),
            ':' if chars.next_if_eq(&':').is_some() => path.push(std::mem::take(&mut word)),
            '{' if word.is_empty() && !path.is_empty() => opened.push(path.len()),
            ',' | '}' if !opened.is_empty() => {
                if !word.is_empty() {
                    paths.push(path.iter().cloned().chain([std::mem::take(&mut word)]).collect());
                }
                path.truncate(*opened.last().unwrap_or(&0));
                if c == '}' {
                    opened.pop();
                    path.truncate(*opened.last().unwrap_or(&path.len()));
                }
            }
            c if c.is_whitespace() && !opened.is_empty() => {
                // What follows is `as` and another name.
                if !word.is_empty() {
                    paths.push(path.iter().cloned().chain([std::mem::take(&mut word)]).collect());
                    chars.by_ref().take_while(|c| !matches!(c, ',' | '}')).for_each(drop);
                }
            }
            _ => break,
        }
        if opened.is_empty() && !paths.is_empty() {
            break;
        }
    }
    if paths.is_empty() {
        path.push(word);
        paths.push(path);
    }
    paths
}

#[test]
fn circles_are_found_and_nothing_else() {
    let paths = |text: &str| leaves(text).iter().map(|path| path.join("::")).collect::<Vec<_>>();
    assert_eq!(paths("super::a::b;"), ["super::a::b"]);
    assert_eq!(paths("super::{a, b::{c, d},\n    e::f};"), ["super::a", "super::b::c", "super::b::d", "super::e::f"]);
    assert_eq!(paths("crate::a::B::new()"), ["crate::a::B::new"]);
    let of = |all: &[(&str, &str)]| {
        let path = |path: &str| path.split("::").filter(|part| !part.is_empty()).map(str::to_owned).collect();
        let modules = all.iter().map(|(name, source)| (path(name), code(source))).collect();
        circles_of(&modules).into_iter().map(|(a, b)| format!("{a} {b}")).collect::<Vec<_>>()
    };
    let child = ("", "mod a; mod b; use a::A; use b::B;");
    assert_eq!(of(&[child, ("a", "use super::b::B;"), ("b", "use super::A;")]), Vec::<String>::new());
    assert_eq!(of(&[child, ("a", "use super::b::B;"), ("b", "fn f() { crate::a::g() }")]), ["a b"]);
    assert_eq!(
        of(&[child, ("a", "use super::b::B;"), ("b", "// crate::a::g()\n#[cfg(test)]\nmod t { use crate::a; }")]),
        Vec::<String>::new()
    );
    assert_eq!(of(&[("a", ""), ("a::x", "use crate::b::y::Y;"), ("b", ""), ("b::y", "use crate::a::X;")]), ["a b"]);
    assert_eq!(of(&[("a", ""), ("a::x", "use super::y::{self, Y};"), ("a::y", "use super::x;")]), ["a::x a::y"]);
}
