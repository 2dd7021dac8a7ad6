//! A backend that writes down what it is asked to paint.

use std::convert::Infallible;

use plotters_backend::{BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind};

/// One call.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Call {
    Path(Vec<BackendCoord>),
    Fill(Vec<BackendCoord>),
    Circle(BackendCoord, u32),
    Text(String, BackendCoord),
}

/// Records into a borrowed list.
pub(crate) struct Recorder<'a> {
    pub(crate) size: (u32, u32),
    pub(crate) calls: &'a mut Vec<Call>,
}

type Drawn = Result<(), DrawingErrorKind<Infallible>>;

impl DrawingBackend for Recorder<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, _: BackendCoord, _: BackendColor) -> Drawn {
        panic!("pixels are too slow on a canvas")
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, _: &S) -> Drawn {
        self.calls.push(Call::Path(path.into_iter().collect()));
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, _: &S) -> Drawn {
        self.calls.push(Call::Fill(path.into_iter().collect()));
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(&mut self, centre: BackendCoord, radius: u32, _: &S, _: bool) -> Drawn {
        self.calls.push(Call::Circle(centre, radius));
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, _: &S, at: BackendCoord) -> Drawn {
        self.calls.push(Call::Text(text.into(), at));
        Ok(())
    }
}
