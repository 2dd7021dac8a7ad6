//! Round numbers, at which axes and colours end: they stand still while a control is dragged.

/// The least of `digits` (ascending, from 1) times a power of ten that is at or above `x`; 0 for 0.
pub(crate) fn round_up(x: f64, digits: &[f64]) -> f64 {
    let unit = 10f64.powf(x.log10().floor());
    digits.iter().map(|digit| digit * unit).find(|round| *round >= x).unwrap_or(10.0 * unit)
}

/// The greatest that is at or below `x > 0`.
pub(crate) fn round_down(x: f64, digits: &[f64]) -> f64 {
    let unit = 10f64.powf(x.log10().floor());
    digits.iter().rev().map(|digit| digit * unit).find(|round| *round <= x).unwrap_or(unit)
}

#[cfg(test)]
mod tests {
    use super::{round_down, round_up};

    #[test]
    fn numbers_lie_between_their_round_ones() {
        for (x, low, high) in
            [(0.3, 0.2, 0.5), (7.0, 5.0, 10.0), (1.0, 1.0, 1.0), (200.0, 200.0, 200.0), (0.06, 0.05, 0.1)]
        {
            let near = |got: f64, expected: f64| (got / expected - 1.0).abs() < 1e-12;
            let (down, up) = (round_down(x, &[1.0, 2.0, 5.0]), round_up(x, &[1.0, 2.0, 5.0]));
            assert!(near(down, low) && near(up, high), "{x}: {down} {up}");
        }
        assert_eq!(round_up(0.0, &[1.0, 2.0]), 0.0);
    }
}
