//! The binary as a person or a script calls it.

use std::process::{Command, Output, Stdio};

use serde_json::Value as Json;

/// Small nets, so that a call takes milliseconds.
const SMALL: [&str; 6] = ["--set", "width=20", "--set", "nets=3", "--set", "depth=6"];

fn call(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_depthscope")).args(arguments).output().expect("the binary starts")
}

fn json(arguments: &[&str]) -> Json {
    let output = call(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON and nothing else")
}

fn run(settings: &[&str]) -> Json {
    json(&[&["run", "order-chaos", "--json"], &SMALL[..], settings].concat())
}

#[test]
fn what_is_not_allowed_ends_with_2_and_one_line_that_names_it() {
    for (arguments, words) in [
        (&["run", "nowhere"][..], &["nowhere", "order-chaos"][..]),
        (&["describe", "nowhere"], &["nowhere", "order-chaos"]),
        (&["run", "order-chaos", "--set", "sigma_x=1"], &["sigma_x", "sigma_w"]),
        (&["run", "order-chaos", "--set", "sigma_w=abc"], &["sigma_w", "abc"]),
        (&["run", "order-chaos", "--set", "sigma_w=1e9"], &["sigma_w", "20"]),
        (&["run", "order-chaos", "--set", "sigma_w=NaN"], &["sigma_w"]),
        (&["run", "order-chaos", "--set", "depth=2.5"], &["depth", "whole number"]),
        (
            &["run", "order-chaos", "--set", "sigma_w=1,234"],
            &["For sigma_w, “1,234” can be read as 1.234 and as 1234: write 1.234 or 1234."],
        ),
        (&["run", "regions", "--set", "steps=2.000"], &["For steps, “2.000” can be read as 2 and as 2000"]),
        (&["run", "order-chaos", "--set", "sigma_w=1/0"], &["sigma_w", "it divides by zero."]),
        (&["run", "regions", "--set", "points=0,5;1,5"], &["points", "0,5_1,5 and as 0.5,1.5"]),
        (
            &["run", "sawtooth", "--set", r"polynomial=x + \sin x"],
            &["polynomial", r"character 5: “\sin” is not known here."],
        ),
        (&["run", "order-chaos", "--set", "activation=foo"], &["foo", "tanh"]),
        (&["run", "order-chaos", "--set", "sigma_w"], &["KEY=VALUE"]),
        (&["run", "order-chaos", "--preset", "nope"], &["nope", "lecun"]),
        (&["run", "order-chaos", "--backend", "abacus"], &["abacus", "cpu"]),
        (&["open", "https://host/nowhere/?sigma_w=1"], &["nowhere"]),
        (&["bench", "T99"], &["T99", "T2"]),
    ] {
        let output = call(arguments);
        let text = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {text}");
        assert_eq!(text.trim_end().lines().count(), 1, "{arguments:?}: {text}");
        assert!(words.iter().all(|w| text.contains(w)), "{arguments:?}: {text}");
        let said = text.trim_end().trim_start_matches("depthscope: ");
        assert!(
            !said.starts_with(char::is_lowercase) && said.ends_with('.') && !said.ends_with(".."),
            "{arguments:?}: {text}"
        );
        assert!(output.stdout.is_empty(), "{arguments:?}");
    }
}

#[test]
fn json_holds_everything_and_no_bare_nan() {
    let result = run(&["--set", "sigma_w=2.5"]);
    assert_eq!((&result["exhibit"], &result["backend"]), (&Json::from("order-chaos"), &Json::from("cpu")));
    assert_eq!(result["controls"]["sigma_w"], 2.5);
    assert_eq!(result["readouts"]["phase"], "chaotic");
    // Reference: mean-field theory at σ_w = 2.5, σ_b = 0.3.
    let q_star = result["readouts"]["q_star"].as_f64().expect("a number");
    assert!((q_star / 4.079_123_875_282_245 - 1.0).abs() < 1e-6, "{q_star}");
    for id in [
        "phase",
        "correlation-depth",
        "length-map",
        "correlation-map",
        "gradient-depth",
        "correlation-matrix",
        "manifold",
    ] {
        assert!(result["figures"][id]["series"].as_array().is_some_and(|s| !s.is_empty()), "{id}");
    }
}

#[test]
fn infinite_is_a_string_and_undefined_is_null() {
    let critical = run(&["--preset", "he"]);
    assert_eq!((&critical["readouts"]["phase"], &critical["readouts"]["xi_c"]), (&"critical".into(), &"inf".into()));
    let unbounded = run(&["--set", "activation=relu", "--set", "sigma_w=2"]);
    assert_eq!((&unbounded["readouts"]["phase"], &unbounded["readouts"]["q_star"]), (&"unbounded".into(), &Json::Null));
}

#[test]
fn a_link_gives_the_numbers_of_its_flags() {
    let flags = run(&["--set", "sigma_w=2.5", "--set", "seed=7"]);
    let opened = json(&[
        "open",
        "https://host/lab/order-chaos/?sigma_w=2.5&seed=7&width=20&nets=3&depth=6&theme=dark",
        "--json",
    ]);
    assert_eq!(flags["readouts"], opened["readouts"]);
    assert_eq!(flags["figures"], opened["figures"]);
    let own = flags["link"].as_str().expect("a link").to_owned();
    assert_eq!(json(&["open", &own, "--json"])["readouts"], flags["readouts"]);
}

#[test]
fn a_bad_link_is_opened_with_a_note() {
    let output = call(&["open", "order-chaos/?sigma_w=1e9&width=20&nets=3&depth=2&x=1"]);
    let notes = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && notes.contains("1e9") && notes.contains("“x”"), "{notes}");
}

/// The same numbers from whatever stands for them, and a line for each that is not seen.
#[test]
fn what_was_read_is_told_where_it_is_not_seen() {
    let plain = run(&["--set", "sigma_b=0.3", "--set", "sigma_w=1.4142135623730951"]);
    let typed = ["--set", "sigma_b=0,3", "--set", "Sigma-W=sqrt(2)"];
    let output = call(&[&["run", "order-chaos", "--json"], &SMALL[..], &typed].concat());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("depthscope: sigma_b: read “0,3” as 0.3\n"), "{said}");
    assert!(said.contains("depthscope: sigma_w: read “sqrt(2)” as 1.4142135623730951\n"), "{said}");
    let result: Json = serde_json::from_slice(&output.stdout).expect("JSON and nothing else");
    assert_eq!(result["readouts"], plain["readouts"]);
    let link = "order-chaos/?nets=3&depth=6&amp;width=20&fbclid=x#sigma_b=0,3&sigma_w=√2)";
    let output = call(&["open", link, "--json"]);
    let said = String::from_utf8_lossy(&output.stderr);
    let own: Vec<&str> = said.lines().filter(|line| line.starts_with("depthscope: ")).collect();
    assert!(own.len() == 2 && own[0].ends_with("sigma_b: read “0,3” as 0.3"), "{said}");
    let opened: Json = serde_json::from_slice(&output.stdout).expect("JSON and nothing else");
    assert_eq!(opened["readouts"], plain["readouts"]);
    assert!(opened["link"].as_str().is_some_and(|link| link.ends_with("&fbclid=x")), "{}", opened["link"]);
}

#[test]
fn a_folder_gets_every_figure_in_every_form() {
    let folder = std::env::temp_dir().join(format!("depthscope-test-{}", std::process::id()));
    let path = folder.to_str().expect("a plain path");
    let output = call(&[&["run", "order-chaos", "--out", path], &SMALL[..]].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let result: Json = serde_json::from_slice(&std::fs::read(folder.join("result.json")).unwrap()).unwrap();
    let figures = result["figures"].as_object().expect("figures");
    assert!(figures.len() >= 7);
    for id in figures.keys() {
        let read = |form: &str| std::fs::read(folder.join(format!("{id}.{form}"))).unwrap();
        assert!(read("svg").starts_with(b"<svg"), "{id}");
        assert!(read("png").starts_with(b"\x89PNG"), "{id}");
        assert!(read("csv").contains(&b'\n'), "{id}");
    }
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn every_exhibit_is_listed_and_described() {
    let list = json(&["list", "--json"]);
    for exhibit in list.as_array().expect("a list") {
        let description = json(&["describe", exhibit["id"].as_str().expect("an id"), "--json"]);
        assert_eq!(description["title"], exhibit["title"]);
        assert!(description["controls"].as_array().is_some_and(|c| c.iter().all(|c| c["key"].is_string())));
    }
}

/// `depthscope run … | head -c 10`.
#[test]
fn a_reader_that_has_seen_enough_ends_a_command_quietly() {
    for arguments in [&["describe", "order-chaos"][..], &[&["run", "order-chaos", "--json"], &SMALL[..]].concat()] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_depthscope"));
        command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the binary starts");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("the binary ends");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && !said.contains("panicked"), "{arguments:?}: {said}");
        assert!(!said.contains("depthscope:"), "{arguments:?}: {said}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_said_in_a_line() {
    let run = [&["run", "order-chaos", "--json"], &SMALL[..]].concat();
    for arguments in [&["list"][..], &["list", "--json"], &["describe", "regions"], &["pages"], &run] {
        let full = std::fs::File::options().write(true).open("/dev/full").expect("a device that is full");
        let output = Command::new(env!("CARGO_BIN_EXE_depthscope")).args(arguments).stdout(full).output();
        let output = output.expect("the binary starts");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {said}");
        let lines: Vec<&str> = said.lines().filter(|line| line.starts_with("depthscope:")).collect();
        assert!(matches!(lines[..], [line] if line.contains("output could not be written")), "{arguments:?}: {said}");
    }
}

/// Twenty-four bars, upright (1) and level (0), as IDX files.
fn own_files(folder: &std::path::Path) -> [String; 2] {
    let (mut images, mut labels) = (Vec::new(), Vec::new());
    [0x803_u32, 24, 28, 28].iter().for_each(|word| images.extend(word.to_be_bytes()));
    [0x801_u32, 24].iter().for_each(|word| labels.extend(word.to_be_bytes()));
    for i in 0..24_usize {
        labels.push((i % 2) as u8);
        for k in 0..784 {
            let across = if i % 2 == 1 { k % 28 } else { k / 28 };
            images.push(if usize::abs_diff(across, 8 + i / 2) < 2 { 255 } else { 0 });
        }
    }
    std::fs::create_dir_all(folder).expect("a folder");
    [("bars-images.idx", images), ("bars-labels.idx", labels)].map(|(name, bytes)| {
        let path = folder.join(name);
        std::fs::write(&path, bytes).expect("a file");
        path.to_str().expect("a plain path").to_owned()
    })
}

#[test]
fn own_files_are_learnt_and_bad_ones_named() {
    let folder = std::env::temp_dir().join(format!("depthscope-own-{}", std::process::id()));
    let [images, labels] = own_files(&folder);
    let run = ["run", "filters", "--json", "--set", "net=perceptron", "--set", "steps=60", "--set", "image=0"];
    let ran = json(&[&run[..], &["--files", &images, &labels]].concat());
    assert_eq!(ran["controls"]["images"], "own");
    assert_eq!(ran["readouts"]["test_error"], 0.0, "{}", ran["readouts"]);
    assert_eq!(ran["notices"].as_array().map(Vec::len), Some(0), "{}", ran["notices"]);
    // The folder holds the same.
    let of_folder = json(&[&run[..], &["--files", folder.to_str().expect("a plain path")]].concat());
    assert_eq!(of_folder["readouts"], ran["readouts"]);
    for (arguments, why) in [
        ([&run[..], &["--files", &images]].concat(), "iles of images: 1, files of labels: 0"),
        ([&run[..], &["--files", "/dev/null"]].concat(), "dev/null begins with nothing"),
        (vec!["run", "order-chaos", "--files", &images], "exhibit order-chaos takes no files"),
    ] {
        let output = call(&arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(2) && said.contains(why), "{arguments:?}: {said}");
    }
    std::fs::remove_dir_all(folder).expect("a folder of the test");
}
