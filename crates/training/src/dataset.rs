//! Data sets that the lab knows by name, in pieces of ten thousand images.

use serde::{Deserialize, Serialize};

/// Images in a piece.
pub const IN_A_PIECE: usize = 10_000;
/// Seeds of the generated digits. Their training images and their test images have none in common.
const TRAIN_SEED: u64 = 1_000;
const TEST_SEED: u64 = 2_000;

/// A data set of 60,000 training and 10,000 test images of 28×28 pixels in ten classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum DataSet {
    /// Digits that the lab generates itself, always there.
    Digits,
    /// Handwritten digits (LeCun, Cortes & Burges 1998).
    Mnist,
    /// Clothes (Xiao, Rasul & Vollgraf 2017).
    FashionMnist,
}

/// Where a piece comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// A data pack of this name.
    Pack(&'static str),
    /// [`IN_A_PIECE`] digits of this seed ([`data::digits`]).
    Generated {
        /// The generator's seed.
        seed: u64,
    },
}

impl DataSet {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Digits, Self::Mnist, Self::FashionMnist];

    /// Its name in addresses, files and on the command line.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Digits => "digits",
            Self::Mnist => "mnist",
            Self::FashionMnist => "fashion-mnist",
        }
    }

    /// Its name for people.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Digits => "generated digits",
            Self::Mnist => "MNIST",
            Self::FashionMnist => "Fashion-MNIST",
        }
    }

    /// The inverse of [`key`](Self::key).
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|set| set.key() == key)
    }

    /// What a class is called.
    #[must_use]
    pub fn class(self, class: u8) -> Option<&'static str> {
        const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
        const CLOTHES: [&str; 10] =
            ["T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"];
        let names = if self == Self::FashionMnist { CLOTHES } else { DIGITS };
        names.get(usize::from(class)).copied()
    }

    /// The training images, in their order.
    #[must_use]
    pub const fn training(self) -> [Piece; 6] {
        use Piece::{Generated, Pack};
        match self {
            Self::Digits => [
                Generated { seed: TRAIN_SEED },
                Generated { seed: TRAIN_SEED + 1 },
                Generated { seed: TRAIN_SEED + 2 },
                Generated { seed: TRAIN_SEED + 3 },
                Generated { seed: TRAIN_SEED + 4 },
                Generated { seed: TRAIN_SEED + 5 },
            ],
            Self::Mnist => [
                Pack("mnist-train-0"),
                Pack("mnist-train-1"),
                Pack("mnist-train-2"),
                Pack("mnist-train-3"),
                Pack("mnist-train-4"),
                Pack("mnist-train-5"),
            ],
            Self::FashionMnist => [
                Pack("fashion-mnist-train-0"),
                Pack("fashion-mnist-train-1"),
                Pack("fashion-mnist-train-2"),
                Pack("fashion-mnist-train-3"),
                Pack("fashion-mnist-train-4"),
                Pack("fashion-mnist-train-5"),
            ],
        }
    }

    /// The test images.
    #[must_use]
    pub const fn test(self) -> Piece {
        match self {
            Self::Digits => Piece::Generated { seed: TEST_SEED },
            Self::Mnist => Piece::Pack("mnist-test-10k"),
            Self::FashionMnist => Piece::Pack("fashion-mnist-test-10k"),
        }
    }
}
