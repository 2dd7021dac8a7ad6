//! `run`, `open` and `bench`.

use std::path::Path;

use exhibit::declaration::Exhibit;
use exhibit::prose::sentence;
use exhibit::{Link, Opened, pairs_from_query};
use exhibits::job::JobError;
use protocol::Backend;

use crate::block_on::block_on;
use crate::failure::Failure;
use crate::host::NativeHost;
use crate::output;
use crate::packs::Packs;
use crate::pool::n_cores;
use crate::say;

/// The exhibit with this id.
pub(crate) fn exhibit(id: &str) -> Result<&'static Exhibit, Failure> {
    exhibits::exhibit(id).ok_or_else(|| {
        let known: Vec<_> = exhibits::EXHIBITS.iter().map(|e| e.id).collect();
        Failure::Usage(format!("there is no exhibit “{id}”; there are {}", known.join(", ")))
    })
}

/// Reads the flags of `run`, and says what was read where that is not to be seen. Anything that is not allowed fails.
pub(crate) fn link_from_flags(
    id: &str,
    preset: Option<&str>,
    set: &[String],
    backend: Option<&str>,
) -> Result<(Link, Vec<String>), Failure> {
    let exhibit = exhibit(id)?;
    let (mut link, mut notes) = (Link::new(exhibit), Vec::new());
    let usage = |e: exhibit::ValueError| Failure::Usage(e.to_string());
    if let Some(key) = preset {
        link.values.set_preset_by_key(key).map_err(usage)?;
    }
    for pair in set {
        let (key, text) = pair
            .split_once('=')
            .ok_or_else(|| Failure::Usage(format!("--set {pair}: expected KEY=VALUE, e.g. --set sigma_w=1.5")))?;
        let key = exhibit.control_typed(key).map_or(key, |control| control.key);
        let read = link.values.set_text(key, text).map_err(usage)?;
        notes.extend(read.echo(text).map(|echo| format!("{key}: {echo}")));
        exhibits::check_text(id, key, text)
            .map_err(|why| Failure::Usage(format!("the text of {key} cannot be read: {why}")))?;
    }
    if let Some(key) = backend {
        link.view.backend = self::backend(key)?;
    }
    Ok((link, notes))
}

/// Reads `--backend`.
pub(crate) fn backend(key: &str) -> Result<Backend, Failure> {
    Backend::from_key(key).ok_or_else(|| Failure::Usage(format!("--backend {key}: not one of auto, cpu, gpu")))
}

/// Reads an address of the page; what it cannot read, and what it reads otherwise than is seen, is returned in sentences.
pub(crate) fn link_from_address(address: &str) -> Result<(Link, Vec<String>), Failure> {
    let address = address.trim();
    let (path, tail) = address.split_at(address.find(['?', '#']).unwrap_or(address.len()));
    let path = path.trim_end_matches("index.html").trim_end_matches('/');
    let named = pairs_from_query(tail).into_iter().find(|(key, _)| key == "exhibit").map(|(_, id)| id);
    let id = named.unwrap_or_else(|| path.rsplit('/').next().unwrap_or("").to_owned());
    let Opened { link, errors, echoes } = Link::open(exhibit(&id)?, tail);
    let sentences = errors.iter().map(|error| sentence(&error.to_string()));
    Ok((link, sentences.chain(echoes).collect()))
}

/// Computes and hands over; `packs` are those of a person's own files.
pub(crate) fn run(link: &Link, packs: Packs, json: bool, out: Option<&Path>) -> Result<(), Failure> {
    let exhibit = link.values.exhibit();
    let mut job = exhibits::new_job(exhibit.id)
        .ok_or_else(|| Failure::Job(format!("the exhibit {} has no computation", exhibit.id)))?;
    let mut host = NativeHost::new(link.view.backend).with_packs(packs);
    let result = block_on(job.run(&link.values, &mut host));
    host.finish();
    match result {
        Ok(()) => {}
        Err(JobError::Cancelled) => return Err(Failure::Job("the computation was cancelled".into())),
        Err(JobError::Failed(message)) => return Err(Failure::Job(message)),
    }
    for notice in &host.notices {
        let control = notice.control.as_ref().map_or_else(String::new, |key| format!("{key}: "));
        say::note(format_args!("depthscope: {control}{}", notice.text));
    }
    match out {
        Some(folder) => output::write_folder(folder, link, &host),
        None if json => output::print_json(link, &host),
        None => output::print_readouts(link, &host),
    }
}

/// Times the tasks, all of them when none is named: on one core, on all of them, and on the graphics device where there
/// is one or `backend` asks for whatever there is.
pub(crate) fn bench(names: &[String], backend: Backend, json: bool) -> Result<(), Failure> {
    let known = || bench::TASKS.iter().map(|t| t.key).collect::<Vec<_>>().join(", ");
    if let Some(unknown) = names.iter().find(|n| !bench::TASKS.iter().any(|t| t.key == n.as_str())) {
        return Err(Failure::Usage(format!("there is no task “{unknown}”; there are {}", known())));
    }
    let chosen: Vec<_> = bench::TASKS.iter().filter(|t| names.is_empty() || names.iter().any(|n| n == t.key)).collect();
    let started = std::time::Instant::now();
    let clock = || started.elapsed().as_secs_f64() * 1e3;
    let (mut reports, mut failed, mut said) = (Vec::new(), None, Ok(()));
    let tell = |task: &bench::Task, result| match result {
        Ok(report) => {
            if !json && said.is_ok() {
                said = say::line(&report);
            }
            reports.push(report);
        }
        Err(failure) => {
            say::note(format_args!("{}: {failure}", task.key));
            // A task whose data are not there is not timed; anything else is no speed but a fault.
            if !matches!(failure, bench::Failure::NoData(_)) {
                failed.get_or_insert_with(|| format!("{}: {failure}", task.key));
            }
        }
    };
    block_on(bench::run(&chosen, &mut NativeHost::new(backend), &clock, n_cores(), tell));
    said?;
    if json {
        say::line(serde_json::Value::from(reports.iter().map(output::json_from_report).collect::<Vec<_>>()))?;
    }
    let missed = reports.iter().flat_map(|r| r.missed().map(move |c| format!("{} on {}: {c}", r.key, r.on)));
    missed.into_iter().chain(failed).next().map_or(Ok(()), |first| Err(Failure::Check(first)))
}
