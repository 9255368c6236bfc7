//! Summary of subcatchments.

use std::io::{self, Write};

use super::text::{Words, line, rule, title};
use crate::model::Model;
use crate::num::index::Id;
use crate::statistics::subcatchment::SubcatchmentStatistics;

/// Depths over each subcatchment, runoff volume, peak and coefficient.
pub fn write(
    out: &mut dyn Write,
    model: &Model,
    totals: &SubcatchmentStatistics,
    words: &Words,
) -> io::Result<()> {
    title(out, "Subcatchment Runoff Summary")?;
    line(out, "")?;
    rule(out, 126)?;
    line(
        out,
        "                          Total      Total      Total      Total     Imperv       Perv      Total       Total     Peak  Runoff",
    )?;
    line(
        out,
        "                         Precip      Runon       Evap      Infil     Runoff     Runoff     Runoff      Runoff   Runoff   Coeff",
    )?;
    let depth = if model.units.is_si() { "mm" } else { "in" };
    line(
        out,
        &format!(
            "Subcatchment                 {depth}         {depth}         {depth}         {depth}         \
             {depth}         {depth}         {depth}    {:>8}      {:>3}",
            words.volume, words.flow
        ),
    )?;
    rule(out, 126)?;
    for (id, subcatchment) in model.subcatchments.iter() {
        if subcatchment.area == 0.0 {
            continue;
        }
        let at = |column: &[f64]| column.get(id.index()).copied().unwrap_or(0.0);
        write!(out, "\n  {:<20}", model.subcatchments.name(id))?;
        let volumes = [
            &totals.rainfall,
            &totals.runon,
            &totals.evaporation,
            &totals.infiltration,
            &totals.impervious_runoff,
            &totals.pervious_runoff,
            &totals.runoff,
        ];
        for column in volumes {
            write!(out, " {:10.2}", at(column) / subcatchment.area / words.units.rain_depth)?;
        }
        let received = at(&totals.rainfall) + at(&totals.runon);
        let coefficient = if received > 0.0 { at(&totals.runoff) / received } else { received };
        let peak = at(&totals.peak_runoff) / words.units.flow;
        write!(out, "{:12.2} {peak:8.2}{coefficient:8.3}", words.volume(at(&totals.runoff)))?;
    }
    line(out, "")
}
