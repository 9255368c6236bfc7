//! `[SUBCATCHMENTS]`, `[SUBAREAS]` and `[INFILTRATION]`.

use super::draft::{Draft, define};
use super::heading::find_keyword;
use super::options::INFILTRATION;
use super::row::{Findings, Row};
use crate::diagnostic::Diagnostic;
use crate::model::SubcatchmentId;
use crate::model::catchment::{Infiltration, InternalRouting, Outlet, Subcatchment};
use crate::model::options::InfiltrationMethod;
use crate::num::index::Id;

/// The drying time that SWMM takes for one of 0 days.
const SHORTEST_DRYING_DAYS: f64 = 1.0e-6;

/// Registers a subcatchment by its name, with what SWMM assumes where the file is silent.
pub(super) fn define_subcatchment(row: &mut Row<'_, '_>, draft: &mut Draft) {
    let own = SubcatchmentId::new(draft.model.subcatchments.len());
    let subcatchment = Subcatchment::new(Outlet::Subcatchment(own));
    define(row, 0, &mut draft.model.subcatchments, subcatchment);
}

/// Reads a subcatchment.
pub(super) fn read_subcatchment(row: &mut Row<'_, '_>, draft: &mut Draft) {
    row.is_about("Subcatchment");
    let form = "name, rain gauge, outlet, area, % impervious, width, % slope, curb length (, snow pack)";
    if !row.has(8, form) {
        return;
    }
    let model = &mut draft.model;
    let Some(id) = row.find(0, "subcatchment", &model.subcatchments) else { return };
    let gauge = row.find(1, "rain gauge", &model.gauges);
    let outlet = match (model.nodes.find(row.text(2)), model.subcatchments.find(row.text(2))) {
        (Some(_), Some(_)) => {
            let message = format!("the outlet '{}' is both a node and a subcatchment", row.text(2));
            row.error(108, 2, message, "give the node or the subcatchment another name");
            None
        }
        (Some(node), None) => Some(Outlet::Node(node)),
        (None, Some(other)) => Some(Outlet::Subcatchment(other)),
        (None, None) => {
            row.undefined(2, "node", model.nodes.names());
            None
        }
    };
    let units = model.units;
    let subcatchment = &mut model.subcatchments[id];
    subcatchment.gauge = gauge;
    if let Some(outlet) = outlet {
        subcatchment.outlet = outlet;
    }
    subcatchment.area = row.non_negative(3, "the area") * units.land_area;
    subcatchment.impervious = row.non_negative(4, "the impervious share").min(100.0) / 100.0;
    subcatchment.width = row.non_negative(5, "the width") * units.length;
    subcatchment.slope = row.non_negative(6, "the slope") / 100.0;
    subcatchment.curb_length = row.non_negative(7, "the curb length");
    if row.len() > 8 && row.find(8, "snow pack", &draft.snow_packs).is_some() {
        draft.later.snow_use.get_or_insert_with(|| row.place(8));
    }
}

/// Reads the sub-areas of a subcatchment.
pub(super) fn read_subareas(row: &mut Row<'_, '_>, draft: &mut Draft) {
    row.is_about("Subcatchment");
    let form = "subcatchment, n impervious, n pervious, storage impervious, storage pervious, % without storage, \
                OUTLET or IMPERV or PERV (, % routed)";
    if !row.has(7, form) {
        return;
    }
    let Some(id) = row.find(0, "subcatchment", &draft.model.subcatchments) else { return };
    draft.has_subareas.insert(id);
    let depth = draft.model.units.rain_depth;
    let subcatchment = &mut draft.model.subcatchments[id];
    subcatchment.roughness_impervious = row.non_negative(1, "the roughness of impervious land");
    subcatchment.roughness_pervious = row.non_negative(2, "the roughness of pervious land");
    subcatchment.storage_impervious = row.non_negative(3, "the storage of impervious land") * depth;
    subcatchment.storage_pervious = row.non_negative(4, "the storage of pervious land") * depth;
    subcatchment.zero_storage = row.non_negative(5, "the share without storage") / 100.0;
    let routes = [
        ("OUTLET", InternalRouting::Outlet),
        ("IMPERV", InternalRouting::Impervious),
        ("PERV", InternalRouting::Pervious),
    ];
    if let Some(routing) = row.keyword(6, "destination of runoff", &routes) {
        subcatchment.routing = routing;
    }
    if row.len() > 7 {
        subcatchment.routed = row.between(7, "the routed share", 0.0, 100.0) / 100.0;
    }
}

/// Reads the infiltration of a subcatchment. The method is that of the options unless the line ends
/// with another.
pub(super) fn read_infiltration(row: &mut Row<'_, '_>, draft: &mut Draft) {
    row.is_about("Subcatchment");
    let Some(id) = row.find(0, "subcatchment", &draft.model.subcatchments) else { return };
    let own = row.len().checked_sub(1).and_then(|last| find_keyword(row.text(last), INFILTRATION));
    let given = row.len() - usize::from(own.is_some());
    let method = own.unwrap_or(draft.model.options.infiltration);
    let (needed, form) = match method {
        InfiltrationMethod::Horton | InfiltrationMethod::ModifiedHorton => {
            (5, "subcatchment, initial rate, final rate, decay per hour, drying days (, largest depth)")
        }
        InfiltrationMethod::GreenAmpt | InfiltrationMethod::ModifiedGreenAmpt => {
            (4, "subcatchment, suction head, conductivity, moisture deficit")
        }
        InfiltrationMethod::CurveNumber => (4, "subcatchment, curve number, (unused), drying days"),
    };
    if given < needed {
        row.line_error(203, format!("{given} of at least {needed} items"), format!("expected: {form}"));
        return;
    }
    let units = draft.model.units;
    let infiltration = match method {
        InfiltrationMethod::Horton | InfiltrationMethod::ModifiedHorton => {
            let modified = method == InfiltrationMethod::ModifiedHorton;
            let [initial, last, decay, drying] = row.numbers(1, "the parameter of infiltration");
            let depth = if given > 5 { row.number(5, "the largest depth") } else { 0.0 };
            if [initial, last, decay, drying, depth].into_iter().any(|x| x < 0.0) || initial < last {
                reject(row, "no number may be negative, nor the initial rate below the final one");
                return;
            }
            Infiltration::Horton {
                modified,
                initial: initial * units.rain_rate,
                final_rate: last * units.rain_rate,
                decay: decay / 3600.0,
                drying_days: if drying == 0.0 { SHORTEST_DRYING_DAYS } else { drying },
                max_depth: depth * units.rain_depth,
            }
        }
        InfiltrationMethod::GreenAmpt | InfiltrationMethod::ModifiedGreenAmpt => {
            let modified = method == InfiltrationMethod::ModifiedGreenAmpt;
            let [suction, conductivity, deficit] = row.numbers(1, "the parameter of infiltration");
            if suction < 0.0 || conductivity <= 0.0 || !(0.0..=1.0).contains(&deficit) {
                reject(row, "suction head at least 0, conductivity above 0, moisture deficit from 0 to 1");
                return;
            }
            Infiltration::GreenAmpt {
                modified,
                suction: suction * units.rain_depth,
                conductivity: conductivity * units.rain_rate,
                deficit,
            }
        }
        InfiltrationMethod::CurveNumber => {
            let [number, _, drying_days] = row.numbers(1, "the parameter of infiltration");
            if drying_days <= 0.0 {
                reject(row, "the drying time (fourth item) must be above 0 days");
                return;
            }
            if !(10.0..=99.0).contains(&number) {
                row.warning(1, format!("curve number {number} is taken as {}", number.clamp(10.0, 99.0)), "");
            }
            Infiltration::CurveNumber { number: number.clamp(10.0, 99.0), drying_days }
        }
    };
    draft.model.subcatchments[id].infiltration = Some(infiltration);
}

fn reject(row: &mut Row<'_, '_>, help: &str) {
    row.line_error(235, "the infiltration parameters do not fit together", help);
}

/// Settles what depends on several lines: within a subcatchment that is all of one kind, nothing is
/// routed from one sub-area to the other; land without a line in `[SUBAREAS]` is smooth and holds no
/// water.
pub(super) fn finish(draft: &mut Draft, findings: &mut Findings<'_>) {
    let mut without = Vec::new();
    for (id, subcatchment) in draft.model.subcatchments.iter_mut() {
        if subcatchment.impervious == 0.0 || subcatchment.impervious == 1.0 {
            subcatchment.routing = InternalRouting::Outlet;
        }
        if !draft.has_subareas.contains(&id) {
            without.push(id);
        }
    }
    for id in without {
        let name = draft.model.subcatchments.name(id);
        let message = "no line in [SUBAREAS]: roughness and depression storage are 0";
        findings.list.push(Diagnostic::warning(0, message).of(format!("Subcatchment {name}")));
    }
}
