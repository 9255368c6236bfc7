//! The state of one run and its steps.

mod kept;

use serde::{Deserialize, Serialize};

use crate::clock::DateTime;
use crate::forcing;
use crate::inflow::{direct, dry_weather, wet_weather};
use crate::ledger::NodeLedger;
use crate::ledger::RoutingTotals;
use crate::ledger::node::{NodeFlows, system_outflow};
use crate::model::node::NodeKind;
use crate::model::options::RoutingMethod;
use crate::model::{LinkId, Model, NodeId, SubcatchmentId};
use crate::num::index::Id;
use crate::num::sum::lane_sum;
use crate::routing::control::ControlState;
use crate::routing::dynamic::Solution;
use crate::routing::node_depth::Node;
use crate::routing::regulator::Law;
use crate::routing::seepage::SoilClimate;
use crate::routing::time_step::{self, Critical};
use crate::routing::{self, Params, control, setting};
use crate::runoff;
use crate::statistics::rain_files;
use crate::statistics::ranking::Element;
use crate::statistics::subcatchment::SubcatchmentStatistics;
use crate::statistics::summary::ControlAction;
use crate::statistics::{LinkStep, NetworkStatistics, NodeStep, RunSummary};
use crate::units::CUBIC_FOOT;

use super::coupled::Surface;
use super::frame::{Averages, Between};
use super::sensors::View;
use super::street::StreetSummary;
use super::{Frame, Progress, SystemRow};

/// Smallest variable step that starts a search: one millisecond, in s.
const MILLISECOND: f64 = 0.001;
/// The clock of a run counts nanoseconds, so that no step is rounded away.
const SECOND: f64 = 1.0e9;
/// Nanoseconds in a millisecond.
const MILLISECOND_NS: i64 = 1_000_000;
/// A flow of this size counts as none when steps are compared: SWMM's 1e-6 ft³/s, in m³/s.
const NO_FLOW: f64 = 1.0e-6 * CUBIC_FOOT;

/// Nanoseconds of a number of seconds.
fn nanoseconds(seconds: f64) -> i64 {
    (seconds * SECOND).round() as i64
}

/// Flows of the whole network over one step, m³/s.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(super) struct StepFlows {
    pub dry_weather: f64,
    pub wet_weather: f64,
    pub external: f64,
    pub flooding: f64,
    pub outflow: f64,
    pub evaporation: f64,
    pub seepage: f64,
    /// To the street and from it: booked as they are exchanged, at their rate over the whole step.
    pub to_street: f64,
    pub from_street: f64,
}

impl StepFlows {
    /// Share of the inflow that did not leave; SWMM's measure of a steady state.
    fn imbalance(&self) -> f64 {
        let inflow = self.dry_weather + self.wet_weather + self.external;
        let outflow = self.flooding + self.outflow + self.evaporation + self.seepage;
        if inflow.abs() > 0.0 {
            1.0 - outflow / inflow
        } else if outflow.abs() > 0.0 {
            inflow / outflow - 1.0
        } else {
            0.0
        }
    }

    /// Fills the system's row; its lateral inflow needs the runoff that is there already.
    fn fill(&self, row: &mut SystemRow) {
        row.flooding = self.flooding + self.to_street;
        row.outflow = self.outflow;
        row.dry_weather = self.dry_weather;
        row.direct = self.external + self.from_street;
        row.lateral_inflow = row.runoff + row.dry_weather + row.groundwater + row.rdii + row.direct;
    }

    fn book(&self, totals: &mut RoutingTotals, seconds: f64) {
        totals.dry_weather += self.dry_weather * seconds;
        totals.wet_weather += self.wet_weather * seconds;
        totals.external += self.external * seconds;
        totals.flooding += self.flooding * seconds;
        totals.outflow += self.outflow * seconds;
        totals.evaporation += self.evaporation * seconds;
        totals.seepage += self.seepage * seconds;
    }
}

/// What a run reads and never changes besides the model: each stage compiled.
struct Stages {
    weather: forcing::Params,
    land: runoff::Params,
    direct: direct::Params,
    dry_weather: dry_weather::Params,
    wet_weather: wet_weather::Params,
    /// The subcatchment that each outfall's water runs onto, by node.
    runs_onto: Vec<Option<SubcatchmentId>>,
    /// Nodes of pumps, with their invert, m: statistics of pumps need their heads.
    pump_nodes: Vec<(usize, f64)>,
    /// Slots of conduits that may evaporate or seep.
    leaky: Vec<usize>,
}

/// One run in progress.
pub(super) struct Run<'a> {
    model: &'a Model,
    params: &'a Params,
    stages: Stages,
    weather: forcing::State,
    land: runoff::State,
    dry_weather: dry_weather::State,
    /// The network.
    pub state: routing::State,
    controls: ControlState,
    /// Elapsed time of the network, ns.
    now: i64,
    /// Elapsed time at the start of the last step, ns.
    before: i64,
    end: i64,
    next_report: i64,
    event: usize,
    between_events: bool,
    has_land: bool,
    routes: bool,
    first_step_taken: bool,
    /// Flows of the last step.
    flows: StepFlows,
    /// How long the flows of the last step are still to be booked, s.
    unbooked: f64,
    outfall_stages: Vec<Option<f64>>,
    leaving: Vec<f64>,
    head: Vec<f64>,
    evaporated: Vec<f64>,
    seeped: Vec<f64>,
    columns: runoff::Columns,
    /// The streets above the network.
    pub street: Option<Box<dyn Surface + 'a>>,
    /// What has been booked.
    summary: RunSummary,
}

fn pump_nodes(params: &Params) -> Vec<(usize, f64)> {
    let network = &params.network;
    let ends = &network.ends[network.conduits.len()..];
    let pumps = network.regulators.iter().zip(ends).filter(|(r, _)| matches!(r.law, Law::Pump(_)));
    pumps
        .flat_map(|(r, ends)| [(ends[0] as usize, r.node_invert[0]), (ends[1] as usize, r.node_invert[1])])
        .collect()
}

impl<'a> Run<'a> {
    /// A run at its start, with the surface that is joined to its network, if there is one; `dry_land` gives the
    /// subcatchments no rain, since it falls on that surface.
    pub fn new(
        model: &'a Model,
        params: &'a Params,
        street: Option<Box<dyn Surface + 'a>>,
        dry_land: bool,
    ) -> Self {
        let weather = forcing::Params::compile(model);
        let land = runoff::Params::compile(model);
        let runs_onto = model.nodes.items().iter().map(|node| match node.kind {
            NodeKind::Outfall { route_to, .. } => route_to,
            _ => None,
        });
        let stages = Stages {
            direct: direct::Params::compile(model),
            dry_weather: dry_weather::Params::compile(model),
            wet_weather: wet_weather::Params::compile(model),
            runs_onto: runs_onto.collect(),
            pump_nodes: pump_nodes(params),
            leaky: (0..params.network.conduits.len())
                .filter(|&slot| params.network.conduits[slot].loses_water)
                .collect(),
            weather,
            land,
        };
        let state = routing::State::new(model, params);
        let full_volume: Vec<f64> = params
            .network
            .nodes
            .iter()
            .map(|n| n.full_volume + n.shaft * (n.full_depth - n.shaft_foot()))
            .collect();
        // what goes up to a street is no water of the node, however much stands above the ground
        let open = |(n, full): (&Node, &f64)| if n.shaft > 0.0 { f64::INFINITY } else { *full };
        let ledger_volume: Vec<f64> = params.network.nodes.iter().zip(&full_volume).map(open).collect();
        let crown_depth: Vec<f64> = params.network.nodes.iter().map(|n| n.crown_depth).collect();
        let capacities = params.capacities(model);
        let land_state = runoff::State::new(&stages.land);
        let mut summary = RunSummary {
            nodes: NodeLedger::new(model, &ledger_volume, &state.nodes.volume),
            network: NetworkStatistics::new(model, &full_volume, &crown_depth, &capacities),
            subcatchments: SubcatchmentStatistics::new(model.subcatchments.len()),
            links: capacities,
            rain_files: rain_files::summaries(model),
            threads: u32::try_from(rayon::current_num_threads()).unwrap_or(u32::MAX),
            ..RunSummary::default()
        };
        summary.runoff.initial_storage = runoff::stored_volume(&stages.land, &land_state);
        let count = model.nodes.len();
        let options = &model.options;
        let mut run = Self {
            model,
            params,
            weather: forcing::State::new(&stages.weather),
            land: land_state,
            dry_weather: dry_weather::State::default(),
            has_land: !stages.land.is_empty() && !dry_land,
            stages,
            state,
            controls: ControlState::new(model),
            now: 0,
            before: 0,
            end: options.duration().saturating_mul(SECOND as i64),
            next_report: i64::from(options.report_step) * SECOND as i64,
            event: 0,
            between_events: !options.events.is_empty(),
            routes: count > 0 && !options.ignore_routing && options.routing != RoutingMethod::None,
            first_step_taken: false,
            flows: StepFlows::default(),
            unbooked: 0.0,
            outfall_stages: vec![None; params.network.outfalls.len()],
            leaving: vec![0.0; count],
            head: vec![0.0; count],
            evaporated: vec![0.0; count],
            seeped: vec![0.0; count],
            columns: runoff::Columns::default(),
            street,
            summary,
        };
        run.summary.routing.initial_storage = run.stored();
        run
    }

    /// Routing step to take now, ns; `None` when there is no valid one.
    fn choose_step(&mut self) -> Option<i64> {
        let options = &self.model.options;
        if !self.routes {
            return Some(i64::from(options.wet_step.min(options.report_step)) * SECOND as i64);
        }
        let fixed = options.routing_step;
        if self.model.links.is_empty() {
            return Some(nanoseconds(fixed));
        }
        if self.between_events
            && let Some(step) = self.step_between_events(fixed)
        {
            return Some(step);
        }
        let mut step = nanoseconds(self.stable_step(fixed));
        if let Some(rest) = control::step_to_evaluation(self.now / MILLISECOND_NS, options.rule_step) {
            step = step.min(rest * MILLISECOND_NS);
        }
        (step > 0).then_some(step)
    }

    /// Variable step, s: a whole number of milliseconds.
    fn stable_step(&mut self, fixed: f64) -> f64 {
        let options = &self.model.options;
        if options.courant_factor == 0.0 || fixed < MILLISECOND {
            return fixed;
        }
        let step = if self.first_step_taken {
            let (step, critical) = time_step::stable_step(
                &self.params.network,
                &self.state.dynamic,
                fixed,
                options.courant_factor,
            );
            match critical {
                Critical::Nothing => {}
                Critical::Node(node) => self.summary.network.count_critical(Element::Node(node)),
                Critical::Conduit(slot) => {
                    let link = self.params.links[slot].index();
                    self.summary.network.count_critical(Element::Link(link));
                }
            }
            step.max(options.minimum_step)
        } else {
            self.first_step_taken = true;
            options.minimum_step
        };
        (step * 1000.0).floor() / 1000.0
    }

    /// Between events routing rests up to the next change of runoff or the next report; `None` when
    /// an event is at hand.
    fn step_between_events(&self, fixed: f64) -> Option<i64> {
        let start = self.model.options.events.get(self.event).map(|event| event.start)?;
        let land = if self.has_land { self.elapsed(self.land.new_time()) } else { i64::MAX };
        let next = land.min(self.next_report);
        if next > self.now && self.instant(next) < start {
            return Some(next - self.now);
        }
        (self.instant(self.now + nanoseconds(fixed)) < start).then(|| nanoseconds(fixed))
    }

    /// The instant of an elapsed time (ns), to the millisecond.
    fn instant(&self, elapsed: i64) -> DateTime {
        DateTime(self.model.options.start.0.saturating_add(elapsed / MILLISECOND_NS))
    }

    /// The elapsed time (ns) of an instant.
    fn elapsed(&self, at: DateTime) -> i64 {
        at.0.saturating_sub(self.model.options.start.0).saturating_mul(MILLISECOND_NS)
    }

    /// Advances the network, and the land as far as the network needs it, by one step.
    ///
    /// # Errors
    /// When there is no valid step or the solution is not finite.
    pub fn advance(&mut self) -> Result<(), String> {
        let mut step = self.choose_step().ok_or("no valid time step was found")?;
        if let Some(street) = &mut self.street {
            // both stand still at reporting times, and near each other while they exchange water
            let rest = self.next_report.min(self.end) - self.now;
            let seconds = |nanoseconds: i64| nanoseconds as f64 / SECOND;
            let fit = street.fit_step(&self.state, seconds(step), seconds(rest));
            step = ((nanoseconds(fit) + MILLISECOND_NS / 2) / MILLISECOND_NS).max(1) * MILLISECOND_NS;
            step = step.min(rest);
        }
        let step = step.min(self.end - self.now).max(1_000_000);
        let next = (self.now + step).min(self.end);
        if self.has_land {
            while self.elapsed(self.land.new_time()) < next && self.advance_land() {}
        } else {
            self.weather.set_climate(&self.stages.weather, self.instant(self.now));
        }
        if self.routes {
            self.route(step);
            self.check_numbers()?;
        } else {
            self.before = self.now;
            self.now = next;
        }
        if let Some(street) = &mut self.street {
            street.advance((self.now - self.before) as f64 / SECOND);
        }
        Ok(())
    }

    fn advance_land(&mut self) -> bool {
        runoff::step(
            &self.stages.land,
            &mut self.land,
            &self.stages.weather,
            &mut self.weather,
            &mut self.summary.runoff,
            &mut self.summary.subcatchments,
        )
    }

    /// Pumps answer to depths and rules have their say; whether any link moved.
    fn control(&mut self, start: DateTime, dt: f64) -> bool {
        setting::ask_by_depth(self.params, &mut self.state);
        let model = self.model;
        if control::is_due(self.now / MILLISECOND_NS, model.options.rule_step) {
            let view = View {
                params: self.params,
                state: &self.state,
                weather: &self.weather.gauges,
                gauges: &self.stages.weather.gauges,
            };
            let actions = control::evaluate(model, &mut self.controls, &view, start, dt);
            for action in actions {
                self.state.links.target[action.link.index()] = action.setting;
                if model.report.controls && !action.modulated {
                    self.summary.control_actions.push(ControlAction {
                        time: start,
                        link: model.links.name(action.link).to_owned(),
                        setting: action.setting,
                        rule: model.controls.rules[action.rule.index()].name.clone(),
                    });
                }
            }
        }
        setting::apply(self.params, &mut self.state, start, dt) > 0
    }

    /// Looks for results that are no numbers: a sum shows them all at once.
    fn check_numbers(&self) -> Result<(), String> {
        let (nodes, links) = (&self.state.nodes, &self.state.links);
        if (lane_sum(&nodes.depth) + lane_sum(&nodes.volume) + lane_sum(&links.flow)).is_finite() {
            return Ok(());
        }
        let bad = |columns: [&[f64]; 2]| {
            (0..columns[0].len()).find(|&i| columns.iter().any(|column| !column[i].is_finite()))
        };
        let model = self.model;
        let what = if let Some(i) = bad([&nodes.depth, &nodes.volume]) {
            format!("node {}", model.nodes.name(NodeId::new(i)))
        } else if let Some(i) = bad([&links.flow, &links.volume]) {
            format!("link {}", model.links.name(LinkId::new(i)))
        } else {
            return Ok(());
        };
        Err(format!("the solution at {what} is no number; look at the sizes that the file gives there"))
    }

    fn route(&mut self, step: i64) {
        let dt = step as f64 / SECOND;
        self.book(0.5 * dt);
        let start = self.instant(self.now);
        let acted = self.control(start, dt);
        self.before = self.now;
        self.now += step;
        let imbalance = self.flows.imbalance();
        self.flows = StepFlows::default();
        let nodes = &mut self.state.nodes;
        nodes.old_lateral.copy_from_slice(&nodes.lateral);
        nodes.lateral.fill(0.0);
        self.unbooked = 0.5 * dt;

        self.between_events = self.is_between_events(start);
        if self.between_events {
            return;
        }
        self.add_inflows(start, dt);
        let steady = self.is_steady(acted, imbalance);
        let mut solution = Solution { trials: 1, converged: true };
        if !steady {
            solution = self.solve(dt);
        }
        self.find_outflows(dt);
        if let Some(street) = &mut self.street
            && !steady
        {
            let (up, down) = street.take(&self.state, &self.leaving, dt);
            self.flows.to_street = up / dt;
            self.flows.from_street = down / dt;
            self.summary.routing.flooding += up;
            self.summary.routing.external += down;
        }
        self.book_statistics(dt, solution, steady);
    }

    /// Books the flows of the last step for what is left of it and for the first part of the next:
    /// the trapezoid rule, as SWMM's half steps.
    fn book(&mut self, seconds: f64) {
        let seconds = self.unbooked + seconds;
        self.unbooked = 0.0;
        self.flows.book(&mut self.summary.routing, seconds);
        let nodes = &self.state.nodes;
        let flows = NodeFlows {
            inflow: &nodes.inflow,
            outflow: &nodes.outflow,
            overflow: &nodes.overflow,
            volume: &nodes.volume,
            leaving: &self.leaving,
        };
        self.summary.nodes.book(seconds, &flows);
    }

    fn is_between_events(&mut self, now: DateTime) -> bool {
        let Some(event) = self.model.options.events.get(self.event) else {
            return !self.model.options.events.is_empty();
        };
        if now > event.end {
            self.event += 1;
            return true;
        }
        now < event.start
    }

    /// Lateral inflows of all nodes at the start of the step.
    fn add_inflows(&mut self, start: DateTime, dt: f64) {
        let climate = SoilClimate {
            conductivity: self.weather.conductivity_factor,
            recovery: self.weather.recovery_factor,
        };
        let evaporation = self.weather.evaporation.rate();
        self.params.find_storage_losses(&mut self.state, evaporation, climate, dt);
        let (stages, flows) = (&self.stages, &mut self.flows);
        let lateral = &mut self.state.nodes.lateral;
        let direct = stages.direct.add(start, lateral, |_, _| {});
        flows.external += direct.inflow;
        flows.outflow += direct.outflow;
        flows.dry_weather += stages.dry_weather.add(&mut self.dry_weather, start, lateral, |_, _| {});
        if self.has_land {
            flows.wet_weather += stages.wet_weather.add(&self.land, start, lateral, |_, _| {});
        }
    }

    /// Whether nothing changes, so that routing may rest for a step.
    fn is_steady(&self, acted: bool, imbalance: f64) -> bool {
        let options = &self.model.options;
        if !options.skip_steady_state || self.before == 0 || acted || self.street.is_some() {
            return false;
        }
        if imbalance.abs() > options.system_flow_tolerance {
            return false;
        }
        let change = |old: f64, new: f64| {
            if old.abs() > NO_FLOW {
                new / old - 1.0
            } else if new.abs() > NO_FLOW {
                1.0
            } else {
                0.0
            }
        };
        let nodes = &self.state.nodes;
        let tolerance = options.lateral_flow_tolerance;
        self.params.network.nodes.iter().enumerate().all(|(i, node)| {
            let terminal = node.outfall || node.leaving == 0;
            change(nodes.old_lateral[i], nodes.lateral[i]).abs() <= tolerance
                && (!terminal || change(nodes.old_inflow[i], nodes.inflow[i]).abs() <= tolerance)
        })
    }

    fn solve(&mut self, dt: f64) -> Solution {
        let now = self.instant(self.now);
        for (stage, outfall) in self.outfall_stages.iter_mut().zip(&self.params.network.outfalls) {
            *stage = outfall.params.stage(now);
            if let Some(level) = self.street.as_ref().and_then(|street| street.stage_at(outfall.node)) {
                *stage = Some(stage.map_or(level, |own| own.max(level)));
            }
        }
        let weather = routing::Weather {
            evaporation: self.weather.evaporation.rate(),
            conductivity_factor: self.weather.conductivity_factor,
        };
        let points = self.street.as_mut().map(|street| street.meet(&self.state, dt));
        routing::step(self.params, &mut self.state, &self.outfall_stages, weather, points, dt)
    }

    /// What leaves the system at outfalls, flooded nodes and by losses.
    fn find_outflows(&mut self, dt: f64) {
        let network = &self.params.network;
        let flows = &mut self.flows;
        for loss in &self.state.storage_losses {
            flows.evaporation += loss.evaporation;
            flows.seepage += loss.seepage;
        }
        for &slot in &self.stages.leaky {
            let (s, barrels) = (&self.state.dynamic.conduits[slot], network.conduits[slot].barrels);
            flows.evaporation += s.evaporation * barrels;
            flows.seepage += s.seepage * barrels;
        }
        let nodes = &mut self.state.nodes;
        for (i, node) in network.nodes.iter().enumerate() {
            let leaving = system_outflow(
                node.outfall,
                nodes.inflow[i],
                nodes.outflow[i],
                nodes.overflow[i],
                nodes.volume[i],
                node.full_volume,
            );
            self.leaving[i] = leaving;
            if node.shaft > 0.0 {
                // flooding here is exchange with the street
                continue;
            }
            if node.outfall {
                if let (Some(land), true) = (self.stages.runs_onto[i], nodes.inflow[i] > 0.0) {
                    self.land.runon_from_outfalls[land.index()] += nodes.inflow[i] * dt;
                }
                if nodes.outflow[i] != 0.0 && nodes.inflow[i] == 0.0 {
                    nodes.inflow[i] = nodes.outflow[i].abs();
                }
                nodes.overflow[i] = 0.0;
                nodes.volume[i] = 0.0;
            }
            if leaving > 0.0 {
                *(if node.outfall { &mut flows.outflow } else { &mut flows.flooding }) += leaving;
            } else {
                flows.external -= leaving;
            }
        }
    }

    fn book_statistics(&mut self, dt: f64, solution: Solution, steady: bool) {
        if self.model.links.is_empty() {
            return;
        }
        for (place, loss) in self.state.storage_losses.iter().enumerate() {
            let node = self.params.storage_nodes[place];
            self.evaporated[node] = loss.evaporation * dt;
            self.seeped[node] = loss.seepage * dt;
        }
        let now = self.instant(self.now);
        let (nodes, links) = (&self.state.nodes, &self.state.links);
        for &(node, invert) in &self.stages.pump_nodes {
            self.head[node] = invert + nodes.depth[node];
        }
        let node_step = NodeStep {
            depth: &nodes.depth,
            volume: &nodes.volume,
            overflow: &nodes.overflow,
            lateral_inflow_before: &nodes.old_lateral,
            lateral_inflow: &nodes.lateral,
            inflow: &nodes.inflow,
            outflow: &nodes.outflow,
            evaporated: &self.evaporated,
            seeped: &self.seeped,
        };
        let link_step = LinkStep {
            flow_before: &links.old_flow,
            flow: &links.flow,
            depth: &links.depth,
            area: &links.area,
            flow_class: &links.class,
            full_state: &links.full,
            normal_flow: &links.normal_flow,
            inlet_control: &links.inlet_control,
            capacity_limited: &links.capacity_limited,
            head: &self.head,
        };
        let network = &mut self.summary.network;
        network.update(dt, now, &node_step, &link_step);
        if steady {
            network.time_steps.book_steady(dt);
        } else {
            if !solution.converged {
                network.nodes.count_nonconverged(&self.state.dynamic.converged);
            }
            network.time_steps.book(dt, solution.trials, solution.converged, self.before == 0);
        }
    }

    /// Whether the end has been reached.
    pub fn is_over(&self) -> bool {
        self.now >= self.end
    }

    /// How far the run has come.
    pub fn progress(&self) -> Progress {
        let seconds = |time: i64| time as f64 / SECOND;
        Progress { now: self.instant(self.now), elapsed: seconds(self.now), duration: seconds(self.end) }
    }

    /// The reporting time that the last step reached, if it reached one.
    pub fn report_due(&mut self) -> Option<i64> {
        if self.now < self.next_report {
            return None;
        }
        let due = self.next_report;
        self.next_report += i64::from(self.model.options.report_step) * SECOND as i64;
        Some(due)
    }

    /// Fills a frame with the results at an elapsed time within the last step; `false` before the
    /// reporting start. Means, where asked for, run up to the end of the last step that ended by
    /// then.
    pub fn fill(&mut self, frame: &mut Frame, due: i64, mut averages: Option<&mut Averages>) -> bool {
        let (model, params) = (self.model, self.params);
        let at_end = due == self.now;
        if let (Some(averages), true) = (&mut averages, at_end) {
            averages.add(model, params, &self.state);
        }
        let time = self.instant(due);
        let reported = time >= model.options.report_start;
        if reported {
            frame.time = time;
            // SWMM's air temperature where the model gives none: 70 °F
            frame.system = SystemRow { temperature: (70.0 - 32.0) / 1.8, ..SystemRow::default() };
            self.fill_land(frame, time);
            let at = Between((due - self.before) as f64 / (self.now - self.before).max(1) as f64);
            if let Some(averages) = &mut averages {
                averages.take(frame);
                frame.system.storage = self.stored();
                self.summary.network.nodes.update_reported_depth(&self.state.nodes.depth);
            } else {
                frame.nodes.fill(model, &self.state, at);
                frame.links.fill(model, params, &self.state, at);
                frame.system.storage =
                    frame.nodes.volume.iter().sum::<f64>() + frame.links.volume.iter().sum::<f64>();
                self.summary.network.nodes.update_reported_depth(&frame.nodes.depth);
            }
            self.flows.fill(&mut frame.system);
        }
        if let (Some(averages), false) = (averages, at_end) {
            averages.add(model, params, &self.state);
        }
        reported
    }

    fn fill_land(&mut self, frame: &mut Frame, time: DateTime) {
        frame.system.potential_evaporation = self.weather.evaporation.rate();
        if !self.has_land {
            return;
        }
        let (land, weather) = (&self.stages.land, &self.stages.weather);
        let means = runoff::report(land, &self.land, weather, &self.weather, time, &mut self.columns);
        let columns = &mut frame.subcatchments;
        columns.rainfall.copy_from_slice(&self.columns.rainfall);
        columns.evaporation.copy_from_slice(&self.columns.evaporation);
        columns.infiltration.copy_from_slice(&self.columns.infiltration);
        columns.runoff.copy_from_slice(&self.columns.runoff);
        frame.system.rainfall = means.rainfall;
        frame.system.evaporation = means.evaporation;
        frame.system.infiltration = means.infiltration;
        frame.system.runoff = means.runoff;
    }

    /// Water in nodes and links, m³.
    fn stored(&self) -> f64 {
        self.state.nodes.volume.iter().sum::<f64>() + self.state.links.volume.iter().sum::<f64>()
    }

    /// Closes the ledgers of a run with a surface.
    pub fn close_both(self) -> (RunSummary, StreetSummary) {
        let street = self.street.as_ref().map(|street| street.close()).unwrap_or_default();
        (self.close(), street)
    }

    /// Closes the ledgers.
    pub fn close(mut self) -> RunSummary {
        self.book(0.0);
        self.summary.routing.final_storage = self.stored();
        self.summary.nodes.close(&self.state.nodes.volume);
        self.summary.runoff.final_storage = runoff::stored_volume(&self.stages.land, &self.land);
        self.summary
    }
}
