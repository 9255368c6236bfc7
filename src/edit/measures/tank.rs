//! A storage tank beside a node: filled over a side weir that is shut when the tank is full, emptied by a pump when
//! the sewer has room.

use std::collections::BTreeSet;

use super::levels::{End, ground, level};
use super::plan::beside;
use super::rules::add_rule;
use super::worksite::{Names, Worksite};
use crate::edit::change::{Kind, Work};
use crate::edit::editor::number;
use crate::input::inp::Section;
use crate::model::section::{CrossSection, Shape};
use crate::model::slope::slope_of;
use crate::model::{LinkId, Model, NodeId};
use crate::scenario::measure::Tank;
use crate::units::{FOOT, MANNING};

/// Depth of a tank that nothing says, m.
const DEPTH: f64 = 5.0;
/// Crest above the invert of the outgoing conduit, as a share of its depth, when nothing says.
const CREST_SHARE: f64 = 0.7;
/// Length of the weir when nothing says, m.
const WEIR_LENGTH: f64 = 5.0;
/// Discharge coefficient of the weir, m^(1/2)/s.
pub(super) const WEIR_COEFFICIENT: f64 = 1.84;
/// How far the walls of a tank reach above the ground at the node, m: it is closed when it is full, and what little
/// still comes in must find room.
const FREEBOARD: f64 = 1.0;
/// Its weir is shut when the tank is full, and opened again below this share of its depth.
const OPEN_AGAIN: f64 = 0.9;
/// The pump starts when the water at the node stands below this share of the crest's height over the
/// outgoing invert, and stops above [`PUMP_OFF`] of it.
const PUMP_ON: f64 = 0.7;
/// See [`PUMP_ON`].
const PUMP_OFF: f64 = 0.9;
/// Depth of water in the tank at which the pump may start, m.
const PUMP_START: f64 = 0.2;
/// Depth of water in the tank at which it stops, m.
const PUMP_STOP: f64 = 0.1;

/// A coefficient of weirs (m^(1/2)/s) in the unit of a file, ft^(1/2)/s in US units: `c / √0.3048`.
pub(super) fn weir_coefficient(coefficient: f64, is_si: bool) -> String {
    number(if is_si { coefficient } else { coefficient / FOOT.sqrt() })
}

/// Levels of a tank, m.
struct Levels {
    bottom: f64,
    /// Highest water that its volume counts to.
    top: f64,
    crest: f64,
    /// Invert of the outgoing conduit.
    outgoing: f64,
    ground: f64,
}

/// Carries out the measure.
pub(super) fn apply(work: &mut Worksite<'_>, tank: &Tank) {
    let Some(at) = work.node(&tank.at) else { return };
    let Some((base, id)) = work.base_node(&tank.at) else { return };
    let element = format!("Tank at {}", tank.at);
    if work.model().nodes[at].is_outfall() {
        return work.problem(element, "it stands at an outfall", "name a node of the network");
    }
    let depth = tank.depth.map_or(DEPTH, |depth| depth.0);
    let length = tank.weir_length.map_or(WEIR_LENGTH, |length| length.0);
    let mut fits = true;
    let sizes = [
        (tank.volume.0, "volume", 0.0),
        (depth, "depth", PUMP_START),
        (length, "weir_length", 0.0),
        (tank.drain_down.0, "drain_down", 0.0),
    ];
    for (value, what, least) in sizes {
        if value <= least {
            work.problem(element.clone(), format!("its {what} is too small"), &format!("more than {least}"));
            fits = false;
        }
    }
    let Some(levels) = find_levels(work, tank, (base, id), depth).filter(|_| fits) else { return };
    build(work, tank, at, &levels, length);
}

/// The levels, or problems.
fn find_levels(
    work: &mut Worksite<'_>,
    tank: &Tank,
    (base, at): (&Model, NodeId),
    depth: f64,
) -> Option<Levels> {
    let element = format!("Tank at {}", tank.at);
    let surface = ground(base, at);
    let outgoing = deepest_outgoing(base, at);
    let invert = outgoing.map_or(base.nodes[at].invert, |link| level(base, link, End::Upper));
    let crest = match (tank.weir_level, tank.interceptor_n0, outgoing) {
        (Some(_), Some(_), _) => {
            work.problem(element, "`weir_level` and `interceptor_n0` both set its crest", "give one of them");
            return None;
        }
        (Some(crest), None, _) => crest.0,
        (None, _, None) => {
            work.problem(element, "no conduit leaves the node to set its crest by", "give `weir_level`");
            return None;
        }
        (None, Some(ratio), Some(link)) => {
            let flow = (ratio + 1.0) * dry_weather_flow(base, at);
            invert + interceptor_depth(work, base, link, flow)?
        }
        (None, None, Some(link)) => {
            let height = section(base, link)?.full_depth;
            invert + CREST_SHARE * height
        }
    };
    let top = tank.top_level.map_or(crest, |level| level.0);
    let bottom = top - depth;
    let levels = Levels { bottom, top, crest, outgoing: invert, ground: surface };
    if crest <= invert {
        let message = format!(
            "the crest of its weir, {}, is not above the outgoing invert, {}",
            work.shown(crest),
            work.shown(invert)
        );
        work.problem(element.clone(), message, "raise `weir_level`");
    }
    if crest >= surface {
        let message = format!(
            "the crest of its weir, {}, is not below the ground, {}",
            work.shown(crest),
            work.shown(surface)
        );
        work.problem(element.clone(), message, "lower `weir_level`");
    }
    if bottom > crest {
        let message = format!(
            "its floor, {}, lies above the crest of its weir, {}",
            work.shown(bottom),
            work.shown(crest)
        );
        work.problem(element.clone(), message, "lower `top_level`, or make it deeper");
    }
    if top > crest && bottom < crest {
        let message = format!(
            "{:.0} % of its volume lies above the crest of its weir, {}: it fills there only as far as the sewer \
             backs up, and runs back over the weir",
            (top - crest) / depth * 100.0,
            work.shown(crest)
        );
        work.warn(element.clone(), message, "set `top_level` to the crest, or raise the crest");
    }
    if top > surface {
        let message = format!(
            "its highest water, {}, lies above the ground at the node, {}: it never fills",
            work.shown(top),
            work.shown(surface)
        );
        work.warn(element, message, "lower `top_level`");
    }
    Some(levels)
}

/// The conduit with the lowest invert of those that leave a node; the first of them in the file.
fn deepest_outgoing(model: &Model, node: NodeId) -> Option<LinkId> {
    let leaving = model.links.iter().filter(|(_, link)| link.from == node && link.conduit().is_some());
    let mut deepest: Option<(f64, LinkId)> = None;
    for (id, link) in leaving {
        let invert = level(model, id, End::Upper);
        let has_section = link.conduit().is_some_and(|conduit| conduit.shape != Shape::Dummy);
        if has_section && deepest.is_none_or(|(lowest, _)| invert < lowest) {
            deepest = Some((invert, id));
        }
    }
    deepest.map(|(_, id)| id)
}

fn section(model: &Model, link: LinkId) -> Option<CrossSection> {
    let conduit = model.links[link].conduit()?;
    CrossSection::new(&conduit.shape, model).ok()
}

/// Average dry-weather flow of a node and all nodes whose water reaches it, m³/s. At a split the whole
/// flow counts on each branch.
pub(super) fn dry_weather_flow(model: &Model, node: NodeId) -> f64 {
    let mut seen = BTreeSet::from([node]);
    let mut open = vec![node];
    while let Some(here) = open.pop() {
        for link in model.links.items().iter().filter(|link| link.to == here) {
            if seen.insert(link.from) {
                open.push(link.from);
            }
        }
    }
    let average = |node: &NodeId| model.nodes[*node].dry_weather.map_or(0.0, |flow| flow.average);
    seen.iter().map(average).sum()
}

/// Depth (m) of a flow (m³/s) in a conduit; its height, with a warning, where it does not carry as much.
fn interceptor_depth(work: &mut Worksite<'_>, model: &Model, link: LinkId, flow: f64) -> Option<f64> {
    let (conduit, name) = (model.links[link].conduit()?, model.links.name(link));
    let section = section(model, link)?;
    let slope = slope_of(model, &model.links[link]).map_or(0.0, |slope| slope.slope);
    if flow <= 0.0 {
        let message = "no dry-weather flow reaches the tank, so that `interceptor_n0` sets no crest";
        work.problem(format!("Conduit {name}"), message, "give `weir_level`");
        return None;
    }
    let roughness = section.roughness().unwrap_or(conduit.roughness);
    let depth = normal_depth(&section, flow / f64::from(conduit.barrels.max(1)), roughness, slope);
    if depth.is_none() {
        let message = format!("it does not carry {flow:.3} m3/s, so that the crest is set at its crown");
        work.warn(format!("Conduit {name}"), message, "check `interceptor_n0`");
    }
    Some(depth.unwrap_or(section.full_depth))
}

/// Normal depth (m) of a flow Q (m³/s) in a section by Manning: the depth at which
/// `A R^(2/3) = Q n / (k √S)`, with roughness n (s/m^(1/3)), slope S and SWMM's k, 1.486 ft^(1/3)/s.
/// `None` where the section does not carry the flow, or has no slope.
fn normal_depth(section: &CrossSection, flow: f64, roughness: f64, slope: f64) -> Option<f64> {
    if slope <= 0.0 {
        return None;
    }
    let factor = flow * roughness / (MANNING * slope.sqrt());
    if factor > section.section_factor(section.full_area) {
        return None;
    }
    Some(section.depth(section.area_of_section_factor(factor)))
}

/// Writes the tank, its weir, its pump and the rules of the pump.
fn build(work: &mut Worksite<'_>, tank: &Tank, at: NodeId, levels: &Levels, weir_length: f64) {
    let model = work.model();
    let node = &model.nodes[at];
    let name = work.free_name(Names::Node, &format!("{}-tank", tank.at));
    let depth = levels.top - levels.bottom;
    let area = tank.volume.0 / depth;
    let highest = levels.ground + node.surcharge_depth + FREEBOARD;
    let height = (highest - levels.bottom).max(depth + FREEBOARD);

    let curve = work.free_name(Names::Curve, &name);
    let [deep, wide] = [work.length(height), work.area(area)];
    work.add(Section::Curves, &[&curve, "STORAGE", "0", &wide]);
    work.add(Section::Curves, &[&curve, &deep, &wide]);
    let bottom = work.length(levels.bottom);
    work.add(Section::Storage, &[&name, &bottom, &deep, "0", "TABULAR", &curve, "0", "0"]);
    work.place(&name, beside(model, at));
    let [of_floor, of_top] = [work.in_lengths("floor"), work.in_lengths("highest water")];
    let (top, area_text) = (work.length(levels.top), work.area(area));
    let fields = [(of_floor.as_str(), bottom.as_str()), (&of_top, &top), ("area", &area_text)];
    work.note_added(Kind::Node, &name, &fields, vec![Work::Tank { volume: tank.volume.0 }]);

    let weir = work.free_name(Names::Link, &format!("{name}-weir"));
    let crest = work.offset(levels.crest, node.invert);
    let coefficient = weir_coefficient(WEIR_COEFFICIENT, model.units.is_si());
    let row = [&weir, &tank.at, &name].map(String::as_str);
    let rest = ["SIDEFLOW", &crest, &coefficient, "NO", "0", "0", "YES"];
    work.add(Section::Weirs, &[&row[..], &rest].concat());
    let [opening, length] = [work.length(levels.ground - levels.crest), work.length(weir_length)];
    work.add(Section::Xsections, &[&weir, "RECT_OPEN", &opening, &length, "0", "0"]);
    let [of_crest, of_length] = [work.in_lengths("crest"), work.in_lengths("length")];
    let crest = work.length(levels.crest);
    let fields = [(of_crest.as_str(), crest.as_str()), (&of_length, &length)];
    work.note_added(Kind::Link, &weir, &fields, vec![Work::Weir { length: weir_length }]);
    let [full, again] = [work.length(depth), work.length(OPEN_AGAIN * depth)];
    for (what, sign, limit, setting) in [("shut", ">=", &full, "0"), ("open", "<", &again, "1")] {
        add_rule(
            work,
            &format!("{weir}-{what}"),
            &[
                vec!["IF", "NODE", &name, "DEPTH", sign, limit],
                vec!["THEN", "WEIR", &weir, "SETTING", "=", setting],
            ],
        );
    }

    build_pump(work, tank, &name, levels);
}

/// The pump that empties the tank, at one flow, while the sewer has room for it.
fn build_pump(work: &mut Worksite<'_>, tank: &Tank, name: &str, levels: &Levels) {
    let pump = work.free_name(Names::Link, &format!("{name}-pump"));
    let flow = tank.volume.0 / tank.drain_down.0;
    let curve = constant_pump(work, &pump, flow);
    work.add(Section::Pumps, &[&pump, name, &tank.at, &curve, "OFF", "0", "0"]);
    let (field, text) = (work.in_flows("flow"), work.flow(flow));
    work.note_added(Kind::Link, &pump, &[(&field, &text)], vec![Work::PumpStation { flow }]);

    let rise = levels.crest - levels.outgoing;
    let low = work.length(levels.outgoing + PUMP_ON * rise);
    let high = work.length(levels.outgoing + PUMP_OFF * rise);
    let [start, stop] = [work.length(PUMP_START), work.length(PUMP_STOP)];
    let at = tank.at.as_str();
    add_rule(
        work,
        &format!("{pump}-on"),
        &[
            vec!["IF", "NODE", at, "HEAD", "<", &low],
            vec!["AND", "NODE", name, "DEPTH", ">", &start],
            vec!["THEN", "PUMP", &pump, "STATUS", "=", "ON"],
        ],
    );
    add_rule(
        work,
        &format!("{pump}-off"),
        &[
            vec!["IF", "NODE", at, "HEAD", ">", &high],
            vec!["OR", "NODE", name, "DEPTH", "<", &stop],
            vec!["THEN", "PUMP", &pump, "STATUS", "=", "OFF"],
        ],
    );
}

/// A curve of a pump that gives one flow (m³/s) at all depths; its name.
pub(super) fn constant_pump(work: &mut Worksite<'_>, stem: &str, flow: f64) -> String {
    let curve = work.free_name(Names::Curve, stem);
    let flow = work.flow(flow);
    let deep = work.length(100.0);
    work.add(Section::Curves, &[&curve, "PUMP4", "0", &flow]);
    work.add(Section::Curves, &[&curve, &deep, &flow]);
    curve
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weir_of_1_84_is_one_of_3_33_in_feet() {
        assert_eq!(weir_coefficient(1.84, true), "1.84");
        let us: f64 = weir_coefficient(1.84, false).parse().unwrap();
        assert!((us - 3.333).abs() < 1e-3, "{us}");
    }

    #[test]
    fn half_a_pipe_carries_half_its_flow() {
        // half full a circle has half the area and the hydraulic radius of the full one
        let section = CrossSection::new(&Shape::Circular { diameter: 1.0 }, &Model::default()).unwrap();
        let full =
            MANNING / 0.013 * std::f64::consts::FRAC_PI_4 * 0.25_f64.powf(2.0 / 3.0) * 0.002_f64.sqrt();
        let depth = normal_depth(&section, full / 2.0, 0.013, 0.002).unwrap();
        assert!((depth - 0.5).abs() < 2e-3, "{depth}");
        assert_eq!(normal_depth(&section, 1.01 * full, 0.013, 0.002), None);
        assert_eq!(normal_depth(&section, full / 2.0, 0.013, 0.0), None);
    }
}
