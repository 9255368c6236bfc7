//! Blocks of rows as the unit of work: each thread writes its own and reads all.

use rayon::prelude::*;

/// Awake cells from which a step is worth more than one thread.
const ENOUGH: usize = 16_384;

/// Does `work` on each item, with scratch space that a thread makes once. The result does not depend on the number of
/// threads, since each item writes its own rows only.
pub(crate) fn for_each<T: Send, S: Send>(
    items: Vec<T>,
    parallel: bool,
    cells: usize,
    scratch: impl Fn() -> S + Sync + Send,
    work: impl Fn(&mut S, T) + Sync + Send,
) {
    if parallel && cells >= ENOUGH && rayon::current_num_threads() > 1 {
        items.into_par_iter().for_each_init(scratch, work);
    } else {
        let mut space = scratch();
        items.into_iter().for_each(|item| work(&mut space, item));
    }
}

/// A column cut into blocks, each with its number as a matter of order; empty slices of an empty column.
pub(crate) fn cut<T>(column: &mut [T], length: usize, blocks: usize) -> Vec<&mut [T]> {
    if column.is_empty() {
        return (0..blocks).map(|_| &mut [][..]).collect();
    }
    let parts: Vec<&mut [T]> = column.chunks_mut(length).collect();
    debug_assert_eq!(parts.len(), blocks);
    parts
}
