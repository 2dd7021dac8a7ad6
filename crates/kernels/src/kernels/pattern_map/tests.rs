use nets::mlp::{Mlp, Shape};
use random::Stream;
use random::mulberry32::Normals;
use theory::Activation;
use theory::regions::{PixelSearch, Window};

use super::*;
use crate::checks;

/// Parameters of a net, weights of standard deviation √(2/inputs), biases 0.3, layer by layer.
fn drawn(widths: &[usize], seed: u32) -> Vec<f32> {
    let mut normals = Normals::new(seed);
    let mut all = Vec::new();
    for shape in widths.windows(2) {
        let mut weights = vec![0.0; shape[0] * shape[1]];
        normals.fill_f32((2.0 / shape[0] as f64).sqrt(), &mut weights);
        let mut biases = vec![0.0; shape[1]];
        normals.fill_f32(0.3, &mut biases);
        all.extend(weights);
        all.extend(biases);
    }
    all
}

const SQUARE: PixelGrid = PixelGrid { x: (-1.0, 1.0), y: (-1.0, 1.0), columns: 512, rows: 512 };
const T5: [usize; 5] = [2, 32, 32, 32, 1];

/// One layer, widths around a block of 32, several blocks, deep.
const NETS: [&[usize]; 7] =
    [&[2, 1], &[2, 1, 1], &[2, 31, 33, 1], &[2, 32, 1], &[2, 64, 65, 1], &[2, 200, 3, 1], &[2, 8, 8, 8, 8, 8, 8, 1]];

fn on_cpu(net: &ReluNet<'_>, grid: &PixelGrid) -> PatternMap {
    pattern_map_on_cpu(net, grid, 0, grid.rows).unwrap()
}

/// T5 of the benchmark tasks: 2951 patterns (±3), mean output 1.256209 (1e-5).
fn assert_t5(map: &PatternMap) {
    let n = map.n_patterns();
    assert!(n.abs_diff(2951) <= 3, "{n} patterns");
    let mean = map.outputs.iter().map(|x| f64::from(*x)).sum::<f64>() / map.outputs.len() as f64;
    assert!((mean - 1.256_209).abs() <= 1e-5, "mean output {mean}");
}

#[test]
fn the_twin_passes_t5() {
    assert_t5(&on_cpu(&ReluNet { widths: &T5, parameters: &drawn(&T5, 5) }, &SQUARE));
}

/// The net in `f64` at a point: output, what all absolute values would give, and the pattern with the nearest kink.
fn exact(net: &ReluNet<'_>, x: f64, y: f64) -> (f64, f64, Vec<bool>, f64) {
    let (mut h, mut sizes) = (vec![x, y], vec![x.abs(), y.abs()]);
    let (mut pattern, mut nearest) = (Vec::new(), f64::INFINITY);
    let mut rest = net.parameters;
    for (l, shape) in net.widths.windows(2).enumerate() {
        let (weights, after) = rest.split_at(shape[0] * shape[1]);
        let (biases, after) = after.split_at(shape[1]);
        rest = after;
        let row = |h: &[f64], i: usize, of: &dyn Fn(f32) -> f64| {
            let products = h.iter().zip(&weights[i * shape[0]..]).map(|(h, w)| h * of(*w));
            of(biases[i]) + products.sum::<f64>()
        };
        let z: Vec<f64> = (0..shape[1]).map(|i| row(&h, i, &f64::from)).collect();
        let size: Vec<f64> = (0..shape[1]).map(|i| row(&sizes, i, &|w| f64::from(w.abs()))).collect();
        if l + 2 == net.widths.len() {
            return (z[0], size[0], pattern, nearest);
        }
        for (z, size) in z.iter().zip(&size) {
            pattern.push(*z > 0.0);
            nearest = nearest.min(z.abs() / (1e-6 * (l + 1) as f64 * size));
        }
        h = z.iter().map(|z| z.max(0.0)).collect();
        sizes = size;
    }
    (0.0, 0.0, pattern, nearest)
}

/// Outputs to the stated bound, and equal patterns where and only where the exact ones are, kinks left out.
fn assert_exact(net: &ReluNet<'_>, grid: &PixelGrid, map: &PatternMap) {
    let mut names = std::collections::HashMap::new();
    let mut n_clear = 0;
    for row in 0..grid.rows {
        for column in 0..grid.columns {
            let at = |(low, high): (f64, f64), k: usize, n: usize| low + (high - low) * (k as f64 + 0.5) / n as f64;
            let (x, y) = (at(grid.x, column, grid.columns), at(grid.y, row, grid.rows));
            let (want, size, pattern, nearest) = exact(net, x, y);
            let k = row * grid.columns + column;
            let (error, allowed) = ((f64::from(map.outputs[k]) - want).abs(), 1e-6 * net.widths.len() as f64 * size);
            assert!(error <= allowed, "{:?} at {x} {y}: {} {want}", net.widths, map.outputs[k]);
            if nearest > 1.0 {
                n_clear += 1;
                let hidden = &net.widths[1..net.widths.len() - 1];
                let by_units = pattern_name(hidden, |unit| pattern[unit]);
                assert_eq!(by_units, map.patterns[k], "{:?} at {x} {y}: another rule of naming", net.widths);
                let name = *names.entry(pattern).or_insert(map.patterns[k]);
                assert_eq!(name, map.patterns[k], "{:?} at {x} {y}: one pattern has two names", net.widths);
            }
        }
    }
    let mut distinct: Vec<u64> = names.values().copied().collect();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(distinct.len(), names.len(), "{:?}: two patterns have one name", net.widths);
    assert!(n_clear * 100 >= grid.columns * grid.rows * 95, "most pixels are away from kinks");
}

/// A window that is no square, beside the origin, with a number of pixels that is no multiple of anything.
const WINDOW: PixelGrid = PixelGrid { x: (-0.5, 1.25), y: (0.25, 0.75), columns: 37, rows: 29 };

#[test]
fn the_twin_is_the_formula() {
    for widths in NETS {
        let parameters = drawn(widths, 3);
        let net = ReluNet { widths, parameters: &parameters };
        assert_exact(&net, &WINDOW, &on_cpu(&net, &WINDOW));
    }
}

#[test]
fn rows_make_the_whole() {
    let parameters = drawn(&T5, 5);
    let net = ReluNet { widths: &T5, parameters: &parameters };
    let whole = on_cpu(&net, &WINDOW);
    let lower = pattern_map_on_cpu(&net, &WINDOW, 0, 10).unwrap();
    let upper = pattern_map_on_cpu(&net, &WINDOW, 10, 19).unwrap();
    assert_eq!(whole.patterns, [lower.patterns, upper.patterns].concat());
    assert_eq!(whole.outputs, [lower.outputs, upper.outputs].concat());
}

#[test]
fn wrong_nets_are_named() {
    for (widths, n, says) in [
        (&[3, 4, 1][..], 21, "expected 2 inputs and one output, got 3"),
        (&[2, 4, 2], 22, "inputs and one output"),
        (&[], 0, "inputs and one output"),
        (&[2, 4, 1], 16, "expected 17 parameters, got 16"),
        (&[2, 0, 1], 1, "expected 1 neurons in a layer, got 0"),
        (&[2, 257, 1], 1029, "at most 256 neurons in a layer, got 257"),
    ] {
        let net = ReluNet { widths, parameters: &vec![0.0; n] };
        let said = pattern_map_on_cpu(&net, &WINDOW, 0, 1).unwrap_err().to_string();
        assert!(said.contains(says), "{said}, not {says}");
    }
    let net = ReluNet { widths: &[2, 1], parameters: &[0.0; 3] };
    assert!(pattern_map_on_cpu(&net, &WINDOW, 20, 10).unwrap_err().to_string().contains("at most 29 rows, got 30"));
}

#[test]
#[ignore = "needs a Vulkan adapter"]
fn gpu_passes_t5() {
    let gpu = checks::gpu();
    let parameters = drawn(&T5, 5);
    let net = ReluNet { widths: &T5, parameters: &parameters };
    let map = pollster::block_on(pattern_map(&gpu, &net, &SQUARE)).unwrap();
    assert_t5(&map);
    let twin = on_cpu(&net, &SQUARE);
    let same = map.patterns.iter().zip(&twin.patterns).filter(|(a, b)| a == b).count();
    // A pixel of some 20,000 has a neuron within 1e-6 of its kink.
    assert!(map.patterns.len() - same <= 100, "{} pixels differ from the twin's", map.patterns.len() - same);
}

#[test]
#[ignore = "needs a Vulkan adapter"]
fn gpu_is_the_formula() {
    let gpu = checks::gpu();
    for widths in NETS {
        let parameters = drawn(widths, 3);
        let net = ReluNet { widths, parameters: &parameters };
        assert_exact(&net, &WINDOW, &pollster::block_on(pattern_map(&gpu, &net, &WINDOW)).unwrap());
    }
}

/// Pixels: none, one, around the 128, no multiple; two runs, and a part of a window, give the same bits.
#[test]
#[ignore = "needs a Vulkan adapter"]
fn gpu_takes_every_size_and_parts_make_the_whole() {
    let gpu = checks::gpu();
    let parameters = drawn(&T5, 5);
    let net = ReluNet { widths: &T5, parameters: &parameters };
    let run = |grid: &PixelGrid| pollster::block_on(pattern_map(&gpu, &net, grid)).unwrap();
    for (columns, rows) in [(0, 0), (0, 5), (1, 1), (127, 1), (1, 128), (43, 3), (10, 13)] {
        let map = run(&PixelGrid { columns, rows, ..SQUARE });
        assert_eq!((map.patterns.len(), map.outputs.len()), (columns * rows, columns * rows));
    }
    let whole = run(&PixelGrid { columns: 128, rows: 128, ..SQUARE });
    assert_eq!(whole, run(&PixelGrid { columns: 128, rows: 128, ..SQUARE }));
    // The upper right quarter: edges and pixels are dyadic, so that the points are the same.
    let quarter = run(&PixelGrid { x: (0.0, 1.0), y: (0.0, 1.0), columns: 64, rows: 64 });
    for row in 0..64 {
        let of_whole = (64 + row) * 128 + 64;
        assert_eq!(whole.patterns[of_whole..of_whole + 64], quarter.patterns[row * 64..][..64]);
        assert_eq!(whole.outputs[of_whole..of_whole + 64], quarter.outputs[row * 64..][..64]);
    }
}

/// By polygons and by patterns every point has the region that it is in: against the search for each point alone, which goes
/// down the tree of cuts, and against the patterns in f32, of which one in 10,000 is within rounding of a border.
#[test]
fn every_point_has_the_region_that_it_is_in() {
    const SIDE: usize = 256;
    let window = Window { x_min: -1.2, x_max: 0.8, y_min: -0.5, y_max: 1.5 };
    let grid = PixelGrid { x: (-1.2, 0.8), y: (-0.5, 1.5), columns: SIDE, rows: SIDE };
    for (seed, widths) in [(1, vec![2, 24, 1]), (2, vec![2, 12, 12, 12, 1]), (3, vec![2, 40, 33, 1])] {
        let stream = Stream::new(seed, "regions random nets").child(0);
        let net = Mlp::random(Shape::new(&widths, Activation::Relu).unwrap(), 1.6, 0.4, stream);
        let regions = Regions::of_net(&nets::relu_net(&net).unwrap(), window, 1 << 16).unwrap();
        let by_polygon = PixelSearch::new(&regions, SIDE).finish();
        let wrong = (0..SIDE * SIDE).filter(|at| regions.at_pixel(*at, SIDE) != by_polygon[*at]).count();
        assert_eq!(wrong, 0, "of {} regions of {widths:?}", regions.len());

        let map = on_cpu(&ReluNet { widths: net.shape().widths(), parameters: net.parameters() }, &grid);
        let by_pattern = map.region_numbers(&regions, SIDE);
        let differ = by_pattern.iter().zip(&by_polygon).filter(|(a, b)| a != b).count();
        assert!(differ <= 6, "{differ} of {} pixels differ", SIDE * SIDE);
        assert!(regions.len() > 50, "{} regions are no picture", regions.len());
    }
}
