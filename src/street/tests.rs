//! Claims about grounds and streets, on terrain of a few cells.

use std::path::{Path, PathBuf};

use crate::diagnostic::Diagnostic;
use crate::input::inp;
use crate::model::Model;
use crate::model::check::check;
use crate::routing::exchange::Opening;
use crate::scenario::surface::*;
use crate::simulation::street::Street;
use crate::surface::{Kind, Roughness, Side};

use super::{Ground, Town};

/// A folder of its own for the files of a test, gone when the test is over.
pub(super) struct Folder(pub PathBuf);

impl Folder {
    pub fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("pailao-street-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }
    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.0.join(name), text).unwrap();
    }
    /// Ten rows of ten cells of 10 m from (0, 100), by a law of row and column.
    pub fn terrain(&self, level: impl Fn(usize, usize) -> f64) {
        let rows: Vec<String> = (0..10)
            .map(|row| (0..10).map(|column| level(row, column).to_string()).collect::<Vec<_>>().join(" "))
            .collect();
        let head = "ncols 10\nnrows 10\nxllcorner 0\nyllcorner 0\ncellsize 10\nNODATA_value -9999\n";
        self.write("dem.asc", &format!("{head}{}\n", rows.join("\n")));
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A storage unit, a channel and a pipe along the row from 50 to 40 m, and two gauges.
const TOWN: &str = "[OPTIONS]\nFLOW_UNITS CMS\nFLOW_ROUTING DYNWAVE\nSTART_DATE 07/21/2026\nEND_DATE 07/21/2026\nEND_TIME 02:00\n\
[RAINGAGES]\nWest INTENSITY 0:05 1 TIMESERIES rain\nEast INTENSITY 0:05 1 TIMESERIES rain\n\
[SUBCATCHMENTS]\nS1 West J1 0.2 50 40 1 0\nS2 East J2 0.2 50 40 1 0\n\
[SUBAREAS]\nS1 0.01 0.1 0 0 0 OUTLET\nS2 0.01 0.1 0 0 0 OUTLET\n[INFILTRATION]\nS1 10 1 4 7 0\nS2 10 1 4 7 0\n\
[JUNCTIONS]\nJ1 17 3\nJ2 17 2.9\nC1 16 4\nC2 16 4\n[OUTFALLS]\nO 15 FIXED 16.5\nF 15 FREE\n[STORAGE]\nT 15 5 0 FUNCTIONAL 100 0 0\n\
[CONDUITS]\nP1 J1 J2 30 0.013 0 0\nP2 J2 C1 30 0.013 0 0\nR C1 C2 40 0.03 0 0\nP3 C2 O 20 0.013 0 0\nP4 T J1 20 0.013 0 0\nP5 C2 F 20 0.013 0 0\n\
[XSECTIONS]\nP1 CIRCULAR 0.5 0 0 0\nP2 CIRCULAR 0.5 0 0 0\nR TRAPEZOIDAL 4 2 2 2\nP3 CIRCULAR 0.5 0 0 0\nP4 CIRCULAR 0.5 0 0 0\nP5 CIRCULAR 0.5 0 0 0\n\
[TIMESERIES]\nrain 0:00 10\nrain 1:00 0\n\
[COORDINATES]\nJ1 15 55\nJ2 45 55\nC1 75 75\nC2 75 35\nO 75 15\nT 15 85\nF 85 15\n\
[POLYGONS]\nS1 0 100\nS1 40 100\nS1 40 0\nS1 0 0\nS2 40 100\nS2 80 100\nS2 80 0\nS2 40 0\n\
[SYMBOLS]\nWest 5 50\nEast 95 50\n";

pub(super) fn town() -> Model {
    let mut model = inp::read_text(TOWN.as_bytes(), Path::new("town.inp")).model;
    let found = check(&mut model);
    assert!(
        found.iter().all(|problem| problem.severity == crate::diagnostic::Severity::Warning),
        "{found:?}"
    );
    model
}

pub(super) fn table() -> SurfaceTable {
    SurfaceTable { terrain: "dem.asc".into(), crs: Some("EPSG:4549".into()), ..SurfaceTable::default() }
}

pub(super) fn street(
    folder: &Folder,
    table: &SurfaceTable,
) -> Result<(Ground, Street, Vec<Diagnostic>), String> {
    let model = town();
    let place = Town { crs: Some("EPSG:4549"), vertical_datum: Some("1985"), model: &model };
    let text = |found: Vec<Diagnostic>| found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    let (ground, mut warnings) = Ground::read(table, &folder.0, &place).map_err(text)?;
    let (street, more) = ground.street(&model).map_err(text)?;
    warnings.extend(more);
    Ok((ground, street, warnings))
}

fn node(model: &Model, name: &str) -> crate::model::NodeId {
    model.nodes.find(name).unwrap()
}

#[test]
fn junctions_meet_the_street_and_storage_units_and_outfalls_only_where_asked() {
    let folder = Folder::new("nodes");
    folder.terrain(|_, _| 20.0);
    let (_, street_of, warnings) = street(&folder, &table()).unwrap();
    assert!(warnings.is_empty(), "{warnings:?}");
    let model = town();
    let names: Vec<&str> = street_of.manholes.iter().map(|m| model.nodes.name(m.node)).collect();
    assert_eq!(names, ["J1", "J2", "C1", "C2"]);
    let one = &street_of.manholes[0];
    assert_eq!(street_of.setup.grid().row_and_column(one.cell), (4, 1));
    assert_eq!((one.rim, one.opening.area, one.opening.orifice), (20.0, OPENING_AREA, Opening::ORIFICE));
    assert!((one.opening.rim - 3.544_907_7).abs() < 1e-6, "2 √π");
    assert_eq!(street_of.manholes[1].rim, 20.0, "the ground is higher than the top of J2");
    assert!(street_of.rain.is_empty() && !street_of.rain_on_grid && street_of.outlets.is_empty());
    let all = SurfaceTable {
        exchange: ExchangeTable { storages: true, level: RimLevel::Network, ..ExchangeTable::default() },
        outlets: vec!["F".into()],
        ..table()
    };
    let (_, street_of, _) = street(&folder, &all).unwrap();
    assert_eq!((street_of.manholes.len(), street_of.outlets.len()), (5, 1));
    assert!((street_of.manholes[1].rim - 19.9).abs() < 1e-12);
    let wrong = SurfaceTable { outlets: vec!["J1".into(), "X".into()], ..table() };
    let told = street(&folder, &wrong).unwrap_err();
    assert!(told.contains("the node `J1` is no outfall") && told.contains("no node `X`"), "{told}");
    let wrong = SurfaceTable { outlets: vec!["O".into(), "F".into(), "F".into()], ..table() };
    let told = street(&folder, &wrong).unwrap_err();
    assert!(told.contains("`O` has a stage of its own") && told.contains("`F` stands there twice"), "{told}");
}

#[test]
fn a_table_of_inlets_goes_before_what_holds_for_all() {
    let folder = Folder::new("inlets");
    folder.terrain(|_, _| 20.0);
    folder
        .write("inlets.csv", "node,area_m2,level_m,orifice,blocked\nJ1,0.25,19.5,0.6,0.5\nJ2,0,,,\nT,,,,\n");
    let exchange = ExchangeTable {
        inlets: Some("inlets.csv".into()),
        only_inlets: true,
        orifice: Some(1.0),
        ..ExchangeTable::default()
    };
    let (_, street_of, _) = street(&folder, &SurfaceTable { exchange, ..table() }).unwrap();
    let model = town();
    assert_eq!(street_of.manholes.len(), 2, "an area of 0 closes J2");
    let one = &street_of.manholes[0];
    assert_eq!((one.rim, one.opening.area, one.opening.orifice, one.opening.blocked), (19.5, 0.25, 0.6, 0.5));
    assert!((one.opening.rim - 1.772_453_85).abs() < 1e-6);
    let pond = &street_of.manholes[1];
    assert_eq!((pond.node, pond.opening.orifice), (node(&model, "T"), 1.0));
}

#[test]
fn banks_follow_an_open_channel_on_both_sides_and_its_cells_are_its_own() {
    let folder = Folder::new("banks");
    folder.terrain(|_, _| 20.0);
    let banks = Some(BanksTable { channels: vec!["R".into()], ..BanksTable::default() });
    let (ground, street_of, warnings) = street(&folder, &SurfaceTable { banks, ..table() }).unwrap();
    assert!(warnings.is_empty(), "{warnings:?}");
    // 4 m deep, 2 m wide at the bottom, sides 2 in 1: 18 m at the top; 40 m from (75, 75) south to (75, 35)
    for side in [0, 1] {
        let on_side = |bank: &&crate::simulation::street::Bank| {
            let (x, _) = street_of.setup.grid().middle(bank.cell);
            // south is downstream: left is east
            (x > 75.0) == (side == 0)
        };
        let length: f64 = street_of.banks.iter().filter(on_side).map(|bank| bank.length).sum();
        assert!((length - 40.0).abs() < 1e-9, "{length}");
    }
    let cells: std::collections::BTreeSet<_> = street_of.banks.iter().map(|bank| bank.cell).collect();
    assert_eq!(cells.len(), street_of.banks.len());
    assert!(street_of.banks.iter().all(|bank| (bank.crest - 20.0).abs() < 1e-9 && bank.weir == BANK_WEIR));
    let cut = street_of.setup.terrain.unknown() - ground.terrain.unknown();
    assert_eq!(cut, 5, "one column wide: the middles at 65 and 85 m lie beyond 9 m");
    assert!(street_of.banks.iter().all(|bank| (0.0..=1.0).contains(&bank.along)));
    let banks = Some(BanksTable { channels: vec!["P1".into(), "X".into()], ..BanksTable::default() });
    let told = street(&folder, &SurfaceTable { banks, ..table() }).unwrap_err();
    assert!(told.contains("`P1` is no open conduit") && told.contains("no link `X`"), "{told}");
}

#[test]
fn crests_of_a_table_are_interpolated_along_the_channel() {
    let folder = Folder::new("crests");
    folder.terrain(|_, _| 19.0);
    folder.write("banks.csv", "channel,along,left_m,right_m\nR,0,22,\nR,1,21,\n");
    let banks = Some(BanksTable {
        channels: vec!["R".into()],
        levels: Some("banks.csv".into()),
        weir: Some(0.8),
        ..BanksTable::default()
    });
    let mut asked = SurfaceTable { banks, ..table() };
    asked.exchange.level = RimLevel::Network;
    let (_, street_of, _) = street(&folder, &asked).unwrap();
    for bank in &street_of.banks {
        let (x, _) = street_of.setup.grid().middle(bank.cell);
        let expected = if x > 75.0 { 22.0 - bank.along } else { 20.0 };
        assert!((bank.crest - expected).abs() < 1e-9 && bank.weir == 0.8, "{bank:?}");
    }
}

#[test]
fn rain_on_the_grid_comes_from_the_gauge_of_the_subcatchment_or_the_nearest() {
    let folder = Folder::new("rain");
    folder.terrain(|_, _| 20.0);
    let grid = SurfaceTable { runoff_from: RunoffFrom::Grid, ..table() };
    let (_, by_land, _) = street(&folder, &grid).unwrap();
    let zones = by_land.setup.rain.zones.as_ref().unwrap();
    assert_eq!((by_land.rain.len(), by_land.rain_on_grid), (2, true));
    // S1 ends at 40 m, S2 at 80 m; beyond, the nearest corner decides
    assert_eq!((zones[(0, 3)], zones[(0, 4)], zones[(0, 9)]), (0, 1, 1));
    let (_, nearest, _) =
        street(&folder, &SurfaceTable { rain_by: RainBy::Nearest, ..grid.clone() }).unwrap();
    let zones = nearest.setup.rain.zones.as_ref().unwrap();
    assert_eq!((zones[(0, 4)], zones[(0, 5)]), (0, 1));
    let one = SurfaceTable { rain_gauge: Some("East".into()), ..grid.clone() };
    let (_, one, _) = street(&folder, &one).unwrap();
    assert!(one.setup.rain.zones.is_none() && one.rain.len() == 1);
    let told = street(&folder, &SurfaceTable { rain_gauge: Some("North".into()), ..grid }).unwrap_err();
    assert!(told.contains("no gauge `North`"), "{told}");
}

#[test]
fn land_that_would_get_its_rain_twice_is_refused_and_missing_rain_is_told() {
    let folder = Folder::new("twice");
    folder.terrain(|_, column| if column > 2 { -9999.0 } else { 20.0 });
    let polygon = |west: f64, east: f64| {
        format!(
            r#"{{"type": "FeatureCollection", "features": [{{"type": "Feature", "properties": {{}}, "geometry": {{"type": "Polygon", "coordinates": [[[{west},0],[{east},0],[{east},100],[{west},100],[{west},0]]]}}}}]}}"#
        )
    };
    let model = town();
    let mut few = model.clone();
    few.map.nodes.iter_mut().for_each(|point| *point = Some([15.0, 55.0]));
    let place = Town { crs: Some("EPSG:4549"), vertical_datum: None, model: &few };
    let grid = SurfaceTable { runoff_from: RunoffFrom::Grid, ..table() };
    let (ground, _) = Ground::read(&grid, &folder.0, &place).unwrap();
    let (_, warnings) = ground.street(&few).unwrap();
    assert!(
        warnings
            .iter()
            .any(|w| w.message.contains("0.30 ha of the grid, subcatchments have 0.40 ha: 25.0 %")),
        "{warnings:?}"
    );
    folder.terrain(|_, _| 20.0);
    folder.write("mask.geojson", &polygon(80.0, 100.0));
    let mask =
        SurfaceTable { runoff_from: RunoffFrom::Mask, rain_mask: Some("mask.geojson".into()), ..table() };
    let (_, street_of, _) = street(&folder, &mask).unwrap();
    let share = street_of.setup.rain.share.as_ref().unwrap();
    assert_eq!((share.values[(0, 7)], share.values[(0, 8)], street_of.rain_on_grid), (0.0, 1.0, false));
    folder.write("mask.geojson", &polygon(60.0, 100.0));
    let told = street(&folder, &mask).unwrap_err();
    assert!(told.contains("2000 m² of the rain mask lie in subcatchments") && told.contains("S2"), "{told}");
}

#[test]
fn edges_open_where_they_are_asked_for_and_follow_an_outfall() {
    let folder = Folder::new("edges");
    folder.terrain(|row, column| if row == 9 && column < 5 { -9999.0 } else { 20.0 });
    folder.write(
        "line.geojson",
        r#"{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": {"type": "LineString", "coordinates": [[100, 100], [100, 62]]}}]}"#,
    );
    let south = BoundaryTable {
        edge: Some(Edge::South),
        kind: BoundaryKind::Stage,
        outfall: Some("O".into()),
        ..BoundaryTable::default()
    };
    let east = BoundaryTable { file: Some("line.geojson".into()), ..BoundaryTable::default() };
    let asked = SurfaceTable { boundaries: vec![south.clone(), east], ..table() };
    let (_, street_of, _) = street(&folder, &asked).unwrap();
    let (first, second) = (&street_of.setup.boundaries[0], &street_of.setup.boundaries[1]);
    assert_eq!((first.kind, first.edges.len(), street_of.stage[0].at(1e4)), (Kind::Stage, 10, 16.5));
    let rows: Vec<usize> =
        first.edges.iter().map(|(cell, _)| street_of.setup.grid().row_and_column(*cell).0).collect();
    assert_eq!(rows, [8, 8, 8, 8, 8, 9, 9, 9, 9, 9]);
    assert!(
        second.kind == Kind::Free && second.edges.iter().filter(|(_, side)| *side == Side::East).count() == 5
    );
    let free = BoundaryTable { outfall: Some("F".into()), ..south };
    let told = street(&folder, &SurfaceTable { boundaries: vec![free], ..table() }).unwrap_err();
    assert!(told.contains("the boundary 1 follows the outfall `F`, whose level is free"), "{told}");
}

#[test]
fn layers_lie_on_the_cells_and_gaps_are_told() {
    let folder = Folder::new("layers");
    folder.terrain(|_, _| 20.0);
    let feature = |name: &str, west: f64, east: f64| {
        format!(
            r#"{{"type": "Feature", "properties": {{"use": "{name}", "soil": "{name}"}}, "geometry": {{"type": "Polygon", "coordinates": [[[{west},0],[{east},0],[{east},100],[{west},100],[{west},0]]]}}}}"#
        )
    };
    let plan = |features: &[String]| {
        format!(r#"{{"type": "FeatureCollection", "features": [{}]}}"#, features.join(","))
    };
    folder.write("use.geojson", &plan(&[feature("lawn", 0.0, 50.0), feature("road", 50.0, 70.0)]));
    folder.write("house.geojson", &plan(&[feature("house", 30.0, 40.0)]));
    let classes = [("lawn".to_owned(), 0.2), ("road".to_owned(), 0.016)].into_iter().collect();
    let mut roughness = LayerTable {
        file: "use.geojson".into(),
        property: Some("use".into()),
        classes,
        ..LayerTable::default()
    };
    let of = |roughness: &LayerTable| SurfaceTable {
        roughness: Some(Layer::Table(roughness.clone())),
        buildings: Some(BuildingsTable {
            file: "house.geojson".into(),
            kind: BuildingsAs::Raised,
            height: None,
            property: None,
        }),
        infiltration: Some(InfiltrationTable {
            file: Some("use.geojson".into()),
            property: None,
            soils: [("lawn".to_owned(), SoilTable::Constant { rate: crate::scenario::quantity::Rate(1e-6) })]
                .into_iter()
                .collect(),
            sealed: vec!["road".into()],
        }),
        initial_level: Some(crate::scenario::quantity::Length(20.1)),
        ..table()
    };
    let told = street(&folder, &of(&roughness)).unwrap_err();
    assert!(told.contains("says nothing of 30 cells of the terrain"), "{told}");
    roughness.elsewhere = Some(0.03);
    let (ground, street_of, _) = street(&folder, &of(&roughness)).unwrap();
    let Roughness::Map(n) = &street_of.setup.roughness else { panic!("a map") };
    assert_eq!((n.values[(0, 0)], n.values[(0, 6)], n.values[(0, 9)]), (0.2, 0.016, 0.03));
    assert_eq!((ground.terrain.values[(0, 3)], ground.bare.values[(0, 3)]), (20.3, 20.0));
    assert!(ground.buildings.as_ref().is_some_and(|covered| covered[(5, 3)] && !covered[(5, 4)]));
    let soil = street_of.setup.soils.map.as_ref().unwrap();
    assert_eq!((soil[(0, 0)], soil[(0, 6)], soil[(0, 9)]), (1, 0, 0));
    let depth = street_of.initial_depth.as_ref().unwrap();
    assert!((depth[(0, 0)] - 0.1).abs() < 1e-6 && depth[(0, 3)] == 0.0, "the house stands higher");
}

#[test]
fn cells_become_coarser_by_whole_blocks_and_the_map_is_cropped_to_the_network() {
    let folder = Folder::new("cells");
    folder.terrain(|row, _| 20.0 + 0.1 * (row % 2) as f64);
    let coarse = SurfaceTable { cell: Some(crate::scenario::quantity::Length(20.0)), ..table() };
    let (ground, ..) = street(&folder, &coarse).unwrap();
    assert_eq!((ground.terrain.cell, ground.terrain.rows()), (20.0, 5));
    assert!((ground.terrain.values[(0, 0)] - 20.05).abs() < 1e-5);
    let least = SurfaceTable { resample: Resample::Minimum, ..coarse.clone() };
    assert_eq!(street(&folder, &least).unwrap().0.terrain.values[(0, 0)], 20.0);
    let odd = SurfaceTable { cell: Some(crate::scenario::quantity::Length(15.0)), ..table() };
    let told = street(&folder, &odd).unwrap_err();
    assert!(told.contains("cells of 15 m cannot be made of the terrain's cells of 10 m"), "{told}");
    let near = SurfaceTable { margin: Some(crate::scenario::quantity::Length(10.0)), ..table() };
    let (ground, ..) = street(&folder, &near).unwrap();
    assert_eq!((ground.terrain.rows(), ground.terrain.columns()), (10, 10));
    let part = SurfaceTable { extent: Some([0.0, 30.0, 50.0, 100.0]), ..table() };
    assert_eq!(street(&folder, &part).unwrap().0.terrain.values.dim(), (7, 5));
    let nowhere = SurfaceTable { extent: Some([500.0, 30.0, 600.0, 100.0]), ..table() };
    assert!(street(&folder, &nowhere).unwrap_err().contains("holds nothing of the terrain"));
}

#[test]
fn datums_and_systems_that_differ_are_refused() {
    let folder = Folder::new("datums");
    folder.terrain(|_, _| 20.0);
    let other = SurfaceTable { vertical_datum: Some("吴淞高程".into()), ..table() };
    assert!(
        street(&folder, &other)
            .unwrap_err()
            .contains("in the vertical datum `吴淞高程`, the study in `1985`")
    );
    let far = SurfaceTable { crs: Some("EPSG:4550".into()), ..table() };
    assert!(street(&folder, &far).unwrap_err().contains("no node lies on the terrain"));
    let missing = SurfaceTable { terrain: "none.tif".into(), ..table() };
    assert!(street(&folder, &missing).unwrap_err().contains("there is no file"));
}

#[test]
fn inflows_lines_and_gauges_find_their_cells() {
    let folder = Folder::new("points");
    folder.terrain(|_, _| 20.0);
    folder.write("q.csv", "hours,breach\n0,0\n1,3.6\n");
    let inflow = InflowTable {
        name: "breach".into(),
        at: Some([15.0, 15.0]),
        series: Some("q.csv".into()),
        ..InflowTable::default()
    };
    let asked = SurfaceTable {
        inflows: vec![inflow.clone()],
        lines: vec![LineTable { name: "street".into(), from: [0.0, 50.0], to: [100.0, 50.0] }],
        gauges: vec![GaugeTable { name: "low".into(), at: [95.0, 5.0] }],
        ..table()
    };
    let (ground, street_of, _) = street(&folder, &asked).unwrap();
    assert_eq!(street_of.setup.inflows[0].len(), 1);
    assert!((street_of.inflow[0].at(1800.0) - 1.8).abs() < 1e-12);
    assert_eq!((street_of.setup.lines.len(), ground.gauges[0].0.as_str()), (1, "low"));
    assert_eq!(street_of.setup.grid().row_and_column(ground.gauges[0].1), (9, 9));
    let both =
        InflowTable { flow: Some(crate::scenario::quantity::Flow(1.0)), at: Some([500.0, 0.0]), ..inflow };
    let told = street(&folder, &SurfaceTable { inflows: vec![both], ..table() }).unwrap_err();
    assert!(told.contains("the inflow `breach` needs one of `flow` and `series`"), "{told}");
}

#[test]
fn cells_with_tables_keep_the_terrain_and_say_what_they_cannot_do() {
    let folder = Folder::new("subgrid");
    folder.terrain(|row, _| 20.0 + 0.1 * (row % 2) as f64);
    let side = |cell: f64| Some(crate::scenario::quantity::Length(cell));
    let tables = SurfaceTable { cell: side(40.0), subgrid: true, ..table() };
    let (ground, street_of, _) = street(&folder, &tables).unwrap();
    assert_eq!((ground.terrain.cell, ground.terrain.rows()), (10.0, 10), "maps stay as fine as the file");
    assert_eq!(street_of.setup.options.subgrid, Some(4));
    let refused = |table: SurfaceTable| street(&folder, &table).unwrap_err();
    let none = refused(SurfaceTable { cell: None, ..tables.clone() });
    assert!(none.contains("`surface.subgrid` needs the side of a cell"), "{none}");
    let same = refused(SurfaceTable { cell: side(10.0), ..tables.clone() });
    assert!(same.contains("needs cells larger than the terrain's of 10 m"), "{same}");
    let least = refused(SurfaceTable { resample: Resample::Minimum, ..tables.clone() });
    assert!(least.contains("`surface.resample` has no effect"), "{least}");
    let shock = refused(SurfaceTable { law: LawName::Shock, ..tables.clone() });
    assert!(shock.contains("cannot be run with the shock law"), "{shock}");
    let advection = refused(SurfaceTable { advection: Some(true), ..tables });
    assert!(advection.contains("cannot be run with the advection of momentum"), "{advection}");
}
