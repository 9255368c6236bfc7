//! Words, numbers, dates and headings as SWMM's report writes them.

use std::fmt;
use std::io::{self, Write};
use std::time::UNIX_EPOCH;

use super::WallClock;
use crate::clock::{DAY_MS, DateTime};
use crate::model::Model;
use crate::model::link::{LinkKind, PumpKind};
use crate::model::node::NodeKind;
use crate::units::{CUBIC_FOOT, FlowUnits, Units};

/// Words and factors that go with the user's units.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    /// Multipliers from the user's units to SI.
    pub units: Units,
    /// Flow unit.
    pub flow: &'static str,
    /// Decimals of flows in summary tables.
    pub flow_decimals: usize,
    /// Million gallons or litres.
    pub volume: &'static str,
    /// Million gallons or litres in a m³.
    pub per_cubic_metre: f64,
    /// Gallons or litres.
    pub small_volume: &'static str,
    /// `Feet` or `Meters`.
    pub length: &'static str,
}

impl Words {
    /// The words of a unit system.
    pub fn new(units: &Units) -> Self {
        let si = units.is_si();
        let thousandths = matches!(units.flow_units, FlowUnits::Mgd | FlowUnits::Cms);
        Self {
            units: *units,
            flow: units.flow_units.keyword(),
            flow_decimals: if thousandths { 3 } else { 2 },
            volume: if si { "10^6 ltr" } else { "10^6 gal" },
            per_cubic_metre: if si { 28.317 } else { 7.48 } / 1.0e6 / CUBIC_FOOT,
            small_volume: if si { "ltr" } else { "gal" },
            length: if si { "Meters" } else { "Feet" },
        }
    }
    /// A flow in nine columns; `flow` in m³/s.
    pub fn flow(&self, flow: f64) -> String {
        format!("{:9.*}", self.flow_decimals, flow / self.units.flow)
    }
    /// A length in the user's unit; `metres` in m.
    pub fn length(&self, metres: f64) -> f64 {
        metres / self.units.length
    }
    /// A volume in million gallons or litres; `volume` in m³.
    pub fn volume(&self, volume: f64) -> f64 {
        volume * self.per_cubic_metre
    }
}

/// A line: SWMM begins lines, it does not end them.
pub fn line(out: &mut dyn Write, text: &str) -> io::Result<()> {
    write!(out, "\n  {text}")
}

/// A blank line and a title between asterisks.
pub fn title(out: &mut dyn Write, title: &str) -> io::Result<()> {
    title_between(out, title, title.len())
}

/// As [`title`], with a given number of asterisks.
pub fn title_between(out: &mut dyn Write, title: &str, asterisks: usize) -> io::Result<()> {
    let bar = "*".repeat(asterisks);
    for text in ["", &bar, title, &bar] {
        line(out, text)?;
    }
    Ok(())
}

/// A line of dashes.
pub fn rule(out: &mut dyn Write, dashes: usize) -> io::Result<()> {
    line(out, &"-".repeat(dashes))
}

/// A mean over `count` values; 0 without any.
pub fn mean(sum: f64, count: u64) -> f64 {
    if count > 0 { sum / count as f64 } else { 0.0 }
}

/// `part` in per cent of `whole`; 0 of nothing.
pub fn percent(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole * 100.0 } else { 0.0 }
}

/// Type of a node.
pub fn node_type(kind: &NodeKind) -> &'static str {
    match kind {
        NodeKind::Junction => "JUNCTION",
        NodeKind::Outfall { .. } => "OUTFALL",
        NodeKind::Storage { .. } => "STORAGE",
        NodeKind::Divider { .. } => "DIVIDER",
    }
}

/// Type of a link.
pub fn link_type(kind: &LinkKind) -> &'static str {
    match kind {
        LinkKind::Conduit(_) => "CONDUIT",
        LinkKind::Pump(_) => "PUMP",
        LinkKind::Orifice(_) => "ORIFICE",
        LinkKind::Weir(_) => "WEIR",
        LinkKind::Outlet(_) => "OUTLET",
    }
}

/// Type of a pump.
pub fn pump_type(kind: PumpKind) -> &'static str {
    match kind {
        PumpKind::Type1(_) => "TYPE1",
        PumpKind::Type2(_) => "TYPE2",
        PumpKind::Type3(_) => "TYPE3",
        PumpKind::Type4(_) => "TYPE4",
        PumpKind::Type5(_) => "TYPE5",
        PumpKind::Ideal => "IDEAL",
    }
}

/// `YES` or `NO`.
pub fn yes_no(yes: bool) -> &'static str {
    if yes { "YES" } else { "NO" }
}

/// Date as `07/21/2026`.
pub fn date(time: DateTime) -> String {
    let (year, month, day) = time.date();
    format!("{month:02}/{day:02}/{year:04}")
}

/// Time of the day to the nearest second, at most 23:59:59, as `14:05:00`.
pub fn time_of_day(time: DateTime) -> String {
    clock((time.time_of_day_ms() + 500) / 1000)
}

/// A number of seconds, at most a day, as `14:05:00`.
pub fn clock(seconds: i64) -> String {
    let seconds = seconds.clamp(0, 86_399);
    format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// Time since the reporting start as `   0  01:05` (days, hours, minutes); nothing before it. SWMM
/// rounds to the second, one millisecond late (`getDateTime`), and drops the seconds.
pub fn elapsed(time: DateTime, model: &Model) -> String {
    let since = time.0 - model.options.report_start.0 + 1;
    if since <= 1 {
        return "   0  00:00".to_string();
    }
    let seconds = ((since.rem_euclid(DAY_MS) + 500) / 1000).min(86_399);
    format!("{:4}  {:02}:{:02}", since.div_euclid(DAY_MS), seconds / 3600, seconds / 60 % 60)
}

/// A number as C's `%.3g` writes it.
#[derive(Clone, Copy, Debug)]
pub struct General(pub f64);

impl fmt::Display for General {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DIGITS: i32 = 3;
        let value = self.0;
        if value == 0.0 || !value.is_finite() {
            return f.pad(&format!("{value}"));
        }
        let scientific = format!("{value:.*e}", DIGITS as usize - 1);
        let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
        let exponent: i32 = exponent.parse().unwrap_or(0);
        let trim = |text: &str| match text.contains('.') {
            true => text.trim_end_matches('0').trim_end_matches('.').to_string(),
            false => text.to_string(),
        };
        if (-4..DIGITS).contains(&exponent) {
            let decimals = usize::try_from(DIGITS - 1 - exponent).unwrap_or(0);
            f.pad(&trim(&format!("{value:.decimals$}")))
        } else {
            let sign = if exponent < 0 { '-' } else { '+' };
            f.pad(&format!("{}e{sign}{:02}", trim(digits), exponent.abs()))
        }
    }
}

/// The last lines: when the analysis began and ended (as C's `ctime` writes it, in UTC).
pub fn wall_clock(out: &mut dyn Write, wall: &WallClock) -> io::Result<()> {
    let seconds = wall.begun.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let begun = DateTime::from_date(1970, 1, 1).unwrap_or_default().plus_seconds(seconds as f64);
    let took = wall.elapsed.as_secs();
    write!(out, "\n\n  Analysis begun on:  {}", stamp(begun))?;
    write!(out, "\n  Analysis ended on:  {}", stamp(begun.plus_seconds(took as f64)))?;
    write!(out, "\n  Total elapsed time: ")?;
    match (took / 86_400, took % 86_400) {
        (0, 0) => write!(out, "< 1 sec"),
        (0, rest) => write!(out, "{}", clock(rest as i64)),
        (days, rest) => write!(out, "{days}.{}", clock(rest as i64)),
    }
}

/// An instant as `Tue Jul 21 14:05:00 2026`.
fn stamp(time: DateTime) -> String {
    const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (year, month, day) = time.date();
    let weekday = DAYS[time.day_of_week() as usize - 1];
    format!("{weekday} {} {day:2} {} {year}", MONTHS[month as usize - 1], time_of_day(time))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_digits_are_written_as_c_writes_them() {
        let cases = [
            (0.0, "0"),
            (0.515, "0.515"),
            (2.86, "2.86"),
            (2.0, "2"),
            (123.4, "123"),
            (999.6, "1e+03"),
            (12_345.0, "1.23e+04"),
            (0.000_123_4, "0.000123"),
            (0.000_012_34, "1.23e-05"),
            (-0.05, "-0.05"),
            (99.96, "100"),
            (5.66e-9, "5.66e-09"),
        ];
        for (value, text) in cases {
            assert_eq!(General(value).to_string(), text);
        }
        assert_eq!(format!("{:>8}", General(0.5)), "     0.5");
    }

    #[test]
    fn elapsed_time_counts_from_the_reporting_start() {
        let mut model = Model::default();
        model.options.report_start = model.options.start.plus_seconds(3600.0);
        let at = |seconds: f64| elapsed(model.options.start.plus_seconds(seconds), &model);
        assert_eq!(at(0.0), "   0  00:00");
        assert_eq!(at(3600.0), "   0  00:00");
        assert_eq!(at(3659.4), "   0  00:00");
        assert_eq!(at(3659.6), "   0  00:01");
        assert_eq!(at(3600.0 + 86_400.0 * 12.0 + 3600.0 * 5.0), "  12  05:00");
        assert_eq!(at(3600.0 + 86_399.9), "   0  23:59");
    }

    #[test]
    fn the_clock_is_pinned() {
        let mut out = Vec::new();
        wall_clock(&mut out, &WallClock::pinned(1_784_642_700)).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(
            text,
            "\n\n  Analysis begun on:  Tue Jul 21 14:05:00 2026\
             \n  Analysis ended on:  Tue Jul 21 14:05:00 2026\
             \n  Total elapsed time: < 1 sec"
        );
    }
}
