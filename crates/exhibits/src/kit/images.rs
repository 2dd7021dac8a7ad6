//! Images that exhibits feed into nets: real ones where there is a pack of them, else generated ones.

use data::{Pack, digits};
use figures::{ColourMap, ColourScale};

use super::dataset::decoded;
use crate::job::{Core, JobError};

/// The pack of real images; generated digits serve in its place.
const PACK: &str = "mnist-test";
/// Generated digits in place of the pack.
const N_GENERATED: usize = 2000;
const GENERATED_SEED: u64 = 1;

/// Colours of pixels of a byte, as they are.
#[must_use]
pub fn grey() -> ColourScale {
    ColourScale::new("pixel", ColourMap::Grey, (0.0, 255.0)).without_bar()
}

/// Images with ink, and whether they are real.
#[derive(Debug)]
pub struct Images {
    /// The images; some may be blank.
    pub pack: Pack,
    /// Says that they are not real, and why; `None` where they are.
    pub notice: Option<String>,
}

impl Images {
    /// The real images where there is a pack of them, else generated ones with the reason.
    ///
    /// # Errors
    /// [`JobError`] when a newer request came.
    pub async fn load(core: &mut dyn Core) -> Result<Self, JobError> {
        match real(core).await? {
            Ok(pack) => Ok(Self { pack, notice: None }),
            Err(reason) => {
                let notice = format!("These are generated digits, not MNIST: {reason}.");
                Ok(Self { pack: generated(N_GENERATED)?, notice: Some(notice) })
            }
        }
    }

    /// The same, of what has been loaded before.
    ///
    /// # Errors
    /// As [`load`](Self::load).
    pub async fn loaded<'a>(images: &'a mut Option<Self>, core: &mut dyn Core) -> Result<&'a Self, JobError> {
        let loaded = match images.take() {
            Some(images) => images,
            None => Self::load(core).await?,
        };
        Ok(images.insert(loaded))
    }

    /// At most the first `n` images, loaded or drawn on a core as they were on that which found out whether there are real ones.
    ///
    /// # Errors
    /// Why there are no real ones on this core; [`JobError`] when the part is called back.
    pub async fn first(n: usize, is_real: bool, core: &mut dyn Core) -> Result<Pack, JobError> {
        if is_real { real(core).await?.map_err(JobError::Failed) } else { generated(n.min(N_GENERATED)) }
    }

    /// An image that can be scaled to a length: this one, the last if there are fewer, and where it is blank the next one with
    /// ink.
    #[must_use]
    pub fn with_ink(&self, index: usize) -> usize {
        let index = self.clamped(index);
        self.pack.next_with_ink(index).unwrap_or(index)
    }

    /// Says which images stand in for which of these that are blank; nothing where none does.
    #[must_use]
    pub fn notice_of_blank(&self, wanted: &[usize]) -> Option<String> {
        let mut blank: Vec<(usize, usize)> = wanted.iter().map(|i| (self.clamped(*i), self.with_ink(*i))).collect();
        blank.retain(|(i, other)| i != other);
        blank.dedup();
        let sentence = |(i, other): &(usize, usize)| {
            format!("Image {i} is blank and has no length to be scaled: image {other} stands in for it.")
        };
        (!blank.is_empty()).then(|| blank.iter().map(sentence).collect::<Vec<_>>().join(" "))
    }

    fn clamped(&self, index: usize) -> usize {
        index.min(self.pack.n().saturating_sub(1))
    }
}

/// The real images, or why there are none.
async fn real(core: &mut dyn Core) -> Result<Result<Pack, String>, JobError> {
    Ok(decoded(core.pack(PACK).await?).and_then(shown))
}

fn generated(n: usize) -> Result<Pack, JobError> {
    Ok(digits::generate_pack(GENERATED_SEED, n)?)
}

/// A pack that has something to show.
fn shown(pack: Pack) -> Result<Pack, String> {
    match (pack.n(), pack.next_with_ink(0)) {
        (_, Some(_)) => Ok(pack),
        (0, None) => Err(format!("the pack {} has no images", pack.name())),
        _ => Err(format!("all images of the pack {} are blank", pack.name())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn images(labels: Vec<u8>, pixels: Vec<u8>) -> Images {
        Images { pack: Pack::new("test", 2, 2, labels, pixels).expect("a pack"), notice: None }
    }

    #[test]
    fn an_image_with_ink_stands_in_for_a_blank_one() {
        let images = images(vec![7, 7, 1], [[0; 4], [0, 9, 3, 0], [1; 4]].concat());
        assert_eq!([0, 1, 2, 9].map(|i| images.with_ink(i)), [1, 1, 2, 2]);
        let said = images.notice_of_blank(&[0, 2]).expect("a sentence");
        assert_eq!(said, "Image 0 is blank and has no length to be scaled: image 1 stands in for it.");
        assert_eq!(images.notice_of_blank(&[1, 9]), None);
    }

    #[test]
    fn a_pack_without_ink_gives_way_to_generated_digits() {
        for (labels, says) in [(Vec::new(), "has no images"), (vec![1, 2], "are blank")] {
            let pixels = vec![0; 4 * labels.len()];
            let said = shown(images(labels, pixels).pack).expect_err("no ink");
            assert!(said.contains(says), "{said}");
        }
    }
}
