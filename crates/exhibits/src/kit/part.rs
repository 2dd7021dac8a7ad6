//! Pieces of work that any core can do, with typed answers.

use std::future::Future;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::job::{Core, JobError, LocalFuture, Parts};

/// A piece of work that depends on its own fields alone, so that any core can do it, and equal pieces have equal answers.
///
/// It should take a fraction of a second: longer work is done in rounds (see [`Sweep::train`](super::Sweep::train)), and calls
/// `core.checkpoint()` at every step, so that a core that is needed elsewhere can stop.
pub trait Part: Serialize + DeserializeOwned + 'static {
    /// What a core keeps from one part of the exhibit to the next (drawn weights, data); it never changes an answer.
    type Kept: Default;
    /// The result.
    type Answer: Serialize + DeserializeOwned;
    /// Whether a part goes to the core that has done the one in its place before: for results that are asked for again and again
    /// with other settings, like those of the nets of a seed, whose weights a core has kept.
    const STAYS_ON_CORE: bool = false;

    /// Does it.
    ///
    /// # Errors
    /// [`JobError`], also when the part was called back.
    fn run(self, kept: &mut Self::Kept, core: &mut dyn Core) -> impl Future<Output = Result<Self::Answer, JobError>>;
}

/// A part as one of those of an exhibit, which [`parts!`](crate::parts) numbers.
pub trait Tagged: Part {
    /// Its number, the first byte of the message.
    const TAG: u8;

    /// The message to a core.
    ///
    /// # Errors
    /// Never for parts of plain data; the signature is the encoding's.
    fn encoded(&self) -> Result<Vec<u8>, JobError> {
        let mut bytes = vec![Self::TAG];
        bytes.extend(protocol::encode(self)?);
        Ok(bytes)
    }
}

/// Does the part in `body`, a message without its tag.
///
/// # Errors
/// [`JobError`] of the part, or when the message is none.
pub async fn run_part<P: Part>(body: &[u8], kept: &mut P::Kept, core: &mut dyn Core) -> Result<Vec<u8>, JobError> {
    let part: P = protocol::decode(body)?;
    Ok(protocol::encode(&part.run(kept, core).await?)?)
}

/// What does the parts of an exhibit that has none.
#[derive(Debug, Default)]
pub struct NoParts;

impl Parts for NoParts {
    fn compute<'a>(
        &'a mut self,
        _part: &'a [u8],
        _core: &'a mut dyn Core,
    ) -> LocalFuture<'a, Result<Vec<u8>, JobError>> {
        Box::pin(std::future::ready(Err(JobError::Failed("this exhibit has no parts".into()))))
    }
}

/// Declares what does an exhibit's parts on a core: `parts!(pub Parts(CoreState): NetPart, JacobianPart);`. All named parts
/// have `CoreState` as their [`Part::Kept`].
#[macro_export]
macro_rules! parts {
    ($(#[$meta:meta])* $vis:vis $name:ident($kept:ty): $($part:ident),+ $(,)?) => {
        $(#[$meta])*
        #[derive(Default)]
        $vis struct $name($kept);

        $crate::parts!(@tags 0u8; $($part),+);

        impl $crate::job::Parts for $name {
            fn compute<'a>(
                &'a mut self,
                part: &'a [u8],
                core: &'a mut dyn $crate::job::Core,
            ) -> $crate::job::LocalFuture<'a, Result<Vec<u8>, $crate::job::JobError>> {
                Box::pin(async move {
                    match part.split_first() {
                        $(Some((&<$part as $crate::kit::Tagged>::TAG, body)) => {
                            $crate::kit::run_part::<$part>(body, &mut self.0, core).await
                        })+
                        _ => Err($crate::job::JobError::Failed("a part of this exhibit was expected".into())),
                    }
                })
            }
        }
    };
    (@tags $tag:expr; $part:ident $(, $rest:ident)*) => {
        impl $crate::kit::Tagged for $part {
            const TAG: u8 = $tag;
        }
        $crate::parts!(@tags $tag + 1u8; $($rest),*);
    };
    (@tags $tag:expr;) => {};
}
