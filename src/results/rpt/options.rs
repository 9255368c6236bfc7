//! Analysis options, rain files, control actions.

use std::io::{self, Write};

use super::text::{clock, date, line, time_of_day, title, yes_no};
use crate::clock::DateTime;
use crate::model::Model;
use crate::model::options::{InfiltrationMethod, RoutingMethod, SurchargeMethod};
use crate::statistics::RunSummary;
use crate::statistics::summary::{ControlAction, RainFile};

/// Analysis options. Models that are not simulated yet are never in use.
pub fn write(out: &mut dyn Write, model: &Model, summary: &RunSummary) -> io::Result<()> {
    let options = &model.options;
    let has_links = !model.links.is_empty();
    let dynamic = options.routing == RoutingMethod::Dynamic;
    title(out, "Analysis Options")?;
    let mut say = |label: &str, value: &str| write!(out, "\n  {label} {value}");
    say("Flow Units ...............", model.units.flow_units.keyword())?;
    say("Process", "Models:")?;
    let rains = !options.ignore_rainfall && !model.gauges.is_empty();
    say("  Rainfall/Runoff ........", yes_no(rains))?;
    for absent in ["RDII ...................", "Snowmelt ...............", "Groundwater ............"] {
        say(&format!("  {absent}"), "NO")?;
    }
    let routes = !options.ignore_routing && has_links;
    say("  Flow Routing ...........", yes_no(routes))?;
    if routes {
        say("  Ponding Allowed ........", yes_no(options.allow_ponding))?;
    }
    say("  Water Quality ..........", "NO")?;
    if !model.subcatchments.is_empty() {
        let method = match options.infiltration {
            InfiltrationMethod::Horton => "HORTON",
            InfiltrationMethod::ModifiedHorton => "MODIFIED_HORTON",
            InfiltrationMethod::GreenAmpt => "GREEN_AMPT",
            InfiltrationMethod::ModifiedGreenAmpt => "MODIFIED_GREEN_AMPT",
            InfiltrationMethod::CurveNumber => "CURVE_NUMBER",
        };
        say("Infiltration Method ......", method)?;
    }
    if has_links {
        let method = match options.routing {
            RoutingMethod::None => "NONE",
            RoutingMethod::Steady => "STEADY",
            RoutingMethod::Kinematic => "KINWAVE",
            RoutingMethod::Dynamic => "DYNWAVE",
        };
        say("Flow Routing Method ......", method)?;
    }
    if dynamic {
        let method = match options.surcharge {
            SurchargeMethod::Extran => "EXTRAN",
            SurchargeMethod::Slot => "SLOT",
        };
        say("Surcharge Method .........", method)?;
    }
    let instant = |time| format!("{} {}", date(time), time_of_day(time));
    say("Starting Date ............", &instant(options.start))?;
    say("Ending Date ..............", &instant(options.end))?;
    say("Antecedent Dry Days ......", &format!("{:.1}", options.dry_days))?;
    say("Report Time Step .........", &step(options.report_step))?;
    if !model.subcatchments.is_empty() {
        say("Wet Time Step ............", &step(options.wet_step))?;
        say("Dry Time Step ............", &step(options.dry_step))?;
    }
    if has_links {
        say("Routing Time Step ........", &format!("{:.2} sec", options.routing_step))?;
        if dynamic {
            say("Variable Time Step .......", yes_no(options.courant_factor > 0.0))?;
            say("Maximum Trials ...........", &options.max_trials.to_string())?;
            say("Number of Threads ........", &summary.threads.to_string())?;
            let tolerance = options.head_tolerance / model.units.length;
            let unit = if model.units.is_si() { "m" } else { "ft" };
            say("Head Tolerance ...........", &format!("{tolerance:.6} {unit}"))?;
        }
    }
    line(out, "")
}

/// A step in seconds as SWMM encodes it: a fraction of a day, which wraps round.
fn step(seconds: u32) -> String {
    clock(i64::from(seconds) % 86_400)
}

/// Rain files that were read.
pub fn rain_files(out: &mut dyn Write, files: &[RainFile]) -> io::Result<()> {
    if files.is_empty() {
        return Ok(());
    }
    title(out, "Rainfall File Summary")?;
    line(out, "Station    First        Last         Recording   Periods    Periods    Periods")?;
    line(out, "ID         Date         Date         Frequency  w/Precip    Missing    Malfunc.")?;
    line(out, "-------------------------------------------------------------------------------")?;
    line(out, "")?;
    for file in files {
        let day = |time: Option<_>| time.map_or_else(|| "***********".to_string(), date);
        writeln!(
            out,
            "{:<10} {:>10}   {:<10}   {:5} min    {:6}     {:6}     {:6}",
            file.station,
            day(file.first),
            day(file.last),
            file.interval / 60,
            file.with_rain,
            file.missing,
            file.malfunctioning
        )?;
        line(out, "")?;
    }
    Ok(())
}

/// What control rules did.
pub fn control_actions(out: &mut dyn Write, actions: &[ControlAction]) -> io::Result<()> {
    title(out, "Control Actions Taken")?;
    writeln!(out)?;
    for action in actions {
        // SWMM's clock runs a millisecond late.
        let time = DateTime(action.time.0 + 1);
        writeln!(
            out,
            "  {:>11}: {:>8} Link {} setting changed to {:6.2} by Control {}",
            date(time),
            time_of_day(time),
            action.link,
            action.setting,
            action.rule
        )?;
    }
    Ok(())
}
