//! Generated digits: reproducible, balanced, centred, varied, and like MNIST.

use data::digits::{CLASSES, Digit, PIXELS, SIDE, drawn, generate, generate_class, generate_pack};
use data::pack::PackError;

/// Mean and standard deviation of all pixels over 255.
fn mean_and_std(pixels: &[u8]) -> (f64, f64) {
    let n = pixels.len() as f64;
    let mean = pixels.iter().map(|&p| f64::from(p)).sum::<f64>() / n / 255.0;
    let mean_square = pixels.iter().map(|&p| f64::from(p).powi(2)).sum::<f64>() / n / 255.0 / 255.0;
    (mean, (mean_square - mean * mean).sqrt())
}

/// Smallest and largest row and column with ink of at least a half.
fn inked_box(digit: &Digit) -> [usize; 4] {
    let mut found = [SIDE, 0, SIDE, 0];
    for (i, &p) in digit.pixels.iter().enumerate() {
        if p >= 128 {
            let (row, col) = (i / SIDE, i % SIDE);
            found = [found[0].min(row), found[1].max(row), found[2].min(col), found[3].max(col)];
        }
    }
    found
}

#[test]
fn a_digit_is_its_seed_class_and_number() {
    for index in 0..40 {
        let digit = generate(5, index);
        assert_eq!(u64::from(digit.label), index % 10);
        assert_eq!(generate_class(5, digit.label, index / 10).as_ref(), Some(&digit));
        assert_ne!(generate(6, index).pixels, digit.pixels);
        assert_ne!(generate(5, index + 10).pixels, digit.pixels);
    }
    assert_eq!(generate_class(5, CLASSES, 0), None);
    assert_eq!(generate(u64::MAX, u64::MAX).label, 5);
}

#[test]
fn a_pack_is_balanced_and_in_order() {
    let pack = generate_pack(3, 50).expect("a small pack");
    assert_eq!((pack.name(), pack.n(), pack.rows(), pack.cols()), ("digits", 50, SIDE, SIDE));
    assert_eq!(pack.class_counts(), [5; 10]);
    for i in 0..50 {
        let digit = generate(3, i as u64);
        assert_eq!((pack.label(i), pack.image(i)), (Some(digit.label), Some(&digit.pixels[..])));
    }
    assert!(matches!(generate_pack(3, usize::MAX), Err(PackError::TooLarge { .. })));
}

/// Every digit has full ink and a border of paper; its longer side fills 17 to 21 pixels at half ink (20 by design: less where a
/// thin end fades or the pen lifts, more with pressure). Its mass lies within half a pixel of the middle, and 0.05 for the
/// rounding of a moved picture, unless the border is in the way, which it is for fewer than one in fifty.
#[test]
fn digits_fill_their_box_and_are_centred() {
    let mut off_centre = 0;
    for index in 0..5000 {
        let digit = generate(1, index);
        assert!(digit.pixels.iter().any(|&p| p > 200), "digit {index} is pale");
        for i in 0..SIDE {
            for at in [i, (SIDE - 1) * SIDE + i, i * SIDE, i * SIDE + SIDE - 1] {
                assert_eq!(digit.pixels[at], 0, "digit {index} touches the border");
            }
        }
        let [top, bottom, left, right] = inked_box(&digit);
        let longer = (bottom - top).max(right - left) + 1;
        assert!((17..=21).contains(&longer), "digit {index} fills {longer} pixels");

        let (mut mass, mut row, mut col) = (0.0, 0.0, 0.0);
        for (i, &p) in digit.pixels.iter().enumerate() {
            mass += f64::from(p);
            row += f64::from(p) * ((i / SIDE) as f64 + 0.5);
            col += f64::from(p) * ((i % SIDE) as f64 + 0.5);
        }
        let (row, col) = (row / mass - 14.0, col / mass - 14.0);
        off_centre += u32::from(row.abs() > 0.55 || col.abs() > 0.55);
    }
    assert!(off_centre <= 100, "{off_centre} of 5000 are off centre");
}

/// MNIST's training images have mean 0.1307 and standard deviation 0.3081. Within 5 %: a net whose inputs are scaled for the one
/// is scaled for the other.
#[test]
fn pixels_are_spread_as_in_mnist() {
    let pack = generate_pack(1, 5000).expect("a small pack");
    let (mean, std) = mean_and_std(pack.pixels());
    println!("mean {mean:.4}, standard deviation {std:.4}");
    assert!((mean / 0.1307 - 1.0).abs() < 0.05, "mean {mean}");
    assert!((std / 0.3081 - 1.0).abs() < 0.05, "standard deviation {std}");
}

/// Digits of a class differ: no two of a hundred are nearer than a hundredth of the mean squared distance.
#[test]
fn digits_of_a_class_vary() {
    for class in 0..CLASSES {
        let digits: Vec<Digit> = (0..100).filter_map(|index| generate_class(1, class, index)).collect();
        let mut distances = Vec::new();
        for (i, a) in digits.iter().enumerate() {
            distances.extend(digits[..i].iter().map(|b| squared_distance(&a.pixels, &b.pixels) as f64));
        }
        let mean = distances.iter().sum::<f64>() / distances.len() as f64;
        let least = distances.iter().copied().fold(f64::INFINITY, f64::min);
        assert!(least > mean / 100.0, "class {class}: least {least}, mean {mean}");
    }
}

fn squared_distance(a: &[u8], b: &[u8]) -> u32 {
    a.iter().zip(b).map(|(&a, &b)| u32::from(a.abs_diff(b)).pow(2)).sum()
}

/// FNV-1a over the first digits: the same bytes on every target, and the same ever after, or every link that shows a
/// generated digit shows another.
#[test]
fn frozen_digits() {
    let mut hash = 0xCBF2_9CE4_8422_2325_u64;
    for index in 0..100 {
        for p in generate(1, index).pixels {
            hash = (hash ^ u64::from(p)).wrapping_mul(0x0000_0100_0000_01B3);
        }
    }
    assert_eq!(hash, 0x6fce_236a_cfc9_5e92, "{hash:#018x}");
}

/// The nearest of the first 10,000 MNIST training images has the generated digit's class, for most and for each class.
#[test]
#[ignore = "needs DEPTHSCOPE_DATA"]
fn mnist_recognises_them() {
    let folder = std::path::Path::new("../..");
    let folder = folder.join(std::env::var_os("DEPTHSCOPE_DATA").unwrap_or_else(|| "../shared/data".into()));
    let file = |name: &str| std::fs::read(folder.join("mnist").join(name)).expect("an MNIST file");
    let images_file = file("train-images-idx3-ubyte.gz");
    let mnist =
        data::pack::from_idx(&images_file, &file("train-labels-idx1-ubyte.gz"), "mnist", 10_000).expect("MNIST");
    let per_class = 100;
    let mut named = [[0; 10]; 10];
    for index in 0..per_class * 10 {
        let digit = generate(1, index);
        let nearest = mnist.pixels().chunks_exact(PIXELS).enumerate();
        let nearest = nearest.min_by_key(|(_, image)| squared_distance(image, &digit.pixels)).map(|(i, _)| i);
        let name = nearest.and_then(|i| mnist.label(i)).expect("a label");
        named[usize::from(digit.label)][usize::from(name)] += 1;
    }
    for (class, named) in named.iter().enumerate() {
        println!("{class}: {named:?}");
    }
    let right: Vec<u64> = (0..10).map(|class| named[class][class]).collect();
    assert!(right.iter().all(|&right| right >= per_class * 3 / 4), "{right:?} of {per_class}");
    assert!(right.iter().sum::<u64>() >= per_class * 9, "{right:?} of {per_class}");
}

/// As MNIST's: in a box of 20 pixels, the mass in the middle, whatever the size and place of what was drawn.
#[test]
fn a_drawing_is_scaled_and_centred() {
    let seven = |scale: f64, at: [f64; 2]| {
        let place = |[x, y]: [f64; 2]| [at[0] + scale * x, at[1] + scale * y];
        vec![[[0.0, 0.0], [1.0, 0.0], [0.4, 1.4]].map(place).to_vec()]
    };
    let [large, small] = [(0.6, [0.2, 0.1]), (0.15, [0.7, 0.6])].map(|(s, at)| drawn(&seven(s, at)).unwrap());
    assert_ne!(large[0], small[0]);
    for [_, centred] in [large, small] {
        let mass: f64 = centred.iter().map(|p| f64::from(*p)).sum();
        let moment = |of: fn(usize) -> usize| {
            centred.iter().enumerate().map(|(i, p)| (of(i) as f64 + 0.5) * f64::from(*p)).sum::<f64>() / mass
        };
        let mass_at = [moment(|i| i % SIDE), moment(|i| i / SIDE)];
        assert!(mass_at.iter().all(|x| (x - 14.0).abs() < 0.1), "{mass_at:?}");
        let rows = (0..SIDE).filter(|r| centred[r * SIDE..(r + 1) * SIDE].iter().any(|p| *p > 127));
        let rows = rows.count();
        assert!((19..=21).contains(&rows), "{rows}");
    }
    // The same form gives the same picture, to the rounding of a pixel's shade.
    let apart = large[1].iter().zip(&small[1]).map(|(a, b)| a.abs_diff(*b)).max();
    assert!(apart <= Some(1), "{apart:?}");
}

#[test]
fn a_drawing_without_ink_is_none_and_a_dot_stays_small() {
    assert_eq!(drawn(&[]), None);
    assert_eq!(drawn(&[vec![]]), None);
    let [_, dot] = drawn(&[vec![[0.3, 0.9]]]).unwrap();
    let ink = dot.iter().filter(|p| **p > 127).count();
    assert!((1..=9).contains(&ink), "{ink}");
}
