//! Options of a run and of its report.

use crate::clock::DateTime;
use crate::units::FOOT;

use super::{LinkId, NodeId, SubcatchmentId};

/// Which infiltration law a subcatchment obeys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InfiltrationMethod {
    /// Horton (1933).
    #[default]
    Horton,
    /// Modified Horton (Akan 1992).
    ModifiedHorton,
    /// Green and Ampt (1911).
    GreenAmpt,
    /// Modified Green-Ampt.
    ModifiedGreenAmpt,
    /// SCS curve number.
    CurveNumber,
}

/// How flow is routed through the network.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RoutingMethod {
    /// Not at all.
    None,
    /// Steady flow (not simulated yet).
    Steady,
    /// Kinematic wave (not simulated yet).
    Kinematic,
    /// Dynamic wave.
    #[default]
    Dynamic,
}

/// How offsets of links are written in the file; in the model they are depths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OffsetConvention {
    /// Depth above the node's invert.
    #[default]
    Depth,
    /// Elevation.
    Elevation,
}

/// Law of a full force main.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ForceMainLaw {
    /// Hazen-Williams.
    #[default]
    HazenWilliams,
    /// Darcy-Weisbach.
    DarcyWeisbach,
}

/// Damping of the inertial terms near and above critical flow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InertialDamping {
    /// Keep inertia always.
    None,
    /// Reduce it between Froude 0.5 and 1.
    #[default]
    Partial,
    /// Drop it always.
    Full,
}

/// Which conditions limit a conduit to its normal flow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NormalFlowLimit {
    /// Water surface slope below conduit slope.
    Slope,
    /// Froude number at least 1.
    Froude,
    /// Either.
    #[default]
    Both,
    /// None.
    Neither,
}

/// How pressurised flow is handled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SurchargeMethod {
    /// Node heads from the derivative of flow by head.
    #[default]
    Extran,
    /// Preissmann slot.
    Slot,
}

/// A period that is routed; between such periods routing rests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// Start.
    pub start: DateTime,
    /// End.
    pub end: DateTime,
}

/// Options of a run. Defaults are EPA SWMM's.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// The infiltration law where a subcatchment names none.
    pub infiltration: InfiltrationMethod,
    /// Routing method.
    pub routing: RoutingMethod,
    /// How the file writes offsets.
    pub offsets: OffsetConvention,
    /// Law of full force mains.
    pub force_main: ForceMainLaw,
    /// Inertial damping.
    pub inertial_damping: InertialDamping,
    /// Normal flow limitation.
    pub normal_flow: NormalFlowLimit,
    /// Surcharge method.
    pub surcharge: SurchargeMethod,
    /// Whether water that leaves a node may pond over it.
    pub allow_ponding: bool,
    /// Whether routing rests while nothing changes.
    pub skip_steady_state: bool,
    /// Largest relative system flow error that still counts as steady.
    pub system_flow_tolerance: f64,
    /// Largest relative change of lateral inflow that still counts as steady.
    pub lateral_flow_tolerance: f64,
    /// Leave out rain and runoff.
    pub ignore_rainfall: bool,
    /// Leave out snow melt.
    pub ignore_snowmelt: bool,
    /// Leave out groundwater.
    pub ignore_groundwater: bool,
    /// Leave out RDII.
    pub ignore_rdii: bool,
    /// Leave out routing.
    pub ignore_routing: bool,
    /// Leave out water quality.
    pub ignore_quality: bool,
    /// Start of the simulation.
    pub start: DateTime,
    /// Start of the results.
    pub report_start: DateTime,
    /// End of the simulation.
    pub end: DateTime,
    /// Days without rain before the start.
    pub dry_days: f64,
    /// Runoff step in wet weather, s.
    pub wet_step: u32,
    /// Runoff step in dry weather, s.
    pub dry_step: u32,
    /// Routing step, s.
    pub routing_step: f64,
    /// Routing step as written, s, where the check has reduced it: EPA's engine measures
    /// equivalent and lengthened conduits by this one.
    pub unreduced_routing_step: Option<f64>,
    /// Interval of rule evaluation, s; 0 for every routing step.
    pub rule_step: u32,
    /// Interval of results, s.
    pub report_step: u32,
    /// Courant factor of the variable step; 0 for a fixed step.
    pub courant_factor: f64,
    /// Step to which short conduits are lengthened, s; 0 for none.
    pub lengthening_step: f64,
    /// Smallest variable step, s.
    pub minimum_step: f64,
    /// Smallest surface area of a node, m².
    pub minimum_surface_area: f64,
    /// Smallest conduit slope (a fraction); 0 for none.
    pub minimum_slope: f64,
    /// Most trials a routing step.
    pub max_trials: u32,
    /// Head change under which a node has converged, m.
    pub head_tolerance: f64,
    /// Threads that the file asks for.
    pub threads: u32,
    /// Routed periods; empty for the whole simulation.
    pub events: Vec<Event>,
}

impl Default for Options {
    fn default() -> Self {
        let start = DateTime::from_date(2004, 1, 1).unwrap_or_default();
        Self {
            infiltration: InfiltrationMethod::default(),
            routing: RoutingMethod::default(),
            offsets: OffsetConvention::default(),
            force_main: ForceMainLaw::default(),
            inertial_damping: InertialDamping::default(),
            normal_flow: NormalFlowLimit::default(),
            surcharge: SurchargeMethod::default(),
            allow_ponding: false,
            skip_steady_state: false,
            system_flow_tolerance: 0.05,
            lateral_flow_tolerance: 0.05,
            ignore_rainfall: false,
            ignore_snowmelt: false,
            ignore_groundwater: false,
            ignore_rdii: false,
            ignore_routing: false,
            ignore_quality: false,
            start,
            report_start: start,
            end: start,
            dry_days: 0.0,
            wet_step: 300,
            dry_step: 3600,
            routing_step: 20.0,
            unreduced_routing_step: None,
            rule_step: 0,
            report_step: 900,
            courant_factor: 0.75,
            lengthening_step: 0.0,
            minimum_step: 0.5,
            minimum_surface_area: 12.566 * FOOT * FOOT,
            minimum_slope: 0.0,
            max_trials: 8,
            head_tolerance: 0.005 * FOOT,
            threads: 1,
            events: Vec::new(),
        }
    }
}

impl Options {
    /// Length of the simulation in whole seconds, s.
    ///
    /// SWMM subtracts dates as numbers of days in floating point and drops the fraction of a
    /// second, so that a simulation of one hour may last 3599 s; kept, since its last reporting
    /// time is then missing in SWMM's results too.
    pub fn duration(&self) -> i64 {
        ((self.end.swmm_days() - self.start.swmm_days()) * 86_400.0).floor().max(0.0) as i64
    }

    /// The routing step as the file writes it, s.
    pub fn written_routing_step(&self) -> f64 {
        self.unreduced_routing_step.unwrap_or(self.routing_step)
    }
}

/// Which elements of a kind are reported.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Selection<I> {
    /// None.
    #[default]
    None,
    /// All.
    All,
    /// Those named.
    Some(Vec<I>),
}

impl<I: PartialEq> Selection<I> {
    /// Whether an element is selected.
    pub fn contains(&self, id: &I) -> bool {
        match self {
            Self::None => false,
            Self::All => true,
            Self::Some(ids) => ids.contains(id),
        }
    }
}

/// What the report and the binary results contain.
#[derive(Clone, Debug, PartialEq)]
pub struct ReportOptions {
    /// No report at all.
    pub disabled: bool,
    /// A summary of the input.
    pub input: bool,
    /// Continuity tables.
    pub continuity: bool,
    /// Summary tables.
    pub flow_statistics: bool,
    /// A list of control actions.
    pub controls: bool,
    /// Reported values are averages over the reporting step.
    pub averages: bool,
    /// Node statistics (kept for the round trip).
    pub node_statistics: bool,
    /// Subcatchments with results.
    pub subcatchments: Selection<SubcatchmentId>,
    /// Nodes with results.
    pub nodes: Selection<NodeId>,
    /// Links with results.
    pub links: Selection<LinkId>,
}

impl Default for ReportOptions {
    fn default() -> Self {
        Self {
            disabled: false,
            input: false,
            continuity: true,
            flow_statistics: true,
            controls: false,
            averages: false,
            node_statistics: false,
            subcatchments: Selection::None,
            nodes: Selection::None,
            links: Selection::None,
        }
    }
}
