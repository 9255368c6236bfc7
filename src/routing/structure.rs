//! Pumps and regulators of all kinds as one.

use super::ends::{Ends, LinkFlow};
use super::orifice::{OrificeOpening, OrificeParams};
use super::outlet::OutletParams;
use super::pump::PumpParams;
use super::weir::{WeirOpening, WeirParams};
use crate::model::link::LinkKind;
use crate::model::{LinkId, Model};

/// A pump or regulator, compiled.
#[derive(Clone, Debug)]
pub enum StructureParams {
    /// A pump.
    Pump(PumpParams),
    /// An orifice.
    Orifice(OrificeParams),
    /// A weir.
    Weir(WeirParams),
    /// An outlet.
    Outlet(OutletParams),
}

/// State of a pump or regulator.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct StructureState {
    /// Setting: speed of a pump, open share of an orifice or weir, factor of an outlet.
    pub setting: f64,
    /// What follows from the setting.
    opening: Opening,
    /// What it gave the last time.
    pub last: LinkFlow,
}

/// What follows from the setting of an orifice or weir.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Opening {
    /// Nothing.
    #[default]
    Plain,
    /// Of an orifice.
    Orifice(OrificeOpening),
    /// Of a weir.
    Weir(WeirOpening),
}

impl StructureParams {
    /// Compiles a structure of a checked model; `None` for conduits.
    pub fn compile(model: &Model, link: LinkId) -> Option<Self> {
        match model.links[link].kind {
            LinkKind::Conduit(_) => None,
            LinkKind::Pump(_) => PumpParams::compile(model, link).map(Self::Pump),
            LinkKind::Orifice(_) => OrificeParams::compile(model, link).map(Self::Orifice),
            LinkKind::Weir(_) => WeirParams::compile(model, link).map(Self::Weir),
            LinkKind::Outlet(_) => OutletParams::compile(model, link).map(Self::Outlet),
        }
    }

    /// Open, or for a pump as the file starts it.
    pub fn initial_state(&self) -> StructureState {
        let setting = match self {
            Self::Pump(pump) => pump.initial_setting,
            Self::Orifice(_) | Self::Weir(_) | Self::Outlet(_) => 1.0,
        };
        let mut state = StructureState::default();
        self.set(&mut state, setting, 0.0);
        state
    }

    /// Moves the setting towards a target over a step (s); all but slow gates are there at once.
    pub fn set(&self, state: &mut StructureState, target: f64, step: f64) {
        state.setting = match self {
            Self::Orifice(orifice) => orifice.next_setting(state.setting, target, step),
            Self::Pump(_) | Self::Weir(_) | Self::Outlet(_) => target,
        };
        state.opening = match self {
            Self::Orifice(orifice) => Opening::Orifice(orifice.opening_at(state.setting)),
            Self::Weir(weir) => Opening::Weir(weir.opening_at(state.setting)),
            Self::Pump(_) | Self::Outlet(_) => Opening::Plain,
        };
    }

    /// Flow between two ends; kept as the state's last.
    pub fn flow(&self, state: &mut StructureState, ends: &Ends) -> LinkFlow {
        state.last = match (self, &state.opening) {
            (Self::Pump(pump), _) => pump.flow(state.setting, ends, state.last),
            (Self::Outlet(outlet), _) => outlet.flow(state.setting, ends, state.last),
            (Self::Orifice(orifice), Opening::Orifice(opening)) => orifice.flow(opening, ends, state.last),
            (Self::Weir(weir), Opening::Weir(opening)) => weir.flow(opening, ends, state.last),
            (Self::Orifice(_) | Self::Weir(_), _) => state.last.shut(),
        };
        state.last
    }

    /// Full depth of the opening, m; 0 for pumps and outlets.
    pub fn full_depth(&self) -> f64 {
        match self {
            Self::Orifice(orifice) => orifice.section.full_depth,
            Self::Weir(weir) => weir.section.full_depth,
            Self::Pump(_) | Self::Outlet(_) => 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::link::OutletDriver;
    use crate::routing::flap_gate::FlapGate;
    use crate::routing::outlet::Rating;

    #[test]
    fn a_shut_structure_stays_as_it_was_until_it_opens() {
        let rating = Rating::Functional { coefficient: 2.0, exponent: 1.0, length_unit: 1.0, flow_unit: 1.0 };
        let outlet = StructureParams::Outlet(OutletParams {
            driver: OutletDriver::Depth,
            rating,
            crest_offset: 0.0,
            gate: FlapGate::default(),
        });
        let mut state = outlet.initial_state();
        let ends = Ends { depth_up: 1.5, ..Ends::default() };
        assert_eq!(outlet.flow(&mut state, &ends).flow, 3.0);
        outlet.set(&mut state, 0.0, 10.0);
        let shut = outlet.flow(&mut state, &ends);
        assert_eq!((shut.flow, shut.depth), (0.0, 1.5));
        outlet.set(&mut state, 0.5, 10.0);
        assert_eq!(outlet.flow(&mut state, &ends).flow, 1.5);
    }
}
