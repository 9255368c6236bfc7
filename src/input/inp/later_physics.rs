//! Sections of physics that is not simulated yet. Their lines are checked for form, they stay in the
//! document, and those that would act on the results make the model unsupported.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::{Draft, Names, OtherId, define, define_once};
use super::expression;
use super::heading::{Section, find_keyword, is_keyword};
use super::number::{leading_integer, month, number};
use super::row::{Findings, Row};
use crate::diagnostic::{Diagnostic, Place};
use crate::model::options::RoutingMethod;

/// What the file asks of physics that is not simulated yet.
#[derive(Debug, Default)]
pub(super) struct Pending {
    /// The first data line of each section.
    first: BTreeMap<Section, Place>,
    /// Where a subcatchment gets a snow pack.
    pub snow_use: Option<Place>,
    /// Where evaporation is said to come from temperature or a climate file.
    pub climate_evaporation: Option<Place>,
    /// Where wind is said to come from a climate file.
    pub climate_wind: Option<Place>,
    /// Whether there is a climate file.
    pub climate_file: bool,
    /// Where air temperature is given.
    pub temperature: Option<Place>,
    /// Where a routing method other than the dynamic wave is chosen.
    pub routing: Option<Place>,
    /// Interface files: what is done with them, and where.
    files: Vec<(String, Place)>,
    /// Whether LIDs are placed anywhere, and where.
    lid_use: Option<Place>,
    green_roofs: BTreeSet<OtherId>,
}

/// Registers what a line of a section names, if anything.
pub(super) fn define_other(section: Section, row: &mut Row<'_, '_>, draft: &mut Draft) {
    match section {
        Section::Aquifers => define(row, 0, &mut draft.aquifers, ()),
        Section::Pollutants => define(row, 0, &mut draft.pollutants, ()),
        Section::Landuses => define(row, 0, &mut draft.land_uses, ()),
        Section::Snowpacks => define_once(row, 0, &mut draft.snow_packs, ()),
        Section::Hydrographs => define_once(row, 0, &mut draft.unit_hydrographs, ()),
        Section::LidControls => define_once(row, 0, &mut draft.lid_controls, ()),
        Section::Inlets => define_once(row, 0, &mut draft.inlets, ()),
        _ => {}
    }
}

/// Checks a line for form.
pub(super) fn check(section: Section, row: &mut Row<'_, '_>, draft: &mut Draft) {
    draft.later.first.entry(section).or_insert_with(|| row.line_place());
    match section {
        Section::Files => check_file(row, draft),
        Section::Aquifers => check_aquifer(row, draft),
        Section::Groundwater => check_groundwater(row, draft),
        Section::GroundwaterFlow => check_groundwater_flow(row, draft),
        Section::Snowpacks => check_snow_pack(row, draft),
        Section::Hydrographs => check_hydrograph(row, draft),
        Section::Rdii => check_rdii(row, draft),
        Section::Pollutants => check_pollutant(row, draft),
        Section::Landuses => check_land_use(row, draft),
        Section::Buildup => check_buildup(row, draft),
        Section::Washoff => check_washoff(row, draft),
        Section::Coverages => check_pairs(row, draft, "land use", &draft.land_uses),
        Section::Loadings => check_pairs(row, draft, "pollutant", &draft.pollutants),
        Section::Treatment => check_treatment(row, draft),
        Section::LidControls => check_lid_control(row, draft),
        Section::LidUsage => check_lid_use(row, draft),
        Section::Inlets => check_inlet(row, draft),
        Section::InletUsage => check_inlet_use(row, draft),
        _ => {}
    }
}

/// Reports what is not simulated yet, where it would act on the results.
pub(super) fn finish(draft: &mut Draft, findings: &mut Findings<'_>) {
    let pending = std::mem::take(&mut draft.later);
    let model = &mut draft.model;
    model.pollutant_count = draft.pollutants.len();
    model.land_use_count = draft.land_uses.len();
    let options = &model.options;
    let mut report = |what: &str, place: Option<&Place>, help: &str| {
        if let Some(place) = place {
            findings.list.push(Diagnostic::unsupported(what).at(place.clone()).help(help));
        }
    };
    for (what, place) in &pending.files {
        report(&format!("[FILES]: {what}"), Some(place), "");
    }
    if !options.ignore_routing && !model.nodes.is_empty() {
        let help = "FLOW_ROUTING DYNWAVE is simulated";
        match options.routing {
            RoutingMethod::Steady => report("[OPTIONS]: steady flow routing", pending.routing.as_ref(), help),
            RoutingMethod::Kinematic => {
                report("[OPTIONS]: kinematic wave routing", pending.routing.as_ref(), help);
            }
            RoutingMethod::None | RoutingMethod::Dynamic => {}
        }
    }
    let climate = pending.climate_evaporation.as_ref();
    report(
        "[EVAPORATION]: evaporation from temperature or a climate file",
        climate,
        "CONSTANT, MONTHLY or TIMESERIES",
    );
    let snow = pending.snow_use.as_ref().filter(|_| !options.ignore_snowmelt);
    report("[SNOWPACKS]: snow", snow, "IGNORE_SNOWMELT YES leaves it out");
    let first = |section| pending.first.get(&section);
    if !options.ignore_groundwater {
        let help = "IGNORE_GROUNDWATER YES leaves it out";
        report("[GROUNDWATER]: groundwater", first(Section::Groundwater), help);
        if first(Section::Groundwater).is_some() {
            report("[GWF]: groundwater flow equations", first(Section::GroundwaterFlow), help);
        }
    }
    report("[LID_USAGE]: low impact development", pending.lid_use.as_ref(), "");
    if !options.ignore_rdii {
        let help = "IGNORE_RDII YES leaves it out";
        report("[RDII]: rain that seeps into sewers", first(Section::Rdii), help);
    }
    if !options.ignore_routing {
        report("[INLET_USAGE]: street inlets", first(Section::InletUsage), "");
    }
    if !options.ignore_quality && !draft.pollutants.is_empty() {
        for section in [
            Section::Pollutants,
            Section::Landuses,
            Section::Coverages,
            Section::Loadings,
            Section::Buildup,
            Section::Washoff,
            Section::Treatment,
        ] {
            let what = format!("{}: water quality", section.heading());
            report(&what, first(section), "IGNORE_QUALITY YES leaves it out");
        }
    }
    if let Some(place) =
        pending.climate_evaporation.or(pending.climate_wind).filter(|_| !pending.climate_file)
    {
        findings.list.push(
            Diagnostic::error(336, "there is no climate file")
                .at(place)
                .help("[TEMPERATURE] must have a line FILE with its path"),
        );
    }
}

fn check_file(row: &mut Row<'_, '_>, draft: &mut Draft) {
    if !row.has(2, "USE or SAVE, kind of file, path") {
        return;
    }
    let modes = [("NO", None), ("SCRATCH", None), ("USE", Some("USE")), ("SAVE", Some("SAVE"))];
    let kinds = ["RAINFALL", "RUNOFF", "HOTSTART", "RDII", "INFLOWS", "OUTFLOWS"].map(|kind| (kind, kind));
    let mode = row.keyword(0, "use of a file", &modes);
    let kind = row.keyword(1, "kind of file", &kinds);
    let (Some(mode), Some(kind)) = (mode, kind) else { return };
    if row.len() < 3 {
        return;
    }
    let demanded = match kind {
        "INFLOWS" => Some("USE"),
        "OUTFLOWS" => Some("SAVE"),
        _ => mode,
    };
    if demanded != mode {
        row.error(203, 0, format!("a file of {kind} cannot be handled so"), "USE INFLOWS or SAVE OUTFLOWS");
        return;
    }
    if let Some(mode) = mode {
        draft.later.files.push((format!("{mode} {kind}"), row.line_place()));
    }
}

fn check_aquifer(row: &mut Row<'_, '_>, draft: &Draft) {
    row.is_about("Aquifer");
    row.find(0, "aquifer", &draft.aquifers);
    if row.has(13, "name, 12 numbers (, pattern)") {
        row.numbers::<12>(1, "the parameter");
        if row.len() > 13 {
            row.find(13, "pattern", &draft.model.patterns);
        }
    }
}

fn check_groundwater(row: &mut Row<'_, '_>, draft: &Draft) {
    row.is_about("Subcatchment");
    if !row
        .has(11, "subcatchment, aquifer, node, surface elevation, 5 coefficients, fixed depth (, 4 numbers)")
    {
        return;
    }
    row.find(0, "subcatchment", &draft.model.subcatchments);
    row.find(1, "aquifer", &draft.aquifers);
    row.find(2, "node", &draft.model.nodes);
    row.numbers::<7>(3, "the parameter");
    for field in 10..14 {
        if row.is_given(field) {
            row.number(field, "the parameter");
        }
    }
}

fn check_groundwater_flow(row: &mut Row<'_, '_>, draft: &Draft) {
    const VARIABLES: [&str; 11] = ["HGW", "HSW", "HCB", "HGS", "KS", "K", "THETA", "PHI", "FI", "FU", "A"];
    row.is_about("Subcatchment");
    if !row.has(3, "subcatchment, LATERAL or DEEP, expression") {
        return;
    }
    row.find(0, "subcatchment", &draft.model.subcatchments);
    row.keyword(1, "direction of flow", &[("LAT", ()), ("DEEP", ())]);
    let is_variable = |word: &str| VARIABLES.iter().any(|variable| is_keyword(word, variable));
    check_expression(row, &row.rest(2), &is_variable);
}

fn check_expression(row: &mut Row<'_, '_>, text: &str, is_variable: &dyn Fn(&str) -> bool) {
    if let Err(problem) = expression::check(text, is_variable) {
        row.line_error(233, format!("the expression '{}' is wrong: {problem}", text.trim()), "");
    }
}

fn check_snow_pack(row: &mut Row<'_, '_>, draft: &Draft) {
    row.is_about("Snow Pack");
    if !row.has(8, "name, PLOWABLE or IMPERVIOUS or PERVIOUS and 7 numbers, or REMOVAL and 6") {
        return;
    }
    row.find(0, "snow pack", &draft.snow_packs);
    let kinds = [("PLOWABLE", 7), ("IMPERV", 7), ("PERV", 7), ("REMOVAL", 6)];
    let Some(count) = row.keyword(1, "kind of snow pack line", &kinds) else { return };
    if !row.has(count + 2, "name, PLOWABLE or IMPERVIOUS or PERVIOUS and 7 numbers, or REMOVAL and 6") {
        return;
    }
    for field in 2..count + 2 {
        row.number(field, "the parameter");
    }
    if count == 6 && row.len() > 8 {
        row.find(8, "subcatchment", &draft.model.subcatchments);
    }
}

fn check_hydrograph(row: &mut Row<'_, '_>, draft: &Draft) {
    row.is_about("Unit Hydrograph");
    row.find(0, "unit hydrograph", &draft.unit_hydrographs);
    if row.len() == 2 {
        row.find(1, "rain gauge", &draft.model.gauges);
        return;
    }
    let form = "name and rain gauge; or name, month or ALL, SHORT or MEDIUM or LONG, R, T, K (, 3 numbers)";
    if !row.has(6, form) {
        return;
    }
    if month(row.text(1)).is_none() {
        row.keyword(1, "month", &[("ALL", ())]);
    }
    let is_new = find_keyword(row.text(2), &[("SHORT", ()), ("MEDIUM", ()), ("LONG", ())]).is_some();
    // The form of SWMM 5.0 has three R, T, K in one line.
    let first = if is_new { 3 } else { 2 };
    if is_new || row.has(11, form) {
        let most = if is_new { 9 } else { 14 };
        for field in first..row.len().min(most) {
            row.number(field, "the parameter");
        }
    }
}

fn check_rdii(row: &mut Row<'_, '_>, draft: &Draft) {
    row.is_about("Node");
    if row.has(3, "node, unit hydrograph, sewered area") {
        row.find(0, "node", &draft.model.nodes);
        row.find(1, "unit hydrograph", &draft.unit_hydrographs);
        row.non_negative(2, "the sewered area");
    }
}

fn check_pollutant(row: &mut Row<'_, '_>, draft: &Draft) {
    row.is_about("Pollutant");
    let form = "name, unit, concentrations in rain, groundwater and RDII, decay (, snow only, co-pollutant or *, its \
                share, concentrations in dry weather and at the start)";
    if !row.has(6, form) {
        return;
    }
    row.find(0, "pollutant", &draft.pollutants);
    row.keyword(1, "unit of concentration", &[("MG/L", ()), ("UG/L", ()), ("#/L", ())]);
    for field in 2..5 {
        row.non_negative(field, "the concentration");
    }
    row.number(5, "the decay coefficient");
    if row.len() > 6 {
        row.yes(6, "answer to 'in snow only?'");
    }
    if row.len() > 8 && row.text(7) != "*" {
        row.find(7, "pollutant", &draft.pollutants);
        row.non_negative(8, "the share of the co-pollutant");
    }
    for field in 9..row.len().min(11) {
        row.non_negative(field, "the concentration");
    }
}

fn check_land_use(row: &mut Row<'_, '_>, draft: &Draft) {
    row.is_about("Land Use");
    row.find(0, "land use", &draft.land_uses);
    if row.len() > 1
        && row.has(4, "name (, sweeping interval, share available, days since the last sweeping)")
    {
        row.number(1, "the sweeping interval");
        row.between(2, "the share available", 0.0, 1.0);
        row.number(3, "the number of days");
    }
}

/// Land use and pollutant of a line.
fn check_subject(row: &mut Row<'_, '_>, draft: &Draft) {
    row.find(0, "land use", &draft.land_uses);
    row.find(1, "pollutant", &draft.pollutants);
}

fn check_buildup(row: &mut Row<'_, '_>, draft: &Draft) {
    if row.len() < 3 {
        return;
    }
    row.is_about("Land Use");
    check_subject(row, draft);
    let kinds = [("NONE", 'N'), ("POW", 'P'), ("EXP", 'E'), ("SAT", 'S'), ("EXT", 'X')];
    let Some(kind) = row.keyword(2, "build-up function", &kinds) else { return };
    if kind == 'N' || !row.has(7, "land use, pollutant, function, 3 coefficients, AREA or CURB") {
        return;
    }
    row.non_negative(3, "the coefficient");
    row.non_negative(4, "the coefficient");
    if kind == 'X' {
        row.find(5, "time series", &draft.model.series);
    } else {
        let exponent = row.non_negative(5, "the coefficient");
        if kind == 'P' && exponent > 0.0 && !(0.01..=10.0).contains(&exponent) {
            row.error(205, 5, format!("the exponent is {exponent}"), "0, or from 0.01 to 10");
        }
    }
    row.keyword(6, "normaliser", &[("AREA", ()), ("CURB", ())]);
}

fn check_washoff(row: &mut Row<'_, '_>, draft: &Draft) {
    if row.len() < 3 {
        return;
    }
    row.is_about("Land Use");
    check_subject(row, draft);
    let kinds = [("NONE", false), ("EXP", true), ("RC", true), ("EMC", true)];
    let acts = row.keyword(2, "wash-off function", &kinds).unwrap_or(false);
    if !acts || !row.has(5, "land use, pollutant, function, coefficient, exponent (, % swept, % removed)") {
        return;
    }
    row.non_negative(3, "the coefficient");
    row.between(4, "the exponent", -10.0, 10.0);
    for field in 5..row.len().min(7) {
        row.between(field, "the percentage", 0.0, 100.0);
    }
}

/// A subcatchment and pairs of a name and a number.
fn check_pairs(row: &mut Row<'_, '_>, draft: &Draft, kind: &str, names: &Names) {
    row.is_about("Subcatchment");
    let form = format!("subcatchment and pairs of a {kind} and a number");
    if !row.has(3, &form) {
        return;
    }
    row.find(0, "subcatchment", &draft.model.subcatchments);
    for field in (1..row.len()).step_by(2) {
        row.find(field, kind, names);
        if row.has(field + 2, &form) {
            row.number(field + 1, "the value");
        }
    }
}

fn check_treatment(row: &mut Row<'_, '_>, draft: &Draft) {
    const VARIABLES: [&str; 5] = ["HRT", "DT", "FLOW", "DEPTH", "AREA"];
    row.is_about("Node");
    if !row.has(3, "node, pollutant, C = expression or R = expression") {
        return;
    }
    row.find(0, "node", &draft.model.nodes);
    row.find(1, "pollutant", &draft.pollutants);
    let text = row.rest(2);
    let Some((_, expression)) = text.split_once('=').filter(|_| text.starts_with(['R', 'r', 'C', 'c']))
    else {
        row.error(
            205,
            2,
            format!("'{text}' is no treatment"),
            "C = expression (effluent) or R = expression (removal)",
        );
        return;
    };
    let is_variable = |word: &str| {
        let removal = word.strip_prefix("R_").or(word.strip_prefix("r_"));
        VARIABLES.iter().any(|variable| is_keyword(word, variable))
            || draft.pollutants.find(word).is_some()
            || removal.is_some_and(|name| draft.pollutants.find(name).is_some())
    };
    check_expression(row, expression, &is_variable);
}

fn check_lid_control(row: &mut Row<'_, '_>, draft: &mut Draft) {
    row.is_about("LID Control");
    if !row.has(2, "name, then a kind of LID, or a layer and its numbers") {
        return;
    }
    row.find(0, "LID control", &draft.lid_controls);
    // Kinds, then layers with the least number of items and the number of numbers that are read.
    let words = [
        ("BC", None),
        ("RG", None),
        ("GR", None),
        ("IT", None),
        ("PP", None),
        ("RB", None),
        ("VS", None),
        ("RD", None),
        ("SURFACE", Some((7, 5))),
        ("SOIL", Some((9, 7))),
        ("STORAGE", Some((6, 4))),
        ("PAVEMENT", Some((7, 7))),
        ("DRAINMAT", Some((5, 3))),
        ("DRAIN", Some((6, 6))),
        ("REMOVALS", Some((4, 0))),
    ];
    let word = row.text(1);
    let Some(layer) = row.keyword(1, "kind or layer of LID", &words) else { return };
    let Some((items, count)) = layer else {
        if is_keyword(word, "GR") {
            draft.later.green_roofs.extend(draft.lid_controls.find(row.text(0)));
        }
        return;
    };
    if !row.has(items, "name, layer and all its numbers") {
        return;
    }
    if is_keyword(word, "REMOVALS") {
        for field in (2..row.len()).step_by(2) {
            row.find(field, "pollutant", &draft.pollutants);
            if row.has(field + 2, "name, REMOVALS, and pairs of a pollutant and a percentage") {
                row.between(field + 1, "the removal", 0.0, 100.0);
            }
        }
        return;
    }
    let is_green_roof =
        draft.lid_controls.find(row.text(0)).is_some_and(|id| draft.later.green_roofs.contains(&id));
    // Only green roofs have a drainage mat; SWMM leaves it out elsewhere.
    if is_keyword(word, "DRAINMAT") && !is_green_roof {
        return;
    }
    for field in 2..row.len().min(2 + count) {
        row.non_negative(field, "the parameter of the layer");
    }
    if is_keyword(word, "SURFACE") && number(row.text(3)).is_some_and(|x| x >= 1.0) {
        row.error(211, 3, "the plants fill all of the surface layer", "a fraction below 1");
    }
    if is_keyword(word, "PAVEMENT") && number(row.text(8)).is_some_and(|x| x > 1.0) {
        row.error(211, 8, "the regenerated fraction is above 1", "from 0 to 1");
    }
    if is_keyword(word, "DRAIN") && row.len() > 8 {
        row.find(8, "curve", &draft.model.curves);
    }
}

fn check_lid_use(row: &mut Row<'_, '_>, draft: &mut Draft) {
    row.is_about("Subcatchment");
    let form = "subcatchment, LID control, number, area, width, % saturated, % from impervious land, to pervious land \
                (, report file, drain to, % from pervious land)";
    if !row.has(8, form) {
        return;
    }
    row.find(0, "subcatchment", &draft.model.subcatchments);
    row.find(1, "LID control", &draft.lid_controls);
    let count = leading_integer(row.text(2));
    if count < 0 {
        row.error(211, 2, format!("the number of units is {count}"), "at least 0");
    }
    // No units, no LID; SWMM does not read on.
    if count <= 0 {
        return;
    }
    row.non_negative(3, "the area");
    row.non_negative(4, "the width");
    row.between(5, "the initial saturation", 0.0, 100.0);
    row.between(6, "the share of impervious land", 0.0, 100.0);
    row.non_negative(7, "the flag");
    if row.len() > 9 && row.text(9) != "*" && draft.model.subcatchments.find(row.text(9)).is_none() {
        row.find(9, "node", &draft.model.nodes);
    }
    if row.len() > 10 {
        row.between(10, "the share of pervious land", 0.0, 100.0);
    }
    draft.later.lid_use.get_or_insert_with(|| row.line_place());
}

fn check_inlet(row: &mut Row<'_, '_>, draft: &Draft) {
    row.is_about("Inlet");
    let form = "name, then GRATE, DROP_GRATE, CURB, DROP_CURB, SLOTTED or CUSTOM and its parameters";
    if !row.has(3, form) {
        return;
    }
    row.find(0, "inlet", &draft.inlets);
    let kinds = [
        ("GRATE", 'G'),
        ("CURB", 'C'),
        ("SLOTTED", 'S'),
        ("DROP_GRATE", 'G'),
        ("DROP_CURB", 'D'),
        ("CUSTOM", 'X'),
    ];
    let Some(kind) = row.keyword(1, "kind of inlet", &kinds) else { return };
    if kind == 'X' {
        row.find(2, "curve", &draft.model.curves);
        return;
    }
    let needed = if kind == 'G' { 5 } else { 4 };
    if !row.has(needed, form) {
        return;
    }
    row.positive(2, "the length");
    row.positive(3, "the width or height");
    if kind == 'C' && row.len() > 4 {
        row.keyword(4, "throat", &[("HORIZONTAL", ()), ("INCLINED", ()), ("VERTICAL", ())]);
    }
    if kind == 'G' {
        let grates = [
            ("P_BAR-50", false),
            ("P_BAR-50x100", false),
            ("P_BAR-30", false),
            ("CURVED_VANE", false),
            ("TILT_BAR-45", false),
            ("TILT_BAR-30", false),
            ("RETICULINE", false),
            ("GENERIC", true),
        ];
        let generic = row.keyword(4, "kind of grate", &grates).unwrap_or(false);
        if generic && row.has(6, "name, GRATE, length, width, GENERIC, open share (, splash-over velocity)") {
            row.number_that(5, "the open share", "more than 0 and at most 1", |x| x > 0.0 && x <= 1.0);
            row.non_negative_or_0(6, "the splash-over velocity");
        }
    }
}

fn check_inlet_use(row: &mut Row<'_, '_>, draft: &Draft) {
    row.is_about("Link");
    let form = "link, inlet, node (, number, % clogged, largest flow, depression, its width, AUTOMATIC or ON_GRADE or \
                ON_SAG)";
    if !row.has(3, form) {
        return;
    }
    row.find(0, "link", &draft.model.links);
    row.find(1, "inlet", &draft.inlets);
    row.find(2, "node", &draft.model.nodes);
    if row.len() > 3 {
        row.number_that(3, "the number of inlets", "at least 1", |x| x >= 0.99);
    }
    if row.len() > 4 {
        row.between(4, "the clogged share", 0.0, 99.0);
    }
    for field in 5..row.len().min(8) {
        row.non_negative(field, "the parameter");
    }
    if row.len() > 8 {
        row.keyword(8, "placement", &[("AUTO", ()), ("ON_GRADE", ()), ("ON_SAG", ())]);
    }
}
