//! Parameters that do not move.

use crate::NetError;
use crate::engine::Scalar;
use crate::error::check_size;

/// What becomes of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Fate {
    /// It follows the rule.
    #[default]
    Free,
    /// It stays where it is.
    Frozen,
    /// It is zero.
    Pruned,
}

/// The fate of each parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mask {
    fates: Vec<Fate>,
}

impl Mask {
    /// One for each parameter.
    #[must_use]
    pub fn new(fates: Vec<Fate>) -> Self {
        Self { fates }
    }

    /// For `n` parameters, of which those in `range` are frozen; what is beyond n is left out.
    #[must_use]
    pub fn frozen(n: usize, range: std::ops::Range<usize>) -> Self {
        let fate = |i| if range.contains(&i) { Fate::Frozen } else { Fate::Free };
        Self { fates: (0..n).map(fate).collect() }
    }

    /// One for each parameter.
    #[must_use]
    pub fn fates(&self) -> &[Fate] {
        &self.fates
    }

    /// How many follow the rule.
    #[must_use]
    pub fn n_free(&self) -> usize {
        self.fates.iter().filter(|fate| **fate == Fate::Free).count()
    }

    /// Sets pruned parameters to zero.
    ///
    /// # Errors
    /// [`NetError::Size`] for another number of them.
    pub fn prune<T: Scalar>(&self, parameters: &mut [T]) -> Result<(), NetError> {
        check_size("parameters of a mask", self.fates.len(), parameters.len())?;
        let pruned = parameters.iter_mut().zip(&self.fates).filter(|(_, fate)| **fate == Fate::Pruned);
        pruned.for_each(|(p, _)| *p = T::ZERO);
        Ok(())
    }

    /// Sets derivatives with respect to parameters that do not move to zero.
    ///
    /// # Errors
    /// [`NetError::Size`] for another number of them.
    pub fn clear<T: Scalar>(&self, gradient: &mut [T]) -> Result<(), NetError> {
        check_size("parameters of a mask", self.fates.len(), gradient.len())?;
        let fixed = gradient.iter_mut().zip(&self.fates).filter(|(_, fate)| **fate != Fate::Free);
        fixed.for_each(|(g, _)| *g = T::ZERO);
        Ok(())
    }
}
