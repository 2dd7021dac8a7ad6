//! Equally large places for images, in as many rows as make them largest.

use crate::clip::Rect;
use crate::model::{Figure, Layer};
use crate::theme::Style;

/// Where images are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Mosaic {
    count: u32,
    across: u32,
    /// The upper left corner of the first image.
    corner: (f64, f64),
    /// Width and height of an image.
    size: (f64, f64),
    /// From one image to the next, to the right and down.
    step: (f64, f64),
}

impl Mosaic {
    /// Chooses the number of rows; `None` for a figure without images.
    pub(crate) fn new(figure: &Figure, plot: &Rect, style: &Style) -> Option<Self> {
        let grids = || {
            figure.layers.iter().filter_map(|layer| match layer {
                Layer::ImageGrid { size, pixels, captions, .. } => Some((*size, pixels, captions)),
                _ => None,
            })
        };
        let counts: Vec<usize> = grids().map(|(size, pixels, _)| pixels.n_images(size)).collect();
        let count: usize = counts.iter().sum();
        // Where several images follow several others, which they belong to one by one: a row of their own.
        let mut breaks = Vec::new();
        let mut before = 0;
        for pair in counts.windows(2) {
            before += pair[0];
            if pair[0] > 1 && pair[1] > 1 {
                breaks.push(before);
            }
        }
        let ((rows, columns), ..) = grids().find(|(size, ..)| size.0 > 0 && size.1 > 0)?;
        let aspect = f64::from(columns) / f64::from(rows);
        let small = style.small_text();
        let below = if grids().any(|(.., captions)| !captions.is_empty()) { 1.7 * small } else { 0.0 };
        let gap = (0.45 * small).max(style.stroke(5.0));
        let height = |across: usize| {
            let down = count.div_ceil(across);
            let wide = (plot.width() - gap) / across as f64 - gap;
            (wide / aspect).min((plot.height() - gap) / down as f64 - gap - below)
        };
        let breaks_rows = |across: &usize| breaks.iter().all(|at| at.is_multiple_of(*across));
        // Of columns that are as good, the fewest: the last row is then fullest.
        let across =
            (1..=count.min(4096)).rev().filter(breaks_rows).max_by(|a, b| height(*a).total_cmp(&height(*b)))?;
        // Edges on whole pixels of the screen.
        let high = style.edge(height(across).max(1.0));
        let size = (style.edge(high * aspect).max(1.0), high);
        let step = (size.0 + style.edge(gap), size.1 + style.edge(gap + below));
        let down = count.div_ceil(across);
        let used = (across as f64 * step.0, down as f64 * step.1);
        let (x, y) = plot.centre();
        let corner = (style.edge(x - 0.5 * (used.0 - gap)), style.edge(y - 0.5 * (used.1 - gap)));
        let corner = (corner.0.max(plot.left), corner.1.max(plot.top));
        Some(Self { count: count as u32, across: across as u32, corner, size, step })
    }

    /// Where an image of some rows and columns is: in the middle of its place.
    pub(crate) fn rect(&self, k: u32, (rows, columns): (u32, u32)) -> Option<Rect> {
        if k >= self.count || rows == 0 || columns == 0 {
            return None;
        }
        let scale = (self.size.0 / f64::from(columns)).min(self.size.1 / f64::from(rows));
        let (wide, high) = (f64::from(columns) * scale, f64::from(rows) * scale);
        let left = self.corner.0 + f64::from(k % self.across) * self.step.0 + 0.5 * (self.size.0 - wide);
        let top = self.corner.1 + f64::from(k / self.across) * self.step.1 + 0.5 * (self.size.1 - high);
        Some(Rect { left, top, right: left + wide, bottom: top + high })
    }

    /// How wide a caption may be.
    pub(crate) fn step(&self) -> f64 {
        self.step.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::Chart;
    use crate::model::{ColourMap, ColourScale, Pixels};
    use crate::picture::Picture;

    #[test]
    fn grids_of_several_images_stand_below_each_other() {
        let pixels = |n: usize| Pixels::Bytes(vec![0; 4 * n]);
        let grey = || ColourScale::new("", ColourMap::Grey, (0.0, 255.0));
        let none: [&str; 0] = [];
        for canvas in [(800, 300), (400, 400), (600, 450), (300, 900)] {
            let figure = Chart::images("f")
                .image_grid((2, 2), pixels(10), grey(), none)
                .image_grid((2, 2), pixels(10), grey(), none)
                .build();
            let area = Picture::new(&figure, canvas, &Style::default()).area();
            let place = |k: u32| area.image_rect(k, (2, 2)).expect("a place");
            assert_eq!(place(0).left, place(10).left, "{canvas:?}");
            assert_eq!(place(9).left, place(19).left, "{canvas:?}");
            // One alone is followed by the others.
            let figure = Chart::images("f")
                .image_grid((2, 2), pixels(1), grey(), none)
                .image_grid((2, 2), pixels(3), grey(), none)
                .build();
            let area = Picture::new(&figure, (400, 400), &Style::default()).area();
            let place = |k: u32| area.image_rect(k, (2, 2)).expect("a place");
            assert_eq!(place(0).top, place(1).top);
        }
    }

    #[test]
    fn images_lie_apart_within_the_plot_and_fill_it_well() {
        for (count, size, canvas) in
            [(1, (28, 28), (600, 400)), (10, (28, 28), (800, 300)), (64, (5, 5), (400, 400)), (7, (10, 30), (360, 300))]
        {
            let pixels = Pixels::Bytes(vec![0; count * (size.0 * size.1) as usize]);
            let grey = ColourScale::new("", ColourMap::Grey, (0.0, 255.0));
            let captions = (0..count).map(|k| format!("a {k}"));
            let figure = Chart::images("f").image_grid(size, pixels, grey, captions).build();
            let area = Picture::new(&figure, canvas, &Style::default()).area();
            let rects: Vec<Rect> = (0..count as u32).map(|k| area.image_rect(k, size).expect("a place")).collect();
            for (i, a) in rects.iter().enumerate() {
                assert!(area.plot().contains((a.left, a.top)) && area.plot().contains((a.right, a.bottom)), "{a:?}");
                for b in &rects[..i] {
                    assert!(a.left >= b.right || b.left >= a.right || a.top >= b.bottom || b.top >= a.bottom);
                }
            }
            let share = rects.iter().map(|r| r.width() * r.height()).sum::<f64>() / f64::from(canvas.0 * canvas.1);
            assert!(share > 0.28, "{count} images of {size:?} take {share} of {canvas:?}");
            assert_eq!(area.image_rect(count as u32, size), None);
        }
    }
}
