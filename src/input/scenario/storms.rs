//! Storms of a file made ready to fall: formulas looked up, tables and records read.

use std::path::Path;

use crate::diagnostic::Diagnostic;
use crate::input::storm_library::{Lookup, StormLibrary};
use crate::input::storm_table;
use crate::scenario::file::{FormulaTable, PatternTable, StormTable};
use crate::scenario::quantity::Span;
use crate::scenario::storm::{
    DesignStorm, DurationDepth, HuffQuartile, IntensityFormula, LibraryEntry, Pattern, RainSource,
    UnitFactor, Uplift, UpliftMode,
};
use crate::scenario::study::{StudyStorm, USUAL_EVENT_GAP};

use super::companion::Companions;
use super::rain;
use super::shape::quoted;
use super::source::Node;
use super::wrong;

/// Time of the peak over the duration where a file gives none.
const USUAL_PEAK_RATIO: f64 = 0.4;

/// Reads one storm.
struct Reader<'r, 'a> {
    companions: &'r Companions<'a>,
    node: Node<'a>,
    /// Path of the storm, for messages.
    path: String,
    found: &'r mut Vec<Diagnostic>,
}

/// The storm of a table, or nothing when it is wrong; all that is wrong is added to `found`.
pub(super) fn storm<'a>(
    companions: &Companions<'a>,
    node: Node<'a>,
    name: &str,
    table: &StormTable,
    found: &mut Vec<Diagnostic>,
) -> Option<StudyStorm> {
    let before = wrong(found);
    let mut reader = Reader { companions, node, path: format!("storms.{name}"), found };
    let source = reader.source(table);
    let pattern = table.pattern.as_ref().and_then(|pattern| reader.pattern(pattern));
    reader.check_pattern(table, source.as_ref(), pattern.as_ref());
    let areal_reduction = reader.areal_reduction(table);
    let uplift = reader.uplift(table);
    let is_right = wrong(reader.found) == before;
    let event_gap = table.series.as_ref().and_then(|series| series.event_gap);
    let rain = DesignStorm {
        name: name.to_owned(),
        title: table.title.clone().unwrap_or_default(),
        serves: table.serves.clone(),
        source: source?,
        pattern,
        areal_reduction,
        uplift,
    };
    is_right.then(|| StudyStorm {
        rain,
        event_gap: event_gap.map_or(USUAL_EVENT_GAP, |gap| gap.0),
        run: table.run.clone(),
    })
}

impl<'a> Reader<'_, 'a> {
    /// An error at the end of a path in the storm's table.
    fn fail(&mut self, path: &[&str], message: String, help: impl Into<String>) {
        self.found.push(Diagnostic::error(0, message).help(help).at(self.node.down(path).place()));
    }
    /// Where the rain comes from.
    fn source(&mut self, table: &StormTable) -> Option<RainSource> {
        let all = ["formula", "depths", "depth", "series"];
        let given: Vec<&str> = all.iter().copied().filter(|key| self.node.get(key).is_some()).collect();
        match given.as_slice() {
            [_] => {}
            [] => {
                let message = format!("`{}` has no rain", self.path);
                self.fail(&[], message, format!("give one of {}", quoted(&all)));
                return None;
            }
            [.., last] => {
                let message = format!("`{}` has rain from {} at once", self.path, quoted(&given));
                self.fail(&[last], message, "keep one of them");
                return None;
            }
        }
        let years = table.return_period.map(|years| years.0);
        if years.is_some() && table.formula.is_none() && table.depths.is_none() {
            let message = format!("`{}.return_period` says nothing about this rain", self.path);
            self.fail(&["return_period"], message, "leave it out: only `formula` and `depths` have one");
        }
        if let Some(formula) = &table.formula {
            let formula = self.formula(formula);
            if years.is_none() {
                let message = format!("`{}` has a formula but no `return_period`", self.path);
                self.fail(&["formula"], message, "give it, such as return_period = \"3 a\"");
            }
            return Some(RainSource::Formula { formula: Box::new(formula?), return_period_years: years? });
        }
        if let Some(file) = &table.depths {
            let depths = self.table(file, &["depths"], storm_table::depths_by_duration)?;
            let source = file.display().to_string();
            return Some(RainSource::DepthDuration { depths, return_period_years: years, source });
        }
        if let Some(depth) = table.depth {
            return Some(RainSource::Depth { depth_mm: depth.0 });
        }
        let series = table.series.as_ref()?;
        let node = self.node.down(&["series"]);
        rain::observed(self.companions, node, series, self.found).map(RainSource::Series)
    }
    /// A small table in a file beside the scenario.
    fn table<T>(
        &mut self,
        file: &Path,
        path: &[&str],
        read: impl Fn(&str, &Path) -> Result<T, Box<Diagnostic>>,
    ) -> Option<T> {
        self.companions.table(file, self.node.down(path), read, self.found)
    }
    /// A formula of the library, of a file, or of the user.
    fn formula(&mut self, table: &FormulaTable) -> Option<IntensityFormula> {
        let own = [("A", table.a), ("C", table.c), ("b", table.b), ("n", table.n)];
        if own.iter().any(|(_, value)| value.is_some()) {
            return self.formula_of_user(table, &own);
        }
        for key in ["unit_factor", "verified", "source", "valid_to"] {
            if self.node.down(&["formula"]).get(key).is_some() {
                let message =
                    format!("`{}.formula.{key}` belongs to coefficients, and there are none", self.path);
                self.fail(&["formula", key], message, "a formula of the library brings its own");
            }
        }
        let library = match &table.file {
            None => StormLibrary::embedded(),
            Some(file) => {
                let node = self.node.down(&["formula", "file"]);
                let text = self.companions.text(file, node, self.found)?;
                StormLibrary::parse(&text, &self.companions.path(file))
            }
        };
        let library = match library {
            Ok(library) => library,
            Err(problems) => {
                self.found.extend(problems);
                return None;
            }
        };
        self.look_up(&library, table)
    }
    fn look_up(&mut self, library: &StormLibrary, table: &FormulaTable) -> Option<IntensityFormula> {
        let how =
            "or give coefficients of your own: formula = { A = …, C = …, b = …, n = …, source = \"…\" }";
        let Some(city) = &table.city else {
            if let [LibraryEntry::Known(formula)] = library.entries.as_slice() {
                return Some((**formula).clone());
            }
            let message = format!("`{}.formula` names no city", self.path);
            self.fail(&["formula"], message, format!("name one of the library with `city`, {how}"));
            return None;
        };
        let wanted = table.area.as_ref().map_or_else(|| city.clone(), |area| format!("{city} {area}"));
        let found: Vec<&LibraryEntry> = match library.find(&wanted) {
            Lookup::One(entry) => vec![entry],
            Lookup::Several(entries) => entries,
            Lookup::None(near) => {
                let message = format!("`{wanted}` is not in the library of formulas");
                let near: Vec<String> = near.iter().map(|entry| entry.place()).collect();
                let help =
                    if near.is_empty() { String::new() } else { format!("near it are {}; ", quoted(&near)) };
                self.fail(&["formula", "city"], message, help + how);
                return None;
            }
        };
        let version = |entry: &&LibraryEntry| match (entry, &table.version) {
            (_, None) => true,
            (LibraryEntry::Known(formula), Some(version)) => formula.version == *version,
            (LibraryEntry::Unknown { .. }, Some(_)) => false,
        };
        let of_version: Vec<&LibraryEntry> = found.iter().copied().filter(version).collect();
        match of_version.as_slice() {
            [LibraryEntry::Known(formula)] => Some((**formula).clone()),
            [entry @ LibraryEntry::Unknown { note, .. }] => {
                let message = format!("no storm-intensity formula of {} is known", entry.place());
                let note = if note.is_empty() { String::new() } else { format!("{note}; ") };
                self.fail(&["formula", "city"], message, format!("{note}take another city knowingly, {how}"));
                None
            }
            entries => {
                let entries = if entries.is_empty() { found.as_slice() } else { entries };
                let names: Vec<String> = entries.iter().map(|entry| named(entry)).collect();
                let (key, message) = match &table.version {
                    Some(version) if of_version.is_empty() => {
                        ("version", format!("there is no formula of {wanted} of version `{version}`"))
                    }
                    _ => ("city", format!("there are several formulas of {wanted}")),
                };
                let help = format!("known are {}; choose with `area` and `version`", quoted(&names));
                self.fail(&["formula", key], message, help);
                None
            }
        }
    }
    fn formula_of_user(
        &mut self,
        table: &FormulaTable,
        own: &[(&str, Option<f64>); 4],
    ) -> Option<IntensityFormula> {
        let before = wrong(self.found);
        for (key, value) in own {
            let low = if *key == "b" || *key == "C" { 0.0 } else { f64::MIN_POSITIVE };
            match value {
                None => {
                    let message = format!("`{}.formula` has no `{key}`", self.path);
                    self.fail(
                        &["formula"],
                        message,
                        "q = A·(1 + C·lg P) / (t + b)^n needs all four of A, C, b, n",
                    );
                }
                Some(value) if *value < low => {
                    let message = format!("`{}.formula.{key}` is {value}", self.path);
                    self.fail(&["formula", key], message, "A and n are above 0, C and b not below it");
                }
                Some(_) => {}
            }
        }
        for key in ["file", "area", "version"] {
            if self.node.down(&["formula"]).get(key).is_some() {
                let message = format!("`{}.formula` has coefficients and `{key}` at once", self.path);
                self.fail(&["formula", key], message, "leave one of them out");
            }
        }
        let unit_factor = match table.unit_factor {
            None => UnitFactor::default(),
            Some(value) => UnitFactor::of(value).unwrap_or_else(|| {
                let message = format!("`{}.formula.unit_factor` is {value}", self.path);
                let help = "it is 167, as Chinese tables take it, or 166.667, which is exact";
                self.fail(&["formula", "unit_factor"], message, help);
                UnitFactor::default()
            }),
        };
        let verified = table.verified.unwrap_or(false);
        if verified && table.source.is_none() {
            let message = format!("`{}.formula` is said to be verified, but not against what", self.path);
            self.fail(&["formula", "verified"], message, "name the official publication with `source`");
        }
        let [(_, a), (_, c), (_, b), (_, n)] = *own;
        let mut formula = IntensityFormula::of_user(a?, c?, b?, n?);
        formula.city = table.city.clone().unwrap_or_default();
        formula.unit_factor = unit_factor;
        formula.verified = verified;
        formula.source = table.source.clone().unwrap_or_default();
        if let Some(Span(seconds)) = table.valid_to {
            let [least, most] = &mut formula.duration_min;
            *most = seconds / 60.0;
            if *most < *least {
                let message = format!("`{}.formula.valid_to` is shorter than 5 min", self.path);
                self.fail(&["formula", "valid_to"], message, "180 min is usual");
            }
        }
        (wrong(self.found) == before).then_some(formula)
    }
    /// Seconds as a whole number above 0.
    fn seconds(&mut self, key: &str, span: Span) -> Option<u32> {
        let whole = span.0.round();
        if (1.0..=f64::from(u32::MAX)).contains(&whole) && (whole - span.0).abs() < 1.0e-6 {
            return Some(whole as u32);
        }
        let message = format!("`{}.pattern.{key}` is {} s", self.path, span.0);
        self.fail(&["pattern", key], message, "it takes whole seconds above 0");
        None
    }
    /// How the rain falls over time.
    fn pattern(&mut self, table: &PatternTable) -> Option<Pattern> {
        let (duration, r, step) = table.measures();
        let (duration_s, step_s) = (self.seconds("duration", duration), self.seconds("step", step));
        let peak_ratio = r.unwrap_or(USUAL_PEAK_RATIO);
        if !(0.0..=1.0).contains(&peak_ratio) {
            let message =
                format!("`{}.pattern.r` is {peak_ratio}, and the peak lies outside the storm", self.path);
            let help = "r is the time of the peak over the duration, 0 to 1; 0.4 is usual";
            self.fail(&["pattern", "r"], message, help);
        }
        let (duration_s, step_s) = (duration_s?, step_s?);
        if step_s > duration_s {
            let message = format!("`{}.pattern.step` is longer than the storm", self.path);
            self.fail(&["pattern", "step"], message, "5 min is usual");
        }
        Some(match table {
            PatternTable::Chicago { .. } => Pattern::Chicago { duration_s, peak_ratio, step_s },
            PatternTable::CommonFrequency { .. } => {
                Pattern::CommonFrequency { duration_s, peak_ratio, step_s }
            }
            PatternTable::Scs { kind, .. } => Pattern::Scs { kind: *kind, step_s },
            PatternTable::Huff { quartile, .. } => {
                let quartile = match quartile {
                    1 => HuffQuartile::First,
                    2 => HuffQuartile::Second,
                    3 => HuffQuartile::Third,
                    _ => HuffQuartile::Fourth,
                };
                Pattern::Huff { quartile, duration_s, step_s }
            }
            PatternTable::Triangular { .. } => Pattern::Triangular { duration_s, peak_ratio, step_s },
            PatternTable::Block { .. } => Pattern::Block { duration_s, step_s },
            PatternTable::MassCurve { file, .. } => {
                let curve = self.table(file, &["pattern", "file"], storm_table::mass_curve)?;
                Pattern::MassCurve { curve, duration_s, step_s }
            }
        })
    }
    /// Whether rain and pattern fit each other.
    fn check_pattern(&mut self, table: &StormTable, source: Option<&RainSource>, pattern: Option<&Pattern>) {
        if table.series.is_some() {
            if table.pattern.is_some() {
                let message = format!("`{}` is observed rain and takes no pattern", self.path);
                self.fail(&["pattern"], message, "leave `pattern` out: the record has its own course");
            }
            return;
        }
        if table.pattern.is_none() {
            let message = format!("`{}` does not say how the rain falls over time", self.path);
            let help =
                "give pattern = { kind = \"chicago\", duration = \"120 min\", r = 0.4, step = \"5 min\" }";
            self.fail(&[], message, help);
            return;
        }
        // what follows from rain that is wrong already is not worth a message
        let Some(source) = source else { return };
        if matches!(table.pattern, Some(PatternTable::Chicago { .. })) && table.formula.is_none() {
            let message = format!("`{}` is a Chicago storm without a formula", self.path);
            let help = "give a `formula`, or take kind = \"common_frequency\" for a table of depths";
            self.fail(&["pattern", "kind"], message, help);
        }
        if matches!(table.pattern, Some(PatternTable::CommonFrequency { .. })) && table.depth.is_some() {
            let message = format!("`{}` has one depth, and its pattern needs depths by duration", self.path);
            self.fail(&["pattern", "kind"], message, "give `depths` or a `formula`, or take another pattern");
        }
        let Some(pattern) = pattern else { return };
        let minutes = f64::from(pattern.duration_s()) / 60.0;
        let place = if matches!(pattern, Pattern::Scs { .. }) { "kind" } else { "duration" };
        match source {
            RainSource::Formula { formula, .. } => {
                let [least, most] = formula.duration_min;
                if !(least..=most).contains(&minutes) {
                    let message =
                        format!("a storm of {minutes} min lies outside its formula's {least} to {most} min");
                    let help =
                        "take a duration within them; for 24 h give `depths` by duration or one `depth`";
                    self.fail(&["pattern", place], message, help);
                }
            }
            RainSource::DepthDuration { depths, .. } => {
                let longest = depths.last().map_or(0, |DurationDepth { duration_s, .. }| *duration_s);
                if pattern.duration_s() > longest {
                    let message = format!(
                        "a storm of {minutes} min is longer than its table, {} min",
                        f64::from(longest) / 60.0
                    );
                    self.fail(&["pattern", place], message, "take a shorter storm, or a table that goes on");
                }
            }
            RainSource::Depth { .. } | RainSource::Series(_) => {}
        }
    }
    fn areal_reduction(&mut self, table: &StormTable) -> f64 {
        let factor = table.areal_reduction.unwrap_or(1.0);
        if !(factor > 0.0 && factor <= 1.0) {
            let message = format!("`{}.areal_reduction` is {factor}", self.path);
            self.fail(&["areal_reduction"], message, "it is a factor above 0 and not above 1");
        }
        factor
    }
    fn uplift(&mut self, table: &StormTable) -> Uplift {
        let Some(uplift) = table.uplift else { return Uplift::default() };
        if uplift.factor <= 0.0 {
            let message = format!("`{}.uplift.factor` is {}", self.path, uplift.factor);
            self.fail(&["uplift", "factor"], message, "it is a factor above 0: 1.1 for ten percent more");
        }
        if uplift.mode == UpliftMode::ReturnPeriod && table.formula.is_none() {
            let message =
                format!("`{}.uplift` shifts a return period that this rain does not have", self.path);
            self.fail(&["uplift", "mode"], message, "take mode = \"intensity\", or give a `formula`");
        }
        Uplift { factor: uplift.factor, mode: uplift.mode }
    }
}

/// Place and version of an entry.
fn named(entry: &LibraryEntry) -> String {
    match entry {
        LibraryEntry::Known(formula) if !formula.version.is_empty() => {
            format!("{}, {}", entry.place(), formula.version)
        }
        _ => entry.place(),
    }
}
