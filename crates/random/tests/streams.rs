//! Statistics, independence, cut-independence and frozen values of the streams.
//!
//! Seeds are fixed, so a statistic either always lies within its five standard errors or never does.

use random::{Cursor, Stream};

const N: usize = 1_000_000;

fn normals(stream: Stream, n: usize) -> Vec<f32> {
    let mut out = vec![0.0; n];
    stream.fill_normal_f32(0, &mut out);
    out
}

fn mean_of(values: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut n) = (0.0, 0.0);
    for value in values {
        sum += value;
        n += 1.0;
    }
    sum / n
}

fn assert_within(what: &str, got: f64, expected: f64, standard_error: f64) {
    let deviations = (got - expected) / standard_error;
    assert!(deviations.abs() <= 5.0, "{what}: got {got}, expected {expected}, {deviations:.2} standard errors");
}

/// Of a standard normal: Var(z) = 1, Var(z²) = 2, Var(z³) = 15, Var(z⁴) = 96, so the sample moments have standard errors
/// √(Var/n).
#[test]
fn normal_moments() {
    let n = N as f64;
    for seed in [0, 1, u64::MAX] {
        let z = normals(Stream::new(seed, "moments"), N);
        for (power, expected, variance) in [(1, 0.0, 1.0), (2, 1.0, 2.0), (3, 0.0, 15.0), (4, 3.0, 96.0)] {
            let moment = mean_of(z.iter().map(|&z| f64::from(z).powi(power)));
            assert_within(&format!("seed {seed}, moment {power}"), moment, expected, (variance / n).sqrt());
        }
    }
}

/// Share of |z| > t against erfc(t/√2); a share p of n draws has standard error √(p (1 − p)/n).
#[test]
fn normal_tails() {
    let z = normals(Stream::new(1, "tails"), 4 * N);
    for t in [0.1, 0.5, 1.0, 2.0, 3.0, 4.0, 4.5] {
        let p = libm::erfc(t / std::f64::consts::SQRT_2);
        let share = mean_of(z.iter().map(|&z| if f64::from(z).abs() > t { 1.0 } else { 0.0 }));
        assert_within(&format!("share beyond {t}"), share, p, (p * (1.0 - p) / z.len() as f64).sqrt());
    }
}

/// 256 equally probable bins of both words' upper bits: chi-square has mean 255 and standard deviation √510.
#[test]
fn bits_fill_bins_evenly() {
    let stream = Stream::new(5, "bins");
    for shift in [24, 12, 0] {
        let mut bins = [[0.0_f64; 256]; 2];
        for counter in 0..N as u64 {
            let words = stream.bits(counter);
            for (bins, word) in bins.iter_mut().zip(words) {
                bins[(word >> shift) as usize & 255] += 1.0;
            }
        }
        let expected = N as f64 / 256.0;
        for bins in bins {
            let chi_square: f64 = bins.iter().map(|count| (count - expected).powi(2) / expected).sum();
            assert_within(&format!("chi-square of bits {shift}.."), chi_square, 255.0, 510_f64.sqrt());
        }
    }
}

/// Mean 1/2, variance 1/12 (its sample value has variance 1/180 per draw).
#[test]
fn uniform_moments() {
    let stream = Stream::new(3, "uniform");
    let u: Vec<f64> = (0..N as u64).map(|i| stream.uniform(i)).collect();
    assert!(u.iter().all(|&u| u > 0.0 && u < 1.0));
    assert_within("mean", mean_of(u.iter().copied()), 0.5, (1.0 / 12.0 / N as f64).sqrt());
    let variance = mean_of(u.iter().map(|u| (u - 0.5).powi(2)));
    assert_within("variance", variance, 1.0 / 12.0, (1.0 / 180.0 / N as f64).sqrt());
}

#[test]
fn pieces_equal_the_whole_bit_for_bit() {
    let stream = Stream::new(9, "cuts");
    for start in [0, 1, 2, 31, (1 << 33) - 50, u64::MAX - 70] {
        let mut whole = vec![0.0; 201];
        stream.fill_normal_f32(start, &mut whole);
        for piece_len in [1, 2, 3, 5, 31, 32, 33, 64, 200] {
            let mut pieces = vec![0.0; whole.len()];
            let mut at = start;
            for piece in pieces.chunks_mut(piece_len) {
                stream.fill_normal_f32(at, piece);
                at = at.wrapping_add(piece.len() as u64);
            }
            assert!(
                whole.iter().zip(&pieces).all(|(a, b)| a.to_bits() == b.to_bits()),
                "start {start}, cut {piece_len}"
            );
        }
    }
    stream.fill_normal_f32(1, &mut []);
}

/// The single-precision element is the double-precision normal of the same index, within the documented 4e-7 r ≤ 2.7e-6.
#[test]
fn fill_agrees_with_normal() {
    let stream = Stream::new(9, "precision");
    let start = 12_345;
    let mut out = vec![0.0; 10_000];
    stream.fill_normal_f32(start, &mut out);
    for (i, &got) in out.iter().enumerate() {
        let want = stream.normal(start + i as u64);
        assert!((f64::from(got) - want).abs() <= 4e-7 * 6.67, "element {i}: {got} {want}");
    }
}

/// Correlation of n independent standard normals has standard error 1/√n: streams of neighbouring seeds, purposes and
/// children, parent and child, a child of the parent's key, and a stream against itself shifted.
#[test]
fn streams_are_uncorrelated() {
    let base = Stream::new(0, "weights");
    let streams = [
        base,
        Stream::new(1, "weights"),
        Stream::new(1 << 32, "weights"),
        Stream::new(0, "biases"),
        Stream::new(0, ""),
        base.child(0),
        base.child(1),
        base.child(1 << 32),
        base.child(0).child(0),
        base.child(1).child(0),
        base.child(0).child(1),
    ];
    let n = 200_000;
    let samples: Vec<Vec<f32>> = streams.iter().map(|&stream| normals(stream, n)).collect();
    let correlation = |a: &[f32], b: &[f32]| mean_of(a.iter().zip(b).map(|(&a, &b)| f64::from(a) * f64::from(b)));
    let standard_error = (n as f64).sqrt().recip();
    for i in 0..samples.len() {
        for j in 0..i {
            assert_ne!(streams[i], streams[j]);
            assert_within(&format!("streams {i} and {j}"), correlation(&samples[i], &samples[j]), 0.0, standard_error);
        }
        for lag in [1, 2, 3, 4, 32, 500] {
            let lagged = correlation(&samples[i], &samples[i][lag..]);
            assert_within(&format!("stream {i}, lag {lag}"), lagged, 0.0, ((n - lag) as f64).sqrt().recip());
        }
    }
    assert_ne!(base.child(5).key(), base.bits(5), "a child's key is not a block of its parent");
}

#[test]
fn below_is_uniform_and_in_range() {
    let mut cursor = Stream::new(4, "below").cursor();
    assert_eq!(cursor.below(0), 0);
    assert_eq!(cursor.below(1), 0);
    let mut counts = [0.0_f64; 10];
    for _ in 0..N {
        counts[cursor.below(10) as usize] += 1.0;
    }
    for (value, count) in counts.iter().enumerate() {
        assert_within(&format!("share of {value}"), count / N as f64, 0.1, (0.09 / N as f64).sqrt());
    }
    // Two thirds of 2^64: reduction by remainder would give the lower half of the range twice as often.
    let n = u64::MAX / 3 * 2;
    let lower = mean_of((0..N).map(|_| if cursor.below(n) < n / 2 { 1.0 } else { 0.0 }));
    assert_within("share of the lower half", lower, 0.5, (0.25 / N as f64).sqrt());
}

/// Each of the 24 orders of four items equally often.
#[test]
fn permutations_are_uniform() {
    let mut cursor = Stream::new(6, "orders").cursor();
    let mut counts = std::collections::BTreeMap::new();
    let n = 240_000;
    for _ in 0..n {
        *counts.entry(cursor.permutation(4)).or_insert(0.0) += 1.0;
    }
    assert_eq!(counts.len(), 24);
    let p = 1.0 / 24.0;
    for (order, count) in counts {
        assert_within(&format!("{order:?}"), count / f64::from(n), p, (p * (1.0 - p) / f64::from(n)).sqrt());
    }
    assert!(cursor.permutation(0).is_empty());
}

#[test]
fn cursor_words_are_the_blocks_in_order() {
    let stream = Stream::new(2, "words");
    let mut cursor: Cursor = stream.cursor();
    for counter in 0..3 {
        assert_eq!([cursor.next_u32(), cursor.next_u32()], stream.bits(counter));
    }
    let mut cursor = stream.cursor();
    for index in 0..6 {
        assert_eq!(cursor.next_normal().to_bits(), stream.normal(index).to_bits());
    }
    let mut cursor = stream.cursor();
    for index in 0..3 {
        assert_eq!(cursor.next_f64().to_bits(), stream.uniform(index).to_bits());
    }
}

/// Values frozen when the streams were written, so that a link made then shows the same picture ever after. Integers and single
/// precision are exact; double-precision normals are libm's and get its two units in the last place.
#[test]
fn frozen_values() {
    let stream = Stream::new(42, "regression");
    assert_eq!(stream.key(), [0x9904_1511, 0x65a4_14d0]);
    assert_eq!(stream.child(7).key(), [0x2c1b_d850, 0xee51_935d]);
    assert_eq!(stream.bits(0), [0x8c04_4538, 0xf643_2c62]);
    assert_eq!(stream.bits(1 << 40), [0x6624_f0fb, 0x434e_142d]);
    assert_eq!(stream.uniform(3).to_bits(), 0x3fe8_3900_6bfa_427d);
    let mut out = [0.0; 6];
    stream.fill_normal_f32(1, &mut out);
    let bits = [0xbe85_268c, 0x4012_e30b, 0xbfdc_0f7f, 0x3f16_0dd7, 0xbe22_51df, 0x3ce1_2305];
    assert_eq!(out.map(f32::to_bits), bits);
    for (index, expected) in [(0, 1.067_333_459_902_202), (1, -0.260_059_684_846_481_8), (2, 2.295_107_480_488_598)] {
        let got = stream.normal(index);
        assert!((got - expected).abs() <= 1e-15 * 6.67, "normal {index}: {got:?}");
    }
    let mut cursor = stream.cursor();
    assert_eq!(cursor.permutation(8), [1, 2, 0, 4, 3, 5, 6, 7]);
    assert_eq!((cursor.below(1000), cursor.next_u64()), (184, 0x28d9_8223_d594_0e8a));
}
