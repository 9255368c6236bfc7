use std::path::PathBuf;
use std::sync::Mutex;

use ndarray::Array2;

use super::*;
use crate::diagnostic::Severity;
use crate::input::inp::read;
use crate::model::Model;
use crate::model::check::check;
use crate::model::raster::Raster;
use crate::routing::Params;
use crate::routing::exchange::Opening;
use crate::simulation::coupled::join;
use crate::simulation::run::Run;
use crate::simulation::street::{Manhole, Precision, Street};
use crate::surface::{Law, Options, Setup};

/// A model with rain on land, pumps, storage, and rules of every kind.
fn model() -> Model {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/models/controls_all.inp");
    let mut reading = read(&path, None).unwrap();
    reading.diagnostics.extend(check(&mut reading.model));
    assert!(reading.diagnostics.iter().all(|problem| problem.severity == Severity::Warning));
    reading.model
}

/// A hollow with a pond that sloshes, above the first junction.
fn street(model: &Model, law: Law, precision: Precision) -> Street {
    let (id, node) = model.nodes.iter().find(|(_, node)| !node.is_outfall() && !node.is_storage()).unwrap();
    let rim = node.invert + node.full_depth;
    let values = Array2::from_shape_fn((40, 70), |(row, column)| {
        (rim + 0.002 * ((row as f64 - 20.0).powi(2) + (column as f64 - 30.0).powi(2))) as f32
    });
    let terrain = Raster { west: 0.0, north: 80.0, cell: 2.0, crs: None, values };
    let mut street = Street::new(Setup::new(terrain, 0.02, Options::of(law)));
    street.setup.watch = Some(Default::default());
    street.precision = precision;
    street.initial_depth = Some(Array2::from_shape_fn((40, 70), |(row, _)| if row < 20 { 0.3 } else { 0.0 }));
    let cell = street.setup.grid().cell(20, 30).unwrap();
    street.manholes.push(Manhole { node: id, cell, rim, opening: Opening::manhole(0.5) });
    street
}

fn state(run: &Run<'_>) -> Vec<u8> {
    let mut state = Vec::new();
    run.keep(&mut state).unwrap();
    state
}

/// Two runs of which the second takes up the first after some steps: both keep the same state then and later.
fn goes_on(make: &dyn Fn() -> (Model, Option<Street>)) {
    let (model, street) = make();
    let mut params = Params::compile(&model).unwrap();
    let surfaces = street.as_ref().map(|street| {
        let first = join(&model, street, &mut params).unwrap();
        (first, join(&model, street, &mut params).unwrap())
    });
    let (first, second) = surfaces.map_or((None, None), |(first, second)| (Some(first), Some(second)));
    let (mut first, mut second) =
        (Run::new(&model, &params, first, false), Run::new(&model, &params, second, false));
    let start = state(&first);
    for _ in 0..100 {
        first.advance().unwrap();
        first.report_due();
    }
    let kept = state(&first);
    assert!(kept != start);
    let mut rest = kept.as_slice();
    second.go_on(&mut rest).unwrap();
    assert!(rest.is_empty());
    assert!(state(&second) == kept, "what was taken up is what was kept");
    for _ in 0..100 {
        for run in [&mut first, &mut second] {
            run.advance().unwrap();
            run.report_due();
        }
    }
    assert!(state(&first) == state(&second), "and it goes on alike");
    assert!(second.go_on(&mut &kept[..kept.len() / 2]).is_err());
}

#[test]
fn a_network_goes_on_from_its_checkpoint_to_the_last_bit() {
    goes_on(&|| (model(), None));
}

#[test]
fn a_street_goes_on_from_its_checkpoint_to_the_last_bit() {
    for law in [Law::INERTIAL, Law::SHOCK] {
        for precision in [Precision::Single, Precision::Double] {
            goes_on(&|| {
                let model = model();
                let street = street(&model, law, precision);
                (model, Some(street))
            });
        }
    }
}

fn facts(value: &str) -> Vec<Fact> {
    let fact = |en: &str, value: &str| Fact { what: Words::new(en, en), value: value.to_owned() };
    vec![fact("the program", "1"), fact("the model", value)]
}

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("pailao-checkpoint-{}-{name}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn progress(seconds: f64) -> Progress {
    Progress { now: DateTime::default().plus_seconds(seconds), elapsed: seconds, duration: 100.0 }
}

#[test]
fn a_checkpoint_is_found_whole_and_of_its_run_or_refused() {
    let path = folder("found").join("a.checkpoint");
    assert!(Found::read(&path, &facts("a")).unwrap().is_none());
    let mut checkpoints = Checkpoints::new(&path, facts("a"), Duration::MAX, |error| panic!("{error}"));
    checkpoints.keep(&progress(10.0), |out| put(&(f64::NAN.to_bits(), f32::MIN_POSITIVE, -0.0_f64), out));
    let found = Found::read(&path, &facts("a")).unwrap().unwrap();
    assert_eq!(found.time(), progress(10.0).now);
    let (nan, small, zero): (u64, f32, f64) = only(&found.state).unwrap();
    assert_eq!((nan, small.to_bits(), zero.to_bits()), (f64::NAN.to_bits(), 0x0080_0000, 1 << 63));

    let others = |facts: &[Fact]| match Found::read(&path, facts) {
        Err(Refusal::Other(others)) => others.into_iter().map(|words| words.en).collect(),
        _ => Vec::new(),
    };
    assert_eq!(others(&facts("b")), ["the model"]);
    assert_eq!(others(&facts("a")[..1]), ["the model"]);
    let mut more = facts("a");
    more.push(Fact { what: Words::new("rain.dat", "rain.dat"), value: String::new() });
    assert_eq!(others(&more), ["rain.dat"]);

    let whole = fs::read(&path).unwrap();
    for place in [FIRST_LINE.len(), whole.len() / 2, whole.len() - 1] {
        let mut damaged = whole.clone();
        damaged[place] ^= 1;
        fs::write(&path, &damaged).unwrap();
        assert!(matches!(Found::read(&path, &facts("a")), Err(Refusal::Damaged)), "byte {place}");
        fs::write(&path, &whole[..place]).unwrap();
        assert!(matches!(Found::read(&path, &facts("a")), Err(Refusal::Damaged)), "cut at {place}");
    }
    fs::write(&path, b"PAILAO CHECKPOINT 9\n").unwrap();
    assert!(matches!(Found::read(&path, &facts("a")), Err(Refusal::Foreign)));
    remove(&path).unwrap();
    remove(&path).unwrap();
    assert!(!path.exists());
}

#[test]
fn a_checkpoint_that_cannot_be_written_leaves_the_one_before() {
    let folder = folder("before");
    let path = folder.join("a.checkpoint");
    let told = Mutex::new(Vec::new());
    let mut checkpoints = Checkpoints::new(&path, facts("a"), Duration::ZERO, |error| {
        told.lock().unwrap().push(error.to_string());
    });
    assert!(checkpoints.are_due() && checkpoints.kept().is_none());
    checkpoints.keep(&progress(1.0), |out| put(&1_u8, out));
    let first = fs::read(&path).unwrap();
    checkpoints.keep(&progress(2.0), |out| {
        put(&2_u8, out)?;
        Err(io::Error::other("the disk is full"))
    });
    assert_eq!(checkpoints.kept(), Some(progress(1.0).now));
    drop(checkpoints);
    assert_eq!(told.into_inner().unwrap(), ["the disk is full"]);
    assert_eq!(fs::read(&path).unwrap(), first);
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "nothing is left beside it");
}
