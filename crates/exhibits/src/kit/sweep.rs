//! Many results of one kind, each kept by its key from when it is there.

use std::collections::BTreeMap;

use super::{Part, Scene, Tagged};
use crate::job::JobError;

/// Parts that wait for a core, so that none waits for this thread.
const MOST_WAITING: usize = 16;

/// Results by key, all of one origin `O`: the settings that they depend on besides their key. What is finished stays, whatever
/// cancels the rest; another origin begins anew.
#[derive(Clone, Debug)]
pub struct Sweep<O, K, A> {
    origin: Option<O>,
    found: BTreeMap<K, A>,
}

impl<O, K, A> Default for Sweep<O, K, A> {
    fn default() -> Self {
        Self { origin: None, found: BTreeMap::new() }
    }
}

impl<O: PartialEq, K: Ord + Clone, A> Sweep<O, K, A> {
    /// Keeps what is of this origin only.
    pub fn of(&mut self, origin: O) -> &mut Self {
        if self.origin.as_ref() != Some(&origin) {
            self.found.clear();
            self.origin = Some(origin);
        }
        self
    }

    /// The origin of what is kept.
    #[must_use]
    pub fn origin(&self) -> Option<&O> {
        self.origin.as_ref()
    }

    /// All that there is, by key.
    #[must_use]
    pub fn found(&self) -> &BTreeMap<K, A> {
        &self.found
    }

    /// The result of a key.
    #[must_use]
    pub fn get(&self, key: &K) -> Option<&A> {
        self.found.get(key)
    }

    /// Takes a result that was found elsewhere (on a graphics device).
    pub fn put(&mut self, key: K, result: A) {
        self.found.insert(key, result);
    }

    /// Forgets what is no longer wanted.
    pub fn retain(&mut self, keeps: impl Fn(&K) -> bool) {
        self.found.retain(|key, _| keeps(key));
    }

    /// Finds what is missing of `wanted`, in this order, on all cores; number `i` on core `i` modulo their number for parts that
    /// [stay on a core](Part::STAYS_ON_CORE). `show` puts it on the scene: at once, when an answer has come and a picture is due,
    /// and at the end.
    ///
    /// # Errors
    /// [`JobError`] of a part or of `show`, or when a newer request came; what was found is kept.
    pub async fn fill<P>(
        &mut self,
        scene: &mut Scene<'_>,
        wanted: impl IntoIterator<Item = K>,
        part: impl Fn(&K) -> P,
        show: impl FnMut(&Self, &mut Scene<'_>) -> Result<(), JobError>,
    ) -> Result<(), JobError>
    where
        P: Part<Answer = A> + Tagged,
    {
        let rank = |_: &K, found: Option<&A>| found.is_none().then_some(0);
        self.train(scene, wanted, rank, |key, _| part(key), |_, answer| answer, show).await
    }

    /// Brings results on, round by round. `rank` says how far one has come, `None` when it is complete: those that have come
    /// least far are next, in the order of `wanted`. `part` does the next round of one, `take` joins its answer.
    ///
    /// # Errors
    /// As [`fill`](Self::fill).
    pub async fn train<P>(
        &mut self,
        scene: &mut Scene<'_>,
        wanted: impl IntoIterator<Item = K>,
        rank: impl Fn(&K, Option<&A>) -> Option<u64>,
        part: impl Fn(&K, Option<&A>) -> P,
        take: impl Fn(Option<A>, P::Answer) -> A,
        mut show: impl FnMut(&Self, &mut Scene<'_>) -> Result<(), JobError>,
    ) -> Result<(), JobError>
    where
        P: Part + Tagged,
    {
        let wanted: Vec<K> = wanted.into_iter().collect();
        show(self, scene)?;
        scene.flush().await?;
        let mut work = scene.work();
        // What the cores are at: the place in `wanted`, by the index of its part.
        let mut busy: BTreeMap<usize, usize> = BTreeMap::new();
        loop {
            while work.n_waiting() < MOST_WAITING {
                let is_free = |place: &usize| !busy.values().any(|other| other == place);
                let ranked = |place: usize| Some((rank(&wanted[place], self.found.get(&wanted[place]))?, place));
                let Some((_, place)) = (0..wanted.len()).filter(is_free).filter_map(ranked).min() else { break };
                let message = part(&wanted[place], self.found.get(&wanted[place])).encoded()?;
                let index = if P::STAYS_ON_CORE { work.add_for_core(message, place) } else { work.add(message) };
                busy.insert(index, place);
            }
            let Some((index, answer)) = scene.next_answer(&mut work).await? else { return Ok(()) };
            let Some(place) = busy.remove(&index) else { continue };
            let key = &wanted[place];
            let answer = protocol::decode(&answer)?;
            let joined = take(self.found.remove(key), answer);
            self.found.insert(key.clone(), joined);
            if scene.is_paint_due() || busy.is_empty() {
                show(self, scene)?;
                scene.hand_over();
            }
        }
    }
}
