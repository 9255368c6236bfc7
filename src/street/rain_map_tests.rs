//! Claims about maps of rain over a terrain of ten by ten cells of 10 m from (0, 100).

use encoding_rs::GBK;

use crate::scenario::rain_maps::{NoRainData, RainMapUnit, RainMapsTable};
use crate::scenario::surface::{RainBy, RunoffFrom, SurfaceTable};
use crate::simulation::street::ZoneRain;

use super::Ground;
use super::tests::{Folder, street, table, town};

/// A map of 30 m cells from (-10, 110): 4 by 4, of which all lie over the grid; the cells of the terrain with middles
/// below x = 20 lie in its first column.
const FRAME: &str = "ncols 4\nnrows 4\nxllcorner -10\nyllcorner -10\ncellsize 30\nNODATA_value -1\n";

fn write(folder: &Folder, name: &str, values: impl Fn(usize, usize) -> f64) {
    let rows: Vec<String> = (0..4)
        .map(|row| (0..4).map(|column| values(row, column).to_string()).collect::<Vec<_>>().join(" "))
        .collect();
    folder.write(name, &format!("{FRAME}{}\n", rows.join("\n")));
}

fn asked(unit: RainMapUnit) -> SurfaceTable {
    let maps = RainMapsTable { file: "rain.csv".into(), unit, ..RainMapsTable::default() };
    SurfaceTable { runoff_from: RunoffFrom::Grid, rain_maps: Some(maps), ..table() }
}

#[test]
fn a_cell_gets_the_rain_of_the_cell_of_the_map_in_which_its_middle_lies() {
    let folder = Folder::new("maps");
    folder.terrain(|_, _| 20.0);
    // 10 to 25 mm/h in the order of reading, for 6 min, dry for 6, then 4 mm/h everywhere for 3
    write(&folder, "a.asc", |row, column| 10.0 + (4 * row + column) as f64);
    write(&folder, "b.asc", |_, _| 4.0);
    folder.write("rain.csv", "time,file\n0:06,a.asc\n0:12,\n0:18,b.asc\n0:21,\n");
    let (_, street_of, warnings) = street(&folder, &asked(RainMapUnit::Intensity)).unwrap();
    assert!(warnings.is_empty(), "{warnings:?}");
    let zones = street_of.setup.rain.zones.as_ref().unwrap();
    assert_eq!(street_of.rain.len(), 16);
    assert_eq!((zones[(0, 0)], zones[(0, 1)], zones[(0, 2)], zones[(1, 9)], zones[(9, 9)]), (0, 0, 1, 3, 15));
    let ZoneRain::Steps(steps) = &street_of.rain[15] else { panic!("it is of a map") };
    let mm_per_h = 1.0e-3 / 3600.0;
    let expected =
        [(0.0, 0.0), (360.0, 25.0 * mm_per_h), (720.0, 0.0), (1080.0, 4.0 * mm_per_h), (1260.0, 0.0)];
    assert_eq!(steps.as_slice(), expected);
    assert_eq!(street_of.rain_start_of_maps(), Some(360.0));
    // the same numbers as depths: 25 mm in 6 min, 4 mm in 3
    let (_, street_of, _) = street(&folder, &asked(RainMapUnit::Depth)).unwrap();
    let ZoneRain::Steps(steps) = &street_of.rain[15] else { panic!("it is of a map") };
    let depth: f64 = steps.windows(2).map(|w| w[0].1 * (w[1].0 - w[0].0)).sum();
    assert!((depth - 0.029).abs() < 1.0e-15, "{depth}");
}

#[test]
fn dates_count_from_the_start_of_the_run_and_rain_before_it_is_left_out() {
    let folder = Folder::new("dates");
    folder.terrain(|_, _| 20.0);
    write(&folder, "a.asc", |_, _| 36.0);
    // the town's run goes from 2026-07-21 00:00 to 02:00
    let list = |from: &str, to: &str| folder.write("rain.csv", &format!("{from},a.asc\n{to},\n"));
    list("2026-07-20 23:50", "2026-07-21 00:10");
    let (ground, street_of, _) = street(&folder, &asked(RainMapUnit::Intensity)).unwrap();
    assert_eq!(street_of.rain[0], ZoneRain::Steps(vec![(0.0, 36.0 * (1.0e-3 / 3600.0)), (600.0, 0.0)]));
    let told = ground.check_rain_in_run(&town());
    assert!(told[0].message.contains("from -0.17 h to 0.17 h") && told[0].message.contains("left out"));
    let check = |from: &str, to: &str| -> Vec<String> {
        list(from, to);
        let (ground, ..) = street(&folder, &asked(RainMapUnit::Intensity)).unwrap();
        ground.check_rain_in_run(&town()).iter().map(|problem| problem.to_string()).collect()
    };
    assert!(check("2026-07-21 00:00", "2026-07-21 02:00").is_empty());
    assert!(check("0:00", "2:00").is_empty());
    assert!(check("0:00", "2:30")[0].starts_with("warning"));
    assert!(check("2026-07-22 00:00", "2026-07-22 02:00")[0].starts_with("error"));
    assert!(check("2026-07-20 20:00", "2026-07-20 22:00")[0].starts_with("error"));
}

#[test]
fn holes_are_refused_unless_they_are_said_to_be_dry() {
    let folder = Folder::new("holes-of-rain");
    folder.terrain(|_, _| 20.0);
    write(&folder, "a.asc", |row, _| if row == 0 { -1.0 } else { 8.0 });
    folder.write("rain.csv", "0:06,a.asc\n0:12,\n");
    let mut asked = asked(RainMapUnit::Intensity);
    let told = street(&folder, &asked).unwrap_err();
    assert!(told.contains("holds no data in 4 of its cells") && told.contains("rain.csv:1:6"), "{told}");
    if let Some(maps) = &mut asked.rain_maps {
        maps.no_data = NoRainData::Dry;
    }
    let (_, street_of, warnings) = street(&folder, &asked).unwrap();
    assert!(warnings[0].message.contains("1 maps") && warnings[0].message.contains("25.0 %"), "{warnings:?}");
    assert_eq!(street_of.rain[0], ZoneRain::Steps(vec![(0.0, 0.0)]));
}

#[test]
fn more_than_it_ever_rains_is_a_number_for_something_else() {
    let folder = Folder::new("huge-rain");
    folder.terrain(|_, _| 20.0);
    write(&folder, "a.asc", |row, _| if row == 0 { 6000.0 } else { 8.0 });
    // 4000 mm/h for six minutes are 400 mm
    write(&folder, "b.asc", |_, _| 400.0);
    folder.write("rain.csv", "0:06,a.asc\n0:12,\n");
    let told = street(&folder, &asked(RainMapUnit::Intensity)).unwrap_err();
    assert!(told.contains("holds 6000") && told.contains("no data"), "{told}");
    folder.write("rain.csv", "0:06,b.asc\n0:12,\n");
    assert!(street(&folder, &asked(RainMapUnit::Depth)).is_ok());
}

#[test]
fn a_list_may_be_saved_as_chinese_spreadsheets_save_it() {
    let folder = Folder::new("gbk-rain");
    folder.terrain(|_, _| 20.0);
    write(&folder, "雨.asc", |_, _| 8.0);
    let (bytes, _, _) = GBK.encode("时间,文件,,\r\n0:06,雨.asc,,\r\n0:12,,,\r\n");
    std::fs::write(folder.0.join("rain.csv"), bytes).unwrap();
    assert!(street(&folder, &asked(RainMapUnit::Intensity)).is_ok());
}

#[test]
fn what_maps_hold_beside_the_mask_does_not_matter_and_subcatchments_keep_their_gauges() {
    let folder = Folder::new("mask-of-rain");
    folder.terrain(|_, _| 20.0);
    folder.write(
        "mask.geojson",
        r#"{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [[[80,0],[100,0],[100,100],[80,100],[80,0]]]}}]}"#,
    );
    write(&folder, "a.asc", |_, column| if column == 0 { -1.0 } else { 8.0 });
    folder.write("rain.csv", "0:06,a.asc\n0:12,\n");
    let asked = SurfaceTable {
        runoff_from: RunoffFrom::Mask,
        rain_mask: Some("mask.geojson".into()),
        ..asked(RainMapUnit::Intensity)
    };
    let (_, street_of, warnings) = street(&folder, &asked).unwrap();
    assert_eq!((street_of.rain.len(), street_of.rain_on_grid), (4, false));
    let [told] = warnings.as_slice() else { panic!("{warnings:?}") };
    assert!(told.message.contains("subcatchments have the rain of their gauges"), "{told}");
}

#[test]
fn maps_that_do_not_fit_are_refused_with_the_line_that_names_them() {
    let folder = Folder::new("misfits");
    folder.terrain(|_, _| 20.0);
    write(&folder, "a.asc", |_, _| 8.0);
    write(&folder, "negative.asc", |row, _| if row == 2 { -9999.0 } else { 8.0 });
    folder.write("shifted.asc", &format!("{}{}", FRAME.replace("-10\ny", "-20\ny"), "1 ".repeat(16)));
    folder.write(
        "narrow.asc",
        "ncols 2\nnrows 4\nxllcorner -10\nyllcorner -10\ncellsize 30\n1 1 1 1 1 1 1 1\n",
    );
    folder.write("cut.asc", "ncols 4\nnrows");
    write(&folder, "other.asc", |_, _| 8.0);
    folder.write("other.prj", "PROJCS[\"x\",AUTHORITY[\"EPSG\",\"32650\"]]");
    let refused = |list: &str, parts: &[&str]| {
        folder.write("rain.csv", list);
        let told = street(&folder, &asked(RainMapUnit::Intensity)).unwrap_err();
        for part in parts {
            assert!(told.contains(part), "{part}: {told}");
        }
    };
    refused("0:06,a.asc\n0:12,none.asc\n0:18,\n", &["there is no file", "none.asc", "rain.csv:2:6"]);
    refused("0:06,a.asc\n0:12,shifted.asc\n0:18,\n", &["from (-20, 110), that of line 1", "rain.csv:2:6"]);
    refused("0:06,a.asc\n0:12,other.asc\n0:18,\n", &["in EPSG:32650, that of line 1 in EPSG:4549"]);
    refused("0:06,narrow.asc\n0:12,\n", &["does not cover 50 of 100 cells", "the first at (55.0, 95.0)"]);
    refused("0:06,a.asc\n0:12,negative.asc\n0:18,\n", &["holds -9999 at (5.0, 35.0)", "rain.csv:2:6"]);
    refused("0:06,cut.asc\n0:12,\n", &["cut.asc"]);
    refused("0:12,a.asc\n0:06,a.asc\n0:18,\n", &["`0:06` does not follow", "rain.csv:2:1"]);
    // all of them, not the first
    refused("0:06,a.asc\n0:12,none.asc\n0:18,shifted.asc\n1:00,\n", &["none.asc", "that of line 1"]);
    std::fs::remove_file(folder.0.join("rain.csv")).unwrap();
    let told = street(&folder, &asked(RainMapUnit::Intensity)).unwrap_err();
    assert!(told.contains("there is no file") && told.contains("rain.csv"), "{told}");
}

#[test]
fn rain_from_maps_and_from_gauges_on_the_same_ground_is_refused() {
    let folder = Folder::new("both");
    folder.terrain(|_, _| 20.0);
    write(&folder, "a.asc", |_, _| 8.0);
    folder.write("rain.csv", "0:06,a.asc\n0:12,\n");
    let asked = asked(RainMapUnit::Intensity);
    let none = SurfaceTable { runoff_from: RunoffFrom::Subcatchments, ..asked.clone() };
    assert!(street(&folder, &none).unwrap_err().contains("gives the grid no rain"));
    for both in [
        SurfaceTable { rain_by: RainBy::Nearest, ..asked.clone() },
        SurfaceTable { rain_gauge: Some("East".into()), ..asked.clone() },
    ] {
        assert!(street(&folder, &both).unwrap_err().contains("a gauge both rain on the grid"));
    }
}

#[test]
fn a_cached_run_depends_on_every_map() {
    let folder = Folder::new("key");
    folder.write("rain.csv", "0:06,a.asc\n0:12,\n0:18,b.asc\n0:24,\n");
    let files = Ground::files(&asked(RainMapUnit::Intensity), &folder.0);
    for name in ["dem.asc", "rain.csv", "a.asc", "b.asc"] {
        assert!(files.contains(&folder.0.join(name)), "{name}: {files:?}");
    }
}
