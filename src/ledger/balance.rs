//! Where did the water go: land and network in one table.

use super::{NodeLedger, RoutingTotals, RunoffTotals};
use crate::model::Model;
use crate::num::index::Id;

/// One line of the balance.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Where the water came from or went.
    pub name: String,
    /// How much, m³.
    pub volume: f64,
    /// Share of all that came in, per cent.
    pub percent: f64,
}

/// All that came in and where it went. The two sides differ by [`WaterBalance::unaccounted`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WaterBalance {
    /// Where it came from.
    pub sources: Vec<Entry>,
    /// Where it went.
    pub destinations: Vec<Entry>,
    /// What came in and is not found again (negative: found, but never came in), m³.
    pub unaccounted: f64,
    /// All that came in, m³.
    pub total: f64,
}

impl WaterBalance {
    /// Draws up the balance. Rain that infiltrates or evaporates counts as well as what reaches the
    /// network; runoff from land to network is neither source nor destination. Lines without water
    /// are left out, outfalls apart.
    pub fn new(model: &Model, runoff: &RunoffTotals, routing: &RoutingTotals, nodes: &NodeLedger) -> Self {
        let outfalls: Vec<_> = model.nodes.iter().filter(|(_, node)| node.is_outfall()).collect();
        let at = |column: &[f64], index: usize| column.get(index).copied().unwrap_or(0.0);
        let left: f64 = outfalls.iter().map(|(id, _)| at(&nodes.left, id.index())).sum();
        let entered: f64 = outfalls.iter().map(|(id, _)| at(&nodes.entered, id.index())).sum();
        let negligible = 1.0e-9 * (routing.outflow.abs() + routing.external.abs() + 1.0);
        let settle = |volume: f64| if volume.abs() > negligible { volume } else { 0.0 };
        let has_land = !model.subcatchments.is_empty() && !model.options.ignore_rainfall;

        let mut balance = Self::default();
        let mut source = |name: &str, volume: f64| balance.sources.push(Entry::new(name, volume));
        if has_land {
            source("Rain", runoff.rainfall);
            source("Outfall flow led back onto land", runoff.runon);
            source("On the land at the start", runoff.initial_storage);
        } else {
            source("Wet weather inflow", routing.wet_weather);
        }
        source("Dry weather inflow", routing.dry_weather);
        source("Groundwater inflow", routing.groundwater);
        source("RDII inflow", routing.rdii);
        source("Direct inflow", settle(routing.external - entered));
        source("In through outfalls", entered);
        source("In the network at the start", routing.initial_storage);

        for (id, _) in &outfalls {
            let volume = at(&nodes.left, id.index());
            balance.destinations.push(Entry::new(&format!("Outfall {}", model.nodes.name(*id)), volume));
        }
        let fixed = balance.destinations.len();
        let mut destination = |name: &str, volume: f64| balance.destinations.push(Entry::new(name, volume));
        destination("Withdrawn at nodes", settle(routing.outflow - left));
        destination("Flooded from nodes", routing.flooding);
        if has_land {
            destination("Infiltrated into the land", runoff.infiltration);
            destination("Evaporated from the land", runoff.evaporation);
        }
        destination("Evaporated from the network", routing.evaporation);
        destination("Seeped from the network", routing.seepage);
        if has_land {
            destination("On the land at the end", runoff.final_storage);
        }
        destination("In the network at the end", routing.final_storage);

        balance.sources.retain(|entry| entry.volume != 0.0);
        let mut index = 0;
        balance.destinations.retain(|entry| {
            index += 1;
            index <= fixed || entry.volume != 0.0
        });
        balance.total = balance.sources.iter().map(|entry| entry.volume).sum();
        balance.unaccounted =
            balance.total - balance.destinations.iter().map(|entry| entry.volume).sum::<f64>();
        let total = balance.total;
        for entry in balance.sources.iter_mut().chain(&mut balance.destinations) {
            entry.percent = if total > 0.0 { 100.0 * entry.volume / total } else { 0.0 };
        }
        balance
    }

    /// What is not accounted for, per cent of all that came in.
    pub fn unaccounted_percent(&self) -> f64 {
        if self.total > 0.0 { 100.0 * self.unaccounted / self.total } else { 0.0 }
    }
}

impl Entry {
    fn new(name: &str, volume: f64) -> Self {
        Self { name: name.to_string(), volume, percent: 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::catchment::{Outlet, Subcatchment};
    use crate::model::node::{Node, NodeKind, OutfallBoundary};
    use crate::model::{NodeId, SubcatchmentId};

    fn model() -> Model {
        let mut model = Model::default();
        for name in ["O1", "O2"] {
            let boundary = OutfallBoundary::Free;
            let node = Node::new(NodeKind::Outfall { boundary, flap_gate: false, route_to: None }, 0.0, 1.0);
            model.nodes.insert(name, node);
        }
        let subcatchment = Subcatchment {
            area: 1.0,
            impervious: 0.5,
            width: 1.0,
            slope: 0.01,
            roughness_impervious: 0.01,
            roughness_pervious: 0.1,
            ..Subcatchment::new(Outlet::Node(NodeId(0)))
        };
        let id: Option<SubcatchmentId> = model.subcatchments.insert("S", subcatchment);
        assert!(id.is_some());
        model
    }

    #[test]
    fn both_sides_of_the_balance_agree_when_nothing_is_lost() {
        let model = model();
        let runoff = RunoffTotals {
            rainfall: 100.0,
            infiltration: 40.0,
            runoff: 55.0,
            final_storage: 5.0,
            ..Default::default()
        };
        let routing = RoutingTotals {
            wet_weather: 55.0,
            external: 12.0,
            outflow: 50.0,
            flooding: 10.0,
            final_storage: 7.0,
            ..Default::default()
        };
        let mut nodes = NodeLedger::new(&model, &[0.0; 2], &[0.0; 2]);
        nodes.left = vec![45.0, 0.0];
        nodes.entered = vec![0.0, 2.0];
        let balance = WaterBalance::new(&model, &runoff, &routing, &nodes);
        assert_eq!(balance.total, 112.0);
        assert!(balance.unaccounted.abs() < 1e-12);
        let find = |entries: &[Entry], name: &str| entries.iter().find(|e| e.name == name).map(|e| e.volume);
        assert_eq!(find(&balance.sources, "Direct inflow"), Some(10.0));
        assert_eq!(find(&balance.sources, "In through outfalls"), Some(2.0));
        assert_eq!(find(&balance.destinations, "Outfall O1"), Some(45.0));
        assert_eq!(find(&balance.destinations, "Outfall O2"), Some(0.0));
        assert_eq!(find(&balance.destinations, "Withdrawn at nodes"), Some(5.0));
        assert_eq!(find(&balance.destinations, "Evaporated from the land"), None);
        let percent: f64 = balance.destinations.iter().map(|e| e.percent).sum();
        assert!((percent - 100.0).abs() < 1e-9);
    }

    #[test]
    fn water_that_is_not_found_again_is_unaccounted() {
        let model = model();
        let runoff = RunoffTotals { rainfall: 100.0, infiltration: 90.0, ..Default::default() };
        let nodes = NodeLedger::new(&model, &[0.0; 2], &[0.0; 2]);
        let balance = WaterBalance::new(&model, &runoff, &RoutingTotals::default(), &nodes);
        assert_eq!(balance.unaccounted_percent(), 10.0);
    }
}
