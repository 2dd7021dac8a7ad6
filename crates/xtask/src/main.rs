//! `cargo xtask`: the workspace's own commands.

mod bench;
mod bundle;
mod checks;
mod files;
mod idx;
mod idx_files;
mod lean;
mod names;
mod offline;
mod order;
mod page;
mod pages;
mod policy;
mod previews;
mod prune;
mod sections;
mod sizes;
mod steps;
mod wasm;

use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use xtask::server::{Server, Site};
use xtask::workspace::Workspace;

use crate::page::Options;

const HELP: &str = "\
cargo xtask serve [--port N] [--no-build] [--only GROUP]   build the release page and serve it on localhost
cargo xtask build [--site-url URL] [--only GROUP]   build the deployable folder dist/ and print its sizes
cargo xtask data [--no-download]                    turn MNIST and Fashion-MNIST into packs that a build includes
cargo xtask test [STEP]...                          run all checks, or only the named steps
cargo xtask bench [ARGUMENT]...                     measure; the arguments are those of `depthscope bench`

With --only, the exhibits of one group are built: see `group` in their declarations.
DEPTHSCOPE_DATA names a folder with the IDX files of MNIST or Fashion-MNIST, gzipped or not, e.g. in mnist/.";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> Result<()> {
    let Some((command, rest)) = arguments.split_first() else { bail!("which command?\n\n{HELP}") };
    let mut rest = Arguments(rest.to_vec());
    match command.as_str() {
        "serve" => {
            let port = rest
                .value("--port")?
                .map_or(Ok(8080), |port| port.parse().with_context(|| format!("--port {port}")))?;
            let (build, only) = (!rest.flag("--no-build"), rest.value("--only")?);
            rest.end()?;
            serve(port, build.then_some(Options { site_url: None, only: only.as_deref() }))
        }
        "build" => {
            let (site_url, only) = (rest.value("--site-url")?, rest.value("--only")?);
            rest.end()?;
            let options = Options { site_url: site_url.as_deref(), only: only.as_deref() };
            page::build(&Workspace::find()?, options)?.print();
            Ok(())
        }
        "data" => {
            let download = !rest.flag("--no-download");
            rest.end()?;
            idx::make_packs(&Workspace::find()?, download)
        }
        "test" => checks::run(&Workspace::find()?, &rest.0),
        "bench" => bench::run(&Workspace::find()?, &rest.0),
        "help" | "--help" | "-h" => {
            println!("{HELP}\n\nSteps of the test: {}.", checks::names().join(", "));
            Ok(())
        }
        other => bail!("there is no command `{other}`\n\n{HELP}"),
    }
}

fn serve(port: u16, build: Option<Options<'_>>) -> Result<()> {
    let workspace = Workspace::find()?;
    if let Some(options) = build {
        page::build(&workspace, options)?.print();
    }
    let dist = workspace.dist();
    if !dist.join("index.html").is_file() {
        bail!("{} holds no built page; leave out --no-build", dist.display());
    }
    let site = Site { folders: [("/".to_owned(), dist)].into(), ..Site::default() };
    let server = Server::start(site, port).context("nothing can be served there; try --port N")?;
    println!("\nDepthscope: http://localhost:{}/   (Ctrl-C ends it)", server.port);
    server.wait();
    Ok(())
}

/// Arguments that are taken out one by one; what is left over is an error.
struct Arguments(Vec<String>);

impl Arguments {
    fn flag(&mut self, name: &str) -> bool {
        let before = self.0.len();
        self.0.retain(|argument| argument != name);
        self.0.len() < before
    }

    fn value(&mut self, name: &str) -> Result<Option<String>> {
        let Some(at) = self.0.iter().position(|argument| argument == name) else { return Ok(None) };
        if at + 1 == self.0.len() {
            bail!("{name} needs a value");
        }
        self.0.remove(at);
        Ok(Some(self.0.remove(at)))
    }

    fn end(&self) -> Result<()> {
        match self.0.first() {
            None => Ok(()),
            Some(argument) => bail!("unknown argument `{argument}`\n\n{HELP}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_taken_once_and_the_rest_is_refused() {
        let mut arguments = Arguments(["--port", "81", "--no-build", "x"].map(str::to_owned).to_vec());
        assert_eq!(arguments.value("--port").unwrap().as_deref(), Some("81"));
        assert!(arguments.flag("--no-build"));
        assert!(arguments.end().unwrap_err().to_string().contains("`x`"));
        assert!(Arguments(vec!["--port".into()]).value("--port").is_err());
    }
}
