//! How weights are drawn, and eigenvalues that many share.

/// How weights are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Ensemble {
    /// W_ij ~ N(0, sigma_w^2/N), independent.
    Gaussian,
    /// sigma_w times a matrix uniform (Haar) on the orthogonal group.
    Orthogonal,
}

impl Ensemble {
    /// Both, in the order in which menus show them.
    pub const ALL: [Self; 2] = [Self::Gaussian, Self::Orthogonal];

    /// The name used in addresses, files and on the command line.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Gaussian => "gaussian",
            Self::Orthogonal => "orthogonal",
        }
    }

    /// The inverse of [`key`](Self::key); `None` for an unknown name.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ensemble| ensemble.key() == key)
    }

    /// The name shown to people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Gaussian => "Gaussian",
            Self::Orthogonal => "orthogonal",
        }
    }

    /// s_1 of the expansion S_WW(z) = (1 + s_1 z + ...)/sigma_w^2.
    pub const fn s_1(self) -> f64 {
        match self {
            Self::Gaussian => -1.0,
            Self::Orthogonal => 0.0,
        }
    }
}

/// An eigenvalue that a positive part of all eigenvalues share.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Atom {
    /// The eigenvalue of J J^T.
    pub lambda: f64,
    /// Its part of the mass.
    pub mass: f64,
}
