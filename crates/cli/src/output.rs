//! What a run hands over: a table of readouts, JSON, or a folder of files.

use std::path::Path;

use bench::Report;
use exhibit::{Link, Value};
use figures::{Style, Theme};
use protocol::{Notice, Readout};
use serde_json::{Map, Value as Json, json};

use crate::failure::Failure;
use crate::host::NativeHost;
use crate::say;

/// Width of an exported figure in CSS pixels; the PNG has twice as many.
const FIGURE_WIDTH: f64 = 800.0;
/// Where the nets that were measured are written.
const NETS_FOLDER: &str = "nets";

fn json_from_readout(readout: &Readout) -> Json {
    match readout {
        Readout::Number(x) => json!(x),
        Readout::Infinite => json!("inf"),
        Readout::Undefined(_) => Json::Null,
        Readout::Text(text) => json!(text),
    }
}

fn json_from_notice(notice: &Notice) -> Json {
    json!({"control": notice.control, "text": notice.text})
}

fn json_from_run(link: &Link, host: &NativeHost) -> Json {
    let exhibit = link.values.exhibit();
    let control = |key: &str| match link.values.get(key) {
        Some(Value::Real(x)) => json!(x),
        Some(Value::Integer(n)) => json!(n),
        Some(Value::Choice(c)) => json!(c),
        Some(Value::Text(text)) => json!(text),
        None => Json::Null,
    };
    let controls: Map<String, Json> = exhibit.controls.iter().map(|c| (c.key.to_owned(), control(c.key))).collect();
    let readouts: Map<String, Json> = host.readouts.iter().map(|(k, r)| (k.clone(), json_from_readout(r))).collect();
    let figures: Map<String, Json> = host.figures.iter().map(|f| (f.id.clone(), figures::json(f))).collect();
    json!({
        "exhibit": exhibit.id,
        "version": env!("CARGO_PKG_VERSION"),
        "backend": if host.figures.iter().any(|figure| figure.device.is_gpu()) { "gpu" } else { "cpu" },
        "link": format!("{}/?{}", exhibit.id, link.to_query()),
        "controls": controls,
        "readouts": readouts,
        "figures": figures,
        "notices": host.notices.iter().map(json_from_notice).collect::<Json>(),
    })
}

/// Everything on standard output.
pub(crate) fn print_json(link: &Link, host: &NativeHost) -> Result<(), Failure> {
    say::line(json_from_run(link, host))
}

/// The readouts, in the declared order.
pub(crate) fn print_readouts(link: &Link, host: &NativeHost) -> Result<(), Failure> {
    for spec in link.values.exhibit().readouts {
        let text = match host.readouts.get(spec.key) {
            Some(Readout::Number(x)) => figures::format_number(*x),
            Some(Readout::Infinite) => "∞".to_owned(),
            Some(Readout::Undefined(why)) => format!("— ({why})"),
            Some(Readout::Text(text)) => text.clone(),
            None => continue,
        };
        say::line(format_args!("{:<12} {:<32} {text}", spec.key, spec.name))?;
    }
    Ok(())
}

/// A file of a folder, which is made if it is not there.
pub(crate) fn write_file(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), Failure> {
    std::fs::create_dir_all(folder).map_err(|source| Failure::Write { path: folder.to_owned(), source })?;
    let path = folder.join(name);
    std::fs::write(&path, bytes).map_err(|source| Failure::Write { path, source })
}

/// `result.json`, SVG, PNG and CSV of each figure, and the nets that were measured.
pub(crate) fn write_folder(folder: &Path, link: &Link, host: &NativeHost) -> Result<(), Failure> {
    let write = |name: &str, bytes: &[u8]| write_file(folder, name, bytes);
    write("result.json", format!("{:#}\n", json_from_run(link, host)).as_bytes())?;
    let theme = match link.view.theme {
        exhibit::Theme::Dark => Theme::Dark,
        exhibit::Theme::Projector => Theme::Projector,
        exhibit::Theme::System | exhibit::Theme::Light => Theme::Light,
    };
    for figure in &host.figures {
        let aspect = link.values.exhibit().figure(&figure.id).map_or(1.5, |f| f.aspect);
        let size = |scale: f64| ((FIGURE_WIDTH * scale) as u32, (FIGURE_WIDTH / aspect * scale) as u32);
        let style = |scale: f64| Style { theme, scale, text_px: 14.0, ..Style::default() };
        let paint = |e: figures::PaintError| Failure::Job(format!("the figure {}: {e}", figure.id));
        let svg = figures::svg(figure, size(1.0), &style(1.0)).map_err(paint)?;
        write(&format!("{}.svg", figure.id), svg.as_bytes())?;
        write(&format!("{}.png", figure.id), &figures::png(figure, size(2.0), &style(2.0)).map_err(paint)?)?;
        write(&format!("{}.csv", figure.id), figures::csv(figure).as_bytes())?;
    }
    let nets = host.nets.as_ref().map(|nets| nets.files()).unwrap_or_default();
    if !nets.is_empty() {
        let path = folder.join(NETS_FOLDER);
        std::fs::create_dir_all(&path).map_err(|source| Failure::Write { path, source })?;
    }
    nets.iter().try_for_each(|(name, bytes)| write(&format!("{NETS_FOLDER}/{name}"), bytes))
}

/// A benchmark's report as JSON.
pub(crate) fn json_from_report(report: &Report) -> Json {
    let checks: Vec<Json> = report
        .checks
        .iter()
        .map(|c| json!({"name": c.name, "got": c.got, "expected": c.expected, "tolerance": c.tolerance, "holds": c.holds()}))
        .collect();
    json!({
        "task": report.key,
        "what": report.what,
        "on": report.on,
        "median_millis": report.median_millis,
        "min_millis": report.min_millis,
        "max_millis": report.max_millis,
        "bar_millis": report.bar_millis,
        "checks": checks,
    })
}
