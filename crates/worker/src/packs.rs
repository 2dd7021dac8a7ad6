//! Data packs, each loaded once however often its loading is waited for.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::rc::Rc;

use futures_util::FutureExt;
use futures_util::future::{LocalBoxFuture, Shared};

use crate::{index, scope};

/// What is told of progress, in shares.
const STEP: f32 = 0.02;

/// The packs that were asked for. A loading that nobody waits for pauses, and goes on when it is waited for again.
#[derive(Clone, Default)]
pub(crate) struct Packs(Rc<RefCell<BTreeMap<String, Loading>>>);

#[derive(Clone)]
struct Loading {
    share: Rc<Cell<f32>>,
    bytes: Shared<LocalBoxFuture<'static, Result<Vec<u8>, String>>>,
}

impl Loading {
    fn new(name: &str) -> Self {
        let (name, share) = (name.to_owned(), Rc::new(Cell::new(0.0)));
        let told = Rc::clone(&share);
        let load = async move {
            // The list first: asking for what is not there would be an error in the browser's console.
            let index = scope::fetch("packs/index.json", |_| {}).await?;
            let file = index::file_of(&index, &name)?;
            scope::fetch(&format!("packs/{file}"), |share| told.set(share)).await
        };
        Self { share, bytes: load.boxed_local().shared() }
    }
}

impl Packs {
    /// The bytes of a pack, or the sentence that says why there are none; `tell` hears of the share that has come.
    pub(crate) async fn load(&self, name: &str, mut tell: impl FnMut(f32)) -> Result<Vec<u8>, String> {
        let loading = self.0.borrow_mut().entry(name.to_owned()).or_insert_with(|| Loading::new(name)).clone();
        let (mut told, mut bytes) = (0.0, pin!(loading.bytes));
        let result = poll_fn(|context| {
            let polled = bytes.as_mut().poll(context);
            let share = loading.share.get();
            if polled.is_pending() && share - told >= STEP {
                told = share;
                tell(share);
            }
            polled
        })
        .await;
        // Whoever asked keeps it; what has failed may be tried again.
        self.0.borrow_mut().remove(name);
        result
    }
}
