//! Continuity of runoff and of routing.

use std::io::{self, Write};

use super::text::line;
use crate::ledger::{RoutingTotals, RunoffTotals};
use crate::model::Model;
use crate::units::CUBIC_FOOT;

/// Continuity error, per cent, from which a table is written though the report leaves it out.
const LARGE_ERROR: f64 = 10.0;

/// Continuity of rain and runoff: volumes and depths over the whole land.
pub fn runoff(out: &mut dyn Write, model: &Model, totals: &RunoffTotals) -> io::Result<()> {
    let area: f64 = model.subcatchments.items().iter().map(|s| s.area).sum();
    let error = totals.continuity_error();
    if area == 0.0 || !(error > LARGE_ERROR || model.report.continuity) {
        return Ok(());
    }
    let units = &model.units;
    let volume = units.length * units.land_area;
    line(out, "")?;
    line(out, "**************************        Volume         Depth")?;
    line(
        out,
        if units.is_si() {
            "Runoff Quantity Continuity     hectare-m            mm"
        } else {
            "Runoff Quantity Continuity     acre-feet        inches"
        },
    )?;
    line(out, "**************************     ---------       -------")?;
    let mut say = |label: &str, value: f64| {
        write!(out, "\n  {label}{:14.3}{:14.3}", value / volume, value / area / units.rain_depth)
    };
    if totals.initial_storage > 0.0 {
        say("Initial LID Storage ......", totals.initial_storage)?;
    }
    say("Total Precipitation ......", totals.rainfall)?;
    if totals.runon > 0.0 {
        say("Outfall Runon ............", totals.runon)?;
    }
    say("Evaporation Loss .........", totals.evaporation)?;
    say("Infiltration Loss ........", totals.infiltration)?;
    say("Surface Runoff ...........", totals.runoff)?;
    say("Final Storage ............", totals.final_storage)?;
    write!(out, "\n  Continuity Error (%) .....{error:14.3}")?;
    line(out, "")
}

/// Continuity of routing: volumes in two units.
pub fn routing(out: &mut dyn Write, model: &Model, totals: &RoutingTotals) -> io::Result<()> {
    let error = totals.continuity_error();
    if !(error > LARGE_ERROR || model.report.continuity) {
        return Ok(());
    }
    let units = &model.units;
    let volume = units.length * units.land_area;
    // Million gallons or litres in a cubic foot: SWMM's per day over its seconds per day.
    let per_cubic_foot = if units.is_si() { 2.4466 } else { 0.64632 } / 86_400.0;
    line(out, "")?;
    line(out, "**************************        Volume        Volume")?;
    line(
        out,
        if units.is_si() {
            "Flow Routing Continuity        hectare-m      10^6 ltr"
        } else {
            "Flow Routing Continuity        acre-feet      10^6 gal"
        },
    )?;
    line(out, "**************************     ---------     ---------")?;
    let lines = [
        ("Dry Weather Inflow .......", totals.dry_weather),
        ("Wet Weather Inflow .......", totals.wet_weather),
        ("Groundwater Inflow .......", totals.groundwater),
        ("RDII Inflow ..............", totals.rdii),
        ("External Inflow ..........", totals.external),
        ("External Outflow .........", totals.outflow),
        ("Flooding Loss ............", totals.flooding),
        ("Evaporation Loss .........", totals.evaporation),
        ("Exfiltration Loss ........", totals.seepage),
        ("Initial Stored Volume ....", totals.initial_storage),
        ("Final Stored Volume ......", totals.final_storage),
    ];
    for (label, value) in lines {
        write!(out, "\n  {label}{:14.3}{:14.3}", value / volume, value / CUBIC_FOOT * per_cubic_foot)?;
    }
    write!(out, "\n  Continuity Error (%) .....{error:14.3}")?;
    line(out, "")
}
