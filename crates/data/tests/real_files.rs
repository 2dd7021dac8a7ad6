//! The reader and the packs on MNIST and Fashion-MNIST themselves.
//!
//! Ignored unless asked for (`--ignored`), since the files are not part of the project: `DEPTHSCOPE_DATA` names the folder that
//! holds `mnist/` and `fashion-mnist/` (a relative path is taken from the workspace root, default `../shared/data`).

use std::path::{Path, PathBuf};

use data::idx::labelled_from_bytes;
use data::inputs::inputs_from_images;
use data::pack::{Pack, from_idx, pick_by_class};

fn folder() -> PathBuf {
    let root = Path::new("../..");
    root.join(std::env::var_os("DEPTHSCOPE_DATA").unwrap_or_else(|| "../shared/data".into()))
}

fn file(set: &str, name: &str) -> Vec<u8> {
    let path = folder().join(set).join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

struct Facts {
    set: &'static str,
    part: &'static str,
    class_counts: [usize; 10],
    /// Of all pixels over 255, published to six decimals.
    mean: f64,
    std: f64,
    first_labels: &'static [u8],
}

fn check(facts: &Facts) {
    let images_file = file(facts.set, &format!("{}-images-idx3-ubyte.gz", facts.part));
    let labels_file = file(facts.set, &format!("{}-labels-idx1-ubyte.gz", facts.part));
    let (images, labels) = labelled_from_bytes(&images_file, &labels_file).expect("official files");
    let n: usize = facts.class_counts.iter().sum();
    assert_eq!((images.n(), images.rows, images.cols, labels.len()), (n, 28, 28, n));
    assert!(labels.starts_with(facts.first_labels));

    let (mut sum, mut sum_of_squares) = (0_u64, 0_u64);
    for &pixel in &images.pixels {
        sum += u64::from(pixel);
        sum_of_squares += u64::from(pixel) * u64::from(pixel);
    }
    let scale = 255.0 * images.pixels.len() as f64;
    let mean = sum as f64 / scale;
    let std = (sum_of_squares as f64 / scale / 255.0 - mean * mean).sqrt();
    // Half a unit of the sixth decimal.
    assert!((mean - facts.mean).abs() <= 5e-7, "mean {mean}");
    assert!((std - facts.std).abs() <= 5e-7, "standard deviation {std}");

    let pack = Pack::new("all", 28, 28, labels, images.pixels).expect("a pack");
    assert_eq!(pack.class_counts(), facts.class_counts);
}

#[test]
#[ignore = "needs DEPTHSCOPE_DATA"]
fn mnist_train() {
    check(&Facts {
        set: "mnist",
        part: "train",
        class_counts: [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949],
        mean: 0.130_660,
        std: 0.308_108,
        first_labels: &[5, 0, 4, 1, 9, 2, 1, 3, 1, 4, 3, 5],
    });
}

#[test]
#[ignore = "needs DEPTHSCOPE_DATA"]
fn mnist_test() {
    check(&Facts {
        set: "mnist",
        part: "t10k",
        class_counts: [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009],
        mean: 0.132_515,
        std: 0.310_480,
        first_labels: &[],
    });
}

#[test]
#[ignore = "needs DEPTHSCOPE_DATA"]
fn fashion_train() {
    check(&Facts {
        set: "fashion-mnist",
        part: "train",
        class_counts: [6000; 10],
        mean: 0.286_041,
        std: 0.353_024,
        first_labels: &[],
    });
}

#[test]
#[ignore = "needs DEPTHSCOPE_DATA"]
fn fashion_test() {
    check(&Facts {
        set: "fashion-mnist",
        part: "t10k",
        class_counts: [1000; 10],
        mean: 0.286_849,
        std: 0.352_444,
        first_labels: &[],
    });
}

/// The pack that the exhibits load: at most 500 kB for the first 2,000 test images, ten digits by class, whose correlations are
/// above those of random directions.
#[test]
#[ignore = "needs DEPTHSCOPE_DATA"]
fn mnist_test_pack() {
    let images_file = file("mnist", "t10k-images-idx3-ubyte.gz");
    let labels_file = file("mnist", "t10k-labels-idx1-ubyte.gz");
    let pack = from_idx(&images_file, &labels_file, "mnist-test", 2000).expect("official files");
    let bytes = pack.encode().expect("encodes");
    assert!(bytes.len() <= 500_000, "{} bytes", bytes.len());
    assert_eq!(Pack::decode(&bytes).as_ref(), Ok(&pack));
    let ten = pick_by_class(&pack, 1);
    assert_eq!(ten.iter().filter_map(|&i| pack.label(i)).collect::<Vec<_>>(), Vec::from_iter(0..10));
    let inputs = inputs_from_images(&pack, &ten, 1.0).expect("inked images");
    let mut sum = 0.0;
    for (i, a) in inputs.rows().enumerate() {
        for b in inputs.rows().skip(i + 1) {
            let c = a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>() / inputs.dim() as f64;
            assert!((0.0..1.0).contains(&c), "correlation {c}");
            sum += c / 45.0;
        }
    }
    // Random directions in 784 dimensions would have a mean over 45 pairs of 0 ± 0.005.
    assert!(sum > 0.2, "mean correlation {sum}");
    println!("mnist-test: {} bytes", bytes.len());
}
