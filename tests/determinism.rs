//! The same model gives the same bytes: with any number of threads, and whatever runs beside it.

use std::fmt::Write;
use std::fs;
use std::io::Cursor;
use std::path::Path;
use std::process::Command;

use pailao::diagnostic::Severity;
use pailao::input::inp::read_text;
use pailao::model::Model;
use pailao::model::check::check;
use pailao::results::out::{OutFile, OutWriter};
use pailao::routing::Params;
use pailao::simulation::{Outcome, run};
use rayon::prelude::*;

/// A town whose streets form a grid. A conduit leads from every crossing to the east and to the
/// south; each row ends in a storage basin that a pump, a weir or an orifice empties into the
/// collector along the eastern edge. The seed changes lengths, diameters and rain.
struct Town {
    rows: usize,
    columns: usize,
    minutes: usize,
    seed: u64,
}

impl Town {
    /// A number from 0 to 1 that depends on the seed and a place alone (the mixing of SplitMix64).
    fn vary(&self, place: usize) -> f64 {
        let sown = (place as u64) ^ (self.seed << 32);
        let mixed = sown.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        (mixed >> 40) as f64 / (1u64 << 24) as f64
    }

    fn inp(&self) -> String {
        let mut text = format!(
            "[OPTIONS]\nFLOW_UNITS CMS\nINFILTRATION HORTON\nFLOW_ROUTING DYNWAVE\nLINK_OFFSETS DEPTH\n\
             START_DATE 06/01/2024\nSTART_TIME 00:00\nEND_DATE 06/01/2024\nEND_TIME 00:{:02}\n\
             REPORT_STEP 00:01:00\nWET_STEP 00:01:00\nDRY_STEP 00:05:00\nROUTING_STEP 5\n\
             VARIABLE_STEP 0.75\nMINIMUM_STEP 0.5\nMAX_TRIALS 8\n\
             [RAINGAGES]\nG INTENSITY 0:01 1 TIMESERIES RAIN\n\
             [TIMESERIES]\nRAIN 0:00 {:.1} 0:05 {:.1} 0:10 20\n[CURVES]\nP PUMP4 0 0 3 0.8\n",
            self.minutes,
            60.0 + 60.0 * self.vary(1),
            120.0 + 60.0 * self.vary(2),
        );
        self.land(&mut text);
        self.nodes(&mut text);
        self.links(&mut text);
        text += "[REPORT]\nSUBCATCHMENTS ALL\nNODES ALL\nLINKS ALL\n";
        text
    }

    fn crossings(&self) -> impl Iterator<Item = (usize, usize)> {
        let columns = self.columns;
        (0..self.rows).flat_map(move |row| (0..columns).map(move |column| (row, column)))
    }

    fn land(&self, text: &mut String) {
        let (mut areas, mut surfaces, mut soils) = (String::new(), String::new(), String::new());
        for (row, column) in self.crossings().filter(|(row, column)| (row + column) % 2 == 0) {
            let name = format!("S{row}_{column}");
            let area = 0.2 + 0.4 * self.vary(row * self.columns + column);
            writeln!(areas, "{name} G N{row}_{column} {area:.3} 60 50 1 0").unwrap();
            writeln!(surfaces, "{name} 0.015 0.2 1 4 25 OUTLET").unwrap();
            writeln!(soils, "{name} 60 8 4 7 0").unwrap();
        }
        write!(text, "[SUBCATCHMENTS]\n{areas}[SUBAREAS]\n{surfaces}[INFILTRATION]\n{soils}").unwrap();
    }

    fn nodes(&self, text: &mut String) {
        let ground = |row: usize, column: usize| 100.0 - 0.2 * (row + column) as f64;
        *text += "[JUNCTIONS]\n";
        for (row, column) in self.crossings() {
            writeln!(text, "N{row}_{column} {:.2} 2.5 0 0 100", ground(row, column)).unwrap();
        }
        for row in 0..self.rows {
            writeln!(text, "E{row} {:.2} 6 0 0 0", ground(row, self.columns + 10)).unwrap();
        }
        *text += "[STORAGE]\n";
        for row in 0..self.rows {
            writeln!(text, "B{row} {:.2} 5 0.5 FUNCTIONAL 0 0 200", ground(row, self.columns + 3)).unwrap();
        }
        writeln!(text, "[OUTFALLS]\nO {:.2} FREE NO", ground(self.rows + 1, self.columns + 10)).unwrap();
    }

    fn links(&self, text: &mut String) {
        let (mut conduits, mut shapes) = (String::new(), String::new());
        let mut conduit = |name: &str, from: &str, to: &str, length: f64, diameter: f64| {
            writeln!(conduits, "{name} {from} {to} {length:.1} 0.013 0 0").unwrap();
            writeln!(shapes, "{name} CIRCULAR {diameter:.2} 0 0 0").unwrap();
        };
        for (row, column) in self.crossings() {
            let (length, from) = (40.0 + 40.0 * self.vary(row * 7919 + column), format!("N{row}_{column}"));
            let east = match column + 1 {
                next if next < self.columns => format!("N{row}_{next}"),
                _ => format!("B{row}"),
            };
            let diameter = 0.3 + 0.6 * column as f64 / self.columns as f64;
            conduit(&format!("H{row}_{column}"), &from, &east, length, diameter);
            if row + 1 < self.rows {
                let south = format!("N{}_{column}", row + 1);
                conduit(&format!("V{row}_{column}"), &from, &south, length, 0.3);
            }
        }
        for row in 0..self.rows {
            let next = if row + 1 < self.rows { format!("E{}", row + 1) } else { "O".to_owned() };
            conduit(&format!("C{row}"), &format!("E{row}"), &next, 60.0, 1.8);
        }
        let (mut pumps, mut weirs, mut orifices, mut rules) = Default::default();
        let of: [&mut String; 4] = [&mut pumps, &mut weirs, &mut orifices, &mut rules];
        let [pumps, weirs, orifices, rules] = of;
        for row in 0..self.rows {
            match row % 3 {
                0 => {
                    writeln!(pumps, "P{row} B{row} E{row} P OFF 0 0").unwrap();
                    writeln!(
                        rules,
                        "RULE P{row}\nIF NODE B{row} DEPTH > 0.4\nTHEN PUMP P{row} STATUS = ON\n\
                         ELSE PUMP P{row} STATUS = OFF"
                    )
                    .unwrap();
                }
                1 => {
                    writeln!(weirs, "W{row} B{row} E{row} TRANSVERSE 0.45 1.8 NO 0 0 YES").unwrap();
                    writeln!(shapes, "W{row} RECT_OPEN 2 1.5 0 0").unwrap();
                }
                _ => {
                    writeln!(orifices, "R{row} B{row} E{row} SIDE 0.2 0.65 NO 0").unwrap();
                    writeln!(shapes, "R{row} RECT_CLOSED 0.6 0.8 0 0").unwrap();
                    writeln!(
                        rules,
                        "RULE R{row}\nIF NODE E{row} DEPTH > 0.5\nAND SIMULATION TIME > 0.05\n\
                         THEN ORIFICE R{row} SETTING = 0.4\nELSE ORIFICE R{row} SETTING = 1"
                    )
                    .unwrap();
                }
            }
        }
        write!(
            text,
            "[CONDUITS]\n{conduits}[PUMPS]\n{pumps}[WEIRS]\n{weirs}[ORIFICES]\n{orifices}\
             [XSECTIONS]\n{shapes}[CONTROLS]\n{rules}"
        )
        .unwrap();
    }

    fn model(&self) -> Model {
        let reading = read_text(self.inp().as_bytes(), Path::new("town.inp"));
        let mut model = reading.model;
        let found = [reading.diagnostics, check(&mut model)].concat();
        let grave: Vec<_> = found.iter().filter(|problem| problem.severity > Severity::Warning).collect();
        assert!(grave.is_empty(), "the town can be run: {grave:?}");
        model
    }
}

/// The bytes of a run's results.
fn results(model: &Model) -> Vec<u8> {
    let full_depth = Params::compile(model).expect("the town can be compiled").full_depth;
    let mut writer = OutWriter::new(Cursor::new(Vec::new()), full_depth);
    let (_, outcome) = run(model, &mut [&mut writer], &mut |_| true).expect("nothing fails in memory");
    assert_eq!(outcome, Outcome::Complete);
    writer.into_inner().into_inner()
}

fn with_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads start");
    pool.install(work)
}

/// Large enough to be spread over threads.
const LARGE: Town = Town { rows: 30, columns: 36, minutes: 7, seed: 1 };

/// Fails unless water went through every kind of element, so that equal bytes mean something.
fn assert_lively(results: &[u8], town: &Town) {
    use pailao::results::out::Kind;
    let mut file = OutFile::new(Cursor::new(results)).expect("the results can be read");
    assert!(file.is_complete());
    assert_eq!(file.records(), town.minutes);
    for link in ["P0", "W1", "R2", "H3_4", "V3_4", "C5"] {
        let place = file.find(Kind::Link, link).expect("the link has results");
        let flows = file.series(Kind::Link, place, 0).expect("the results can be read");
        assert!(flows.iter().any(|flow| flow.abs() > 1.0e-4), "no water in {link}: {flows:?}");
    }
}

#[test]
fn one_two_and_three_threads_give_the_same_bytes() {
    let model = LARGE.model();
    assert!(model.links.len() > 2000, "{} links", model.links.len());
    let one = with_threads(1, || results(&model));
    assert_lively(&one, &LARGE);
    for threads in [2, 3] {
        assert!(with_threads(threads, || results(&model)) == one, "{threads} threads");
    }
}

#[cfg(feature = "cli")]
#[test]
fn the_program_writes_the_same_bytes_with_one_two_and_three_threads() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("determinism");
    fs::create_dir_all(&folder).expect("the folder can be made");
    let inp = folder.join("town.inp");
    fs::write(&inp, LARGE.inp()).expect("the model can be written");
    let bytes = |threads: &str| {
        let (rpt, out) = (folder.join("town.rpt"), folder.join(format!("town{threads}.out")));
        let status = Command::new(env!("CARGO_BIN_EXE_pailao"))
            .args(["run", "--quiet", "--threads", threads])
            .args([&inp, Path::new("--rpt"), &rpt, Path::new("--out"), &out])
            .status();
        assert!(status.expect("the program starts").success());
        fs::read(out).expect("the results are there")
    };
    let one = bytes("1");
    assert_lively(&one, &LARGE);
    assert!(bytes("2") == one, "two threads");
    assert!(bytes("3") == one, "three threads");
}

#[test]
fn sixteen_runs_side_by_side_give_what_they_give_one_after_the_other() {
    let town = |seed| match seed {
        // large enough to be spread over threads themselves
        0 | 1 => Town { seed, minutes: 4, ..LARGE },
        _ => Town { rows: 6 + seed as usize % 3, columns: 8, minutes: 8, seed },
    };
    let models: Vec<Model> = (0..16).map(|seed| town(seed).model()).collect();
    let alone: Vec<Vec<u8>> = with_threads(1, || models.iter().map(results).collect());
    for (number, one) in alone.iter().enumerate() {
        assert!(alone[..number].iter().all(|other| other != one), "run {number} is another's");
    }
    let together: Vec<Vec<u8>> = with_threads(4, || models.par_iter().map(results).collect());
    for (number, (alone, together)) in alone.iter().zip(&together).enumerate() {
        assert!(alone == together, "run {number}");
    }
    let threads: Vec<Vec<u8>> = std::thread::scope(|scope| {
        let started: Vec<_> = models.iter().map(|model| scope.spawn(|| results(model))).collect();
        started.into_iter().map(|thread| thread.join().expect("a run ends")).collect()
    });
    assert!(threads == alone, "sixteen threads of the system");
}
