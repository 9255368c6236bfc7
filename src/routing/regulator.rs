//! Pumps, orifices, weirs, outlets and dummy conduits: links whose flow follows from the heads at
//! once, without inertia.

use crate::model::Model;
use crate::model::link::{Link, LinkKind, PumpKind};
use crate::model::section::geometry::CrossSection;
use crate::statistics::link::FlowClass;
use crate::units::CUBIC_FOOT;

use super::conduit_flow::LinkTerms;
use super::node_depth::{Node, NodeState};
use super::orifice::OrificeParams;
use super::outlet::OutletParams;
use super::pump::PumpParams;
use super::weir::WeirParams;

/// Flow through zero stops here for one trial: 0.001 ft³/s, in m³/s.
const REVERSAL_FLOW: f64 = 0.001 * CUBIC_FOOT;
