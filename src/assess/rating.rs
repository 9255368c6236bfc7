//! How pipes are rated: from a network and the runs of a ladder of storms to the capacity of each pipe.

use std::collections::HashMap;

use crate::edit::capacity::capacities as static_capacities;
use crate::edit::picking::middle;
use crate::edit::{Network, Site};
use crate::forcing::design_storm::rational::EquivalentReturnPeriod;
use crate::model::section::{CrossSection, Shape};
use crate::model::{LinkId, Model};
use crate::scenario::road::{Road, nearest};
use crate::scenario::rule::class_of;
use crate::scenario::storm::Purpose;
use crate::study::Study;
use crate::study::digest::Digest;

use super::Comparison;
use super::capacity::{Capacities, Cause, Dynamic, PipeCapacity};
use super::ladder::{Rung, ladder, rungs};

/// A road within this distance of the middle of a pipe is the one that it lies in, in the unit of the map (m).
const NEAR_ROAD: f64 = 15.0;
/// A level this close to the soffit, as a share of the pipe's height, may fall on the other side with another
/// engine or another step; and so may a flow this close to the full flow.
const CLOSE: f64 = 0.01;

/// The capacities of all pipes of all options and horizons that can be built, by the breaks between classes (a).
pub fn capacities(
    study: &Study,
    comparison: &Comparison<'_>,
    roads: &[Road],
    breaks: &[f64],
) -> Vec<Capacities> {
    let scenario = study.scenario();
    let steps = ladder(scenario, Purpose::SewerCapacity);
    let mut all = Vec::new();
    for option in 0..scenario.options.len() {
        for horizon in 0..scenario.horizons.len() {
            let Ok(built) = study.built(option, horizon) else { continue };
            let rungs = rungs(&steps, comparison, option, horizon);
            let rated = rate(&built.network, study.site(), roads, &rungs, breaks);
            all.push(Capacities { option, horizon, ..rated });
        }
    }
    all
}

/// The capacities of the pipes of one network.
pub fn rate(
    network: &Network,
    site: &Site,
    roads: &[Road],
    rungs: &[Rung<'_>],
    breaks: &[f64],
) -> Capacities {
    let model = &network.model;
    let formula = site.formula.as_ref();
    let rated = static_capacities(model, formula, site.runoff_coefficient, site.inlet_time);
    let (periods, no_static) = match rated {
        Ok(_) if formula.is_none() => (HashMap::new(), Some("no storm has a formula".to_owned())),
        Ok(table) => (table.into_iter().map(|row| (row.conduit, row.return_period)).collect(), None),
        Err(problem) => (HashMap::new(), Some(problem.message)),
    };
    // levels belong to the network as it is run: sediment lifts the bottom of a pipe
    let checked = network.runnable().map(|(model, _)| model);
    let as_run = checked.as_ref().unwrap_or(model);
    let seen: Vec<(&Rung<'_>, Option<Seen<'_>>)> =
        rungs.iter().map(|rung| (rung, rung.digest.map(Seen::of))).collect();
    let mut pipes = Vec::new();
    for id in model.links.ids() {
        let Some(height) = pipe_height(as_run, id) else { continue };
        let middle = middle(&model.map, model, id);
        let zone = middle.and_then(|at| site.zones.iter().find(|zone| zone.contains(at)));
        let static_period = periods.get(&id).copied().flatten();
        let static_years = static_period.map(years);
        let dynamic = dynamic(as_run, id, height, &seen);
        pipes.push(PipeCapacity {
            link: model.links.name(id).to_owned(),
            zone: zone.map_or(String::new(), |zone| zone.name.clone()),
            road_class: middle
                .and_then(|at| nearest(roads, at, NEAR_ROAD))
                .map_or("", |road| road.class.as_str())
                .to_owned(),
            length: model.links[id].conduit().map_or(0.0, |conduit| conduit.length),
            height,
            static_years,
            static_period,
            static_class: static_years.map(|years| class_of(years, breaks)),
            dynamic_class: dynamic.map(|found| class_of(found.carries.unwrap_or(0.0), breaks)),
            dynamic,
        });
    }
    let ladder: Vec<_> =
        rungs.iter().filter(|rung| rung.digest.is_some()).map(|rung| (rung.years, rung.case)).collect();
    let gaps = breaks.iter().copied().filter(|at| !ladder.iter().any(|(years, _)| years == at)).collect();
    Capacities { pipes, ladder, gaps, no_static, ..Capacities::default() }
}

/// Height of a pipe from its bottom to its soffit, m; `None` for what is no closed conduit of a gravity sewer.
fn pipe_height(model: &Model, id: LinkId) -> Option<f64> {
    let conduit = model.links[id].conduit()?;
    if matches!(conduit.shape, Shape::Dummy | Shape::ForceMain { .. }) {
        return None;
    }
    let section = CrossSection::new(&conduit.shape, model).ok()?;
    (!section.is_open()).then_some(section.full_depth)
}

/// A return period as a number: 0 below what the formula holds for, infinite above.
fn years(period: EquivalentReturnPeriod) -> f64 {
    match period {
        EquivalentReturnPeriod::Below(_) => 0.0,
        EquivalentReturnPeriod::Years(years) => years,
        EquivalentReturnPeriod::Above(_) => f64::INFINITY,
    }
}

/// A digest whose nodes and links are found by name.
struct Seen<'a> {
    digest: &'a Digest,
    nodes: HashMap<&'a str, usize>,
    links: HashMap<&'a str, usize>,
}

impl<'a> Seen<'a> {
    fn of(digest: &'a Digest) -> Self {
        let places = |names: &'a [String]| names.iter().map(String::as_str).zip(0..).collect();
        Self { digest, nodes: places(&digest.nodes.name), links: places(&digest.links.name) }
    }
    /// Highest level at a node, m.
    fn highest(&self, node: &str) -> Option<f64> {
        let at = *self.nodes.get(node)?;
        let nodes = &self.digest.nodes;
        Some(nodes.invert.get(at)? + nodes.max_depth.get(at)?)
    }
    /// Largest flow of a link over its full normal flow.
    fn share_of_full(&self, link: &str) -> Option<f64> {
        let at = *self.links.get(link)?;
        let links = &self.digest.links;
        Some(links.max_flow.get(at)? / links.full_flow.get(at)?)
    }
}

/// Highest level over the soffit of a pipe at the worse of its ends, m.
fn margin(model: &Model, id: LinkId, height: f64, seen: &Seen<'_>) -> Option<f64> {
    let link = &model.links[id];
    let at = |node, offset: f64| {
        let soffit = model.nodes[node].invert + offset + height;
        Some(seen.highest(model.nodes.name(node))? - soffit)
    };
    Some(at(link.from, link.inlet_offset)?.max(at(link.to, link.outlet_offset)?))
}

/// The dynamic capacity of a pipe; `None` when no run of the ladder is there or holds the pipe.
fn dynamic(
    model: &Model,
    id: LinkId,
    height: f64,
    ladder: &[(&Rung<'_>, Option<Seen<'_>>)],
) -> Option<Dynamic> {
    let mut found: Option<Dynamic> = None;
    // behind a run that is not there nothing is known to be carried
    let mut whole = true;
    for (rung, seen) in ladder {
        let margin = seen.as_ref().and_then(|seen| margin(model, id, height, seen));
        let (Some(seen), Some(margin)) = (seen, margin) else {
            whole = false;
            continue;
        };
        let so_far = found.get_or_insert_with(Dynamic::default);
        so_far.close |= margin.abs() <= CLOSE * height;
        (so_far.deciding, so_far.margin) = (Some(rung.case), margin);
        if margin > 0.0 {
            let share = seen.share_of_full(model.links.name(id)).unwrap_or(0.0);
            so_far.fails = Some(rung.years);
            so_far.cause = Some(if share > 1.0 { Cause::OwnCapacity } else { Cause::Backwater });
            so_far.cause_close = (share - 1.0).abs() <= CLOSE;
            // of two storms of one return period both must be carried
            so_far.carries = so_far.carries.filter(|carried| *carried < rung.years);
            break;
        }
        if whole {
            so_far.carries = Some(rung.years);
        }
    }
    found
}
