//! `depthscope`: the exhibits without a browser. The numbers are those of the page.

mod block_on;
mod describe;
mod failure;
mod host;
mod output;
mod own;
mod packs;
mod pool;
mod run;
mod say;
mod train;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use failure::Failure;

#[derive(Parser)]
#[command(name = "depthscope", version, about = "A lab for the theory of deep learning")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List the exhibits
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Show an exhibit's controls, presets, figures and readouts
    Describe {
        /// The exhibit's id, see `depthscope list`
        exhibit: String,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Print what the build writes into the pages, as JSON
    #[command(hide = true)]
    Pages,
    /// Compute an exhibit
    Run {
        /// The exhibit's id, see `depthscope list`
        exhibit: String,
        /// Start from a preset
        #[arg(long, value_name = "PRESET")]
        preset: Option<String>,
        /// Set a control; may be repeated
        #[arg(long = "set", value_name = "KEY=VALUE")]
        set: Vec<String>,
        /// Which hardware computes
        #[arg(long, value_name = "auto|cpu|gpu")]
        backend: Option<String>,
        #[command(flatten)]
        output: Output,
    },
    /// Compute what an address of the page shows
    Open {
        /// The address, e.g. https://…/order-chaos/?sigma_w=1.5
        link: String,
        #[command(flatten)]
        output: Output,
    },
    /// Train a net that has a name, again from its seed
    Train {
        /// Which; none lists them
        name: Option<String>,
        /// The seed of weights, order and distortions
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// How often every image is seen, where it is to be another number than usual
        #[arg(long, value_parser = clap::value_parser!(u64).range(1..=10_000))]
        epochs: Option<u64>,
        /// Print what was found as JSON
        #[arg(long)]
        json: bool,
        /// Write the net with a README and a class of PyTorch into this folder
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
    /// Time the benchmark tasks
    Bench {
        /// Task names; none for all
        tasks: Vec<String>,
        /// auto times a graphics device where there is one, gpu also a program in its place, cpu none
        #[arg(long, default_value = "auto")]
        backend: String,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
}

#[derive(Args)]
struct Output {
    /// Print everything as JSON
    #[arg(long, conflicts_with = "out")]
    json: bool,
    /// Write result.json and each figure as SVG, PNG and CSV into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Open your own images: IDX files, PNG pictures named by their class, or folders of those
    #[arg(long, value_name = "PATH", num_args = 1..)]
    files: Vec<PathBuf>,
}

fn main() -> ExitCode {
    match command(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if !matches!(failure, Failure::Closed) {
                say::note(format_args!("depthscope: {failure}"));
            }
            ExitCode::from(failure.exit_code())
        }
    }
}

fn compute(mut link: exhibit::Link, notes: &[String], output: &Output) -> Result<(), Failure> {
    notes.iter().for_each(|note| say::note(format_args!("depthscope: {note}")));
    let mut packs = packs::Packs::default();
    if !output.files.is_empty() {
        let set = own::open(&output.files, &mut link)?;
        say::note(format_args!("depthscope: {}", set.told));
        packs = packs::Packs::with_own(set.packs().into());
    }
    run::run(&link, packs, output.json, output.out.as_deref())
}

fn command(arguments: Arguments) -> Result<(), Failure> {
    match arguments.command {
        Command::List { json } => describe::list(json),
        Command::Pages => describe::pages(),
        Command::Describe { exhibit, json } => describe::describe(run::exhibit(&exhibit)?, json),
        Command::Run { exhibit, preset, set, backend, output } => {
            let (link, notes) = run::link_from_flags(&exhibit, preset.as_deref(), &set, backend.as_deref())?;
            compute(link, &notes, &output)
        }
        Command::Open { link, output } => {
            let (link, notes) = run::link_from_address(&link)?;
            compute(link, &notes, &output)
        }
        Command::Train { name: None, .. } => train::list(),
        Command::Train { name: Some(name), seed, epochs, json, out } => {
            let mut training = train::Training::new(&name, seed, epochs)?;
            training.run()?;
            training.report(json, out.as_deref())
        }
        Command::Bench { tasks, backend, json } => run::bench(&tasks, run::backend(&backend)?, json),
    }
}
