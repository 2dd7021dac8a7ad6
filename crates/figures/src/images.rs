//! Images side by side: where they are, their captions and the mark around the chosen one.

use crate::area::PlotArea;
use crate::clip::Rect;
use crate::model::{Figure, Layer, Role};
use crate::pen::{Align, Op};
use crate::text::elide;
use crate::theme::Style;

/// Captions, with the layers' images numbered through the figure, and the mark.
pub(crate) fn words(figure: &Figure, area: &PlotArea, style: &Style, ops: &mut Vec<Op>) {
    let mut first = 0u32;
    for layer in &figure.layers {
        let Layer::ImageGrid { size, pixels, captions, selected, .. } = layer else { continue };
        let count = pixels.n_images(*size) as u32;
        let rect_of = |k: u32| area.image_rect(first + k, *size).filter(|_| k < count);
        for (k, caption) in (0..count).zip(captions) {
            if let Some((rect, room)) = rect_of(k).zip(area.caption_width()) {
                let small = style.small_text();
                let text = elide(caption, small, room);
                let at = (rect.centre().0, rect.bottom + 0.85 * small);
                if !text.is_empty() && area.plot().contains(at) {
                    ops.push(Op::label(&text, at, Align::Middle, small, style.theme.ink()));
                }
            }
        }
        if let Some(rect) = selected.and_then(rect_of) {
            frame(&rect, area, style, ops);
        }
        first += count;
    }
}

/// A frame in the accent colour, outside of the image.
fn frame(rect: &Rect, area: &PlotArea, style: &Style, ops: &mut Vec<Op>) {
    let wide = style.stroke(2.5);
    let Rect { left, top, right, bottom } = rect.inset(-0.5 * wide);
    if !(area.plot().contains((left, top)) && area.plot().contains((right, bottom))) {
        return;
    }
    let corners = vec![(left, top), (right, top), (right, bottom), (left, bottom), (left, top), (right, top)];
    ops.push(Op::path(corners, wide, style.theme.colour(Role::Accent)));
}
