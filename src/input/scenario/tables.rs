//! Whether the tables of a file fit one another: the study's files, stages, pairing, horizons, options, outputs.

use crate::diagnostic::{Diagnostic, Severity};
use crate::input::catalogue;
use crate::input::stage_table::stage_table;
use crate::scenario::measure::Measure;
use crate::scenario::study::{AS_MODELLED, BASE, Costs, RunLength, Stage, StageTable};

use super::companion::Companions;
use super::ground::{Ground, dangling, has, twice};
use super::measures::{self, Made};
use super::source::Node;
use super::surroundings::{maps, network};
use super::{FileTables, horizons, wrong};

/// The name of all other outfalls in a stage.
const ALL_OTHERS: &str = "*";

/// The tables with what they stand on.
pub(super) struct Tables<'t, 'a> {
    pub(super) root: Node<'a>,
    pub(super) file: &'t FileTables,
    pub(super) ground: Ground<'a>,
    /// Elements that some option makes.
    made: Vec<Made>,
}

/// Names of the tables in a table of the file, those that are wrong too.
fn names<'a>(root: Node<'a>, key: &str) -> Vec<&'a str> {
    root.get(key).map(|node| node.entries().into_iter().map(|(name, _)| name).collect()).unwrap_or_default()
}

impl<'t, 'a> Tables<'t, 'a> {
    /// Reads the network and the maps, and checks the study itself.
    pub fn read(
        root: Node<'a>,
        companions: &Companions<'_>,
        file: &'t FileTables,
        found: &mut Vec<Diagnostic>,
    ) -> Self {
        let storms = root.down(&["storms"]);
        let has_formula = storms.entries().iter().any(|(_, storm)| storm.get("formula").is_some());
        let horizons = root.get("horizons").map(Node::entries).unwrap_or_default();
        // the phases of a horizon that is wrong are not known
        let are_known = !horizons.is_empty() && horizons.len() == file.horizons.0.len();
        let phases = horizons.iter().flat_map(|(_, horizon)| horizon.down(&["phases"]).items());
        let phases: Vec<&str> = phases.filter_map(|phase| phase.value.get_ref().as_str()).collect();
        let mut ground = Ground {
            names: None,
            zones: None,
            storms: names(root, "storms"),
            stages: names(root, "river_stage"),
            catalogues: catalogue::embedded()
                .map(|all| all.0.into_iter().map(|catalogue| catalogue.name).collect())
                .unwrap_or_default(),
            phases: are_known.then_some(phases),
            has_formula: Some(has_formula),
        };
        if let Some(study) = &file.study {
            let node = root.down(&["study"]);
            ground.names = network(companions, node, study, found);
            ground.zones = maps(companions, node, study, found);
        }
        let made = file.option.0.iter().flat_map(|(_, option)| measures::made_by(&option.measures)).collect();
        Self { root, file, ground, made }
    }
    /// The stages, with their series.
    pub fn stages(&self, companions: &Companions<'_>, found: &mut Vec<Diagnostic>) -> Vec<Stage> {
        let stage = |(name, table): &(String, StageTable)| {
            let node = self.root.down(&["river_stage", name]);
            let path = format!("river_stage.{name}");
            self.outfalls_of(table, node, found);
            let mut fail = |key: &str, message: String, help: &str| {
                found.push(Diagnostic::error(0, message).help(help).at(node.down(&[key]).place()));
            };
            if table.free {
                for (key, given) in [
                    ("outfalls", !table.outfalls.is_empty()),
                    ("series", table.series.is_some()),
                    ("raised_by", table.raised_by.is_some()),
                ] {
                    if given {
                        fail(
                            key,
                            format!("`{path}` frees all outfalls and gives `{key}`"),
                            "a stage is free or has levels",
                        );
                    }
                }
            } else if table.outfalls.is_empty() && table.series.is_none() {
                let help = "give `outfalls`, `series`, or both; or `free = true`";
                fail("outfalls", format!("`{path}` gives no levels"), help);
            }
            if table.peak_lag.is_some() && table.series.is_none() {
                fail(
                    "peak_lag",
                    format!("`{path}.peak_lag` shifts no series"),
                    "give `series`, or leave it out",
                );
            }
            let series = table
                .series
                .as_ref()
                .and_then(|file| companions.table(file, node.down(&["series"]), stage_table, found));
            let columns = series.iter().flat_map(|series| &series.levels);
            for (column, _) in columns {
                let at = node.down(&["series"]);
                if column != ALL_OTHERS && !self.is_outfall(column) {
                    let known = self.ground.names.as_ref().map_or(&[][..], |names| &names.outfalls);
                    let mut problem = dangling("outfall", column, known, at);
                    problem.message =
                        format!("the series heads a column `{column}`, and there is no such outfall");
                    found.push(problem);
                }
                if table.outfalls.keys().any(|name| name.eq_ignore_ascii_case(column)) {
                    let message =
                        format!("`{path}` gives the level of `{column}` in `outfalls` and in `series`");
                    found.push(Diagnostic::error(0, message).help("keep one of them").at(at.place()));
                }
            }
            Stage { name: name.clone(), table: table.clone(), series }
        };
        self.file.river_stage.0.iter().map(stage).collect()
    }
    /// Whether an outfall is there or made by some option.
    pub(super) fn is_outfall(&self, name: &str) -> bool {
        let Some(names) = &self.ground.names else { return true };
        has(&names.outfalls, name) || measures::makes_outfall(&self.made, name)
    }
    fn outfalls_of(&self, table: &StageTable, node: Node<'_>, found: &mut Vec<Diagnostic>) {
        for name in table.outfalls.keys() {
            if name != ALL_OTHERS && !self.is_outfall(name) {
                let at = node.down(&["outfalls", name]);
                found.push(self.no_outfall(name, at));
            }
        }
    }
    /// A name that is no outfall; it may be another node.
    pub(super) fn no_outfall(&self, name: &str, at: Node<'_>) -> Diagnostic {
        let Some(names) = &self.ground.names else { return dangling("outfall", name, &[""; 0], at) };
        let mut problem = dangling("outfall", name, &names.outfalls, at);
        if has(&names.nodes, name) {
            problem.message = format!("the node `{name}` is no outfall");
        }
        problem.place = Some(at.key_place());
        problem
    }
    /// The stages that each storm meets: places in the list of stages, which begins with `as modelled`.
    pub fn pairing(&self, found: &mut Vec<Diagnostic>) -> Vec<Vec<usize>> {
        let node = self.root.down(&["pairing"]);
        for (storm, stages) in &self.file.pairing.0 {
            let entry = node.down(&[storm]);
            let path = format!("pairing.{storm}");
            if !self.ground.storms.contains(&storm.as_str()) {
                let mut problem = dangling("storm", storm, &self.ground.storms, entry);
                problem.place = Some(entry.key_place());
                found.push(problem);
            }
            if stages.is_empty() {
                let problem = Diagnostic::error(0, format!("`{path}` is an empty list"));
                let help = "a storm meets one stage at least; without an entry it is `as modelled`";
                found.push(problem.help(help).at(entry.place()));
            }
            twice(entry, &path, found);
            for (stage, at) in stages.iter().zip(entry.items()) {
                if stage != AS_MODELLED && !self.ground.stages.contains(&stage.as_str()) {
                    let known: Vec<&str> =
                        self.ground.stages.iter().copied().chain(std::iter::once(AS_MODELLED)).collect();
                    found.push(dangling("stage", stage, &known, at));
                }
            }
        }
        let place = |stage: &String| {
            let named = |(name, _): &(String, StageTable)| name == stage;
            self.file.river_stage.0.iter().position(named).map_or(0, |place| place + 1)
        };
        let of_storm = |(storm, _): &(String, _)| {
            let entry = self.file.pairing.0.iter().find(|(name, _)| name == storm);
            entry.map_or_else(|| vec![0], |(_, stages)| stages.iter().map(place).collect())
        };
        self.file.storms.0.iter().map(of_storm).collect()
    }
    /// All that needs no more reading.
    pub fn check(&self, found: &mut Vec<Diagnostic>) {
        self.check_names(found);
        self.check_study(found);
        horizons::check(self.root, &self.file.horizons, &self.ground.storms, found);
        self.check_options(found);
        check_run(self.root.down(&["run"]), "run", &self.file.run, found);
        for (name, storm) in &self.file.storms.0 {
            let node = self.root.down(&["storms", name, "run"]);
            check_run(node, &format!("storms.{name}.run"), &storm.run, found);
        }
        self.check_outputs(found);
        // a measure or a horizon that is wrong would be reported again by its phase
        if wrong(found) == 0 {
            self.check_phases(found);
        }
    }
    /// Names of the user: they become parts of tables, files and folders.
    fn check_names(&self, found: &mut Vec<Diagnostic>) {
        for (key, what) in [
            ("storms", "a storm"),
            ("river_stage", "a stage"),
            ("horizons", "a horizon"),
            ("option", "an option"),
        ] {
            let Some(node) = self.root.get(key) else { continue };
            let mut seen: Vec<&str> = Vec::new();
            for (name, entry) in node.entries() {
                let reserved = match key {
                    "option" => name.eq_ignore_ascii_case(BASE),
                    "river_stage" => name == AS_MODELLED,
                    _ => false,
                };
                let problem = if reserved {
                    Some(match key {
                        "option" => (
                            format!("an option cannot be called `{name}`"),
                            "the base is the network itself: it is run beside all options and not written"
                                .to_owned(),
                        ),
                        _ => (
                            format!("a stage cannot be called `{name}`"),
                            "that is the name of the levels in the network itself".to_owned(),
                        ),
                    })
                } else if name.trim().is_empty()
                    || name.contains(['/', '\\'])
                    || name.contains(char::is_control)
                {
                    let help = "names become names of files: leave `/` and `\\` out".to_owned();
                    Some((format!("`{name}` is no name for {what}"), help))
                } else {
                    let same = |other: &&&str| other.to_lowercase() == name.to_lowercase();
                    seen.iter().find(same).map(|other| {
                        let help = "names become names of files, which some systems compare without case";
                        (format!("`{other}` and `{name}` differ in case only"), help.to_owned())
                    })
                };
                if let Some((message, help)) = problem {
                    found.push(Diagnostic::error(0, message).help(help).at(entry.key_place()));
                }
                seen.push(name);
            }
        }
        let is_table = self.root.get("storms").is_some_and(|node| node.value.get_ref().is_table());
        if is_table && self.ground.storms.is_empty() {
            let problem = Diagnostic::error(0, "the file has no storms");
            let help = "give one at least, as [storms.NAME]";
            found.push(problem.help(help).at(self.root.down(&["storms"]).key_place()));
        }
    }
    fn check_study(&self, found: &mut Vec<Diagnostic>) {
        let Some(study) = &self.file.study else { return };
        let node = self.root.down(&["study"]);
        for (key, list) in [("overflows", &study.overflows), ("treatment_works", &study.treatment_works)] {
            let list_node = node.down(&[key]);
            twice(list_node, &format!("study.{key}"), found);
            for (name, at) in list.iter().zip(list_node.items()) {
                if !self.is_outfall(name) {
                    found.push(self.no_outfall(name, at));
                }
                if key == "treatment_works" && has(&study.overflows, name) {
                    let problem =
                        Diagnostic::error(0, format!("`{name}` is an overflow and a treatment works"));
                    found.push(problem.help("keep it in one of the two lists").at(at.place()));
                }
            }
        }
        if let Some(storm) = &study.capacity_storm {
            let at = node.down(&["capacity_storm"]);
            if !self.ground.storms.contains(&storm.as_str()) {
                found.push(dangling("storm", storm, &self.ground.storms, at));
            } else if self.root.down(&["storms", storm]).get("formula").is_none() {
                let problem =
                    Diagnostic::error(0, format!("the storm `{storm}` has no formula to size pipes by"));
                found.push(problem.help("name a storm with a `formula`").at(at.place()));
            }
        }
        if study.runoff_coefficient.is_some_and(|psi| !(psi > 0.0 && psi <= 1.0)) {
            let problem = Diagnostic::error(0, "`study.runoff_coefficient` is no runoff coefficient");
            let help = "it lies above 0 and not above 1: 0.45 to 0.7 of built-up land";
            found.push(problem.help(help).at(node.down(&["runoff_coefficient"]).place()));
        }
        if let Some(costs) = &study.costs {
            self.check_money(costs, node.down(&["costs"]), found);
            let shares = [("contingency", Some(costs.contingency)), ("discount_rate", costs.discount_rate)];
            for (key, share) in shares {
                if share.is_some_and(|share| !(0.0..=1.0).contains(&share.0)) {
                    let problem = Diagnostic::error(0, format!("`study.costs.{key}` is no share of a whole"));
                    found.push(
                        problem.help("it is \"0 %\" to \"100 %\"").at(node.down(&["costs", key]).place()),
                    );
                }
            }
        }
    }
    /// How money is counted: years, budgets, packages.
    fn check_money(&self, costs: &Costs, node: Node<'_>, found: &mut Vec<Diagnostic>) {
        if costs.life.is_some_and(|life| life.0 < 1.0 || life.0.fract() != 0.0 || life.0 > 500.0) {
            let problem = Diagnostic::error(0, "`study.costs.life` is no number of whole years");
            found.push(problem.help("life = \"50 a\"").at(node.down(&["life"]).place()));
        }
        for (budget, at) in costs.budgets.iter().zip(node.down(&["budgets"]).items()) {
            if *budget <= 0.0 {
                let problem = Diagnostic::error(0, "a budget is above 0").help("in the currency of the file");
                found.push(problem.at(at.place()));
            }
        }
        let packages = node.down(&["packages"]);
        twice(packages, "study.costs.packages", found);
        let options: Vec<&str> = self.file.option.0.iter().map(|(name, _)| name.as_str()).collect();
        for (package, at) in costs.packages.iter().zip(packages.items()) {
            if !options.contains(&package.as_str()) {
                found.push(dangling("option", package, &options, at));
            }
        }
    }
    /// Phases that no measure belongs to: a slip, or measures that are still to be written.
    fn check_phases(&self, found: &mut Vec<Diagnostic>) {
        let mut built: Vec<&str> = Vec::new();
        for (_, measure) in self.file.option.0.iter().flat_map(|(_, option)| &option.measures) {
            if !built.contains(&measure.phase.as_str()) {
                built.push(&measure.phase);
            }
        }
        for (name, horizon) in &self.file.horizons.0 {
            let items = self.root.down(&["horizons", name, "phases"]).items();
            for (phase, at) in horizon.phases.iter().zip(items) {
                if !built.contains(&phase.as_str()) {
                    let problem = dangling("measure of the phase", phase, &built, at);
                    found.push(Diagnostic { severity: Severity::Warning, ..problem });
                }
            }
        }
    }
    fn check_options(&self, found: &mut Vec<Diagnostic>) {
        let horizons: Vec<Vec<String>> =
            self.file.horizons.0.iter().map(|(_, horizon)| horizon.phases.clone()).collect();
        for (name, option) in &self.file.option.0 {
            let nodes = self.root.down(&["option", name, "measure"]).items();
            found.extend(measures::check(&self.ground, &horizons, name, &nodes, &option.measures));
        }
    }
    fn check_outputs(&self, found: &mut Vec<Diagnostic>) {
        let Some(names) = &self.ground.names else { return };
        let node = self.root.down(&["outputs"]);
        let options = self.file.option.0.iter().flat_map(|(_, option)| &option.measures);
        let measures: Vec<&Measure> = options.map(|(_, measure)| measure).collect();
        let may_be = |name: &str| measures::may_be_made(&self.made, &measures, name, names);
        let list = node.down(&["hydrographs"]);
        twice(list, "outputs.hydrographs", found);
        for (name, at) in self.file.outputs.hydrographs.iter().zip(list.items()) {
            if !has(&names.nodes, name) && !has(&names.links, name) && !may_be(name) {
                let all: Vec<&String> = names.nodes.iter().chain(&names.links).collect();
                found.push(dangling("node or link", name, &all, at));
            }
        }
        let sections = node.down(&["long_sections"]).items();
        for (section, at) in self.file.outputs.long_sections.iter().zip(sections) {
            for (key, name) in [("from", &section.from), ("to", &section.to)] {
                if !has(&names.nodes, name) && !may_be(name) {
                    found.push(dangling("node", name, &names.nodes, at.down(&[key])));
                }
            }
            if section.from.eq_ignore_ascii_case(&section.to) {
                let message = format!("the long section begins and ends at `{}`", section.from);
                let help = "a long section joins two nodes";
                found.push(Diagnostic::error(0, message).help(help).at(at.down(&["to"]).place()));
            }
        }
    }
}

/// Steps of a run.
fn check_run(node: Node<'_>, path: &str, run: &RunLength, found: &mut Vec<Diagnostic>) {
    let mut fail = |key: &str, message: String, help: &str| {
        found.push(Diagnostic::error(0, message).help(help).at(node.down(&[key]).place()));
    };
    let steps = [
        ("report_step", run.report_step),
        ("routing_step", run.routing_step),
        ("wet_step", run.wet_step),
        ("dry_step", run.dry_step),
    ];
    for (key, step) in steps {
        let Some(step) = step else { continue };
        if step.0 <= 0.0 {
            fail(key, format!("`{path}.{key}` must be above 0"), "");
        } else if key != "routing_step" && step.0.fract() != 0.0 {
            fail(key, format!("`{path}.{key}` is {} s", step.0), "SWMM counts it in whole seconds");
        }
    }
    if let (Some(routing), Some(report)) = (run.routing_step, run.report_step)
        && routing.0 > report.0
    {
        let message = format!("`{path}.routing_step` is longer than `report_step`");
        fail("routing_step", message, "results are reported at routing steps");
    }
}
