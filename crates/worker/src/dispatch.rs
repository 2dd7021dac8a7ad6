//! Which request is run when: the newest, one at a time.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use exhibits::Values;
use exhibits::job::{Job, JobError};
use js_sys::Uint8Array;
use protocol::{ABI, Reply, Request, Run};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::MessageEvent;

use crate::host::{Inbox, WorkerHost};
use crate::scope::{self, now_millis, post};

/// Jobs that were started once, by exhibit, with what they keep between requests.
type Jobs = Rc<RefCell<BTreeMap<String, Box<dyn Job>>>>;

/// Listens to the page and says that it does.
pub(crate) fn listen() {
    let inbox = Rc::new(RefCell::new(Inbox::default()));
    let jobs: Jobs = Rc::default();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let bytes = Uint8Array::new(&event.data()).to_vec();
        match protocol::decode::<Request>(&bytes) {
            Ok(request) => receive(request, &inbox, &jobs),
            Err(error) => post(&Reply::Failed { generation: 0, message: error.to_string() }),
        }
    });
    scope::scope().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // It listens as long as the worker lives.
    on_message.forget();
    post(&Reply::Ready { abi: ABI, device: "CPU, WebAssembly SIMD".into() });
}

fn receive(request: Request, inbox: &Rc<RefCell<Inbox>>, jobs: &Jobs) {
    {
        let mut inbox = inbox.borrow_mut();
        match request {
            Request::Run(run) => {
                inbox.run = Some(run);
                inbox.stop = false;
            }
            Request::Stop => {
                inbox.run = None;
                inbox.stop = true;
            }
            Request::Bench => inbox.bench = true,
            Request::Panic => panic!("a test asked the worker to panic"),
        }
        if inbox.busy {
            return;
        }
        inbox.busy = true;
    }
    spawn_local(work(Rc::clone(inbox), Rc::clone(jobs)));
}

async fn work(inbox: Rc<RefCell<Inbox>>, jobs: Jobs) {
    loop {
        let (run, wants_bench) = {
            let mut inbox = inbox.borrow_mut();
            inbox.stop = false;
            (inbox.run.take(), std::mem::take(&mut inbox.bench))
        };
        if let Some(run) = run {
            inbox.borrow_mut().bench = wants_bench;
            answer(run, &inbox, &jobs).await;
        } else if wants_bench {
            bench().await;
        } else {
            break;
        }
    }
    inbox.borrow_mut().busy = false;
}

/// The tasks of `depthscope bench`, on this worker.
async fn bench() {
    for (i, task) in bench::TASKS.iter().enumerate() {
        let line = match bench::measure(task, &now_millis) {
            Ok(report) => report.to_string(),
            Err(failure) => failure.to_string(),
        };
        post(&Reply::BenchLine { task: task.key.into(), line, last: i + 1 == bench::TASKS.len() });
        scope::yield_to_events().await;
    }
}

async fn answer(run: Run, inbox: &Rc<RefCell<Inbox>>, jobs: &Jobs) {
    let generation = run.generation;
    let started = now_millis();
    let Some(exhibit) = exhibits::exhibit(&run.exhibit) else {
        post(&Reply::Failed { generation, message: format!("there is no exhibit “{}”", run.exhibit) });
        return;
    };
    let mut values = Values::defaults(exhibit);
    for (key, text) in &run.controls {
        // The page sends valid values; a clamped one is what the page shows too.
        let _shown_by_the_page = values.set_text(key, text);
    }
    let kept = jobs.borrow_mut().remove(exhibit.id);
    let Some(mut job) = kept.or_else(|| exhibits::new_job(exhibit.id)) else { return };
    let mut host = WorkerHost::new(Rc::clone(inbox), run);
    let result = job.run(&values, &mut host).await;
    jobs.borrow_mut().insert(exhibit.id.to_owned(), job);
    match result {
        Ok(()) => post(&Reply::Done { generation, millis: now_millis() - started }),
        Err(JobError::Cancelled) => {}
        Err(JobError::Failed(message)) => post(&Reply::Failed { generation, message }),
    }
}
