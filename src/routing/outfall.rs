//! temporary
use crate::model::node::OutfallBoundary;
/// t
#[derive(Clone, Copy, Debug)]
pub struct Outfall { /// t
 pub node: usize, /// t
 pub conduit: Option<usize>, /// t
 pub offset: f64, /// t
 pub invert: f64, /// t
 pub boundary: OutfallBoundary }
impl Outfall { /// t
 pub fn depth(&self, n: f64, c: f64, s: f64) -> f64 { n.min(c) + s } }
