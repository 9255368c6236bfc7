//! A place with its streets, run coupled: how fast, how many steps, and where the water went.
//!
//! `cargo run --release --example surface_place -- SCENARIO [FACTOR] [grid] [fine] [FOLDER]` takes the network and the
//! `[surface]` of a scenario file and multiplies the rain series of the network by a factor. Thus the 3-year storm of
//! the riverside network becomes one of 100 years with 1.8576 = (1 + 0.77 lg 100) / (1 + 0.77 lg 3). With `grid` the
//! rain falls on the cells, with `fine` the cells are those of the terrain's file. A folder gets maps of the greatest
//! depth and of the terrain as the water meets it.

use std::path::Path;
use std::time::Instant;

use ndarray::Array2;
use pailao::input::{inp, scenario};
use pailao::model::check::check;
use pailao::model::raster::Raster;
use pailao::model::weather::RainSource;
use pailao::results::raster::geotiff;
use pailao::scenario::surface::RunoffFrom;
use pailao::simulation::{run, run_coupled};
use pailao::street::{Ground, Town};

/// Processor seconds of this process so far, of all threads.
fn processor_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = text.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |index: usize| fields.get(index).and_then(|field| field.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) / 100.0
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let path = Path::new(arguments.first().expect("a scenario file"));
    let factor: f64 = arguments.get(1).map_or(1.0, |text| text.parse().expect("a factor"));
    let folder = path.parent().expect("a file in a folder");
    let (asked, _) =
        scenario::read(path).expect("the file can be read").unwrap_or_else(|found| panic!("{found:#?}"));
    let mut table = asked.surface.clone().expect("a scenario with [surface]");
    let mut words: Vec<&str> = arguments.iter().skip(2).map(String::as_str).collect();
    if words.contains(&"grid") {
        table.runoff_from = RunoffFrom::Grid;
    }
    if words.contains(&"fine") {
        table.cell = None;
    }
    words.retain(|word| !["grid", "fine"].contains(word));

    let begun = (Instant::now(), processor_seconds());
    let mut reading = inp::read(&folder.join(&asked.study.network), None).expect("the network is there");
    let faults = check(&mut reading.model);
    assert!(faults.is_empty(), "{faults:#?}");
    let mut model = reading.model;
    let sources = model.gauges.items().iter().map(|gauge| gauge.source.clone());
    let mut series: Vec<_> = sources
        .filter_map(|source| if let RainSource::Series(id) = source { Some(id) } else { None })
        .collect();
    series.dedup();
    for id in series {
        model.series[id].values.iter_mut().for_each(|value| *value *= factor);
    }
    let crs = asked.study.crs.as_deref();
    let town = Town { crs, vertical_datum: asked.study.vertical_datum.as_deref(), model: &model };
    let (ground, told) = Ground::read(&table, folder, &town).unwrap_or_else(|found| panic!("{found:#?}"));
    told.iter().for_each(|problem| println!("{problem}"));
    let (street, told) = ground.street(&model).unwrap_or_else(|found| panic!("{found:#?}"));
    told.iter().for_each(|problem| println!("{problem}"));
    let grid = street.setup.grid();
    let cells = street.setup.terrain.values.iter().filter(|level| level.is_finite()).count();
    println!(
        "{} by {} cells, {cells} of them on the surface; {} manholes",
        grid.columns,
        grid.rows,
        street.manholes.len()
    );
    println!(
        "read in {:.2} s, {:.2} s of processor",
        begun.0.elapsed().as_secs_f64(),
        processor_seconds() - begun.1
    );

    let alone = (Instant::now(), processor_seconds());
    let (network, _) = run(&model, &mut [], &mut |_| true).expect("it runs");
    println!(
        "network alone: {:.2} s, {:.2} s of processor; flooded {:.0} m³",
        alone.0.elapsed().as_secs_f64(),
        processor_seconds() - alone.1,
        network.routing.flooding
    );

    let begun = (Instant::now(), processor_seconds());
    let mut simulated = 0.0;
    let (network, water, outcome) = run_coupled(&model, &street, &mut [], &mut [], &mut |progress| {
        simulated = progress.duration;
        true
    })
    .expect("it runs");
    let (wall, processor) = (begun.0.elapsed().as_secs_f64(), processor_seconds() - begun.1);
    println!("coupled: {outcome:?}; {simulated:.0} s in {wall:.2} s, {processor:.2} s of processor");
    println!(
        "  faster than real time by {:.0}; by processor seconds on two cores {:.0}",
        simulated / wall,
        simulated / (processor / 2.0)
    );
    println!("  {:?}", water.steps);
    println!("  {:?}", water.ledger);
    println!("  stored {:.1} m³, volume error {:.2e}", water.stored, water.volume_error);
    println!("  network: {:?}", network.routing);
    let mut busiest: Vec<_> = street.manholes.iter().zip(&water.manholes).collect();
    busiest.sort_by(|a, b| b.1.up.total_cmp(&a.1.up));
    for (manhole, exchanged) in busiest.iter().take(12) {
        println!("  {:<6} {exchanged:?}", model.nodes.name(manhole.node));
    }
    if let (Some(to), false) = (words.first(), water.maxima.is_empty()) {
        let depths = water.maxima.iter().map(|cell| cell.depth as f32).collect();
        let values = Array2::from_shape_vec((grid.rows, grid.columns), depths).expect("one a cell");
        let map = Raster { values, ..street.setup.terrain.clone() };
        geotiff::write(&Path::new(to).join("depth.tif"), &map).expect("the folder is there");
        geotiff::write(&Path::new(to).join("ground.tif"), &street.setup.terrain)
            .expect("the folder is there");
    }
}
