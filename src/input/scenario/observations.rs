//! Observations of a study: their file, and the run that is held against them.

use crate::diagnostic::Diagnostic;
use crate::input::acceptance;
use crate::input::observed::observed;
use crate::scenario::observed::{Bands, Gauge, Observed, Quantity};
use crate::scenario::study::AS_MODELLED;

use super::companion::Companions;
use super::ground::{dangling, has};
use super::source::Node;
use super::tables::Tables;

impl Tables<'_, '_> {
    /// Reads the observations, if there are any; `pairing` gives the stages that each storm meets.
    pub fn observed(
        &self,
        companions: &Companions<'_>,
        pairing: &[Vec<usize>],
        found: &mut Vec<Diagnostic>,
    ) -> Option<Observed> {
        let file = self.file.study.as_ref()?.observed.as_ref()?;
        let node = self.root.down(&["study", "observed"]);
        let table = file.table();
        let at_file = node.get("file").unwrap_or(node);
        let gauges = companions.text(&table.file, at_file, found).and_then(|text| {
            let read = observed(&text, &companions.path(&table.file));
            read.map_err(|problems| found.extend(problems)).ok()
        });
        for gauge in gauges.iter().flatten() {
            self.check_gauge(gauge, at_file, found);
        }
        let storm = self.observed_storm(table.storm.as_deref(), node, found);
        let met = storm.and_then(|storm| pairing.get(storm)).map_or(&[0][..], Vec::as_slice);
        let stages: Vec<&str> =
            std::iter::once(AS_MODELLED).chain(self.ground.stages.iter().copied()).collect();
        let of_storm: Vec<&str> = met.iter().filter_map(|stage| stages.get(*stage).copied()).collect();
        let stage = match &table.stage {
            None => met.first().copied(),
            Some(name) => {
                let found_at = met.iter().copied().find(|stage| stages.get(*stage) == Some(&name.as_str()));
                if found_at.is_none() {
                    let mut problem = dangling("stage", name, &of_storm, node.down(&["stage"]));
                    problem.message = format!("the storm that was observed meets no stage `{name}`");
                    found.push(problem);
                }
                found_at
            }
        };
        let horizons: Vec<&str> = self.file.horizons.0.iter().map(|(name, _)| name.as_str()).collect();
        let horizon = match &table.horizon {
            None => Some(0),
            Some(name) => {
                let place = horizons.iter().position(|horizon| horizon == name);
                if place.is_none() {
                    found.push(dangling("horizon", name, &horizons, node.down(&["horizon"])));
                }
                place
            }
        };
        let bands: Option<Bands> = match &table.bands {
            None => acceptance::embedded().map_err(|problems| found.extend(problems)).ok(),
            Some(file) => companions.text(file, node.down(&["bands"]), found).and_then(|text| {
                let read = acceptance::parse(&text, &companions.path(file));
                read.map_err(|problems| found.extend(problems)).ok()
            }),
        };
        Some(Observed { storm, stage: stage?, horizon: horizon?, gauges: gauges?, bands: bands? })
    }
    /// The storm that was observed.
    fn observed_storm(
        &self,
        named: Option<&str>,
        node: Node<'_>,
        found: &mut Vec<Diagnostic>,
    ) -> Option<usize> {
        let storms = &self.ground.storms;
        match named {
            Some(name) => {
                let place = storms.iter().position(|storm| *storm == name);
                if place.is_none() {
                    found.push(dangling("storm", name, storms, node.down(&["storm"])));
                }
                place
            }
            None if storms.len() > 1 => {
                let message = "the study has several storms, and which one was observed is not said";
                let help = "observed = { file = \"gauges.csv\", storm = \"…\" }";
                found.push(Diagnostic::error(0, message).help(help).at(node.place()));
                None
            }
            None => (!storms.is_empty()).then_some(0),
        }
    }
    /// Whether the base has the element of a gauge: levels at nodes, flows in links and out of outfalls.
    fn check_gauge(&self, gauge: &Gauge, node: Node<'_>, found: &mut Vec<Diagnostic>) {
        let Some(names) = &self.ground.names else { return };
        let (what, known): (&str, Vec<&String>) = match gauge.quantity {
            Quantity::Depth | Quantity::Level => ("node", names.nodes.iter().collect()),
            Quantity::Flow => ("link or outfall", names.links.iter().chain(&names.outfalls).collect()),
        };
        if !has(&known, &gauge.element) {
            let mut problem = dangling(what, &gauge.element, &known, node);
            let word = gauge.quantity.word();
            problem.message =
                format!("a {word} was observed at `{}`, and the network has no such {what}", gauge.element);
            found.push(problem);
        }
    }
}
