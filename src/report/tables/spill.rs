//! Spills of overflows and inflow of treatment works as CSV tables.

use std::io;
use std::path::Path;

use super::{RUN, Table, number};
use crate::assess::Comparison;
use crate::assess::spill::{Load, SpillSummary, SystemSpill};

/// What stands in the heads of loads.
const HOW: &str = "volume times mean concentration, not simulated";

/// Writes `spill_summary.csv`, by overflow and for all of them, and `works.csv`, those that have rows.
///
/// # Errors
/// When a file cannot be written.
pub fn save_spills(
    comparison: &Comparison<'_>,
    spills: &[SpillSummary],
    systems: &[SystemSpill],
    folder: &Path,
) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    if !spills.is_empty() {
        summary(comparison, spills, systems).save(folder, "spill_summary.csv")?;
    }
    if !systems.is_empty() && !comparison.treatment_works.is_empty() {
        works(comparison, systems).save(folder, "works.csv")?;
    }
    Ok(())
}

/// Overflows of each run, then all of them together.
fn summary(comparison: &Comparison<'_>, spills: &[SpillSummary], systems: &[SystemSpill]) -> Table {
    let known: &[Load] = spills.first().map_or(&[], |first| &first.loads);
    let substances: Vec<&str> = known.iter().map(|load| load.substance.as_str()).collect();
    let head = [
        "overflow",
        "volume (m3)",
        "spills",
        "spills by 12/24-h blocks",
        "dry time that parts spills (h)",
        "time with spill (h)",
        "peak (m3/s)",
        "long enough to count spills a year",
        "captured, dry weather included (%)",
    ];
    let loads = substances.iter().map(|substance| format!("{substance} (kg; {HOW})"));
    let heads = RUN.into_iter().chain(head).map(str::to_owned).chain(loads);
    let mut table = Table::new(heads.chain(["concentrations verified".to_owned()]));
    let verified = match known {
        [] => "",
        all if all.iter().all(|load| load.verified) => "yes",
        _ => "no",
    };
    let end = |loads: &[Load]| {
        let values: Vec<String> = loads.iter().map(|load| number(load.load)).collect();
        values.into_iter().chain([verified.to_owned()])
    };
    for of in spills {
        let row = [
            of.overflow.clone(),
            number(of.volume),
            of.count.to_string(),
            of.blocks.to_string(),
            number(of.event_gap / 3600.0),
            number(of.duration / 3600.0),
            number(of.peak),
            if of.counts_a_year { "yes" } else { "no" }.to_owned(),
            String::new(),
        ];
        let names = comparison.run_names(of.option, of.case).into_iter();
        table.rows.push(names.chain(row).chain(end(&of.loads)).collect());
    }
    for of in systems {
        let mut row = vec!["all".to_owned(), number(of.spilled)];
        row.extend((0..6).map(|_| String::new()));
        row.push(of.captured.map_or(String::new(), |share| number(100.0 * share)));
        let names = comparison.run_names(of.option, of.case).into_iter();
        table.rows.push(names.chain(row).chain(end(&of.loads)).collect());
    }
    table
}

/// What reaches the treatment works of each run.
fn works(comparison: &Comparison<'_>, systems: &[SystemSpill]) -> Table {
    let head = ["volume (m3)", "largest inflow (m3/s)", "spilled at overflows (m3)"];
    let head = head.into_iter().chain(["captured, dry weather included (%)"]);
    let mut table = Table::new(RUN.into_iter().chain(head));
    for of in systems {
        let row = [
            number(of.to_works),
            number(of.works_peak),
            number(of.spilled),
            of.captured.map_or(String::new(), |share| number(100.0 * share)),
        ];
        table.rows.push(comparison.run_names(of.option, of.case).into_iter().chain(row).collect());
    }
    table
}
