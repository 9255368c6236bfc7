//! Whether the details of a measure fit one another and can be built.

use crate::diagnostic::Diagnostic;
use crate::scenario::measure::{
    Gate, Measure, Method, NewLink, Parallel, PumpStation, Repair, Resize, River, Roughness, Separate, Sewer,
    Silt, Tank, Verb, Weir,
};
use crate::scenario::quantity::Share;
use crate::scenario::selection::Rule;

use super::ground::Ground;
use super::shape::quoted;
use super::source::Node;

/// Largest Manning roughness that is no slip of the pen, s/m^(1/3).
const ROUGHEST: f64 = 0.5;

/// The details of one measure.
struct Details<'c, 'a> {
    node: Node<'a>,
    path: &'c str,
    has_formula: Option<bool>,
    found: &'c mut Vec<Diagnostic>,
}

/// All problems of the details of a measure.
pub(super) fn check(
    verb: &Verb,
    node: Node<'_>,
    path: &str,
    ground: &Ground<'_>,
    found: &mut Vec<Diagnostic>,
) {
    let mut details = Details { node, path, has_formula: ground.has_formula, found };
    match verb {
        Verb::Resize(v) => details.resize(v),
        Verb::Parallel(v) => details.parallel(v),
        Verb::Link(v) => details.link(v),
        Verb::Tank(v) => details.tank(v),
        Verb::PumpStation(v) => details.pump_station(v),
        Verb::Gate(v) => details.gate(v),
        Verb::Weir(v) => details.weir(v),
        Verb::Roughness(v) => details.roughness(v),
        Verb::Silt(v) => details.silt(v),
        Verb::Repair(v) => details.repair(v),
        Verb::River(v) => details.river(v),
        Verb::Separate(v) => details.separate(v),
        Verb::Lid(_) | Verb::Inlets(_) => {}
    }
}

/// Problems of the shares of plots that the measures of an option connect, added up over its phases.
pub(super) fn check_shares(nodes: &[Node<'_>], measures: &[(usize, Measure)]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut areas: Vec<(&str, f64, Sewer)> = Vec::new();
    for (number, measure) in measures {
        let Verb::Separate(separate) = &measure.verb else { continue };
        let Some(node) = nodes.get(*number).map(|node| node.down(&["separate"])) else { continue };
        let share = separate.plots_connected.0;
        let Some((_, sum, sewer)) =
            areas.iter_mut().find(|(area, ..)| area.eq_ignore_ascii_case(&separate.area))
        else {
            areas.push((&separate.area, share, separate.existing_sewer));
            continue;
        };
        *sum += share;
        if *sum > 1.0 + 1.0e-9 && (0.0..=1.0).contains(&share) {
            let message = format!(
                "with this measure {:.0} % of the plots of `{}` are connected",
                *sum * 100.0,
                separate.area
            );
            let help = "each measure gives the share that it adds; together they are 100 % at most";
            let place = node.down(&["plots_connected"]).place();
            found.push(Diagnostic::error(0, message).help(help).at(place));
        }
        if *sewer != separate.existing_sewer {
            let message = format!(
                "an earlier measure makes the old pipes of `{}` the other kind of sewer",
                separate.area
            );
            let help = "all phases of one area take the same `existing_sewer`";
            let place = node.down(&["existing_sewer"]).place();
            found.push(Diagnostic::error(0, message).help(help).at(place));
        }
    }
    found
}

impl Details<'_, '_> {
    /// An error at a key of the verb, or at the verb when the key is not there.
    fn fail(&mut self, key: &str, message: String, help: &str) {
        let place = self.node.get(key).map_or_else(|| self.node.key_place(), Node::place);
        self.found.push(Diagnostic::error(0, message).help(help).at(place));
    }
    /// Something that must be above 0 where it is given.
    fn above_zero(&mut self, key: &str, value: Option<f64>) {
        if value.is_some_and(|value| value <= 0.0) {
            self.fail(key, format!("`{}.{key}` must be above 0", self.path), "");
        }
    }
    /// A share that must lie from 0 to 1.
    fn share(&mut self, key: &str, value: Option<Share>) {
        if value.is_some_and(|share| !(0.0..=1.0).contains(&share.0)) {
            self.fail(
                key,
                format!("`{}.{key}` is no share of a whole", self.path),
                "it is \"0 %\" to \"100 %\"",
            );
        }
    }
    fn manning(&mut self, key: &str, value: Option<f64>) {
        if value.is_some_and(|value| !(value > 0.0 && value <= ROUGHEST)) {
            let help = "Manning's n in s/m^(1/3): 0.009 of plastic, 0.013 of concrete, 0.03 of earth";
            self.fail(key, format!("`{}.{key}` is no roughness", self.path), help);
        }
    }
    /// Something that one of several keys must say, and no more than one.
    fn one_of(&mut self, given: &[(&str, bool)]) {
        let keys: Vec<&str> = given.iter().map(|(key, _)| *key).collect();
        let written: Vec<&str> = given.iter().filter(|(_, is)| *is).map(|(key, _)| *key).collect();
        match written.as_slice() {
            [_] => {}
            [] => {
                let message = format!("`{}` says none of {}", self.path, quoted(&keys));
                self.fail("", message, "one of them is needed");
            }
            [.., last] => {
                let message = format!("`{}` says {} at once", self.path, quoted(&written));
                self.fail(last, message, "keep one of them");
            }
        }
    }
    fn formula(&mut self, is_wanted: bool) {
        if is_wanted && self.has_formula == Some(false) {
            let message = "a size by return period needs a storm-intensity formula, and no storm has one";
            let help = "give a storm a `formula`, and name it in `study.capacity_storm`";
            self.fail("for_return_period", message.to_owned(), help);
        }
    }
    fn pipes(&mut self, pipes: &[String], rule: Option<&Rule>) {
        if !pipes.is_empty() || rule.is_some() {
            return;
        }
        let is_empty = self.node.get("pipes").is_some();
        let says = if is_empty { "has an empty list of `pipes`" } else { "does not say which pipes" };
        let message = format!("`{}` {says}", self.path);
        self.fail(
            "pipes",
            message,
            "name them, pipes = [\"T13\"], or give a rule, where = \"capacity < 2 a\"",
        );
    }
    fn resize(&mut self, v: &Resize) {
        self.pipes(&v.pipes, v.rule.as_ref());
        self.one_of(&[
            ("diameter", v.diameter.is_some()),
            ("sizes", v.sizes.is_some()),
            ("for_return_period", v.for_return_period.is_some()),
        ]);
        self.above_zero("diameter", v.diameter.map(|d| d.0));
        self.above_zero("sizes", v.sizes.map(f64::from));
        self.manning("roughness", v.roughness);
        self.formula(v.for_return_period.is_some());
    }
    fn parallel(&mut self, v: &Parallel) {
        self.pipes(&v.pipes, v.rule.as_ref());
        self.one_of(&[
            ("diameter", v.diameter.is_some()),
            ("for_return_period", v.for_return_period.is_some()),
        ]);
        self.above_zero("diameter", v.diameter.map(|d| d.0));
        self.manning("roughness", v.roughness);
        self.formula(v.for_return_period.is_some());
    }
    fn link(&mut self, v: &NewLink) {
        self.above_zero("diameter", Some(v.diameter.0));
        self.above_zero("length", v.length.map(|l| l.0));
        self.manning("roughness", v.roughness);
        if v.from.eq_ignore_ascii_case(&v.to) {
            let message = format!("`{}` leads from `{}` to itself", self.path, v.from);
            self.fail("to", message, "a conduit joins two nodes");
        }
        if v.outfall_at.is_some() && v.outfall_invert.is_none() {
            let message = format!("`{}.outfall_at` places an outfall that is not made", self.path);
            self.fail("outfall_at", message, "give its `outfall_invert`, or leave `outfall_at` out");
        }
    }
    fn tank(&mut self, v: &Tank) {
        self.above_zero("volume", Some(v.volume.0));
        self.above_zero("depth", v.depth.map(|d| d.0));
        self.above_zero("weir_length", v.weir_length.map(|l| l.0));
        self.above_zero("drain_down", Some(v.drain_down.0));
        if v.weir_level.is_some() && v.interceptor_n0.is_some() {
            let message = format!("`{}` says `weir_level` and `interceptor_n0` at once", self.path);
            self.fail("interceptor_n0", message, "the one follows from the other; keep one of them");
        }
        if v.interceptor_n0.is_some_and(|n0| n0 < 0.0) {
            self.fail(
                "interceptor_n0",
                format!("`{}.interceptor_n0` is below 0", self.path),
                "2 to 5 is usual",
            );
        }
        if let (Some(top), Some(weir)) = (v.top_level, v.weir_level)
            && top.0 <= weir.0
        {
            let message = format!("the weir of `{}` stands above the highest level in the tank", self.path);
            self.fail("weir_level", message, "put `weir_level` below `top_level`");
        }
    }
    fn pump_station(&mut self, v: &PumpStation) {
        self.above_zero("duty", Some(v.duty.0));
        self.above_zero("pumps", v.pumps.map(f64::from));
        self.above_zero("wet_well_area", v.wet_well_area.map(|a| a.0));
        if v.start.0 <= v.stop.0 {
            let message = format!("the pumps of `{}` start at or below the level where they stop", self.path);
            self.fail("start", message, "put `start` above `stop`");
        }
        if v.to.as_ref().is_some_and(|to| to.eq_ignore_ascii_case(&v.at)) {
            self.fail("to", format!("`{}` delivers to the node that it pumps from", self.path), "");
        }
    }
    fn gate(&mut self, v: &Gate) {
        self.above_zero("width", v.width.map(|w| w.0));
        self.above_zero("height", v.height.map(|h| h.0));
        match (&v.watch, v.close_above) {
            (None, None) if !v.flap => {
                let message = format!("`{}` never moves", self.path);
                self.fail("link", message, "give `watch` and `close_above`, or `flap = true`");
            }
            (Some(_), None) => {
                let message = format!("`{}` watches a node for no level", self.path);
                self.fail("watch", message, "give `close_above`");
            }
            (None, Some(_)) => {
                let message = format!("`{}` closes above a level of no node", self.path);
                self.fail("close_above", message, "say with `watch` which node's level counts");
            }
            _ => {}
        }
        match (v.open_below, v.close_above) {
            (Some(open), Some(close)) if open.0 > close.0 => {
                let message = format!("`{}` opens at a level at which it closes", self.path);
                self.fail("open_below", message, "put `open_below` at or below `close_above`");
            }
            (Some(_), None) => {
                let message = format!("`{}` opens but never closes", self.path);
                self.fail("open_below", message, "give `close_above`");
            }
            _ => {}
        }
    }
    fn weir(&mut self, v: &Weir) {
        self.above_zero("length", v.length.map(|l| l.0));
        self.above_zero("height", v.height.map(|h| h.0));
        self.above_zero("coefficient", v.coefficient);
        let is_new = v.from.is_some() && v.to.is_some();
        if is_new && (v.crest.is_none() || v.length.is_none()) {
            let message = format!("the new weir of `{}` has no crest level or no length", self.path);
            self.fail("id", message, "give `crest` and `length`");
        }
        let is_changed = v.crest.is_some()
            || v.length.is_some()
            || v.height.is_some()
            || v.coefficient.is_some()
            || v.flap.is_some();
        if !is_new && !is_changed {
            let message = format!("`{}` changes nothing", self.path);
            self.fail("id", message, "give one of `crest`, `length`, `height`, `coefficient`, `flap`");
        }
    }
    fn roughness(&mut self, v: &Roughness) {
        self.pipes(&v.pipes, v.rule.as_ref());
        self.manning("to", Some(v.to));
        self.above_zero("wall", v.wall.map(|w| w.0));
        if v.wall.is_some() && v.method != Method::Lining {
            let message = format!("`{}.wall` is the thickness of a lining, and nothing is lined", self.path);
            self.fail("wall", message, "leave it out, or take method = \"lining\"");
        }
    }
    fn silt(&mut self, v: &Silt) {
        self.pipes(&v.pipes, v.rule.as_ref());
        if !(0.0..1.0).contains(&v.depth.0) {
            let message = format!("`{}.depth` is no depth of silt", self.path);
            self.fail("depth", message, "a share of the diameter: \"0 %\" for a clean pipe, below \"100 %\"");
        }
    }
    fn repair(&mut self, v: &Repair) {
        self.pipes(&v.pipes, v.rule.as_ref());
        self.share("infiltration_stopped", v.infiltration_stopped);
        if v.infiltration_stopped.is_none() && !v.flap_gate {
            let message = format!("`{}` repairs nothing", self.path);
            self.fail("", message, "give `infiltration_stopped`, or `flap_gate = true`");
        }
    }
    fn river(&mut self, v: &River) {
        if v.reaches.is_empty() {
            self.fail("reaches", format!("`{}` names no reaches", self.path), "");
        }
        self.above_zero("wider_by", v.wider_by.map(|w| w.0));
        self.above_zero("deeper_by", v.deeper_by.map(|d| d.0));
        self.manning("roughness", v.roughness);
        if v.wider_by.is_none() && v.deeper_by.is_none() && v.roughness.is_none() {
            let message = format!("`{}` changes nothing", self.path);
            self.fail("", message, "give one of `wider_by`, `deeper_by`, `roughness`");
        }
    }
    fn separate(&mut self, v: &Separate) {
        self.share("plots_connected", Some(v.plots_connected));
        self.share("storm_to_foul", Some(v.storm_to_foul));
        self.share("foul_to_storm", Some(v.foul_to_storm));
        self.share("min_slope", v.min_slope);
        self.above_zero("plots_connected", Some(v.plots_connected.0));
        self.above_zero("cover", v.cover.map(|c| c.0));
        self.formula(v.for_return_period.is_some());
        if v.existing_sewer == Sewer::Foul && v.for_return_period.is_none() {
            let message = format!("`{}` lays storm sewers of no size", self.path);
            self.fail("existing_sewer", message, "say with `for_return_period` what they are sized for");
        }
        if v.existing_sewer == Sewer::Storm && v.for_return_period.is_some() {
            let message = format!("`{}` lays foul sewers, which no return period sizes", self.path);
            self.fail("for_return_period", message, "leave it out: they are sized for the dry-weather flow");
        }
        if v.outfall_at.is_some() && v.outfall_invert.is_none() {
            let message = format!("`{}.outfall_at` places an outfall that is not made", self.path);
            self.fail("outfall_at", message, "give its `outfall_invert`, or leave `outfall_at` out");
        }
        if v.interceptor_n0.is_some() != v.intercept_to.is_some() {
            let (is, lacks) = match v.interceptor_n0 {
                Some(_) => ("interceptor_n0", "intercept_to"),
                None => ("intercept_to", "interceptor_n0"),
            };
            let message = format!("`{}` says `{is}` but not `{lacks}`", self.path);
            self.fail(is, message, "an interceptor needs both: how much, and where to");
        }
        if v.interceptor_n0.is_some_and(|n0| n0 <= 0.0) {
            self.fail(
                "interceptor_n0",
                format!("`{}.interceptor_n0` must be above 0", self.path),
                "2 to 5 is usual",
            );
        }
        if v.existing_sewer == Sewer::Storm && v.interceptor_n0.is_some() {
            let message =
                format!("`{}` intercepts at the outlet of new storm sewers, and lays none", self.path);
            self.fail("interceptor_n0", message, "leave `interceptor_n0` and `intercept_to` out");
        }
    }
}
