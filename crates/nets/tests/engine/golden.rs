//! Reference values: the folder named by `DEPTHSCOPE_GOLDEN`, by default `shared/golden` beside the repository. Cargo runs tests in
//! the folder of their package; a path that was compiled in would be that of another clone with the same target folder.

use std::path::PathBuf;

use serde_json::Value;

pub(crate) fn cases(file: &str) -> Vec<Value> {
    let folder =
        std::env::var_os("DEPTHSCOPE_GOLDEN").map_or_else(|| PathBuf::from("../../../shared/golden"), PathBuf::from);
    let path = folder.join(file);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let root: Value = serde_json::from_str(&text).expect("JSON");
    root["cases"].as_array().expect("a list of cases").clone()
}

pub(crate) fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is not a number"))
}

pub(crate) fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("a list").iter().map(number).collect()
}
