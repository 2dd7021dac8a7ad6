//! Which request is run when: the newest, one at a time.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use exhibit::Values;
use exhibits::Entry;
use exhibits::job::{Job, JobError, Parts};
use js_sys::{Function, Uint8Array};
use protocol::{ABI, Reply, Request, Run};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{MessageEvent, MessagePort};

use crate::group::Group;
use crate::host::{self, Part, PartCore, Shared, WorkerHost};
use crate::pool;
use crate::scope::{self, now_millis, post};

/// What was started once, by exhibit, with what it keeps between requests: jobs, and parts of other workers' jobs.
#[derive(Clone)]
struct Started {
    group: Group,
    jobs: Rc<RefCell<BTreeMap<String, Box<dyn Job>>>>,
    parts: Rc<RefCell<BTreeMap<String, Box<dyn Parts>>>>,
    /// How often a person's files were opened.
    n_opened: Rc<Cell<u32>>,
}

thread_local! {
    /// What listens to the page, and to the worker that this one helps.
    static LISTENER: RefCell<Option<Function>> = const { RefCell::new(None) };
}

impl Group {
    /// Listens to whoever has started this worker, and says that it does.
    pub fn serve(self) {
        scope::post_panics();
        listen(self);
    }
}

/// Listens to the page, or to the worker that started this one, and says that it does.
fn listen(group: Group) {
    let shared = Shared::new(Rc::clone(&group.devices));
    let started = Started { group, jobs: Rc::default(), parts: Rc::default(), n_opened: Rc::default() };
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let bytes = Uint8Array::new(&event.data()).to_vec();
        let port = event.ports().get(0).dyn_into::<MessagePort>();
        match (protocol::decode::<Request>(&bytes), port) {
            (Ok(Request::Serve), Ok(leader)) => {
                LISTENER.with_borrow(|listener| leader.set_onmessage(listener.as_ref()));
                scope::serve(leader);
                ready();
            }
            (Ok(Request::Helper { place }), Ok(port)) => pool::connect(&shared.pool, &shared.packs, place, port),
            (Ok(request), _) => receive(request, &shared, &started),
            (Err(error), _) => post(&Reply::Failed { generation: 0, message: error.to_string() }),
        }
    });
    // It listens as long as the worker lives.
    let listener: Function = on_message.into_js_value().unchecked_into();
    scope::scope().set_onmessage(Some(&listener));
    LISTENER.set(Some(listener));
    ready();
}

/// Says that this worker listens.
fn ready() {
    post(&Reply::Ready { abi: ABI, device: host::cpu().to_string() });
}

fn receive(request: Request, shared: &Shared, started: &Started) {
    let waker = {
        let mut inbox = shared.inbox.borrow_mut();
        match request {
            Request::Run(run) => inbox.put(run),
            Request::Stop => {
                inbox.run = None;
                inbox.stop = true;
            }
            Request::Part { ticket, owner, part } => inbox.parts.push_back(Part { ticket, owner, part }),
            Request::Recall { ticket } => {
                inbox.parts.retain(|part| part.ticket != ticket);
                inbox.recalled = Some(ticket);
            }
            Request::Ask { figure, at } => {
                // It is no work: a job that is under way goes on.
                let lines = shared.explains.borrow().as_ref().map(|by| by.explain(&figure, at)).unwrap_or_default();
                return post(&Reply::Told { figure, lines });
            }
            Request::Export => {
                let mut files = shared.nets.borrow().as_ref().map(|nets| nets.files()).unwrap_or_default();
                if files.len() > 1 {
                    // A browser asks before a page saves several files.
                    files = vec![("nets.zip".into(), exhibits::zip(&files))];
                }
                return post(&Reply::Exported { files });
            }
            Request::Open { files } => return spawn_local(open(files, shared.clone(), started.clone())),
            Request::Bring { pack, bytes } => return shared.packs.bring(pack, bytes),
            Request::Bench => inbox.bench = true,
            Request::Ping => return scope::post_to_page(&Reply::Alive),
            Request::Lost { place } => {
                drop(inbox);
                return pool::bury(&shared.pool, place as usize);
            }
            // They come with a port, and were heard before.
            Request::Serve | Request::Helper { .. } => return,
            Request::Hang => hang(),
            Request::Panic => panic!("a test asked the worker to panic"),
            Request::PanicInPool => shared.pool.borrow_mut().spoil_next(),
        }
        inbox.waker.take()
    };
    if let Some(waker) = waker {
        waker.wake();
    }
    if !std::mem::replace(&mut shared.inbox.borrow_mut().busy, true) {
        spawn_local(work(shared.clone(), started.clone()));
    }
}

/// Blocks this thread for ever, as a browser's own fault may.
fn hang() -> ! {
    loop {
        std::hint::spin_loop();
    }
}

async fn work(shared: Shared, started: Started) {
    loop {
        let (run, part, wants_bench) = {
            let mut inbox = shared.inbox.borrow_mut();
            inbox.stop = false;
            (inbox.run.take(), inbox.parts.pop_front(), std::mem::take(&mut inbox.bench))
        };
        shared.inbox.borrow_mut().bench = wants_bench && (run.is_some() || part.is_some());
        if let Some(part) = part {
            do_part(part, &shared, &started).await;
            // The next one may be called back meanwhile.
            scope::yield_to_events().await;
        }
        if let Some(run) = run {
            answer(run, &shared, &started).await;
        } else if shared.inbox.borrow().parts.is_empty() && !shared.inbox.borrow().bench {
            if !wants_bench {
                break;
            }
            match started.group.run_bench(&shared) {
                Some(bench) => bench.await,
                // The page asks the worker of the bench; were it another, its lines would be waited for in vain.
                None => post(&Reply::BenchDone),
            }
        }
    }
    shared.inbox.borrow_mut().busy = false;
}

/// Keeps a person's own files as a data set.
async fn open(files: Vec<(String, Vec<u8>)>, shared: Shared, started: Started) {
    let opened = started.group.open(files).await.map(|(opened, packs)| {
        shared.packs.keep_own(packs);
        // Whatever was computed before may be of other images in their place.
        started.jobs.borrow_mut().clear();
        started.n_opened.set(started.n_opened.get() + 1);
        opened
    });
    post(&Reply::Opened(opened));
}

/// Does a part of another worker's job.
async fn do_part(Part { ticket, owner, part }: Part, shared: &Shared, started: &Started) {
    let kept = started.parts.borrow_mut().remove(&owner);
    let answer = match kept.or_else(|| started.group.new_parts(&owner)) {
        Some(mut parts) => {
            let answer = parts.compute(&part, &mut PartCore::new(shared.clone(), ticket)).await;
            started.parts.borrow_mut().insert(owner, parts);
            match answer {
                // Nobody waits for it.
                Err(JobError::Cancelled) => return,
                answer => answer.map_err(|error| error.to_string()),
            }
        }
        None => Err(absent(&owner)),
    };
    post(&Reply::Part { ticket, answer });
}

async fn answer(run: Run, shared: &Shared, started: &Started) {
    let generation = run.generation;
    let begun = now_millis();
    let Some(Entry { exhibit, job, .. }) = started.group.entry(&run.exhibit) else {
        post(&Reply::Failed { generation, message: absent(&run.exhibit) });
        return;
    };
    let values = Values::from_changed(exhibit, &run.controls);
    let kept = started.jobs.borrow_mut().remove(exhibit.id);
    let mut job = kept.unwrap_or_else(job);
    // Those of other values are not what is shown.
    shared.nets.take();
    let mut host = WorkerHost::new(shared.clone(), run);
    let n_opened = started.n_opened.get();
    let result = job.run(&values, &mut host).await;
    if started.n_opened.get() == n_opened {
        started.jobs.borrow_mut().insert(exhibit.id.to_owned(), job);
    }
    match result {
        Ok(()) => {
            post(&Reply::Done { generation, millis: now_millis() - begun });
        }
        Err(JobError::Cancelled) => {}
        Err(JobError::Failed(message)) => post(&Reply::Failed { generation, message }),
    }
    shared.pool.borrow_mut().recall_waiting();
}

/// What is said of an exhibit that another group's worker computes, or none.
fn absent(id: &str) -> String {
    format!("This worker has no exhibit “{id}”. Load the page anew.")
}
