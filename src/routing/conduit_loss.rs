//! What evaporates and seeps from a conduit.

use crate::model::section::Shape;
use crate::units::TINY_DEPTH;

use super::conduit_flow::{Conduit, ConduitState};
use super::dynamic::Forcing;

/// Evaporation and seepage rates of one barrel, m³/s:
/// `E = e · W(y) · L` from open conduits and `S = s · k · W(min(y, y_wmax)) · L`, together no more
/// than the conduit holds over the step.
///
/// `depth` y, mean of the step's start and the last trial, m; `length` L, m; `evaporation` e, m/s;
/// `seepage` s, m/s; `factor` k, of the month; `most` m³/s. Where the width shrinks above, seepage
/// keeps to the widest depth. (EPA SWMM *Reference Manual* vol. II, section 5.)
pub fn rates(c: &Conduit, depth: f64, evaporation: f64, factor: f64, most: f64) -> (f64, f64) {
    if depth <= TINY_DEPTH {
        return (0.0, 0.0);
    }
    let evaporating =
        if c.open && evaporation > 0.0 { c.section.width(depth) * c.length * evaporation } else { 0.0 };
    let seeping = if c.seepage > 0.0 {
        let width = if c.constant_width {
            c.section.max_width
        } else {
            c.section.width(depth.min(c.section.depth_at_max_width))
        };
        c.seepage * width * c.length * factor
    } else {
        0.0
    };
    let total = evaporating + seeping;
    let share = if total > most { most / total } else { 1.0 };
    (evaporating * share, seeping * share)
}

/// Whether a shape seeps through its full width at every depth.
pub fn has_constant_width(shape: &Shape) -> bool {
    matches!(shape, Shape::RectangularClosed { .. })
}

/// Sets a conduit's losses for a trial and returns their sum, m³/s.
pub(super) fn loss_rate(c: &Conduit, s: &mut ConduitState, forcing: &Forcing) -> f64 {
    let depth = 0.5 * (s.old_depth + s.depth);
    let most = s.volume / forcing.dt;
    (s.evaporation, s.seepage) = rates(c, depth, forcing.evaporation, forcing.conductivity_factor, most);
    s.evaporation + s.seepage
}
