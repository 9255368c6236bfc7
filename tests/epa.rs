//! What EPA SWMM 5.2.4 makes of the models in `tests/models`, against what we make of them.

use std::path::Path;

use pailao::diagnostic::Severity;
use pailao::input::inp;
use pailao::model::Model;
use pailao::model::check::check;
use pailao::results::out::{Kind, OutFile, OutWriter};
use pailao::routing::Params;
use pailao::simulation::{self, Outcome, Sink};

/// A model of the tests, checked.
fn model(name: &str) -> Model {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/models").join(format!("{name}.inp"));
    let mut reading = inp::read(&path, None).expect("the model is there");
    reading.diagnostics.extend(check(&mut reading.model));
    let grave: Vec<_> = reading.diagnostics.iter().filter(|d| d.severity > Severity::Warning).collect();
    assert!(grave.is_empty(), "{name}: {}", grave[0]);
    reading.model
}

/// The bytes of a run's binary results.
fn run(model: &Model) -> Vec<u8> {
    let full_depth = Params::compile(model).expect("the model compiles").full_depth;
    let mut out = OutWriter::new(std::io::Cursor::new(Vec::new()), full_depth);
    let sinks: &mut [&mut dyn Sink] = &mut [&mut out];
    let (_, outcome) = simulation::run(model, sinks, &mut |_| true).expect("memory can be written");
    assert_eq!(outcome, Outcome::Complete);
    out.into_inner().into_inner()
}

/// One line of the reference.
struct Known<'a> {
    model: &'a str,
    kind: &'a str,
    name: &'a str,
    mean: f64,
    largest: f64,
}

fn reference(text: &str) -> Vec<Known<'_>> {
    let known: Vec<Known<'_>> = text
        .lines()
        .skip(1)
        .map(|line| {
            let field: Vec<&str> = line.split(',').collect();
            let number = |i: usize| field[i].parse().expect("a number");
            Known { model: field[0], kind: field[1], name: field[2], mean: number(3), largest: number(4) }
        })
        .collect();
    assert!(known.len() > 300, "the reference is whole");
    known
}

#[test]
fn depths_and_flows_are_those_of_epa_swmm() {
    let text = include_str!("models/reference.csv");
    let known = reference(text);
    let mut wrong = Vec::new();
    for group in known.chunk_by(|a, b| a.model == b.model) {
        let bytes = run(&model(group[0].model));
        let mut file = OutFile::new(std::io::Cursor::new(bytes)).expect("the results can be read");
        let whole = group.iter().filter(|k| k.kind == "link").map(|k| k.largest).fold(0.0, f64::max);
        for known in group {
            let (kind, element, variable, scale) = match known.kind {
                "node" => {
                    (Kind::Node, file.find(Kind::Node, known.name).expect(known.name), 0, known.largest)
                }
                "link" => {
                    (Kind::Link, file.find(Kind::Link, known.name).expect(known.name), 0, known.largest)
                }
                _ => (Kind::System, 0, 11, known.largest),
            };
            let series = file.series(kind, element, variable).expect("the results can be read");
            let magnitudes = || series.iter().map(|value| f64::from(value.abs()));
            let mean = magnitudes().sum::<f64>() / series.len() as f64;
            let largest = magnitudes().fold(0.0, f64::max);
            // 1 % of its own size, or what is nothing beside the rest of the network
            let nothing = if known.kind == "node" { 1e-3 } else { 1e-4 * whole };
            let far = |ours: f64, theirs: f64| (ours - theirs).abs() > (0.01 * scale).max(nothing);
            if far(mean, known.mean) || far(largest, known.largest) {
                wrong.push(format!(
                    "{} {} {}: mean {mean:.6} against {:.6}, largest {largest:.6} against {:.6}",
                    known.model, known.kind, known.name, known.mean, known.largest
                ));
            }
        }
    }
    let report = wrong.join("\n");
    assert!(wrong.is_empty(), "{} of {} series are not EPA's:\n{report}", wrong.len(), known.len());
}

#[test]
fn runs_beside_each_other_give_the_bytes_of_runs_one_after_the_other() {
    let names = [
        "controls_all",
        "infil_mix",
        "offsets_elevation",
        "options_extran_hw",
        "options_nolimit_lengthening",
        "options_slot_dw",
        "options_undamped_froude",
        "pumps_all",
        "regulators_all",
        "shapes_dynwave",
        "units_cfs",
        "units_cms",
        "units_gpm",
        "units_lps",
        "units_mgd",
        "units_mld",
    ];
    let models: Vec<Model> = names.map(model).into();
    let alone: Vec<Vec<u8>> = models.iter().map(run).collect();
    let together: Vec<Vec<u8>> = std::thread::scope(|scope| {
        let runs: Vec<_> = models.iter().map(|model| scope.spawn(|| run(model))).collect();
        runs.into_iter().map(|run| run.join().expect("no run panics")).collect()
    });
    for (name, (alone, together)) in names.iter().zip(alone.iter().zip(&together)) {
        assert!(alone == together, "{name}: the bytes differ");
    }
}
