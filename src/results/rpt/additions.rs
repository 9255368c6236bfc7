//! Tables that SWMM does not have: all continuity errors, all unstable links, where the water went.

use std::io::{self, Write};

use super::Report;
use super::text::{General, Words, line, rule, title};
use crate::ledger::balance::{Entry, WaterBalance};
use crate::model::{LinkId, NodeId};
use crate::num::index::Id;
use crate::statistics::network::continuity_errors;
use crate::statistics::ranking::{Element, all_above};

/// Least continuity error and instability index that is listed.
const LISTED_FROM: f64 = 1.0;

/// All nodes that do not close, and all links that are not stable.
pub fn errors(out: &mut dyn Write, report: &Report<'_>) -> io::Result<()> {
    let (summary, words) = (report.summary, Words::new(&report.model.units));
    title(out, "All Node Continuity Errors Above 1 Percent")?;
    line(out, "")?;
    let list = all_above(continuity_errors(&summary.nodes), LISTED_FROM);
    if list.is_empty() {
        line(out, "None.")?;
    } else {
        rule(out, 64)?;
        line(out, "                                Inflow       Outflow       Error")?;
        line(out, &format!("Node                          {0:>8}      {0:>8}     Percent", words.volume))?;
        rule(out, 64)?;
    }
    for (element, error) in list {
        let Element::Node(i) = element else { continue };
        write!(
            out,
            "\n  {:<24}{:>14}{:>14}{error:12.2}",
            report.model.nodes.name(NodeId::new(i)),
            General(words.volume(summary.nodes.inflow[i])),
            General(words.volume(summary.nodes.outflow[i])),
        )?;
    }
    line(out, "")?;

    title(out, "All Flow Instability Indexes Above 1")?;
    line(out, "")?;
    let list = all_above(summary.network.instabilities(), LISTED_FROM);
    if list.is_empty() {
        line(out, "None.")?;
    } else {
        rule(out, 46)?;
        line(out, "Link                         Turns       Index")?;
        rule(out, 46)?;
    }
    for (element, index) in list {
        let Element::Link(i) = element else { continue };
        let name = report.model.links.name(LinkId::new(i));
        let turns = summary.network.links.extremes[i].turns;
        write!(out, "\n  {name:<24}{turns:>10}{index:12.1}")?;
    }
    line(out, "")
}

/// Where the water came from and where it went.
pub fn balance(out: &mut dyn Write, report: &Report<'_>, words: &Words) -> io::Result<()> {
    let summary = report.summary;
    let balance = WaterBalance::new(report.model, &summary.runoff, &summary.routing, &summary.nodes);
    title(out, "Where The Water Went")?;
    line(out, "")?;
    rule(out, 66)?;
    line(out, "                                              Volume       Percent")?;
    line(out, &format!("                                            {:>8}     of Inflow", words.volume))?;
    rule(out, 66)?;
    let mut say = |entry: &Entry| {
        let volume = words.volume(entry.volume);
        write!(out, "\n  {:<36}{volume:16.3}{:14.2}", entry.name, entry.percent)
    };
    balance.sources.iter().try_for_each(&mut say)?;
    say(&Entry { name: "All inflow".to_string(), volume: balance.total, percent: 100.0 })?;
    rule(out, 66)?;
    let mut say = |entry: &Entry| {
        let volume = words.volume(entry.volume);
        write!(out, "\n  {:<36}{volume:16.3}{:14.2}", entry.name, entry.percent)
    };
    balance.destinations.iter().try_for_each(&mut say)?;
    say(&Entry {
        name: "Not accounted for".to_string(),
        volume: balance.unaccounted,
        percent: balance.unaccounted_percent(),
    })?;
    line(out, "")
}

/// What the last tables mean, and once more whether the run is incomplete. Plain ASCII, so that
/// programs that look for the time stamp in the last 500 bytes of a report find characters there.
pub fn notes(out: &mut dyn Write, report: &Report<'_>) -> io::Result<()> {
    const NOTES: [&str; 11] = [
        "The tables \"All ...\" and \"Where The Water Went\" are not part of SWMM's report.",
        "A node's continuity error is 1 - outflow / inflow, volumes stored at the end and",
        "at the start included. It is given for nodes that links enter and leave and that",
        "have more than 0.1 cubic feet of inflow.",
        "An instability index of 100 means that the flow in a link turned from rising to",
        "falling, or back, as often as a random flow would.",
        "Where the water went adds land and network: runoff that passes from one to the",
        "other is neither inflow nor outflow. Outfalls and flooding count what left the",
        "system; what an outfall took in stands among the sources.",
        "All extremes, times and frequencies begin at the reporting start; volumes and",
        "continuity cover the whole simulation.",
    ];
    title(out, "Notes")?;
    line(out, "")?;
    if let Some(mark) = super::incomplete(report.outcome) {
        line(out, &mark)?;
    }
    NOTES.iter().try_for_each(|text| line(out, text))?;
    line(out, "")
}
