//! What follows from a conduit's geometry and roughness before any water flows.

use crate::model::Model;
use crate::model::link::{Conduit, Link};
use crate::model::section::Shape;
use crate::model::section::geometry::CrossSection;
use crate::units::{FOOT, GRAVITY, MANNING};

use super::force_main::ForceMainParams;

/// Least drop of a conduit's invert: 0.001 ft, in m.
pub const MIN_DROP: f64 = 0.001 * FOOT;

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

/// Slope of a conduit: `Δz / √(L² − Δz²)`, at least 0.001 ft over its length and at least the
/// smallest slope that the options allow (0 for none); `Δz / L` where the drop exceeds the length.
pub fn slope(drop: f64, length: f64, minimum: f64) -> f64 {
    let drop = drop.abs().max(MIN_DROP);
    let slope = if drop >= length { drop / length } else { drop / (length * length - drop * drop).sqrt() };
    if minimum > 0.0 { slope.max(minimum) } else { slope }
}

impl ConduitParams {
    /// Derives them; the conduit must have a section and, after the check, slope downward.
    pub fn new(conduit: &Conduit, link: &Link, section: &CrossSection, model: &Model) -> Self {
        let options = &model.options;
        let meander = section.length_factor();
        let roughness = section.roughness().unwrap_or(conduit.roughness);
        let length = conduit.length / meander;
        let end = |node, offset| model.nodes[node].invert + offset;
        let drop = end(link.from, link.inlet_offset) - end(link.to, link.outlet_offset);
        let slope = slope(drop, length, options.minimum_slope);
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
            modified_length: lengthening * length,
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
