//! What control rules see of a run.

use crate::clock::DateTime;
use crate::forcing::gauge;
use crate::model::{GaugeId, LinkId, NodeId};
use crate::num::index::Id;
use crate::routing::control::Sensors;
use crate::routing::params::Slot;
use crate::routing::{Params, State};
use crate::statistics::link::velocity;

/// A run as control rules see it.
pub(super) struct View<'a> {
    pub params: &'a Params,
    pub state: &'a State,
    pub weather: &'a gauge::State,
    pub gauges: &'a gauge::Params,
}

impl Sensors for View<'_> {
    fn node_depth(&self, node: NodeId) -> f64 {
        self.state.nodes.depth[node.index()]
    }
    fn node_volume(&self, node: NodeId) -> f64 {
        self.state.nodes.volume[node.index()]
    }
    fn node_lateral_inflow(&self, node: NodeId) -> f64 {
        self.state.nodes.lateral[node.index()]
    }
    fn link_depth(&self, link: LinkId) -> f64 {
        self.state.links.depth[link.index()]
    }
    fn link_flow(&self, link: LinkId) -> f64 {
        self.state.links.flow[link.index()] * self.params.direction[link.index()]
    }
    fn link_velocity(&self, link: LinkId) -> f64 {
        let i = link.index();
        let Slot::Conduit(slot) = self.params.slots[i] else { return 0.0 };
        let c = &self.params.network.conduits[slot];
        let depth = self.state.links.depth[i];
        velocity(self.state.links.flow[i], depth, c.section.area(depth), c.barrels)
    }
    fn link_full_flow(&self, link: LinkId) -> f64 {
        self.params.conduits[link.index()].map_or(0.0, |c| c.full_flow)
    }
    fn link_full_depth(&self, link: LinkId) -> f64 {
        self.params.full_depth[link.index()]
    }
    fn link_slope(&self, link: LinkId) -> f64 {
        self.params.conduits[link.index()].map_or(0.0, |c| c.slope)
    }
    fn link_setting(&self, link: LinkId) -> f64 {
        self.state.links.setting[link.index()]
    }
    fn link_target(&self, link: LinkId) -> f64 {
        self.state.links.target[link.index()]
    }
    fn link_switched(&self, link: LinkId) -> Option<DateTime> {
        self.state.links.switched[link.index()]
    }
    fn gauge_intensity(&self, gauge: GaugeId) -> f64 {
        self.weather.rain_for_rules(self.gauges, gauge)
    }
    fn gauge_past_rain(&self, gauge: GaugeId, hours: u32) -> f64 {
        self.weather.past_rain(self.gauges, gauge, hours as usize)
    }
}
