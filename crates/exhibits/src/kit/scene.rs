//! Where a computation shows what it has found.

use std::rc::Rc;

use exhibit::Values;
use figures::{Device, Figure};
use protocol::{Backend, Frame, Mark, Notice, Progress, Readout};

use super::DeviceTimes;
use crate::job::{Answer, Checkpoint, Core, Explain, Export, Host, JobError, LocalFuture, Parts, Work};

/// What is said about the hardware.
pub(super) const DEVICE: &str = "device";

/// What an exhibit's computation sees of the place where it runs: pictures, readouts and sentences are collected, and handed
/// over together by [`flush`](Self::flush). What is not said again stays as it was.
pub struct Scene<'h> {
    id: &'static str,
    values: &'h Values,
    pub(super) host: &'h mut dyn Host,
    parts: &'h mut dyn Parts,
    pub(super) times: &'h mut DeviceTimes,
    frame: Frame,
    /// By what they are about.
    notices: Vec<(&'static str, Notice)>,
    /// The sentences that stand on the page; none of this run before the first flush.
    shown_notices: Option<Vec<Notice>>,
    /// What computes what is measured.
    pub(super) device: Device,
}

impl<'h> Scene<'h> {
    /// For one run of the exhibit with this id.
    pub fn new(
        id: &'static str,
        values: &'h Values,
        host: &'h mut dyn Host,
        parts: &'h mut dyn Parts,
        times: &'h mut DeviceTimes,
    ) -> Self {
        let device = host.cpu();
        let (frame, notices) = (Frame::default(), Vec::new());
        let mut scene = Self { id, values, host, parts, times, frame, notices, shown_notices: None, device };
        let why_no_gpu = scene.times.why_no_gpu(scene.host.backend());
        scene.say(DEVICE, why_no_gpu);
        scene
    }

    /// The control values.
    #[must_use]
    pub fn values(&self) -> &'h Values {
        self.values
    }

    /// The hardware that the user asked for.
    #[must_use]
    pub fn backend(&self) -> Backend {
        self.host.backend()
    }

    /// What computes what is measured now.
    #[must_use]
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// Cores that do parts; 1 where nobody counts them.
    #[must_use]
    pub fn n_cores(&self) -> usize {
        match self.host.cpu() {
            Device::Cpu { cores, .. } => cores.max(1) as usize,
            Device::Theory | Device::Gpu(_) => 1,
        }
    }

    /// Whether a figure is in view, so that work for others can be left out.
    #[must_use]
    pub fn wants(&self, figure: &str) -> bool {
        self.host.wants(figure)
    }

    /// Whether one of several figures is in view.
    #[must_use]
    pub fn wants_any(&self, figures: &[&str]) -> bool {
        figures.iter().any(|figure| self.wants(figure))
    }

    /// Whether the page still has the picture of a figure that was handed over last.
    #[must_use]
    pub fn keeps(&self, figure: &str) -> bool {
        self.host.keeps(figure)
    }

    /// Shows a figure by theory alone, if it is in view.
    pub fn figure(&mut self, id: &str, make: impl FnOnce() -> Figure) {
        if self.wants(id) {
            let figure = make();
            self.push(id, figure);
        }
    }

    /// Shows a figure with something measured on nets, if it is in view.
    pub fn measured(&mut self, id: &str, make: impl FnOnce() -> Figure) {
        let device = self.device.clone();
        self.figure(id, || Figure { device, ..make() });
    }

    /// [`figure`](Self::figure) where making it may fail.
    ///
    /// # Errors
    /// That of `make`.
    pub fn try_figure<E>(&mut self, id: &str, make: impl FnOnce() -> Result<Figure, E>) -> Result<(), E> {
        if self.wants(id) {
            let figure = make()?;
            self.push(id, figure);
        }
        Ok(())
    }

    /// [`measured`](Self::measured) where making it may fail.
    ///
    /// # Errors
    /// That of `make`.
    pub fn try_measured<E>(&mut self, id: &str, make: impl FnOnce() -> Result<Figure, E>) -> Result<(), E> {
        let device = self.device.clone();
        self.try_figure(id, || Ok(Figure { device, ..make()? }))
    }

    fn push(&mut self, id: &str, figure: Figure) {
        self.frame.figures.retain(|old| old.id != id);
        self.frame.figures.push(Figure { id: id.to_owned(), ..figure });
    }

    /// The picture that the page keeps of a figure is the right one.
    pub fn unchanged(&mut self, figure: &str) {
        self.frame.unchanged.push(figure.to_owned());
    }

    /// Sets a readout.
    pub fn readout(&mut self, key: &str, value: impl Into<Readout>) {
        self.frame.readouts.retain(|(old, _)| old != key);
        self.frame.readouts.push((key.to_owned(), value.into()));
    }

    /// Sets a readout to a number where there is one; `why` says in a few words why there is none.
    pub fn readout_or(&mut self, key: &str, value: Option<f64>, why: &str) {
        self.readout(key, value.map_or_else(|| Readout::Undefined(why.to_owned()), Readout::from));
    }

    /// Says of readouts that there are no such numbers, and why.
    pub fn undefined(&mut self, keys: &[&str], why: &str) {
        keys.iter().for_each(|key| self.readout(key, Readout::Undefined(why.to_owned())));
    }

    /// Marks a special value on a control's track.
    pub fn mark(&mut self, control: &str, value: f64, label: &str) {
        self.frame.marks.push(Mark { control: control.to_owned(), value, label: label.to_owned() });
    }

    /// Says a sentence to the user, in the place of what was said `about` the same before in this run; nothing any more for
    /// `None`.
    pub fn say(&mut self, about: &'static str, text: Option<String>) {
        self.notice(about, text.map(|text| Notice { control: None, text }));
    }

    /// Says what is wrong with the value of a control, beside it.
    pub fn say_of(&mut self, control: &'static str, text: Option<String>) {
        self.notice(control, text.map(|text| Notice { control: Some(control.to_owned()), text }));
    }

    fn notice(&mut self, about: &'static str, notice: Option<Notice>) {
        let place = self.notices.iter().position(|(of, _)| *of == about);
        match (place, notice) {
            (Some(place), Some(notice)) => self.notices[place].1 = notice,
            (Some(place), None) => drop(self.notices.remove(place)),
            (None, notice) => self.notices.extend(notice.map(|notice| (about, notice))),
        }
    }

    /// How far the work has come, in \[0, 1\], and what is being done.
    pub fn progress(&mut self, share: f64, what: impl Into<String>) {
        self.frame.progress = Some(Some(Progress { share: share as f32, what: what.into() }));
    }

    /// Whether another picture of what changes answer by answer would be seen.
    #[must_use]
    pub fn is_paint_due(&self) -> bool {
        self.host.is_paint_due()
    }

    /// Says what lies at places of the pictures that are shown from now on.
    pub fn explain(&mut self, by: Rc<dyn Explain>) {
        self.host.explain(by);
    }

    /// Offers the nets that this run has measured.
    pub fn offer(&mut self, nets: Rc<dyn Export>) {
        self.host.offer(nets);
    }

    /// Hands over what has been collected, and lets others in.
    ///
    /// # Errors
    /// [`JobError::Cancelled`] when a newer request came.
    pub async fn flush(&mut self) -> Result<(), JobError> {
        self.hand_over();
        self.host.checkpoint().await
    }

    /// Hands over what has been collected.
    pub fn hand_over(&mut self) {
        let notices: Vec<Notice> = self.notices.iter().map(|(_, notice)| notice.clone()).collect();
        if self.shown_notices.as_ref() != Some(&notices) {
            self.shown_notices = Some(notices.clone());
            self.frame.notices = Some(notices);
        }
        let frame = std::mem::take(&mut self.frame);
        if frame != Frame::default() {
            self.host.emit(frame);
        }
    }

    /// Lets a drag pass: see [`Host::rest`].
    ///
    /// # Errors
    /// [`JobError::Cancelled`] when a newer request came.
    pub async fn rest(&mut self) -> Result<(), JobError> {
        self.hand_over();
        self.host.rest().await
    }

    /// Work for all cores, without parts yet.
    #[must_use]
    pub fn work(&self) -> Work {
        Work::new(self.id)
    }

    /// The next answer to `work`: see [`Host::next_answer`].
    ///
    /// # Errors
    /// [`JobError`] of the part, or when a newer request came.
    pub async fn next_answer(&mut self, work: &mut Work) -> Result<Option<Answer>, JobError> {
        self.host.next_answer(work, self.parts).await
    }
}

impl Checkpoint for Scene<'_> {
    fn checkpoint(&mut self) -> LocalFuture<'_, Result<(), JobError>> {
        self.host.checkpoint()
    }
}

impl Core for Scene<'_> {
    fn pack<'a>(&'a mut self, name: &'a str) -> LocalFuture<'a, Result<Result<Vec<u8>, String>, JobError>> {
        self.host.pack(name)
    }
}
