//! Summaries of nodes, storage units and outfalls.

use std::io::{self, Write};

use super::Report;
use super::text::{General, Words, elapsed, line, mean, node_type, percent, rule, title};
use crate::ledger::node::FlowBalance;
use crate::model::NodeId;
use crate::model::options::RoutingMethod;
use crate::num::index::Id;

/// Least time, h, that a table shows of an element that it lists.
const LEAST_HOURS: f64 = 0.01;

/// All these tables.
pub fn write(out: &mut dyn Write, report: &Report<'_>, words: &Words) -> io::Result<()> {
    depths(out, report, words)?;
    inflows(out, report, words)?;
    if report.model.options.routing == RoutingMethod::Dynamic {
        surcharge(out, report, words)?;
    }
    flooding(out, report, words)?;
    storages(out, report, words)?;
    outfalls(out, report, words)
}

fn depths(out: &mut dyn Write, report: &Report<'_>, words: &Words) -> io::Result<()> {
    let (model, network) = (report.model, &report.summary.network);
    let unit = words.length;
    title(out, "Node Depth Summary")?;
    line(out, "")?;
    rule(out, 81)?;
    line(out, "                               Average  Maximum  Maximum  Time of Max    Reported")?;
    line(out, "                                 Depth    Depth      HGL   Occurrence   Max Depth")?;
    line(
        out,
        &format!("Node                 Type     {unit:>8} {unit:>8} {unit:>8}  days hr:min  {unit:>10}"),
    )?;
    rule(out, 81)?;
    for (id, node) in model.nodes.iter() {
        let i = id.index();
        let extremes = &network.nodes.extremes[i];
        write!(
            out,
            "\n  {:<20} {:<9} {:7.2}  {:7.2}  {:7.2}  {}  {:10.2}",
            model.nodes.name(id),
            node_type(&node.kind),
            words.length(mean(extremes.depth_sum, network.steps)),
            words.length(extremes.max_depth),
            words.length(extremes.max_depth + node.invert),
            elapsed(extremes.max_depth_time, model),
            // Reporting times know single precision only.
            words.length(network.nodes.max_reported_depth[i]) as f32,
        )?;
    }
    line(out, "")
}

fn inflows(out: &mut dyn Write, report: &Report<'_>, words: &Words) -> io::Result<()> {
    let (model, ledger) = (report.model, &report.summary.nodes);
    let (flow, volume) = (words.flow, words.volume);
    title(out, "Node Inflow Summary")?;
    line(out, "")?;
    rule(out, 97)?;
    line(
        out,
        "                                Maximum  Maximum                  Lateral       Total        Flow",
    )?;
    line(
        out,
        "                                Lateral    Total  Time of Max      Inflow      Inflow     Balance",
    )?;
    line(
        out,
        "                                 Inflow   Inflow   Occurrence      Volume      Volume       Error",
    )?;
    line(
        out,
        &format!(
            "Node                 Type           {flow:>3}      {flow:>3}  days hr:min    {volume:>8}    \
             {volume:>8}     Percent"
        ),
    )?;
    rule(out, 97)?;
    for (id, node) in model.nodes.iter() {
        let i = id.index();
        let extremes = &report.summary.network.nodes.extremes[i];
        write!(
            out,
            "\n  {:<20} {:<9}{}{}  {}{:>12}{:>12}",
            model.nodes.name(id),
            node_type(&node.kind),
            words.flow(extremes.max_lateral_inflow),
            words.flow(extremes.max_inflow),
            elapsed(extremes.max_inflow_time, model),
            General(words.volume(extremes.lateral_volume)),
            General(words.volume(ledger.inflow[i])),
        )?;
        match ledger.balance(i) {
            FlowBalance::Percent(error) => write!(out, "{error:12.3}")?,
            FlowBalance::Volume(volume) => {
                write!(out, "{:12.3} {}", words.volume(volume) * 1.0e6, words.small_volume)?;
            }
        }
    }
    line(out, "")
}

fn surcharge(out: &mut dyn Write, report: &Report<'_>, words: &Words) -> io::Result<()> {
    let (model, nodes) = (report.model, &report.summary.network.nodes);
    title(out, "Node Surcharge Summary")?;
    line(out, "")?;
    let mut any = false;
    for (id, node) in model.nodes.iter() {
        let i = id.index();
        let extremes = &nodes.extremes[i];
        if node.is_outfall() || extremes.surcharged_time == 0.0 {
            continue;
        }
        if !any {
            line(out, "Surcharging occurs when water rises above the top of the highest conduit.")?;
            rule(out, 69)?;
            line(out, "                                             Max. Height   Min. Depth")?;
            line(out, "                                 Hours       Above Crown    Below Rim")?;
            let unit = words.length;
            line(out, &format!("Node                 Type      Surcharged     {unit:>10}   {unit:>10}"))?;
            rule(out, 69)?;
            any = true;
        }
        write!(
            out,
            "\n  {:<20} {:<9}  {:9.2}      {:9.3}    {:9.3}",
            model.nodes.name(id),
            node_type(&node.kind),
            (extremes.surcharged_time / 3600.0).max(LEAST_HOURS),
            words.length(nodes.height_above_crown(i)),
            words.length((node.full_depth - extremes.max_depth).max(0.0)),
        )?;
    }
    if !any {
        line(out, "No nodes were surcharged.")?;
    }
    line(out, "")
}

fn flooding(out: &mut dyn Write, report: &Report<'_>, words: &Words) -> io::Result<()> {
    let (model, nodes) = (report.model, &report.summary.network.nodes);
    let dynamic = model.options.routing == RoutingMethod::Dynamic;
    title(out, "Node Flooding Summary")?;
    line(out, "")?;
    let mut any = false;
    for (id, node) in model.nodes.iter() {
        let i = id.index();
        let flooding = &nodes.flooding[i];
        if node.is_outfall() || flooding.time == 0.0 {
            continue;
        }
        if !any {
            line(out, "Flooding refers to all water that overflows a node, whether it ponds or not.")?;
            rule(out, 74)?;
            line(out, "                                                           Total   Maximum")?;
            line(out, "                               Maximum   Time of Max       Flood    Ponded")?;
            let ponded = if dynamic { "   Depth" } else { "  Volume" };
            line(
                out,
                &format!("                      Hours       Rate    Occurrence      Volume  {ponded}"),
            )?;
            let unit = match (dynamic, words.units.is_si()) {
                (true, _) => format!("    {:>6}", words.length),
                (false, true) => "   1000 m³".to_string(),
                (false, false) => "  1000 ft³".to_string(),
            };
            let (flow, volume) = (words.flow, words.volume);
            line(
                out,
                &format!("Node                 Flooded       {flow:>3}   days hr:min    {volume:>8}{unit}"),
            )?;
            rule(out, 74)?;
            any = true;
        }
        let ponded = if dynamic {
            words.length(nodes.extremes[i].max_depth - node.full_depth)
        } else {
            flooding.max_ponded_volume / 1000.0 / words.units.volume
        };
        write!(
            out,
            "\n  {:<20} {:7.2} {}   {}{:12.3} {ponded:9.3}",
            model.nodes.name(id),
            (flooding.time / 3600.0).max(LEAST_HOURS),
            words.flow(flooding.max_rate),
            elapsed(flooding.max_rate_time, model),
            words.volume(flooding.volume),
        )?;
    }
    if !any {
        line(out, "No nodes were flooded.")?;
    }
    line(out, "")
}

fn storages(out: &mut dyn Write, report: &Report<'_>, words: &Words) -> io::Result<()> {
    let (model, network) = (report.model, &report.summary.network);
    if network.nodes.storages.is_empty() {
        return Ok(());
    }
    title(out, "Storage Volume Summary")?;
    line(out, "")?;
    rule(out, 96)?;
    line(
        out,
        "                       Average    Avg   Evap  Exfil     Maximum    Max    Time of Max    Maximum",
    )?;
    line(
        out,
        "                        Volume   Pcnt   Pcnt   Pcnt      Volume   Pcnt     Occurrence    Outflow",
    )?;
    let unit = if words.units.is_si() { "1000 m³" } else { "1000 ft³" };
    line(
        out,
        &format!(
            "Storage Unit          {unit:>8}   Full   Loss   Loss    {unit:>8}   Full    days hr:min        {:>3}",
            words.flow
        ),
    )?;
    rule(out, 96)?;
    for storage in &network.nodes.storages {
        let inflow = report.summary.nodes.inflow[storage.node];
        let average = mean(storage.volume_sum, network.steps);
        let thousands = |volume: f64| volume / words.units.volume / 1000.0;
        write!(
            out,
            "\n  {:<20}{:10.3}  {:5.1}  {:5.1}  {:5.1}  {:10.3}  {:5.1}    {}  {}",
            model.nodes.name(NodeId::new(storage.node)),
            thousands(average),
            percent(average, storage.full_volume),
            percent(storage.evaporated, inflow),
            percent(storage.seeped, inflow),
            thousands(storage.max_volume),
            percent(storage.max_volume, storage.full_volume),
            elapsed(storage.max_volume_time, model),
            words.flow(storage.max_outflow),
        )?;
    }
    line(out, "")
}

fn outfalls(out: &mut dyn Write, report: &Report<'_>, words: &Words) -> io::Result<()> {
    let (model, network) = (report.model, &report.summary.network);
    let outfalls = &network.nodes.outfalls;
    if outfalls.is_empty() {
        return Ok(());
    }
    title(out, "Outfall Loading Summary")?;
    line(out, "")?;
    rule(out, 59)?;
    line(out, "                       Flow       Avg       Max       Total")?;
    line(out, "                       Freq      Flow      Flow      Volume")?;
    let (flow, volume) = (words.flow, words.volume);
    line(out, &format!("Outfall Node           Pcnt       {flow:>3}       {flow:>3}    {volume:>8}"))?;
    rule(out, 59)?;
    let (mut flow_sum, mut frequency_sum, mut volume_sum) = (0.0, 0.0, 0.0);
    for outfall in outfalls {
        let frequency = 100.0 * mean(outfall.steps_with_flow as f64, network.steps);
        let average = mean(outfall.flow_sum, outfall.steps_with_flow);
        let inflow = report.summary.nodes.inflow[outfall.node];
        frequency_sum += frequency;
        flow_sum += average;
        volume_sum += inflow;
        write!(
            out,
            "\n  {:<20}{frequency:7.2} {} {}{:12.3}",
            model.nodes.name(NodeId::new(outfall.node)),
            words.flow(average),
            words.flow(outfall.max_flow),
            words.volume(inflow),
        )?;
    }
    rule(out, 59)?;
    write!(
        out,
        "\n  System              {:7.2} {} {}{:12.3}",
        frequency_sum / outfalls.len() as f64,
        words.flow(flow_sum),
        words.flow(network.nodes.max_outfall_flow),
        words.volume(volume_sum),
    )?;
    line(out, "")
}
