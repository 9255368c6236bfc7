//! Independent jobs on the threads of a pool, taken in order.

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::ThreadPool;

/// The results of `count` jobs, in their order.
///
/// Each thread of the pool takes the next job when it is done with one, and nothing else: a job that uses the
/// pool itself lends its parts to threads that have no job left, but never waits for another job.
pub(super) fn each<T: Send>(pool: &ThreadPool, count: usize, job: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let taken = pool.broadcast(|_| {
        let mut done = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count {
                return done;
            }
            done.push((index, job(index)));
        }
    });
    let mut all: Vec<(usize, T)> = taken.into_iter().flatten().collect();
    all.sort_by_key(|(index, _)| *index);
    all.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_jobs() {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
        assert_eq!(each(&pool, 100, |index| index * 2), (0..100).map(|index| index * 2).collect::<Vec<_>>());
    }
}
