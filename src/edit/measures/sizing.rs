//! Sizes of new pipes: catalogues, and circles that do what another section does.

use std::f64::consts::PI;

use super::worksite::Worksite;
use crate::model::Model;
use crate::model::section::{CrossSection, Shape};
use crate::scenario::catalogue::Catalogue;

/// Diameter (m) that carries with one roughness what another diameter carries with another when both are
/// just full: by Manning `Q ~ d^(8/3) / n`, so `d' = d (n' / n)^(3/8)`.
pub(super) fn as_rough(diameter: f64, roughness: f64, new_roughness: f64) -> f64 {
    if roughness > 0.0 { diameter * (new_roughness / roughness).powf(0.375) } else { diameter }
}

/// The catalogue of a name, or the first one; `None`, with a problem, when there is none.
pub(super) fn catalogue<'a>(work: &mut Worksite<'a>, name: Option<&str>) -> Option<&'a Catalogue> {
    let site = work.site;
    let found = site.catalogues.find(name);
    if found.is_none() {
        let known: Vec<&str> = site.catalogues.0.iter().map(|catalogue| catalogue.name.as_str()).collect();
        let message = match name {
            Some(name) => format!("there is no pipe catalogue `{name}`"),
            None => "the study has no pipe catalogue".to_owned(),
        };
        work.problem("", message, &format!("known are: {}", known.join(", ")));
    }
    found
}

/// The smallest size (m) of a catalogue from a diameter (m) on; a problem of a conduit when there is none.
pub(super) fn rounded_up(
    work: &mut Worksite<'_>,
    catalogue: &Catalogue,
    diameter: f64,
    conduit: &str,
) -> Option<f64> {
    let found = catalogue.at_least(diameter);
    if found.is_none() {
        let largest = catalogue.diameters.last().copied().unwrap_or(0.0);
        let message = format!(
            "it needs {:.0} mm, and the largest size of {} is {:.0} mm",
            diameter * 1000.0,
            catalogue.name,
            largest * 1000.0
        );
        work.problem(format!("Conduit {conduit}"), message, "name another catalogue, or lay a parallel pipe");
    }
    found
}

/// Diameter of a circle of the area of a section when full, m: `d = √(4 A / π)`; `None` for a section that
/// cannot be.
pub(super) fn equivalent_diameter(model: &Model, shape: &Shape) -> Option<f64> {
    match *shape {
        Shape::Circular { diameter } | Shape::FilledCircular { diameter, .. } => Some(diameter),
        _ => CrossSection::new(shape, model).ok().map(|section| (4.0 * section.full_area / PI).sqrt()),
    }
}

/// Whether a section is open at its top; no for one that cannot be.
pub(super) fn is_open(model: &Model, shape: &Shape) -> bool {
    CrossSection::new(shape, model).is_ok_and(|section| section.is_open())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twice_the_roughness_takes_1_297_of_the_diameter() {
        assert!((as_rough(1.0, 0.01, 0.02) - 1.296_839_555).abs() < 1e-8);
        assert_eq!(as_rough(0.8, 0.013, 0.013), 0.8);
    }

    #[test]
    fn a_square_of_one_metre_is_a_circle_of_1128_mm() {
        let square = Shape::RectangularClosed { height: 1.0, width: 1.0 };
        let diameter = equivalent_diameter(&Model::default(), &square).unwrap();
        assert!((diameter - std::f64::consts::FRAC_2_SQRT_PI).abs() < 1e-8, "{diameter}");
    }
}
