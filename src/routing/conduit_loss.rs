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
/// `seepage` s, m/s; `factor` k, of the month; `most` the two together, m³/s. Where the section
/// narrows above its widest depth y_wmax, seepage keeps to the width there. (EPA SWMM *Reference
/// Manual* vol. II, section 5.)
pub fn rates(c: &Conduit, depth: f64, evaporation: f64, factor: f64, most: f64) -> (f64, f64) {
    if depth <= TINY_DEPTH {
        return (0.0, 0.0);
    }
    let evaporating =
        if c.open && evaporation > 0.0 { c.section.width(depth) * c.length * evaporation } else { 0.0 };
    let seeping = match &c.extras {
        Some(extras) if extras.seepage > 0.0 => {
            let width = if extras.constant_width {
                c.section.max_width
            } else {
                c.section.width(depth.min(c.section.depth_at_max_width))
            };
            extras.seepage * width * c.length * factor
        }
        _ => 0.0,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::link::{Conduit as Pipe, Link, LinkKind};
    use crate::model::node::{Node, NodeKind, OutfallBoundary};
    use crate::model::{Model, NodeId};
    use crate::routing::Params;

    /// A conduit of 100 m that seeps 2e-6 m/s.
    fn conduit(shape: Shape) -> Conduit {
        let mut model = Model::default();
        let outfall = NodeKind::Outfall { boundary: OutfallBoundary::Free, flap_gate: false, route_to: None };
        for (name, kind, invert) in [("up", NodeKind::Junction, 1.0), ("down", outfall, 0.0)] {
            let node = Node::new(kind, invert, 3.0);
            model.nodes.insert(name, node);
        }
        let kind = LinkKind::Conduit(Pipe { seepage: 2.0e-6, ..Pipe::new(100.0, 0.013, shape) });
        let link = Link::new(kind, NodeId(0), NodeId(1));
        model.links.insert("C", link);
        let params = Params::compile(&model).expect("a model that compiles");
        params.network.conduits[0].clone()
    }

    #[track_caller]
    fn assert_rates(found: (f64, f64), expected: (f64, f64)) {
        let near = |found: f64, expected: f64| (found - expected).abs() <= 1.0e-6 * expected.abs();
        assert!(near(found.0, expected.0) && near(found.1, expected.1), "{found:?} is not {expected:?}");
    }

    #[test]
    fn a_channel_loses_through_its_surface_and_its_width() {
        // 2 m wide with slopes of 1 : 1, 0.5 m deep: the surface is 3 m wide.
        let c = conduit(Shape::Trapezoidal { height: 2.0, bottom: 2.0, left: 1.0, right: 1.0 });
        assert_rates(rates(&c, 0.5, 1.0e-7, 1.0, 1.0), (1.0e-7 * 300.0, 2.0e-6 * 300.0));
        assert_rates(rates(&c, 0.5, 0.0, 0.5, 1.0), (0.0, 1.0e-6 * 300.0));
    }

    #[test]
    fn a_pipe_does_not_evaporate_and_seeps_at_most_through_its_diameter() {
        let c = conduit(Shape::Circular { diameter: 1.0 });
        assert_rates(rates(&c, 0.5, 1.0e-7, 1.0, 1.0), (0.0, 2.0e-4));
        assert_rates(rates(&c, 0.9, 1.0e-7, 1.0, 1.0), (0.0, 2.0e-4));
        // A chord at a tenth of the diameter is 2 √(0.1 · 0.9) = 0.6 wide.
        let shallow = rates(&c, 0.1, 0.0, 1.0, 1.0).1;
        assert!((shallow / 1.2e-4 - 1.0).abs() < 0.01, "{shallow}");
    }

    #[test]
    fn a_closed_rectangle_seeps_through_its_width_up_to_its_crown() {
        let c = conduit(Shape::RectangularClosed { height: 1.0, width: 2.0 });
        assert_rates(rates(&c, 1.0, 1.0e-7, 1.0, 1.0), (0.0, 4.0e-4));
        assert_rates(rates(&c, 0.2, 1.0e-7, 1.0, 1.0), (0.0, 4.0e-4));
    }

    #[test]
    fn a_conduit_loses_no_more_than_it_holds() {
        let c = conduit(Shape::RectangularOpen { height: 1.0, width: 1.0, sides_removed: 0.0 });
        // 3e-4 and 2e-4 m³/s are asked for, half of that is there.
        assert_rates(rates(&c, 0.5, 3.0e-6, 1.0, 2.5e-4), (1.5e-4, 1.0e-4));
        assert_eq!(rates(&c, TINY_DEPTH, 3.0e-6, 1.0, 1.0), (0.0, 0.0), "dry");
    }
}
