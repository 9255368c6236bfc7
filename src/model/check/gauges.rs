//! Rain gauges and what the land drains to.

use crate::diagnostic::Diagnostic;
use crate::model::catchment::Outlet;
use crate::model::control::Setting;
use crate::model::curve::TimeSeries;
use crate::model::node::{NodeKind, OutfallBoundary};
use crate::model::weather::{EvaporationSource, Gauge, RainSource};
use crate::model::{Model, SeriesId};
use crate::num::index::Id;

/// Outlets whose name means one thing.
pub(super) fn check_outlets(model: &Model, found: &mut Vec<Diagnostic>) {
    for (id, subcatchment) in model.subcatchments.iter() {
        let name = match subcatchment.outlet {
            Outlet::Node(node) => model.nodes.name(node),
            Outlet::Subcatchment(other) => model.subcatchments.name(other),
        };
        if model.nodes.find(name).is_some() && model.subcatchments.find(name).is_some() {
            found.push(
                Diagnostic::error(108, format!("outlet '{name}' names both a node and a subcatchment"))
                    .of(format!("Subcatchment {}", model.subcatchments.name(id)))
                    .help("rename one of them"),
            );
        }
    }
}

/// Gauges that agree with their series; the wet weather step within every recording interval.
///
/// As in EPA's engine only gauges count that a subcatchment uses and that read a series, and a
/// gauge that shares its series with an earlier one is compared with that one only.
pub(super) fn check_gauges(model: &mut Model, found: &mut Vec<Diagnostic>) {
    let mut used = vec![false; model.gauges.len()];
    for subcatchment in model.subcatchments.items() {
        if let Some(used) = subcatchment.gauge.and_then(|gauge| used.get_mut(gauge.index())) {
            *used = true;
        }
    }
    let taken = series_of_others(model);
    let mut first_reader: Vec<Option<&Gauge>> = vec![None; model.series.len()];
    let Model { gauges, series: all_series, options, .. } = model;
    for (id, gauge) in gauges.iter() {
        let (RainSource::Series(series), true) = (&gauge.source, used[id.index()]) else { continue };
        let element = format!("Rain gauge {}", gauges.name(id));
        if let Some(first) = first_reader[series.index()] {
            if first.kind != gauge.kind {
                found.push(
                    Diagnostic::error(157, "two gauges read one series as different kinds of rain")
                        .of(element)
                        .help("give both the same format: INTENSITY, VOLUME or CUMULATIVE"),
                );
            }
            continue;
        }
        first_reader[series.index()] = Some(gauge);
        if taken[series.index()] {
            found.push(
                Diagnostic::error(158, "the time series of a gauge serves another purpose too")
                    .of(element.clone())
                    .help("give the gauge a series of its own"),
            );
        }
        if let Some(shortest) = shortest_interval(&all_series[*series]) {
            let interval = i64::from(gauge.interval);
            if shortest > 0 && interval > shortest {
                found.push(
                    Diagnostic::error(
                        159,
                        format!("recording interval of {interval} s is longer than the {shortest} s between rain values"),
                    )
                    .of(element.clone())
                    .help("set the recording interval to the interval of the series"),
                );
            }
            if interval < shortest {
                found.push(
                    Diagnostic::warning(
                        9,
                        format!("recording interval of {interval} s is shorter than the {shortest} s between rain values"),
                    )
                    .of(element.clone()),
                );
            }
        }
        if gauge.interval < options.wet_step {
            found.push(
                Diagnostic::warning(
                    1,
                    format!(
                        "wet weather step of {} s reduced to the recording interval of {} s",
                        options.wet_step, gauge.interval
                    ),
                )
                .of(element),
            );
            options.wet_step = gauge.interval;
        }
    }
}

/// Shortest time between two points of a series, to the nearest second; `None` below two points.
fn shortest_interval(series: &TimeSeries) -> Option<i64> {
    let times = &series.times;
    let shortest = times.iter().zip(times.iter().skip(1)).map(|(a, b)| b.0.saturating_sub(a.0)).min()?;
    Some(shortest.saturating_add(500).div_euclid(1000))
}

/// Which series something other than a gauge reads.
fn series_of_others(model: &Model) -> Vec<bool> {
    let mut taken = vec![false; model.series.len()];
    let mut take = |series: SeriesId| {
        if let Some(taken) = taken.get_mut(series.index()) {
            *taken = true;
        }
    };
    for node in model.nodes.items() {
        if let Some(series) = node.inflow.and_then(|inflow| inflow.series) {
            take(series);
        }
        if let NodeKind::Outfall { boundary: OutfallBoundary::Series(series), .. } = node.kind {
            take(series);
        }
    }
    if let EvaporationSource::Series(series) = model.evaporation.source {
        take(series);
    }
    for rule in &model.controls.rules {
        for action in rule.then_actions.iter().chain(&rule.else_actions) {
            if let Setting::Series(series) = action.setting {
                take(series);
            }
        }
    }
    taken
}
