//! `depthscope train`: the trainings that have names, again from their seeds.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use data::{Pack, digits};
use serde_json::json;
use training::{CATALOGUE, IN_A_PIECE, Images, Named, Piece, Score, Scores, Step, TrainedNet, Trainer, TrainingError};

use crate::failure::Failure;
use crate::packs::read_pack;
use crate::{output, say};

/// The list of names.
pub(crate) fn list() -> Result<(), Failure> {
    CATALOGUE.iter().try_for_each(|named| {
        say::line(format_args!("{:<18} {}, {} epochs (at most {})", named.key, named.what, named.epochs, named.bar))
    })
}

/// One of them, on its way.
pub(crate) struct Training {
    named: Named,
    trainer: Trainer,
    test: Images,
    test_score: Score,
    seconds: f64,
}

impl Training {
    /// Before its first step, with all its images.
    pub(crate) fn new(name: &str, seed: u64, epochs: Option<u64>) -> Result<Self, Failure> {
        let known = || CATALOGUE.iter().map(|named| named.key).collect::<Vec<_>>().join(", ");
        let named = Named::from_key(name)
            .ok_or_else(|| Failure::Usage(format!("there is no training “{name}”; there are {}", known())))?;
        let named = Named { epochs: epochs.unwrap_or(named.epochs), ..*named };
        let [first, rest @ ..] = named.data.training();
        let mut images = Images::new(&load(first)?);
        for piece in rest {
            images.append(&load(piece)?).map_err(failed)?;
        }
        let test = Images::with_standard(&load(named.test.test())?, images.standard());
        let recipe = named.recipe(images.n(), seed);
        let trainer = Trainer::new(&named.spec(), Arc::new(images), recipe).map_err(failed)?;
        Ok(Self { named, trainer, test, test_score: Score { n: 0, right: 0, loss: f64::NAN }, seconds: 0.0 })
    }

    /// All its epochs, with a note after each.
    pub(crate) fn run(&mut self) -> Result<(), Failure> {
        let an_epoch = self.trainer.recipe().steps_of_an_epoch(self.trainer.images().n());
        let started = Instant::now();
        for epoch in 1..=self.named.epochs {
            let mut sum = 0.0;
            for _ in 0..an_epoch {
                match self.trainer.step().map_err(failed)? {
                    Step::Done { loss, .. } => sum += loss,
                    Step::Diverged => return Err(Failure::Job(self.why_diverged())),
                }
            }
            self.test_score = self.trainer.score(&self.test, 0..self.test.n()).map_err(failed)?;
            self.seconds = started.elapsed().as_secs_f64();
            say::note(format_args!(
                "epoch {epoch} of {}: mean loss {:.4}, test error {:.2} %, {:.0} s",
                self.named.epochs,
                sum / an_epoch as f64,
                100.0 * self.test_score.error(),
                self.seconds
            ));
        }
        Ok(())
    }

    fn why_diverged(&self) -> String {
        let step = self.trainer.state().step();
        let rate = self.trainer.learning_rate(step);
        let limit = self.trainer.sharpness(256, 16).ok().and_then(|found| found.largest_stable_rate);
        let why = limit.map_or_else(String::new, |limit| format!("; the largest stable one there is {limit:.2e}"));
        format!("training diverged at step {step} with the learning rate {rate:.2e}{why}")
    }

    /// Prints its errors; writes the net into a folder, if one is named.
    pub(crate) fn report(mut self, json: bool, out: Option<&Path>) -> Result<(), Failure> {
        let images = Arc::clone(self.trainer.images());
        let train_error = self.trainer.score(&images, 0..images.n()).map_err(failed)?.error();
        let test_error = self.test_score.error();
        let scores = Scores { train_error: Some(train_error), test_error: Some(test_error) };
        let net = TrainedNet::of(&self.trainer, self.named.spec(), self.named.data.key(), scores);
        if let Some(folder) = out {
            for (file, bytes) in net.files(self.named.key).map_err(failed)? {
                output::write_file(folder, &file, &bytes)?;
            }
        }
        let Self { named, seconds, .. } = self;
        let seed = net.origin.recipe.seed;
        if json {
            return say::line(json!({
                "name": named.key, "seed": seed, "epochs": named.epochs, "steps": net.origin.steps,
                "parameters": net.parameters.len(), "train_error": train_error, "test_error": test_error,
                "seconds": seconds,
            }));
        }
        say::line(format_args!(
            "{}: {:.2} % of the test images of {} are classified wrongly (bar {}), {:.2} % of the training images; {} epochs \
             of {}, seed {seed}, {seconds:.0} s",
            named.key,
            100.0 * test_error,
            named.test.label(),
            named.bar,
            100.0 * train_error,
            named.epochs,
            named.data.label(),
        ))
    }
}

fn failed(error: TrainingError) -> Failure {
    Failure::Job(error.to_string())
}

fn load(piece: Piece) -> Result<Pack, Failure> {
    let pack = match piece {
        Piece::Pack(name) => Pack::decode(&read_pack(name).map_err(Failure::Job)?),
        Piece::Generated { seed } => digits::generate_pack(seed, IN_A_PIECE),
    };
    pack.map_err(|error| Failure::Job(error.to_string()))
}
