//! `list` and `describe`.

use exhibit::declaration::{Control, Exhibit, Kind};
use exhibits::EXHIBITS;
use serde_json::{Value as Json, json};

use crate::failure::Failure;
use crate::say;

/// Every exhibit on a line.
pub(crate) fn list(as_json: bool) -> Result<(), Failure> {
    if as_json {
        let row = |e: &&Exhibit| json!({"id": e.id, "title": e.title, "lecture": e.lecture, "group": e.group, "claim": e.claim});
        return say::line(EXHIBITS.iter().map(row).collect::<Json>());
    }
    EXHIBITS.iter().try_for_each(|e| say::line(format_args!("{:<16} {}", e.id, e.title)))
}

fn range(kind: &Kind) -> String {
    match kind {
        Kind::Real { min, max, default, .. } => format!("{min} to {max}, default {default}"),
        Kind::Integer { min, max, default, .. } => format!("whole number {min} to {max}, default {default}"),
        Kind::Seed { default } => format!("whole number 0 to {}, default {default}", u32::MAX),
        Kind::Text { default, max_chars } => format!("text, up to {max_chars} characters, default {default}"),
        Kind::Choice { options } => {
            let keys: Vec<_> = options.iter().map(|o| o.0).collect();
            format!("{}, default {}", keys.join(" | "), keys.first().unwrap_or(&""))
        }
    }
}

fn json_from_kind(kind: &Kind) -> Json {
    match kind {
        Kind::Real { min, max, step, default, .. } => {
            json!({"kind": "real", "min": min, "max": max, "step": step, "default": default})
        }
        Kind::Integer { min, max, step, default, .. } => {
            json!({"kind": "integer", "min": min, "max": max, "step": step, "default": default})
        }
        Kind::Seed { default } => json!({"kind": "seed", "min": 0, "max": u32::MAX, "default": default}),
        Kind::Text { default, max_chars } => json!({"kind": "text", "max_chars": max_chars, "default": default}),
        Kind::Choice { options } => {
            let keys: Vec<_> = options.iter().map(|o| o.0).collect();
            json!({"kind": "choice", "options": keys, "default": keys.first()})
        }
    }
}

/// What the build writes into the pages.
pub(crate) fn pages() -> Result<(), Failure> {
    let pages = exhibit::page::pages(EXHIBITS).map_err(|error| Failure::Job(error.to_string()))?;
    say::line(serde_json::to_string(&pages).map_err(|error| Failure::Job(error.to_string()))?)
}

/// One exhibit in full.
pub(crate) fn describe(exhibit: &Exhibit, as_json: bool) -> Result<(), Failure> {
    if as_json {
        let mut controls = Vec::new();
        for control in exhibit.controls {
            let mut row = json_from_kind(&control.kind);
            row["key"] = json!(control.key);
            row["name"] = json!(control.name);
            row["help"] = json!(control.help);
            controls.push(row);
        }
        let preset = |p: &exhibit::declaration::Preset| {
            let values: serde_json::Map<String, Json> =
                p.values.iter().map(|(k, v)| ((*k).to_owned(), json!(v))).collect();
            json!({"key": p.key, "name": p.name, "help": p.help, "values": values})
        };
        let figure = |f: &exhibit::declaration::FigureSpec| json!({"id": f.id, "title": f.title, "caption": f.caption});
        let readout = |r: &exhibit::declaration::ReadoutSpec| json!({"key": r.key, "name": r.name, "help": r.help});
        let description = json!({
            "id": exhibit.id,
            "title": exhibit.title,
            "lecture": exhibit.lecture,
            "claim": exhibit.claim,
            "controls": controls,
            "presets": exhibit.presets.iter().map(preset).collect::<Json>(),
            "figures": exhibit.figures.iter().map(figure).collect::<Json>(),
            "readouts": exhibit.readouts.iter().map(readout).collect::<Json>(),
        });
        return say::line(description);
    }
    let Exhibit { id, title, claim, .. } = exhibit;
    let mut lines = vec![format!("{id} — {title}\n{claim}\n"), "Controls (--set KEY=VALUE):".to_owned()];
    let control = |c: &Control| format!("  {:<12} {}\n               {}", c.key, c.help, range(&c.kind));
    lines.extend(exhibit.controls.iter().map(control));
    lines.push("\nPresets (--preset KEY):".to_owned());
    lines.extend(exhibit.presets.iter().map(|p| format!("  {:<14} {}", p.key, p.help)));
    lines.push("\nFigures:".to_owned());
    lines.extend(exhibit.figures.iter().map(|f| format!("  {:<20} {}", f.id, f.title)));
    lines.push("\nReadouts:".to_owned());
    lines.extend(exhibit.readouts.iter().map(|r| format!("  {:<14} {}", r.key, r.help)));
    say::line(lines.join("\n"))
}
