//! Water on the streets against known answers, agencies' cases and peers: each line prints a value and its gate.
//!
//!     cargo run --release --example surface_validation                     every case
//!     cargo run --release --example surface_validation -- --quick          without the long pieces
//!     cargo run --release --example surface_validation -- --only ea5       cases whose names begin so
//!     cargo run --release --example surface_validation -- speed            processor seconds and memory
//!
//! Data come from the folder `corpus/surface` in `../shared`, or in the folder that `PAILAO_SHARED` names; without it only
//! our own cases are run, and it is said. With `PAILAO_FIGURES` set to a folder the figures are written there. The exit
//! code is 1 if a gate is missed, 2 if the arguments are wrong.

mod agency;
mod analytic;
mod catchment;
mod corpus;
#[path = "../figure.rs"]
mod figure;
mod joined;
mod proof;
mod properties;
mod refinement;
mod sewer;
mod speed;
mod streets;
mod tables;
mod urban;
mod water;

use std::process::ExitCode;

use proof::{Done, Proof};

/// A case: its name, what it is, whether it needs the corpus, and its run.
struct Case {
    name: &'static str,
    about: &'static str,
    corpus: bool,
    run: fn(&mut Proof) -> Done,
}

/// All cases in their order.
const CASES: [Case; 19] = [
    Case { name: "lake", about: "water at rest", corpus: true, run: analytic::lake_at_rest },
    Case {
        name: "ritter",
        about: "dam break on a dry bed",
        corpus: true,
        run: |proof| analytic::dam_break(proof, "dambreak_ritter_dry", "Dam break on a dry bed (Ritter)"),
    },
    Case {
        name: "stoker",
        about: "dam break on a wet bed",
        corpus: true,
        run: |proof| analytic::dam_break(proof, "dambreak_stoker_wet", "Dam break on a wet bed (Stoker)"),
    },
    Case { name: "thacker", about: "a bowl with a moving shoreline", corpus: true, run: analytic::thacker },
    Case {
        name: "wave",
        about: "a wave on a dry plain, friction against inertia",
        corpus: true,
        run: analytic::bates_wave,
    },
    Case {
        name: "convergence",
        about: "order on finer and finer cells",
        corpus: false,
        run: analytic::convergence,
    },
    Case {
        name: "refinement",
        about: "dam breaks and a bowl on finer and finer cells",
        corpus: false,
        run: refinement::refinement,
    },
    Case {
        name: "v_catchment",
        about: "rain on two hillsides and a channel",
        corpus: true,
        run: catchment::v_catchment,
    },
    Case { name: "ea4", about: "flood on a plain", corpus: true, run: agency::plain },
    Case { name: "ea5", about: "dam failure above a valley", corpus: true, run: agency::valley },
    Case { name: "urban", about: "rain and a burst pipe in a town", corpus: true, run: urban::urban },
    Case {
        name: "tables",
        about: "coarse cells over fine ground in a town",
        corpus: true,
        run: tables::tables,
    },
    Case { name: "ea8b", about: "a sewer that surcharges through a manhole", corpus: true, run: sewer::ea8b },
    Case { name: "bowl", about: "a manhole in a bowl, up and back", corpus: false, run: streets::bowl },
    Case { name: "inlet", about: "a flooded place above an empty pipe", corpus: false, run: streets::inlet },
    Case { name: "bank", about: "a channel that spills and takes back", corpus: false, run: streets::bank },
    Case { name: "symmetry", about: "mirrored input", corpus: false, run: properties::symmetry },
    Case { name: "threads", about: "1, 2 and 3 threads", corpus: false, run: properties::threads },
    Case {
        name: "put_and_take",
        about: "water in and out of cells",
        corpus: false,
        run: properties::put_and_take,
    },
];

/// What the command line asks for.
struct Wanted {
    quick: bool,
    only: Vec<String>,
}

fn wanted(arguments: &[String]) -> Result<Wanted, String> {
    let mut wanted = Wanted { quick: false, only: Vec::new() };
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--quick" => wanted.quick = true,
            "--only" => {
                let name = rest.next().ok_or("--only needs the name of a case")?;
                if !CASES.iter().any(|case| case.name.starts_with(name.as_str())) {
                    let names: Vec<_> = CASES.iter().map(|case| case.name).collect();
                    return Err(format!("there is no case {name}; there are {}", names.join(", ")));
                }
                wanted.only.push(name.clone());
            }
            other => return Err(format!("{other} is not known; there are --quick, --only CASE and speed")),
        }
    }
    Ok(wanted)
}

/// The exit code of what was done, its trouble told.
fn told(done: Done) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("{trouble}");
            ExitCode::FAILURE
        }
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("measure") => return told(speed::measure(&arguments[1..])),
        Some("speed") => {
            let mut proof = Proof::new(false);
            proof.begin("speed", "processor seconds of the inertial law, files included");
            if let Err(trouble) = speed::speed(&mut proof) {
                proof.broken(trouble.as_ref());
            }
            return if proof.close() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
        }
        _ => {}
    }
    let wanted = match wanted(&arguments) {
        Ok(wanted) => wanted,
        Err(problem) => {
            eprintln!("{problem}");
            return ExitCode::from(2);
        }
    };
    let there = corpus::folder().is_some();
    if !there {
        println!("The corpus is missing: set PAILAO_SHARED to the folder that holds corpus/surface.");
    }
    let mut proof = Proof::new(wanted.quick);
    let chosen = |case: &&Case| {
        wanted.only.is_empty() || wanted.only.iter().any(|name| case.name.starts_with(name.as_str()))
    };
    let mut skipped = Vec::new();
    for case in CASES.iter().filter(chosen) {
        if case.corpus && !there {
            skipped.push(case.name);
            continue;
        }
        proof.begin(case.name, case.about);
        let began = std::time::Instant::now();
        if let Err(trouble) = (case.run)(&mut proof) {
            proof.broken(trouble.as_ref());
        }
        proof.remark(&format!("{:.1} s", began.elapsed().as_secs_f64()));
    }
    if !skipped.is_empty() {
        println!("NOT RUN, since the corpus is missing: {}", skipped.join(", "));
    }
    if proof.close() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
