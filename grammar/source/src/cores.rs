//! Work that the cores of the machine share: a pool of threads that stays. Starting a thread for each piece of work took a quarter of a
//! translation, with a stack to be mapped and an allocator's heap to be filled anew each time.

use std::cmp::Reverse;
use std::num::NonZero;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Whatever recurses on programs may go deep. Pages that nobody touches cost nothing.
const STACK_SIZE: usize = 256 << 20;

/// The result of each item, in their order: the same as one by one. The largest by `size` are taken first, so that at the end no core works alone
/// on one of them.
pub fn map<T: Sync, R: Send + Sync>(items: &[T], size: impl Fn(&T) -> usize, work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let workers = cores().min(items.len());
    if workers < 2 {
        return items.iter().map(work).collect();
    }
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by_cached_key(|&index| Reverse(size(&items[index])));
    let next = AtomicUsize::new(0);
    let done: Vec<OnceLock<R>> = items.iter().map(|_| OnceLock::new()).collect();
    let take_turns = || {
        while let Some(&index) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
            done[index].get_or_init(|| work(&items[index]));
        }
    };
    match pool() {
        Some(pool) => pool.in_place_scope(|scope| {
            (1..workers).for_each(|_| scope.spawn(|_| take_turns()));
            take_turns();
        }),
        None => take_turns(),
    }
    done.into_iter().zip(items).map(|(place, item)| place.into_inner().unwrap_or_else(|| work(item))).collect()
}

/// The other cores, for all that asks for them. Without threads whoever asks does the work alone.
fn pool() -> Option<&'static rayon_core::ThreadPool> {
    static POOL: OnceLock<Option<rayon_core::ThreadPool>> = OnceLock::new();
    let build = || rayon_core::ThreadPoolBuilder::new().num_threads(cores() - 1).stack_size(STACK_SIZE).build().ok();
    POOL.get_or_init(build).as_ref()
}

/// Asking the system takes longer than a small piece of work.
fn cores() -> usize {
    static CORES: OnceLock<usize> = OnceLock::new();
    *CORES.get_or_init(|| std::thread::available_parallelism().map_or(1, NonZero::get))
}

#[cfg(test)]
mod tests {
    #[test]
    fn results_keep_the_order_of_the_items() {
        let items: Vec<u64> = (0..1000).collect();
        let size = |item: &u64| (item % 7) as usize;
        assert_eq!(super::map(&items, size, |item| item * item), items.iter().map(|item| item * item).collect::<Vec<_>>());
    }
}
