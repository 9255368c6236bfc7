//! Curves and time series.

use crate::diagnostic::Diagnostic;
use crate::model::Model;
use crate::model::curve::CurveKind;
use crate::model::section::custom;

/// Curves whose x increases, and shape curves that enclose an area.
pub(super) fn check_curves(model: &Model, found: &mut Vec<Diagnostic>) {
    for (id, curve) in model.curves.iter() {
        let element = || format!("Curve {}", model.curves.name(id));
        if let Some((before, after)) = first_not_above(&curve.x) {
            found.push(
                Diagnostic::error(171, "x does not increase from each point of a curve to the next")
                    .of(element())
                    .help(format!("{after} follows {before} (in SI units)")),
            );
        } else if curve.kind == CurveKind::Shape && custom::compile(curve).is_none() {
            found.push(
                Diagnostic::error(171, "a shape curve encloses no closed section")
                    .of(element())
                    .help("give widths not below 0 at relative depths from 0 to 1"),
            );
        }
    }
}

/// Time series whose instants increase.
pub(super) fn check_series(model: &Model, found: &mut Vec<Diagnostic>) {
    for (id, series) in model.series.iter() {
        if let Some((before, after)) = first_not_above(&series.times) {
            found.push(
                Diagnostic::error(173, "time does not increase from each point of a series to the next")
                    .of(format!("Time series {}", model.series.name(id)))
                    .help(format!("{after} follows {before}")),
            );
        }
    }
}

/// The first two neighbours of which the second is not above the first.
fn first_not_above<T: Copy + PartialOrd>(values: &[T]) -> Option<(T, T)> {
    values.iter().zip(values.iter().skip(1)).find(|(a, b)| b <= a).map(|(&a, &b)| (a, b))
}
