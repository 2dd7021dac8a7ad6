//! Data sets by name, in pieces, with generated digits where there is none.

use std::sync::Arc;

use data::{Pack, digits};
use training::{DataSet, IN_A_PIECE, Images, Piece};

use super::Scene;
use crate::job::{Checkpoint as _, Core as _, JobError};

/// Generated digits between two checkpoints.
const AT_ONCE: u64 = 50;

/// Training and test images of a data set.
#[derive(Clone, Debug)]
pub struct LoadedSet {
    /// What was loaded: what was asked for, or generated digits in its place.
    pub set: DataSet,
    /// The first training images.
    pub train: Arc<Images>,
    /// The first test images, seen as those are.
    pub test: Arc<Images>,
    /// Says that they are not what was asked for, and why.
    pub notice: Option<String>,
}

impl LoadedSet {
    /// So many training and test images, a piece after the other, with its progress.
    ///
    /// # Errors
    /// [`JobError`] when a newer request came.
    pub async fn load(set: DataSet, n_train: usize, n_test: usize, scene: &mut Scene<'_>) -> Result<Self, JobError> {
        match try_load(set, n_train, n_test, scene).await? {
            Ok(loaded) => Ok(loaded),
            Err(why) => {
                let notice = format!("These are generated digits, not {}: {why}.", set.label());
                let stand_in = try_load(DataSet::Digits, n_train, n_test, scene).await?.map_err(JobError::Failed)?;
                Ok(Self { notice: Some(notice), ..stand_in })
            }
        }
    }
}

async fn try_load(
    set: DataSet,
    n_train: usize,
    n_test: usize,
    scene: &mut Scene<'_>,
) -> Result<Result<LoadedSet, String>, JobError> {
    let mut train: Option<Images> = None;
    for (k, piece) in set.training().into_iter().enumerate().take(n_train.div_ceil(IN_A_PIECE)) {
        let n = IN_A_PIECE.min(n_train - k * IN_A_PIECE);
        scene.progress((k * IN_A_PIECE) as f64 / n_train as f64, format!("loading {}", set.label()));
        scene.flush().await?;
        let pack = match load(piece, n, scene).await? {
            Ok(pack) => pack,
            Err(why) => return Ok(Err(why)),
        };
        match &mut train {
            Some(train) => train.append(&pack)?,
            None => train = Some(Images::new(&pack)),
        }
    }
    let Some(train) = train else { return Ok(Err("no images were asked for".into())) };
    let test = match load(set.test(), n_test, scene).await? {
        Ok(pack) => Images::with_standard(&pack, train.standard()).first(n_test),
        Err(why) => return Ok(Err(why)),
    };
    Ok(Ok(LoadedSet { set, train: Arc::new(train.first(n_train)), test: Arc::new(test), notice: None }))
}

/// A piece, of which only the first images are needed.
async fn load(piece: Piece, n: usize, scene: &mut Scene<'_>) -> Result<Result<Pack, String>, JobError> {
    match piece {
        Piece::Pack(name) => {
            let bytes = scene.pack(name).await?;
            Ok(bytes.and_then(|bytes| Pack::decode(&bytes).map_err(|error| error.to_string())))
        }
        Piece::Generated { seed } => {
            let (mut labels, mut pixels) = (Vec::new(), Vec::new());
            for index in 0..n as u64 {
                if index % AT_ONCE == 0 {
                    scene.checkpoint().await?;
                }
                let digit = digits::generate(seed, index);
                labels.push(digit.label);
                pixels.extend(digit.pixels);
            }
            Ok(Ok(Pack::new("digits", digits::SIDE, digits::SIDE, labels, pixels)?))
        }
    }
}
