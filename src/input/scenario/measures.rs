//! Whether the names in the measures of an option mean something: elements of the network or of earlier
//! measures, phases, zones, storms.

use crate::diagnostic::Diagnostic;
use crate::scenario::measure::{AREA_MARKS, Gate, Measure, NewLink, PumpStation, Separate, Verb, Weir};
use crate::scenario::selection::{Clause, Rule};

use super::details;
use super::ground::{Ground, Names, dangling, has, twice};
use super::source::Node;

/// An element that a measure makes.
#[derive(Clone)]
pub(super) struct Made {
    /// Its name.
    name: String,
    /// Whether it is a link, else a node.
    is_link: bool,
    /// Whether it is an outfall.
    is_outfall: bool,
    /// Number of the measure in its option.
    measure: usize,
    /// Phase in which it is built.
    phase: String,
}

/// Elements that measures make, as far as their names are known without making them.
pub(super) fn made_by(measures: &[(usize, Measure)]) -> Vec<Made> {
    let mut all = Vec::new();
    for (number, measure) in measures {
        let mut add = |name: String, is_link: bool, is_outfall: bool| {
            all.push(Made { name, is_link, is_outfall, measure: *number, phase: measure.phase.clone() });
        };
        match &measure.verb {
            Verb::Link(link) => {
                add(link.id.clone(), true, false);
                if link.outfall_invert.is_some() {
                    add(link.to.clone(), false, true);
                }
            }
            Verb::Weir(weir) if weir.from.is_some() => add(weir.id.clone(), true, false),
            Verb::Tank(tank) => add(format!("{}-tank", tank.at), false, false),
            Verb::Parallel(parallel) => {
                parallel.pipes.iter().for_each(|pipe| add(format!("{pipe}-p"), true, false));
            }
            Verb::Separate(separate) if separate.outfall_invert.is_some() => {
                add(separate.outlet.clone(), false, true);
            }
            _ => {}
        }
    }
    all
}

/// Whether some measure makes a node, link or outfall of a name; names that end as `separate` and `parallel` end
/// theirs are taken on trust.
pub(super) fn may_be_made(made: &[Made], measures: &[&Measure], name: &str, names: &Names) -> bool {
    if made.iter().any(|made| made.name.eq_ignore_ascii_case(name)) {
        return true;
    }
    measures.iter().any(|measure| {
        let ends: &[&str] = match measure.verb {
            Verb::Separate(_) => &["-s", "-f"],
            Verb::Parallel(_) => &["-p"],
            _ => &[],
        };
        let stem = |end: &&str| name.strip_suffix(*end);
        ends.iter().filter_map(stem).any(|stem| has(&names.nodes, stem) || has(&names.links, stem))
    })
}

/// Whether some measure makes an outfall of a name.
pub(super) fn makes_outfall(made: &[Made], name: &str) -> bool {
    made.iter().any(|made| made.is_outfall && made.name.eq_ignore_ascii_case(name))
}

/// A help with one more thing to say.
fn also(help: &str, more: &str) -> String {
    if help.is_empty() { more.to_owned() } else { format!("{help} - {more}") }
}

/// One measure among the others of its option.
struct Check<'c, 'a> {
    ground: &'c Ground<'a>,
    made: &'c [Made],
    number: usize,
    phase: &'c str,
    /// Phases of each horizon.
    horizons: &'c [Vec<String>],
    /// The table of the verb.
    node: Node<'a>,
    /// Its path, for messages.
    path: String,
    found: Vec<Diagnostic>,
}

/// All problems of the names and details of the measures of an option. `nodes` are the tables of the measures,
/// `horizons` the phases of each horizon.
pub(super) fn check<'a>(
    ground: &Ground<'a>,
    horizons: &[Vec<String>],
    option: &str,
    nodes: &[Node<'a>],
    measures: &[(usize, Measure)],
) -> Vec<Diagnostic> {
    let made = made_by(measures);
    let mut found = Vec::new();
    for (number, measure) in measures {
        let Some(table) = nodes.get(*number).copied() else { continue };
        let word = measure.verb.word();
        let mut check = Check {
            ground,
            made: &made,
            number: *number,
            phase: &measure.phase,
            horizons,
            node: table.down(&[word]),
            path: format!("option.{option}.measure.{word}"),
            found: Vec::new(),
        };
        if let Some(phases) = &ground.phases
            && !phases.contains(&measure.phase.as_str())
        {
            let problem = dangling("phase", &measure.phase, phases, table.down(&["phase"]));
            let message = format!("no horizon builds the phase `{}`", measure.phase);
            check.found.push(Diagnostic { message, ..problem });
        }
        check.catalogue(&measure.verb);
        check.verb(&measure.verb);
        details::check(&measure.verb, check.node, &check.path, ground, &mut check.found);
        found.append(&mut check.found);
    }
    found.extend(details::check_shares(nodes, measures));
    found
}

impl<'a> Check<'_, 'a> {
    /// The pipe catalogue: one that is known, or a file, which is read when the study is opened.
    fn catalogue(&mut self, verb: &Verb) {
        let Some(name) = verb.catalogue() else { return };
        let is_file = name.to_ascii_lowercase().ends_with(".toml");
        if !is_file && !self.ground.catalogues.iter().any(|known| known == name) {
            let at = self.node.down(&["catalogue"]);
            let mut problem = dangling("pipe catalogue", name, &self.ground.catalogues, at);
            problem.help = also(&problem.help, "a file of your own is named as `pipes.toml`");
            self.found.push(problem);
        }
    }
    fn verb(&mut self, verb: &Verb) {
        match verb {
            Verb::Resize(v) => self.pipes(&v.pipes, v.rule.as_ref()),
            Verb::Parallel(v) => self.pipes(&v.pipes, v.rule.as_ref()),
            Verb::Roughness(v) => self.pipes(&v.pipes, v.rule.as_ref()),
            Verb::Silt(v) => self.pipes(&v.pipes, v.rule.as_ref()),
            Verb::Repair(v) => self.pipes(&v.pipes, v.rule.as_ref()),
            Verb::River(v) => self.conduits("reaches", &v.reaches),
            Verb::Link(v) => self.link(v),
            Verb::Tank(v) => self.node(&v.at, self.node.down(&["at"])),
            Verb::PumpStation(v) => self.pump_station(v),
            Verb::Gate(v) => self.gate(v),
            Verb::Weir(v) => self.weir(v),
            Verb::Separate(v) => self.separate(v),
            // refused before their names are looked at
            Verb::Lid(_) | Verb::Inlets(_) => {}
        }
    }
    /// Elements that earlier measures make, with those whose phase comes too late reported.
    fn is_made(&mut self, name: &str, is_link: bool, at: Node<'a>) -> bool {
        let of_name = |made: &&Made| made.is_link == is_link && made.name.eq_ignore_ascii_case(name);
        let Some(made) = self.made.iter().find(of_name) else { return false };
        if made.measure >= self.number {
            let problem = Diagnostic::error(0, format!("`{name}` is made by a measure further down"));
            self.found.push(problem.help("write the measure that makes it before this one").at(at.place()));
        } else if self
            .horizons
            .iter()
            .any(|phases| phases.iter().any(|phase| phase == self.phase) && !phases.contains(&made.phase))
        {
            let message = format!(
                "`{name}` is made in phase `{}`, but this measure is built in phase `{}` without it",
                made.phase, self.phase
            );
            let help =
                "some horizon builds the one phase and not the other; put both measures into one phase";
            self.found.push(Diagnostic::error(0, message).help(help).at(at.place()));
        }
        true
    }
    fn node(&mut self, name: &str, at: Node<'a>) {
        let Some(names) = &self.ground.names else { return };
        if has(&names.nodes, name) || self.is_made(name, false, at) || self.is_laid(name) {
            return;
        }
        let problem = if has(&names.links, name) {
            Diagnostic::error(0, format!("`{name}` is a link")).help("a node is wanted here").at(at.place())
        } else {
            dangling("node", name, &names.nodes, at)
        };
        self.found.push(problem);
    }
    /// Whether `separate` of an earlier measure may have laid an element of this name.
    fn is_laid(&self, name: &str) -> bool {
        let Some(names) = &self.ground.names else { return true };
        ["-s", "-f"]
            .iter()
            .filter_map(|end| name.strip_suffix(end))
            .any(|stem| has(&names.nodes, stem) || has(&names.links, stem))
    }
    fn conduits(&mut self, key: &str, pipes: &[String]) {
        let list = self.node.down(&[key]);
        twice(list, &format!("{}.{key}", self.path), &mut self.found);
        let Some(names) = &self.ground.names else { return };
        for (pipe, at) in pipes.iter().zip(list.items()) {
            if has(&names.conduits, pipe) || self.is_made(pipe, true, at) || self.is_laid(pipe) {
                continue;
            }
            self.found.push(if has(&names.links, pipe) {
                Diagnostic::error(0, format!("`{pipe}` is no conduit"))
                    .help("pumps, orifices, weirs and outlets have no pipe")
                    .at(at.place())
            } else {
                dangling("conduit", pipe, &names.conduits, at)
            });
        }
    }
    fn pipes(&mut self, pipes: &[String], rule: Option<&Rule>) {
        self.conduits("pipes", pipes);
        if let Some(rule) = rule {
            self.rule(rule);
        }
    }
    /// The names in a rule.
    fn rule(&mut self, rule: &Rule) {
        let at = self.node.down(&["where"]);
        for clause in &rule.clauses {
            match clause {
                Clause::Surcharged(storm) | Clause::Flooded(storm) => {
                    if !self.ground.storms.contains(&storm.as_str()) {
                        self.found.push(dangling("storm", storm, &self.ground.storms, at));
                    }
                }
                Clause::Zone(zone) => {
                    if let Some(zones) = &self.ground.zones
                        && !zones.contains(zone)
                    {
                        self.found.push(dangling("zone", zone, zones, at));
                    }
                }
                Clause::Tag(tag) => {
                    if let Some(names) = &self.ground.names
                        && !has(&names.link_tags, tag)
                    {
                        self.found.push(dangling("link with the tag", tag, &names.link_tags, at));
                    }
                }
                // rules are resolved against the base, so that what measures make does not count
                Clause::UpstreamOf(node) | Clause::DownstreamOf(node) => {
                    if let Some(names) = &self.ground.names
                        && !has(&names.nodes, node)
                    {
                        self.found.push(dangling("node", node, &names.nodes, at));
                    }
                }
                Clause::Capacity(..) => {
                    if self.ground.has_formula == Some(false) {
                        let message =
                            "the capacity of pipes needs a storm-intensity formula, and no storm has one";
                        let help = "give a storm a `formula`, and name it in `study.capacity_storm`";
                        self.found.push(Diagnostic::error(0, message).help(help).at(at.place()));
                    }
                }
                Clause::Diameter(..) => {}
            }
        }
    }
    /// A name that something new is to have.
    fn free_link(&mut self, name: &str, key: &str) {
        let taken = self.ground.names.as_ref().is_some_and(|names| has(&names.links, name))
            || self.made.iter().any(|made| {
                made.is_link && made.measure < self.number && made.name.eq_ignore_ascii_case(name)
            });
        if taken {
            let problem = Diagnostic::error(0, format!("there is a link `{name}` already"));
            let help = "give the new one a name of its own";
            self.found.push(problem.help(help).at(self.node.down(&[key]).place()));
        }
    }
    /// A name that a new outfall is to have.
    fn free_node(&mut self, name: &str, key: &str) {
        if self.ground.names.as_ref().is_some_and(|names| has(&names.nodes, name)) {
            let problem = Diagnostic::error(0, format!("there is a node `{name}` already"));
            let help = "leave `outfall_invert` out to end there, or give the new outfall a name of its own";
            self.found.push(problem.help(help).at(self.node.down(&[key]).place()));
        }
    }
    fn link(&mut self, link: &NewLink) {
        self.free_link(&link.id, "id");
        self.node(&link.from, self.node.down(&["from"]));
        match link.outfall_invert {
            Some(_) => self.free_node(&link.to, "to"),
            None => self.node(&link.to, self.node.down(&["to"])),
        }
    }
    fn pump_station(&mut self, station: &PumpStation) {
        self.node(&station.at, self.node.down(&["at"]));
        match &station.to {
            Some(to) => self.node(to, self.node.down(&["to"])),
            None => {
                if let Some(names) = &self.ground.names
                    && has(&names.nodes, &station.at)
                    && !has(&names.pumped, &station.at)
                {
                    let message = format!("no pump stands at `{}` yet, and `to` is missing", station.at);
                    let help = "say with `to` which node a new station delivers to";
                    self.found.push(Diagnostic::error(0, message).help(help).at(self.node.place()));
                }
            }
        }
    }
    fn gate(&mut self, gate: &Gate) {
        let at = self.node.down(&["link"]);
        if let Some(names) = &self.ground.names
            && !has(&names.openings, &gate.link)
            && !has(&names.conduits, &gate.link)
            && !self.is_made(&gate.link, true, at)
            && !self.is_laid(&gate.link)
        {
            self.found.push(if has(&names.links, &gate.link) {
                let problem = Diagnostic::error(0, format!("`{}` takes no gate", gate.link));
                problem.help("a gate stands in a conduit, an orifice or a weir").at(at.place())
            } else {
                dangling("link", &gate.link, &names.links, at)
            });
        }
        if let Some(watch) = &gate.watch {
            self.node(watch, self.node.down(&["watch"]));
        }
    }
    fn weir(&mut self, weir: &Weir) {
        if weir.from.is_none() && weir.to.is_none() {
            let at = self.node.down(&["id"]);
            if let Some(names) = &self.ground.names
                && !has(&names.weirs, &weir.id)
                && !self.is_made(&weir.id, true, at)
            {
                let mut problem = dangling("weir", &weir.id, &names.weirs, at);
                problem.help = also(&problem.help, "a new weir needs `from` and `to`");
                self.found.push(problem);
            }
            return;
        }
        self.free_link(&weir.id, "id");
        for (name, key) in [(&weir.from, "from"), (&weir.to, "to")] {
            match name {
                Some(name) => self.node(name, self.node.down(&[key])),
                None => {
                    let problem = Diagnostic::error(0, format!("`{}` has no `{key}`", self.path));
                    let help = "a new weir needs both `from` and `to`; one that exists needs neither";
                    self.found.push(problem.help(help).at(self.node.place()));
                }
            }
        }
    }
    fn separate(&mut self, separate: &Separate) {
        let at = self.node.down(&["area"]);
        if let (Some(names), Some(zones)) = (&self.ground.names, &self.ground.zones)
            && !has(&names.land_tags, &separate.area)
            && !zones.contains(&separate.area)
        {
            let known: Vec<&String> = names.land_tags.iter().chain(zones).collect();
            let parts = separate.area.split(AREA_MARKS).map(str::trim);
            for part in parts.filter(|part| !has(&names.land_tags, part)) {
                self.found.push(dangling("zone and no tag of subcatchments", part, &known, at));
            }
        }
        match separate.outfall_invert {
            Some(_) => self.free_node(&separate.outlet, "outlet"),
            None => self.node(&separate.outlet, self.node.down(&["outlet"])),
        }
        if let Some(node) = &separate.intercept_to {
            self.node(node, self.node.down(&["intercept_to"]));
        }
    }
}
