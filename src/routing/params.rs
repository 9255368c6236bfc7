//! The network compiled from a checked model.

use crate::model::link::{Link, LinkKind};
use crate::model::network::connections;
use crate::model::section::{Compiler, CrossSection, SectionError, Shape};
use crate::model::{LinkId, Model};
use crate::num::index::Id;
use crate::statistics::LinkCapacity;

use super::conduit_flow::{self, Conduit, Extras};
use super::conduit_loss;
use super::conduit_params::ConduitParams;
use super::culvert::CulvertParams;
use super::dynamic::{Incidence, Network, OutfallPlace};
use super::flap_gate::FlapGate;
use super::force_main::ForceMainParams;
use super::node_depth::{self, Node};
use super::outfall::OutfallParams;
use super::pump::PumpParams;
use super::regulator::Regulator;
use super::seepage::{SeepageParams, SoilClimate};
use super::state::State;
use super::storage::{StorageLosses, StorageParams};

/// Where the solver keeps a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// A conduit, by its slot.
    Conduit(usize),
    /// A pump, regulator or dummy conduit, by its place among them.
    Regulator(usize),
}

/// The network compiled from a checked model.
#[derive(Clone, Debug)]
pub struct Params {
    /// What the solver walks.
    pub network: Network,
    /// Where each link is kept.
    pub slots: Vec<Slot>,
    /// The link of each slot.
    pub links: Vec<LinkId>,
    /// Derived quantities of each conduit, by link.
    pub conduits: Vec<Option<ConduitParams>>,
    /// Full depth of each link's section, m; 0 without one.
    pub full_depth: Vec<f64>,
    /// Soil under each storage unit.
    pub seepage: Vec<Option<SeepageParams>>,
    /// Node of each storage unit.
    pub storage_nodes: Vec<usize>,
    /// Sign that turns a flow into the direction of the file: -1 for a reversed conduit.
    pub direction: Vec<f64>,
}

/// Why a model cannot be compiled; the check finds these first.
#[derive(Debug, thiserror::Error)]
pub enum CompileError {
    /// A conduit's section has no valid geometry.
    #[error("link {link}: {source}")]
    Section {
        /// The link concerned.
        link: String,
        /// What is wrong with its section.
        source: SectionError,
    },
    /// A regulator has an opening of a shape that it cannot have.
    #[error("link {0} has an opening of a shape that its kind cannot have")]
    Opening(String),
}

impl Params {
    /// Compiles a checked model.
    ///
    /// # Errors
    /// When a section has no valid geometry.
    pub fn compile(model: &Model) -> Result<Self, CompileError> {
        let scheme = conduit_flow::Scheme {
            surcharge: model.options.surcharge,
            damping: model.options.inertial_damping,
            normal_flow: model.options.normal_flow,
        };
        let mut conduits = Vec::new();
        let mut regulators = Vec::new();
        let mut slots = Vec::new();
        let (mut conduit_links, mut regulator_links) = (Vec::new(), Vec::new());
        let mut derived = vec![None; model.links.len()];
        let mut full_depth = vec![0.0; model.links.len()];
        let mut sections = Compiler::new(model);
        for (id, link) in model.links.iter() {
            let section = match link.shape() {
                Some(Shape::Dummy) | None => None,
                Some(shape) => Some(sections.compile(shape).map_err(|source| CompileError::Section {
                    link: model.links.name(id).to_owned(),
                    source,
                })?),
            };
            full_depth[id.index()] = section.as_ref().map_or(0.0, |s| s.full_depth);
            match (&link.kind, section) {
                (LinkKind::Conduit(c), Some(section)) => {
                    let params = ConduitParams::new(c, link, &section, model);
                    slots.push(Slot::Conduit(conduits.len()));
                    conduit_links.push(id);
                    conduits.push(compile_conduit(id, link, c, section, &params, &scheme, model));
                    derived[id.index()] = Some(params);
                }
                _ => {
                    slots.push(Slot::Regulator(regulators.len()));
                    regulator_links.push(id);
                    regulators.push(
                        Regulator::new(model, id)
                            .ok_or_else(|| CompileError::Opening(model.links.name(id).to_owned()))?,
                    );
                }
            }
        }
        let links = [conduit_links, regulator_links].concat();
        let ends: Vec<[u32; 2]> =
            links.iter().map(|&id| [model.links[id].from, model.links[id].to].map(|n| n.0)).collect();
        let (first_link_at, links_at) = incidences(model, &slots, conduits.len());
        let (storages, storage_of, seepage, storage_nodes) = storages(model);
        let nodes = compile_nodes(model, &full_depth, &storages, &storage_of);
        let mut is_regulated = vec![false; nodes.len()];
        for node in ends[conduits.len()..].iter().flatten() {
            is_regulated[*node as usize] = true;
        }
        let regulated = (0..nodes.len()).filter(|&i| is_regulated[i]).map(|i| i as u32).collect();
        let network = Network {
            conduits,
            regulators,
            ends,
            nodes,
            storages,
            storage_of,
            outfalls: outfalls(model, &slots),
            first_link_at,
            links_at,
            regulated,
            is_regulated,
            conduit_scheme: scheme,
            node_scheme: node_depth::Scheme {
                surcharge: model.options.surcharge,
                minimum_surface: model.options.minimum_surface_area,
            },
            max_trials: model.options.max_trials,
            head_tolerance: model.options.head_tolerance,
        };
        let direction = model.links.items().iter().map(|l| if l.reversed { -1.0 } else { 1.0 }).collect();
        Ok(Self { network, slots, links, conduits: derived, full_depth, seepage, storage_nodes, direction })
    }
}

fn compile_conduit(
    id: LinkId,
    link: &Link,
    c: &crate::model::link::Conduit,
    section: CrossSection,
    params: &ConduitParams,
    scheme: &conduit_flow::Scheme,
    model: &Model,
) -> Conduit {
    let open = section.is_open();
    let crown_depth = scheme.crown_cutoff() * section.full_depth;
    let from = &model.nodes[link.from];
    let to = &model.nodes[link.to];
    let force_main = match c.shape {
        Shape::ForceMain { roughness, .. } => {
            let lengthening = params.modified_length / params.length;
            Some(ForceMainParams::new(model.options.force_main, roughness, lengthening))
        }
        _ => None,
    };
    let culvert = CulvertParams::compile(c.culvert_code, section.full_depth, section.full_area, params.slope);
    let extras = Extras {
        flow_limit: if c.max_flow > 0.0 { c.max_flow } else { f64::INFINITY },
        seepage: c.seepage,
        constant_width: conduit_loss::has_constant_width(&c.shape),
        culvert,
        force_main,
    };
    Conduit {
        open,
        crown_depth,
        crown_width: section.width(crown_depth),
        node_invert: [from.invert, to.invert],
        invert: [from.invert + link.inlet_offset, to.invert + link.outlet_offset],
        offset: [link.inlet_offset, link.outlet_offset],
        outfall: [from.is_outfall(), to.is_outfall()],
        inverse_length: 1.0 / params.modified_length,
        modified_length: params.modified_length,
        length: params.length,
        lengthening: params.modified_length / params.length,
        full_drop: params.slope.abs() * c.length,
        friction: params.friction,
        beta: params.beta,
        full_inverse: conduit_flow::inverse_four_thirds(section.full_radius),
        max_normal_flow: params.max_flow,
        barrels: f64::from(c.barrels),
        losses: [c.entry_loss, c.exit_loss, c.average_loss],
        has_losses: c.entry_loss != 0.0 || c.exit_loss != 0.0 || c.average_loss != 0.0,
        extras: if is_plain(&extras) { None } else { Some(Box::new(extras)) },
        gate: FlapGate::compile(model, id),
        loses_water: c.seepage > 0.0 || open,
        section,
    }
}

/// Whether a conduit has nothing but its section and roughness.
fn is_plain(extras: &Extras) -> bool {
    extras.flow_limit == f64::INFINITY
        && extras.seepage <= 0.0
        && extras.culvert.is_none()
        && extras.force_main.is_none()
}

fn incidences(model: &Model, slots: &[Slot], first_regulator: usize) -> (Vec<u32>, Vec<Incidence>) {
    let mut at: Vec<Vec<Incidence>> = vec![Vec::new(); model.nodes.len()];
    for (id, link) in model.links.iter() {
        let slot = match slots[id.index()] {
            Slot::Conduit(slot) => slot,
            Slot::Regulator(place) => first_regulator + place,
        };
        at[link.from.index()].push(Incidence::new(slot, 0));
        at[link.to.index()].push(Incidence::new(slot, 1));
    }
    let mut first = vec![0];
    for links in &at {
        first.push(first[first.len() - 1] + links.len() as u32);
    }
    (first, at.concat())
}

/// Storage units, their place by node, the soil under them, and their nodes.
type Storages = (Vec<StorageParams>, Vec<u32>, Vec<Option<SeepageParams>>, Vec<usize>);

fn storages(model: &Model) -> Storages {
    let mut storages = Vec::new();
    let mut nodes = Vec::new();
    let mut place = vec![u32::MAX; model.nodes.len()];
    let mut soils = Vec::new();
    for id in model.nodes.ids() {
        if let Some(storage) = StorageParams::compile(model, id) {
            place[id.index()] = storages.len() as u32;
            storages.push(storage);
            soils.push(SeepageParams::compile(model, id));
            nodes.push(id.index());
        }
    }
    (storages, place, soils, nodes)
}

fn compile_nodes(
    model: &Model,
    full_depth: &[f64],
    storages: &[StorageParams],
    storage_of: &[u32],
) -> Vec<Node> {
    let mut nodes: Vec<Node> = model
        .nodes
        .items()
        .iter()
        .enumerate()
        .map(|(i, node)| Node {
            full_depth: node.full_depth,
            surcharge_depth: node.surcharge_depth,
            shaft: 0.0,
            full_volume: storages.get(storage_of[i] as usize).map_or(0.0, |s| s.full_volume),
            crown_depth: 0.0,
            ponded_area: node.ponded_area,
            can_pond: model.options.allow_ponding && node.ponded_area > 0.0,
            storage: node.is_storage(),
            outfall: node.is_outfall(),
            upstream_end: false,
            leaving: 0,
        })
        .collect();
    for (id, link) in model.links.iter() {
        // the inlet of a pump by volume holds what its curve spans
        if let Some(volume) = PumpParams::compile(model, id).and_then(|p| p.wet_well_volume()) {
            let inlet = &mut nodes[link.from.index()];
            if !inlet.storage && inlet.full_depth > 0.0 {
                inlet.full_volume = inlet.full_volume.max(volume);
            }
        }
    }
    for (id, link) in model.links.iter() {
        let full = full_depth[id.index()];
        for (node, offset) in [(link.from, link.inlet_offset), (link.to, link.outlet_offset)] {
            let crown = &mut nodes[node.index()].crown_depth;
            *crown = crown.max(offset + full);
        }
    }
    for (node, links) in nodes.iter_mut().zip(connections(model)) {
        node.upstream_end = links.incoming == 0 && links.outgoing > 0;
        node.leaving = links.outgoing;
    }
    nodes
}

fn outfalls(model: &Model, slots: &[Slot]) -> Vec<OutfallPlace> {
    let mut outfalls = Vec::new();
    for (id, link) in model.links.iter() {
        let (node, offset) = if model.nodes[link.to].is_outfall() {
            (link.to, link.outlet_offset)
        } else if model.nodes[link.from].is_outfall() {
            (link.from, link.inlet_offset)
        } else {
            continue;
        };
        let conduit = match slots[id.index()] {
            Slot::Conduit(slot) => Some(slot),
            Slot::Regulator(_) => None,
        };
        if let Some(params) = OutfallParams::compile(model, node) {
            outfalls.push(OutfallPlace { params, node: node.index(), conduit, offset });
        }
    }
    outfalls
}

impl Params {
    /// Finds what evaporates and seeps from each storage unit over the coming step (s), under a
    /// rate of evaporation (m/s).
    pub fn find_storage_losses(&self, state: &mut State, evaporation: f64, climate: SoilClimate, step: f64) {
        let units = self.network.storages.iter().zip(&self.seepage).zip(&self.storage_nodes);
        for (place, ((storage, soil), &node)) in units.enumerate() {
            let rate = evaporation * storage.evaporation;
            let mut losses = StorageLosses::default();
            if rate > 0.0 || soil.is_some() {
                let (depth, volume) = (state.nodes.depth[node], state.nodes.volume[node]);
                let area = storage.area(depth);
                let seepage = match (soil, &mut state.seepage[place]) {
                    (Some(soil), Some(moisture)) => soil.flow(moisture, depth, area, step, climate),
                    _ => 0.0,
                };
                losses = StorageLosses::limited(rate, area, seepage, volume, step);
            }
            state.nodes.losses[node] = losses.evaporation + losses.seepage;
            state.storage_losses[place] = losses;
        }
    }
}

impl Params {
    /// What reports say of each link.
    pub fn capacities(&self, model: &Model) -> Vec<LinkCapacity> {
        model.links.iter().map(|(id, link)| self.capacity(id, link, model)).collect()
    }

    fn capacity(&self, id: LinkId, link: &Link, model: &Model) -> LinkCapacity {
        match (&link.kind, self.conduits[id.index()], self.slots[id.index()]) {
            (LinkKind::Conduit(conduit), Some(params), Slot::Conduit(slot)) => {
                let section = &self.network.conduits[slot].section;
                LinkCapacity {
                    full_depth: section.full_depth,
                    full_area: section.full_area,
                    full_radius: section.full_radius,
                    max_width: section.max_width,
                    full_flow: params.full_flow,
                    slope: params.slope,
                    roughness: params.roughness,
                    length: conduit.length,
                    modified_length: params.modified_length,
                    barrels: conduit.barrels,
                }
            }
            (LinkKind::Pump(_), _, _) => LinkCapacity {
                full_flow: PumpParams::compile(model, id).map_or(0.0, |p| p.full_flow),
                ..LinkCapacity::default()
            },
            _ => LinkCapacity { full_depth: self.full_depth[id.index()], ..LinkCapacity::default() },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::NodeId;
    use crate::model::link::{Conduit, Pump, PumpKind};
    use crate::model::node::{Node, NodeKind};

    /// A pump and a pipe from A to B, then a pipe and a conduit without geometry from B to C.
    fn model() -> Model {
        let mut model = Model::default();
        for (name, invert) in [("A", 3.0), ("B", 2.0), ("C", 1.0)] {
            model.nodes.insert(name, Node::new(NodeKind::Junction, invert, 5.0));
        }
        let pump = Pump { kind: PumpKind::Ideal, initially_on: true, startup_depth: 0.0, shutoff_depth: 0.0 };
        let conduit = |shape| LinkKind::Conduit(Conduit::new(100.0, 0.013, shape));
        let pipe = |diameter| conduit(Shape::Circular { diameter });
        for (name, kind, [from, to]) in [
            ("pump", LinkKind::Pump(pump), [0, 1]),
            ("pipe", pipe(1.0), [0, 1]),
            ("outlet", pipe(2.0), [1, 2]),
            ("dummy", conduit(Shape::Dummy), [1, 2]),
        ] {
            model.links.insert(name, Link::new(kind, NodeId(from), NodeId(to)));
        }
        model
    }

    #[test]
    fn conduits_stand_before_regulators_and_a_dummy_is_one() {
        let params = Params::compile(&model()).expect("a model that compiles");
        let slots = [Slot::Regulator(0), Slot::Conduit(0), Slot::Conduit(1), Slot::Regulator(1)];
        assert_eq!(params.slots, slots);
        assert_eq!(params.links, [1, 2, 0, 3].map(LinkId));
        assert_eq!(params.full_depth, [0.0, 1.0, 2.0, 0.0], "in the order of the model");
        assert_eq!(params.network.ends, [[0, 1], [1, 2], [0, 1], [1, 2]]);
    }

    #[test]
    fn each_node_knows_the_ends_of_its_links_in_the_order_of_the_file() {
        let network = Params::compile(&model()).expect("a model that compiles").network;
        let at = |node: usize| {
            let range = network.first_link_at[node] as usize..network.first_link_at[node + 1] as usize;
            network.links_at[range].iter().map(|i| (i.slot(), i.end())).collect::<Vec<_>>()
        };
        assert_eq!(at(0), [(2, 0), (0, 0)]);
        assert_eq!(at(1), [(2, 1), (0, 1), (1, 0), (3, 0)]);
        assert_eq!(at(2), [(1, 1), (3, 1)]);
        assert_eq!(network.links_at.len(), 8);
    }

    #[test]
    fn a_node_knows_its_highest_crown_and_what_leaves_it() {
        let mut model = model();
        model.links[LinkId(1)].outlet_offset = 1.5;
        let nodes = Params::compile(&model).expect("a model that compiles").network.nodes;
        assert_eq!([0, 1, 2].map(|i: usize| nodes[i].crown_depth), [1.0, 2.5, 2.0]);
        assert_eq!([0, 1, 2].map(|i: usize| nodes[i].leaving), [2, 2, 0]);
        assert_eq!([0, 1, 2].map(|i: usize| nodes[i].upstream_end), [true, false, false]);
    }

    #[test]
    fn a_conduit_that_was_turned_round_reports_its_flow_the_other_way() {
        let mut model = model();
        model.links[LinkId(2)].reversed = true;
        let params = Params::compile(&model).expect("a model that compiles");
        assert_eq!(params.direction, [1.0, 1.0, -1.0, 1.0]);
    }
}
