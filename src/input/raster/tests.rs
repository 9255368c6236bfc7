use std::io::Write;
use std::path::PathBuf;

use super::*;

fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/input/raster/samples").join(name)
}

fn of(text: &str) -> Result<Raster, Vec<Diagnostic>> {
    parse(text.as_bytes(), Path::new("dem.asc"), None)
}

fn refused(result: Result<Raster, Vec<Diagnostic>>) -> String {
    let problems = result.expect_err("it is wrong");
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// The values that `samples/make.py` gives to each map.
fn is_made(raster: &Raster) -> bool {
    raster.values.dim() == (9, 12)
        && raster.values.indexed_iter().all(|((row, column), &value)| {
            let made = 10.0 + 3.0 * row as f32 - column as f32 / 2.0;
            if (row, column) == (3, 4) { value.is_nan() } else { value == made }
        })
}

#[test]
fn what_gdal_writes_is_read() {
    for name in [
        "plain_strips.tif",
        "deflate_float_predictor_tiles.tif",
        "lzw_predictor_strips.tif",
        "packbits_big_endian.tif",
        "big_lzw_tiles.tif",
        "not_a_number.tif",
        "half_metres_int16.tif",
        "half_metres_byte.tif",
        "pixel_is_point.tif",
    ] {
        let raster = read(&sample(name)).unwrap().unwrap_or_else(|wrong| panic!("{name}: {wrong:?}"));
        assert!(is_made(&raster), "{name}: {:?}", raster.values);
        assert_eq!((raster.west, raster.north, raster.cell), (500e3, 4500e3, 2.0), "{name}");
        assert_eq!(raster.crs.as_deref(), Some("EPSG:4549"), "{name}");
    }
    let without = read(&sample("without_system.tif")).unwrap().unwrap();
    assert!(is_made(&without) && without.crs.is_none());
}

#[test]
fn each_map_that_cannot_be_used_is_refused_with_its_cause() {
    for (name, word) in [
        ("wrong_bands.tif", "the map has 2 bands"),
        ("wrong_rotated.tif", "turned against the north"),
        ("wrong_oblong.tif", "cells are 2 wide and 3 high"),
        ("wrong_south_first.tif", "the first row of the map is the southern one"),
        ("wrong_degrees.tif", "in degrees (EPSG:4490)"),
        ("wrong_feet.tif", "US survey feet"),
        ("wrong_packing.tif", "ZSTD"),
        ("wrong_web_mercator.tif", "Web Mercator"),
        ("wrong_mask.tif", "kept in a mask"),
    ] {
        let text = refused(read(&sample(name)).unwrap());
        assert!(text.contains(word) && text.contains(name) && text.contains("help: "), "{name}: {text}");
    }
    assert!(read(&sample("missing.tif")).is_err(), "a file that cannot be read is an error of the system");
}

/// A fixed stream of numbers.
fn stream(mut state: u64) -> impl FnMut(usize) -> usize {
    move |below| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below.max(1)
    }
}

#[test]
fn broken_files_are_refused_or_read_but_never_stop_the_program() {
    let mut draw = stream(5);
    let mut refusals = 0;
    for entry in std::fs::read_dir(sample("")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "tif") {
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        for length in (0..bytes.len()).step_by(1 + bytes.len() / 60) {
            refusals += usize::from(parse(&bytes[..length], &path, None).is_err());
        }
        for _ in 0..150 {
            let mut flipped = bytes.clone();
            for _ in 0..=draw(4) {
                // most of what can mislead stands in the first bytes and in the directory
                let place = if draw(2) == 0 { draw(400.min(bytes.len())) } else { draw(bytes.len()) };
                flipped[place] = [0, 1, 255, 128, draw(256) as u8][draw(5)];
            }
            refusals += usize::from(parse(&flipped, &path, None).is_err());
        }
    }
    assert!(refusals > 1000, "{refusals}");
}

#[test]
fn a_directory_that_claims_too_much_is_refused_without_memory() {
    let bytes = std::fs::read(sample("plain_strips.tif")).unwrap();
    // width and height are the first two tags: count, then 12 bytes each, the value in the last four
    let start = u32::from_le_bytes(bytes[4..8].try_into().unwrap()) as usize + 2;
    let mut wide = bytes.clone();
    for entry in 0..2 {
        // as 32-bit numbers
        wide[start + entry * 12 + 2] = 4;
        wide[start + entry * 12 + 8..start + entry * 12 + 12].copy_from_slice(&3_000_000_u32.to_le_bytes());
    }
    let text = refused(parse(&wide, Path::new("a.tif"), None));
    assert!(text.contains("broken"), "{text}");
    let text = refused(parse(&bytes[..300], Path::new("a.tif"), None));
    assert!(text.contains("the TIFF is broken"), "{text}");
}

const GRID: &str = "ncols 3\nnrows 2\nxllcorner 100\nyllcorner 200\ncellsize 2\nNODATA_value -9999\n";

#[test]
fn a_grid_is_read_in_each_of_its_spellings() {
    let raster = of(&format!("{GRID}1 2 -9999\n4 5 6.5\n")).unwrap();
    assert_eq!((raster.west, raster.north, raster.cell), (100.0, 204.0, 2.0));
    assert_eq!(raster.value_at(101.0, 203.0), Some(1.0));
    assert_eq!(raster.value_at(105.0, 201.0), Some(6.5));
    assert_eq!(raster.value_at(105.0, 203.0), None);
    let same = |text: &str| {
        let other = of(text).unwrap();
        assert!(other.same_cells(&raster), "{text}");
        assert!(other.values.iter().zip(&raster.values).all(|(a, b)| a.to_bits() == b.to_bits() || a == b));
    };
    same(
        "\u{feff}NCOLS 3\r\nNROWS 2\r\nXLLCENTER 101\r\nYLLCENTER 201\r\nCELLSIZE 2.0\r\n1 2 nan\r\n4 5 6.5\r\n",
    );
    same("nrows 2\nncols 3\n\nxllcorner 1e2\nyllcorner 200\ndx 2\ndy 2\n 1 2\n-9999 4\n5 6.5");
    let empty = of(GRID).err();
    assert!(empty.is_some(), "no values");
    let zero = of(&format!("{}0 2 -9999\n4 5 6.5\n", GRID.replace("-9999", "0"))).unwrap();
    assert_eq!((zero.values[(0, 2)], zero.unknown()), (-9999.0, 1), "only what the head names is none");
}

#[test]
fn packed_grids_are_read_and_cut_ones_told() {
    let folder = std::env::temp_dir().join(format!("pailao-grid-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("dem.asc.gz");
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    write!(packed, "{GRID}1 2 3\n4 5 6\n").unwrap();
    let bytes = packed.finish().unwrap();
    std::fs::write(&path, &bytes).unwrap();
    let name = "PROJCS[\"CGCS2000_3_Degree_GK_CM_120E\",GEOGCS[\"GCS\"],UNIT[\"Meter\",1.0]]";
    std::fs::write(folder.join("dem.prj"), name).unwrap();
    let raster = read(&path).unwrap().unwrap();
    assert_eq!((raster.unknown(), raster.crs.as_deref()), (0, Some("EPSG:4549")));
    std::fs::write(&path, &bytes[..bytes.len() - 12]).unwrap();
    let text = refused(read(&path).unwrap());
    assert!(text.contains("gzip stream is broken"), "{text}");
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn what_is_wrong_in_a_grid_is_shown_at_its_line() {
    let told = |text: &str, words: &[&str]| {
        let text = refused(of(text));
        for word in words {
            assert!(text.contains(word), "`{word}` in: {text}");
        }
    };
    told(&format!("{GRID}1 2 3\n4 5\n"), &["dem.asc:8", "5 values", "make 6", "holds 2"]);
    told(&format!("{GRID}1 2 3\n4 5 6 7\n"), &["dem.asc:8", "7 values"]);
    told(&format!("{GRID}1 2 3\n"), &["3 values", "the last of 1 rows is line 7"]);
    told(&format!("{GRID}1,5 2 3\n4 x 6\n"), &["dem.asc:7:1", "12,5", "dem.asc:8:3", "`x` is no number"]);
    told(&GRID.replace("cellsize 2", "cellsize 2,5"), &["dem.asc:5:10", "`2,5` is no number", "point"]);
    told(&GRID.replace("ncols 3", "ncols 0"), &["`ncols` is 0"]);
    told(&GRID.replace("cellsize 2\n", "cell 2\n"), &["`cell` is no key", "lacks cellsize"]);
    told(&GRID.replace("cellsize 2", "cellsize -2"), &["make no map"]);
    told("", &["no head"]);
    told("1 2 3\n", &["no head"]);
    told(&format!("{}1 2 3 4 5 6\n", GRID.replace("cellsize 2", "dx 2\ndy 3")), &["2 wide and 3 high"]);
    told(&GRID.replace("ncols 3", "ncols 900000").replace("nrows 2", "nrows 900000"), &["more than"]);
    let degrees = "ncols 2\nnrows 1\nxllcorner 121\nyllcorner 31\ncellsize 0.0001\n1 2\n";
    told(degrees, &["seems to be in degrees", "gdalwarp"]);
    assert!(refused(parse(&[0xff, 0xfe, 0, 1], Path::new("a"), None)).contains("neither a TIFF nor text"));
}
