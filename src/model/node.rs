//! Nodes: junctions, outfalls, storage units, dividers, and what flows into them.

use super::{CurveId, LinkId, PatternId, SeriesId, SubcatchmentId};

/// What holds the water level at an outfall.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum OutfallBoundary {
    /// Critical depth, or normal depth where that is lower.
    Free,
    /// Normal depth.
    Normal,
    /// A fixed stage, m.
    Fixed(f64),
    /// A stage by the hour of the day.
    Tidal(CurveId),
    /// A stage by a time series (in the user's length).
    Series(SeriesId),
}

/// Shape of a storage unit; areas in m², depths in m.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum StorageShape {
    /// Area by depth from a curve.
    Tabular(CurveId),
    /// `area = a0 + a1 · depth^a2`.
    Functional {
        /// Constant, m².
        a0: f64,
        /// Coefficient, m^(2 - a2).
        a1: f64,
        /// Exponent.
        a2: f64,
    },
    /// Elliptical cylinder: base axes (m).
    Cylindrical {
        /// Length of the base's major axis.
        length: f64,
        /// Length of the base's minor axis.
        width: f64,
    },
    /// Elliptical cone: base axes (m), run over rise of the side.
    Conical {
        /// Length of the base's major axis.
        length: f64,
        /// Length of the base's minor axis.
        width: f64,
        /// Run over rise.
        slope: f64,
    },
    /// Elliptical paraboloid: top axes (m) at a height (m).
    Paraboloid {
        /// Length of the top's major axis.
        length: f64,
        /// Length of the top's minor axis.
        width: f64,
        /// Height of the top.
        height: f64,
    },
    /// Rectangular pyramid: base sides (m), run over rise of the side.
    Pyramidal {
        /// Length of the base.
        length: f64,
        /// Width of the base.
        width: f64,
        /// Run over rise.
        slope: f64,
    },
}

/// Green-Ampt soil under a storage unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Seepage {
    /// Suction head, m; 0 for a constant rate.
    pub suction: f64,
    /// Saturated conductivity, m/s.
    pub conductivity: f64,
    /// Initial moisture deficit, a fraction; 0 for a constant rate.
    pub deficit: f64,
}

/// What a divider sends into its diversion link (used once kinematic routing is simulated;
/// under the dynamic wave a divider is a junction).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DividerRule {
    /// All above a cut-off flow, m³/s.
    Cutoff(f64),
    /// By a curve.
    Tabular(CurveId),
    /// A weir: flow at which it begins (m³/s), height and coefficient as written.
    Weir {
        /// Flow at which diversion begins, m³/s.
        min_flow: f64,
        /// Height of the weir, as written.
        height: f64,
        /// Coefficient, as written.
        coefficient: f64,
    },
    /// All that the other link cannot carry.
    Overflow,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq)]
pub enum NodeKind {
    /// A manhole or another joint.
    Junction,
    /// Where water leaves the network.
    Outfall {
        /// What holds the level.
        boundary: OutfallBoundary,
        /// Whether a gate keeps water from coming back.
        flap_gate: bool,
        /// The subcatchment that the outflow runs onto.
        route_to: Option<SubcatchmentId>,
    },
    /// A pond, tank or other volume.
    Storage {
        /// Shape.
        shape: StorageShape,
        /// Share of the evaporation that is realised.
        evaporation: f64,
        /// Seepage into the ground.
        seepage: Option<Seepage>,
    },
    /// A divider.
    Divider {
        /// The link that takes the diverted flow; `None` when the file gives `*`.
        link: Option<LinkId>,
        /// What is diverted.
        rule: DividerRule,
    },
}

/// Flow that enters a node directly: `scale · series(t) + baseline · pattern(t)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DirectInflow {
    /// Time series in the user's flow unit.
    pub series: Option<SeriesId>,
    /// Multiplies the series.
    pub scale: f64,
    /// Base flow, m³/s.
    pub baseline: f64,
    /// Pattern of the base flow.
    pub pattern: Option<PatternId>,
}

/// Dry-weather (sanitary) flow: an average times up to four patterns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DryWeatherFlow {
    /// Average, m³/s.
    pub average: f64,
    /// Patterns by month, by day, by hour and at the weekend, in this order.
    pub patterns: [Option<PatternId>; 4],
}

/// A node of the network.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// Invert elevation, m.
    pub invert: f64,
    /// Depth from invert to ground, m (0 in the file: up to the highest crown).
    pub full_depth: f64,
    /// Depth at the start, m.
    pub initial_depth: f64,
    /// Depth above ground that pressure may reach before water leaves, m.
    pub surcharge_depth: f64,
    /// Area that water ponds on, m²; 0 for none.
    pub ponded_area: f64,
    /// Direct inflow of water.
    pub inflow: Option<DirectInflow>,
    /// Dry-weather flow.
    pub dry_weather: Option<DryWeatherFlow>,
    /// Tag, empty for none.
    pub tag: String,
}

impl Node {
    /// A node that starts dry, has no inflow of its own, and neither ponds nor holds pressure;
    /// invert and full depth in m.
    pub fn new(kind: NodeKind, invert: f64, full_depth: f64) -> Self {
        Self {
            kind,
            invert,
            full_depth,
            initial_depth: 0.0,
            surcharge_depth: 0.0,
            ponded_area: 0.0,
            inflow: None,
            dry_weather: None,
            tag: String::new(),
        }
    }
    /// Whether it is an outfall.
    pub fn is_outfall(&self) -> bool {
        matches!(self.kind, NodeKind::Outfall { .. })
    }
    /// Whether it is a storage unit.
    pub fn is_storage(&self) -> bool {
        matches!(self.kind, NodeKind::Storage { .. })
    }
}
