//! What a study says of places, as maps for others: capacities, flooding, works and failed rules of each option.

use std::collections::{BTreeSet, HashMap};
use std::io;
use std::path::Path;

use serde_json::{Map, Value, json};

use crate::assess::capacity::{Cause, PipeCapacity};
use crate::assess::verdict::Outcome;
use crate::assess::{Assessment, Case, Comparison};
use crate::edit::change::{Action, Change, Kind};
use crate::model::Model;
use crate::num::index::Id;
use crate::results::whole_file::safe_name;
use crate::study::digest::{Digest, LinkType, NodeType};

use super::geojson::{Layer, link_geometry, node_geometry, outline_geometry};
use super::project::Project;
use super::tables::flooding_verdict;

/// An option at a horizon, as maps show it.
#[derive(Clone, Copy, Debug)]
pub struct OptionMap<'a> {
    /// Index of the option.
    pub option: usize,
    /// Index of the horizon.
    pub horizon: usize,
    /// Its network.
    pub model: &'a Model,
    /// The network before all measures, for what is taken out.
    pub base: &'a Model,
    /// Its measures by name, in their order.
    pub measures: &'a [String],
    /// What they change.
    pub changes: &'a [Change],
    /// What they build, with its cost.
    pub projects: &'a [Project],
}

/// Writes the maps of options into a folder, which is made where it is missing: of each option
/// `OPTION_HORIZON_links.geojson`, `_nodes`, `_changes` and `_failed_rules`. A map without features is left out.
///
/// # Errors
/// When a file cannot be written.
pub fn save(
    comparison: &Comparison<'_>,
    assessment: &Assessment,
    options: &[OptionMap<'_>],
    crs: Option<&str>,
    folder: &Path,
) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    for map in options {
        let case = governing(comparison, map.horizon);
        let layers = [
            ("links", links(comparison, assessment, map, case, crs)),
            ("nodes", nodes(comparison, map, case, crs)),
            ("changes", changes(map, crs)),
            ("failed_rules", failed_rules(comparison, assessment, map, crs)),
        ];
        let horizon = comparison.horizons.get(map.horizon).map_or("", String::as_str);
        for (name, mut layer) in layers {
            if layer.features.is_empty() {
                continue;
            }
            layer.members.insert("option".into(), comparison.option(map.option).into());
            layer.members.insert("horizon".into(), horizon.into());
            let file = safe_name(&format!("{}_{horizon}_{name}", comparison.option(map.option)));
            layer.save(&folder.join(format!("{file}.geojson")))?;
        }
    }
    Ok(())
}

/// The case of a horizon in which the base floods most; of equal ones the first.
pub fn governing(comparison: &Comparison<'_>, horizon: usize) -> Option<Case> {
    let mut worst: Option<(Case, f64)> = None;
    for case in comparison.judged_cases().into_iter().filter(|case| case.horizon == horizon) {
        let Some(base) = comparison.digest(0, case) else { continue };
        let flooded: f64 = base.nodes.flooded_volume.iter().sum();
        if worst.is_none_or(|(_, most)| flooded > most) {
            worst = Some((case, flooded));
        }
    }
    worst.map(|(case, _)| case)
}

/// Members that say which storm and stage a layer shows.
fn name_case(layer: &mut Layer, comparison: &Comparison<'_>, case: Case) {
    let [_, storm, stage] = comparison.names(case);
    layer.members.insert("storm".into(), storm.into());
    layer.members.insert("stage".into(), stage.into());
}

/// Places of names in a list.
fn places(names: &[String]) -> HashMap<&str, usize> {
    names.iter().enumerate().map(|(index, name)| (name.as_str(), index)).collect()
}

fn properties<const N: usize>(pairs: [(&str, Value); N]) -> Map<String, Value> {
    pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// A number to six digits, `null` when it is none.
fn number(value: f64) -> Value {
    if value.is_finite() {
        json!(format!("{value:.5e}").parse::<f64>().unwrap_or(value))
    } else {
        Value::Null
    }
}

fn optional(value: Option<f64>) -> Value {
    value.map_or(Value::Null, number)
}

/// Pipes with their capacities, and how full they were in the governing case.
fn links(
    comparison: &Comparison<'_>,
    assessment: &Assessment,
    map: &OptionMap<'_>,
    case: Option<Case>,
    crs: Option<&str>,
) -> Layer {
    let mut layer = Layer::new("links", crs);
    let of_option = |option: usize| {
        let found = assessment.capacities.iter().find(|c| c.option == option && c.horizon == map.horizon);
        let pipes = found.map_or(&[][..], |capacities| capacities.pipes.as_slice());
        pipes.iter().map(|pipe| (pipe.link.as_str(), pipe)).collect::<HashMap<&str, &PipeCapacity>>()
    };
    let (own, base) = (of_option(map.option), of_option(0));
    let breaks = assessment.rule_set.as_ref().map_or(&[][..], |rules| rules.breaks.as_slice());
    let digest = case.and_then(|case| comparison.digest(map.option, case));
    if let Some(case) = case {
        name_case(&mut layer, comparison, case);
    }
    let known = digest.map(|digest| places(&digest.links.name)).unwrap_or_default();
    let touched: BTreeSet<String> = map
        .changes
        .iter()
        .filter(|change| change.kind == Kind::Link)
        .map(|change| change.element.to_uppercase())
        .collect();
    for (id, link) in map.model.links.iter() {
        let name = map.model.links.name(id);
        let results = digest.zip(known.get(name).copied());
        let conduit = link.conduit().is_some();
        let of = |column: fn(&Digest) -> &Vec<f64>| {
            results
                .and_then(|(digest, at)| column(digest).get(at))
                .map_or(Value::Null, |value| number(*value))
        };
        let hours = |column: fn(&Digest) -> &Vec<f64>| {
            let seconds = results.and_then(|(digest, at)| column(digest).get(at));
            seconds.map_or(Value::Null, |seconds| number(seconds / 3600.0))
        };
        let kind = results.and_then(|(digest, at)| digest.links.kind.get(at)).map_or(Value::Null, |kind| {
            json!(match kind {
                LinkType::Conduit => "conduit",
                LinkType::Pump => "pump",
                LinkType::Orifice => "orifice",
                LinkType::Weir => "weir",
                LinkType::Outlet => "outlet",
            })
        });
        let (pipe, before) = (own.get(name), base.get(name));
        let class =
            |class: Option<usize>| class.map_or(Value::Null, |class| json!(class_name(breaks, class)));
        let dynamic = pipe.and_then(|pipe| pipe.dynamic);
        let cause = dynamic.and_then(|dynamic| dynamic.cause).map(|cause| match cause {
            Cause::OwnCapacity => "own capacity",
            Cause::Backwater => "backwater",
        });
        let properties = properties([
            ("name", json!(name)),
            ("kind", kind),
            ("from_node", json!(map.model.nodes.name(link.from))),
            ("to_node", json!(map.model.nodes.name(link.to))),
            ("length_m", if conduit { of(|digest| &digest.links.length) } else { Value::Null }),
            ("height_m", of(|digest| &digest.links.full_depth)),
            ("zone", pipe.map_or(Value::Null, |pipe| json!(pipe.zone))),
            ("road_class", pipe.map_or(Value::Null, |pipe| json!(pipe.road_class))),
            ("static_capacity_a", optional(pipe.and_then(|pipe| pipe.static_years))),
            ("static_class_a", class(pipe.and_then(|pipe| pipe.static_class))),
            ("static_class_base_a", class(before.and_then(|pipe| pipe.static_class))),
            ("dynamic_carries_a", optional(dynamic.and_then(|dynamic| dynamic.carries))),
            ("dynamic_fails_a", optional(dynamic.and_then(|dynamic| dynamic.fails))),
            ("dynamic_class_a", class(pipe.and_then(|pipe| pipe.dynamic_class))),
            ("dynamic_class_base_a", class(before.and_then(|pipe| pipe.dynamic_class))),
            ("cause", json!(cause)),
            ("max_flow_m3_s", of(|digest| &digest.links.max_flow)),
            ("full_flow_m3_s", of(|digest| &digest.links.full_flow)),
            (
                "full_at_both_ends_h",
                if conduit { hours(|digest| &digest.links.both_full_time) } else { Value::Null },
            ),
            ("changed", json!(touched.contains(&name.to_uppercase()))),
        ]);
        layer.add(name, link_geometry(map.model, id), properties);
    }
    layer
}

/// A class of capacity by its breaks, a: `< 1`, `1-2`, `>= 5`.
pub fn class_name(breaks: &[f64], class: usize) -> String {
    let below = class.checked_sub(1).and_then(|index| breaks.get(index));
    match (below, breaks.get(class)) {
        (None, Some(upper)) => format!("< {upper}"),
        (Some(lower), Some(upper)) => format!("{lower}-{upper}"),
        (Some(lower), None) => format!(">= {lower}"),
        (None, None) => String::new(),
    }
}

/// Nodes with the water that left them in the governing case, against the base.
fn nodes(comparison: &Comparison<'_>, map: &OptionMap<'_>, case: Option<Case>, crs: Option<&str>) -> Layer {
    let mut layer = Layer::new("nodes", crs);
    let Some(case) = case else { return layer };
    let (Some(base), Some(digest)) = (comparison.digest(0, case), comparison.digest(map.option, case)) else {
        return layer;
    };
    name_case(&mut layer, comparison, case);
    let (before, after) = (places(&base.nodes.name), places(&digest.nodes.name));
    for (id, _) in map.model.nodes.iter() {
        let name = map.model.nodes.name(id);
        let (Some(at), was) = (after.get(name).copied(), before.get(name).copied()) else { continue };
        let volume = digest.nodes.flooded_volume.get(at).copied();
        let volume_before = was.and_then(|was| base.nodes.flooded_volume.get(was)).copied();
        let of =
            |column: &[f64], scale: f64| column.get(at).map_or(Value::Null, |value| number(value / scale));
        let kind = match digest.nodes.kind.get(at) {
            Some(NodeType::Junction) => json!("junction"),
            Some(NodeType::Outfall) => json!("outfall"),
            Some(NodeType::Storage) => json!("storage"),
            None => Value::Null,
        };
        let difference = volume.map(|volume| volume - volume_before.unwrap_or(0.0));
        let properties = properties([
            ("name", json!(name)),
            ("kind", kind),
            ("invert_m", of(&digest.nodes.invert, 1.0)),
            ("max_depth_m", of(&digest.nodes.max_depth, 1.0)),
            ("flooded_base_m3", optional(volume_before)),
            ("flooded_m3", optional(volume)),
            ("flooded_difference_m3", optional(difference)),
            ("flooded_h", of(&digest.nodes.flooded_time, 3600.0)),
            ("verdict", json!(flooding_verdict(volume_before, volume))),
        ]);
        layer.add(name, node_geometry(map.model, id), properties);
    }
    layer
}

/// What an option changes, with its measure, phase and cost.
fn changes(map: &OptionMap<'_>, crs: Option<&str>) -> Layer {
    let mut layer = Layer::new("changes", crs);
    for change in map.changes {
        let geometry = match change.kind {
            Kind::Other => continue,
            Kind::Node => {
                find(map, |model| model.nodes.find(&change.element).map(|id| node_geometry(model, id)))
            }
            Kind::Link => {
                find(map, |model| model.links.find(&change.element).map(|id| link_geometry(model, id)))
            }
            Kind::Subcatchment => find(map, |model| {
                let id = model.subcatchments.find(&change.element)?;
                Some(outline_geometry(model.map.subcatchments.get(id.index())?))
            }),
        };
        let measure = map.measures.get(change.measure);
        let works: Vec<&Project> = map
            .projects
            .iter()
            .filter(|project| {
                project.element == change.element
                    && Some(&project.measure) == measure
                    && project.phase == change.phase
            })
            .collect();
        let cost = |pick: fn(&(f64, f64)) -> f64| {
            let known: Vec<f64> =
                works.iter().filter_map(|project| project.cost.as_ref()).map(pick).collect();
            if known.is_empty() { Value::Null } else { number(known.iter().sum()) }
        };
        let fields: Map<String, Value> = change
            .fields
            .iter()
            .map(|field| (field.field.clone(), json!([field.before, field.after])))
            .collect();
        let properties = properties([
            ("name", json!(change.element)),
            ("kind", json!(kind_word(change.kind))),
            ("action", json!(action_word(change.action))),
            ("measure", json!(measure)),
            ("phase", json!(change.phase)),
            ("year", works.first().map_or(Value::Null, |project| json!(project.year))),
            ("road", works.first().map_or(Value::Null, |project| json!(project.road))),
            ("works", json!(works.iter().map(|project| project.work).collect::<Vec<_>>())),
            ("cost", cost(|cost| cost.0)),
            ("upkeep_a_year", cost(|cost| cost.1)),
            ("fields", Value::Object(fields)),
        ]);
        layer.add(&change.element, geometry, properties);
    }
    layer
}

/// A geometry in the network of the option, else in that of the base; `null` when neither has it.
fn find(map: &OptionMap<'_>, of: impl Fn(&Model) -> Option<Value>) -> Value {
    [map.model, map.base].into_iter().find_map(of).unwrap_or(Value::Null)
}

fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Subcatchment => "subcatchment",
        Kind::Node => "node",
        Kind::Link => "link",
        Kind::Other => "other",
    }
}

fn action_word(action: Action) -> &'static str {
    match action {
        Action::Added => "added",
        Action::Altered => "altered",
        Action::Removed => "removed",
    }
}

/// The worst places of the rules that an option fails.
fn failed_rules(
    comparison: &Comparison<'_>,
    assessment: &Assessment,
    map: &OptionMap<'_>,
    crs: Option<&str>,
) -> Layer {
    let mut layer = Layer::new("failed rules", crs);
    let Some(rules) = &assessment.rule_set else { return layer };
    let failed = assessment.verdicts.iter().filter(|verdict| {
        verdict.option == map.option && verdict.horizon == map.horizon && verdict.outcome == Outcome::Failed
    });
    for verdict in failed {
        let (Some(rule), Some(worst)) = (rules.rules.get(verdict.rule), &verdict.worst) else { continue };
        let geometry = find(map, |model| {
            let link = model.links.find(&worst.element).map(|id| link_geometry(model, id));
            link.or_else(|| model.nodes.find(&worst.element).map(|id| node_geometry(model, id)))
        });
        let names = verdict.governing.map(|case| comparison.names(case));
        let properties = properties([
            ("rule", json!(rule.id)),
            ("title_en", json!(rule.title.en)),
            ("title_zh", json!(rule.title.zh)),
            ("clause", json!(rule.clause)),
            ("rule_verified", json!(rule.verified)),
            ("element", json!(worst.element)),
            ("zone", json!(worst.zone)),
            ("value", optional(verdict.value)),
            ("limit", optional(verdict.limit)),
            ("unit", json!(rule.unit)),
            ("storm", json!(names.map(|names| names[1]))),
            ("stage", json!(names.map(|names| names[2]))),
            ("all_inputs_verified", json!(verdict.unverified.is_empty())),
        ]);
        layer.add(&rule.id, geometry, properties);
    }
    layer
}

#[cfg(test)]
mod tests;
