//! Terrain laid over a network: where its nodes are on the map, and whether map and network can be of one place.
//!
//! Nothing is corrected. What cannot be is an error, what is seldom meant is a warning; both name the worst
//! places first.

use super::crs::{self, CrsError, Reprojection};
use super::node::Node;
use super::outline::outlines;
use super::raster::Raster;
use super::{Model, NodeId};
use crate::diagnostic::Diagnostic;
use crate::num::index::Id;

/// How far ground and rims may lie apart before it is told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tolerance {
    /// A single node (m).
    pub node: f64,
    /// The median of all nodes (m): a larger one is seldom a node, mostly another datum of heights.
    pub datum: f64,
    /// How many of the worst are named.
    pub named: usize,
}

impl Default for Tolerance {
    /// Half a metre, two metres, ten nodes: a survey of streets is good to decimetres, heights of national
    /// datums differ by metres.
    fn default() -> Self {
        Self { node: 0.5, datum: 2.0, named: 10 }
    }
}

/// A network on a map.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    /// The place of each node in the coordinates of the terrain; `None` without coordinates.
    pub points: Vec<Option<[f64; 2]>>,
    /// The cell of each node, `(row, column)`; `None` off the map.
    pub cells: Vec<Option<(usize, usize)>>,
}

/// Lays a network over terrain: `network_crs` is the system of the node coordinates, if it is known. Two systems
/// that are both known are brought together; a missing one is taken to be the other, with a warning.
///
/// # Errors
/// When the systems differ and cannot be brought together, or no node lies on the terrain.
pub fn place(
    terrain: &Raster,
    model: &Model,
    network_crs: Option<&str>,
    found: &mut Vec<Diagnostic>,
) -> Result<Placed, Box<Diagnostic>> {
    let unit = model.map.unit.to_ascii_uppercase();
    let into = match (network_crs, terrain.crs.as_deref()) {
        (Some(from), Some(to)) => Some(Reprojection::between(from, to).map_err(|error| {
            let name = match &error {
                CrsError::Unknown(name) => name.clone(),
                CrsError::NoPlace { to, .. } => to.clone(),
            };
            let message = format!("the network is in {from}, the terrain in {to}, and `{name}` is not known here");
            let help = format!(
                "transform the terrain, such as with `gdalwarp -t_srs {from} in.tif out.tif`, or the coordinates of the network"
            );
            Box::new(Diagnostic::error(0, message).help(help))
        })?),
        (Some(from), None) => {
            let message = format!("the terrain names no reference system: taken to be that of the network, {from}");
            let help = "name it: `gdal_edit.py -a_srs EPSG:4549 terrain.tif`, or a file `terrain.prj` beside a grid";
            found.push(Diagnostic::warning(0, message).help(help));
            if crs::is_in_degrees(from) {
                let message = format!("the nodes are in degrees ({from}), and the terrain names no system in metres");
                return Err(Box::new(Diagnostic::error(0, message).help(help)));
            }
            None
        }
        (None, to) => {
            if unit == "FEET" {
                let message = "the coordinates of the nodes are in feet, the terrain is in metres";
                let help = "name the reference system of the network (`crs`), or convert its coordinates to metres";
                return Err(Box::new(Diagnostic::error(0, message).help(help)));
            }
            let (what, name) = match to {
                Some(to) => ("the network names no reference system", format!(", {to}")),
                None => ("neither network nor terrain name a reference system", String::new()),
            };
            let message = format!("{what}: both are taken to be in the same{name}");
            found.push(Diagnostic::warning(0, message).help("name that of the network: `crs = \"EPSG:4549\"`"));
            None
        }
    };
    let mut points = Vec::with_capacity(model.nodes.len());
    for index in 0..model.nodes.len() {
        let point = model.map.nodes.get(index).copied().flatten();
        let placed = match (&into, point) {
            (Some(into), Some([x, y])) => into.point(x, y).ok().map(|(x, y)| [x, y]),
            (_, point) => point,
        };
        points.push(placed);
    }
    let cells: Vec<_> = points.iter().map(|point| point.and_then(|[x, y]| terrain.cell_at(x, y))).collect();
    if cells.iter().all(Option::is_none) && !cells.is_empty() {
        return Err(Box::new(nowhere(terrain, model, &points)));
    }
    Ok(Placed { points, cells })
}

/// The problem of a network of which no node lies on the terrain.
fn nowhere(terrain: &Raster, model: &Model, points: &[Option<[f64; 2]>]) -> Diagnostic {
    let placed: Vec<[f64; 2]> = points.iter().copied().flatten().collect();
    if placed.is_empty() {
        let message = "no node has coordinates: the network cannot be laid over terrain";
        return Diagnostic::error(0, message).help("give nodes their place in [COORDINATES]");
    }
    let range = |axis: usize| {
        let values = placed.iter().map(|point| point[axis]);
        let (least, most) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), value| {
            (least.min(value), most.max(value))
        });
        format!("{least:.1} to {most:.1}")
    };
    let extent = terrain.extent();
    let message = format!(
        "no node lies on the terrain: nodes at x {}, y {}; terrain x {:.1} to {:.1}, y {:.1} to {:.1}",
        range(0),
        range(1),
        extent.west,
        extent.east,
        extent.south,
        extent.north
    );
    let degrees = model.map.unit.eq_ignore_ascii_case("degrees")
        || placed.iter().all(|[x, y]| x.abs() <= 180.0 && y.abs() <= 90.0);
    let help = if degrees {
        "the nodes seem to be in degrees: name their system, such as `crs = \"EPSG:4326\"`"
    } else {
        "one of the two is in another reference system than it says, or of another place"
    };
    Diagnostic::error(0, message).help(help)
}

/// Names of nodes with a number each, the worst first, cut after some.
fn worst(mut list: Vec<(NodeId, f64)>, model: &Model, named: usize) -> String {
    list.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then(a.0.cmp(&b.0)));
    let more = if list.len() > named { format!(" and {} more", list.len() - named) } else { String::new() };
    let text: Vec<String> = list
        .iter()
        .take(named)
        .map(|(id, value)| format!("{} {value:+.2} m", model.nodes.name(*id)))
        .collect();
    text.join(", ") + &more
}

/// What is wrong between terrain and network: holes, nodes off the map or on cells without data, rims far
/// above or below the ground. Depths of nodes must be complete (`model::check`).
#[must_use]
pub fn check(terrain: &Raster, model: &Model, placed: &Placed, tolerance: &Tolerance) -> Vec<Diagnostic> {
    check_nodes(terrain, model, placed, tolerance, &|_| true)
}

/// [`check`] of the nodes that are concerned: those of channels and lakes need no ground.
#[must_use]
pub fn check_nodes(
    terrain: &Raster,
    model: &Model,
    placed: &Placed,
    tolerance: &Tolerance,
    is_concerned: &dyn Fn(NodeId) -> bool,
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    holes(terrain, &mut found);
    let (mut without, mut off, mut unknown) = (Vec::new(), Vec::new(), Vec::new());
    let (mut apart, mut all) = (Vec::new(), Vec::new());
    for (id, node) in model.nodes.iter() {
        let point = placed.points.get(id.index()).copied().flatten();
        let cell = placed.cells.get(id.index()).copied().flatten();
        // outfalls lie in rivers and beyond the town, and meet the surface only where somebody asks for it
        if node.is_outfall() || !is_concerned(id) {
            continue;
        }
        let (Some(_), Some(cell)) = (point, cell) else {
            if point.is_none() {
                without.push(id)
            } else {
                off.push(id)
            }
            continue;
        };
        let ground = terrain.values.get(cell).copied().unwrap_or(f32::NAN);
        if ground.is_nan() {
            unknown.push(id);
        } else if let Some(rim) = rim(node) {
            all.push(f64::from(ground) - rim);
            apart.push((id, f64::from(ground) - rim));
        }
    }
    let names = |ids: &[NodeId]| {
        let more = if ids.len() > tolerance.named {
            format!(" and {} more", ids.len() - tolerance.named)
        } else {
            String::new()
        };
        let names: Vec<&str> = ids.iter().take(tolerance.named).map(|id| model.nodes.name(*id)).collect();
        names.join(", ") + &more
    };
    if !without.is_empty() {
        let message = format!("{} nodes have no coordinates: {}", without.len(), names(&without));
        found.push(Diagnostic::warning(0, message).help("they exchange no water with the surface"));
    }
    if !off.is_empty() {
        let message =
            format!("{} of {} nodes lie outside the terrain: {}", off.len(), model.nodes.len(), names(&off));
        found.push(
            Diagnostic::warning(0, message)
                .help("they exchange no water with the surface: take terrain of the whole network"),
        );
    }
    if !unknown.is_empty() {
        let message =
            format!("{} nodes lie where the terrain holds no data: {}", unknown.len(), names(&unknown));
        let help = "fill the holes, such as with `gdal_fillnodata.py`, or take other terrain";
        found.push(Diagnostic::error(0, message).help(help));
    }
    let median = median(&mut all);
    if median.abs() > tolerance.datum {
        let side = if median > 0.0 { "above" } else { "below" };
        let message = format!(
            "the ground is {:.2} m {side} the rims of nodes in the median of {}: {}",
            median.abs(),
            apart.len(),
            worst(apart, model, tolerance.named)
        );
        let help = "terrain and network seem to have different datums of heights, or one is in feet";
        found.push(Diagnostic::error(0, message).help(help));
        return found;
    }
    apart.retain(|(_, difference)| difference.abs() > tolerance.node);
    for (side, above) in [("above", true), ("below", false)] {
        let list: Vec<(NodeId, f64)> =
            apart.iter().copied().filter(|(_, difference)| (*difference > 0.0) == above).collect();
        if list.is_empty() {
            continue;
        }
        let message = format!(
            "the ground is more than {} m {side} the rim at {} nodes: {}",
            tolerance.node,
            list.len(),
            worst(list, model, tolerance.named)
        );
        let help = if above {
            "water would leave these manholes below the ground: correct rims or terrain (roofs and bridges left in it?)"
        } else {
            "these manholes would stand above the street: correct rims or terrain"
        };
        found.push(Diagnostic::warning(0, message).help(help));
    }
    found
}

/// The level of the ground as the network has it (m); none for outfalls and for what has no depth.
fn rim(node: &Node) -> Option<f64> {
    (!node.is_outfall() && node.full_depth > 0.0).then_some(node.invert + node.full_depth)
}

/// The median of values; 0 for none.
fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    match (values.get(values.len() / 2), values.get(values.len().saturating_sub(1) / 2)) {
        (Some(upper), Some(lower)) => (upper + lower) / 2.0,
        _ => 0.0,
    }
}

/// Tells of cells without data that known ground surrounds.
fn holes(terrain: &Raster, found: &mut Vec<Diagnostic>) {
    if terrain.unknown() == terrain.values.len() {
        found.push(
            Diagnostic::error(0, "the terrain holds no data at all").help("is its no-data value right?"),
        );
        return;
    }
    if terrain.unknown() == 0 {
        return;
    }
    let (rows, columns) = terrain.values.dim();
    let groups = outlines(&terrain.values.mapv(f32::is_nan));
    let on_the_rim =
        |&(row, column): &(usize, usize)| row == 0 || column == 0 || row + 1 == rows || column + 1 == columns;
    let inside: Vec<_> = groups.iter().filter(|group| !group.cells.iter().any(on_the_rim)).collect();
    let Some(largest) = inside.iter().max_by_key(|group| group.cells.len()) else { return };
    let cells: usize = inside.iter().map(|group| group.cells.len()).sum();
    let area = |cells: usize| cells as f64 * terrain.cell * terrain.cell;
    let place = largest.cells.first().map_or((0.0, 0.0), |&(row, column)| terrain.centre(row, column));
    let message = format!(
        "the terrain has {} holes of {:.0} m² in all, the largest of {:.0} m² at ({:.1}, {:.1})",
        inside.len(),
        area(cells),
        area(largest.cells.len()),
        place.0,
        place.1
    );
    let help = "no water enters cells without data: fill them, such as with `gdal_fillnodata.py`, unless they are buildings";
    found.push(Diagnostic::warning(0, message).help(help));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::node::{NodeKind, OutfallBoundary};
    use ndarray::Array2;

    /// Ten by ten cells of 10 m at 50 m, in CGCS2000 around the meridian of 120 degrees.
    fn terrain() -> Raster {
        Raster {
            west: 500e3,
            north: 4_500_100.0,
            cell: 10.0,
            crs: Some("EPSG:4549".into()),
            values: Array2::from_elem((10, 10), 50.0),
        }
    }

    /// Junctions with rims at 50 m and an outfall, in a row along the middle of the map.
    fn network() -> Model {
        let mut model = Model::default();
        for index in 0..5 {
            model.nodes.insert(format!("J{index}"), Node::new(NodeKind::Junction, 47.0, 3.0));
        }
        let kind = NodeKind::Outfall { boundary: OutfallBoundary::Free, flap_gate: false, route_to: None };
        model.nodes.insert("O", Node::new(kind, 45.0, 1.0));
        model.map.nodes =
            (0..6).map(|index| Some([500_005.0 + 15.0 * f64::from(index), 4_500_045.0])).collect();
        model
    }

    /// All that is told, warnings and errors, as text.
    fn told(terrain: &Raster, model: &Model, crs: Option<&str>) -> String {
        let mut found = Vec::new();
        match place(terrain, model, crs, &mut found) {
            Ok(placed) => found.extend(check(terrain, model, &placed, &Tolerance::default())),
            Err(problem) => found.push(*problem),
        }
        found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn terrain_that_fits_is_not_told_of() {
        assert_eq!(told(&terrain(), &network(), Some("EPSG:4549")), "");
    }

    #[test]
    fn a_missing_reference_system_is_told() {
        let bare = Raster { crs: None, ..terrain() };
        let text = told(&bare, &network(), Some("EPSG:4549"));
        assert!(
            text.starts_with(
                "warning: the terrain names no reference system: taken to be that of the network"
            ),
            "{text}"
        );
        let text = told(&terrain(), &network(), None);
        assert!(text.starts_with("warning: the network names no reference system"), "{text}");
        let text = told(&bare, &network(), None);
        assert!(text.starts_with("warning: neither network nor terrain name"), "{text}");
        let text = told(&bare, &network(), Some("EPSG:4490"));
        assert!(text.contains("error: the nodes are in degrees (EPSG:4490)"), "{text}");
    }

    #[test]
    fn nodes_of_another_known_system_are_brought_onto_the_terrain() {
        let mut model = network();
        let back = Reprojection::between("EPSG:4549", "EPSG:4490").unwrap();
        for point in model.map.nodes.iter_mut().flatten() {
            let (x, y) = back.point(point[0], point[1]).unwrap();
            *point = [x, y];
        }
        assert_eq!(told(&terrain(), &model, Some("EPSG:4490")), "");
        let text = told(&terrain(), &model, None);
        assert!(
            text.contains("error: no node lies on the terrain") && text.contains("seem to be in degrees"),
            "{text}"
        );
    }

    #[test]
    fn a_wrong_or_unknown_system_is_refused() {
        let text = told(&terrain(), &network(), Some("EPSG:4550"));
        assert!(text.contains("error: no node lies on the terrain: nodes at x "), "{text}");
        assert!(text.contains("another reference system than it says"), "{text}");
        let text = told(&terrain(), &network(), Some("EPSG:2437"));
        assert!(
            text.contains(
                "the network is in EPSG:2437, the terrain in EPSG:4549, and `EPSG:2437` is not known"
            ),
            "{text}"
        );
        let mut feet = network();
        feet.map.unit = "Feet".into();
        assert!(told(&terrain(), &feet, None).contains("error: the coordinates of the nodes are in feet"));
        let empty = Model { map: crate::model::map::Map::default(), ..network() };
        assert!(told(&terrain(), &empty, Some("EPSG:4549")).contains("no node has coordinates"));
    }

    #[test]
    fn holes_are_told_and_the_rim_of_the_map_is_none() {
        let mut map = terrain();
        map.values[(0, 0)] = f32::NAN;
        assert_eq!(told(&map, &network(), Some("EPSG:4549")), "", "beyond the edge is no hole");
        map.values[(2, 2)] = f32::NAN;
        map.values[(2, 3)] = f32::NAN;
        map.values[(7, 7)] = f32::NAN;
        let text = told(&map, &network(), Some("EPSG:4549"));
        assert!(text.contains("warning: the terrain has 2 holes of 300 m² in all, the largest of 200 m² at (500025.0, 4500075.0)"), "{text}");
        map.values.fill(f32::NAN);
        assert!(
            told(&map, &network(), Some("EPSG:4549")).contains("error: the terrain holds no data at all")
        );
    }

    #[test]
    fn nodes_outside_and_nodes_on_no_data_are_named() {
        let mut model = network();
        model.map.nodes[4] = Some([600e3, 4_500_045.0]);
        model.map.nodes[3] = None;
        let mut map = terrain();
        map.values[(5, 0)] = f32::NAN;
        let text = told(&map, &model, Some("EPSG:4549"));
        assert!(text.contains("warning: 1 of 6 nodes lie outside the terrain: J4"), "{text}");
        assert!(text.contains("warning: 1 nodes have no coordinates: J3"), "{text}");
        assert!(text.contains("error: 1 nodes lie where the terrain holds no data: J0"), "{text}");
    }

    #[test]
    fn ground_far_from_rims_is_told_with_the_worst_first() {
        let mut map = terrain();
        map.values[(5, 0)] = 52.0;
        map.values[(5, 2)] = 53.5;
        map.values[(5, 3)] = 49.2;
        let text = told(&map, &network(), Some("EPSG:4549"));
        assert!(text.contains("more than 0.5 m above the rim at 2 nodes: J1 +3.50 m, J0 +2.00 m"), "{text}");
        assert!(text.contains("more than 0.5 m below the rim at 1 nodes: J2 -0.80 m"), "{text}");
        map.values += 12.0;
        let text = told(&map, &network(), Some("EPSG:4549"));
        assert!(
            text.contains(
                "error: the ground is 12.00 m above the rims of nodes in the median of 5: J1 +15.50 m"
            ),
            "{text}"
        );
        assert!(text.contains("different datums of heights"), "{text}");
        assert_eq!(text.matches("the ground is").count(), 1, "the cause is told once");
    }
}
