//! The comparison as pictures: hydrographs of all options in one, long sections with the options overlaid, plans
//! of the base and of what each option makes different.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::assess::indicator::FLOODED;
use crate::assess::{Case, Comparison};
use crate::clock::DateTime;
use crate::model::network;
use crate::model::node::NodeKind;
use crate::model::{LinkId, Model, NodeId};
use crate::num::index::Id;
use crate::plot::hydrograph::{Hydrograph, Rain, Series, Threshold};
use crate::plot::language::{flow_symbol, length_symbol};
use crate::plot::long_section::{LongSection, Overlay, SectionResults};
use crate::plot::plan::{Plan, PlanResults};
use crate::plot::{Picture, PlotError, Sheet, Word};
use crate::results::whole_file::safe_name;
use crate::scenario::study::AS_MODELLED;
use crate::study::digest::{Digest, LinkType};

/// Outfalls that are drawn where nobody asks for elements.
const OUTFALLS: usize = 3;
/// Most options in one picture: more lines cannot be told apart.
const OPTIONS: usize = 7;
/// Series longer than this are not drawn: a year of rain in minutes is no picture.
const LONGEST: usize = 20_000;

/// Links between the end of a long section and an outfall whose river stage is shown there.
const NEAR: usize = 4;

/// A network as an option has made it by a horizon.
#[derive(Clone, Debug)]
pub struct Built<'a> {
    /// Index of the option.
    pub option: usize,
    /// Index of the horizon.
    pub horizon: usize,
    /// The network, checked, as runs take it.
    pub model: &'a Model,
    /// Links that the option builds or changes.
    pub changed: BTreeSet<String>,
}

/// What is to be drawn.
#[derive(Clone, Debug, Default)]
pub struct Wishes {
    /// Indices of the horizons.
    pub horizons: Vec<usize>,
    /// Nodes and links whose hydrographs are drawn; the largest outfalls when there are none.
    pub hydrographs: Vec<String>,
    /// Long sections: title, first and last node.
    pub sections: Vec<(String, String, String)>,
    /// The vertical datum that levels count from.
    pub datum: Option<String>,
}

/// A picture that is to be drawn.
enum Task<'a> {
    Flooding(Case),
    Element(Case, &'a str),
    Section(Case, &'a (String, String, String)),
    Base(Case),
    Difference(Case, usize),
}

/// Draws all pictures into a folder, each as SVG and PNG, and gives what was written and what could not be drawn,
/// and why. Pictures without anything to show, such as flooding where nothing floods, are left out.
///
/// # Errors
/// When a file cannot be written.
pub fn draw(
    comparison: &Comparison<'_>,
    built: &[Built<'_>],
    wishes: &Wishes,
    folder: &Path,
    sheet: &Sheet,
) -> Result<(Vec<PathBuf>, Vec<String>), PlotError> {
    let gallery = Gallery::new(comparison, built, sheet).with_datum(wishes.datum.as_deref());
    let cases = comparison.judged_cases().into_iter().filter(|case| wishes.horizons.contains(&case.horizon));
    let mut tasks = Vec::new();
    let mut largest = Vec::new();
    for case in cases {
        if comparison.digest(0, case).is_none() {
            continue;
        }
        let elements = gallery.elements(wishes, case);
        largest.push((case, elements));
    }
    for (case, elements) in &largest {
        let case = *case;
        tasks.push(Task::Flooding(case));
        tasks.extend(elements.iter().map(|name| Task::Element(case, name)));
        tasks.extend(wishes.sections.iter().map(|section| Task::Section(case, section)));
        tasks.push(Task::Base(case));
        let options = 1..comparison.options.len();
        tasks.extend(options.map(|option| Task::Difference(case, option)));
    }
    std::fs::create_dir_all(folder).map_err(|source| PlotError::Write { path: folder.to_owned(), source })?;
    let drawn: Vec<_> = tasks.par_iter().map(|task| gallery.save(task, folder)).collect();
    let (mut written, mut left) = (Vec::new(), BTreeSet::new());
    for result in drawn {
        match result {
            Ok(paths) => written.extend(paths),
            Err(error @ PlotError::Write { .. }) => return Err(error),
            Err(PlotError::Empty(_)) => {}
            Err(error) => drop(left.insert(error.to_string())),
        }
    }
    Ok((written, left.into_iter().collect()))
}

/// What draws the pictures of a study, one by one.
#[derive(Clone, Copy, Debug)]
pub struct Gallery<'a> {
    comparison: &'a Comparison<'a>,
    built: &'a [Built<'a>],
    sheet: &'a Sheet,
    datum: Option<&'a str>,
}

impl<'a> Gallery<'a> {
    /// Draws from the runs of a study and the networks that are at hand.
    pub fn new(comparison: &'a Comparison<'a>, built: &'a [Built<'a>], sheet: &'a Sheet) -> Self {
        Self { comparison, built, sheet, datum: None }
    }
    /// The same with the vertical datum that levels count from.
    pub fn with_datum(self, datum: Option<&'a str>) -> Self {
        Self { datum, ..self }
    }
    /// Nodes and links whose hydrographs are drawn: those that are wished, or else the largest outfalls.
    pub fn elements(&self, wishes: &Wishes, case: Case) -> Vec<String> {
        if !wishes.hydrographs.is_empty() {
            return wishes.hydrographs.clone();
        }
        self.comparison.digest(0, case).map(|base| self.largest_outfalls(base)).unwrap_or_default()
    }
    fn save(&self, task: &Task<'_>, folder: &Path) -> Result<Vec<PathBuf>, PlotError> {
        let (case, what, picture) = match *task {
            Task::Flooding(case) => (case, "flooding".to_owned(), self.flooding(case)?),
            Task::Element(case, name) => (case, format!("hydrograph_{name}"), self.element(case, name)?),
            Task::Section(case, section) => {
                (case, format!("section_{}-{}", section.1, section.2), self.section(case, section)?)
            }
            Task::Base(case) => (case, "plan_base".to_owned(), self.base(case)?),
            Task::Difference(case, option) => {
                let name = self.comparison.option(option);
                (case, format!("plan_{name}-base"), self.difference(case, option)?)
            }
        };
        let names = self.comparison.names(case);
        let parts = names.into_iter().filter(|name| !name.is_empty()).chain([what.as_str()]);
        let file = safe_name(&parts.collect::<Vec<_>>().join("_"));
        let paths = ["svg", "png"].map(|end| folder.join(format!("{file}.{end}")));
        paths.iter().try_for_each(|path| picture.write(path))?;
        Ok(paths.to_vec())
    }

    fn built(&self, option: usize, horizon: usize) -> Result<&'a Built<'a>, PlotError> {
        let found = self.built.iter().find(|built| built.option == option && built.horizon == horizon);
        found.ok_or_else(|| PlotError::Empty("the network was not built".to_owned()))
    }

    /// What a picture shows, and of which case.
    fn title(&self, case: Case, what: &str) -> String {
        let names = self.comparison.names(case).map(|name| self.sheet.language.name(name));
        let case: Vec<&str> = names.into_iter().filter(|name| !name.is_empty()).collect();
        format!("{what} – {}", case.join(" · "))
    }

    /// The name of an option in legends.
    fn option(&self, option: usize) -> &str {
        if option == 0 { self.sheet.word(Word::Base) } else { self.comparison.option(option) }
    }

    /// The outfalls through which most leaves in the base.
    fn largest_outfalls(&self, base: &Digest) -> Vec<String> {
        let mut outfalls: Vec<_> = base.outfalls.iter().filter(|outfall| outfall.volume > 0.0).collect();
        outfalls.sort_by(|a, b| b.volume.total_cmp(&a.volume));
        outfalls.iter().take(OUTFALLS).map(|outfall| outfall.name.clone()).collect()
    }

    /// One hydrograph of all options: a series of each digest, in SI over the unit.
    fn hydrograph(
        &self,
        case: Case,
        title: String,
        (quantity, unit, scale): (Word, &str, f64),
        thresholds: Vec<Threshold>,
        series: impl for<'d> Fn(&'d Digest) -> Option<&'d [f64]>,
    ) -> Result<Picture, PlotError> {
        let mut lines = Vec::new();
        let mut rain = None;
        for option in 0..self.comparison.options.len() {
            let Some(digest) = self.comparison.digest(option, case) else { continue };
            let Some(values) = series(digest) else { continue };
            let times = times(digest);
            if times.len() > LONGEST {
                return Err(PlotError::Empty(title));
            }
            rain.get_or_insert_with(|| self.rain(digest, &times));
            let values = values.iter().map(|value| value / scale).collect();
            lines.push(Series { name: self.option(option).to_owned(), times, values, ..Series::default() });
        }
        lines.truncate(OPTIONS);
        if lines.iter().all(|line| line.values.iter().all(|value| *value == 0.0)) {
            return Err(PlotError::Empty(title));
        }
        let hydrograph = Hydrograph {
            title,
            quantity: self.sheet.word(quantity).into(),
            unit: unit.into(),
            series: lines,
            rain: rain.flatten(),
            thresholds,
            maxima: true,
            ..Hydrograph::default()
        };
        hydrograph.draw(self.sheet)
    }

    fn rain(&self, digest: &Digest, times: &[DateTime]) -> Option<Rain> {
        let interval = digest.report_step_s;
        digest.series.rain_mm_per_h.iter().any(|rain| *rain > 0.0).then(|| Rain {
            label: self.sheet.word(Word::RainIntensity).into(),
            unit: "mm/h".into(),
            // a record stands at the end of its interval
            times: times.iter().map(|time| time.plus_seconds(-interval)).collect(),
            values: digest.series.rain_mm_per_h.clone(),
            interval,
        })
    }

    /// Flooding of the whole network.
    ///
    /// # Errors
    /// When there is nothing to draw, or it cannot be drawn.
    pub fn flooding(&self, case: Case) -> Result<Picture, PlotError> {
        let units = &self.built(0, case.horizon)?.model.units;
        let title = self.title(case, self.sheet.word(Word::FloodingFlow));
        let scale = (Word::FloodingFlow, flow_symbol(units), units.flow);
        self.hydrograph(case, title, scale, Vec::new(), |digest| Some(&digest.series.flooding))
    }

    /// A node or link: discharge of outfalls, levels of other nodes, flows of links.
    ///
    /// # Errors
    /// When there is nothing to draw, or it cannot be drawn.
    pub fn element(&self, case: Case, name: &str) -> Result<Picture, PlotError> {
        let built = self.built(0, case.horizon)?;
        let newest = self.built.iter().filter(|b| b.horizon == case.horizon);
        let model = [built]
            .into_iter()
            .chain(newest)
            .map(|built| built.model)
            .find(|model| model.nodes.find(name).is_some() || model.links.find(name).is_some())
            .ok_or_else(|| PlotError::Mismatch(format!("no network of the study has {name}")))?;
        let units = &model.units;
        let title = self.title(case, name);
        let same = |other: &str| other.eq_ignore_ascii_case(name);
        let Some(node) = model.nodes.find(name) else {
            let scale = (Word::Flow, flow_symbol(units), units.flow);
            return self.hydrograph(case, title, scale, Vec::new(), |digest| {
                digest.series.links.iter().find(|link| same(&link.name)).map(|link| link.flow.as_slice())
            });
        };
        let node = &model.nodes[node];
        if node.is_outfall() {
            let scale = (Word::Outflow, flow_symbol(units), units.flow);
            return self.hydrograph(case, title, scale, Vec::new(), |digest| {
                digest.series.nodes.iter().find(|node| same(&node.name)).map(|node| node.flow.as_slice())
            });
        }
        let ground =
            if matches!(node.kind, NodeKind::Storage { .. }) { Word::Maximum } else { Word::GroundLevel };
        let level = |word, metres: f64| Threshold {
            name: self.sheet.word(word).into(),
            value: metres / units.length,
        };
        let thresholds = vec![level(Word::Invert, node.invert), level(ground, node.invert + node.full_depth)];
        let scale = (Word::WaterLevel, length_symbol(units), units.length);
        self.hydrograph(case, title, scale, thresholds, |digest| {
            digest.series.nodes.iter().find(|node| same(&node.name)).map(|node| node.level.as_slice())
        })
    }

    /// A long section along the base, with the highest grade line and the changed pipes of each option.
    ///
    /// # Errors
    /// When there is nothing to draw, or it cannot be drawn.
    pub fn section(
        &self,
        case: Case,
        (title, from, to): &(String, String, String),
    ) -> Result<Picture, PlotError> {
        let built = self.built(0, case.horizon)?;
        let model = built.model;
        let base = self.digest(0, case)?;
        let find = |name: &str| {
            model.nodes.find(name).ok_or_else(|| PlotError::Mismatch(format!("the base has no node {name}")))
        };
        let path = network::path(model, find(from)?, find(to)?)
            .ok_or_else(|| PlotError::Mismatch(format!("no way leads from {from} to {to}")))?;
        let heads: Vec<f64> = base
            .nodes
            .invert
            .iter()
            .zip(&base.nodes.max_depth)
            .map(|(invert, depth)| invert + depth)
            .collect();
        let results = SectionResults {
            heights: &base.links.full_depth,
            maximum_heads: &heads,
            maximum_depths: &base.links.max_depth,
            flooded_volumes: &base.nodes.flooded_volume,
            ..SectionResults::default()
        };
        let mut section = LongSection::from_model(model, &path, &results);
        let what = if title.is_empty() { format!("{from} – {to}") } else { title.clone() };
        section.title = self.title(case, &what);
        section.river = self.river(model, base, case, &path);
        if let Some(datum) = self.datum {
            section.title = format!("{} · {datum}", section.title);
        }
        let nodes: Vec<&str> = path.nodes.iter().map(|id| model.nodes.name(*id)).collect();
        let links: Vec<(LinkId, bool)> = path.steps.iter().map(|step| (step.link, step.forward)).collect();
        for option in 1..self.comparison.options.len().min(OPTIONS) {
            let Some(digest) = self.comparison.digest(option, case) else { continue };
            let Ok(other) = self.built(option, case.horizon) else { continue };
            section.overlays.push(self.overlay(model, other.model, digest, option, &nodes, &links));
        }
        section.draw(self.sheet)
    }

    /// The outfall next below the end of a path and the highest level there, where a stage is given.
    fn river(&self, model: &Model, base: &Digest, case: Case, path: &network::Path) -> Option<(String, f64)> {
        let stage = self.comparison.stages.get(case.stage)?;
        if stage == AS_MODELLED {
            return None;
        }
        let last = *path.nodes.last()?;
        let outfalls = model.nodes.iter().filter(|(_, node)| node.is_outfall()).map(|(id, _)| id);
        let ways = outfalls.filter_map(|id| Some((network::path(model, last, id)?.steps.len(), id)));
        let (_, outfall) = ways.filter(|(steps, _)| *steps <= NEAR).min_by_key(|(steps, _)| *steps)?;
        let at = outfall.index();
        let level = base.nodes.invert.get(at)? + base.nodes.max_depth.get(at)?;
        Some((model.nodes.name(outfall).to_owned(), level / model.units.length))
    }

    fn overlay(
        &self,
        base: &Model,
        model: &Model,
        digest: &Digest,
        option: usize,
        nodes: &[&str],
        links: &[(LinkId, bool)],
    ) -> Overlay {
        let length = base.units.length;
        let node_at = |name: &str| model.nodes.find(name).map(Id::index);
        let link_at = |name: &str| model.links.find(name);
        let maximum_heads = nodes.iter().map(|name| {
            let at = node_at(name)?;
            Some((digest.nodes.invert.get(at)? + digest.nodes.max_depth.get(at)?) / length)
        });
        let maximum_depths = links.iter().map(|(id, _)| {
            let at = link_at(base.links.name(*id))?.index();
            digest.links.max_depth.get(at).map(|depth| depth / length)
        });
        let pipes = links.iter().map(|(id, forward)| {
            let old = pipe(base, *id)?;
            let other = link_at(base.links.name(*id))?;
            let height = *digest.links.full_depth.get(other.index())?;
            let new = pipe(model, other)?;
            let before = base.links[*id].shape().map(|shape| format!("{shape:?}"));
            let after = model.links[other].shape().map(|shape| format!("{shape:?}"));
            let moved = (old.0 - new.0).abs() > 1e-3 || (old.1 - new.1).abs() > 1e-3;
            if !moved && before == after {
                return None;
            }
            let (up, down) = if *forward { new } else { (new.1, new.0) };
            Some((up / length, down / length, height / length))
        });
        Overlay {
            name: self.option(option).to_owned(),
            maximum_heads: maximum_heads.collect(),
            maximum_depths: maximum_depths.collect(),
            pipes: pipes.collect(),
        }
    }

    fn digest(&self, option: usize, case: Case) -> Result<&'a Digest, PlotError> {
        let digest = self.comparison.digest(option, case);
        digest.ok_or_else(|| PlotError::Empty("the run was not made".to_owned()))
    }

    /// The plan of the base.
    ///
    /// # Errors
    /// When there is nothing to draw, or it cannot be drawn.
    pub fn base(&self, case: Case) -> Result<Picture, PlotError> {
        let built = self.built(0, case.horizon)?;
        let digest = self.digest(0, case)?;
        let filling = fillings(digest);
        let flooded: Vec<f64> = digest.nodes.flooded_volume.iter().map(|volume| flooding(*volume)).collect();
        let surcharged: Vec<bool> = digest.nodes.surcharged_time.iter().map(|time| *time > 0.0).collect();
        let results = PlanResults {
            heights: &digest.links.full_depth,
            fillings: &filling,
            surcharged: &surcharged,
            flooded_volumes: &flooded,
        };
        let mut plan = Plan::from_model(built.model, &results)?;
        plan.title = self.title(case, self.sheet.word(Word::Base));
        plan.draw(self.sheet)
    }

    /// The plan of what an option makes different.
    ///
    /// # Errors
    /// When there is nothing to draw, or it cannot be drawn.
    pub fn difference(&self, case: Case, option: usize) -> Result<Picture, PlotError> {
        let before = self.built(0, case.horizon)?;
        let after = self.built(option, case.horizon)?;
        let (base, digest) = (self.digest(0, case)?, self.digest(option, case)?);
        if after.changed.is_empty() && base.nodes == digest.nodes {
            return Err(PlotError::Empty("nothing is different".to_owned()));
        }
        let filling = filling_differences(before.model, base, after.model, digest);
        let flooded = flooding_differences(before.model, base, after.model, digest);
        let results = PlanResults {
            heights: &digest.links.full_depth,
            fillings: &filling,
            surcharged: &[],
            flooded_volumes: &flooded,
        };
        let mut plan = Plan::from_model(after.model, &results)?;
        plan.differences = true;
        plan.greatest_volume = self.greatest_difference(case) / after.model.units.volume;
        for (link, name) in plan.links.iter_mut().zip(drawn_links(after.model)) {
            link.built = after.changed.contains(&name.to_uppercase());
        }
        let what = format!("{} – {}", self.comparison.option(option), self.sheet.word(Word::Base));
        plan.title = self.title(case, &what);
        plan.draw(self.sheet)
    }

    /// The greatest difference of flooding at a node among all options, m³: what classes are made for.
    fn greatest_difference(&self, case: Case) -> f64 {
        let Ok(before) = self.built(0, case.horizon) else { return 0.0 };
        let Some(base) = self.comparison.digest(0, case) else { return 0.0 };
        let options = 1..self.comparison.options.len();
        let of = |option| {
            let after = self.built(option, case.horizon).ok()?;
            let digest = self.comparison.digest(option, case)?;
            let differences = flooding_differences(before.model, base, after.model, digest);
            Some(differences.into_iter().map(f64::abs).fold(0.0, f64::max))
        };
        options.filter_map(of).fold(0.0, f64::max)
    }
}

/// Names of the links that a plan shows, in its order: those whose ends both have coordinates.
fn drawn_links(model: &Model) -> impl Iterator<Item = &str> {
    let place = |node: NodeId| model.map.nodes.get(node.index()).copied().flatten().is_some();
    let links = model.links.iter().filter(move |(_, link)| place(link.from) && place(link.to));
    links.map(|(id, _)| model.links.name(id))
}

/// Levels of a conduit's inverts at the ends that the file gives, m.
fn pipe(model: &Model, id: LinkId) -> Option<(f64, f64)> {
    let link = &model.links[id];
    link.conduit()?;
    let up = model.nodes[link.from].invert + link.inlet_offset;
    let down = model.nodes[link.to].invert + link.outlet_offset;
    Some(if link.reversed { (down, up) } else { (up, down) })
}

/// Water above ground that counts as flooding, m³; less is none.
fn flooding(volume: f64) -> f64 {
    if volume >= FLOODED { volume } else { 0.0 }
}

/// Greatest depth over full depth of conduits; not a number for other links.
fn fillings(digest: &Digest) -> Vec<f64> {
    let links = digest.links.max_depth.iter().zip(&digest.links.full_depth).zip(&digest.links.kind);
    links
        .map(
            |((depth, full), kind)| {
                if *kind == LinkType::Conduit && *full > 0.0 { depth / full } else { f64::NAN }
            },
        )
        .collect()
}

/// How much fuller each conduit of an option gets than in the base; not a number for new ones.
fn filling_differences(before: &Model, base: &Digest, after: &Model, digest: &Digest) -> Vec<f64> {
    let old = fillings(base);
    let new = fillings(digest).into_iter().zip(after.links.names());
    new.map(|(filling, name)| {
        let was = before.links.find(name).and_then(|id| old.get(id.index()));
        was.map_or(f64::NAN, |was| filling - was)
    })
    .collect()
}

/// How much more water each node of an option loses than in the base, m³.
fn flooding_differences(before: &Model, base: &Digest, after: &Model, digest: &Digest) -> Vec<f64> {
    let new = digest.nodes.flooded_volume.iter().zip(after.nodes.names());
    new.map(|(volume, name)| {
        let was = before.nodes.find(name).and_then(|id| base.nodes.flooded_volume.get(id.index()));
        let difference = volume - was.copied().unwrap_or(0.0);
        if difference.abs() >= FLOODED { difference } else { 0.0 }
    })
    .collect()
}

/// Reporting times.
fn times(digest: &Digest) -> Vec<DateTime> {
    let start = DateTime(digest.start_ms);
    digest.series.time.iter().map(|seconds| start.plus_seconds(*seconds)).collect()
}
