//! Totals and extremes of links, conduits' times in each flow class, and pumps.
//!
//! Definitions are those of EPA SWMM 5.2 (`stats.c`).

use serde::{Deserialize, Serialize};

use crate::clock::DateTime;
use crate::model::Model;
use crate::model::link::LinkKind;
use crate::num::index::Id;
use crate::units::{CUBIC_FOOT, FOOT, TINY_AREA};

use super::node::LEAST_FLOW;

/// Depth under which a link has no velocity: SWMM's 0.01 ft, in m.
pub const LEAST_DEPTH: f64 = 0.01 * FOOT;
/// Change of flow above which a turn counts: SWMM's 0.001 ft³/s, in m³/s.
pub const LEAST_TURN: f64 = 0.001 * CUBIC_FOOT;

/// How water flows in a conduit, in SWMM's order.
///
/// For a pump, [`FlowClass::DownstreamDry`] says that it runs below the low end of its curve and
/// [`FlowClass::UpstreamDry`] that it runs beyond the high end, as SWMM stores it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[repr(u8)]
pub enum FlowClass {
    /// Dry.
    #[default]
    Dry,
    /// Upstream end dry.
    UpstreamDry,
    /// Downstream end dry.
    DownstreamDry,
    /// Subcritical.
    Subcritical,
    /// Supercritical.
    Supercritical,
    /// Free fall at the upstream end (flow runs back).
    UpstreamCritical,
    /// Free fall at the downstream end.
    DownstreamCritical,
}

/// How many flow classes there are.
pub const FLOW_CLASSES: usize = 7;

/// Which ends of a conduit are full.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[repr(u8)]
pub enum FullState {
    /// Neither.
    #[default]
    None,
    /// Upstream.
    Upstream,
    /// Downstream.
    Downstream,
    /// Both.
    Both,
}

/// What reports say of a link besides what its file says. Zeros where it has no such property.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LinkCapacity {
    /// Full depth of the section or opening, m.
    pub full_depth: f64,
    /// Full area of one barrel, m².
    pub full_area: f64,
    /// Hydraulic radius when full, m.
    pub full_radius: f64,
    /// Largest width, m.
    pub max_width: f64,
    /// Conduits: normal flow of one full barrel, m³/s; pumps: largest flow of the curve.
    pub full_flow: f64,
    /// Slope in the direction of the routing (a fraction), as used.
    pub slope: f64,
    /// Manning's n as used, s/m^(1/3).
    pub roughness: f64,
    /// Length, m.
    pub length: f64,
    /// Length after lengthening, m.
    pub modified_length: f64,
    /// Equal barrels.
    pub barrels: u32,
}

/// The state of all links after a routing step, one column a variable.
#[derive(Clone, Copy, Debug)]
pub struct LinkStep<'a> {
    /// Flow at the step before, m³/s, positive from the model's `from` to its `to`.
    pub flow_before: &'a [f64],
    /// Flow, m³/s.
    pub flow: &'a [f64],
    /// Depth, m.
    pub depth: &'a [f64],
    /// Flow area of one barrel at that depth, m²; read at conduits only.
    pub area: &'a [f64],
    /// Flow class.
    pub flow_class: &'a [FlowClass],
    /// Full ends; read at conduits only.
    pub full_state: &'a [FullState],
    /// Whether normal flow limits the conduit.
    pub normal_flow: &'a [bool],
    /// Whether its inlet controls the conduit.
    pub inlet_control: &'a [bool],
    /// Whether the conduit's capacity limits its flow: upstream end full and steeper energy than bed.
    pub capacity_limited: &'a [bool],
    /// Heads of the *nodes*, m, by the node's index; read at pumps only.
    pub head: &'a [f64],
}

/// Flow velocity in a link, m/s: `v = q / (n · A)`.
///
/// `flow` q m³/s, `depth` m, `area` A m² of one barrel, `barrels` n. 0 where the depth is at most
/// 0.01 ft or the area at most 0.0001 ft² (SWMM, `link_getVelocity`).
pub fn velocity(flow: f64, depth: f64, area: f64, barrels: f64) -> f64 {
    if depth <= LEAST_DEPTH || area <= TINY_AREA { 0.0 } else { flow / barrels / area }
}

/// Power that a pump adds to the water, kW: `P = |Δh| · q / 8.814 · 0.7457`, Δh in ft and q in ft³/s
/// (SWMM's constants, `link_getPower`). `head_difference` m, `flow` m³/s.
pub fn pump_power(head_difference: f64, flow: f64) -> f64 {
    (head_difference / FOOT).abs() * (flow / CUBIC_FOOT) / 8.814 * 0.7457
}

/// What is updated at every link in every step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LinkExtremes {
    /// Largest flow regardless of direction, m³/s.
    pub max_flow: f64,
    /// When it occurred.
    pub max_flow_time: DateTime,
    /// Largest velocity regardless of direction, m/s.
    pub max_velocity: f64,
    /// Largest depth, m.
    pub max_depth: f64,
    /// How often the flow turned from rising to falling or back.
    pub turns: u32,
    /// Sign of the last change of flow.
    turn_sign: i8,
}

/// How long a conduit was in which state, s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ConduitTimes {
    /// In each flow class, in the order of [`FlowClass`].
    pub in_class: [f64; FLOW_CLASSES],
    /// Limited to normal flow.
    pub normal_flow: f64,
    /// Controlled by its inlet.
    pub inlet_control: f64,
    /// Full at both ends.
    pub both_full: f64,
    /// Full at the upstream end.
    pub upstream_full: f64,
    /// Full at the downstream end.
    pub downstream_full: f64,
    /// At or above the full normal flow.
    pub above_normal: f64,
    /// Limited by its capacity.
    pub capacity_limited: f64,
}

/// All that a conduit's times depend on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct ConduitState {
    class: FlowClass,
    full: FullState,
    normal_flow: bool,
    inlet_control: bool,
    above_normal: bool,
    capacity_limited: bool,
}

/// A time in which a conduit's state does not change; its length is booked when it ends, since states
/// change rarely and the counters of a conduit fill two cache lines.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Spell {
    state: ConduitState,
    since: f64,
}

impl ConduitState {
    fn new(step: &LinkStep<'_>, i: usize, above_normal: bool) -> Self {
        Self {
            class: step.flow_class[i],
            full: step.full_state[i],
            normal_flow: step.normal_flow[i],
            inlet_control: step.inlet_control[i],
            above_normal,
            capacity_limited: step.capacity_limited[i],
        }
    }
}

/// Statistics of a pump.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PumpStatistics {
    /// The link's index.
    pub link: usize,
    /// Time with flow, s.
    pub utilized: f64,
    /// Least flow, m³/s; 0 always, as in SWMM, whose minimum begins at 0.
    pub min_flow: f64,
    /// Sum of the flow over the routing steps with flow, m³/s.
    pub flow_sum: f64,
    /// Largest flow, m³/s.
    pub max_flow: f64,
    /// Volume pumped, m³.
    pub volume: f64,
    /// Energy, kWh.
    pub energy: f64,
    /// Time below the low end of the curve, s.
    pub off_curve_low: f64,
    /// Time beyond the high end of the curve, s.
    pub off_curve_high: f64,
    /// How often it started.
    pub start_ups: u32,
    /// How many routing steps had flow.
    pub steps_with_flow: u64,
}

/// What a link's statistics depend on besides its state.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
enum LinkTraits {
    Conduit { barrels: f64, full_flow: f64 },
    Pump { pump: u32, from: u32, to: u32 },
    Other,
}

/// Statistics of all links.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct LinkStatistics {
    traits: Vec<LinkTraits>,
    /// Extremes, by the link's index.
    pub extremes: Vec<LinkExtremes>,
    /// The state that each conduit is in, and the time booked when it entered it, s.
    spells: Vec<Spell>,
    /// Times in each state before the present spell, by the link's index.
    times: Vec<ConduitTimes>,
    /// Time booked so far, s.
    elapsed: f64,
    /// How many routing steps the link was critical for the time step.
    pub critical_count: Vec<u32>,
    /// Pumps, in the order of the links.
    pub pumps: Vec<PumpStatistics>,
}

impl LinkStatistics {
    /// Empty statistics; `capacity` goes by the link's index.
    pub fn new(model: &Model, capacity: &[LinkCapacity]) -> Self {
        let count = model.links.len();
        let start = model.options.start;
        let mut statistics = Self {
            extremes: vec![LinkExtremes { max_flow_time: start, ..Default::default() }; count],
            spells: vec![Spell::default(); count],
            times: vec![ConduitTimes::default(); count],
            critical_count: vec![0; count],
            ..Default::default()
        };
        for (id, link) in model.links.iter() {
            let traits = match &link.kind {
                LinkKind::Conduit(conduit) => {
                    let barrels = f64::from(conduit.barrels.max(1));
                    LinkTraits::Conduit { barrels, full_flow: capacity[id.index()].full_flow * barrels }
                }
                LinkKind::Pump(_) => {
                    statistics.pumps.push(PumpStatistics { link: id.index(), ..Default::default() });
                    let pump = statistics.pumps.len() as u32 - 1;
                    LinkTraits::Pump { pump, from: link.from.0, to: link.to.0 }
                }
                LinkKind::Orifice(_) | LinkKind::Weir(_) | LinkKind::Outlet(_) => LinkTraits::Other,
            };
            statistics.traits.push(traits);
        }
        statistics
    }

    /// Books a routing step of `seconds` that ended at `time`.
    pub fn update(&mut self, seconds: f64, time: DateTime, step: &LinkStep<'_>) {
        let count = self.traits.len();
        let (flow, before, depth) = (&step.flow[..count], &step.flow_before[..count], &step.depth[..count]);
        for (i, (traits, extremes)) in self.traits.iter().zip(&mut self.extremes).enumerate() {
            let magnitude = flow[i].abs();
            if magnitude > extremes.max_flow {
                extremes.max_flow = magnitude;
                extremes.max_flow_time = time;
            }
            if depth[i] > extremes.max_depth {
                extremes.max_depth = depth[i];
            }
            extremes.book_turn(flow[i] - before[i]);
            match *traits {
                LinkTraits::Conduit { barrels, full_flow } => {
                    // A division only where the largest velocity may be exceeded.
                    if magnitude > extremes.max_velocity * barrels * step.area[i] {
                        let velocity = velocity(magnitude, depth[i], step.area[i], barrels);
                        extremes.max_velocity = extremes.max_velocity.max(velocity);
                    }
                    let state = ConduitState::new(step, i, magnitude >= full_flow);
                    let spell = &mut self.spells[i];
                    if state != spell.state {
                        self.times[i].book(self.elapsed - spell.since, spell.state);
                        *spell = Spell { state, since: self.elapsed };
                    }
                }
                LinkTraits::Pump { pump, from, to } if magnitude > LEAST_FLOW => {
                    let pump = &mut self.pumps[pump as usize];
                    let lift = step.head[from as usize] - step.head[to as usize];
                    pump.max_flow = extremes.max_flow;
                    pump.book(seconds, before[i], magnitude, lift, step.flow_class[i]);
                }
                LinkTraits::Pump { .. } | LinkTraits::Other => {}
            }
        }
        self.elapsed += seconds;
    }

    /// How long a conduit was in which state; zeros where the link is no conduit.
    pub fn times(&self, link: usize) -> ConduitTimes {
        let mut times = self.times[link];
        if matches!(self.traits[link], LinkTraits::Conduit { .. }) {
            let spell = self.spells[link];
            times.book(self.elapsed - spell.since, spell.state);
        }
        times
    }
}

impl LinkExtremes {
    /// Counts a turn when the flow changed by more than [`LEAST_TURN`] against its last change.
    pub(super) fn book_turn(&mut self, change: f64) {
        let sign = i8::from(change > 0.0) - i8::from(change < 0.0);
        if change.abs() > LEAST_TURN && self.turn_sign * sign < 0 {
            self.turns += 1;
        }
        self.turn_sign = sign;
    }
}

impl ConduitTimes {
    fn book(&mut self, seconds: f64, state: ConduitState) {
        self.in_class[state.class as usize] += seconds;
        let add = |time: &mut f64, holds: bool| *time += if holds { seconds } else { 0.0 };
        add(&mut self.normal_flow, state.normal_flow);
        add(&mut self.inlet_control, state.inlet_control);
        add(&mut self.above_normal, state.above_normal);
        add(&mut self.capacity_limited, state.capacity_limited);
        add(&mut self.both_full, state.full == FullState::Both);
        add(&mut self.upstream_full, matches!(state.full, FullState::Upstream | FullState::Both));
        add(&mut self.downstream_full, matches!(state.full, FullState::Downstream | FullState::Both));
    }
}

impl PumpStatistics {
    fn book(&mut self, seconds: f64, flow_before: f64, flow: f64, lift: f64, class: FlowClass) {
        self.min_flow = self.min_flow.min(flow);
        self.flow_sum += flow;
        self.volume += flow * seconds;
        self.utilized += seconds;
        self.energy += pump_power(lift, flow) * seconds / 3600.0;
        match class {
            FlowClass::DownstreamDry => self.off_curve_low += seconds,
            FlowClass::UpstreamDry => self.off_curve_high += seconds,
            _ => {}
        }
        self.start_ups += u32::from(flow_before < LEAST_FLOW);
        self.steps_with_flow += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::NodeId;
    use crate::model::link::{Conduit, Link, Pump, PumpKind};
    use crate::model::section::Shape;

    fn link(kind: LinkKind) -> Link {
        Link::new(kind, NodeId(0), NodeId(1))
    }

    fn model() -> Model {
        let mut model = Model::default();
        let conduit = Conduit { barrels: 2, ..Conduit::new(100.0, 0.013, Shape::Circular { diameter: 1.0 }) };
        let pump = Pump { kind: PumpKind::Ideal, initially_on: true, startup_depth: 0.0, shutoff_depth: 0.0 };
        model.links.insert("C", link(LinkKind::Conduit(conduit)));
        model.links.insert("P", link(LinkKind::Pump(pump)));
        model
    }

    /// Steps of 10 s with the given flows in the conduit and the pump.
    fn run(flows: &[[f64; 2]], full: FullState, class: FlowClass) -> LinkStatistics {
        let model = model();
        let capacity = [LinkCapacity { full_flow: 1.0, ..Default::default() }; 2];
        let mut statistics = LinkStatistics::new(&model, &capacity);
        let mut before = [0.0; 2];
        let mut time = model.options.start;
        for flow in flows {
            time = time.plus_seconds(10.0);
            let step = LinkStep {
                flow_before: &before,
                flow,
                depth: &[0.5, 0.0],
                area: &[0.4, 0.0],
                flow_class: &[class; 2],
                full_state: &[full; 2],
                normal_flow: &[true, false],
                inlet_control: &[false; 2],
                capacity_limited: &[false; 2],
                head: &[FOOT, 9.814 * FOOT],
            };
            statistics.update(10.0, time, &step);
            before = *flow;
        }
        statistics
    }

    #[test]
    fn velocity_is_shared_by_the_barrels() {
        let statistics = run(&[[-2.4, 0.0]], FullState::None, FlowClass::Subcritical);
        assert!((statistics.extremes[0].max_velocity - 3.0).abs() < 1e-12);
        assert_eq!(statistics.extremes[0].max_flow, 2.4);
        assert_eq!(velocity(1.0, 0.003, 0.4, 1.0), 0.0);
    }

    #[test]
    fn a_flow_that_swings_turns_at_every_swing_and_a_steady_one_never() {
        let swing = [[1.0, 0.0], [0.5, 0.0], [1.0, 0.0], [0.5, 0.0], [0.500_01, 0.0], [0.4, 0.0]];
        assert_eq!(run(&swing, FullState::None, FlowClass::Dry).extremes[0].turns, 4);
        assert_eq!(run(&[[1.0, 0.0]; 5], FullState::None, FlowClass::Dry).extremes[0].turns, 0);
    }

    #[test]
    fn a_conduit_full_at_both_ends_is_full_at_each() {
        let times = run(&[[2.0, 0.0]; 3], FullState::Both, FlowClass::Supercritical).times(0);
        assert_eq!((times.both_full, times.upstream_full, times.downstream_full), (30.0, 30.0, 30.0));
        assert_eq!(times.in_class, [0.0, 0.0, 0.0, 0.0, 30.0, 0.0, 0.0]);
        assert_eq!(times.above_normal, 30.0);
        assert_eq!(times.normal_flow, 30.0);
        let times = run(&[[1.9, 0.0]; 3], FullState::Downstream, FlowClass::Dry).times(0);
        assert_eq!((times.both_full, times.upstream_full, times.downstream_full), (0.0, 0.0, 30.0));
        assert_eq!(times.above_normal, 0.0);
    }

    #[test]
    fn each_spell_counts_for_the_state_it_was_in() {
        let flows = [[0.1, 0.0], [2.5, 0.0], [2.5, 0.0], [0.1, 0.0]];
        let times = run(&flows, FullState::Upstream, FlowClass::Subcritical).times(0);
        assert_eq!((times.above_normal, times.upstream_full, times.normal_flow), (20.0, 40.0, 40.0));
        assert_eq!(times.in_class.iter().sum::<f64>(), 40.0);
        assert_eq!(run(&flows, FullState::Both, FlowClass::Dry).times(1), ConduitTimes::default());
    }

    #[test]
    fn a_pump_starts_when_it_had_stood_still() {
        let flows = [[0.0, 0.0], [0.0, 1.0], [0.0, 1.0], [0.0, 0.0], [0.0, 2.0]];
        let pump = run(&flows, FullState::None, FlowClass::UpstreamDry).pumps[0];
        assert_eq!((pump.start_ups, pump.steps_with_flow), (2, 3));
        assert_eq!((pump.volume, pump.utilized, pump.max_flow), (40.0, 30.0, 2.0));
        assert_eq!((pump.off_curve_low, pump.off_curve_high), (0.0, 30.0));
    }

    #[test]
    fn a_cubic_foot_a_second_through_8_814_feet_takes_one_horsepower() {
        assert!((pump_power(8.814 * FOOT, CUBIC_FOOT) - 0.7457).abs() < 1e-12);
        let pump = run(&[[0.0, CUBIC_FOOT]; 360], FullState::None, FlowClass::Dry).pumps[0];
        assert!((pump.energy - 0.7457).abs() < 1e-9);
    }
}
