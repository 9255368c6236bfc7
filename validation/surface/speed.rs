//! Processor seconds, files included, of the same work as the peers did: `speed` runs each piece in a process of its
//! own, so that its time and its memory are its own.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use ndarray::Array2;
use pailao::model::raster::Raster;
use pailao::num::real::Real;
use pailao::results::raster::{esri_ascii, geotiff};
use pailao::surface::{Drivers, Law, Options, Params, Series, Setup, Start, State, run};

use crate::corpus;
use crate::proof::{Proof, Trouble};
use crate::properties::hills;
use crate::urban;

/// What a piece cost.
struct Cost {
    processor: f64,
    wall: f64,
    memory: f64,
    updates: f64,
    error: f64,
}

/// A piece: its name, whether its numbers are `f32`, its threads, its gates.
struct Piece {
    name: &'static str,
    single: bool,
    threads: usize,
    /// At least so many million cell updates in a processor second.
    rate: Option<f64>,
    /// At most so many processor seconds, and what a peer takes.
    seconds: Option<(f64, &'static str)>,
    /// At most so much memory (MiB).
    memory: Option<f64>,
}

/// Files of the pieces.
fn work_folder() -> PathBuf {
    std::env::temp_dir().join("pailao_surface")
}

/// Runs all pieces and prints their gates.
pub fn speed(proof: &mut Proof) -> Result<(), Trouble> {
    let plain = |name, single, rate| Piece {
        name,
        single,
        threads: 1,
        rate: Some(rate),
        seconds: None,
        memory: None,
    };
    let timed = |name, single, most, peer| Piece {
        name,
        single,
        threads: 1,
        rate: None,
        seconds: Some((most, peer)),
        memory: None,
    };
    let pieces = [
        plain("fractal_500", true, 150.0),
        plain("fractal_500", false, 80.0),
        plain("fractal_1000", true, 150.0),
        plain("fractal_1000", false, 80.0),
        Piece { memory: Some(1024.0), ..plain("fractal_2000", true, 150.0) },
        Piece { memory: Some(1024.0), ..plain("fractal_2000", false, 80.0) },
        timed("urban", true, 13.2 / 5.0, "LISFLOOD-FP ACC 13.2 s, SFINCS 20.1 s"),
        timed("urban", false, 13.2 / 5.0, "LISFLOOD-FP ACC 13.2 s, SFINCS 20.1 s"),
        timed("ea5", true, 3.1 / 5.0, "LISFLOOD-FP ACC 3.1 s"),
        timed("ea5", false, 3.1 / 5.0, "LISFLOOD-FP ACC 3.1 s"),
    ];
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    proof.remark(&format!("load of the machine before: {}", load.trim()));
    proof.remark("peers on the fractal of 500 x 500: LISFLOOD-FP ACC, SFINCS and itzi make 12 million updates a second");
    for n in [500, 1000, 2000] {
        proof.remark(&terrain_file(n)?.1);
    }
    for piece in &pieces {
        let cost = measure_apart(piece.name, piece.single, piece.threads)?;
        let name = format!("{}, {}", piece.name, if piece.single { "f32" } else { "f64" });
        if let Some(rate) = piece.rate {
            proof.at_least(
                &format!("million updates a processor second, {name}"),
                cost.updates / cost.processor / 1.0e6,
                rate,
            );
        }
        match piece.seconds {
            Some((most, peer)) => {
                proof.gate(&format!("processor seconds, {name}"), cost.processor, most);
                proof.remark(&format!("   peers: {peer}"));
            }
            None => proof.note("   processor seconds", cost.processor),
        }
        match piece.memory {
            Some(most) => proof.gate("   peak memory (MiB)", cost.memory, most),
            None => proof.note("   peak memory (MiB)", cost.memory),
        }
        proof.gate("   volume error", cost.error, if piece.single { 1.0e-6 } else { 1.0e-9 });
    }
    let (one, two) = (measure_apart("fractal_1000", true, 1)?, measure_apart("fractal_1000", true, 2)?);
    proof.at_least("two threads over one, fractal_1000, f32, idle machine", one.wall / two.wall, 1.7);
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    proof.remark(&format!("load of the machine after: {}", load.trim()));
    Ok(())
}

/// The terrain of n x n cells: by the corpus's generator, or of our own where there is no Python with numpy. Gives where
/// it is and which one it is.
fn terrain_file(n: usize) -> Result<(PathBuf, String), Trouble> {
    let folder = work_folder();
    std::fs::create_dir_all(&folder)?;
    let path = folder.join(format!("fractal_{n}.asc"));
    if path.exists() {
        return Ok((path.clone(), format!("terrain of {n} x {n} cells as it lies in {}", path.display())));
    }
    let python = std::env::var_os("PAILAO_PYTHON").unwrap_or_else(|| "python3".into());
    let made = corpus::path("scaling_fractal/generator.py").is_ok_and(|generator| {
        let made = Command::new(python).arg(generator).arg(n.to_string()).arg(&path).output();
        made.is_ok_and(|made| made.status.success())
    });
    if made {
        return Ok((path, format!("terrain of {n} x {n} cells by the generator of the corpus")));
    }
    esri_ascii::write(&path, &hills(n, n, 10.0))?;
    Ok((path, format!("terrain of {n} x {n} cells of our own: no corpus, or no Python with numpy")))
}

/// Runs a piece in a process of its own.
fn measure_apart(name: &str, single: bool, threads: usize) -> Result<Cost, Trouble> {
    let began = Instant::now();
    let numbers = if single { "f32" } else { "f64" };
    let done = Command::new(std::env::current_exe()?)
        .args(["measure", name, numbers, &threads.to_string()])
        .output()?;
    let wall = began.elapsed().as_secs_f64();
    let text = String::from_utf8_lossy(&done.stdout);
    let words: Vec<f64> = text.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    match words[..] {
        [processor, memory, updates, error] if done.status.success() => {
            Ok(Cost { processor, wall, memory, updates, error })
        }
        _ => Err(format!("{name}: {text}{}", String::from_utf8_lossy(&done.stderr)).into()),
    }
}

/// The inside of [`measure_apart`]: prints processor seconds, MiB, cell updates and the volume error.
pub fn measure(arguments: &[String]) -> Result<(), Trouble> {
    let [name, numbers, threads] = arguments else { return Err("measure needs NAME NUMBERS THREADS".into()) };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.parse()?).build()?;
    let parallel = threads != "1";
    let (updates, error) = pool.install(|| -> Result<(f64, f64), String> {
        let piece = if numbers == "f32" { one::<f32>(name, parallel) } else { one::<f64>(name, parallel) };
        piece.map_err(|trouble| trouble.to_string())
    })?;
    println!("{} {} {updates} {error}", processor_seconds(), peak_memory());
    Ok(())
}

fn one<R: Real>(name: &str, parallel: bool) -> Result<(f64, f64), Trouble> {
    let (mut setup, drivers, end) = match name {
        "urban" => {
            let (setup, drivers) = urban::place(Law::INERTIAL)?;
            (setup, drivers, 5400.0)
        }
        "ea5" => {
            let (setup, drivers) = crate::agency::valley_place(Law::INERTIAL)?;
            (setup, drivers, 20000.0)
        }
        _ => {
            let terrain = corpus::read_map(&work_folder().join(format!("{name}.asc")))?;
            let mut options = Options::of(Law::INERTIAL);
            // as LISFLOOD-FP was run
            options.longest_step = 1.0;
            let setup = Setup::new(terrain, 0.035, options);
            let drivers = Drivers { rain: vec![Series::constant(30.0 / 3.6e6)], ..Drivers::default() };
            (setup, drivers, 1800.0)
        }
    };
    setup.options.parallel = parallel;
    let params = Params::<R>::new(&setup).map_err(|faults| format!("{faults:?}"))?;
    // the map that is written needs the frame of the terrain only
    let mut map = setup.terrain;
    map.values = Array2::default((0, 0));
    let mut state = State::new(&params, Start::Dry);
    run(&params, &mut state, &drivers, end, 300.0, |_| true);
    write(&params, &state, map, &work_folder().join(format!("{name}_{}.tif", std::process::id())))?;
    let updates = params.grid.cells() as f64 * state.steps as f64;
    Ok((updates, state.volume_error(&params).abs()))
}

/// Writes the greatest depths, as a run does, and removes the file.
fn write<R: Real>(params: &Params<R>, state: &State<R>, frame: Raster, path: &Path) -> Result<(), Trouble> {
    let grid = params.grid;
    let depths: Vec<f32> = grid.all().map(|cell| state.depth(cell) as f32).collect();
    let map = Raster { values: Array2::from_shape_vec((grid.rows, grid.columns), depths)?, ..frame };
    geotiff::write(path, &map)?;
    Ok(std::fs::remove_file(path)?)
}

/// Processor seconds of this process so far, all threads.
pub fn processor_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<f64> = stat.rsplit_once(')').map_or_else(Vec::new, |(_, rest)| {
        rest.split_whitespace().map(|word| word.parse().unwrap_or(0.0)).collect()
    });
    // in hundredths of a second
    (fields.get(11).unwrap_or(&0.0) + fields.get(12).unwrap_or(&0.0)) / 100.0
}

/// The most memory that this process has held (MiB).
fn peak_memory() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok())
        .map_or(f64::NAN, |kib| kib / 1024.0)
}
