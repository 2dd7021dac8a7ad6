//! The structure of exported documents, not their bytes.
#![cfg(feature = "export")]

use figures::{
    Axis, ColourMap, ColourScale, Device, Figure, Layer, PaintError, Role, Samples, Stroke, Style, Theme, View, png,
    svg,
};

fn figure() -> Figure {
    let line = |name: &str, role, stroke| Layer::Line {
        name: name.into(),
        role,
        stroke,
        x: Samples(vec![0.0, 1.0, 2.0]),
        y: Samples(vec![0.0, 1.0, 0.5]),
    };
    Figure {
        id: "f".into(),
        title: "Depth & width <1>".into(),
        x: Axis::linear("layer l", 0.0, 2.0),
        y: Axis::linear("length q_l", 0.0, 1.0),
        layers: vec![
            line("theory", Role::Theory, Stroke::Solid),
            line("exp(−l/ξ_c)", Role::Accent, Stroke::Dashed),
            Layer::Text { text: "ordered".into(), role: Role::Ordered, x: 0.5, y: 0.9 },
        ],
        view: View::Plane,
        alt: "Length falls with depth".into(),
        note: None,
        device: Device::Theory,
    }
}

/// The contents of all elements of a name, tags within taken out.
fn texts(document: &str, element: &str) -> Vec<String> {
    let (open, close) = (format!("<{element}"), format!("</{element}>"));
    let pieces = document.split(&open).skip(1).filter_map(|rest| rest.split_once('>')?.1.split_once(&close));
    let strip = |text: &str| text.split('<').map(|part| part.rsplit('>').next().unwrap_or(part)).collect();
    pieces.map(|(inside, _)| strip(inside)).collect()
}

#[test]
fn a_document_has_title_description_axes_and_legend_as_text() {
    let document = svg(&figure(), (600, 400), &Style::default()).expect("a document");
    assert!(document.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"600\" height=\"400\""));
    assert!(document.contains("<title>Depth &amp; width &lt;1&gt;</title>"));
    assert!(document.contains("<desc>Length falls with depth</desc>"));
    let words = texts(&document, "text");
    for word in ["layer l", "length ql", "theory", "exp(−l/ξc)", "ordered", "0", "1.0", "2.0"] {
        assert_eq!(words.iter().filter(|w| *w == word).count().min(1), 1, "{word} in {words:?}");
    }
    assert_eq!(words.iter().filter(|w| *w == "ordered").count(), 1, "an outline is not a second text");
    assert_eq!(document.matches("<svg").count(), document.matches("</svg>").count());
}

#[test]
fn each_theme_has_its_ground_and_its_colours() {
    for theme in [Theme::Light, Theme::Dark, Theme::Projector] {
        let document =
            svg(&figure(), (600, 400), &Style { theme, ..Style::default() }).expect("a document").to_lowercase();
        for [r, g, b] in [theme.ground(), theme.colour(Role::Theory), theme.colour(Role::Accent)] {
            assert!(document.contains(&format!("#{r:02x}{g:02x}{b:02x}")), "{theme:?}");
        }
    }
}

#[test]
fn a_heat_map_is_one_image_under_the_words() {
    let mut figure = figure();
    figure.layers.insert(
        0,
        Layer::Heat {
            columns: 2,
            values: Samples(vec![0.0, 0.5, 1.0, f32::NAN]),
            x: (0.0, 2.0),
            y: (0.0, 1.0),
            colours: ColourScale::new("log χ_1", ColourMap::Diverging, (-1.0, 1.0)).named([(0.0, "critical")]),
        },
    );
    let document = svg(&figure, (600, 400), &Style::default()).expect("a document");
    assert_eq!(document.matches("<image ").count(), 1);
    // Inkscape 1.2 and ImageMagick know the older address only; it belongs to a name space.
    assert!(document.contains("xmlns:xlink=\"http://www.w3.org/1999/xlink\""));
    assert_eq!(document.matches(" xlink:href=\"data:image/png;base64,").count(), 1);
    assert!(document.contains("image-rendering=\"optimizeSpeed\""), "cells stay sharp");
    let words = texts(&document, "text");
    assert!(words.contains(&"critical".into()) && words.contains(&"log χ1".into()), "{words:?}");
    assert!(document.find("<image ") < document.find(">ordered<"), "words lie over the map");
}

#[test]
fn each_image_of_a_grid_is_an_image_with_its_caption_as_text() {
    let pixels = figures::Pixels::Bytes((0..12).collect());
    let grey = ColourScale::new("ink", ColourMap::Grey, (0.0, 255.0));
    let chart = figures::Chart::images("f").image_grid((2, 2), pixels, grey, ["a 3", "a 5", "a 7"]);
    let document = svg(&chart.build(), (600, 400), &Style::default()).expect("a document");
    assert_eq!(document.matches("<image ").count(), 3);
    let words = texts(&document, "text");
    assert!(["a 3", "a 5", "a 7", "ink"].iter().all(|word| words.contains(&(*word).to_owned())), "{words:?}");
}

#[test]
fn sizes_that_make_no_picture_are_errors() {
    for size in [(0, 100), (100, 0), (100_000, 10)] {
        assert!(matches!(svg(&figure(), size, &Style::default()), Err(PaintError::Encode { format: "SVG", .. })));
        assert!(matches!(png(&figure(), size, &Style::default()), Err(PaintError::Encode { format: "PNG", .. })));
    }
}

#[test]
fn a_png_has_the_ground_at_its_corner_and_the_line_in_its_colour() {
    let style = Style { theme: Theme::Dark, ..Style::default() };
    // Without the dashes that lie on the line.
    let mut figure = figure();
    figure.layers.truncate(1);
    let bytes = png(&figure, (600, 400), &style).expect("an image");
    let mut reader = ::png::Decoder::new(std::io::Cursor::new(bytes)).read_info().expect("a header");
    let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
    let info = reader.next_frame(&mut pixels).expect("pixels");
    assert_eq!((info.width, info.height), (600, 400));
    assert_eq!(pixels[..3], style.theme.ground());
    let theory = style.theme.colour(Role::Theory);
    let solid = pixels.chunks_exact(3).filter(|p| *p == theory).count();
    // The line crosses some 550 columns, 2 pixels wide; its core is of its pure colour.
    assert!(solid > 200, "{solid} pixels");
}
