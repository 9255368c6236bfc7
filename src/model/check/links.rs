//! Links: sizes, offsets, slopes, crests, and the depth that they need of their nodes.

use crate::diagnostic::Diagnostic;
use crate::model::curve::CurveKind;
use crate::model::link::{LinkKind, Pump, PumpKind, Weir, WeirKind};
use crate::model::options::{OffsetConvention, RoutingMethod};
use crate::model::section::{CrossSection, SectionError, Shape};
use crate::model::slope::{MIN_DROP_FEET, feet, offset_feet, slope_of};
use crate::model::{LinkId, Model, NodeId};
use crate::units::FOOT;

/// Checks links one after the other; each deepens its nodes to its crown.
pub(super) fn check_links(model: &mut Model, found: &mut Vec<Diagnostic>) {
    for id in model.links.ids() {
        let mut check = LinkCheck { model: &mut *model, id, found: &mut *found };
        check.run();
    }
}

/// One link under check.
struct LinkCheck<'a> {
    model: &'a mut Model,
    id: LinkId,
    found: &'a mut Vec<Diagnostic>,
}

impl LinkCheck<'_> {
    fn run(&mut self) {
        if self.model.options.offsets == OffsetConvention::Elevation {
            self.clamp_elevations();
        }
        match &self.model.links[self.id].kind {
            LinkKind::Conduit(_) => self.check_conduit(),
            LinkKind::Pump(pump) => {
                let pump = pump.clone();
                self.check_pump(&pump);
            }
            LinkKind::Orifice(orifice) => {
                let fits = matches!(orifice.shape, Shape::Circular { .. } | Shape::RectangularClosed { .. });
                self.check_regulator(fits, "CIRCULAR or RECT_CLOSED");
            }
            LinkKind::Weir(weir) => {
                let (fits, shape) = weir_fits(weir);
                self.check_regulator(fits, shape);
            }
            LinkKind::Outlet(_) => self.check_regulator(true, ""),
        }
        self.raise_crest();
        self.deepen_nodes();
    }

    /// The link's kind and name.
    fn element(&self) -> String {
        let kind = match self.model.links[self.id].kind {
            LinkKind::Conduit(_) => "Conduit",
            LinkKind::Pump(_) => "Pump",
            LinkKind::Orifice(_) => "Orifice",
            LinkKind::Weir(_) => "Weir",
            LinkKind::Outlet(_) => "Outlet",
        };
        format!("{kind} {}", self.model.links.name(self.id))
    }

    fn error(&mut self, code: u16, message: &str, help: &str) {
        let element = self.element();
        self.found.push(Diagnostic::error(code, message).of(element).help(help));
    }

    fn warning(&mut self, code: u16, message: &str) {
        let element = self.element();
        self.found.push(Diagnostic::warning(code, message).of(element));
    }

    /// Height of an offset over its node, ft.
    fn offset_feet(&self, offset: f64, node: NodeId) -> f64 {
        offset_feet(self.model, offset, self.model.nodes[node].invert)
    }

    /// Elevations below their node, read as negative depths, become 0; those of pumps mean nothing.
    fn clamp_elevations(&mut self) {
        let link = &self.model.links[self.id];
        let is_pump = matches!(link.kind, LinkKind::Pump(_));
        let is_conduit = matches!(link.kind, LinkKind::Conduit(_));
        let (inlet, outlet) = (link.inlet_offset, link.outlet_offset);
        let (from, to) = (link.from, link.to);
        let inlet = if is_pump { 0.0 } else { self.clamped_elevation(inlet, from) };
        let outlet = if is_conduit { self.clamped_elevation(outlet, to) } else { inlet };
        let link = &mut self.model.links[self.id];
        (link.inlet_offset, link.outlet_offset) = (inlet, outlet);
    }

    fn clamped_elevation(&mut self, offset: f64, node: NodeId) -> f64 {
        let height = self.offset_feet(offset, node);
        if height >= 0.0 {
            return offset.max(0.0);
        }
        if height < -MIN_DROP_FEET {
            self.warning(3, "elevation below the invert of its node raised to the invert");
        }
        0.0
    }

    fn check_conduit(&mut self) {
        let dynamic = self.model.options.routing == RoutingMethod::Dynamic;
        let link = &self.model.links[self.id];
        let Some(conduit) = link.conduit() else { return };
        let is_dummy = conduit.shape == Shape::Dummy;
        if is_dummy && dynamic && self.model.nodes[link.from].is_storage() {
            let node = format!("Node {}", self.model.nodes.name(link.from));
            self.found.push(
                Diagnostic::error(134, "a conduit without geometry leaves a storage unit")
                    .of(node)
                    .help("give the conduit a cross-section, or let an outlet or orifice drain the unit"),
            );
            return;
        }
        let section = CrossSection::new(&conduit.shape, self.model);
        let surveyed_roughness = section.as_ref().ok().and_then(CrossSection::roughness);
        let roughness = surveyed_roughness.unwrap_or(conduit.roughness);
        let (length, barrels) = (conduit.length, conduit.barrels);
        let sediment = match conduit.shape {
            Shape::FilledCircular { sediment, .. } => sediment,
            _ => 0.0,
        };
        let errors_before = self.found.len();
        let section_is_wrong = section.is_err();
        if length.is_nan() || length <= 0.0 {
            self.error(111, "length is not above 0", "give the length between its nodes");
        }
        if roughness.is_nan() || roughness <= 0.0 {
            self.error(113, "Manning's n is not above 0", "give Manning's n, such as 0.013 for concrete");
        }
        if barrels == 0 {
            self.error(114, "a conduit has no barrel", "give 1 barrel or more");
        }
        if let Err(error) = &section {
            self.refuse_section(error);
        }
        if section_is_wrong || self.found.len() > errors_before {
            return;
        }
        if let LinkKind::Conduit(conduit) = &mut self.model.links[self.id].kind {
            conduit.roughness = roughness;
        }
        for end in [true, false] {
            let link = &mut self.model.links[self.id];
            let offset = if end { &mut link.inlet_offset } else { &mut link.outlet_offset };
            if *offset < 0.0 {
                *offset = 0.0;
                self.warning(3, "negative offset ignored");
            }
            let link = &mut self.model.links[self.id];
            *(if end { &mut link.inlet_offset } else { &mut link.outlet_offset }) += sediment;
        }
        let Some(slope) = slope_of(self.model, &self.model.links[self.id]) else { return };
        if slope.drop_raised {
            self.warning(4, "smallest drop of 0.001 ft used");
        }
        if slope.drop_exceeds_length {
            self.warning(8, "the drop exceeds the length");
        }
        if slope.slope_raised {
            self.warning(5, "smallest slope of the options used");
        }
        if dynamic && slope.slope < 0.0 && !is_dummy {
            self.reverse();
        }
    }

    /// Turns a conduit round, with all that belongs to its ends.
    fn reverse(&mut self) {
        let link = &mut self.model.links[self.id];
        std::mem::swap(&mut link.from, &mut link.to);
        std::mem::swap(&mut link.inlet_offset, &mut link.outlet_offset);
        link.reversed = !link.reversed;
        if let LinkKind::Conduit(conduit) = &mut link.kind {
            std::mem::swap(&mut conduit.entry_loss, &mut conduit.exit_loss);
            conduit.initial_flow = -conduit.initial_flow;
        }
    }

    /// Reports a section that cannot be; shape curves have been reported as curves.
    fn refuse_section(&mut self, error: &SectionError) {
        if !matches!(error, SectionError::Curve { .. }) {
            self.error(error.code(), &error.to_string(), &error.help());
        }
    }

    fn check_pump(&mut self, pump: &Pump) {
        let (curve, kind) = match pump.kind {
            PumpKind::Type1(curve) => (Some(curve), CurveKind::Pump1),
            PumpKind::Type2(curve) => (Some(curve), CurveKind::Pump2),
            PumpKind::Type3(curve) => (Some(curve), CurveKind::Pump3),
            PumpKind::Type4(curve) => (Some(curve), CurveKind::Pump4),
            PumpKind::Type5(curve) => (Some(curve), CurveKind::Pump5),
            PumpKind::Ideal => (None, CurveKind::Pump1),
        };
        if curve.is_some_and(|curve| self.model.curves[curve].kind != kind) {
            self.error(121, "the curve of a pump is no pump curve", "use a curve of type PUMP1 to PUMP5");
        }
        if pump.startup_depth > 0.0 && pump.startup_depth <= pump.shutoff_depth {
            self.error(
                122,
                "startup depth is not above shutoff depth",
                "start the pump at a greater depth than it stops at",
            );
        }
    }

    fn check_regulator(&mut self, fits: bool, shape: &str) {
        if !fits {
            self.error(
                143,
                "the opening has a shape that this structure cannot have",
                &format!("use {shape}"),
            );
            return;
        }
        let link = &mut self.model.links[self.id];
        link.inlet_offset = link.inlet_offset.max(0.0);
    }

    /// A crest below the downstream invert is raised to it under the dynamic wave.
    fn raise_crest(&mut self) {
        let link = &self.model.links[self.id];
        if !matches!(link.kind, LinkKind::Orifice(_) | LinkKind::Weir(_) | LinkKind::Outlet(_)) {
            return;
        }
        let (from, to, offset) = (link.from, link.to, link.inlet_offset);
        let units = self.model.units;
        let (invert, below) = (self.model.nodes[from].invert, self.model.nodes[to].invert);
        if feet(invert, &units) + self.offset_feet(offset, from) >= feet(below, &units) {
            return;
        }
        if self.model.options.routing == RoutingMethod::Dynamic {
            self.model.links[self.id].inlet_offset = below - invert;
            self.warning(10, "crest raised to the downstream invert");
        } else {
            self.warning(10, "the crest lies below the downstream invert");
        }
    }

    /// Nodes reach up to the crown of their links; storage units only if they may be surcharged.
    fn deepen_nodes(&mut self) {
        let link = &self.model.links[self.id];
        let crown = match &link.kind {
            LinkKind::Pump(_) => return,
            LinkKind::Orifice(orifice) if orifice.bottom => return,
            LinkKind::Outlet(_) => 0.0,
            LinkKind::Conduit(_) | LinkKind::Orifice(_) | LinkKind::Weir(_) => link
                .shape()
                .and_then(|shape| CrossSection::new(shape, self.model).ok())
                .map_or(0.0, |section| section.full_depth),
        };
        let is_conduit = matches!(link.kind, LinkKind::Conduit(_));
        let (from, to) = (link.from, link.to);
        let (inlet, outlet) = (link.inlet_offset, link.outlet_offset);
        self.deepen(from, inlet, crown);
        if is_conduit {
            self.deepen(to, outlet, crown);
        }
    }

    fn deepen(&mut self, id: NodeId, offset: f64, crown: f64) {
        let needed = self.offset_feet(offset, id) + feet(crown, &self.model.units);
        let units = self.model.units;
        let node = &mut self.model.nodes[id];
        if (!node.is_storage() || node.surcharge_depth > 0.0) && needed > feet(node.full_depth, &units) {
            node.full_depth = needed * FOOT;
        }
    }
}

/// Whether a weir's opening goes with its form, and which would.
fn weir_fits(weir: &Weir) -> (bool, &'static str) {
    match weir.kind {
        WeirKind::Transverse | WeirKind::SideFlow | WeirKind::Roadway => {
            (matches!(weir.shape, Shape::RectangularOpen { .. }), "RECT_OPEN")
        }
        WeirKind::VNotch => (matches!(weir.shape, Shape::Triangular { .. }), "TRIANGULAR"),
        WeirKind::Trapezoidal => (matches!(weir.shape, Shape::Trapezoidal { .. }), "TRAPEZOIDAL"),
    }
}
