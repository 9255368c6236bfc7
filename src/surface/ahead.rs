//! Asks memory for what a walk over rows will need soon.
//!
//! A row of a column is about as long as a page of memory, and machines fetch ahead within a page only: without this a
//! walk over a million cells waits for a fifth of its time. Asking for a whole row at once is no help, since a machine
//! waits for no more than some twenty lines at a time; so a row is asked for in parts, in between of what is computed.

/// Into how many parts a row is cut.
const PARTS: usize = 7;
/// Bytes that come from memory together.
const LINE: usize = 64;

/// Rows that will be needed soon: where they begin, and how many bytes they have. They are never read through this.
pub(crate) struct Ahead<const N: usize> {
    rows: [(*const u8, usize); N],
    asked: usize,
}

impl<const N: usize> Ahead<N> {
    /// The `n` numbers of each column from a place on, as far as the column has them.
    pub fn new<R>(rows: [(&[R], usize); N], n: usize) -> Self {
        let row = |(column, start): (&[R], usize)| {
            let row = column.get(start..(start + n).min(column.len())).unwrap_or_default();
            (row.as_ptr().cast(), size_of_val(row))
        };
        Self { rows: rows.map(row), asked: 0 }
    }

    /// Nothing.
    pub fn none() -> Self {
        Self { rows: [(std::ptr::null(), 0); N], asked: PARTS }
    }

    /// Asks for the next part of each row.
    #[inline(always)]
    pub fn ask(&mut self) {
        if self.asked >= PARTS {
            return;
        }
        for (row, bytes) in self.rows {
            let part = bytes.div_ceil(PARTS).next_multiple_of(LINE);
            let from = self.asked * part;
            (from..(from + part).min(bytes)).step_by(LINE).for_each(|at| prefetch(row.wrapping_add(at)));
        }
        self.asked += 1;
    }
}

#[inline(always)]
fn prefetch(at: *const u8) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_T1, _mm_prefetch};
        // SAFETY: a hint, which neither reads nor faults wherever it points; every machine of this kind has it
        unsafe { _mm_prefetch::<_MM_HINT_T1>(at.cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = at;
}
