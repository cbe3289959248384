//! A stack that is deep enough for what C++ nests.

use std::cell::Cell;

/// The limits of sema are chosen for a stack of this size. Pages that nobody touches cost nothing.
const STACK_SIZE: usize = 512 << 20;

thread_local! {
    static IS_DEEP: Cell<bool> = const { Cell::new(false) };
}

/// Runs the work on a deep stack: in a thread of its own, unless this thread is such a one. Whoever translates many units
/// saves a thread for each by doing all of it inside.
pub fn on_deep_stack<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    if IS_DEEP.get() {
        return work();
    }
    let mut work = Some(work);
    let result = std::thread::scope(|scope| {
        let run = || {
            IS_DEEP.set(true);
            work.take().map(|work| work())
        };
        let thread = std::thread::Builder::new().name("translate".into()).stack_size(STACK_SIZE).spawn_scoped(scope, run);
        thread.map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    });
    match (result, work) {
        (Ok(Some(result)), _) => result,
        // No thread can be had: the usual stack serves all but the deepest programs.
        (_, Some(work)) => work(),
        (_, None) => unreachable!("the thread has run, or the work is still here"),
    }
}
