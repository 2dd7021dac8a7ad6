//! More workers, each with an instance of this module of its own, which do parts of jobs. No memory is shared. The page starts
//! them and hands over a line to each: a worker that starts workers hangs in Firefox now and then.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::task::Waker;

use exhibits::job::{Lending, Lent, Order, Work};
use js_sys::Uint8Array;
use protocol::{ABI, PANIC_GENERATION, Reply, Request};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{MessageEvent, MessagePort};

use crate::packs::Packs;
use crate::scope;

/// Cores beyond this are left to others: each has its own copy of what it keeps.
const MOST_CORES: usize = 8;
/// Answers to work that was given up which are kept.
const MOST_LATE: usize = 16;
/// After so many deaths nothing is started anew: something is wrong that another worker does not mend.
const MOST_DEATHS: u32 = 4;

/// The workers, and what has come from them.
#[derive(Default)]
pub(crate) struct Pool {
    /// By place; none where a helper has not come yet, or is gone.
    cores: Vec<Option<Core>>,
    lending: Lending,
    is_started: bool,
    answers: VecDeque<(Lent, Result<Vec<u8>, String>)>,
    /// Answers to work that was given up, by the id of their part, for work that has an equal one.
    late: VecDeque<(u64, Vec<u8>)>,
    /// Tickets whose worker died.
    lost: Vec<u64>,
    deaths: u32,
    /// The next part goes to a worker that is made to panic first.
    spoil_next: bool,
    waker: Option<Waker>,
}

/// The line to a helper.
struct Core {
    port: MessagePort,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
}

impl Drop for Core {
    fn drop(&mut self) {
        self.port.set_onmessage(None);
        self.port.close();
    }
}

pub(crate) type SharedPool = Rc<RefCell<Pool>>;

/// Cores that are used, this one among them.
pub(crate) fn n_cores() -> usize {
    (scope::scope().navigator().hardware_concurrency() as usize).clamp(1, MOST_CORES)
}

/// Asks the page for helpers, unless that was done. They are ready some time later.
pub(crate) fn start(pool: &SharedPool) {
    if std::mem::replace(&mut pool.borrow_mut().is_started, true) {
        return;
    }
    let n = n_cores() - 1;
    pool.borrow_mut().cores.resize_with(n, || None);
    if n > 0 {
        scope::post(&Reply::Helpers { places: (0..n as u32).collect() });
    }
}

/// Takes the line to the helper at `place`, which may ask for packs.
pub(crate) fn connect(pool: &SharedPool, packs: &Packs, place: u32, port: MessagePort) {
    let place = place as usize;
    let (weak, packs) = (Rc::downgrade(pool), packs.clone());
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let bytes = event.data().dyn_into::<Uint8Array>().map(|a| a.to_vec()).unwrap_or_default();
        if let (Some(pool), Ok(reply)) = (weak.upgrade(), protocol::decode(&bytes)) {
            hear(&pool, &packs, place, reply);
        }
    });
    port.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    if let Some(core) = pool.borrow_mut().cores.get_mut(place) {
        *core = Some(Core { port, _on_message: on_message });
    }
}

fn hear(pool: &SharedPool, packs: &Packs, index: usize, reply: Reply) {
    match reply {
        Reply::Ready { abi, .. } if abi == ABI => pool.borrow_mut().lending.welcome(index),
        Reply::Part { ticket, answer } => {
            let mut pool = pool.borrow_mut();
            let lent = pool.lending.finish(index, ticket);
            pool.answers.extend(lent.map(|lent| (lent, answer)));
        }
        Reply::Wants { pack } => {
            let bytes = packs.own(&pack);
            if let Some(Some(core)) = pool.borrow().cores.get(index) {
                scope::post_to(&core.port, &Request::Bring { pack, bytes });
            }
        }
        Reply::Failed { generation: PANIC_GENERATION, .. } => bury(pool, index),
        // Of another build, which a browser's cache may mix in: it does nothing, and nothing is lent to it.
        _ => {}
    }
    wake(pool);
}

/// Says which parts are lost with a helper, and asks for another one.
pub(crate) fn bury(pool: &SharedPool, place: usize) {
    let Some(core) = pool.borrow_mut().cores.get_mut(place).and_then(Option::take) else { return };
    // Its closure may be running just now: it goes when that has ended.
    wasm_bindgen_futures::spawn_local(async move { drop(core) });
    web_sys::console::warn_1(&"a worker of the pool has died; its parts are done again".into());
    let may_live = {
        let mut pool = pool.borrow_mut();
        let lost = pool.lending.lose(place);
        pool.lost.extend(lost);
        pool.deaths += 1;
        pool.deaths < MOST_DEATHS
    };
    if may_live {
        scope::post(&Reply::Helpers { places: vec![place as u32] });
    }
    wake(pool);
}

fn wake(pool: &SharedPool) {
    let waker = pool.borrow_mut().waker.take();
    if let Some(waker) = waker {
        waker.wake();
    }
}

impl Pool {
    /// Cores that take parts, the one of this worker among them.
    pub(crate) fn n_ready(&self) -> usize {
        1 + self.lending.n_ready()
    }

    /// The next part goes to a worker that panics: a test of what follows.
    pub(crate) fn spoil_next(&mut self) {
        self.spoil_next = true;
    }

    /// Has the next word from a worker wake this.
    pub(crate) fn listen(&mut self, waker: &Waker) {
        self.waker = Some(waker.clone());
    }

    /// Whether something has come since the last [`Self::answer`].
    pub(crate) fn has_news(&self) -> bool {
        !self.answers.is_empty() || !self.lost.is_empty()
    }

    /// The next answer to this work, be it to an equal part of work that was given up; parts of dead workers wait again.
    pub(crate) fn answer(&mut self, work: &mut Work) -> Option<(usize, Result<Vec<u8>, String>)> {
        for ticket in std::mem::take(&mut self.lost) {
            let _of_other_work = work.give_back(ticket);
        }
        while let Some((lent, answer)) = self.answers.pop_front() {
            if let Some(index) = work.finish(lent.ticket) {
                return Some((index, answer));
            }
            self.late.extend(answer.ok().map(|answer| (lent.id, answer)));
        }
        let of_late = |(at, late): (usize, &(u64, Vec<u8>))| work.finish_equal(late.0).map(|index| (at, index));
        if let Some((at, index)) = self.late.iter().enumerate().find_map(of_late) {
            return self.late.remove(at).map(|(_, answer)| (index, Ok(answer)));
        }
        while self.late.len() > MOST_LATE {
            self.late.pop_front();
        }
        None
    }

    /// Hands parts to the workers.
    pub(crate) fn lend(&mut self, work: &mut Work) {
        let orders = self.lending.lend(work);
        self.tell(orders);
    }

    /// Takes a part back that waits at a worker, for this thread, which has none; false where there is no such part.
    pub(crate) fn recall(&mut self, work: &mut Work) -> bool {
        let order = self.lending.recall(work);
        let has_one = order.is_some();
        self.tell(order);
        has_one
    }

    /// Takes back whatever waits at a worker: its work has been given up.
    pub(crate) fn recall_waiting(&mut self) {
        let orders = self.lending.recall_waiting();
        self.tell(orders);
    }

    fn tell(&mut self, orders: impl IntoIterator<Item = Order>) {
        for (place, order) in orders {
            let Some(Some(core)) = self.cores.get(place) else { continue };
            if matches!(order, Request::Part { .. }) && std::mem::take(&mut self.spoil_next) {
                scope::post_to(&core.port, &Request::Panic);
            }
            scope::post_to(&core.port, &order);
        }
    }

    /// Whether every worker that was started takes parts.
    pub(crate) fn is_complete(&self) -> bool {
        self.lending.n_ready() == self.cores.len()
    }
}
