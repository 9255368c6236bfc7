//! Conduits, compiled: what follows from their size, slope and roughness.

use super::culvert::CulvertParams;
use super::flap_gate::FlapGate;
use super::force_main::ForceMainParams;
use crate::model::options::RoutingMethod;
use crate::model::section::{CrossSection, SectionError, Shape};
use crate::model::slope::slope_of;
use crate::model::{LinkId, Model};
use crate::units::{GRAVITY, MANNING, TINY_DEPTH};

/// A conduit, compiled. Flows are those of one barrel.
#[derive(Clone, Debug)]
pub struct ConduitParams {
    /// Cross-section of one barrel.
    pub section: CrossSection,
    /// Whether it has no geometry and passes its inflow on.
    pub is_dummy: bool,
    /// Whether the section is a closed rectangle (its walls seep at any depth).
    closed_rectangle: bool,
    /// Number of barrels.
    pub barrels: f64,
    /// Length, m; of a meandering channel that of its floodplain.
    pub length: f64,
    /// Length for the momentum equation, m: lengthened for stability where the options ask for it.
    pub modified_length: f64,
    /// Slope, not negative; 0 for conduits without geometry.
    pub slope: f64,
    /// Manning's n, s/m^(1/3), of the lengthened conduit; that equivalent to a force main's law.
    pub roughness: f64,
    /// Friction of Manning's law, `g (n/φ)²`, m^(1/3); times |v| / R^(4/3) it gives 1/s.
    pub roughness_factor: f64,
    /// Friction of a force main while it is full.
    pub force_main: Option<ForceMainParams>,
    /// Flow over section factor, `β = φ √S / n`, m^(1/3)/s; 0 for conduits without geometry.
    pub conveyance_slope: f64,
    /// Normal flow of the full section, m³/s.
    pub full_flow: f64,
    /// Largest normal flow, m³/s.
    pub max_normal_flow: f64,
    /// Largest flow that the user allows, m³/s; 0 for no limit.
    pub flow_limit: f64,
    /// Flow at the start in all barrels, m³/s, in the conduit's direction.
    pub initial_flow: f64,
    /// Loss coefficient at the entrance.
    pub entry_loss: f64,
    /// Loss coefficient at the exit.
    pub exit_loss: f64,
    /// Loss coefficient along the conduit.
    pub average_loss: f64,
    /// Seepage rate, m/s.
    pub seepage: f64,
    /// Inlet of a culvert.
    pub culvert: Option<CulvertParams>,
    /// Gates on the way.
    pub gate: FlapGate,
}

/// What a barrel loses, m³/s.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ConduitLosses {
    /// Evaporation.
    pub evaporation: f64,
    /// Seepage.
    pub seepage: f64,
}

impl ConduitLosses {
    /// Both.
    pub fn total(&self) -> f64 {
        self.evaporation + self.seepage
    }
}

/// Factor, at least 1, by which a conduit is lengthened so that a wave takes a step to run through
/// it: `Δt (√(g y) + v) / L` (Courant's condition at full normal flow).
///
/// `depth` hydraulic depth of the full section (m), `velocity` of full normal flow (m/s), `step`
/// Δt (s), `length` L (m).
pub fn lengthening(depth: f64, velocity: f64, step: f64, length: f64) -> f64 {
    (((GRAVITY * depth).sqrt() + velocity) * step / length).max(1.0)
}

impl ConduitParams {
    /// Compiles a conduit of a checked model; `None` when the link is no conduit.
    ///
    /// # Errors
    /// [`SectionError`] for a shape that is no cross-section; the check reports it too.
    pub fn compile(model: &Model, id: LinkId) -> Result<Option<Self>, SectionError> {
        let link = &model.links[id];
        let (Some(conduit), Some(given)) = (link.conduit(), slope_of(model, id)) else {
            return Ok(None);
        };
        let options = &model.options;
        let dynamic = options.routing == RoutingMethod::Dynamic;
        let section = CrossSection::new(&conduit.shape, model)?;
        let is_dummy = conduit.shape == Shape::Dummy;
        let slope = given.slope.abs();
        let main = match conduit.shape {
            Shape::ForceMain { roughness, .. } if dynamic => Some((options.force_main, roughness)),
            _ => None,
        };
        let mut roughness = match main {
            Some((law, roughness)) => {
                ForceMainParams::equivalent_roughness(law, roughness, section.full_depth, slope)
            }
            None => section.roughness().unwrap_or(conduit.roughness),
        };
        let length = conduit.length / section.length_factor();
        roughness *= section.length_factor().sqrt();

        let mut factor = 1.0;
        if dynamic && options.lengthening_step > 0.0 && !is_dummy {
            let full = section.full_depth;
            let depth = if section.is_open() { section.full_area / section.width(full) } else { full };
            let velocity =
                MANNING / roughness * section.full_section_factor * slope.sqrt() / section.full_area;
            let step = options.lengthening_step.min(options.written_routing_step());
            factor = lengthening(depth, velocity, step, length);
        }
        let lengthened = factor != 1.0;
        if lengthened {
            roughness /= factor.sqrt();
        }
        let conveyance_slope = if is_dummy { 0.0 } else { MANNING * (slope / factor).sqrt() / roughness };
        Ok(Some(Self {
            is_dummy,
            closed_rectangle: matches!(conduit.shape, Shape::RectangularClosed { .. }),
            barrels: f64::from(conduit.barrels),
            length,
            modified_length: if lengthened { factor * length } else { conduit.length },
            slope,
            roughness,
            roughness_factor: GRAVITY * (roughness / MANNING).powi(2),
            force_main: main.map(|(law, roughness)| ForceMainParams::new(law, roughness, factor)),
            conveyance_slope,
            full_flow: section.full_section_factor * conveyance_slope,
            max_normal_flow: section.max_section_factor * conveyance_slope,
            flow_limit: conduit.max_flow,
            initial_flow: conduit.initial_flow,
            entry_loss: conduit.entry_loss,
            exit_loss: conduit.exit_loss,
            average_loss: conduit.average_loss,
            seepage: conduit.seepage,
            culvert: CulvertParams::compile(
                conduit.culvert_code,
                section.full_depth,
                section.full_area,
                slope,
            ),
            gate: FlapGate::compile(model, id),
            section,
        }))
    }

    /// Whether any local loss acts.
    pub fn has_losses(&self) -> bool {
        self.entry_loss != 0.0 || self.exit_loss != 0.0 || self.average_loss != 0.0
    }

    /// Normal depth (m) of a flow (m³/s) in either direction; that of the largest normal flow for
    /// larger ones.
    pub fn normal_depth(&self, flow: f64) -> f64 {
        let flow = flow.abs().min(self.max_normal_flow);
        if self.is_dummy || flow <= 0.0 {
            return 0.0;
        }
        self.section.depth(self.section.area_of_section_factor(flow / self.conveyance_slope))
    }

    /// Depth at the start, m: normal depth of the initial flow.
    pub fn initial_depth(&self) -> f64 {
        self.normal_depth(self.initial_flow / self.barrels)
    }

    /// Evaporation (rate in m/s, of open conduits only) and seepage of a barrel at a depth (m), cut
    /// down alike so that a step (s) takes no more than the volume (m³).
    ///
    /// `conductivity` multiplies the seepage rate. Seepage acts on the width of the surface, above
    /// the widest place on that of the widest place.
    pub fn losses(
        &self,
        depth: f64,
        volume: f64,
        step: f64,
        evaporation: f64,
        conductivity: f64,
    ) -> ConduitLosses {
        if depth <= TINY_DEPTH {
            return ConduitLosses::default();
        }
        let mut losses = ConduitLosses::default();
        if self.section.is_open() && evaporation > 0.0 {
            losses.evaporation = self.section.width(depth) * self.length * evaporation;
        }
        if self.seepage > 0.0 {
            let width = if self.closed_rectangle {
                self.section.max_width
            } else {
                self.section.width(depth.min(self.section.depth_at_max_width))
            };
            losses.seepage = self.seepage * width * self.length * conductivity;
        }
        let most = volume / step;
        let total = losses.total();
        if total > most {
            losses.evaporation *= most / total;
            losses.seepage *= most / total;
        }
        losses
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::link::{Conduit, Link, LinkKind};
    use crate::model::node::{Node, NodeKind};
    use crate::model::options::{ForceMainLaw, Options};
    use crate::units::{FOOT, FlowUnits, Units};

    fn model(shape: Shape, length: f64, drop: f64, options: Options) -> (Model, LinkId) {
        let mut model = Model { units: Units::new(FlowUnits::Cms), options, ..Model::default() };
        let mut node = |name: &str, invert| {
            let node = Node {
                kind: NodeKind::Junction,
                invert,
                full_depth: 5.0,
                initial_depth: 0.0,
                surcharge_depth: 0.0,
                ponded_area: 0.0,
                inflow: None,
                dry_weather: None,
                tag: String::new(),
            };
            model.nodes.insert(name, node).unwrap()
        };
        let (from, to) = (node("up", 10.0 + drop), node("down", 10.0));
        let conduit = Conduit {
            length,
            roughness: 0.013,
            initial_flow: 0.0,
            max_flow: 0.0,
            shape,
            barrels: 2,
            culvert_code: 0,
            entry_loss: 0.0,
            exit_loss: 0.0,
            average_loss: 0.0,
            seepage: 1.0e-6,
        };
        let link = Link {
            kind: LinkKind::Conduit(conduit),
            from,
            to,
            inlet_offset: 0.0,
            outlet_offset: 0.0,
            flap_gate: false,
            reversed: false,
            tag: String::new(),
        };
        let id = model.links.insert("pipe", link).unwrap();
        (model, id)
    }

    fn dynamic() -> Options {
        Options { routing: RoutingMethod::Dynamic, ..Options::default() }
    }

    fn compile(shape: Shape, length: f64, drop: f64, options: Options) -> ConduitParams {
        let (model, id) = model(shape, length, drop, options);
        ConduitParams::compile(&model, id).unwrap().unwrap()
    }

    const PIPE: Shape = Shape::Circular { diameter: 1.0 };
    const CHANNEL: Shape = Shape::RectangularOpen { height: 2.0, width: 4.0, sides_removed: 0.0 };

    #[test]
    fn a_full_pipe_has_its_manning_capacity() {
        // π/4 · 0.25^(2/3) · √0.01 / 0.013 = 2.397 m³/s
        let pipe = compile(PIPE, 100.005, 1.0, dynamic());
        assert!((pipe.slope - 0.01).abs() < 1e-6);
        assert!((pipe.full_flow - 2.397).abs() < 1e-3, "{}", pipe.full_flow);
        assert!((pipe.max_normal_flow / pipe.full_flow - 1.08).abs() < 1e-12);
    }

    #[test]
    fn friction_balances_slope_at_normal_flow() {
        let pipe = compile(PIPE, 100.0, 1.0, dynamic());
        let velocity = pipe.full_flow / pipe.section.full_area;
        let friction = pipe.roughness_factor * velocity.powi(2) / pipe.section.full_radius.powf(4.0 / 3.0);
        assert!((friction / (GRAVITY * pipe.slope) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn normal_depth_returns_from_its_flow() {
        let channel = compile(CHANNEL, 100.0, 0.1, dynamic());
        for depth in [0.1, 0.7, 1.9] {
            let (area, radius) = (channel.section.area(depth), channel.section.hydraulic_radius(depth));
            let flow = area * radius.powf(2.0 / 3.0) * channel.slope.sqrt() / 0.013;
            assert!((channel.normal_depth(-flow) / depth - 1.0).abs() < 1e-3, "{depth}");
        }
        assert_eq!(channel.normal_depth(0.0), 0.0);
    }

    #[test]
    fn a_short_pipe_is_lengthened_with_the_same_normal_flow() {
        let plain = compile(PIPE, 20.0, 0.1, dynamic());
        let long = compile(PIPE, 20.0, 0.1, Options { lengthening_step: 10.0, ..dynamic() });
        let velocity = plain.full_flow / plain.section.full_area;
        let factor = (GRAVITY.sqrt() + velocity) * 10.0 / 20.0;
        assert!((long.modified_length - factor * 20.0).abs() < 1e-9);
        assert_eq!((plain.modified_length, long.length), (20.0, 20.0));
        assert!((long.full_flow / plain.full_flow - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_full_force_main_rubs_by_its_own_law() {
        let main = compile(
            Shape::ForceMain { diameter: FOOT, roughness: 130.0 },
            100.0,
            1.0,
            Options { force_main: ForceMainLaw::HazenWilliams, ..dynamic() },
        );
        assert!((main.roughness - 0.009_868).abs() < 1e-6);
        assert!(main.force_main.is_some());
    }

    #[test]
    fn a_conduit_loses_by_its_width_and_no_more_than_it_holds() {
        let channel = compile(CHANNEL, 100.0, 0.1, dynamic());
        let losses = channel.losses(1.0, 1000.0, 10.0, 2.0e-7, 1.0);
        assert!((losses.seepage - 4.0e-4).abs() < 1e-15 && (losses.evaporation - 8.0e-5).abs() < 1e-15);
        let limited = channel.losses(1.0, 2.4e-3, 10.0, 2.0e-7, 1.0);
        assert!((limited.total() - 2.4e-4).abs() < 1e-15);
        let covered = compile(PIPE, 100.0, 0.1, dynamic()).losses(0.5, 1000.0, 10.0, 2.0e-7, 1.0);
        assert_eq!(covered.evaporation, 0.0);
        assert!((covered.seepage - 1.0e-4).abs() < 1e-9);
    }

    #[test]
    fn conduits_without_geometry_have_no_normal_flow() {
        let dummy = compile(Shape::Dummy, 100.0, 1.0, dynamic());
        assert!(dummy.is_dummy);
        assert_eq!((dummy.full_flow, dummy.conveyance_slope, dummy.normal_depth(1.0)), (0.0, 0.0, 0.0));
    }
}
