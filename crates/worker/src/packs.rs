//! Data packs, each loaded once however often its loading is waited for.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::task::{Poll, Waker};

use futures_util::FutureExt;
use futures_util::future::{LocalBoxFuture, Shared};
use protocol::Reply;

use crate::{index, scope};

/// Most bytes of a person's own packs, but those opened last are kept whatever they take: MNIST twice.
const MOST_OWN_BYTES: usize = 112 << 20;
/// What is told of progress, in shares.
const STEP: f32 = 0.02;

/// The packs that were asked for. A loading that nobody waits for pauses, and goes on when it is waited for again.
#[derive(Clone, Default)]
pub(crate) struct Packs {
    loading: Rc<RefCell<BTreeMap<String, Loading>>>,
    /// Those of a person's own files with their names, the newest last.
    own: Rc<RefCell<Vec<OwnPack>>>,
    brought: Rc<RefCell<Brought>>,
}

/// What has come from the worker that this one helps, and who waits for it: one part at a time.
#[derive(Default)]
struct Brought {
    pack: Option<(String, Option<Vec<u8>>)>,
    waker: Option<Waker>,
}

/// The packs of a person's own files, with their names.
pub(crate) type OwnPacks = [OwnPack; 2];
type OwnPack = (String, Vec<u8>);

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
        if let Some(bytes) = self.own(name) {
            return Ok(bytes);
        }
        if data::own::is_pack_name(name) && scope::is_helper() {
            scope::post(&Reply::Wants { pack: name.to_owned() });
            return self.brought(name).await.ok_or_else(|| format!("{name} is not kept any more"));
        }
        let loading = self.loading.borrow_mut().entry(name.to_owned()).or_insert_with(|| Loading::new(name)).clone();
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
        self.loading.borrow_mut().remove(name);
        result
    }

    /// A pack of a person's own files, if it is kept here.
    pub(crate) fn own(&self, name: &str) -> Option<Vec<u8>> {
        self.own.borrow().iter().find(|(known, _)| known == name).map(|(_, bytes)| bytes.clone())
    }

    /// Takes what [`Reply::Wants`] has asked for.
    pub(crate) fn bring(&self, name: String, bytes: Option<Vec<u8>>) {
        let waker = {
            let mut brought = self.brought.borrow_mut();
            brought.pack = Some((name, bytes));
            brought.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Waits for a pack that was asked for.
    async fn brought(&self, name: &str) -> Option<Vec<u8>> {
        poll_fn(|context| {
            let mut brought = self.brought.borrow_mut();
            match brought.pack.take() {
                Some((of, bytes)) if of == name => Poll::Ready(bytes),
                _ => {
                    brought.waker = Some(context.waker().clone());
                    Poll::Pending
                }
            }
        })
        .await
    }

    /// Keeps the packs of a person's own files beside those before, so that one can go back to them, as long as there is room.
    pub(crate) fn keep_own(&self, packs: OwnPacks) {
        let mut own = self.own.borrow_mut();
        own.retain(|(name, _)| packs.iter().all(|(new, _)| new != name));
        let n_new = packs.len();
        own.extend(packs);
        while own.len() > n_new && own.iter().map(|(_, bytes)| bytes.len()).sum::<usize>() > MOST_OWN_BYTES {
            own.remove(0);
        }
    }
}
