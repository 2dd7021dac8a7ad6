//! From a request to an exhibit's own code.

use std::future::Future;

use exhibit::Values;

use super::{DeviceTimes, Scene};
use crate::job::{Host, Job, JobError, LocalFuture, Parts};

/// The computation of an exhibit. The object lives as long as the exhibit is open and keeps what the next request needs again.
pub trait Compute: Default {
    /// The id of the exhibit.
    const ID: &'static str;
    /// Its control values, by [`controls!`](crate::controls).
    type Settings: for<'a> From<&'a Values>;
    /// What does its parts on a core, by [`parts!`](crate::parts).
    type Parts: Parts + Default;

    /// Computes the answer, telling `scene` of every part of it as soon as it is there: the theory first, then the simulation,
    /// coarse and then finer.
    ///
    /// # Errors
    /// [`JobError`], also when a newer request came.
    fn run(&mut self, settings: &Self::Settings, scene: &mut Scene<'_>) -> impl Future<Output = Result<(), JobError>>;

    /// What is wrong with a text for the control with this key.
    ///
    /// # Errors
    /// A sentence, which is also a notice beside the control.
    fn check_text(_key: &str, _text: &str) -> Result<(), String> {
        Ok(())
    }
}

/// The job of an exhibit.
#[derive(Debug, Default)]
pub struct JobOf<C: Compute> {
    compute: C,
    /// This core's.
    parts: C::Parts,
    times: DeviceTimes,
}

impl<C: Compute> Job for JobOf<C> {
    fn run<'a>(&'a mut self, values: &'a Values, host: &'a mut dyn Host) -> LocalFuture<'a, Result<(), JobError>> {
        Box::pin(async move {
            let settings = C::Settings::from(values);
            let mut scene = Scene::new(C::ID, values, host, &mut self.parts, &mut self.times);
            self.compute.run(&settings, &mut scene).await?;
            scene.flush().await
        })
    }

    fn check_text(&self, key: &str, text: &str) -> Result<(), String> {
        C::check_text(key, text)
    }
}
