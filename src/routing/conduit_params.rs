//! What follows from a conduit's geometry and roughness before any water flows.

use crate::model::Model;
use crate::model::link::{Conduit, Link};
use crate::model::section::Shape;
use crate::model::section::geometry::CrossSection;
use crate::model::slope::slope_of;
use crate::units::{GRAVITY, MANNING};

use super::force_main::ForceMainParams;

/// Derived quantities of one barrel of a conduit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ConduitParams {
    /// Length, m; of the floodplain for a meandering channel.
    pub length: f64,
    /// Length after lengthening, m.
    pub modified_length: f64,
    /// Slope of the invert, before lengthening.
    pub slope: f64,
    /// Manning's n as the file gives it, or as its surveyed section does.
    pub roughness: f64,
    /// Friction factor `g (n / k)²`, n after lengthening.
    pub friction: f64,
    /// `k √slope / n`, so that normal flow is `beta · A · R^(2/3)`.
    pub beta: f64,
    /// Normal flow when full, m³/s.
    pub full_flow: f64,
    /// Largest normal flow, m³/s.
    pub max_flow: f64,
}

impl ConduitParams {
    /// Derives them; the conduit must have a section and, after the check, slope downward.
    pub fn new(conduit: &Conduit, link: &Link, section: &CrossSection, model: &Model) -> Self {
        let options = &model.options;
        let meander = section.length_factor();
        let roughness = section.roughness().unwrap_or(conduit.roughness);
        let length = conduit.length / meander;
        let slope = slope_of(model, link).map_or(0.0, |given| given.slope.abs());
        let mut n = match conduit.shape {
            Shape::ForceMain { diameter, roughness } => {
                ForceMainParams::equivalent_roughness(options.force_main, roughness, diameter, slope)
            }
            _ => roughness,
        } * meander.sqrt();
        let lengthening = lengthening(section, slope, n, length, model);
        let routed_slope = slope / lengthening;
        n /= lengthening.sqrt();
        let beta = MANNING * routed_slope.sqrt() / n;
        Self {
            length,
            // EPA takes the length along the meanders where nothing is lengthened
            modified_length: if lengthening > 1.0 { lengthening * length } else { conduit.length },
            slope,
            roughness,
            friction: GRAVITY * (n / MANNING).powi(2),
            beta,
            full_flow: section.full_section_factor * beta,
            max_flow: section.max_section_factor * beta,
        }
    }
}

/// How much longer a conduit must be so that a wave crosses it in no less than the lengthening
/// step: `t (√(g y) + v) / L` at full normal flow, at least 1.
fn lengthening(section: &CrossSection, slope: f64, n: f64, length: f64, model: &Model) -> f64 {
    let options = &model.options;
    if options.lengthening_step <= 0.0 {
        return 1.0;
    }
    let depth = if section.is_open() {
        section.full_area / section.width(section.full_depth)
    } else {
        section.full_depth
    };
    let velocity = MANNING / n * section.full_section_factor * slope.sqrt() / section.full_area;
    let step = options.written_routing_step().min(options.lengthening_step);
    (((GRAVITY * depth).sqrt() + velocity) * step / length).max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::link::LinkKind;
    use crate::model::node::{Node, NodeKind};
    use crate::model::options::Options;
    use crate::model::section::transect::Transect;
    use crate::units::{FOOT, FlowUnits, Units};

    const PIPE: Shape = Shape::Circular { diameter: 1.0 };

    /// A conduit 20 m long that drops 0.2 m, in a model of its own.
    fn compile(shape: impl FnOnce(&mut Model) -> Shape, options: Options) -> (ConduitParams, CrossSection) {
        let mut model = Model { units: Units::new(FlowUnits::Cms), options, ..Model::default() };
        let shape = shape(&mut model);
        let mut node = |name: &str, invert| {
            let node = Node::new(NodeKind::Junction, invert, 5.0);
            model.nodes.insert(name, node).unwrap()
        };
        let (from, to) = (node("up", 10.2), node("down", 10.0));
        let conduit = Conduit { barrels: 2, ..Conduit::new(20.0, 0.013, shape) };
        let link = Link::new(LinkKind::Conduit(conduit.clone()), from, to);
        let section = CrossSection::new(&conduit.shape, &model).unwrap();
        (ConduitParams::new(&conduit, &link, &section, &model), section)
    }

    #[test]
    fn a_full_pipe_has_its_manning_capacity() {
        // π/4 · 0.25^(2/3) · √0.01 / 0.013 = 2.3976 m³/s
        let (pipe, _) = compile(|_| PIPE, Options::default());
        assert!((pipe.slope - 0.01).abs() < 1e-6);
        assert!((pipe.full_flow - 2.3976).abs() < 1e-3, "{}", pipe.full_flow);
        assert!((pipe.max_flow / pipe.full_flow - 1.08).abs() < 1e-12);
        assert_eq!(pipe.modified_length, 20.0);
    }

    #[test]
    fn friction_balances_slope_at_normal_flow() {
        let (pipe, section) = compile(|_| PIPE, Options::default());
        let velocity = pipe.full_flow / section.full_area;
        let friction = pipe.friction * velocity.powi(2) / section.full_radius.powf(4.0 / 3.0);
        assert!((friction / (GRAVITY * pipe.slope) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_short_pipe_is_lengthened_with_the_same_normal_flow() {
        let (plain, section) = compile(|_| PIPE, Options::default());
        let (long, _) = compile(|_| PIPE, Options { lengthening_step: 10.0, ..Options::default() });
        let velocity = plain.full_flow / section.full_area;
        assert!((long.modified_length - (GRAVITY.sqrt() + velocity) * 10.0).abs() < 1e-9);
        assert_eq!((long.length, long.slope), (plain.length, plain.slope));
        assert!((long.full_flow / plain.full_flow - 1.0).abs() < 1e-12);
        // a step beyond the routing step counts no more than that
        let (capped, _) = compile(|_| PIPE, Options { lengthening_step: 99.0, ..Options::default() });
        assert!((capped.modified_length - 2.0 * long.modified_length).abs() < 1e-9);
    }

    #[test]
    fn a_force_main_partly_full_has_an_equivalent_roughness() {
        let (main, _) =
            compile(|_| Shape::ForceMain { diameter: FOOT, roughness: 130.0 }, Options::default());
        let n = MANNING * main.slope.sqrt() / main.beta;
        assert!((n - 0.009_868).abs() < 1e-5, "{n}");
    }

    #[test]
    fn a_meandering_channel_is_as_long_as_its_floodplain() {
        let channel = |factor| {
            compile(
                |model| {
                    let transect = Transect {
                        roughness_channel: 0.04,
                        stations: vec![0.0, 1.0, 3.0, 4.0],
                        elevations: vec![2.0, 0.0, 0.0, 2.0],
                        right_bank: 4.0,
                        length_factor: factor,
                        ..Transect::default()
                    };
                    Shape::Irregular(model.transects.insert("X", transect).unwrap())
                },
                Options::default(),
            )
            .0
        };
        let (straight, winding) = (channel(1.0), channel(1.25));
        assert_eq!((winding.length, winding.modified_length), (16.0, 20.0));
        assert_eq!(straight.roughness, 0.04);
        assert!((winding.friction / straight.friction - 1.25).abs() < 1e-12);
    }
}
