//! Which pictures a run gets, and where their numbers come from.

use std::io;
use std::path::Path as FilePath;

use crate::clock::DateTime;
use crate::model::network::{self, Path, Step};
use crate::model::node::NodeKind;
use crate::model::{LinkId, Model, NodeId};
use crate::num::index::Id;
use crate::plot::hydrograph::{Hydrograph, Rain, Series, Threshold};
use crate::plot::language::{flow_symbol, length_symbol};
use crate::plot::long_section::{LongSection, SectionResults};
use crate::plot::plan::{Plan, PlanResults};
use crate::plot::{Picture, PlotError, Sheet, Word};
use crate::results::out::{Kind, OutFile};
use crate::routing::Params;
use crate::statistics::RunSummary;
use crate::units::{CUBIC_FOOT, TINY_DEPTH};

/// Variables of nodes in SWMM's order.
const NODE_DEPTH: usize = 0;
const NODE_HEAD: usize = 1;
const NODE_TOTAL_INFLOW: usize = 4;
const NODE_FLOODING: usize = 5;
/// Variables of links.
const LINK_FLOW: usize = 0;
const LINK_DEPTH: usize = 1;
/// Variables of the system.
const RAINFALL: usize = 1;
const RUNOFF: usize = 4;
const FLOODING: usize = 10;
const OUTFLOW: usize = 11;
const STORAGE: usize = 12;

/// Most series in one picture.
const SERIES: usize = 6;
/// Nodes named on the plan.
const NAMED: usize = 8;

/// Extremes of a run, in SI, by the index of the element.
#[derive(Clone, Debug, Default)]
pub struct Extremes {
    node_depth: Vec<f64>,
    link_depth: Vec<f64>,
    flooded_volume: Vec<f64>,
}

impl Extremes {
    /// Those that a run counted at every step.
    pub fn of_run(model: &Model, summary: &RunSummary) -> Self {
        let (nodes, links) = (&summary.network.nodes, &summary.network.links);
        let mut extremes = Self {
            node_depth: nodes.extremes.iter().map(|node| node.max_depth).collect(),
            link_depth: links.extremes.iter().map(|link| link.max_depth).collect(),
            flooded_volume: nodes.flooding.iter().map(|node| node.volume).collect(),
        };
        extremes.node_depth.resize(model.nodes.len(), 0.0);
        extremes.link_depth.resize(model.links.len(), 0.0);
        extremes.flooded_volume.resize(model.nodes.len(), 0.0);
        extremes
    }
}

/// The results of a run, ready to be drawn.
pub struct Album<'a> {
    model: &'a Model,
    sheet: &'a Sheet,
    file: OutFile,
    times: Vec<DateTime>,
    /// Length of a reporting step, s.
    interval: f64,
    /// Place of each node in the file; `None` where the file leaves it out.
    nodes: Vec<Option<usize>>,
    links: Vec<Option<usize>>,
    full_depth: Vec<f64>,
    extremes: Extremes,
    rain: Vec<f64>,
}

impl<'a> Album<'a> {
    /// Opens results; extremes are taken from the file where the run's own are not at hand.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn open(
        model: &'a Model,
        mut file: OutFile,
        extremes: Option<Extremes>,
        sheet: &'a Sheet,
    ) -> io::Result<Self> {
        let times = file.times()?;
        let interval = match times.as_slice() {
            [first, second, ..] => second.seconds_since(*first),
            _ => f64::from(model.options.report_step),
        };
        let nodes = model.nodes.names().iter().map(|name| file.find(Kind::Node, name)).collect();
        let links = model.links.names().iter().map(|name| file.find(Kind::Link, name)).collect();
        let full_depth = Params::compile(model).map(|params| params.full_depth).unwrap_or_default();
        let rain = file.series(Kind::System, 0, RAINFALL)?.into_iter().map(f64::from).collect();
        let mut album = Self {
            model,
            sheet,
            file,
            times,
            interval,
            nodes,
            links,
            full_depth,
            extremes: Extremes::default(),
            rain,
        };
        album.extremes = match extremes {
            Some(extremes) => extremes,
            None => album.extremes_of_file()?,
        };
        Ok(album)
    }

    /// Extremes at reporting times, in one walk through the file.
    fn extremes_of_file(&mut self) -> io::Result<Extremes> {
        let (model, units) = (self.model, &self.model.units);
        let mut extremes = Extremes {
            node_depth: vec![0.0; model.nodes.len()],
            link_depth: vec![0.0; model.links.len()],
            flooded_volume: vec![0.0; model.nodes.len()],
        };
        for index in 0..self.file.records() {
            let record = self.file.record(index)?;
            let header = self.file.header();
            let value = |kind, element, variable| {
                record.values.get(header.position(kind, element) + variable).copied().map_or(0.0, f64::from)
            };
            for ((place, depth), flooded) in
                self.nodes.iter().zip(&mut extremes.node_depth).zip(&mut extremes.flooded_volume)
            {
                let Some(place) = *place else { continue };
                *depth = depth.max(value(Kind::Node, place, NODE_DEPTH) * units.length);
                *flooded += value(Kind::Node, place, NODE_FLOODING) * units.flow * self.interval;
            }
            for (place, depth) in self.links.iter().zip(&mut extremes.link_depth) {
                let Some(place) = *place else { continue };
                *depth = depth.max(value(Kind::Link, place, LINK_DEPTH) * units.length);
            }
        }
        Ok(extremes)
    }

    /// An element of the file that the model does not know: then they do not belong together.
    pub fn foreign_element(&self) -> Option<String> {
        let header = self.file.header();
        let unknown_node = header.names(Kind::Node).iter().find(|name| self.model.nodes.find(name).is_none());
        let unknown_link = header.names(Kind::Link).iter().find(|name| self.model.links.find(name).is_none());
        unknown_node.or(unknown_link).map(|name| format!("this model: it has {name}, which the model lacks"))
    }

    /// All names of the model and its title, one after the other.
    pub fn names(&self) -> String {
        self.model.title.concat() + &self.model.nodes.names().concat() + &self.model.links.names().concat()
    }

    /// The plan of maximum filling and flooding.
    ///
    /// # Errors
    /// When there is nothing to draw.
    pub fn plan(&mut self) -> Result<Picture, PlotError> {
        let fillings: Vec<f64> = self
            .extremes
            .link_depth
            .iter()
            .zip(&self.full_depth)
            .map(|(depth, full)| if *full > 0.0 { (depth / full).min(1.0) } else { f64::NAN })
            .collect();
        let surcharged = self.surcharged();
        let results = PlanResults {
            heights: &self.full_depth,
            fillings: &fillings,
            surcharged: &surcharged,
            flooded_volumes: &self.extremes.flooded_volume,
        };
        let mut plan = Plan::from_model(self.model, &results)?;
        plan.title = self.title(self.sheet.word(Word::MaximumFilling));
        plan.named = NAMED;
        plan.draw(self.sheet)
    }

    /// Whether water stood above the highest crown at each junction.
    fn surcharged(&self) -> Vec<bool> {
        let mut crown = vec![0.0_f64; self.model.nodes.len()];
        for (id, link) in self.model.links.iter().filter(|(_, link)| link.conduit().is_some()) {
            let full = self.full_depth.get(id.index()).copied().unwrap_or(0.0);
            for (node, offset) in [(link.from, link.inlet_offset), (link.to, link.outlet_offset)] {
                if let Some(crown) = crown.get_mut(node.index()) {
                    *crown = crown.max(offset + full);
                }
            }
        }
        let depths = self.extremes.node_depth.iter().zip(crown);
        self.model
            .nodes
            .items()
            .iter()
            .zip(depths)
            .map(|(node, (depth, crown))| {
                matches!(node.kind, NodeKind::Junction | NodeKind::Divider { .. })
                    && crown > 0.0
                    && *depth > crown + TINY_DEPTH
            })
            .collect()
    }

    /// The long section between two nodes, or through the place that floods most.
    ///
    /// # Errors
    /// When a node is unknown, the two are not connected or there is nothing to draw.
    pub fn section(&mut self, ends: Option<&(String, String)>) -> Result<Picture, PlotError> {
        let path = match ends {
            Some((from, to)) => {
                let (a, b) = (self.find_node(from)?, self.find_node(to)?);
                network::path(self.model, a, b)
                    .ok_or_else(|| PlotError::Mismatch(format!("no links lead from {from} to {to}")))?
            }
            None => self.worst_path().ok_or_else(|| PlotError::Empty("no path to an outfall".into()))?,
        };
        let peak = self.peak()?;
        let column = |kind: Kind, places: &[Option<usize>], variable: usize, file: &mut OutFile| {
            let record = file.record(peak)?;
            let header = file.header();
            let at = |place: usize| record.values.get(header.position(kind, place) + variable).copied();
            let values = places.iter().map(|place| place.and_then(at).map_or(f64::NAN, f64::from));
            Ok::<Vec<f64>, io::Error>(values.collect())
        };
        let length = self.model.units.length;
        let si = |values: Vec<f64>| values.into_iter().map(|v| v * length).collect::<Vec<f64>>();
        let heads = si(column(Kind::Node, &self.nodes, NODE_HEAD, &mut self.file).map_err(unreadable)?);
        let depths = si(column(Kind::Link, &self.links, LINK_DEPTH, &mut self.file).map_err(unreadable)?);
        let nodes = self.model.nodes.items().iter();
        let maximum_heads: Vec<f64> =
            nodes.zip(&self.extremes.node_depth).map(|(node, depth)| node.invert + depth).collect();
        let results = SectionResults {
            heights: &self.full_depth,
            time: self.times.get(peak).copied(),
            heads: &heads,
            depths: &depths,
            maximum_heads: &maximum_heads,
            maximum_depths: &self.extremes.link_depth,
            flooded_volumes: &self.extremes.flooded_volume,
        };
        let mut section = LongSection::from_model(self.model, &path, &results);
        let name = |node: Option<&NodeId>| node.map_or("", |id| self.model.nodes.name(*id));
        section.title = format!("{} – {}", name(path.nodes.first()), name(path.nodes.last()));
        section.draw(self.sheet)
    }

    /// The reporting time of most flooding, or of most stored water where nothing floods.
    fn peak(&mut self) -> Result<usize, PlotError> {
        for variable in [FLOODING, STORAGE] {
            let series = self.file.series(Kind::System, 0, variable).map_err(unreadable)?;
            let most = series.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
            if let Some((index, _)) = most.filter(|(_, value)| **value > 0.0) {
                return Ok(index);
            }
        }
        Ok(0)
    }

    /// From the head of the network that feeds the node of most flooding (or of greatest depth) most,
    /// through it, to the nearest outfall.
    fn worst_path(&self) -> Option<Path> {
        let model = self.model;
        let flooded = &self.extremes.flooded_volume;
        let floods = flooded.iter().any(|volume| *volume > CUBIC_FOOT);
        let rank = if floods { flooded } else { &self.extremes.node_depth };
        let junctions = model.nodes.iter().filter(|(_, node)| matches!(node.kind, NodeKind::Junction));
        let at = |id: NodeId| rank.get(id.index()).copied().unwrap_or(0.0);
        let (worst, _) = junctions.max_by(|a, b| at(a.0).total_cmp(&at(b.0)))?;
        let outfalls = model.nodes.iter().filter(|(_, node)| node.is_outfall());
        let ways = outfalls.filter_map(|(outfall, _)| network::path(model, worst, outfall));
        let downhill = |path: &Path| path.steps.iter().all(|step| step.forward);
        let length = |path: &Path| path.steps.iter().map(|step| self.length(step.link)).sum::<f64>();
        let below =
            ways.min_by(|a, b| downhill(b).cmp(&downhill(a)).then(length(a).total_cmp(&length(b))))?;
        let mut above = Path { nodes: vec![worst], steps: Vec::new() };
        let mut seen = below.nodes.clone();
        let mut node = worst;
        while let Some((link, from)) = self.main_feeder(node, &seen) {
            above.nodes.push(from);
            above.steps.push(Step { link, forward: true });
            seen.push(from);
            node = from;
        }
        let mut path = Path {
            nodes: above.nodes.into_iter().rev().collect(),
            steps: above.steps.into_iter().rev().collect(),
        };
        path.nodes.extend(below.nodes.into_iter().skip(1));
        path.steps.extend(below.steps);
        Some(path)
    }

    /// The conduit with the largest section that ends at a node and comes from one that is not on the way
    /// yet.
    fn main_feeder(&self, node: NodeId, seen: &[NodeId]) -> Option<(LinkId, NodeId)> {
        let size = |id: LinkId| self.full_depth.get(id.index()).copied().unwrap_or(0.0);
        self.model
            .links
            .iter()
            .filter(|(_, link)| link.to == node && link.conduit().is_some() && !seen.contains(&link.from))
            .map(|(id, link)| (id, link.from))
            .max_by(|a, b| size(a.0).total_cmp(&size(b.0)).then(b.0.index().cmp(&a.0.index())))
    }

    fn length(&self, link: LinkId) -> f64 {
        self.model.links[link].conduit().map_or(0.0, |conduit| conduit.length)
    }

    /// Runoff, outflow and flooding of the whole.
    ///
    /// # Errors
    /// When there is nothing to draw.
    pub fn system(&mut self) -> Result<Picture, PlotError> {
        let mut series = Vec::new();
        for (variable, word) in
            [(RUNOFF, Word::Runoff), (OUTFLOW, Word::Outflow), (FLOODING, Word::FloodingFlow)]
        {
            let values = self.file.series(Kind::System, 0, variable).map_err(unreadable)?;
            if values.iter().any(|value| *value != 0.0) {
                series.push(self.line(self.sheet.word(word), values));
            }
        }
        self.hydrograph(self.title(""), Word::Flow, flow_symbol(&self.model.units), series, Vec::new())
    }

    /// Flow at the largest outfalls.
    ///
    /// # Errors
    /// When there is nothing to draw.
    pub fn outfalls(&mut self) -> Result<Picture, PlotError> {
        let outfalls = self.nodes_that(|node| matches!(node, NodeKind::Outfall { .. }));
        let series = self.largest(&outfalls, NODE_TOTAL_INFLOW)?;
        self.hydrograph(
            self.title(self.sheet.word(Word::Outfall)),
            Word::Outflow,
            flow_symbol(&self.model.units),
            series,
            Vec::new(),
        )
    }

    /// Depth in storage units.
    ///
    /// # Errors
    /// When there is nothing to draw.
    pub fn storage(&mut self) -> Result<Picture, PlotError> {
        let units = self.nodes_that(|node| matches!(node, NodeKind::Storage { .. }));
        let series = self.largest(&units, NODE_DEPTH)?;
        self.hydrograph(
            self.title(self.sheet.word(Word::Storage)),
            Word::Depth,
            length_symbol(&self.model.units),
            series,
            Vec::new(),
        )
    }

    /// Flooding at the nodes that flood most.
    ///
    /// # Errors
    /// When there is nothing to draw.
    pub fn flooding(&mut self) -> Result<Picture, PlotError> {
        let all = self.nodes_that(|_| true);
        let series = self.largest(&all, NODE_FLOODING)?;
        self.hydrograph(
            self.title(self.sheet.word(Word::Flooded)),
            Word::FloodingFlow,
            flow_symbol(&self.model.units),
            series,
            Vec::new(),
        )
    }

    /// Water level at a node, with its ground.
    ///
    /// # Errors
    /// When there is no such node or nothing to draw.
    pub fn node_level(&mut self, name: &str) -> Result<Picture, PlotError> {
        let id = self.find_node(name)?;
        let values = self.node_series(id, NODE_HEAD)?;
        let node = &self.model.nodes[id];
        let level = |metres: f64| metres / self.model.units.length;
        let mut thresholds =
            vec![Threshold { name: self.sheet.word(Word::Invert).into(), value: level(node.invert) }];
        if !node.is_outfall() {
            let ground = level(node.invert + node.full_depth);
            thresholds.push(Threshold { name: self.sheet.word(Word::GroundLevel).into(), value: ground });
        }
        let series = vec![self.line(name, values)];
        self.hydrograph(name.into(), Word::WaterLevel, length_symbol(&self.model.units), series, thresholds)
    }

    /// Total inflow of a node.
    ///
    /// # Errors
    /// When there is no such node or nothing to draw.
    pub fn node_inflow(&mut self, name: &str) -> Result<Picture, PlotError> {
        let id = self.find_node(name)?;
        let values = self.node_series(id, NODE_TOTAL_INFLOW)?;
        let series = vec![self.line(name, values)];
        self.hydrograph(name.into(), Word::Inflow, flow_symbol(&self.model.units), series, Vec::new())
    }

    /// Flow in a link.
    ///
    /// # Errors
    /// When there is no such link or nothing to draw.
    pub fn link_flow(&mut self, name: &str) -> Result<Picture, PlotError> {
        let place = self.model.links.find(name).ok_or_else(|| unknown(name))?;
        let place = self.links.get(place.index()).copied().flatten().ok_or_else(|| unreported(name))?;
        let values = self.file.series(Kind::Link, place, LINK_FLOW).map_err(unreadable)?;
        let series = vec![self.line(name, values)];
        self.hydrograph(name.into(), Word::Flow, flow_symbol(&self.model.units), series, Vec::new())
    }

    fn find_node(&self, name: &str) -> Result<NodeId, PlotError> {
        self.model.nodes.find(name).ok_or_else(|| unknown(name))
    }

    fn node_series(&mut self, id: NodeId, variable: usize) -> Result<Vec<f32>, PlotError> {
        let place = self.nodes.get(id.index()).copied().flatten();
        let place = place.ok_or_else(|| unreported(self.model.nodes.name(id)))?;
        self.file.series(Kind::Node, place, variable).map_err(unreadable)
    }

    /// Reported nodes of a kind.
    fn nodes_that(&self, wanted: impl Fn(&NodeKind) -> bool) -> Vec<NodeId> {
        let reported = |id: NodeId| self.nodes.get(id.index()).is_some_and(Option::is_some);
        let nodes = self.model.nodes.iter();
        nodes.filter(|(id, node)| wanted(&node.kind) && reported(*id)).map(|(id, _)| id).collect()
    }

    /// Series of the nodes with the largest sums of a variable; none without any.
    fn largest(&mut self, nodes: &[NodeId], variable: usize) -> Result<Vec<Series>, PlotError> {
        let mut sums: Vec<(NodeId, f64)> = nodes.iter().map(|id| (*id, 0.0)).collect();
        for index in 0..self.file.records() {
            let record = self.file.record(index).map_err(unreadable)?;
            let header = self.file.header();
            for (id, sum) in &mut sums {
                let Some(place) = self.nodes.get(id.index()).copied().flatten() else { continue };
                let value = record.values.get(header.position(Kind::Node, place) + variable).copied();
                *sum += f64::from(value.unwrap_or(0.0));
            }
        }
        sums.retain(|(_, sum)| *sum > 0.0);
        sums.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.index().cmp(&b.0.index())));
        let mut series = Vec::new();
        for (id, _) in sums.into_iter().take(SERIES) {
            let values = self.node_series(id, variable)?;
            series.push(self.line(self.model.nodes.name(id), values));
        }
        Ok(series)
    }

    fn line(&self, name: &str, values: Vec<f32>) -> Series {
        Series {
            name: name.into(),
            times: self.times.clone(),
            values: values.into_iter().map(f64::from).collect(),
            ..Series::default()
        }
    }

    /// A hydrograph under the rain, if there was any.
    fn hydrograph(
        &self,
        title: String,
        quantity: Word,
        unit: &str,
        series: Vec<Series>,
        thresholds: Vec<Threshold>,
    ) -> Result<Picture, PlotError> {
        if series.is_empty() {
            return Err(PlotError::Empty(title));
        }
        let rain = self.rain.iter().any(|rain| *rain > 0.0).then(|| Rain {
            label: self.sheet.word(Word::RainIntensity).into(),
            unit: if self.model.units.is_si() { "mm/h" } else { "in/h" }.into(),
            // a record stands at the end of its interval
            times: self.times.iter().map(|time| time.plus_seconds(-self.interval)).collect(),
            values: self.rain.clone(),
            interval: self.interval,
        });
        let hydrograph = Hydrograph {
            title,
            quantity: self.sheet.word(quantity).into(),
            unit: unit.into(),
            series,
            rain,
            thresholds,
            maxima: true,
            ..Hydrograph::default()
        };
        hydrograph.draw(self.sheet)
    }

    /// The model's title and what a picture shows.
    fn title(&self, what: &str) -> String {
        let title = self.model.title.iter().map(|line| line.trim()).find(|line| !line.is_empty());
        match (title, what) {
            (None, what) => what.to_owned(),
            (Some(title), "") => title.to_owned(),
            (Some(title), what) => format!("{title} – {what}"),
        }
    }
}

fn unknown(name: &str) -> PlotError {
    PlotError::Mismatch(format!("the model has no {name}"))
}

fn unreported(name: &str) -> PlotError {
    PlotError::Mismatch(format!("the results leave {name} out; see [REPORT] of the model"))
}

fn unreadable(error: io::Error) -> PlotError {
    PlotError::Write { path: FilePath::new("results").into(), source: error }
}
