//! A value that arrives once, from a callback.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

struct State<T> {
    value: Option<T>,
    is_closed: bool,
    waker: Option<Waker>,
}

struct Shared<T>(Mutex<State<T>>);

impl<T> Shared<T> {
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn close(&self, value: Option<T>) {
        let mut state = self.lock();
        if !state.is_closed {
            state.is_closed = true;
            state.value = value;
        }
        let waker = state.waker.take();
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

/// Gives the value; when it is dropped without, the receiver learns that.
pub(super) struct Sender<T>(Arc<Shared<T>>);

impl<T> Sender<T> {
    pub(super) fn send(self, value: T) {
        self.0.close(Some(value));
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        self.0.close(None);
    }
}

/// The value once it is there, `None` when it will never be.
pub(super) struct Receiver<T>(Arc<Shared<T>>);

impl<T> Receiver<T> {
    /// What can end the wait from elsewhere.
    #[cfg(not(target_arch = "wasm32"))]
    pub(super) fn watch(&self) -> Watch<T> {
        Watch(Arc::clone(&self.0))
    }
}

impl<T> Future for Receiver<T> {
    type Output = Option<T>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        let mut state = self.0.lock();
        if state.is_closed {
            return Poll::Ready(state.value.take());
        }
        state.waker = Some(context.waker().clone());
        Poll::Pending
    }
}

/// Sees whether the value has come, and can give up on it.
#[cfg(not(target_arch = "wasm32"))]
pub(super) struct Watch<T>(Arc<Shared<T>>);

#[cfg(not(target_arch = "wasm32"))]
impl<T> Watch<T> {
    pub(super) fn is_closed(&self) -> bool {
        self.0.lock().is_closed
    }

    pub(super) fn give_up(&self) {
        self.0.close(None);
    }
}

pub(super) fn oneshot<T>() -> (Sender<T>, Receiver<T>) {
    let state = State { value: None, is_closed: false, waker: None };
    let shared = Arc::new(Shared(Mutex::new(state)));
    (Sender(Arc::clone(&shared)), Receiver(shared))
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::oneshot;

    #[test]
    fn a_value_arrives_from_another_thread() {
        let (sender, receiver) = oneshot();
        let thread = std::thread::spawn(move || sender.send(7));
        assert_eq!(pollster::block_on(receiver), Some(7));
        thread.join().unwrap();
    }

    #[test]
    fn a_dropped_sender_and_a_lost_hope_end_the_wait() {
        let (sender, receiver) = oneshot::<u32>();
        drop(sender);
        assert_eq!(pollster::block_on(receiver), None);

        let (sender, receiver) = oneshot();
        let watch = receiver.watch();
        watch.give_up();
        sender.send(1);
        assert!(watch.is_closed());
        assert_eq!(pollster::block_on(receiver), None, "what comes after is dropped");
    }
}
