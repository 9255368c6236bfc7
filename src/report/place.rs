//! Where elements of a network lie on its map.

use crate::model::{LinkId, Model, NodeId};
use crate::num::index::Id;

/// The place of a node; `None` where the file gives none.
pub(super) fn node_place(model: &Model, node: NodeId) -> Option<[f64; 2]> {
    model.map.nodes.get(node.index()).copied().flatten()
}

/// The line of a link from end to end, without points that repeat the one before; `None` when an end has no place.
pub(super) fn link_line(model: &Model, id: LinkId) -> Option<Vec<[f64; 2]>> {
    let link = &model.links[id];
    // the check may have turned the link; its vertices are in the order of the file
    let (from, to) = if link.reversed { (link.to, link.from) } else { (link.from, link.to) };
    let vertices = model.map.links.get(id.index()).map_or(&[][..], Vec::as_slice);
    let mut line = vec![node_place(model, from)?];
    for point in vertices.iter().copied().chain([node_place(model, to)?]) {
        if line.last() != Some(&point) {
            line.push(point);
        }
    }
    Some(line)
}

/// The point half way along a link.
pub(super) fn middle(model: &Model, id: LinkId) -> Option<[f64; 2]> {
    let line = link_line(model, id)?;
    let steps = || line.iter().zip(line.iter().skip(1));
    let length = |(a, b): (&[f64; 2], &[f64; 2])| (b[0] - a[0]).hypot(b[1] - a[1]);
    let mut left = steps().map(length).sum::<f64>() / 2.0;
    for (from, to) in steps() {
        let step = length((from, to));
        if step >= left && step > 0.0 {
            let share = left / step;
            return Some([from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])]);
        }
        left -= step;
    }
    line.first().copied()
}

/// The mean of the corners of an outline; `None` without corners.
pub(super) fn outline_middle(outline: &[[f64; 2]]) -> Option<[f64; 2]> {
    let count = outline.len() as f64;
    let sum = outline.iter().fold([0.0, 0.0], |sum, point| [sum[0] + point[0], sum[1] + point[1]]);
    (!outline.is_empty()).then(|| [sum[0] / count, sum[1] / count])
}
