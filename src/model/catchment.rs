//! Subcatchments: the land that rain falls on.

use super::{GaugeId, NodeId, PatternId, SubcatchmentId};

/// Where runoff of a subcatchment goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outlet {
    /// A node of the network.
    Node(NodeId),
    /// Another subcatchment, or itself for none.
    Subcatchment(SubcatchmentId),
}

/// Where runoff of a sub-area goes within the subcatchment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InternalRouting {
    /// Both straight to the outlet.
    #[default]
    Outlet,
    /// Pervious onto impervious.
    Impervious,
    /// Impervious onto pervious.
    Pervious,
}

/// Parameters of infiltration.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Infiltration {
    /// Horton and modified Horton.
    Horton {
        /// Whether the modified form is used.
        modified: bool,
        /// Initial capacity, m/s.
        initial: f64,
        /// Final capacity, m/s.
        final_rate: f64,
        /// Decay constant, 1/s.
        decay: f64,
        /// Time for a saturated soil to dry, days.
        drying_days: f64,
        /// Most that can infiltrate, m; 0 for no limit.
        max_depth: f64,
    },
    /// Green-Ampt and modified Green-Ampt.
    GreenAmpt {
        /// Whether the modified form is used.
        modified: bool,
        /// Suction head, m.
        suction: f64,
        /// Saturated conductivity, m/s.
        conductivity: f64,
        /// Initial moisture deficit, a fraction.
        deficit: f64,
    },
    /// SCS curve number.
    CurveNumber {
        /// The curve number.
        number: f64,
        /// Time for a saturated soil to dry, days.
        drying_days: f64,
    },
}

/// A subcatchment.
#[derive(Clone, Debug, PartialEq)]
pub struct Subcatchment {
    /// The gauge that it gets its rain from.
    pub gauge: Option<GaugeId>,
    /// Where its runoff goes.
    pub outlet: Outlet,
    /// Area, m².
    pub area: f64,
    /// Impervious share of the area, 0 to 1.
    pub impervious: f64,
    /// Width of overland flow, m.
    pub width: f64,
    /// Slope (a fraction).
    pub slope: f64,
    /// Curb length, in the user's unit (used once build-up is simulated).
    pub curb_length: f64,
    /// Manning's n of impervious land, s/m^(1/3).
    pub roughness_impervious: f64,
    /// Manning's n of pervious land, s/m^(1/3).
    pub roughness_pervious: f64,
    /// Depression storage of impervious land, m.
    pub storage_impervious: f64,
    /// Depression storage of pervious land, m.
    pub storage_pervious: f64,
    /// Share of the impervious area that has no depression storage, 0 to 1.
    pub zero_storage: f64,
    /// Routing between sub-areas.
    pub routing: InternalRouting,
    /// Share of the runoff that is so routed, 0 to 1.
    pub routed: f64,
    /// Infiltration; `None` when the file gives none.
    pub infiltration: Option<Infiltration>,
    /// Monthly pattern of pervious roughness.
    pub roughness_pattern: Option<PatternId>,
    /// Monthly pattern of depression storage.
    pub storage_pattern: Option<PatternId>,
    /// Monthly pattern of conductivity or infiltration rate.
    pub infiltration_pattern: Option<PatternId>,
    /// Tag, empty for none.
    pub tag: String,
}

impl Subcatchment {
    /// Land without area or rain, smooth and sealed, whose runoff all goes to an outlet.
    pub fn new(outlet: Outlet) -> Self {
        Self {
            gauge: None,
            outlet,
            area: 0.0,
            impervious: 0.0,
            width: 0.0,
            slope: 0.0,
            curb_length: 0.0,
            roughness_impervious: 0.0,
            roughness_pervious: 0.0,
            storage_impervious: 0.0,
            storage_pervious: 0.0,
            zero_storage: 0.0,
            routing: InternalRouting::Outlet,
            routed: 1.0,
            infiltration: None,
            roughness_pattern: None,
            storage_pattern: None,
            infiltration_pattern: None,
            tag: String::new(),
        }
    }
}
