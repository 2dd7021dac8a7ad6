//! The workers that help another one. The page starts them and hands over a line to each, since not every browser survives
//! workers that start workers.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use protocol::{ABI, Reply, Request};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, MessageChannel, MessageEvent, Worker};

use super::script;
use super::silence::Silence;

/// A worker with its helpers; all end with it.
pub(super) struct Crew {
    leader: Worker,
    /// The name of the element that names their script.
    script: &'static str,
    members: RefCell<Vec<Member>>,
    on_message: Closure<dyn FnMut(MessageEvent)>,
    on_error: Closure<dyn FnMut(Event)>,
}

struct Member {
    place: u32,
    worker: Worker,
    silence: Silence,
}

impl Drop for Crew {
    fn drop(&mut self) {
        self.members.borrow().iter().for_each(|member| script::end(&member.worker));
        script::end(&self.leader);
    }
}

impl Crew {
    /// Without helpers.
    pub(super) fn new(leader: Worker, script: &'static str) -> Rc<Self> {
        Rc::new_cyclic(|weak: &Weak<Self>| {
            let (on_reply, on_fault) = (weak.clone(), weak.clone());
            Self {
                leader,
                script,
                members: RefCell::default(),
                on_message: Closure::new(move |event: MessageEvent| {
                    if let Some(crew) = on_reply.upgrade() {
                        crew.hear(&event);
                    }
                }),
                on_error: Closure::new(move |event: Event| {
                    event.prevent_default();
                    if let Some(crew) = on_fault.upgrade() {
                        crew.lose(|member| script::is_of(&event, &member.worker));
                    }
                }),
            }
        })
    }

    pub(super) fn leader(&self) -> &Worker {
        &self.leader
    }

    pub(super) fn tell(&self, request: &Request) {
        script::post(&self.leader, request, None);
    }

    /// Starts helpers for these places, in the place of those that were there. Where a browser refuses, there are fewer.
    pub(super) fn fill(&self, places: &[u32]) {
        let mut members = self.members.borrow_mut();
        for &place in places {
            members.extract_if(.., |member| member.place == place).for_each(|member| script::end(&member.worker));
            let Ok(worker) = script::start(self.script) else { return };
            worker.set_onmessage(Some(self.on_message.as_ref().unchecked_ref()));
            worker.set_onerror(Some(self.on_error.as_ref().unchecked_ref()));
            members.push(Member { place, worker, silence: Silence::default() });
        }
    }

    fn hear(&self, event: &MessageEvent) {
        let members = self.members.borrow();
        let Some(member) = members.iter().find(|member| script::is_of(event, &member.worker)) else { return };
        member.silence.end();
        let reply = script::bytes_of(event).and_then(|bytes| protocol::decode(&bytes).ok());
        // A helper of another build, which a browser's cache may mix in, gets nothing to do.
        if let (Some(Reply::Ready { abi: ABI, .. }), Ok(channel)) = (reply, MessageChannel::new()) {
            script::post(&member.worker, &Request::Serve, Some(&channel.port1()));
            script::post(&self.leader, &Request::Helper { place: member.place }, Some(&channel.port2()));
        }
    }

    /// Ends helpers, and tells the leader that they are gone.
    fn lose(&self, is_lost: impl Fn(&Member) -> bool) {
        let lost: Vec<Member> = self.members.borrow_mut().extract_if(.., |member| is_lost(member)).collect();
        for member in lost {
            script::end(&member.worker);
            self.tell(&Request::Lost { place: member.place });
        }
    }

    /// Asks all helpers for a sign of life, and ends those that have given none for too long.
    pub(super) fn watch(&self) {
        self.lose(|member| member.silence.is_too_long(|| script::post(&member.worker, &Request::Ping, None)));
    }
}
