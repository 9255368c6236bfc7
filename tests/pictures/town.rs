//! A made-up town: a trunk sewer of 34 links with drops, a siphon, a weir and a pumping station, and
//! laterals in the streets beside it.

use pailao::model::Model;
use pailao::model::catchment::{Outlet, Subcatchment};
use pailao::model::link::{Conduit, Link, LinkKind, Pump, PumpKind, Weir, WeirKind};
use pailao::model::node::{Node, NodeKind, OutfallBoundary, StorageShape};
use pailao::model::section::Shape;
use pailao::model::{LinkId, NodeId};
use pailao::num::index::Id;
use pailao::units::{FlowUnits, Units};

/// The model and results that look like a storm's.
pub struct Town {
    pub model: Model,
    pub chinese: bool,
    pub heights: Vec<f64>,
    pub heads: Vec<f64>,
    pub maximum_heads: Vec<f64>,
    pub depths: Vec<f64>,
    pub maximum_depths: Vec<f64>,
    pub fillings: Vec<f64>,
    pub flooded_volumes: Vec<f64>,
    pub surcharged: Vec<bool>,
}

pub fn node(kind: NodeKind, invert: f64, full_depth: f64) -> Node {
    Node::new(kind, invert, full_depth)
}

pub fn outfall() -> NodeKind {
    NodeKind::Outfall { boundary: OutfallBoundary::Free, flap_gate: false, route_to: None }
}

pub fn link(kind: LinkKind, from: NodeId, to: NodeId, inlet_offset: f64, outlet_offset: f64) -> Link {
    Link { inlet_offset, outlet_offset, ..Link::new(kind, from, to) }
}

pub fn conduit(shape: Shape, length: f64) -> LinkKind {
    LinkKind::Conduit(Conduit::new(length, 0.013, shape))
}

const STREETS: [(&str, &str); 5] = [
    ("Zhongshan", "中山路"),
    ("Qingnian", "青年大街"),
    ("Hunhe", "浑河北岸"),
    ("Wenhua", "文化东路"),
    ("Nanta", "南塔街"),
];

impl Town {
    pub fn name(&self, street: usize, number: usize) -> String {
        let (en, zh) = STREETS[street % STREETS.len()];
        if self.chinese { format!("{zh}{number}号井") } else { format!("{en}-{number}") }
    }

    pub fn new(chinese: bool, scale: usize) -> Self {
        let mut town = Self {
            model: Model { units: Units::new(FlowUnits::Cms), ..Model::default() },
            chinese,
            heights: Vec::new(),
            heads: Vec::new(),
            maximum_heads: Vec::new(),
            depths: Vec::new(),
            maximum_depths: Vec::new(),
            fillings: Vec::new(),
            flooded_volumes: Vec::new(),
            surcharged: Vec::new(),
        };
        town.model.map.unit = "Meters".to_string();
        for block in 0..scale {
            town.district(block);
        }
        town.results();
        town
    }

    fn add_node(&mut self, name: String, node: Node, at: [f64; 2]) -> NodeId {
        self.model.map.nodes.push(Some(at));
        self.model.nodes.insert(name, node).unwrap()
    }

    fn add_link(&mut self, link: Link, height: f64) -> LinkId {
        self.heights.push(height);
        self.model.map.links.push(Vec::new());
        self.model.links.insert(format!("L{}", self.model.links.len()), link).unwrap()
    }

    /// One trunk sewer along a street, flowing to a river in the east, with laterals.
    fn district(&mut self, block: usize) {
        let street_y = 900.0 * block as f64;
        let (mut x, mut level) = (0.0, 44.0);
        let mut before: Option<NodeId> = None;
        for i in 0..34_usize {
            let ground = 48.0 - 0.11 * i as f64 + 0.5 * (i as f64 * 0.7).sin();
            let diameter = [0.6, 0.8, 1.0, 1.2][(i / 8).min(3)];
            let length = [38.0, 52.0, 61.0, 45.0, 70.0][i % 5];
            let drop = match i {
                8 | 17 => 0.9,
                _ => 0.0,
            };
            // The siphon dives under a river arm and comes up again.
            let dive = if i == 22 || i == 23 { 2.6 } else { 0.0 };
            let invert = level - drop - dive;
            let kind = match i {
                31 => NodeKind::Storage {
                    shape: StorageShape::Functional { a0: 400.0, a1: 0.0, a2: 0.0 },
                    evaporation: 0.0,
                    seepage: None,
                },
                33 => outfall(),
                _ => NodeKind::Junction,
            };
            let depth = if i == 33 { 2.0 } else { (ground - invert).max(2.5) };
            let name = match (i, self.chinese) {
                (31, true) => format!("南湖调蓄池{}", block + 1),
                (31, false) => format!("Nanhu tank {}", block + 1),
                (33, true) => format!("浑河排放口{}", block + 1),
                (33, false) => format!("Hunhe outfall {}", block + 1),
                _ => self.name(block, i + 1),
            } + &if block < STREETS.len() { String::new() } else { format!("/{block}") };
            let y = street_y + 60.0 * (x / 400.0_f64).sin();
            let here = self.add_node(name, node(kind, if i == 33 { 43.0 } else { invert }, depth), [x, y]);
            if let Some(previous) = before {
                let round = Shape::Circular { diameter };
                match i {
                    32 => {
                        let pump = Pump {
                            kind: PumpKind::Ideal,
                            initially_on: true,
                            startup_depth: 0.0,
                            shutoff_depth: 0.0,
                        };
                        self.add_link(link(LinkKind::Pump(pump), previous, here, 0.0, 0.0), 0.0);
                    }
                    30 => {
                        let weir = Weir {
                            kind: WeirKind::Transverse,
                            shape: Shape::RectangularOpen { height: 1.0, width: 3.0, sides_removed: 0.0 },
                            coefficient: 1.84,
                            end_coefficient: 0.0,
                            end_contractions: 0.0,
                            can_surcharge: true,
                            road_width: 0.0,
                            gravel: None,
                            coefficient_curve: None,
                        };
                        self.add_link(link(LinkKind::Weir(weir), previous, here, 0.5, 0.0), 1.0);
                    }
                    26..30 => {
                        let (height, width) = (1.5, 2.0);
                        let shape = Shape::RectangularClosed { height, width };
                        self.add_link(link(conduit(shape, length), previous, here, 0.0, drop), height);
                    }
                    31 | 33 => {
                        self.add_link(
                            link(
                                conduit(Shape::Circular { diameter: 1.5 }, length),
                                previous,
                                here,
                                0.0,
                                0.0,
                            ),
                            1.5,
                        );
                    }
                    _ => {
                        self.add_link(link(conduit(round, length), previous, here, 0.0, drop), diameter);
                    }
                }
            }
            if i < 29 {
                self.laterals(block, here, [x, y], invert + drop + dive, ground, i);
            }
            if drop > 0.0 {
                level -= drop;
            }
            level -= length * if i < 16 { 0.0022 } else { 0.0012 };
            if i == 31 {
                level = 43.6;
            }
            x += if matches!(i, 29 | 31) { 15.0 } else { length };
            before = Some(here);
        }
    }

    fn laterals(&mut self, block: usize, trunk: NodeId, [x, y]: [f64; 2], level: f64, ground: f64, i: usize) {
        for side in [-1.0, 1.0] {
            let mut next = trunk;
            let mut offset = 0.4;
            for j in 1..=(2 + (i * 7 + block) % 4) {
                let at = [x + 4.0 * j as f64, y + side * 75.0 * j as f64];
                let invert = level + 0.2 + 0.25 * j as f64;
                let name = format!(
                    "{}{}{i}-{j}-{block}",
                    if side > 0.0 { "N" } else { "S" },
                    if self.chinese { "支" } else { "b" }
                );
                let here = self.add_node(
                    name.clone(),
                    node(NodeKind::Junction, invert, (ground + 0.1 * j as f64 - invert).max(1.5)),
                    at,
                );
                self.add_link(
                    link(conduit(Shape::Circular { diameter: 0.4 }, 75.0), here, next, 0.0, offset),
                    0.4,
                );
                (next, offset) = (here, 0.0);
                self.model.subcatchments.insert(
                    format!("C{name}"),
                    Subcatchment {
                        area: 3000.0,
                        impervious: 0.6,
                        width: 40.0,
                        slope: 0.01,
                        roughness_impervious: 0.013,
                        roughness_pervious: 0.1,
                        storage_impervious: 0.001,
                        storage_pervious: 0.003,
                        zero_storage: 0.25,
                        routed: 0.0,
                        ..Subcatchment::new(Outlet::Node(here))
                    },
                );
                let [cx, cy] = at;
                self.model.map.subcatchments.push(vec![
                    [cx - 24.0, cy - 35.0],
                    [cx + 24.0, cy - 35.0],
                    [cx + 24.0, cy + 35.0],
                    [cx - 24.0, cy + 35.0],
                ]);
            }
        }
    }

    /// Heads that fall towards the outfall, with trouble upstream of the siphon.
    fn results(&mut self) {
        let trunk = |id: NodeId| id.index() % 7919;
        for (id, node) in self.model.nodes.iter() {
            let ground = node.invert + node.full_depth;
            let wobble = ((trunk(id) * 37) % 23) as f64 / 23.0;
            let trouble = ((trunk(id) * 53) % 41) as f64 / 41.0;
            let mut top = node.invert + 0.5 + 1.1 * wobble;
            if trouble > 0.93 {
                top = ground;
            }
            self.maximum_heads.push(top.min(ground));
            self.heads.push(node.invert + 0.6 * (top.min(ground) - node.invert));
            self.flooded_volumes.push(if trouble > 0.93 { 10.0_f64.powf(0.5 + 3.0 * wobble) } else { 0.0 });
        }
        // Along the first trunk heads are what a backwater curve would give.
        let mut level: f64 = 41.2;
        let names: Vec<NodeId> = (0..34).rev().filter_map(|i| self.trunk(i)).collect();
        for (k, id) in names.iter().enumerate() {
            let i = 33 - k;
            let node = &self.model.nodes[*id];
            let ground = node.invert + node.full_depth;
            level = match i {
                33 => 43.9,
                32 => 44.6,
                31 => 40.6,
                30 => 40.7,
                29 => 41.6,
                20..=28 => level + 0.09,
                _ => level + 0.19,
            };
            let head = level.max(node.invert + 0.35);
            let jam = if (8..15).contains(&i) { 2.2 } else { 0.0 };
            let top = (head + 0.9 + jam + 0.5 * (i as f64 * 0.35).sin()).min(ground);
            self.heads[id.index()] = head.min(ground);
            self.maximum_heads[id.index()] = if i >= 30 { head + 0.3 } else { top };
            self.flooded_volumes[id.index()] = if top >= ground && i < 30 { 130.0 } else { 0.0 };
        }
        for (id, link) in self.model.links.iter() {
            let height = self.heights[id.index()];
            let ends = [(link.from, link.inlet_offset), (link.to, link.outlet_offset)];
            let depth = |heads: &[f64]| {
                let of = |(n, offset): (NodeId, f64)| {
                    (heads[n.index()] - self.model.nodes[n].invert - offset).clamp(0.0, height)
                };
                0.5 * (of(ends[0]) + of(ends[1]))
            };
            self.depths.push(depth(&self.heads).max(0.3 * height));
            let most = depth(&self.maximum_heads).max(0.35 * height);
            self.maximum_depths.push(most);
            self.fillings.push(if height > 0.0 { most / height } else { f64::NAN });
        }
        for (id, node) in self.model.nodes.iter() {
            self.surcharged.push(self.maximum_heads[id.index()] > node.invert + 1.4);
        }
    }

    /// The trunk's station of a number in the first street.
    pub fn trunk(&self, i: usize) -> Option<NodeId> {
        let name = match (i, self.chinese) {
            (31, true) => "南湖调蓄池1".to_string(),
            (31, false) => "Nanhu tank 1".to_string(),
            (33, true) => "浑河排放口1".to_string(),
            (33, false) => "Hunhe outfall 1".to_string(),
            _ => self.name(0, i + 1),
        };
        self.model.nodes.find(&name)
    }
}
