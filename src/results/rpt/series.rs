//! Time series of the elements that the report selects, from the binary results.

use std::io::{self, Read, Seek, Write};

use super::Report;
use super::text::{Words, date, line, time_of_day, title};
use crate::model::options::Selection;
use crate::results::out::{Kind, OutFile};

/// All these tables; nothing without records.
pub fn write<R: Read + Seek>(
    out: &mut dyn Write,
    report: &Report<'_>,
    words: &Words,
    file: &mut OutFile<R>,
) -> io::Result<()> {
    let (model, options) = (report.model, &report.model.report);
    if file.records() == 0 {
        return Ok(());
    }
    let stamps: Vec<String> = file
        .times()?
        .into_iter()
        .map(|time| format!("{:>11} {:>8}", date(time), time_of_day(time)))
        .collect();
    let flow = words.flow;
    let si = words.units.is_si();
    if options.subcatchments != Selection::None && !model.subcatchments.is_empty() {
        title(out, "Subcatchment Time Series Results")?;
        let rate = if si { "mm/hr" } else { "in/hr" };
        let head = [
            "Date        Time        Precip.    Losses    Runoff".to_string(),
            format!("                          {rate}     {rate} {flow:>9}"),
        ];
        listing(out, file, &stamps, Kind::Subcatchment, "Subcatchment", 51, &head, |v| {
            // Evaporation is by the day, infiltration by the hour.
            format!(" {:10.3}{:10.3}{:10.4}", v[0], f64::from(v[2]) / 24.0 + f64::from(v[3]), v[4])
        })?;
    }
    if model.options.ignore_routing {
        return Ok(());
    }
    if options.nodes != Selection::None && !model.nodes.is_empty() {
        title(out, "Node Time Series Results")?;
        let length = if si { "meters" } else { "feet" };
        let head = [
            "                         Inflow  Flooding     Depth      Head".to_string(),
            format!("Date        Time      {flow:>9} {flow:>9} {length:>9} {length:>9}"),
        ];
        listing(out, file, &stamps, Kind::Node, "Node", 64, &head, |v| {
            format!("  {:9.3} {:9.3} {:9.3} {:9.3}", v[4], v[5], v[0], v[1])
        })?;
    }
    if options.links != Selection::None && !model.links.is_empty() {
        title(out, "Link Time Series Results")?;
        let (speed, length) = if si { ("m/sec", "meters") } else { ("ft/sec", "feet") };
        let head = [
            "                           Flow  Velocity     Depth  Capacity/".to_string(),
            format!("Date        Time     {flow:>10} {speed:>9} {length:>9}   Setting "),
        ];
        listing(out, file, &stamps, Kind::Link, "Link", 64, &head, |v| {
            format!("  {:9.3} {:9.3} {:9.3} {:9.3}", v[0], v[2], v[1], v[4])
        })?;
    }
    Ok(())
}

/// One table an element; `row` writes the values of one time.
#[expect(clippy::too_many_arguments, reason = "the parts of one table, used three times above")]
fn listing<R: Read + Seek>(
    out: &mut dyn Write,
    file: &mut OutFile<R>,
    stamps: &[String],
    kind: Kind,
    what: &str,
    dashes: usize,
    head: &[String; 2],
    row: impl Fn(&[f32]) -> String,
) -> io::Result<()> {
    let names = file.header().names(kind).to_vec();
    let variables = file.header().variables(kind);
    for (element, name) in names.iter().enumerate() {
        line(out, "")?;
        line(out, &format!("<<< {what} {name} >>>"))?;
        line(out, &"-".repeat(dashes))?;
        line(out, &head[0])?;
        line(out, &head[1])?;
        line(out, &"-".repeat(dashes))?;
        let values = file.element(kind, element)?;
        for (stamp, values) in stamps.iter().zip(values.chunks_exact(variables)) {
            line(out, stamp)?;
            write!(out, "{}", row(values))?;
        }
        line(out, "")?;
    }
    Ok(())
}
