//! A wider, deeper or smoother river: open conduits of rectangular, trapezoidal or surveyed section.
//!
//! Wider means the same width more at all depths: a surveyed section is cut open at its lowest point
//! between the banks and its right part moved away. Deeper means that the bed goes down and the banks stay:
//! rectangle and trapezoid keep the width of their bed and the slope of their sides; of a surveyed section
//! all points between the banks go down.
//!
//! A surveyed section is never changed in place: the reaches get a copy under a new name, since others may
//! share the old one.

use super::levels::{End, LevelPlan, level};
use super::sizing::is_open;
use super::worksite::{Names, Worksite};
use crate::edit::change::{Action, FieldChange, Kind, Work};
use crate::edit::editor::number;
use crate::input::inp::Section;
use crate::model::section::transect::Transect;
use crate::model::section::{CrossSection, Shape};
use crate::model::{LinkId, Model, TransectId};
use crate::scenario::measure::River;

/// Points of a surveyed section in a line of the file.
const POINTS_A_LINE: usize = 5;

/// What changes, m and s/m^(1/3).
#[derive(Clone, Copy)]
struct Dig {
    wider: f64,
    deeper: f64,
    roughness: Option<f64>,
}

/// Carries out the measure.
pub(super) fn apply(work: &mut Worksite<'_>, river: &River) {
    let dig = Dig {
        wider: river.wider_by.map_or(0.0, |length| length.0),
        deeper: river.deeper_by.map_or(0.0, |length| length.0),
        roughness: river.roughness,
    };
    if dig.wider < 0.0 || dig.deeper < 0.0 || dig.roughness.is_some_and(|n| n <= 0.0) {
        return work.problem("", "a river is made wider, deeper or smoother", "give values above 0");
    }
    if dig.wider == 0.0 && dig.deeper == 0.0 && dig.roughness.is_none() {
        return work.problem(
            "",
            "the measure changes nothing",
            "give `wider_by`, `deeper_by` or `roughness`",
        );
    }
    let mut levels = LevelPlan::default();
    let mut copies: Vec<(TransectId, String, Transect)> = Vec::new();
    for reach in work.conduits(&river.reaches, None) {
        change(work, dig, reach, &mut levels, &mut copies);
    }
    levels.carry_out(work);
}

/// Changes one reach.
fn change(
    work: &mut Worksite<'_>,
    dig: Dig,
    reach: LinkId,
    levels: &mut LevelPlan,
    copies: &mut Vec<(TransectId, String, Transect)>,
) {
    let name = work.model().links.name(reach);
    let Some((base, id)) = work.base_link(name) else { return };
    let Some(conduit) = base.links[id].conduit() else { return };
    let area = |model: &Model, shape: &Shape| CrossSection::new(shape, model).map_or(0.0, |s| s.full_area);
    let before = area(base, &conduit.shape);
    let (after, lower) = match conduit.shape {
        Shape::RectangularOpen { height, width, sides_removed } => {
            let (height, width) = (height + dig.deeper, width + dig.wider);
            let row = work.row(Section::Xsections, name);
            let sides = row.and_then(|row| work.editor.field(row, 4)).unwrap_or_default();
            let [tall, wide] = [work.length(height), work.length(width)];
            work.set_section(name, &["RECT_OPEN", &tall, &wide, &sides]);
            (area(base, &Shape::RectangularOpen { height, width, sides_removed }), dig.deeper)
        }
        Shape::Trapezoidal { height, bottom, left, right } => {
            let (height, bottom) = (height + dig.deeper, bottom + dig.wider);
            let [tall, wide] = [work.length(height), work.length(bottom)];
            work.set_section(name, &["TRAPEZOIDAL", &tall, &wide, &number(left), &number(right)]);
            (area(base, &Shape::Trapezoidal { height, bottom, left, right }), dig.deeper)
        }
        Shape::Irregular(transect) => {
            let old = &base.transects[transect];
            let known = copies.iter().find(|(of, ..)| *of == transect);
            let (copy, new) = match known {
                Some((_, copy, new)) => (copy.clone(), new.clone()),
                None => {
                    let new = dug(old, dig);
                    let stem = format!("{}-{name}", base.transects.name(transect));
                    let copy = work.free_name(Names::Transect, &stem);
                    write_transect(work, &copy, &new);
                    copies.push((transect, copy.clone(), new.clone()));
                    (copy, new)
                }
            };
            work.set_section(name, &["IRREGULAR", &copy]);
            if let Some(roughness) = dig.roughness {
                let field = FieldChange {
                    field: "roughness".to_owned(),
                    before: number(old.roughness_channel),
                    after: number(roughness),
                };
                work.note(Kind::Link, name, Action::Altered, vec![field], Vec::new());
            }
            let after = new.compile(&base.units).map_or(before, |section| section.full_area);
            (after, lowest(old) - lowest(&new))
        }
        _ => {
            let what =
                if is_open(base, &conduit.shape) { "channel of another form" } else { "closed conduit" };
            let message = format!("it is a {what}");
            let help = "name reaches of RECT_OPEN, TRAPEZOIDAL or IRREGULAR section";
            return work.problem(format!("Conduit {name}"), message, help);
        }
    };
    let surveyed = matches!(conduit.shape, Shape::Irregular(_));
    if let (Some(roughness), false, Some(row)) = (dig.roughness, surveyed, work.link_row(reach)) {
        work.alter((Kind::Link, name), "roughness", (row, 4), &number(roughness), "0");
    }
    if lower > 0.0 {
        for end in End::BOTH {
            levels.put(reach, end, level(base, id, end) - lower);
        }
    }
    let volume = (after - before) * conduit.length * f64::from(conduit.barrels.max(1));
    if volume > 0.0 {
        work.note_works(Kind::Link, name, vec![Work::Earthwork { volume }]);
    }
}

/// The lowest elevation of a surveyed section, m.
fn lowest(transect: &Transect) -> f64 {
    transect.elevations.iter().copied().fold(f64::INFINITY, f64::min)
}

/// A surveyed section made wider and deeper: cut at its lowest point between the banks (the first of
/// several), of which it gets a second one at the other side of the cut.
fn dug(old: &Transect, dig: Dig) -> Transect {
    let factor = if old.width_factor > 0.0 { old.width_factor } else { 1.0 };
    let wider = dig.wider / factor;
    let mut new = Transect { stations: Vec::new(), elevations: Vec::new(), ..old.clone() };
    let between = |station: f64| station >= old.left_bank && station <= old.right_bank;
    let inside = |station: f64| station > old.left_bank && station < old.right_bank;
    let points = || old.stations.iter().copied().zip(old.elevations.iter().copied());
    let lowest = points().filter(|(x, _)| between(*x)).map(|(_, z)| z).fold(f64::INFINITY, f64::min);
    let cut = points().position(|(x, z)| between(x) && z <= lowest);
    for (index, (x, z)) in points().enumerate() {
        let z = if inside(x) { z - dig.deeper } else { z };
        let beyond = cut.is_some_and(|cut| index > cut);
        new.stations.push(if beyond { x + wider } else { x });
        new.elevations.push(z);
        if cut == Some(index) && wider > 0.0 {
            new.stations.push(x + wider);
            new.elevations.push(z);
        }
    }
    new.right_bank = old.right_bank + wider;
    if let Some(roughness) = dig.roughness {
        new.roughness_channel = roughness;
    }
    new
}

/// Writes a surveyed section behind the others.
fn write_transect(work: &mut Worksite<'_>, name: &str, transect: &Transect) {
    let [left, right, channel] =
        [transect.roughness_left, transect.roughness_right, transect.roughness_channel].map(number);
    work.add(Section::Transects, &["NC", &left, &right, &channel]);
    let count = transect.stations.len().to_string();
    let [left, right, offset] = [transect.left_bank, transect.right_bank, transect.elevation_offset]
        .map(|metres| work.length(metres));
    let [long, wide] = [transect.length_factor, transect.width_factor].map(number);
    work.add(Section::Transects, &["X1", name, &count, &left, &right, "0", "0", &long, &wide, &offset]);
    let points: Vec<[String; 2]> = transect
        .stations
        .iter()
        .zip(&transect.elevations)
        .map(|(&x, &z)| [work.length(z), work.length(x)])
        .collect();
    for line in points.chunks(POINTS_A_LINE) {
        let row: Vec<&str> = std::iter::once("GR").chain(line.iter().flatten().map(String::as_str)).collect();
        work.add(Section::Transects, &row);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::{FlowUnits, Units};

    /// A bed at 18 m between banks at 9 and 26 m.
    fn arm() -> Transect {
        Transect {
            roughness_channel: 0.03,
            left_bank: 9.0,
            right_bank: 26.0,
            stations: vec![0.0, 9.0, 18.0, 26.0, 37.0],
            elevations: vec![8.0, 3.0, 0.0, 3.0, 8.0],
            width_factor: 1.0,
            length_factor: 1.0,
            ..Transect::default()
        }
    }

    #[test]
    fn a_cut_makes_a_section_wider_at_all_depths() {
        let units = Units::new(FlowUnits::Cms);
        let new = dug(&arm(), Dig { wider: 4.0, deeper: 0.0, roughness: None });
        assert_eq!(new.stations, [0.0, 9.0, 18.0, 22.0, 30.0, 41.0]);
        assert_eq!((new.left_bank, new.right_bank), (9.0, 30.0));
        let [old, new] = [arm(), new].map(|transect| transect.compile(&units).unwrap());
        // 4 m more over 8 m of depth
        assert!((new.full_area - old.full_area - 32.0).abs() < 1e-9);
        assert!((new.max_width - old.max_width - 4.0).abs() < 1e-9);
    }

    #[test]
    fn a_width_factor_applies_to_what_is_added_too() {
        let units = Units::new(FlowUnits::Cms);
        let old = Transect { width_factor: 2.0, ..arm() };
        let new = dug(&old, Dig { wider: 4.0, deeper: 0.0, roughness: None });
        let [old, new] = [old, new].map(|transect| transect.compile(&units).unwrap());
        assert!((new.max_width - old.max_width - 4.0).abs() < 1e-9);
    }

    #[test]
    fn a_deeper_bed_leaves_the_banks() {
        let new = dug(&arm(), Dig { wider: 0.0, deeper: 0.5, roughness: Some(0.025) });
        assert_eq!(new.elevations, [8.0, 3.0, -0.5, 3.0, 8.0]);
        assert_eq!(new.roughness_channel, 0.025);
    }
}
