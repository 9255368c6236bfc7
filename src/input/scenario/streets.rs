//! Whether what `[surface]` names is there: storms, options and horizons of `run_for`, outfalls, channels, nodes, files.

use crate::diagnostic::Diagnostic;
use crate::scenario::study::{AS_MODELLED, BASE};
use crate::scenario::surface::{LawName, Layer, SurfaceTable};

use super::companion::Companions;
use super::ground::{dangling, has, twice};
use super::source::Node;
use super::tables::Tables;

impl Tables<'_, '_> {
    /// All problems of `[surface]` that need no terrain.
    pub fn check_surface(&self, companions: &Companions<'_>, found: &mut Vec<Diagnostic>) {
        let Some(table) = &self.file.surface else { return };
        let node = self.root.down(&["surface"]);
        self.check_chosen_runs(table, node, found);
        self.check_joined(table, node, found);
        check_law(table, node, found);
        self.check_rain_maps(table, node, found);
        let datum = self.file.study.as_ref().and_then(|study| study.vertical_datum.as_deref());
        if let (Some(own), Some(datum)) = (table.vertical_datum.as_deref(), datum)
            && own.trim() != datum.trim()
        {
            let message = format!("the terrain is in the vertical datum `{own}`, the study in `{datum}`");
            let help =
                "levels of two datums differ by metres: shift the terrain, or correct one of the names";
            found.push(Diagnostic::error(0, message).help(help).at(node.down(&["vertical_datum"]).place()));
        }
        // whether they hold what they should is seen when the ground is read
        let mut files = vec![(Some(&table.terrain), node.down(&["terrain"]))];
        for (key, layer) in [("roughness", &table.roughness), ("initial_depth", &table.initial_depth)] {
            files.push(match layer {
                Some(Layer::Path(file)) => (Some(file), node.down(&[key])),
                Some(Layer::Table(layer)) => (Some(&layer.file), node.down(&[key, "file"])),
                Some(Layer::Same(_)) | None => (None, node),
            });
        }
        files.push((table.buildings.as_ref().map(|b| &b.file), node.down(&["buildings", "file"])));
        files.push((
            table.infiltration.as_ref().and_then(|i| i.file.as_ref()),
            node.down(&["infiltration", "file"]),
        ));
        files.push((table.rain_mask.as_ref(), node.down(&["rain_mask"])));
        files.push((table.rain_maps.as_ref().map(|m| &m.file), node.down(&["rain_maps", "file"])));
        files.push((table.exchange.inlets.as_ref(), node.down(&["exchange", "inlets"])));
        files.push((table.banks.as_ref().and_then(|b| b.levels.as_ref()), node.down(&["banks", "levels"])));
        let outside = node.down(&["outside"]).items();
        files.extend(table.outside.iter().zip(outside).map(|(file, at)| (Some(file), at)));
        for (key, pairs) in [
            ("boundary", table.boundaries.iter().map(|b| [&b.file, &b.series]).collect::<Vec<_>>()),
            ("inflow", table.inflows.iter().map(|i| [&i.file, &i.series]).collect()),
        ] {
            for ([file, series], at) in pairs.into_iter().zip(node.down(&[key]).items()) {
                files.push((file.as_ref(), at.down(&["file"])));
                files.push((series.as_ref(), at.down(&["series"])));
            }
        }
        for (file, at) in files {
            let Some(file) = file else { continue };
            if let Err(error) = std::fs::metadata(companions.path(file)) {
                found.push(companions.unreadable(file, at, &error));
            }
        }
    }

    /// What `run_for` names.
    fn check_chosen_runs(&self, table: &SurfaceTable, node: Node<'_>, found: &mut Vec<Diagnostic>) {
        let Some(chosen) = &table.run_for else { return };
        let names = |key: &str| -> Vec<&str> {
            self.root
                .get(key)
                .map(|node| node.entries().into_iter().map(|(name, _)| name).collect())
                .unwrap_or_default()
        };
        let and = |mut names: Vec<&'static str>, more: Vec<&str>| -> Vec<String> {
            names.drain(..).map(str::to_owned).chain(more.into_iter().map(str::to_owned)).collect()
        };
        let horizons = self.file.horizons.0.iter().map(|(name, _)| name.as_str()).collect();
        for (what, key, list, known) in [
            ("storm", "storms", &chosen.storms, and(Vec::new(), names("storms"))),
            ("option", "options", &chosen.options, and(vec![BASE], names("option"))),
            ("horizon", "horizons", &chosen.horizons, and(Vec::new(), horizons)),
            ("stage", "stages", &chosen.stages, and(vec![AS_MODELLED], names("river_stage"))),
        ] {
            let at = node.down(&["run_for", key]);
            twice(at, &format!("surface.run_for.{key}"), found);
            for (name, at) in list.iter().zip(at.items()) {
                if !known.contains(name) {
                    found.push(dangling(what, name, &known, at));
                }
            }
        }
    }

    /// Maps of rain are those of one storm, and no factor on rain reaches them.
    fn check_rain_maps(&self, table: &SurfaceTable, node: Node<'_>, found: &mut Vec<Diagnostic>) {
        if table.rain_maps.is_none() {
            return;
        }
        let at = node.down(&["rain_maps"]);
        let chosen = table.run_for.clone().unwrap_or_default();
        if chosen.storms.len() != 1 {
            let message = "`surface.rain_maps` hold the rain of one storm, and would rain in every storm that is chosen";
            let help = "name the storm whose rain they hold: run_for = { storms = [\"…\"] }";
            found.push(Diagnostic::error(0, message).help(help).at(at.key_place()));
        }
        let among = |name: &String| chosen.horizons.is_empty() || chosen.horizons.contains(name);
        for (name, horizon) in self.file.horizons.0.iter().filter(|(name, _)| among(name)) {
            if let Some(factor) = horizon.rain_uplift.filter(|factor| *factor != 1.0) {
                let message = format!(
                    "the horizon `{name}` has the factor {factor} on rain, which `surface.rain_maps` do not follow"
                );
                let help = "choose horizons without such a factor: run_for = { storms = [\"…\"], horizons = [\"…\"] }";
                found.push(Diagnostic::error(0, message).help(help).at(at.key_place()));
            }
        }
    }

    /// What is joined to the network.
    fn check_joined(&self, table: &SurfaceTable, node: Node<'_>, found: &mut Vec<Diagnostic>) {
        let list = node.down(&["outlets"]);
        twice(list, "surface.outlets", found);
        for (name, at) in table.outlets.iter().zip(list.items()) {
            if !self.is_outfall(name) {
                found.push(self.no_outfall(name, at));
            }
        }
        for (boundary, at) in table.boundaries.iter().zip(node.down(&["boundary"]).items()) {
            if let Some(name) = boundary.outfall.as_ref().filter(|name| !self.is_outfall(name)) {
                found.push(self.no_outfall(name, at.down(&["outfall"])));
            }
        }
        let (Some(banks), Some(names)) = (&table.banks, &self.ground.names) else { return };
        let list = node.down(&["banks", "channels"]);
        twice(list, "surface.banks.channels", found);
        for (name, at) in banks.channels.iter().zip(list.items()) {
            if !has(&names.conduits, name) {
                found.push(dangling("conduit", name, &names.conduits, at));
            }
        }
    }
}

/// Keys that belong to the other law.
fn check_law(table: &SurfaceTable, node: Node<'_>, found: &mut Vec<Diagnostic>) {
    let (other, keys): (_, &[(&str, bool)]) = match table.law {
        LawName::Inertial => ("shock", &[("second_order", table.second_order.is_some())]),
        LawName::Shock => (
            "inertial",
            &[
                ("theta", table.theta.is_some()),
                ("froude_limit", table.froude_limit.is_some()),
                ("advection", table.advection.is_some()),
            ],
        ),
    };
    for (key, _) in keys.iter().filter(|(_, is_given)| *is_given) {
        let message = format!("`surface.{key}` belongs to the law `{other}`");
        let help = format!("leave it out, or write law = \"{other}\"");
        found.push(Diagnostic::error(0, message).help(help).at(node.down(&[key]).place()));
    }
}
