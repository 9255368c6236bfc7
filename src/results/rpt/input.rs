//! Element counts and summaries of the input.

use std::io::{self, Write};

use super::Report;
use super::text::{Words, line, link_type, node_type, pump_type};
use crate::model::Model;
use crate::model::catchment::Outlet;
use crate::model::link::LinkKind;
use crate::model::section::Shape;
use crate::model::section::tabulated::{self, SectionTable};
use crate::model::weather::{RainKind, RainSource};
use crate::num::index::Id;

/// All these tables.
pub fn write(out: &mut dyn Write, report: &Report<'_>, words: &Words) -> io::Result<()> {
    let model = report.model;
    counts(out, model)?;
    if !model.gauges.is_empty() {
        gauges(out, model)?;
    }
    if !model.subcatchments.is_empty() {
        subcatchments(out, model, words)?;
    }
    if !model.nodes.is_empty() {
        nodes(out, model, words)?;
    }
    if !model.links.is_empty() {
        links(out, report, words)?;
        sections(out, report, words)?;
    }
    section_tables(out, "Shape", &tabulated::shapes(model))?;
    section_tables(out, "Transect", &tabulated::transects(model))?;
    section_tables(out, "Street", &tabulated::streets(model))?;
    line(out, "")
}

/// Two blank lines and a title: SWMM's input summaries stand further apart than other tables.
fn title(out: &mut dyn Write, text: &str) -> io::Result<()> {
    line(out, "")?;
    super::text::title(out, text)
}

fn counts(out: &mut dyn Write, model: &Model) -> io::Result<()> {
    super::text::title(out, "Element Count")?;
    let counts = [
        ("Number of rain gages ......", model.gauges.len()),
        ("Number of subcatchments ...", model.subcatchments.len()),
        ("Number of nodes ...........", model.nodes.len()),
        ("Number of links ...........", model.links.len()),
        ("Number of pollutants ......", model.pollutant_count),
        ("Number of land uses .......", model.land_use_count),
    ];
    for (label, count) in counts {
        write!(out, "\n  {label} {count}")?;
    }
    Ok(())
}

fn gauges(out: &mut dyn Write, model: &Model) -> io::Result<()> {
    title(out, "Raingage Summary")?;
    line(out, "                                                    Data       Recording")?;
    line(out, "Name                 Data Source                    Type       Interval ")?;
    line(out, "------------------------------------------------------------------------")?;
    for (id, gauge) in model.gauges.iter() {
        let name = model.gauges.name(id);
        match &gauge.source {
            RainSource::Series(series) => {
                let kind = match gauge.kind {
                    RainKind::Intensity => "INTENSITY",
                    RainKind::Volume => "VOLUME",
                    RainKind::Cumulative => "CUMULATIVE",
                };
                let series = model.series.name(*series);
                write!(out, "\n  {name:<20} {series:<30} {kind:<10} {:3} min.", gauge.interval / 60)?;
            }
            RainSource::File { path, .. } => write!(out, "\n  {name:<20} {path:<30}")?,
        }
    }
    Ok(())
}

fn subcatchments(out: &mut dyn Write, model: &Model, words: &Words) -> io::Result<()> {
    title(out, "Subcatchment Summary")?;
    line(
        out,
        "Name                       Area     Width   %Imperv    %Slope Rain Gage            Outlet              ",
    )?;
    line(
        out,
        "-----------------------------------------------------------------------------------------------------------",
    )?;
    for (id, subcatchment) in model.subcatchments.iter() {
        let gauge = subcatchment.gauge.map_or("", |gauge| model.gauges.name(gauge));
        let outlet = match subcatchment.outlet {
            Outlet::Node(node) => model.nodes.name(node),
            Outlet::Subcatchment(other) => model.subcatchments.name(other),
        };
        write!(
            out,
            "\n  {:<20} {:10.2}{:10.2}{:10.2}{:10.4} {gauge:<20} {outlet:<20}",
            model.subcatchments.name(id),
            subcatchment.area / words.units.land_area,
            words.length(subcatchment.width),
            subcatchment.impervious * 100.0,
            subcatchment.slope * 100.0,
        )?;
    }
    Ok(())
}

fn nodes(out: &mut dyn Write, model: &Model, words: &Words) -> io::Result<()> {
    title(out, "Node Summary")?;
    line(out, "                                         Invert      Max.    Ponded    External")?;
    line(out, "Name                 Type                 Elev.     Depth      Area    Inflow  ")?;
    line(out, "-------------------------------------------------------------------------------")?;
    for (id, node) in model.nodes.iter() {
        write!(
            out,
            "\n  {:<20} {:<16}{:10.2}{:10.2}{:10.1}",
            model.nodes.name(id),
            node_type(&node.kind),
            words.length(node.invert),
            words.length(node.full_depth),
            node.ponded_area / words.units.area,
        )?;
        if node.inflow.is_some() || node.dry_weather.is_some() {
            write!(out, "    Yes")?;
        }
    }
    Ok(())
}

fn links(out: &mut dyn Write, report: &Report<'_>, words: &Words) -> io::Result<()> {
    let model = report.model;
    title(out, "Link Summary")?;
    line(
        out,
        "Name             From Node        To Node          Type            Length    %Slope Roughness",
    )?;
    line(
        out,
        "---------------------------------------------------------------------------------------------",
    )?;
    for (id, link) in model.links.iter() {
        let (from, to) = if link.reversed { (link.to, link.from) } else { (link.from, link.to) };
        let (name, from, to) = (model.links.name(id), model.nodes.name(from), model.nodes.name(to));
        write!(out, "\n  {name:<16} {from:<16} {to:<16} ")?;
        match &link.kind {
            LinkKind::Pump(pump) => write!(out, "{:<5} PUMP  ", pump_type(pump.kind))?,
            kind => write!(out, "{:<12}", link_type(kind))?,
        }
        if let Some(conduit) = link.conduit() {
            let capacity = report.summary.links.get(id.index()).copied().unwrap_or_default();
            let slope = if link.reversed { -capacity.slope } else { capacity.slope };
            write!(
                out,
                "{:10.1}{:10.4}{:10.4}",
                words.length(conduit.length),
                slope * 100.0,
                capacity.roughness
            )?;
        }
    }
    Ok(())
}

fn sections(out: &mut dyn Write, report: &Report<'_>, words: &Words) -> io::Result<()> {
    let model = report.model;
    title(out, "Cross Section Summary")?;
    line(out, "                                      Full     Full     Hyd.     Max.   No. of     Full")?;
    line(out, "Conduit          Shape               Depth     Area     Rad.    Width  Barrels     Flow")?;
    line(out, "---------------------------------------------------------------------------------------")?;
    for (id, link) in model.links.iter() {
        let Some(conduit) = link.conduit() else { continue };
        let capacity = report.summary.links.get(id.index()).copied().unwrap_or_default();
        write!(
            out,
            "\n  {:<16} {:<16} {:8.2} {:8.2} {:8.2} {:8.2}      {:3} {:8.2}",
            model.links.name(id),
            shape_name(model, &conduit.shape),
            words.length(capacity.full_depth),
            capacity.full_area / words.units.area,
            words.length(capacity.full_radius),
            words.length(capacity.max_width),
            conduit.barrels,
            capacity.full_flow / words.units.flow,
        )?;
    }
    Ok(())
}

/// Keyword of a shape, or the name of its table.
fn shape_name<'a>(model: &'a Model, shape: &Shape) -> &'a str {
    match shape {
        Shape::Dummy => "DUMMY",
        Shape::Circular { .. } => "CIRCULAR",
        Shape::FilledCircular { .. } => "FILLED_CIRCULAR",
        Shape::ForceMain { .. } => "FORCE_MAIN",
        Shape::RectangularClosed { .. } => "RECT_CLOSED",
        Shape::RectangularOpen { .. } => "RECT_OPEN",
        Shape::Trapezoidal { .. } => "TRAPEZOIDAL",
        Shape::Triangular { .. } => "TRIANGULAR",
        Shape::Parabolic { .. } => "PARABOLIC",
        Shape::Power { .. } => "POWER",
        Shape::RectangularTriangular { .. } => "RECT_TRIANGULAR",
        Shape::RectangularRound { .. } => "RECT_ROUND",
        Shape::ModifiedBasketHandle { .. } => "MODBASKETHANDLE",
        Shape::HorizontalEllipse { .. } => "HORIZ_ELLIPSE",
        Shape::VerticalEllipse { .. } => "VERT_ELLIPSE",
        Shape::Arch { .. } => "ARCH",
        Shape::Egg { .. } => "EGG",
        Shape::Horseshoe { .. } => "HORSESHOE",
        Shape::Gothic { .. } => "GOTHIC",
        Shape::Catenary { .. } => "CATENARY",
        Shape::SemiElliptical { .. } => "SEMIELLIPTICAL",
        Shape::BasketHandle { .. } => "BASKETHANDLE",
        Shape::SemiCircular { .. } => "SEMICIRCULAR",
        Shape::Irregular(transect) => model.transects.name(*transect),
        Shape::Street(street) => model.streets.name(*street),
        Shape::Custom { curve, .. } => model.curves.name(*curve),
    }
}

fn section_tables(out: &mut dyn Write, what: &str, tables: &[SectionTable]) -> io::Result<()> {
    if tables.is_empty() {
        return Ok(());
    }
    title(out, &format!("{what} Summary"))?;
    for table in tables {
        write!(out, "\n\n  {what} {}", table.name)?;
        let columns =
            [("Area:  ", &table.area), ("Hrad:  ", &table.hydraulic_radius), ("Width: ", &table.width)];
        for (label, values) in columns {
            write!(out, "\n  {label}")?;
            for (i, value) in values.iter().enumerate() {
                if i % 5 == 0 {
                    write!(out, "\n          ")?;
                }
                write!(out, "{value:10.4} ")?;
            }
        }
    }
    Ok(())
}
