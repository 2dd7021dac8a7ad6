//! The computation: nets learn the first task, then the second one from what they have learnt.

use figures::{Chart, Figure};

use super::found::{EXAMPLES, Found};
use super::pictures;
use super::settings::{MOST_LAYERS, Origin, Settings, Tasks, spec};
use super::trainings::{Ended, SourcePart, Start, TargetPart, TaskImages, Taught, TransferParts, Which, n_parameters};
use crate::job::JobError;
use crate::kit::{Compute, Kept, Scene, Sweep};
use crate::statistics::mean_and_sd;

/// What is kept from one request to the next.
#[derive(Default)]
pub struct Transfer {
    loaded: Kept<Tasks, [TaskImages; 2]>,
    taught: Sweep<(Tasks, f64, u64), usize, Taught>,
    ended: Sweep<Origin, Which, Ended>,
}

const STARTS: [Start; 3] = [Start::Frozen, Start::Tuned, Start::Random];

impl Compute for Transfer {
    const ID: &'static str = super::EXHIBIT.id;
    type Settings = Settings;
    type Parts = TransferParts;

    async fn run(&mut self, settings: &Settings, scene: &mut Scene<'_>) -> Result<(), JobError> {
        let (tasks, origin) = (settings.tasks(), settings.origin());
        let net = spec().net(nets::engine::Dims::image(1, 28, 28), 10)?;
        let n_taken: Vec<usize> = (0..=MOST_LAYERS).map(|layers| n_parameters(&net, layers)).collect();
        scene.readout("taken", n_taken[settings.layers] as f64);
        let of_source = (tasks, settings.rate, settings.seed);
        self.taught.of(of_source);
        self.ended.of(origin.clone());
        show(settings, &self.ended, scene);
        self.show_source(settings, scene);
        scene.flush().await?;

        let load = async |tasks: &Tasks| TaskImages::of_both(*tasks, scene).await;
        let images = self.loaded.get_async(tasks, load).await?;
        let [source, target] = &*images;
        scene.say_of("source", source.notice.clone());
        scene.say_of("target", target.notice.clone());
        let few = settings.examples.min(target.train.n());
        let fewer = format!("There are {few} training images of the new task, and all of them are used.");
        scene.say_of("examples", Some(fewer).filter(|_| few < settings.examples));
        scene.figure("images", || pictures::images(images, tasks));

        let part = |net: &usize| SourcePart { origin: origin.clone(), net: *net };
        let nets = 0..settings.nets;
        let learning = |taught: &Sweep<_, usize, Taught>, scene: &mut Scene<'_>| {
            let n = taught.found().len().min(settings.nets);
            scene.progress(n as f64 / settings.nets as f64, format!("the first task: {n} of {} nets", settings.nets));
            Ok(())
        };
        self.taught.fill(scene, nets.clone(), part, learning).await?;
        self.show_source(settings, scene);

        // All nets of a series, then those of the next: a series is shown when it is complete.
        let trainings = |series: Vec<(Start, usize)>, examples: usize| {
            let nets = nets.clone();
            series
                .into_iter()
                .flat_map(move |(start, layers)| nets.clone().map(move |net| Which::new(start, layers, examples, net)))
        };
        // What is looked at comes first, then what it is compared with.
        let others = (0..=MOST_LAYERS).filter(|layers| *layers != settings.layers && *layers > 0);
        let in_order = [settings.layers, 0].into_iter().chain(others);
        let at_layers = |layers| trainings(STARTS.map(|start| (start, layers)).to_vec(), settings.examples);
        let wanted = in_order.flat_map(at_layers).collect();
        self.learn(settings, &n_taken, wanted, scene).await?;
        if scene.wants("by_images") {
            let k = settings.layers;
            let series = [(Start::Frozen, k), (Start::Tuned, 0), (Start::Tuned, k), (Start::Random, k)];
            let wanted = EXAMPLES.into_iter().flat_map(|examples| trainings(series.to_vec(), examples)).collect();
            self.learn(settings, &n_taken, wanted, scene).await?;
        }
        Ok(())
    }
}

impl Transfer {
    fn show_source(&self, settings: &Settings, scene: &mut Scene<'_>) {
        let errors: Vec<f64> =
            (0..settings.nets).filter_map(|net| self.taught.get(&net)).map(|taught| taught.error).collect();
        let error = (errors.len() == settings.nets).then(|| mean_and_sd(&errors).0);
        let why = if error.is_some() { "training diverged" } else { "being computed" };
        scene.readout_or("source_error", error.filter(|error| error.is_finite()), why);
    }

    /// Trains what is missing of some nets on the second task.
    async fn learn(
        &mut self,
        settings: &Settings,
        n_taken: &[usize],
        mut wanted: Vec<Which>,
        scene: &mut Scene<'_>,
    ) -> Result<(), JobError> {
        let origin = settings.origin();
        // Without layers from elsewhere all starts are one.
        let mut seen = std::collections::BTreeSet::new();
        wanted.retain(|which| seen.insert(*which));
        let taught = &self.taught;
        let part = |which: &Which| {
            let parameters = taught.get(&which.net).map_or(&[][..], |taught| &taught.parameters);
            let taken = if which.start == Start::Random {
                &[]
            } else {
                &parameters[..n_taken[which.layers].min(parameters.len())]
            };
            TargetPart { origin: origin.clone(), which: *which, taken: taken.to_vec() }
        };
        let all = wanted.clone();
        let shown = |ended: &Sweep<Origin, Which, Ended>, scene: &mut Scene<'_>| {
            let n = all.iter().filter(|which| ended.get(which).is_some()).count();
            scene.progress(
                n as f64 / all.len().max(1) as f64,
                format!("the second task: {n} of {} trainings", all.len()),
            );
            show(settings, ended, scene);
            Ok(())
        };
        self.ended.fill(scene, wanted, part, shown).await
    }
}

/// All that has been found.
fn show(settings: &Settings, ended: &Sweep<Origin, Which, Ended>, scene: &mut Scene<'_>) {
    let found = Found { settings, ended };
    let k = settings.layers;
    let nothing = found.of_all_nets(Start::Tuned, 0);
    let frozen = found.of_all_nets(Start::Frozen, k);
    for (key, error) in [
        ("test_error", frozen),
        ("tuned_error", found.of_all_nets(Start::Tuned, k)),
        ("random_error", found.of_all_nets(Start::Random, k)),
        ("nothing_error", nothing),
        ("transfer_gain", nothing.and_then(|nothing| frozen.map(|error| nothing - error))),
    ] {
        scene.readout_or(key, error.ok(), error.err().unwrap_or_default());
    }
    let device = scene.device().clone();
    let measured = |chart: Chart| Figure { device: device.clone(), ..chart.build() };
    scene.figure("by_layers", || measured(pictures::layers(&found)));
    scene.figure("by_images", || measured(pictures::examples(&found)));
    scene.figure("course", || measured(pictures::course(&found)));
}
