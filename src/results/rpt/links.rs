//! Summaries of links, conduits and pumps.

use std::io::{self, Write};

use super::Report;
use super::text::{Words, elapsed, line, link_type, mean, percent, rule, title, title_between};
use crate::model::LinkId;
use crate::model::link::{Link, LinkKind};
use crate::model::options::RoutingMethod;
use crate::model::section::Shape;
use crate::num::index::Id;

/// Velocity in the user's unit above which the report says no more than that.
const LARGE_VELOCITY: f64 = 50.0;

/// All these tables.
pub fn write(out: &mut dyn Write, report: &Report<'_>, words: &Words) -> io::Result<()> {
    flows(out, report, words)?;
    if report.model.options.routing == RoutingMethod::Dynamic {
        classes(out, report)?;
    }
    surcharge(out, report)?;
    pumps(out, report, words)
}

/// What the flow table calls a link. An outlet has no section, which SWMM calls a dummy.
fn type_in_flow_table(link: &Link) -> &'static str {
    match &link.kind {
        LinkKind::Outlet(_) => "DUMMY",
        LinkKind::Conduit(conduit) => match conduit.shape {
            Shape::Dummy => "DUMMY",
            Shape::Irregular(_) => "CHANNEL",
            _ => "CONDUIT",
        },
        kind => link_type(kind),
    }
}

fn flows(out: &mut dyn Write, report: &Report<'_>, words: &Words) -> io::Result<()> {
    let (model, statistics) = (report.model, &report.summary.network.links);
    title_between(out, "Link Flow Summary", 20)?;
    line(out, "")?;
    rule(out, 77)?;
    line(out, "                               Maximum  Time of Max   Maximum    Max/    Max/")?;
    line(out, "                                |Flow|   Occurrence   |Veloc|    Full    Full")?;
    let speed = if words.units.is_si() { " m/sec" } else { "ft/sec" };
    line(
        out,
        &format!(
            "Link                 Type          {:>3}  days hr:min    {speed}    Flow   Depth",
            words.flow
        ),
    )?;
    rule(out, 77)?;
    for (id, link) in model.links.iter() {
        let i = id.index();
        let extremes = &statistics.extremes[i];
        let capacity = report.summary.links.get(i).copied().unwrap_or_default();
        let kind = type_in_flow_table(link);
        write!(
            out,
            "\n  {:<20} {kind:<7} {}  {}",
            model.links.name(id),
            words.flow(extremes.max_flow),
            elapsed(extremes.max_flow_time, model),
        )?;
        let full_depth = match &link.kind {
            LinkKind::Pump(_) if capacity.full_flow > 0.0 => {
                write!(out, "            {:6.2}", extremes.max_flow / capacity.full_flow)?;
                continue;
            }
            _ if kind == "DUMMY" => continue,
            LinkKind::Conduit(conduit) => {
                let velocity = words.length(extremes.max_velocity);
                if velocity > LARGE_VELOCITY {
                    write!(out, "    >50.00")?;
                } else {
                    write!(out, "   {velocity:7.2}")?;
                }
                let share = extremes.max_flow / capacity.full_flow / f64::from(conduit.barrels.max(1));
                write!(out, "  {:6.2}", if share.is_finite() { share } else { 0.0 })?;
                capacity.full_depth
            }
            other => {
                write!(out, "                  ")?;
                let bottom = matches!(other, LinkKind::Orifice(orifice) if orifice.bottom);
                if bottom { 0.0 } else { capacity.full_depth }
            }
        };
        if full_depth > 0.0 {
            write!(out, "  {:6.2}", extremes.max_depth / full_depth)?;
        } else {
            write!(out, "        ")?;
        }
    }
    line(out, "")
}

/// Conduits with a section.
fn conduits<'a>(report: &Report<'a>) -> impl Iterator<Item = (LinkId, &'a Link)> + use<'a> {
    let has_section =
        |link: &Link| link.conduit().is_some_and(|conduit| !matches!(conduit.shape, Shape::Dummy));
    report.model.links.iter().filter(move |(_, link)| has_section(link))
}

fn classes(out: &mut dyn Write, report: &Report<'_>) -> io::Result<()> {
    let network = &report.summary.network;
    title(out, "Flow Classification Summary")?;
    line(out, "")?;
    rule(out, 85)?;
    line(out, "                    Adjusted    ---------- Fraction of Time in Flow Class ---------- ")?;
    line(out, "                     /Actual         Up    Down  Sub   Sup   Up    Down  Norm  Inlet ")?;
    line(out, "Conduit               Length    Dry  Dry   Dry   Crit  Crit  Crit  Crit  Ltd   Ctrl  ")?;
    rule(out, 85)?;
    let fraction = |time: f64| if network.time_span > 0.0 { time / network.time_span } else { 0.0 };
    for (id, _) in conduits(report) {
        let capacity = report.summary.links.get(id.index()).copied().unwrap_or_default();
        let times = network.links.times(id.index());
        let adjusted = if capacity.length > 0.0 { capacity.modified_length / capacity.length } else { 1.0 };
        write!(out, "\n  {:<20}  {adjusted:6.2} ", report.model.links.name(id))?;
        for time in times.in_class.iter().chain([&times.normal_flow, &times.inlet_control]) {
            write!(out, "  {:4.2}", fraction(*time))?;
        }
    }
    line(out, "")
}

fn surcharge(out: &mut dyn Write, report: &Report<'_>) -> io::Result<()> {
    title(out, "Conduit Surcharge Summary")?;
    line(out, "")?;
    let mut any = false;
    for (id, _) in conduits(report) {
        let times = report.summary.network.links.times(id.index());
        let full = [times.both_full, times.upstream_full, times.downstream_full, times.above_normal];
        if full.iter().sum::<f64>() == 0.0 {
            continue;
        }
        if !any {
            rule(out, 76)?;
            line(out, "                                                         Hours        Hours ")?;
            line(out, "                       --------- Hours Full --------   Above Full   Capacity")?;
            line(out, "Conduit                Both Ends  Upstream  Dnstream   Normal Flow   Limited")?;
            rule(out, 76)?;
            any = true;
        }
        let hours = |time: f64| (time / 3600.0).max(0.01);
        write!(
            out,
            "\n  {:<20}    {:8.2}  {:8.2}  {:8.2}  {:8.2}     {:8.2}",
            report.model.links.name(id),
            hours(times.both_full),
            hours(times.upstream_full),
            hours(times.downstream_full),
            hours(times.above_normal),
            hours(times.capacity_limited),
        )?;
    }
    if !any {
        line(out, "No conduits were surcharged.")?;
    }
    line(out, "")
}

fn pumps(out: &mut dyn Write, report: &Report<'_>, words: &Words) -> io::Result<()> {
    let network = &report.summary.network;
    if network.links.pumps.is_empty() {
        return Ok(());
    }
    title(out, "Pumping Summary")?;
    line(out, "")?;
    rule(out, 105)?;
    line(
        out,
        "                                                Min       Avg       Max     Total     Power    % Time Off",
    )?;
    line(
        out,
        "                      Percent   Number of      Flow      Flow      Flow    Volume     Usage    Pump Curve",
    )?;
    let (flow, volume) = (words.flow, words.volume);
    line(
        out,
        &format!(
            "Pump                 Utilized   Start-Ups       {flow:>3}       {flow:>3}       {flow:>3}  \
             {volume:>8}     Kw-hr    Low   High"
        ),
    )?;
    rule(out, 105)?;
    for pump in &network.links.pumps {
        let average = mean(pump.flow_sum, pump.steps_with_flow);
        write!(
            out,
            "\n  {:<20} {:8.2}  {:10} {:9.2} {:9.2} {:9.2} {:9.3} {:9.2} {:6.1} {:6.1}",
            report.model.links.name(LinkId::new(pump.link)),
            percent(pump.utilized, network.time_span),
            pump.start_ups,
            pump.min_flow / words.units.flow,
            average / words.units.flow,
            pump.max_flow / words.units.flow,
            words.volume(pump.volume),
            pump.energy,
            percent(pump.off_curve_low, pump.utilized),
            percent(pump.off_curve_high, pump.utilized),
        )?;
    }
    line(out, "")
}
