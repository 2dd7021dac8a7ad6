//! The exact regions of nets: counts that are known, and everything that must hold of any net.

use std::collections::BTreeSet;
use std::f64::consts::TAU;

use theory::regions::{
    Plane, PlaneSearch, Regions, SAME_PLACE, Subdivision, Window, plane_regions, region_bounds, zaslavsky,
};
use theory::sawtooth::{NetError, PiecewiseLinear, ReluNet, product_net, tent_net};

const MANY: usize = 1 << 20;

/// The random numbers of the benchmark tasks: mulberry32, and normals of it by Box and Muller.
struct Normals {
    state: u32,
    spare: Option<f64>,
}

impl Normals {
    fn new(seed: u32) -> Self {
        Self { state: seed, spare: None }
    }

    fn word(&mut self) -> u32 {
        self.state = self.state.wrapping_add(0x6D2B_79F5);
        let a = self.state;
        let mut t = (a ^ (a >> 15)).wrapping_mul(a | 1);
        t ^= t.wrapping_add((t ^ (t >> 7)).wrapping_mul(t | 61));
        t ^ (t >> 14)
    }

    fn uniform(&mut self) -> f64 {
        (f64::from(self.word()) + 0.5) / 4_294_967_296.0
    }

    fn next(&mut self) -> f64 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        let (r, angle) = ((-2.0 * libm::log(self.uniform())).sqrt(), TAU * self.uniform());
        self.spare = Some(r * libm::sin(angle));
        r * libm::cos(angle)
    }

    /// Weights of variance 2/fan-in and biases of standard deviation 0.3, each layer's W before its b, rounded to f32.
    fn net(&mut self, n_0: usize, widths: &[usize]) -> ReluNet {
        let (mut n_in, mut weights, mut biases) = (n_0, Vec::new(), Vec::new());
        for &width in widths.iter().chain([&1]) {
            let std = (2.0 / n_in as f64).sqrt();
            weights.extend((0..n_in * width).map(|_| f64::from((std * self.next()) as f32)));
            biases.extend((0..width).map(|_| f64::from((0.3 * self.next()) as f32)));
            n_in = width;
        }
        ReluNet::from_flat(n_0, widths, &weights, &biases).expect("a valid net")
    }
}

fn regions(net: &ReluNet, window: Window) -> Regions {
    Regions::of_net(net, window, MANY).expect("two inputs and few regions")
}

/// What must hold of every net.
fn check_invariants(net: &ReluNet, regions: &Regions) {
    let window = regions.window();
    let n_units: usize = regions.widths().iter().sum();
    let slack = SAME_PLACE * (window.x_max - window.x_min + window.y_max - window.y_min);

    // No pattern twice, and areas that fill the window. Each cut moves the area by the rounding of its corners, 1e-16 each.
    let patterns: BTreeSet<&[u64]> = regions.iter().map(|region| region.pattern).collect();
    assert_eq!(patterns.len(), regions.len(), "no pattern is counted twice");
    let area: f64 = regions.iter().map(|region| region.area).sum();
    assert!((area / window.area() - 1.0).abs() < 1e-10, "areas sum to {area} instead of {}", window.area());
    assert_eq!(regions.n_by_layer().last().copied().unwrap_or(1), regions.len());
    assert!(regions.n_by_layer().is_sorted(), "each layer refines those before");

    for (index, region) in regions.iter().enumerate() {
        let n = region.vertices.len();
        // Regions thinner than corners are known may have no area left.
        assert!(n >= 3 && region.area >= 0.0, "region {index} has {n} corners and area {}", region.area);
        // Convex and counterclockwise, up to the precision of corners.
        for i in 0..n {
            let [a, b, c] = [0, 1, 2].map(|k| region.vertices[(i + k) % n]);
            let turn = (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0]);
            let length = (c[0] - a[0]).hypot(c[1] - a[1]);
            assert!(turn >= -slack * length, "region {index} is not convex: {turn:e}");
            assert!(window.contains([b[0], b[1]]), "a corner is outside the window");
        }
        // At its centre, unless it is so thin that the centre is as good as on a line: the net's pattern and value.
        let sum = region.vertices.iter().fold([0.0, 0.0], |sum, v| [sum[0] + v[0], sum[1] + v[1]]);
        let centre = sum.map(|sum| sum / n as f64);
        let is_thin = region.area < 1e-9 * window.area();
        if !is_thin {
            let pattern = net.pattern(&centre).expect("two inputs");
            assert!((0..n_units).all(|unit| pattern[unit] == region.is_on(unit)), "pattern of region {index}");
            assert_eq!(regions.locate(centre), Some(index));
        }
        let value = net.eval(&centre).expect("two inputs");
        let here = region.gradient[0] * centre[0] + region.gradient[1] * centre[1] + region.offset;
        // Thousands of products near 1.
        assert!((value - here).abs() <= 1e-10 * (1.0 + value.abs()), "region {index}: {here} instead of {value}");
    }

    // Borders: each once, its unit near 0 on all of it, on at its left and off at its right.
    let first: Vec<usize> =
        regions.widths().iter().scan(0, |sum, &width| Some(std::mem::replace(sum, *sum + width))).collect();
    for border in regions.boundaries() {
        let unit = first[border.maker.layer - 1] + border.maker.unit;
        let way = [border.to[0] - border.from[0], border.to[1] - border.from[1]];
        let length = way[0].hypot(way[1]);
        if length < 1e-6 {
            continue;
        }
        let middle = [0.5 * (border.from[0] + border.to[0]), 0.5 * (border.from[1] + border.to[1])];
        let step = [-way[1] / length * 1e-9, way[0] / length * 1e-9];
        let state = |sign: f64| {
            let point = [middle[0] + sign * step[0], middle[1] + sign * step[1]];
            net.pattern(&point).expect("two inputs")[unit]
        };
        assert!(state(1.0) && !state(-1.0), "the border of {:?}", border.maker);
    }
}

#[test]
fn one_layer_in_general_position_has_zaslavskys_number() {
    for n in [1, 2, 3, 5, 8, 13, 21, 40] {
        // Lines tangent to a circle at uneven angles: no two are parallel, no three meet in a point.
        let angles = (0..n).map(|i| 3.0 * f64::from(i) + 0.1 * f64::from(i * i % 7));
        let (weights, biases): (Vec<_>, Vec<_>) =
            angles.map(|angle| ([libm::cos(angle), libm::sin(angle)], -0.5 - 0.01 * libm::sin(7.0 * angle))).unzip();
        let n = usize::try_from(n).expect("small");
        let hidden = vec![(weights.concat(), biases)];
        let net = ReluNet::new(2, hidden, vec![1.0; n], 0.0).expect("a valid net");
        // Lines at an angle delta meet at a distance of about 1/delta; the least delta here is above 1e-3.
        let regions = regions(&net, Window::square(1e4));
        assert_eq!(Some(regions.len() as u64), zaslavsky(n, 2).expect("in range").to_u64(), "{n} lines");
        // All borders of one layer are the n whole lines, each of which crosses the window.
        let length = regions.boundary_length_by_layer()[0];
        assert!(length > 2e4 * n as f64 - n as f64 && length < 2.83e4 * n as f64, "{length}");
    }
}

#[test]
fn random_deep_nets_hold_all_that_must_hold() {
    for (seed, widths) in
        [(1, vec![6, 6]), (2, vec![1, 4]), (3, vec![8, 8, 8, 8]), (4, vec![70]), (5, vec![3, 65, 3]), (6, vec![16; 5])]
    {
        let net = Normals::new(seed).net(2, &widths);
        for window in [Window::square(1.0), Window { x_min: 2.0, x_max: 2.5, y_min: -30.0, y_max: 10.0 }] {
            let regions = regions(&net, window);
            check_invariants(&net, &regions);
            let upper = region_bounds(2, &widths).expect("in range").serra_2018_upper;
            assert!(regions.len() as u64 <= upper.to_u64().unwrap_or(u64::MAX), "{widths:?}");
        }
    }
}

/// Every pattern on a grid of pixels is among the exact ones; those that no pixel shows are smaller than some pixels.
#[test]
fn twenty_random_nets_agree_with_a_pixel_count() {
    let n = 256;
    let side = 2.0 / f64::from(n);
    for seed in 100..120 {
        let widths = [[12, 12, 8], [20, 6, 10]][seed as usize % 2];
        let net = Normals::new(seed).net(2, &widths);
        let regions = regions(&net, Window::square(1.0));
        let exact: BTreeSet<Vec<bool>> =
            regions.iter().map(|region| (0..widths.iter().sum()).map(|unit| region.is_on(unit)).collect()).collect();
        let mut seen = BTreeSet::new();
        for row in 0..n {
            for column in 0..n {
                let at = |k: i32| -1.0 + side * (f64::from(k) + 0.5);
                let point = [at(column), at(row)];
                let pattern = net.pattern(&point).expect("two inputs");
                let region = regions.get(regions.locate(point).expect("in the window")).expect("a region");
                assert!(pattern.iter().enumerate().all(|(unit, &on)| region.is_on(unit) == on), "net {seed}");
                seen.insert(pattern);
            }
        }
        assert!(seen.is_subset(&exact) && exact.len() >= seen.len(), "net {seed}");
        for region in regions.iter() {
            let pattern: Vec<bool> = (0..widths.iter().sum()).map(|unit| region.is_on(unit)).collect();
            if !seen.contains(&pattern) {
                // A convex set without a point of the grid of step 1 is at most (2 + sqrt 3)/2 wide (Scott 1973).
                assert!(width(region.vertices) < 1.8661 * side, "net {seed}: a region that no pixel shows is large");
            }
        }
    }
}

/// Least distance between two parallel lines that hold the polygon between them; one of them runs along an edge.
fn width(vertices: &[[f64; 2]]) -> f64 {
    let n = vertices.len();
    (0..n)
        .map(|i| {
            let (a, b) = (vertices[i], vertices[(i + 1) % n]);
            let length = (b[0] - a[0]).hypot(b[1] - a[1]).max(f64::MIN_POSITIVE);
            let distance = |p: &[f64; 2]| ((b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0])) / length;
            vertices.iter().map(distance).fold(0.0, f64::max)
        })
        .fold(f64::INFINITY, f64::min)
}

/// Task T5 of the benchmark: 2951 patterns at 512 x 512 pixels, mean output 1.256209.
#[test]
fn the_net_of_the_benchmark() {
    assert_eq!(Normals::new(1).word(), 2_693_262_067);
    let net = Normals::new(5).net(2, &[32, 32, 32]);
    let regions = regions(&net, Window::square(1.0));
    check_invariants(&net, &regions);
    let mut seen = BTreeSet::new();
    let mut sum = 0.0;
    for row in 0..512 {
        for column in 0..512 {
            let at = |k: i32| -1.0 + 2.0 * (f64::from(k) + 0.5) / 512.0;
            let point = [at(column), at(row)];
            let index = regions.locate(point).expect("in the window");
            sum += regions.eval(point).expect("in the window");
            seen.insert(index);
            if (row * 512 + column) % 97 == 0 {
                let pattern = net.pattern(&point).expect("two inputs");
                let region = regions.get(index).expect("a region");
                assert!(pattern.iter().enumerate().all(|(unit, &on)| region.is_on(unit) == on), "at {point:?}");
            }
        }
    }
    // The reference is an f32 computation: a few pixels on borders may fall to either side.
    assert!(seen.len().abs_diff(2951) <= 3, "{} patterns at pixels", seen.len());
    assert!((sum / (512.0 * 512.0) / 1.256_209 - 1.0).abs() < 1e-5, "mean output {}", sum / (512.0 * 512.0));
    println!("{} regions, {:?} by layer, {} at pixels", regions.len(), regions.n_by_layer(), seen.len());
    assert!(regions.len() >= seen.len());
}

/// A net of one input, seen as one of two inputs that ignores the second: strips, as many as pieces.
#[test]
fn one_input_nets_agree_with_their_pieces() {
    let mut nets: Vec<ReluNet> = (200..215).map(|seed| Normals::new(seed).net(1, &[7, 5, 6])).collect();
    nets.extend((1..=8).map(|k| tent_net(k).expect("in range")));
    for net in nets {
        let (low, high) = (-1.0, 1.0);
        let pieces = PiecewiseLinear::of_net(&net, low, high, MANY).expect("few pieces");
        let plane = Plane { origin: vec![0.0], u: vec![1.0], v: vec![0.0] };
        let window = Window { x_min: low, x_max: high, y_min: 3.0, y_max: 4.0 };
        let regions = Regions::in_plane(&net, &plane, window, MANY).expect("one input");
        assert_eq!(regions.len(), pieces.n_pieces());
        // Along a segment the crossings are the breakpoints, and their makers the same.
        let met = regions.along_segment([low, 3.1], [high, 3.9]);
        assert_eq!(met.len(), pieces.n_pieces());
        for (part, (x, maker)) in met[1..].iter().zip(pieces.breakpoints().iter().zip(pieces.makers())) {
            assert!((low + (high - low) * part.t_from - x).abs() < 1e-9, "{} {x}", part.t_from);
            assert_eq!(part.maker, Some(*maker));
        }
    }
}

#[test]
fn segments_meet_the_regions_in_order() {
    let net = Normals::new(9).net(2, &[16, 16, 16]);
    let regions = regions(&net, Window::square(1.0));
    for (a, b) in [([-1.0, -1.0], [1.0, 1.0]), ([-2.0, 0.3], [3.0, 0.1]), ([0.5, 0.9], [0.5, -0.9])] {
        let met = regions.along_segment(a, b);
        assert!(met.len() > 10, "{} regions", met.len());
        let at = |t: f64| [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])];
        let distinct: BTreeSet<usize> = met.iter().map(|part| part.region).collect();
        assert_eq!(distinct.len(), met.len(), "a segment meets a convex region once");
        for (i, part) in met.iter().enumerate() {
            assert!(part.t_from < part.t_to && (i == 0 || part.t_from == met[i - 1].t_to));
            assert_eq!(regions.locate(at(0.5 * (part.t_from + part.t_to))), Some(part.region));
            assert_eq!(part.maker.is_none(), i == 0);
        }
        // The same count from the net on the line itself.
        let plane = Plane { origin: a.to_vec(), u: vec![b[0] - a[0], b[1] - a[1]], v: vec![0.0, 0.0] };
        let window = Window { x_min: met[0].t_from, x_max: met[met.len() - 1].t_to, y_min: 0.0, y_max: 1.0 };
        let strips = Regions::in_plane(&net, &plane, window, MANY).expect("two inputs");
        assert_eq!(strips.len(), met.len());
    }
    assert!(regions.along_segment([2.0, 2.0], [3.0, 2.0]).is_empty());
    assert!(regions.along_segment([0.0, 0.0], [0.0, 0.0]).len() <= 1);
    assert!(regions.along_segment([0.0, f64::NAN], [0.0, 0.0]).is_empty());
    assert_eq!(regions.locate([1.5, 0.0]), None);
    assert_eq!(regions.locate([f64::NAN, 0.0]), None);
}

/// Lines through the corners, along the edges, through one point, twice the same, parallel, and units that are never on.
#[test]
fn degenerate_lines_are_counted_once() {
    let count = |lines: &[[f64; 3]]| {
        let weights = lines.iter().flat_map(|line| [line[0], line[1]]).collect();
        let hidden = vec![(weights, lines.iter().map(|line| line[2]).collect())];
        let net = ReluNet::new(2, hidden, vec![1.0; lines.len()], 0.0).expect("a valid net");
        let regions = regions(&net, Window::square(1.0));
        check_invariants(&net, &regions);
        regions.len()
    };
    assert_eq!(count(&[[1.0, -1.0, 0.0], [1.0, 1.0, 0.0]]), 4, "both diagonals");
    assert_eq!(count(&[[1.0, -1.0, 0.0], [1.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 3.0, 0.0]]), 8, "a star");
    assert_eq!(count(&[[1.0, 0.0, 1.0], [0.0, -1.0, 1.0], [1.0, 0.0, -1.0]]), 1, "the window's edges");
    let billionth = 2f64.powi(-30);
    let scaled = [billionth, 2.0 * billionth, 0.3 * billionth];
    assert_eq!(count(&[[1.0, 2.0, 0.3], [-2.0, -4.0, -0.6], scaled]), 2, "one line three times");
    assert_eq!(count(&[[1.0, 2.0, 0.3], [1.0, 2.0, 0.4], [1.0, 2.0, 0.4 + 1e-13]]), 4, "parallels, however near");
    assert_eq!(count(&[[0.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 0.0, 1.0]]), 1, "units without a line");
    assert_eq!(count(&[[1.0, 1.0, -2.0], [1.0, 1.0, -2.0 + 1e-6]]), 2, "a corner cut off, and one touched");
    // 3 * 0.1 - 0.1 - 0.1 - 0.1 is 5.6e-17 in doubles and 0 in truth: rounding must not draw a line at x = 0.
    let hidden = vec![([0.1, 0.0].repeat(4), vec![1.0; 4]), (vec![3.0, -1.0, -1.0, -1.0], vec![0.0])];
    let net = ReluNet::new(2, hidden, vec![1.0], 0.0).expect("a valid net");
    let cancelled = regions(&net, Window::square(1.0));
    assert_eq!((cancelled.len(), cancelled.get(0).map(|region| region.is_on(4))), (1, Some(false)), "0 is off");
    // A line that misses a crossing by 1e-13, or by 1e-22, cuts off a triangle; one through it makes six.
    for (offset, expected) in [(1e-13, 7), (-1e-22, 7), (0.0, 6)] {
        let hidden = vec![(vec![1.0, -1.0, 1.0, 1.0, 1.0, 0.0], vec![0.0, 0.0, offset])];
        let net = ReluNet::new(2, hidden, vec![1.0; 3], 0.0).expect("a valid net");
        let star = regions(&net, Window::square(1.0));
        assert_eq!(star.len(), expected, "{offset}");
        assert_eq!(star.iter().filter(|region| region.vertices.len() == 3).count(), if offset == 0.0 { 6 } else { 4 });
    }
    // One unit twice in the second layer, and one that repeats the first layer's line.
    let hidden = vec![
        (vec![1.0, 0.3, -1.0, -0.3, 0.2, 1.0], vec![0.1, -0.1, 0.2]),
        (vec![1.0, -1.0, 0.0, 2.0, -2.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0], vec![0.0; 4]),
    ];
    let net = ReluNet::new(2, hidden, vec![1.0; 4], 0.0).expect("a valid net");
    let regions = regions(&net, Window::square(1.0));
    check_invariants(&net, &regions);
    assert_eq!(regions.len(), 4, "two lines, however often");
}

/// The product net has many coinciding lines; its regions must still fill the window and give its values.
#[test]
fn the_product_net_is_partitioned() {
    for m in 0..=4 {
        let net = product_net(m, 1.0).expect("in range");
        let regions = regions(&net, Window::square(1.0));
        let area: f64 = regions.iter().map(|region| region.area).sum();
        assert!((area - 4.0).abs() < 1e-10, "m = {m}: {area}");
        for i in 0..=40 {
            for j in 0..=40 {
                let point = [f64::from(i) / 20.0 - 1.0, f64::from(j) / 20.0 - 1.0];
                let value = regions.eval(point).expect("in the window");
                assert!((value - net.eval(&point).expect("two inputs")).abs() < 1e-12, "m = {m} at {point:?}");
            }
        }
        // x = 0, y = 0 and x + y = 0 cut the square in 6; each step halves the strips of all three families: lines
        // x = 2i/2^m, y = 2j/2^m, x + y = 2k/2^m, which are a triangulated grid of 2^m by 2^m squares for m >= 1.
        let expected = if m == 0 { 6 } else { 2 << (2 * m) };
        assert_eq!(regions.len(), expected.max(6), "m = {m}");
    }
}

#[test]
fn bad_input_is_refused() {
    let net = Normals::new(1).net(2, &[5, 5]);
    let full = regions(&net, Window::square(1.0)).len();
    assert!(Regions::of_net(&net, Window::square(1.0), full).is_ok());
    assert_eq!(Regions::of_net(&net, Window::square(1.0), full - 1), Err(NetError::TooManyPieces { max: full - 1 }));
    assert!(Regions::of_net(&net, Window::square(1.0), 0).is_err());
    for r in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e10] {
        assert!(Regions::of_net(&net, Window::square(r), MANY).is_err(), "{r}");
    }
    assert!(matches!(
        Regions::of_net(&tent_net(2).expect("in range"), Window::square(1.0), MANY),
        Err(NetError::Shape { expected: 1, got: 2, .. })
    ));
    assert!(Plane::through(&[0.0; 3], &[1.0; 3], &[1.0; 2]).is_err());
    let huge = net.map_parameters(|w| w * 1e200).expect("finite");
    assert!(Regions::of_net(&huge, Window::square(1.0), MANY).is_err(), "overflows");
    // No hidden layer: one region.
    let affine = ReluNet::new(2, vec![], vec![1.0, 2.0], 3.0).expect("a valid net");
    let regions = regions(&affine, Window::square(1.0));
    assert_eq!((regions.len(), regions.eval([0.5, 0.25])), (1, Some(4.0)));
    assert_eq!(regions.get(1), None);
}

/// Also that a slice is one: it does not run to the end.
#[test]
fn slices_of_the_search_find_the_same_regions() {
    for widths in [vec![9], vec![7, 5], vec![70, 3, 12]] {
        let net = Normals::new(11).net(2, &widths);
        let whole = regions(&net, Window::square(1.5));
        for work in [1, 50, 3000] {
            let plane = Plane::of_two_inputs();
            let mut search = Subdivision::new(&net, &plane, Window::square(1.5), MANY).expect("a valid net");
            let (mut slices, mut found) = (0, 0);
            while !search.advance(work).expect("few regions") {
                assert!((found..=whole.len()).contains(&search.n_found()), "regions are only added");
                found = search.n_found();
                slices += 1;
            }
            // Finding a region takes at least one visit.
            assert!(work > 1 || slices >= whole.len(), "{widths:?}: {slices} slices");
            assert!(search.finish().expect("few regions") == whole, "{widths:?}, slices of {work}");
        }
    }
    let net = Normals::new(1).net(2, &[30, 30]);
    let mut search = Subdivision::new(&net, &Plane::of_two_inputs(), Window::square(1.0), 20).expect("a valid net");
    assert!(matches!(search.advance(usize::MAX), Err(NetError::TooManyPieces { max: 20 })));
}

/// Lines and the places where they cross, in whole numbers: the activation patterns of a net of two inputs without rounding.
mod in_whole_numbers {
    pub(super) type Line = [i128; 3];

    fn cross(a: Line, b: Line) -> Line {
        [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
    }

    /// Sign of z at the crossing of two lines that cross.
    fn sign(z: Line, a: Line, b: Line) -> i128 {
        let place = cross(a, b);
        let total: i128 = (0..3).map(|k| z[k].checked_mul(place[k]).expect("fits")).sum();
        total.signum() * place[2].signum()
    }

    /// The two parts of a polygon, given by the lines of its edges in order, where z > 0 and where z < 0.
    fn cut(edges: &[Line], z: Line) -> [Option<Vec<Line>>; 2] {
        let n = edges.len();
        // At the start of each edge.
        let signs: Vec<i128> = (0..n).map(|i| sign(z, edges[(i + n - 1) % n], edges[i])).collect();
        let part = |side: i128| {
            if !signs.contains(&-side) {
                return signs.contains(&side).then(|| edges.to_vec());
            }
            signs.contains(&side).then(|| {
                let mut part = Vec::new();
                for i in 0..n {
                    let (here, next) = (signs[i] * side, signs[(i + 1) % n] * side);
                    if here > 0 || next > 0 {
                        part.push(edges[i]);
                    }
                    if here > 0 && next <= 0 {
                        part.push(z);
                    }
                }
                part
            })
        };
        [part(1), part(-1)]
    }

    /// Regions of a window whose edges are given. Layers have rows of weights, the last entry the bias.
    pub(super) fn count(layers: &[Vec<Vec<i128>>], window: &[Line], inputs: &[Line]) -> usize {
        let Some((layer, deeper)) = layers.split_first() else { return 1 };
        let z: Vec<Line> = layer
            .iter()
            .map(|row| {
                let mut z = [0, 0, row[inputs.len()]];
                for (weight, input) in row.iter().zip(inputs) {
                    (0..3).for_each(|k| z[k] += weight * input[k]);
                }
                z
            })
            .collect();
        let mut polygons = vec![(window.to_vec(), Vec::new())];
        for &z in &z {
            let mut next = Vec::new();
            for (edges, states) in polygons {
                let [on, off] = cut(&edges, z);
                for (part, is_on) in [(on, true), (off, false)] {
                    if let Some(part) = part {
                        let states: Vec<bool> = states.iter().copied().chain([is_on]).collect();
                        next.push((part, states));
                    }
                }
                // On the line everywhere: off.
                if z == [0, 0, 0] {
                    next.push((edges, states.into_iter().chain([false]).collect()));
                }
            }
            polygons = next;
        }
        let of_part = |(edges, states): &(Vec<Line>, Vec<bool>)| {
            let inputs: Vec<Line> = z.iter().zip(states).map(|(z, on)| if *on { *z } else { [0; 3] }).collect();
            count(deeper, edges, &inputs)
        };
        polygons.iter().map(of_part).sum()
    }
}

/// Two layers with large weights and small biases far from the origin: triangles thinner than 1e-11 of the window, and ties
/// where weights are small. Whole numbers tell how many there are.
#[test]
fn counts_are_those_of_whole_numbers() {
    let mut random = Normals::new(77);
    let mut thin = 0;
    for round in 0..120 {
        let (size, bias, r) = [(9.0, 2.0, 64), (2000.0, 3.0, 256), (30_000.0, 5.0, 1 << 12)][round % 3];
        let mut rows = |n_in: usize, n: usize| -> Vec<Vec<i128>> {
            let mut entry = |size: f64| (size * 2.0 * (random.uniform() - 0.5)).round() as i128;
            (0..n).map(|_| (0..=n_in).map(|i| entry(if i < n_in { size } else { bias })).collect()).collect()
        };
        let layers = [rows(2, 7), rows(7, 6)];
        let of_square = |r: i128| {
            let window = [[0, 1, r], [1, 0, -r], [0, 1, -r], [1, 0, r]];
            in_whole_numbers::count(&layers, &window, &[[1, 0, 0], [0, 1, 0]])
        };
        let hidden = layers
            .iter()
            .map(|rows| {
                let (weights, biases): (Vec<&[i128]>, Vec<i128>) =
                    rows.iter().map(|row| (&row[..row.len() - 1], row[row.len() - 1])).unzip();
                let wide = |entries: Vec<i128>| entries.into_iter().map(|entry| entry as f64).collect::<Vec<f64>>();
                (wide(weights.concat()), wide(biases))
            })
            .collect();
        let net = ReluNet::new(2, hidden, vec![1.0; 6], 0.0).expect("a valid net");
        let found = regions(&net, Window::square(r as f64));
        thin += found.iter().filter(|region| width(region.vertices) < 1e-11 * r as f64).count();
        assert_eq!(found.len(), of_square(r), "round {round}");
        // Crossings of lines in whole numbers are nearer than 2^54: the square has all regions of the plane.
        assert_eq!(plane_regions(&net, MANY), Ok(of_square(1 << 56)), "the plane of round {round}");
    }
    assert!(thin > 20, "{thin} regions are thin");
}

#[test]
fn the_plane_has_the_regions_of_a_large_window() {
    let net_of = |lines: &[[f64; 3]]| {
        let (weights, biases): (Vec<[f64; 2]>, Vec<f64>) = lines.iter().map(|[x, y, c]| ([*x, *y], *c)).unzip();
        ReluNet::new(2, vec![(weights.concat(), biases)], vec![1.0; lines.len()], 0.0).expect("a valid net")
    };
    let parallel: Vec<_> = (0..9).map(|i| [0.3, -0.7, f64::from(i)]).collect();
    let through_a_point: Vec<_> = (0..9).map(|i| [1.0, f64::from(i * i) - 3.0, 0.0]).collect();
    assert_eq!(plane_regions(&net_of(&[[0.0; 3]]), MANY), Ok(1));
    assert_eq!(plane_regions(&net_of(&parallel), MANY), Ok(10));
    assert_eq!(plane_regions(&net_of(&through_a_point), MANY), Ok(18));
    for scale in [1.0, 1e-7, 1e7] {
        let mut random = Normals::new(5);
        let lines: Vec<_> = (0..60).map(|_| [random.next(), random.next(), scale * random.next()]).collect();
        assert_eq!(plane_regions(&net_of(&lines), MANY), Ok(1 + 60 + 60 * 59 / 2), "offsets of {scale}");
    }
    for (seed, widths) in [(1, vec![6, 6]), (2, vec![1, 4]), (3, vec![8, 8, 8, 8]), (5, vec![3, 65, 3])] {
        let net = Normals::new(seed).net(2, &widths);
        let count = plane_regions(&net, MANY).expect("few regions");
        assert_eq!(count, regions(&net, Window::square(1e6)).len(), "{widths:?}");
        let mut search = PlaneSearch::new(&net, MANY).expect("two inputs");
        while !search.advance(100).expect("few regions") {}
        assert_eq!(search.finish(), Ok(count));
    }
    let wide = Normals::new(1).net(3, &[4]);
    assert!(matches!(plane_regions(&wide, MANY), Err(NetError::Shape { expected: 2, got: 3, .. })));
    assert!(matches!(plane_regions(&net_of(&parallel), 3), Err(NetError::TooManyPieces { max: 3 })));
}
