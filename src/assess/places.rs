//! In which zone each node lies, for every option and horizon.

use std::collections::HashMap;

use crate::num::index::Id;
use crate::study::Study;

/// Zones of nodes by name. An option may set nodes that the base does not have.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// By option and horizon: zone by node, in capitals.
    by: HashMap<(usize, usize), HashMap<String, String>>,
}

impl Places {
    /// The zones of all nodes of a study.
    pub fn of(study: &Study) -> Self {
        let scenario = study.scenario();
        let zones = &study.site().zones;
        let mut by = HashMap::new();
        if zones.is_empty() {
            return Self::default();
        }
        for option in 0..scenario.options.len() {
            for horizon in 0..scenario.horizons.len() {
                let Ok(built) = study.built(option, horizon) else { continue };
                let model = &built.network.model;
                let zone_of = |id: crate::model::NodeId| {
                    let at = model.map.nodes.get(id.index()).copied().flatten()?;
                    let zone = zones.iter().find(|zone| zone.contains(at))?;
                    Some((model.nodes.name(id).to_uppercase(), zone.name.clone()))
                };
                by.insert((option, horizon), model.nodes.ids().filter_map(zone_of).collect());
            }
        }
        Self { by }
    }
    /// The zone that a node lies in, by name; empty outside all.
    pub fn zone(&self, option: usize, horizon: usize, node: &str) -> &str {
        let zones = self.by.get(&(option, horizon));
        zones.and_then(|zones| zones.get(&node.to_uppercase())).map_or("", String::as_str)
    }
}
