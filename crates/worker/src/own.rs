//! A person's own files: pictures are decoded by the browser.

use data::own::{File, OwnError, OwnSet, Picture, is_idx, set_of};
use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ImageBitmap, OffscreenCanvas, OffscreenCanvasRenderingContext2d};

use crate::scope;

/// Longest side of a picture that is looked at, which is what a photograph keeps.
const MOST_PIXELS: f64 = data::own::photographs::MOST_SIDE as f64;

/// The data set of some files.
///
/// # Errors
/// [`OwnError`].
pub(crate) async fn open(files: Vec<File>) -> Result<OwnSet, OwnError> {
    let (mut pictures, mut others) = (Vec::new(), Vec::new());
    for file in files {
        // The browser need not be asked of the largest files.
        match if is_idx(&file.bytes) { None } else { picture(&file).await } {
            Some(picture) => pictures.push(picture),
            None => others.push(file),
        }
    }
    set_of(&pictures, &others)
}

/// A file as a picture, if the browser can read it.
async fn picture(file: &File) -> Option<Picture> {
    let parts = js_sys::Array::of1(&Uint8Array::from(file.bytes.as_slice()));
    let blob = Blob::new_with_u8_array_sequence(&parts).ok()?;
    let bitmap = scope::scope().create_image_bitmap_with_blob(&blob).ok()?;
    let bitmap: ImageBitmap = JsFuture::from(bitmap).await.ok()?.dyn_into().ok()?;
    let (width, height) = (f64::from(bitmap.width()), f64::from(bitmap.height()));
    let scale = (MOST_PIXELS / width.max(height)).min(1.0);
    let [width, height] = [width, height].map(|size| (size * scale).round().max(1.0));
    let canvas = OffscreenCanvas::new(width as u32, height as u32).ok()?;
    let context: OffscreenCanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    context.draw_image_with_image_bitmap_and_dw_and_dh(&bitmap, 0.0, 0.0, width, height).ok()?;
    bitmap.close();
    let data = context.get_image_data(0.0, 0.0, width, height).ok()?;
    Some(Picture::from_rgba(file.name.clone(), width as usize, &data.data()))
}
