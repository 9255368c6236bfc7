//! Where new sewers cross existing conduits, and whether there is room between them.

use crate::diagnostic::Diagnostic;
use crate::edit::drainage::Drainage;
use crate::edit::picking;
use crate::model::slope::end_levels;
use crate::model::{LinkId, Model};
use crate::units::FOOT;

use super::design::Pipe;
use super::plan::{Point, distance};

/// Least clear height between two sewers that cross, m. An assumption.
const CLEARANCE: f64 = 0.15;

/// A warning for each crossing of a new pipe with a conduit of the base that leaves less than [`CLEARANCE`]
/// between them. The conduit that the pipe runs beside, and those that join the manholes at its ends, are
/// not asked: there the existing sewer is rebuilt with the manhole.
pub(super) fn crossings(base: &Model, drainage: &Drainage, pipe: &Pipe, name: &str) -> Vec<Diagnostic> {
    let ends = [Some(pipe.reach.from), pipe.reach.to];
    let mut warnings = Vec::new();
    for (id, link) in base.links.iter() {
        let Some(full) = drainage.full(id) else { continue };
        if ends.contains(&Some(link.from)) || ends.contains(&Some(link.to)) {
            continue;
        }
        let Some(line) = picking::line(&base.map, base, id) else { continue };
        for (at, here, there) in meetings(&pipe.line, &line) {
            let invert = pipe.inverts[0] + here * (pipe.inverts[1] - pipe.inverts[0]);
            let soffit = invert + pipe.diameter;
            let (inlet, outlet) = end_levels(base, link);
            let other_invert = FOOT * (inlet + there * (outlet - inlet));
            let other_soffit = other_invert + full.depth;
            let room = (invert - other_soffit).max(other_invert - soffit);
            if room < CLEARANCE {
                warnings.push(warning(
                    base,
                    id,
                    name,
                    at,
                    [invert, soffit, other_invert, other_soffit],
                    room,
                ));
            }
        }
    }
    warnings
}

fn warning(base: &Model, id: LinkId, name: &str, at: Point, levels: [f64; 4], room: f64) -> Diagnostic {
    let other = base.links.name(id);
    let [invert, soffit, other_invert, other_soffit] = levels;
    let room =
        if room < 0.0 { "they run into each other".to_owned() } else { format!("{room:.2} m between them") };
    let message = format!(
        "the new sewer '{name}' ({invert:.2} to {soffit:.2} m) crosses '{other}' ({other_invert:.2} to \
         {other_soffit:.2} m) at x = {:.1}, y = {:.1}: {room}",
        at[0], at[1]
    );
    let help = format!(
        "at least {CLEARANCE} m is wanted (an assumption); another cover, slope or outlet may give it"
    );
    Diagnostic::warning(0, message).help(help).of(format!("Conduit {name}"))
}

/// Where two lines cross: the point, and how far along each it is, 0 to 1.
fn meetings(a: &[Point], b: &[Point]) -> Vec<(Point, f64, f64)> {
    let total =
        |line: &[Point]| line.iter().zip(line.iter().skip(1)).map(|(&p, &q)| distance(p, q)).sum::<f64>();
    let (length_a, length_b) = (total(a), total(b));
    let mut found = Vec::new();
    let mut along_a = 0.0;
    for (&p, &q) in a.iter().zip(a.iter().skip(1)) {
        let mut along_b = 0.0;
        for (&r, &s) in b.iter().zip(b.iter().skip(1)) {
            if let Some((t, u)) = crossing([p, q], [r, s]) {
                let at = [p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])];
                let here = (along_a + t * distance(p, q)) / length_a;
                let there = (along_b + u * distance(r, s)) / length_b;
                found.push((at, here, there));
            }
            along_b += distance(r, s);
        }
        along_a += distance(p, q);
    }
    found
}

/// How far along each of two segments they cross, the end of each left out; `None` when they do not, or
/// are parallel.
fn crossing([p, q]: [Point; 2], [r, s]: [Point; 2]) -> Option<(f64, f64)> {
    let (d, e) = ([q[0] - p[0], q[1] - p[1]], [s[0] - r[0], s[1] - r[1]]);
    let cross = d[0] * e[1] - d[1] * e[0];
    if cross == 0.0 {
        return None;
    }
    let f = [r[0] - p[0], r[1] - p[1]];
    let t = (f[0] * e[1] - f[1] * e[0]) / cross;
    let u = (f[0] * d[1] - f[1] * d[0]) / cross;
    ((0.0..1.0).contains(&t) && (0.0..1.0).contains(&u)).then_some((t, u))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_cross_meet_once_at_their_place() {
        let street = [[0.0, 0.0], [10.0, 0.0], [20.0, 0.0]];
        let lane = [[15.0, -5.0], [15.0, 15.0]];
        assert_eq!(meetings(&street, &lane), [([15.0, 0.0], 0.75, 0.25)]);
        // through a vertex: counted on one side of it only
        assert_eq!(meetings(&street, &[[10.0, -5.0], [10.0, 5.0]]).len(), 1);
        assert!(meetings(&street, &[[0.0, 1.0], [20.0, 1.0]]).is_empty());
        assert!(meetings(&street, &[[25.0, -5.0], [25.0, 5.0]]).is_empty());
    }
}
