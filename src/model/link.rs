//! Links: conduits, pumps, orifices, weirs, outlets.

use super::section::Shape;
use super::{CurveId, NodeId};

/// A pipe or channel.
#[derive(Clone, Debug, PartialEq)]
pub struct Conduit {
    /// Length, m.
    pub length: f64,
    /// Manning's n, s/m^(1/3).
    pub roughness: f64,
    /// Flow at the start, m³/s.
    pub initial_flow: f64,
    /// Largest flow, m³/s; 0 for no limit.
    pub max_flow: f64,
    /// Cross-section of one barrel.
    pub shape: Shape,
    /// Number of equal barrels.
    pub barrels: u32,
    /// FHWA culvert code of the inlet; 0 for none.
    pub culvert_code: u32,
    /// Loss coefficient at the entrance.
    pub entry_loss: f64,
    /// Loss coefficient at the exit.
    pub exit_loss: f64,
    /// Loss coefficient along the conduit.
    pub average_loss: f64,
    /// Seepage rate, m/s.
    pub seepage: f64,
}

impl Conduit {
    /// One barrel of a length (m) and Manning's n (s/m^(1/3)) that starts dry, without local losses,
    /// seepage or a limit to its flow.
    pub fn new(length: f64, roughness: f64, shape: Shape) -> Self {
        Self {
            length,
            roughness,
            initial_flow: 0.0,
            max_flow: 0.0,
            shape,
            barrels: 1,
            culvert_code: 0,
            entry_loss: 0.0,
            exit_loss: 0.0,
            average_loss: 0.0,
            seepage: 0.0,
        }
    }
}

/// What a pump's curve means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PumpKind {
    /// Flow in steps by wet well volume.
    Type1(CurveId),
    /// Flow in steps by inlet depth.
    Type2(CurveId),
    /// Flow by head difference.
    Type3(CurveId),
    /// Flow by inlet depth.
    Type4(CurveId),
    /// Flow by head difference, speed by affinity laws.
    Type5(CurveId),
    /// Flow equal to the inflow of its inlet node.
    Ideal,
}

/// A pump.
#[derive(Clone, Debug, PartialEq)]
pub struct Pump {
    /// What its curve means.
    pub kind: PumpKind,
    /// Whether it runs at the start.
    pub initially_on: bool,
    /// Inlet depth at which it starts, m; 0 for none.
    pub startup_depth: f64,
    /// Inlet depth at which it stops, m; 0 for none.
    pub shutoff_depth: f64,
}

/// An orifice.
#[derive(Clone, Debug, PartialEq)]
pub struct Orifice {
    /// Whether it lies in the bottom (else in the side).
    pub bottom: bool,
    /// Circular or closed rectangular opening.
    pub shape: Shape,
    /// Discharge coefficient.
    pub coefficient: f64,
    /// Time to open or close fully, s; 0 for at once.
    pub gate_time: f64,
}

/// Form of a weir.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WeirKind {
    /// Across the flow.
    Transverse,
    /// Along the flow.
    SideFlow,
    /// Triangular.
    VNotch,
    /// Trapezoidal.
    Trapezoidal,
    /// A road (FHWA HDS-5); form `RECT_OPEN`.
    Roadway,
}

/// A weir. Coefficients are as written (US: ft^0.5/s, SI: m^0.5/s).
#[derive(Clone, Debug, PartialEq)]
pub struct Weir {
    /// Form.
    pub kind: WeirKind,
    /// Opening: rectangular, triangular or trapezoidal.
    pub shape: Shape,
    /// Discharge coefficient of the central part.
    pub coefficient: f64,
    /// Discharge coefficient of the triangular ends.
    pub end_coefficient: f64,
    /// Number of end contractions.
    pub end_contractions: f64,
    /// Whether it works as an orifice when submerged above its top.
    pub can_surcharge: bool,
    /// Width of the road, m; 0 for none.
    pub road_width: f64,
    /// Whether the road is gravel (else paved); `None` when not given.
    pub gravel: Option<bool>,
    /// Curve of the coefficient by head.
    pub coefficient_curve: Option<CurveId>,
}

/// What drives an outlet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutletDriver {
    /// Depth above its crest.
    Depth,
    /// Head difference.
    Head,
}

/// Rating of an outlet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum OutletRating {
    /// `q = coefficient · head^exponent`, q and head in the user's units.
    Functional {
        /// Coefficient, as written.
        coefficient: f64,
        /// Exponent.
        exponent: f64,
    },
    /// By a curve.
    Tabular(CurveId),
}

/// An outlet: a user-made rating.
#[derive(Clone, Debug, PartialEq)]
pub struct OutletLink {
    /// What drives it.
    pub driver: OutletDriver,
    /// Rating.
    pub rating: OutletRating,
}

/// What a link is.
#[derive(Clone, Debug, PartialEq)]
pub enum LinkKind {
    /// A pipe or channel.
    Conduit(Conduit),
    /// A pump.
    Pump(Pump),
    /// An orifice.
    Orifice(Orifice),
    /// A weir.
    Weir(Weir),
    /// An outlet.
    Outlet(OutletLink),
}

/// A link of the network.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// What it is.
    pub kind: LinkKind,
    /// Upstream node (after the check: the higher end of a conduit).
    pub from: NodeId,
    /// Downstream node.
    pub to: NodeId,
    /// Invert or crest above the upstream node's invert, m.
    pub inlet_offset: f64,
    /// Invert above the downstream node's invert, m.
    pub outlet_offset: f64,
    /// Whether a gate keeps water from flowing back.
    pub flap_gate: bool,
    /// Whether the check turned the conduit round since it sloped upward; reported flows are then
    /// negated, so that they keep the direction that the file gives.
    pub reversed: bool,
    /// Tag, empty for none.
    pub tag: String,
}

impl Link {
    /// A link that lies on the inverts of its two nodes and has no flap gate.
    pub fn new(kind: LinkKind, from: NodeId, to: NodeId) -> Self {
        Self {
            kind,
            from,
            to,
            inlet_offset: 0.0,
            outlet_offset: 0.0,
            flap_gate: false,
            reversed: false,
            tag: String::new(),
        }
    }
    /// The conduit, if it is one.
    pub fn conduit(&self) -> Option<&Conduit> {
        match &self.kind {
            LinkKind::Conduit(conduit) => Some(conduit),
            _ => None,
        }
    }
    /// The opening or cross-section, if it has one.
    pub fn shape(&self) -> Option<&Shape> {
        match &self.kind {
            LinkKind::Conduit(c) => Some(&c.shape),
            LinkKind::Orifice(o) => Some(&o.shape),
            LinkKind::Weir(w) => Some(&w.shape),
            LinkKind::Pump(_) | LinkKind::Outlet(_) => None,
        }
    }
}
