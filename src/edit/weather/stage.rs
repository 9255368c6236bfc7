//! River stages and tides: what holds the water level at outfalls.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::input::inp::Section;
use crate::model::node::{NodeKind, OutfallBoundary};
use crate::scenario::study::{Stage, StageSeries};

use super::super::editor::{Editor, Row, number};
use super::super::network::Network;
use super::growth::begins_with;
use super::series::{self, Names, within};

/// The levels of a run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Levels<'a> {
    /// The stage.
    pub stage: &'a Stage,
    /// Added to its levels, m.
    pub rise: f64,
    /// Added to levels that the network sets and the stage does not, m.
    pub rise_of_modelled: f64,
    /// When the rain peaks, s after the start of the run; `None` without a storm.
    pub rain_peak_s: Option<f64>,
    /// Length of the run, s.
    pub duration_s: f64,
    /// Outfalls at which no river stands.
    pub treatment_works: &'a [String],
}

/// What a row of `[OUTFALLS]` is to say.
enum Boundary {
    Free,
    Fixed(f64),
    Series(String),
    Tidal(String),
}

impl Levels<'_> {
    /// Sets the levels. Outfalls that a network does not have are left out: an option may make them.
    pub fn put(&self, editor: &mut Editor, network: &Network) -> Vec<Diagnostic> {
        let mut warnings = Vec::new();
        let mut names = Names::of(network);
        let mut written: BTreeMap<usize, String> = BTreeMap::new();
        let shift = match (&self.stage.series, self.stage.table.peak_lag, self.rain_peak_s) {
            (Some(series), Some(lag), Some(peak)) => peak + lag.0 - 3600.0 * highest(series),
            (Some(_), Some(_), None) => {
                let message = format!("the stage {} lags behind no rain: its hours count", self.stage.name);
                warnings.push(Diagnostic::warning(0, message).help("give the study a storm"));
                0.0
            }
            _ => 0.0,
        };
        let length = network.model.units.length;
        for row in editor.section(Section::Outfalls) {
            let Some(name) = editor.field(row, 0) else { continue };
            let works = self.treatment_works.iter().any(|works| works.eq_ignore_ascii_case(&name));
            let boundary = if self.stage.table.free {
                (!works).then_some(Boundary::Free)
            } else if let Some(level) = self.constant(&name, works) {
                Some(Boundary::Fixed((level + self.rise) / length))
            } else if let Some((column, levels)) = self.column(&name, works) {
                let series = written.entry(column).or_insert_with(|| {
                    let series = names.free("stage", &self.stage.name);
                    let hours = self.stage.series.as_ref().map_or(&[][..], |series| &series.hours);
                    let points: Vec<(f64, f64)> = hours
                        .iter()
                        .zip(levels)
                        .map(|(hour, level)| (hour * 3600.0 + shift, (level + self.rise) / length))
                        .collect();
                    series::add(editor, &series, &within(&points, self.duration_s));
                    series
                });
                Some(Boundary::Series(series.clone()))
            } else if self.rise_of_modelled != 0.0 && !works {
                self.raised(editor, network, &mut names, &name)
            } else {
                None
            };
            if let Some(boundary) = boundary {
                set(editor, row, &boundary);
            }
        }
        warnings
    }
    /// The constant level at an outfall, m.
    fn constant(&self, outfall: &str, works: bool) -> Option<f64> {
        let levels = &self.stage.table.outfalls;
        let own = levels.iter().find(|(name, _)| name.eq_ignore_ascii_case(outfall));
        let others = levels.get("*").filter(|_| !works && self.own_column(outfall).is_none());
        own.map(|(_, level)| level).or(others).map(|level| level.0)
    }
    fn own_column(&self, outfall: &str) -> Option<(usize, &[f64])> {
        let columns = self.stage.series.as_ref()?.levels.iter().enumerate();
        let mut own = columns.filter(|(_, (name, _))| name.eq_ignore_ascii_case(outfall));
        own.next().map(|(index, (_, levels))| (index, levels.as_slice()))
    }
    /// The column of levels at an outfall, m.
    fn column(&self, outfall: &str, works: bool) -> Option<(usize, &[f64])> {
        self.own_column(outfall).or_else(|| if works { None } else { self.own_column("*") })
    }
    /// The level that the network itself sets at an outfall, raised.
    fn raised(
        &self,
        editor: &mut Editor,
        network: &Network,
        names: &mut Names,
        outfall: &str,
    ) -> Option<Boundary> {
        let model = &network.model;
        let node = model.nodes.find(outfall)?;
        let NodeKind::Outfall { boundary, .. } = model.nodes[node].kind else { return None };
        let length = model.units.length;
        match boundary {
            OutfallBoundary::Free | OutfallBoundary::Normal => None,
            OutfallBoundary::Fixed(level) => Some(Boundary::Fixed((level + self.rise_of_modelled) / length)),
            OutfallBoundary::Series(id) => {
                let series = &model.series[id];
                let rise = self.rise_of_modelled / length;
                let seconds = |time: &crate::clock::DateTime| time.seconds_since(model.options.start);
                let points: Vec<(f64, f64)> =
                    series.times.iter().map(seconds).zip(series.values.iter().map(|v| v + rise)).collect();
                let name = names.free(model.series.name(id), "raised");
                series::add(editor, &name, &within(&points, self.duration_s));
                Some(Boundary::Series(name))
            }
            OutfallBoundary::Tidal(id) => {
                let curve = &model.curves[id];
                let name = names.free(model.curves.name(id), "raised");
                for (index, (hour, level)) in curve.x.iter().zip(&curve.y).enumerate() {
                    let (hour, level) = (number(*hour), number((level + self.rise_of_modelled) / length));
                    if index == 0 {
                        editor.add(Section::Curves, &[&name, "Tidal", &hour, &level]);
                    } else {
                        editor.add(Section::Curves, &[&name, &hour, &level]);
                    }
                }
                Some(Boundary::Tidal(name))
            }
        }
    }
}

/// The first hour of the highest level of all columns.
fn highest(series: &StageSeries) -> f64 {
    let mut found = (series.hours.first().copied().unwrap_or(0.0), f64::NEG_INFINITY);
    for (index, &hour) in series.hours.iter().enumerate() {
        let levels = series.levels.iter().filter_map(|(_, levels)| levels.get(index));
        let level = levels.copied().fold(f64::NEG_INFINITY, f64::max);
        if level > found.1 {
            found = (hour, level);
        }
    }
    found.0
}

/// Rewrites the boundary of an outfall and keeps its flap gate and the subcatchment that it runs onto.
fn set(editor: &mut Editor, row: Row, boundary: &Boundary) {
    let fields = editor.fields(row);
    let had_none = fields.get(2).is_some_and(|kind| begins_with(kind, "FREE") || begins_with(kind, "NORMAL"));
    let (kind, value) = match boundary {
        Boundary::Free if had_none => return,
        Boundary::Free => {
            editor.set(row, 2, "FREE", "*");
            return editor.remove_field(row, 3);
        }
        Boundary::Fixed(level) => ("FIXED", number(*level)),
        Boundary::Series(name) => ("TIMESERIES", name.clone()),
        Boundary::Tidal(name) => ("TIDAL", name.clone()),
    };
    editor.set(row, 2, kind, "*");
    if had_none {
        // the fields behind move by one: all are known, so that each is set before it is read again
        for (index, field) in fields.iter().enumerate().skip(3).rev() {
            editor.set(row, index + 1, field, "*");
        }
    }
    editor.set(row, 3, &value, "*");
}
