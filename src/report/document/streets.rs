//! Water on the streets: which runs have it, maps of which the reader chooses one, and tables of ponding places, roads,
//! zones, buildings and underpasses.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::desk::{Desk, digits, fixed, maybe};
use super::switch::{Bar, Choice, Frame, Switch};
use super::view::{Cell, Part, Table, number_head};
use super::worse::rest;
use crate::assess::Case;
use crate::clock::DateTime;
use crate::inundation::{Cause, JointKind, Pond};
use crate::plot::Word;
use crate::plot::inundation::Quantity;
use crate::plot::inundation::page::{PageLayer, layer};
use crate::plot::relief::Layer;
use crate::report::kept_maps::StreetMaterial;
use crate::study::digest::StreetDigest;

/// Rows of long tables in the page.
const ROWS: usize = 24;
/// Rows of each option in a table of all options, at least.
const LEAST_ROWS: usize = 6;
/// Times whose maps are in the page.
const TIMES: usize = crate::inundation::snapshots::MOST;
/// Storms whose maps are in the page: more would make it large.
const CASES: usize = 4;
/// Square metres of a hectare.
const HECTARE: f64 = 1e4;
/// Least depth on the best lane of a road that is told (m).
const LANE: f64 = 0.05;
/// Feeders of a ponding place that are named.
const FEEDERS: usize = 3;

/// What a map of the page shows.
#[derive(Clone, Copy, Debug, PartialEq)]
enum View {
    /// A quantity over the whole run.
    Of(Quantity),
    /// How much deeper it gets than in the base.
    Change,
    /// The depth at a time (s since the start of the run).
    At(f64),
}

/// The maps of the page, in the order of their buttons; those of times follow.
const VIEWS: [View; 8] = [
    View::Of(Quantity::Depth),
    View::Change,
    View::Of(Quantity::Hazard),
    View::Of(Quantity::People),
    View::Of(Quantity::Duration),
    View::Of(Quantity::Retreat),
    View::Of(Quantity::Arrival),
    View::Of(Quantity::Speed),
];

/// The street of the run of an option in a case.
fn street<'a>(desk: &Desk<'a>, option: usize, case: Case) -> Option<&'a StreetDigest> {
    desk.comparison().digest(option, case)?.street.as_deref()
}

/// The options whose street was run in a case.
fn streets<'a>(desk: &Desk<'a>, case: Case) -> Vec<(usize, &'a StreetDigest)> {
    let options = 0..desk.comparison().options.len();
    options.filter_map(|option| Some((option, street(desk, option, case)?))).collect()
}

/// Area that was deeper than the threshold (m²).
fn flooded(street: &StreetDigest) -> f64 {
    let limit = |depth: f64| (depth - street.threshold).abs() < 1e-9;
    let step = street.whole().and_then(|whole| whole.depths.iter().find(|step| limit(step.depth)));
    step.map_or(0.0, |step| step.area)
}

/// The cases in which some street was run, at the last horizon if there are any, and with pumps that have failed: those with
/// most water first.
fn cases(desk: &Desk<'_>) -> Vec<Case> {
    let all = desk.comparison().judged_cases().into_iter();
    let mut all: Vec<(Case, f64)> = all
        .filter_map(|case| {
            let most = streets(desk, case).into_iter().map(|(_, street)| flooded(street));
            most.reduce(f64::max).map(|most| (case, most))
        })
        .collect();
    let (last, scenario) = (desk.last_horizon(), desk.material.study.scenario());
    if all.iter().any(|(case, _)| case.horizon == last) {
        all.retain(|(case, _)| case.horizon == last || scenario.has_outage(case.horizon));
    }
    all.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    all.into_iter().map(|(case, _)| case).collect()
}

/// Minutes, or hours from ten of them on.
fn span(desk: &Desk<'_>, seconds: f64) -> String {
    if seconds < 36_000.0 {
        format!("{} {}", fixed(seconds / 60.0, 0), desk.say("min", "分钟"))
    } else {
        format!("{} {}", fixed(seconds / 3600.0, 1), desk.say("h", "小时"))
    }
}

/// Which runs have a street, and where its water came from and went.
pub(super) fn balance(desk: &mut Desk<'_>) -> Vec<Part> {
    let cases = cases(desk);
    if cases.is_empty() {
        return Vec::new();
    }
    let (all, with) =
        (desk.digests().count(), desk.digests().filter(|digest| digest.street.is_some()).count());
    let text = desk.say(
        format!(
            "{with} of {all} runs simulate the water on the streets together with the network. All others are a \
             screening in one dimension: there, water that leaves a manhole is counted and not followed."
        ),
        format!("{all} 个工况中有 {with} 个同时模拟街面与管网；其余为一维筛查，溢出检查井的水只计量，不追踪其去向。"),
    );
    let caption = desk.table_caption(desk.say("water on the streets", "街面水量"));
    let heads = desk.say(
        [
            "Option",
            "Horizon, storm, stage",
            "#Up from the network, m³",
            "#Back into it, m³",
            "#Rain on the grid, m³",
            "#Still there at the end, m³",
            "#Area deeper than the threshold, ha",
            "#Deepest, m",
            "#Water made or lost",
        ],
        [
            "方案",
            "水平年、暴雨、水位",
            "#管网溢出 m³",
            "#流回管网 m³",
            "#网格降雨 m³",
            "#结束时余水 m³",
            "#超过阈值面积 hm²",
            "#最大水深 m",
            "#水量误差",
        ],
    );
    let mut table = Table::new(caption, heads);
    for case in &cases {
        for (option, street) in streets(desk, *case) {
            let water = &street.water;
            table.row([
                Cell::head(desk.option(option)),
                Cell::text(desk.case(*case)),
                Cell::number(digits(water.exchange_in)),
                Cell::number(digits(water.exchange_out)),
                Cell::number(digits(water.rain)),
                Cell::number(digits(water.stored)),
                Cell::number(fixed(flooded(street) / HECTARE, 2)),
                Cell::number(maybe(street.whole(), |whole| fixed(whole.max_depth, 2))),
                Cell::number(format!("{:.0e}", water.volume_error)),
            ]);
        }
    }
    if let Some((_, street)) = cases.first().and_then(|case| streets(desk, *case).into_iter().next()) {
        let threshold = fixed(street.threshold, 2);
        table.notes.push(desk.say(
            format!("The threshold is {threshold} m. Greatest depths, of whatever time."),
            format!("阈值为 {threshold} m；均按全过程最大水深统计。"),
        ));
    }
    let by_maps = desk.material.study.scenario().surface.as_ref().is_some_and(|of| of.rain_maps.is_some());
    if by_maps {
        table.notes.push(
            desk.say(
                "Rain on the grid comes from maps; hyetographs elsewhere are those of the gauges, which the \
                 subcatchments keep.",
                "网格降雨取自降雨栅格序列；其他处的雨量过程线为雨量站资料，汇水区仍用雨量站。",
            )
            .to_owned(),
        );
    }
    vec![Part::Text(text), Part::Table(table)]
}

/// Maps of which the reader chooses one: one figure a case.
pub(super) fn maps(desk: &mut Desk<'_>) -> Vec<Part> {
    let Some(material) = desk.material.streets else { return Vec::new() };
    let cases = cases(desk);
    let mut parts = Vec::new();
    for case in cases.iter().take(CASES) {
        parts.extend(switch(desk, &material, *case).map(Part::Switch));
    }
    if cases.len() > CASES && !parts.is_empty() {
        let names: Vec<String> = cases.iter().skip(CASES).map(|case| desk.case(*case)).collect();
        let names = desk.and(&names);
        parts.push(Part::Text(desk.say(
            format!("Maps of {names} are in the folder plots only."),
            format!("{names} 的图见 plots 文件夹。"),
        )));
    }
    parts
}

/// The maps of a case.
fn switch(desk: &mut Desk<'_>, material: &StreetMaterial<'_>, case: Case) -> Option<Switch> {
    let options: Vec<usize> = streets(desk, case).into_iter().map(|(option, _)| option).collect();
    let mut times: Vec<f64> = options
        .iter()
        .flat_map(|option| material.maps.times(*option, case))
        .filter(|time| *time > 0.0)
        .collect();
    times.sort_by(f64::total_cmp);
    times.dedup();
    times.truncate(TIMES);
    let views: Vec<View> = VIEWS.into_iter().chain(times.iter().map(|time| View::At(*time))).collect();
    // without any map there is nothing to choose
    let drawn: Vec<Frame> = {
        let desk: &Desk<'_> = desk;
        let pairs: Vec<(usize, usize)> =
            (0..options.len()).flat_map(|a| (0..views.len()).map(move |b| (a, b))).collect();
        pairs.par_iter().filter_map(|&place| frame(desk, material, case, (&options, &views), place)).collect()
    };
    if drawn.iter().all(|frame| frame.layer.image.is_empty()) {
        return None;
    }
    let at = desk.case(case);
    let what = desk.say(format!("water on the streets, {at}"), format!("街面积水，{at}"));
    let (number, caption) = desk.next_figure(&what);
    let note = desk.say(
        "Choose option, map and time; printed, the greatest depths of all options are shown. The same classes for all \
         options. Grey lines are the network of the base.",
        "请选择方案、图件与时刻；打印时显示各方案的最大水深。各方案同一分级。灰线为现状管网。",
    );
    let base = material.place.base();
    let extent = material.place.terrain.extent();
    let (wide, high) = (fixed(extent.east - extent.west, 0), fixed(extent.north - extent.south, 0));
    let choices = |labels: Vec<String>| {
        labels.into_iter().enumerate().map(|(index, label)| Choice { index, label }).collect::<Vec<_>>()
    };
    let names = options.iter().map(|option| desk.option(*option)).collect();
    let of_run = VIEWS.iter().map(|view| desk.sheet.word(word(*view)).to_owned()).collect();
    let mut of_times = choices(times.iter().map(|time| clock(desk, case, *time)).collect());
    of_times.iter_mut().for_each(|choice| choice.index += VIEWS.len());
    let mut bars = vec![
        Bar { heading: desk.say("Option", "方案").to_owned(), set: 'a', choices: choices(names) },
        Bar { heading: desk.say("Whole run", "全过程").to_owned(), set: 'b', choices: choices(of_run) },
    ];
    if !of_times.is_empty() {
        bars.push(Bar {
            heading: desk.say("Depth at", "水深时刻").to_owned(), set: 'b', choices: of_times
        });
    }
    Some(Switch {
        id: number,
        label: what,
        caption,
        note: note.to_owned(),
        shape: base.shape,
        ground: base.ground,
        top: base.top,
        area_unit: desk.say(" ha", " hm²"),
        scale: desk.say(format!("{wide} m × {high} m, north up"), format!("{wide} m × {high} m，上北")),
        bars,
        frames: drawn,
    })
}

fn word(view: View) -> Word {
    match view {
        View::Of(quantity) => quantity.word(),
        View::Change => Word::DepthDifference,
        View::At(_) => Word::Depth,
    }
}

/// The time of day of a run, with the day of the run where it is not the first: `17:30`, `02:00 (2)`.
fn clock(desk: &Desk<'_>, case: Case, seconds: f64) -> String {
    let digest = desk.digests_of(case).next();
    let start = DateTime(digest.map_or(0, |digest| digest.start_ms));
    let time = start.plus_seconds(seconds);
    let (hour, minute, _) = time.time();
    let midnight = start.plus_seconds(-(start.time_of_day_ms() as f64) / 1e3);
    let day = (time.seconds_since(midnight) / 86_400.0).floor() as u32 + 1;
    if day == 1 {
        return format!("{hour:02}:{minute:02}");
    }
    desk.say(format!("{hour:02}:{minute:02} (day {day})"), format!("{hour:02}:{minute:02}（第 {day} 天）"))
}

/// A map of a case: of an option and a view, by their places.
fn frame(
    desk: &Desk<'_>,
    material: &StreetMaterial<'_>,
    case: Case,
    (options, views): (&[usize], &[View]),
    place: (usize, usize),
) -> Option<Frame> {
    let (option, view) = (*options.get(place.0)?, *views.get(place.1)?);
    let map = |option: usize, quantity: Quantity| {
        let map = material.maps.map(option, case, quantity.kind())?;
        // maps of another ground, such as of an older one, are none of this place
        map.same_cells(&material.place.terrain).then_some(map)
    };
    let at = |seconds: f64| {
        let map = material.maps.at(option, case, seconds)?;
        map.same_cells(&material.place.terrain).then_some(map)
    };
    let missing = |text: &str| PageLayer { heading: text.to_owned(), ..PageLayer::default() };
    let layer =
        match view {
            View::Of(quantity) => map(option, quantity)
                .map(|values| layer(&material.place.layer(quantity, &values, desk.sheet)))
                .unwrap_or_else(|| missing(desk.say("this map was not kept", "未保存该图"))),
            View::At(seconds) => at(seconds)
                .map(|values| {
                    let of = material.place.layer(Quantity::Depth, &values, desk.sheet);
                    let depth = desk.language.with_unit(desk.sheet.word(Word::Depth), "m");
                    layer(&Layer { heading: format!("{depth}, {}", clock(desk, case, seconds)), ..of })
                })
                .unwrap_or_else(|| missing(desk.say("this map was not kept", "未保存该图"))),
            View::Change if option == 0 => missing(desk.say("this is the base itself", "现状自身，无变化")),
            View::Change => {
                let both = map(0, Quantity::Depth).zip(map(option, Quantity::Depth));
                let change =
                    both.and_then(|(base, option)| material.place.change(&base, &option, desk.sheet).ok());
                change.map(|change| layer(&change)).unwrap_or_else(|| {
                    missing(desk.say(
                        "the street of the base was not run in this case",
                        "该工况未模拟现状街面，无法比较",
                    ))
                })
            }
        };
    let printed = view == View::Of(Quantity::Depth);
    Some(Frame { place, title: desk.option_title(option), layer, printed })
}

/// Ponding places of the options in the case with most water.
pub(super) fn ponds(desk: &mut Desk<'_>) -> Vec<Part> {
    let Some(case) = cases(desk).first().copied() else { return Vec::new() };
    let all: Vec<(usize, &Pond)> = streets(desk, case)
        .into_iter()
        .flat_map(|(option, street)| street.ponds.iter().map(move |pond| (option, pond)))
        .collect();
    if all.is_empty() {
        let at = desk.case(case);
        let text = desk.say(
            format!("No place stands under water above the threshold, {at}."),
            format!("{at}：没有超过阈值的积水点。"),
        );
        return vec![Part::Text(text)];
    }
    let at = desk.case(case);
    let caption = desk.table_caption(desk.say(format!("ponding places, {at}"), format!("积水点，{at}")));
    let heads = desk.say(
        [
            "Option",
            "Zone",
            "Deepest cell (x, y)",
            "#Depth, m",
            "#Area, m²",
            "#Volume, m³",
            "#Above the threshold",
            "#Gone after the rain",
            "Cause, fed by",
        ],
        [
            "方案",
            "分区",
            "最深处 (x, y)",
            "#水深 m",
            "#面积 m²",
            "#水量 m³",
            "#超阈值历时",
            "#雨后退水",
            "成因与来源",
        ],
    );
    let mut table = Table::new(caption, heads);
    // the largest of each option, so that none is crowded out
    let most = (ROWS / streets(desk, case).len().max(1)).max(LEAST_ROWS);
    let mut shown = BTreeMap::new();
    for (option, pond) in &all {
        let count = shown.entry(*option).or_insert(0);
        *count += 1;
        if *count > most {
            continue;
        }
        let [x, y] = pond.deepest;
        table.row([
            Cell::head(desk.option(*option)),
            Cell::text(&pond.zone),
            Cell::text(format!("{x:.0}, {y:.0}")),
            Cell::number(fixed(pond.depth, 2)),
            Cell::number(digits(pond.area)),
            Cell::number(digits(pond.volume)),
            Cell::number(span(desk, pond.duration)),
            Cell::number(match pond.retreat {
                Some(time) => span(desk, time),
                None => desk.say("not in the run", "模拟期内未退").to_owned(),
            }),
            Cell::text(cause(desk, pond.cause)).lines([feeders(desk, pond)]),
        ]);
    }
    rest(desk, &mut table, all.len(), "tables/ponding.csv");
    vec![Part::Table(table)]
}

fn cause(desk: &Desk<'_>, cause: Cause) -> &'static str {
    match cause {
        Cause::Surcharge => desk.say("water from manholes", "检查井溢出"),
        Cause::Rain => desk.say("rain that could not get in", "雨水未能入管"),
        Cause::River => desk.say("river", "河道漫溢"),
        Cause::Boundary => desk.say("from beyond the map", "边界来水"),
        Cause::Inflow => desk.say("given inflow", "外部入流"),
    }
}

/// The joints that gave a place most.
fn feeders(desk: &Desk<'_>, pond: &Pond) -> String {
    let named = pond.feeders.iter().filter(|feeder| feeder.up > 0.0).take(FEEDERS).map(|feeder| {
        let kind = match feeder.kind {
            JointKind::Manhole => "",
            JointKind::Bank => desk.say("bank of ", "河岸 "),
            JointKind::Outlet => desk.say("outfall ", "排放口 "),
        };
        format!("{kind}{} ({} m³)", feeder.name, digits(feeder.up))
    });
    desk.and(&named.collect::<Vec<_>>())
}

/// A table with a row a thing and a column an option, of the case with most water. `of` gives names and cells of the
/// things of a street; a thing of which no street tells anything is left out.
fn by_option<'a>(
    desk: &mut Desk<'a>,
    (en, zh): (&str, &str),
    thing: (&str, &str),
    file: &str,
    of: impl Fn(&Desk<'a>, &'a StreetDigest) -> Vec<(&'a str, &'a str, Option<Cell>)>,
) -> Option<Table> {
    let case = cases(desk).first().copied()?;
    let streets = streets(desk, case);
    let columns: Vec<Vec<(&str, &str, Option<Cell>)>> =
        streets.iter().map(|(_, street)| of(desk, street)).collect();
    let mut seen = BTreeSet::new();
    let mut things = Vec::new();
    for (name, more, cell) in columns.iter().flatten() {
        if cell.is_some() && seen.insert((*name, *more)) {
            things.push((*name, *more));
        }
    }
    if things.is_empty() {
        return None;
    }
    let at = desk.case(case);
    let caption = desk.table_caption(desk.say(format!("{en}, {at}"), format!("{zh}，{at}")));
    let mut heads = vec![desk.say(thing.0, thing.1).to_owned()];
    heads.extend(streets.iter().map(|(option, _)| number_head(&desk.option(*option))));
    let mut table = Table::new(caption, heads);
    for (name, more) in things.iter().take(ROWS) {
        let mut cells = vec![Cell::head(*name).lines([(*more).to_owned()])];
        for column in &columns {
            let cell = column.iter().find(|(other, of, _)| (other, of) == (name, more));
            cells.push(cell.and_then(|(_, _, cell)| cell.clone()).unwrap_or_else(|| Cell::number("–")));
        }
        table.row(cells);
    }
    rest(desk, &mut table, things.len(), file);
    Some(table)
}

/// Roads that lose their last lane, or nearly.
pub(super) fn roads(desk: &mut Desk<'_>) -> Vec<Part> {
    let what = (
        "depth on the best lane of each road, where it is worst; time without a lane below the threshold",
        "各道路最浅车道的最不利水深，及无车道低于阈值的历时",
    );
    let table = by_option(desk, what, ("Road", "道路"), "tables/roads.csv", |desk, street| {
        let roads = street.roads.iter().filter(|road| road.lane_depth.is_some());
        roads
            .map(|road| {
                let depth = road.lane_depth.filter(|depth| *depth >= LANE);
                let cell = depth.map(|depth| {
                    let closed = depth > street.threshold;
                    let time = if road.longest_closed > 0.0 {
                        span(desk, road.longest_closed)
                    } else {
                        String::new()
                    };
                    let class = if closed { "num bad" } else { "num" };
                    Cell::number(format!("{} m", fixed(depth, 2))).class(class).lines([time])
                });
                (road.name.as_str(), road.class.as_str(), cell)
            })
            .collect()
    });
    let Some(mut table) = table else {
        return nothing(desk, "No road is under water.", "没有道路积水。");
    };
    table.notes.push(desk.say(
        "A road keeps a lane where its best lane stays below the threshold over its whole length (GB 50014 asks for 15 cm); times are seen at reporting times.".to_owned(),
        "道路全长内最浅车道始终低于阈值，视为保有一条车道（GB 50014 要求 15 cm）；历时按报告时刻统计。".to_owned(),
    ));
    vec![Part::Table(table)]
}

/// A sentence where streets were run and have nothing to tell of something; nothing at all where none was run.
fn nothing(desk: &Desk<'_>, en: &str, zh: &str) -> Vec<Part> {
    if cases(desk).is_empty() { Vec::new() } else { vec![desk.nothing(en, zh)] }
}

/// How much of each zone was under water.
pub(super) fn zones(desk: &mut Desk<'_>) -> Vec<Part> {
    let what = (
        "area deeper than the threshold, with the greatest depth, by zone",
        "各分区超过阈值的面积及最大水深",
    );
    let table = by_option(desk, what, ("Zone", "分区"), "tables/zones_street.csv", |desk, street| {
        let whole = desk.say("whole map", "全图");
        let zones = street.zones.iter().enumerate();
        zones
            .map(|(index, zone)| {
                let step = zone.depths.iter().find(|step| (step.depth - street.threshold).abs() < 1e-9);
                let cell = step.map(|step| {
                    let hectare = desk.say("ha", "hm²");
                    let area = format!("{} {hectare}", fixed(step.area / HECTARE, 2));
                    Cell::number(area).lines([format!("{} m", fixed(zone.max_depth, 2))])
                });
                (if index == 0 { whole } else { zone.name.as_str() }, zone.class.as_str(), cell)
            })
            .collect()
    });
    table.map(|table| vec![Part::Table(table)]).unwrap_or_default()
}

/// Buildings whose threshold is under water.
pub(super) fn buildings(desk: &mut Desk<'_>) -> Vec<Part> {
    let what = ("water over the threshold of buildings", "建筑物门槛以上水深");
    let table = by_option(desk, what, ("Building", "建筑物"), "tables/buildings.csv", |_, street| {
        let buildings = street.buildings.iter();
        buildings
            .map(|building| {
                let over = building.over_threshold().filter(|over| *over > 0.0);
                let cell = over.map(|over| Cell::number(format!("{} m", fixed(over, 2))).class("num bad"));
                (building.id.as_str(), building.usage.as_str(), cell)
            })
            .collect()
    });
    match table {
        Some(table) => vec![Part::Table(table)],
        None => nothing(
            desk,
            "No building whose threshold is known has water over it.",
            "没有已知门槛高程的建筑物进水。",
        ),
    }
}

/// Underpasses and entrances.
pub(super) fn sills(desk: &mut Desk<'_>) -> Vec<Part> {
    let what = (
        "when water passes the sill after the rain begins, and the greatest depth behind it",
        "降雨开始后水流越过门槛的时间及其后最大水深",
    );
    let table = by_option(
        desk,
        what,
        ("Underpass or entrance", "下穿通道或出入口"),
        "tables/",
        |desk, street| {
            let sills = street.sills.iter();
            sills
                .map(|sill| {
                    let depth =
                        sill.depth.filter(|depth| *depth > 0.0).map(|depth| format!("{} m", fixed(depth, 2)));
                    let cell = match sill.passed {
                        Some(time) => Cell::number(span(desk, time)).class("num bad"),
                        None => Cell::number(desk.say("never", "未越过")),
                    };
                    (sill.name.as_str(), "", Some(cell.lines(depth)))
                })
                .collect()
        },
    );
    table.map(|table| vec![Part::Table(table)]).unwrap_or_default()
}
