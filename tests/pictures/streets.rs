//! Water on the streets of a made-up quarter, run by the solver of the surface: a storm, with a sewer that comes up at
//! one corner, and the same with less of that.

use std::sync::LazyLock;

use ndarray::Array2;
use pailao::clock::DateTime;
use pailao::inundation::DepthArea;
use pailao::model::raster::Raster;
use pailao::plot::hydrograph::{Hydrograph, Series, SeriesStyle};
use pailao::plot::inundation::{Film, Place, Quantity, Scales, depth_area_chart};
use pailao::plot::plan::{Plan, PlanLink, PlanNode, PlanNodeKind};
use pailao::plot::relief::Bubble;
use pailao::plot::{Language, Sheet, Word};
use pailao::surface::{Drivers, Forcing, Law, Options, Params, Setup, Shape, Start, State, step};

use super::{LANGUAGES, examine, say};

const CELL: f64 = 4.0;
const ROWS: usize = 60;
const COLUMNS: usize = 84;
/// Streets run in these rows and columns, two cells wide.
const STREET_ROWS: [usize; 3] = [9, 29, 49];
const STREET_COLUMNS: [usize; 4] = [11, 31, 51, 71];
const MINUTES: usize = 60;

fn in_street(row: usize, column: usize) -> bool {
    STREET_ROWS.iter().any(|&first| (first..first + 2).contains(&row))
        || STREET_COLUMNS.iter().any(|&first| (first..first + 2).contains(&column))
}

/// Ground that falls to a sag in the south-east, streets 15 cm below the plots.
fn terrain() -> Raster {
    let values = Array2::from_shape_fn((ROWS, COLUMNS), |(row, column)| {
        let (x, y) = (column as f32 / COLUMNS as f32 - 0.62, row as f32 / ROWS as f32 - 0.5);
        let hill = 40.0
            + 3.0 * (x * x + 0.8 * y * y)
            + 0.05 * (column as f32 * 0.7).sin() * (row as f32 * 0.9).cos();
        if in_street(row, column) { hill - 0.15 } else { hill }
    });
    Raster { west: 41_000.0, north: 4_620_000.0, cell: CELL, crs: None, values }
}

fn point(row: f64, column: f64) -> [f64; 2] {
    [41_000.0 + CELL * column, 4_620_000.0 - CELL * row]
}

/// A house in the middle of each block.
fn buildings() -> Vec<Vec<[f64; 2]>> {
    let house = |row: usize, column: usize| {
        let (top, left) = (row as f64 + 5.0, column as f64 + 6.0);
        [(top, left), (top, left + 9.0), (top + 8.0, left + 9.0), (top + 8.0, left)]
            .map(|(row, column)| point(row, column))
            .to_vec()
    };
    let blocks =
        STREET_ROWS.iter().take(2).flat_map(|&row| STREET_COLUMNS.iter().map(move |&column| (row, column)));
    blocks.filter(|&(_, column)| column < 70).map(|(row, column)| house(row, column)).collect()
}

fn roads() -> Vec<Vec<[f64; 2]>> {
    let across =
        STREET_ROWS.map(|row| vec![point(row as f64 + 1.0, 0.0), point(row as f64 + 1.0, COLUMNS as f64)]);
    let down = STREET_COLUMNS.map(|c| vec![point(0.0, c as f64 + 1.0), point(ROWS as f64, c as f64 + 1.0)]);
    across.into_iter().chain(down).collect()
}

/// A sewer under each street along the rows, with a manhole at each crossing.
fn network() -> Plan {
    let mut plan = Plan::default();
    for row in STREET_ROWS {
        let at = |column: usize| point(row as f64 + 1.0, column as f64 + 1.0);
        for (place, &column) in STREET_COLUMNS.iter().enumerate() {
            let kind = if place == 3 { PlanNodeKind::Outfall } else { PlanNodeKind::Manhole };
            plan.nodes.push(PlanNode { at: at(column), kind, ..PlanNode::default() });
            if let Some(&next) = STREET_COLUMNS.get(place + 1) {
                plan.links.push(PlanLink { points: vec![at(column), at(next)], ..PlanLink::default() });
            }
        }
    }
    plan
}

fn place() -> Place {
    let scales = Scales { duration: 60.0 * MINUTES as f64, people: [0.75, 1.25, 2.0] };
    Place {
        buildings: buildings(),
        roads: roads(),
        network: Some(network()),
        ..Place::new(terrain(), scales)
    }
}

/// A run: its maps, the depth at two gauges each minute, the depth each minute.
struct Storm {
    maps: Vec<(Quantity, Raster)>,
    gauges: [Vec<f64>; 2],
    depths: Vec<Raster>,
}

impl Storm {
    /// 40 min of rain, with `peak` m³/s from a manhole at most.
    fn new(peak: f64) -> Self {
        let terrain = terrain();
        let mut setup = Setup::new(terrain.clone(), 0.02, Options::of(Law::INERTIAL));
        let grid = setup.grid();
        let cell = |row: usize, column: usize| grid.cell(row, column).unwrap();
        setup.inflows = vec![vec![cell(29, 51)]];
        let params: Params<f32> = Params::new(&setup).unwrap();
        let series = |shape, points: &[(f64, f64)]| {
            pailao::surface::Series::new(shape, points.iter().map(|(t, v)| (60.0 * t, *v)).collect()).unwrap()
        };
        let rain = series(
            Shape::Steps,
            &[(0.0, 30e-3 / 3600.0), (10.0, 90e-3 / 3600.0), (25.0, 20e-3 / 3600.0), (40.0, 0.0)],
        );
        let inflow = series(Shape::Linear, &[(12.0, 0.0), (22.0, peak), (45.0, 0.0)]);
        let drivers = Drivers { rain: vec![rain], inflow: vec![inflow], stage: Vec::new() };
        let (mut state, mut forcing) = (State::new(&params, Start::Dry), Forcing::default());
        let (mut gauges, mut depths) = ([Vec::new(), Vec::new()], Vec::new());
        for minute in 0..=MINUTES {
            let until = 60.0 * minute as f64;
            while state.time < until - 1e-9 {
                let dt = state.allowed_step(&params).min(until - state.time);
                drivers.fill(&mut forcing, state.time, state.time + dt);
                step(&params, &mut state, &forcing, dt);
            }
            gauges[0].push(state.depth(cell(30, 52)));
            gauges[1].push(state.depth(cell(49, 31)));
            let depth = grid.all().map(|cell| state.depth(cell) as f32).collect();
            let values = Array2::from_shape_vec((ROWS, COLUMNS), depth).unwrap();
            depths.push(Raster { values, ..terrain.clone() });
        }
        let kept = state.maxima.as_ref().unwrap();
        let maxima: Vec<_> = grid.all().map(|cell| kept.of(&params, cell)).collect();
        let map = |of: &dyn Fn(&pailao::surface::CellMaxima) -> f64| {
            let values = maxima.iter().map(|maxima| of(maxima) as f32).collect();
            Raster { values: Array2::from_shape_vec((ROWS, COLUMNS), values).unwrap(), ..terrain.clone() }
        };
        let maps = vec![
            (Quantity::Depth, map(&|cell| cell.depth)),
            (Quantity::Speed, map(&|cell| cell.speed)),
            (Quantity::Discharge, map(&|cell| cell.discharge)),
            (Quantity::Duration, map(&|cell| cell.above)),
            (Quantity::Arrival, map(&|cell| cell.arrival)),
            (Quantity::Retreat, map(&|cell| cell.last_above - 2400.0)),
        ];
        Self { maps, gauges, depths }
    }
    fn depth(&self) -> &Raster {
        &self.maps[0].1
    }
}

static BASE: LazyLock<Storm> = LazyLock::new(|| Storm::new(1.2));
static OPTION: LazyLock<Storm> = LazyLock::new(|| Storm::new(0.3));

/// Areas above some depths.
fn areas(depth: &Raster) -> Vec<DepthArea> {
    let above = |limit: f64| depth.values.iter().filter(|&&value| f64::from(value) > limit).count() as f64;
    let of = |limit: f64| DepthArea { depth: limit, area: above(limit) * CELL * CELL, volume: 0.0 };
    pailao::inundation::zones::CURVE.map(of).to_vec()
}

/// A small sheet: there are many maps, and the large one is looked at for depth.
fn small(language: Language) -> Sheet {
    Sheet { width: 800, height: 500, ..Sheet::new(language) }
}

fn title(sheet: &Sheet, what: Word) -> String {
    format!(
        "{} – {}",
        say(sheet, "Made-up quarter, 40 min of rain", "虚构街区，降雨 40 分钟"),
        sheet.word(what)
    )
}

#[test]
fn every_quantity_of_a_storm_is_mapped_in_both_languages() {
    for language in LANGUAGES {
        let sheet = small(language);
        for (quantity, values) in &BASE.maps {
            let picture = place().map(*quantity, values, &title(&sheet, quantity.word()), &sheet).unwrap();
            examine(&format!("street_{}", quantity.name()), &sheet, &picture);
        }
    }
    let sheet = Sheet::default();
    let picture =
        place().map(Quantity::Depth, BASE.depth(), &title(&sheet, Word::MaximumDepth), &sheet).unwrap();
    examine("street_depth_large", &sheet, &picture);
}

#[test]
fn what_an_option_makes_different_is_mapped() {
    for language in LANGUAGES {
        let sheet = small(language);
        let title = title(&sheet, Word::DepthDifference);
        let picture = place().difference(BASE.depth(), OPTION.depth(), &title, &sheet).unwrap();
        examine("street_difference", &sheet, &picture);
        let (base, option) = (areas(BASE.depth()), areas(OPTION.depth()));
        let runs = [(say(&sheet, "base", "现状"), base.as_slice()), ("A".to_owned(), option.as_slice())];
        examine("street_areas", &sheet, &depth_area_chart(&runs, &title, &sheet).unwrap());
    }
}

#[test]
fn hazard_is_mapped_by_both_rules() {
    let (depth, speed) = (&BASE.maps[0].1, &BASE.maps[1].1);
    // made up from maxima, where runs rate each instant
    let mut rating = depth.clone();
    rating.values.zip_mut_with(&speed.values, |depth, speed| {
        *depth = if *depth > 0.05 { *depth * (speed + 0.5) + 0.5 } else { 0.0 };
    });
    let class =
        Raster { values: depth.values.mapv(|depth| (depth * 15.0).floor().min(6.0)), ..depth.clone() };
    for language in LANGUAGES {
        let sheet = small(language);
        for (quantity, values) in [(Quantity::People, &rating), (Quantity::Hazard, &class)] {
            let picture = place().map(quantity, values, &title(&sheet, quantity.word()), &sheet).unwrap();
            examine(&format!("street_{}", quantity.name()), &sheet, &picture);
        }
    }
}

#[test]
fn what_manholes_give_and_take_is_mapped() {
    let bubbles = |share: f64| -> Vec<Bubble> {
        let nodes = network().nodes.into_iter().enumerate();
        let of = |(index, node): (usize, PlanNode)| {
            let up = if index % 4 == 2 { share * 300.0 * (index + 1) as f64 } else { 0.0 };
            Bubble { at: node.at, up, down: 40.0 * (index % 5) as f64 }
        };
        nodes.map(of).collect()
    };
    for language in LANGUAGES {
        let sheet = small(language);
        let title = title(&sheet, Word::Exchange);
        let picture = place().exchange(bubbles(1.0), 3300.0, Some(BASE.depth()), &title, &sheet).unwrap();
        examine("street_exchange", &sheet, &picture);
    }
}

#[test]
fn gauges_show_the_water_of_all_options() {
    for language in LANGUAGES {
        let sheet = small(language);
        let start = DateTime::from_date(2026, 7, 20).unwrap().plus_seconds(16.0 * 3600.0);
        let line = |name: String, values: &[f64]| Series {
            name,
            times: (0..values.len()).map(|minute| start.plus_seconds(60.0 * minute as f64)).collect(),
            values: values.to_vec(),
            style: SeriesStyle::Line,
        };
        let series = vec![
            line(say(&sheet, "sag, base", "低洼处 现状"), &BASE.gauges[0]),
            line(say(&sheet, "sag, A", "低洼处 方案 A"), &OPTION.gauges[0]),
            line(say(&sheet, "south street, base", "南街 现状"), &BASE.gauges[1]),
        ];
        let picture = Hydrograph {
            title: title(&sheet, Word::Depth),
            quantity: sheet.word(Word::Depth).to_owned(),
            unit: "m".to_owned(),
            series,
            maxima: true,
            ..Hydrograph::default()
        };
        examine("street_gauges", &sheet, &picture.draw(&sheet).unwrap());
    }
}

#[test]
fn the_course_of_a_storm_is_a_film() {
    let start = DateTime::from_date(2026, 7, 20).unwrap().plus_seconds(16.0 * 3600.0);
    let mut film = Film::new(&place(), 60.0 * MINUTES as f64);
    for (minute, depth) in BASE.depths.iter().enumerate().step_by(6) {
        let seconds = 60.0 * minute as f64;
        film.take(start.plus_seconds(seconds), seconds, || depth.clone());
    }
    assert_eq!(film.frames(), 11);
    let sheet = Sheet { width: 800, height: 500, ..Sheet::default() };
    let animation = film.draw("Made-up quarter", &sheet).unwrap();
    let folder = std::env::var_os("PICTURES").unwrap_or_else(|| env!("CARGO_TARGET_TMPDIR").into());
    let path = std::path::Path::new(&folder).join("street_film.png");
    animation.write(&path).unwrap();
    let bytes = std::fs::read(&path).unwrap();
    assert_eq!(bytes.windows(4).filter(|kind| kind == b"fcTL").count(), 11);
    assert!(bytes.len() < 2_000_000, "{} bytes", bytes.len());
}
