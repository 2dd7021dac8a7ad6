//! Which request is run when: the newest, one at a time.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use exhibits::Values;
use exhibits::job::{Job, JobError, Parts, Unhurried};
use js_sys::Uint8Array;
use protocol::{ABI, Reply, Request, Run};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::MessageEvent;

use crate::bench;
use crate::host::{self, Part, Shared, WorkerHost};
use crate::scope::{self, now_millis, post};

/// What was started once, by exhibit, with what it keeps between requests: jobs, and parts of other workers' jobs.
#[derive(Clone, Default)]
struct Started {
    jobs: Rc<RefCell<BTreeMap<String, Box<dyn Job>>>>,
    parts: Rc<RefCell<BTreeMap<String, Box<dyn Parts>>>>,
}

/// Listens to the page, or to the worker that started this one, and says that it does.
pub(crate) fn listen() {
    let (shared, started) = (Shared::default(), Started::default());
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let bytes = Uint8Array::new(&event.data()).to_vec();
        match protocol::decode::<Request>(&bytes) {
            Ok(request) => receive(request, &shared, &started),
            Err(error) => post(&Reply::Failed { generation: 0, message: error.to_string() }),
        }
    });
    scope::scope().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // It listens as long as the worker lives.
    on_message.forget();
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
            Request::Recall { ticket } => inbox.parts.retain(|part| part.ticket != ticket),
            Request::Ask { figure, at } => {
                // It is no work: a job that is under way goes on.
                let lines = shared.explains.borrow().as_ref().map(|by| by.explain(&figure, at)).unwrap_or_default();
                return post(&Reply::Told { figure, lines });
            }
            Request::Bench => inbox.bench = true,
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

async fn work(shared: Shared, started: Started) {
    loop {
        let (run, part, wants_bench) = {
            let mut inbox = shared.inbox.borrow_mut();
            inbox.stop = false;
            (inbox.run.take(), inbox.parts.pop_front(), std::mem::take(&mut inbox.bench))
        };
        shared.inbox.borrow_mut().bench = wants_bench && (run.is_some() || part.is_some());
        if let Some(part) = part {
            do_part(part, &started).await;
            // The next one may be called back meanwhile.
            scope::yield_to_events().await;
        }
        if let Some(run) = run {
            answer(run, &shared, &started).await;
        } else if shared.inbox.borrow().parts.is_empty() && !shared.inbox.borrow().bench {
            if !wants_bench {
                break;
            }
            bench::run(&shared).await;
        }
    }
    shared.inbox.borrow_mut().busy = false;
}

/// Does a part of another worker's job.
async fn do_part(Part { ticket, owner, part }: Part, started: &Started) {
    let kept = started.parts.borrow_mut().remove(&owner);
    let answer = match kept.or_else(|| ::bench::new_parts(&owner)) {
        Some(mut parts) => {
            let answer = parts.compute(&part, &mut Unhurried).await;
            started.parts.borrow_mut().insert(owner, parts);
            answer.map_err(|error| error.to_string())
        }
        None => Err(format!("there is no exhibit “{owner}”")),
    };
    post(&Reply::Part { ticket, answer });
}

async fn answer(run: Run, shared: &Shared, started: &Started) {
    let generation = run.generation;
    let begun = now_millis();
    let Some(exhibit) = exhibits::exhibit(&run.exhibit) else {
        post(&Reply::Failed { generation, message: format!("there is no exhibit “{}”", run.exhibit) });
        return;
    };
    let values = Values::from_changed(exhibit, &run.controls);
    let kept = started.jobs.borrow_mut().remove(exhibit.id);
    let Some(mut job) = kept.or_else(|| exhibits::new_job(exhibit.id)) else { return };
    let mut host = WorkerHost::new(shared.clone(), run);
    let result = job.run(&values, &mut host).await;
    started.jobs.borrow_mut().insert(exhibit.id.to_owned(), job);
    match result {
        Ok(()) => {
            shared.pool.borrow_mut().forget_late();
            post(&Reply::Done { generation, millis: now_millis() - begun });
        }
        Err(JobError::Cancelled) => {}
        Err(JobError::Failed(message)) => post(&Reply::Failed { generation, message }),
    }
    shared.pool.borrow_mut().recall_waiting();
}
