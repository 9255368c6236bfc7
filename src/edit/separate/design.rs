//! Levels and sizes of new sewers, reach by reach downhill.
//!
//! Soffits are matched at manholes (管顶平接). A reach begins at the lowest soffit that arrives, or at the
//! least cover below the ground where that is lower, and falls to the least cover at its lower end or by the
//! least slope, whichever is lower: it never rises, and no cover is too small. Its size is the smallest of
//! the catalogue that carries its flow and is no smaller than any that arrives.

use crate::diagnostic::Diagnostic;
use crate::edit::capacity::Catchment;
use crate::edit::drainage::Drainage;
use crate::edit::editor::number;
use crate::edit::site::Site;
use crate::forcing::design_storm::rational::full_pipe_flow;
use crate::model::slope::end_levels;
use crate::model::{LinkId, Model, NodeId};
use crate::num::index::Id;
use crate::scenario::catalogue::Catalogue;
use crate::scenario::measure::{Separate, Sewer};
use crate::units::FOOT;

use super::district::{District, Reach, Tree};
use super::laws;
use super::plan::{Plan, Point};

/// Smallest new sewer in a street, m: DN300 (GB 50014, from memory).
const SMALLEST_DIAMETER: f64 = 0.3;
/// Least cover when none is given, m: 0.7 m under carriageways (GB 50014, from memory). Where frost goes
/// deeper the study must say so.
const COVER: f64 = 0.7;
/// Least slopes of storm and foul sewers when none are given. An assumption; where a full pipe would then
/// be slower than the least velocity, it is laid steeper.
const SLOPES: [f64; 2] = [0.001, 0.0015];
/// Least full-flow velocities of storm and foul sewers, m/s (GB 50014, from memory).
const VELOCITIES: [f64; 2] = [0.75, 0.6];
/// Depth of the sump from which an interceptor is fed, below the invert of the sewer that goes on, m.
pub(super) const SUMP: f64 = 0.3;
/// Differences of level that do not matter, m.
const TOLERANCE: f64 = 0.0005;

/// What the new sewers end in.
#[derive(Clone, Debug)]
pub(super) struct Outlet {
    /// Its name.
    pub name: String,
    /// Its invert, m; `None` for a new outfall that lies where the sewer arrives.
    pub invert: Option<f64>,
    /// The ground there, m, where it is known.
    pub ground: Option<f64>,
    /// Where it is.
    pub at: Option<Point>,
    /// Whether it is made: the sewer then ends on its invert, else it may drop into it.
    pub is_made: bool,
}

/// A new pipe; levels and lengths in m.
#[derive(Clone, Debug)]
pub(super) struct Pipe {
    pub reach: Reach,
    pub diameter: f64,
    pub length: f64,
    pub inverts: [f64; 2],
    /// Flow that it is sized for, m³/s.
    pub flow: f64,
    /// From manhole to manhole; empty when places are unknown.
    pub line: Vec<Point>,
    /// Ground at its ends; at an outfall that of the upper end.
    pub ground: [f64; 2],
}

impl Pipe {
    /// Mean depth of its invert below the ground, m.
    pub fn mean_depth(&self) -> f64 {
        0.5 * (self.ground[0] - self.inverts[0] + self.ground[1] - self.inverts[1])
    }
    /// Slope.
    pub fn slope(&self) -> f64 {
        (self.inverts[0] - self.inverts[1]) / self.length
    }
}

/// The new sewers of a district.
#[derive(Clone, Debug)]
pub(super) struct Sewers {
    /// Pipes, in the order of the tree; each has a manhole at its upper end.
    pub pipes: Vec<Pipe>,
    /// Manning's roughness, s/m^(1/3).
    pub roughness: f64,
    /// Invert of the outlet when it is made, m.
    pub outlet_invert: f64,
}

/// What flows to a manhole from above.
#[derive(Clone, Copy)]
struct Arriving {
    soffit: f64,
    diameter: f64,
    land: Catchment,
    /// Mean dry-weather flow, m³/s.
    foul: f64,
    /// Largest flow that an arriving pipe is sized for, m³/s.
    flow: f64,
}

struct Designer<'a> {
    site: &'a Site,
    drainage: &'a Drainage,
    plan: &'a Plan<'a>,
    separate: &'a Separate,
    catalogue: &'a Catalogue,
    outlet: &'a Outlet,
    cover: f64,
}

/// Designs the new sewers, with all plots connected, whatever share this measure connects.
pub(super) fn design(
    site: &Site,
    drainage: &Drainage,
    plan: &Plan<'_>,
    separate: &Separate,
    catalogue: &Catalogue,
    (district, tree, outlet): (&District, &Tree, &Outlet),
) -> Result<Sewers, Vec<Diagnostic>> {
    let cover = separate.cover.map_or(COVER, |cover| cover.0);
    let designer = Designer { site, drainage, plan, separate, catalogue, outlet, cover };
    let mut arriving = designer.own_water(district);
    let mut pipes: Vec<Pipe> = Vec::with_capacity(tree.reaches.len());
    let mut problems = Vec::new();
    for reach in &tree.reaches {
        let here = arriving[reach.from.index()];
        match designer.pipe(reach, here, tree) {
            Ok(pipe) => {
                if let Some(to) = reach.to {
                    let there = &mut arriving[to.index()];
                    there.soffit = there.soffit.min(pipe.inverts[1] + pipe.diameter);
                    there.diameter = there.diameter.max(pipe.diameter);
                    there.foul += here.foul;
                    there.flow = there.flow.max(pipe.flow);
                    let velocity = laws::full_pipe_velocity(pipe.diameter, pipe.slope(), catalogue.roughness);
                    there.land.join(here.land, pipe.length / velocity);
                }
                pipes.push(pipe);
            }
            // what lies below follows from what cannot be built
            Err(problem) => {
                problems.push(problem);
                break;
            }
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let outlet_invert = outlet.invert.or(pipes.last().map(|pipe| pipe.inverts[1])).unwrap_or_default();
    let sewers = Sewers { pipes, roughness: catalogue.roughness, outlet_invert };
    match designer.arrives_low(&sewers) {
        Some(problem) => Err(vec![problem]),
        None => Ok(sewers),
    }
}

impl Designer<'_> {
    fn is_storm(&self) -> bool {
        self.separate.existing_sewer == Sewer::Foul
    }
    /// What each node brings into the new manhole beside it.
    fn own_water(&self, district: &District) -> Vec<Arriving> {
        let model = &self.site.base.model;
        let land = Catchment { time: self.site.inlet_time, ..Catchment::default() };
        let none =
            Arriving { soffit: f64::INFINITY, diameter: SMALLEST_DIAMETER, land, foul: 0.0, flow: 0.0 };
        let mut all = vec![none; model.nodes.len()];
        if self.is_storm() {
            for &id in &district.land {
                let Some(node) = self.drainage.outlet(id) else { continue };
                let land = &model.subcatchments[id];
                all[node.index()].land.add(land, self.site.runoff_coefficient);
            }
        } else {
            for node in district.nodes() {
                all[node.index()].foul = model.nodes[node].dry_weather.map_or(0.0, |flow| flow.average);
            }
        }
        all
    }
    fn pipe(&self, reach: &Reach, here: Arriving, tree: &Tree) -> Result<Pipe, Diagnostic> {
        let model = &self.site.base.model;
        let name = || model.nodes.name(reach.from);
        // the rational method may find less further down, where the rain is longer
        let flow = self.flow(here)?.max(here.flow);
        let line = self.line(reach, tree);
        let length = self.length(reach, &line).ok_or_else(|| {
            Diagnostic::error(
                0,
                format!("how long is the new sewer from '{}' to '{}'?", name(), self.end(reach)),
            )
            .help("give both nodes coordinates, or the outfall `outfall_at`")
        })?;
        let ground_up = ground(model, reach.from);
        let ground_down = match reach.to {
            Some(to) => Some(ground(model, to)),
            None => self.outlet.ground,
        };
        let top = here.soffit.min(ground_up - self.cover);
        let fixed = self.outlet.invert.filter(|_| reach.to.is_none() && self.outlet.is_made);
        let sizes = self.catalogue.diameters.iter().copied();
        let mut largest = None;
        for diameter in sizes.filter(|&size| size >= here.diameter * (1.0 - 1.0e-9)) {
            let invert_up = down_to_mm(top - diameter);
            let natural = invert_up - self.least_slope(diameter) * length;
            let invert_down = match fixed {
                // on the outfall's invert, or too low: which is found at the end
                Some(invert) if natural >= invert - TOLERANCE => invert,
                Some(_) => down_to_mm(natural),
                None => {
                    let covered = ground_down.map_or(f64::INFINITY, |ground| ground - self.cover - diameter);
                    down_to_mm(natural.min(covered))
                }
            };
            // a pipe as long as a millimetre of drop makes it fall
            let invert_down = invert_down.min(invert_up - 0.001);
            let slope = (invert_up - invert_down) / length;
            if self.carries(diameter, slope) >= flow {
                let ground = [ground_up, ground_down.unwrap_or(ground_up)];
                let (reach, inverts) = (*reach, [invert_up, invert_down]);
                return Ok(Pipe { reach, diameter, length, inverts, flow, line, ground });
            }
            largest = Some(self.carries(diameter, slope));
        }
        let most = largest.map_or("it has none that large".to_owned(), |most| {
            format!("its largest carries {} m3/s there", number((most * 1000.0).round() / 1000.0))
        });
        let message = format!(
            "no pipe of the catalogue '{}' carries the {} m3/s of the new sewer below '{}': {most}",
            self.catalogue.name,
            number((flow * 1000.0).round() / 1000.0),
            name()
        );
        Err(Diagnostic::error(0, message)
            .help("take a larger `min_slope`, a smaller return period, or split the area"))
    }
    /// Flow that a reach is sized for, m³/s.
    fn flow(&self, here: Arriving) -> Result<f64, Diagnostic> {
        match (self.is_storm(), &self.site.formula, self.separate.for_return_period) {
            (true, Some(formula), Some(years)) => here.land.peak(formula, years.0),
            (true, None, _) => Err(crate::edit::capacity::no_formula()),
            (true, _, None) => Err(Diagnostic::error(0, "new storm sewers need `for_return_period`")
                .help("such as for_return_period = \"3 a\"")),
            (false, ..) => Ok(laws::peak_factor(here.foul) * here.foul),
        }
    }
    /// Flow that a pipe is good for, m³/s.
    fn carries(&self, diameter: f64, slope: f64) -> f64 {
        if self.is_storm() {
            full_pipe_flow(diameter, slope, self.catalogue.roughness)
        } else {
            let filling = laws::design_filling(diameter);
            laws::part_full_flow(diameter, filling, slope, self.catalogue.roughness)
        }
    }
    fn least_slope(&self, diameter: f64) -> f64 {
        let which = usize::from(!self.is_storm());
        let velocity = VELOCITIES.get(which).copied().unwrap_or_default();
        let least = SLOPES.get(which).copied().unwrap_or_default();
        let for_velocity = laws::slope_for_velocity(velocity, diameter, self.catalogue.roughness);
        self.separate.min_slope.map_or(least.max(for_velocity), |given| given.0)
    }
    /// The reach on the plan.
    fn line(&self, reach: &Reach, tree: &Tree) -> Vec<Point> {
        let manhole_at = |node: NodeId| {
            let there = tree.reaches.iter().find(|other| other.from == node)?;
            self.plan.manhole(there)
        };
        let end = match reach.to {
            Some(to) => manhole_at(to),
            None => self.outlet.at,
        };
        let (Some(start), Some(end)) = (self.plan.manhole(reach), end) else { return Vec::new() };
        let mut line = vec![start];
        line.extend(self.plan.vertices(reach));
        line.push(end);
        line
    }
    /// Its length, m: beside an existing pipe as long as that, else as long as on the plan, else as the pipe
    /// by which the existing water leaves.
    fn length(&self, reach: &Reach, line: &[Point]) -> Option<f64> {
        let existing = || reach.link.and_then(|link| self.drainage.full(link)).map(|full| full.length);
        let on_plan = || (line.len() > 1).then(|| self.plan.length(line));
        let length = if reach.is_beside { existing().or_else(on_plan) } else { on_plan().or_else(existing) };
        // to the centimetre, and never nothing
        length.map(|length| ((length * 100.0).round() / 100.0).max(1.0))
    }
    fn end(&self, reach: &Reach) -> &str {
        reach.to.map_or(self.outlet.name.as_str(), |to| self.site.base.model.nodes.name(to))
    }
    /// The error that the last pipe ends below its outlet.
    fn arrives_low(&self, sewers: &Sewers) -> Option<Diagnostic> {
        let last = sewers.pipes.last()?;
        let invert = self.outlet.invert?;
        let below = invert - last.inverts[1];
        if below <= TOLERANCE {
            return None;
        }
        let level = |metres: f64| format!("{metres:.2} m");
        let message = format!(
            "the new sewer of '{}' arrives at '{}' {} too low: its invert is {} there, that of the outlet {}",
            self.separate.area,
            self.outlet.name,
            level(below),
            level(last.inverts[1]),
            level(invert)
        );
        let deepest = sewers.pipes.iter().max_by(|a, b| a.mean_depth().total_cmp(&b.mean_depth()))?;
        let help = format!(
            "a lower outlet, a smaller `min_slope` (the last pipe falls by {:.2} %) or `cover` (now {}); \
             deepest is the pipe below '{}', {} under the ground",
            100.0 * last.slope(),
            level(self.cover),
            self.site.base.model.nodes.name(deepest.reach.from),
            level(deepest.mean_depth())
        );
        Some(Diagnostic::error(0, message).help(help))
    }
}

/// A level rounded down to the millimetre.
fn down_to_mm(level: f64) -> f64 {
    (level * 1000.0 + 1.0e-6).floor() / 1000.0
}

/// Level of the ground at a node, m: its invert and full depth, or where the file gives no depth the highest
/// soffit of its conduits.
pub(super) fn ground(model: &Model, node: NodeId) -> f64 {
    let here = &model.nodes[node];
    if here.full_depth > 0.0 {
        return here.invert + here.full_depth;
    }
    let mut compiler = crate::model::section::Compiler::new(model);
    let mut crown = |link: LinkId| {
        let given = &model.links[link];
        let depth = given.shape().and_then(|shape| compiler.compile(shape).ok())?.full_depth;
        let (inlet, outlet) = end_levels(model, given);
        Some(depth + FOOT * if given.from == node { inlet } else { outlet })
    };
    let links = model.links.iter().filter(|(_, link)| link.from == node || link.to == node);
    links.filter_map(|(id, _)| crown(id)).fold(here.invert, f64::max)
}
