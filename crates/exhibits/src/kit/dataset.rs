//! Data sets by name, in pieces, with generated digits where there is none.

use std::sync::Arc;

use data::{Pack, digits, own};
use serde::{Deserialize, Serialize};
use training::{DataSet, IN_A_PIECE, Images, Piece};

use super::Scene;
use crate::job::{Core, JobError, LocalFuture};

/// Generated digits between two checkpoints.
const AT_ONCE: u64 = 50;

/// Letters of the name of a person's own set.
pub const OWN_CHARS: usize = own::ID_CHARS;

/// Where images come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Source {
    /// A data set that the lab knows by name.
    Named(DataSet),
    /// A person's own files, by what [`data::own::OwnSet::id`] calls them; empty before any were opened.
    Own(String),
}

impl Source {
    /// Its name for people.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Named(set) => set.label(),
            Self::Own(_) => "your own images",
        }
    }

    /// Its name in files.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Named(set) => set.key(),
            Self::Own(_) => "own",
        }
    }

    /// What a class is called.
    #[must_use]
    pub fn class(&self, class: u8) -> Option<&'static str> {
        match self {
            Self::Named(set) => set.class(class),
            Self::Own(_) => DataSet::Digits.class(class),
        }
    }
}

/// Training and test images of a data set.
#[derive(Clone, Debug)]
pub struct LoadedSet {
    /// What was loaded: what was asked for, or generated digits in its place.
    pub source: Source,
    /// The first training images.
    pub train: Arc<Images>,
    /// The first test images, seen as those are.
    pub test: Arc<Images>,
    /// Says that they are not what was asked for, and why.
    pub notice: Option<String>,
}

impl LoadedSet {
    /// At most so many training images, and test images that are seen as all of those are.
    fn of(source: Source, train: Images, test: &Pack, n_train: usize, n_test: usize) -> Self {
        let test = Images::with_standard(test, train.standard()).first(n_test);
        Self { source, train: Arc::new(train.first(n_train)), test: Arc::new(test), notice: None }
    }

    /// So many training and test images, a piece after the other, with its progress where that is seen.
    ///
    /// # Errors
    /// [`JobError`] when a newer request came.
    pub async fn load<L: Loader + ?Sized>(
        source: &Source,
        n_train: usize,
        n_test: usize,
        place: &mut L,
    ) -> Result<Self, JobError> {
        match try_load(source, n_train, n_test, place).await? {
            Ok(loaded) => Ok(loaded),
            Err(why) => {
                let notice = format!("These are generated digits, not {}: {why}.", source.label());
                let digits = Source::Named(DataSet::Digits);
                let stand_in = try_load(&digits, n_train, n_test, place).await?.map_err(JobError::Failed)?;
                Ok(Self { notice: Some(notice), ..stand_in })
            }
        }
    }
}

/// Where data sets are loaded.
pub trait Loader: Core {
    /// Tells how far a data set is loaded, a share in \[0, 1\], where somebody sees it.
    fn tell<'a>(&'a mut self, share: f64, set: &str) -> LocalFuture<'a, Result<(), JobError>>;
}

impl Loader for Scene<'_> {
    fn tell<'a>(&'a mut self, share: f64, set: &str) -> LocalFuture<'a, Result<(), JobError>> {
        self.progress(share, format!("loading {set}"));
        Box::pin(self.flush())
    }
}

impl Loader for dyn Core + '_ {
    fn tell<'a>(&'a mut self, _share: f64, _set: &str) -> LocalFuture<'a, Result<(), JobError>> {
        Box::pin(std::future::ready(Ok(())))
    }
}

async fn try_load<L: Loader + ?Sized>(
    source: &Source,
    n_train: usize,
    n_test: usize,
    core: &mut L,
) -> Result<Result<LoadedSet, String>, JobError> {
    let set = match source {
        Source::Named(set) => set,
        Source::Own(id) => {
            let packs = own_packs(id, core).await?;
            return Ok(packs.and_then(|[train, test]| {
                if [train.rows(), train.cols()] != [digits::SIDE; 2] {
                    return Err("they are photographs, which have no classes to learn".into());
                }
                Ok(LoadedSet::of(source.clone(), Images::new(&train), &test, n_train, n_test))
            }));
        }
    };
    let mut train: Option<Images> = None;
    for (k, piece) in set.training().into_iter().enumerate().take(n_train.div_ceil(IN_A_PIECE)) {
        let n = IN_A_PIECE.min(n_train - k * IN_A_PIECE);
        core.tell((k * IN_A_PIECE) as f64 / n_train as f64, set.label()).await?;
        let pack = match load(piece, n, core).await? {
            Ok(pack) => pack,
            Err(why) => return Ok(Err(why)),
        };
        match &mut train {
            Some(train) => train.append(&pack)?,
            None => train = Some(Images::new(&pack)),
        }
    }
    let Some(train) = train else { return Ok(Err("no images were asked for".into())) };
    let test = load(set.test(), n_test, core).await?;
    Ok(test.map(|test| LoadedSet::of(source.clone(), train, &test, n_train, n_test)))
}

/// The packs of a person's own files, of training and test, or why there are none.
///
/// # Errors
/// [`JobError`] when a newer request came.
pub async fn own_packs<C: Core + ?Sized>(id: &str, core: &mut C) -> Result<Result<[Pack; 2], String>, JobError> {
    if id.is_empty() {
        return Ok(Err("none have been opened yet".into()));
    }
    let [train, test] = own::pack_names(id);
    let packs = [decoded(core.pack(&train).await?), decoded(core.pack(&test).await?)];
    let [Ok(train), Ok(test)] = packs else {
        return Ok(Err("they stay where they were opened, and are not open here; open them once more".into()));
    };
    Ok(Ok([train, test]))
}

/// A pack's bytes as the pack, or why there is none.
pub(super) fn decoded(bytes: Result<Vec<u8>, String>) -> Result<Pack, String> {
    bytes.and_then(|bytes| Pack::decode(&bytes).map_err(|error| error.to_string()))
}

/// A piece, of which only the first images are needed.
async fn load<C: Core + ?Sized>(piece: Piece, n: usize, core: &mut C) -> Result<Result<Pack, String>, JobError> {
    match piece {
        Piece::Pack(name) => Ok(decoded(core.pack(name).await?)),
        Piece::Generated { seed } => {
            let (mut labels, mut pixels) = (Vec::new(), Vec::new());
            for index in 0..n as u64 {
                if index % AT_ONCE == 0 {
                    core.checkpoint().await?;
                }
                let digit = digits::generate(seed, index);
                labels.push(digit.label);
                pixels.extend(digit.pixels);
            }
            Ok(Ok(Pack::new("digits", digits::SIDE, digits::SIDE, labels, pixels)?))
        }
    }
}
