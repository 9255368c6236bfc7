//! The slope of a conduit, from the levels of its ends.

use super::Model;
use super::link::Link;
use super::options::OffsetConvention;
use crate::units::{FOOT, Units};

/// Smallest drop of a conduit, ft; also how far an elevation may lie below its node unnoticed.
pub const MIN_DROP_FEET: f64 = 0.001;

/// Feet of a length (m) as EPA's engine holds it: the number that the user wrote, converted.
///
/// Whether a pipe is level, slopes upward or ends below its node is decided by the last bit; only
/// the same numbers give EPA's decision.
pub fn feet(metres: f64, units: &Units) -> f64 {
    if units.is_si() { metres / FOOT } else { as_written(metres / units.length) }
}

/// Height (ft) of an offset (m) over its node's invert (m), negative where the file says so.
pub fn offset_feet(model: &Model, offset: f64, invert: f64) -> f64 {
    let units = &model.units;
    match model.options.offsets {
        OffsetConvention::Elevation if offset != 0.0 => {
            let elevation = as_written((offset + invert) / units.length);
            if units.is_si() {
                elevation / FOOT - feet(invert, units)
            } else {
                elevation - feet(invert, units)
            }
        }
        OffsetConvention::Depth | OffsetConvention::Elevation => feet(offset, units),
    }
}

/// The number of fifteen digits that `value` is but for the last bits, if there is one: what a user
/// wrote that has since been converted, or added and subtracted.
fn as_written(value: f64) -> f64 {
    let rounded = format!("{value:.14e}").parse().unwrap_or(value);
    if (rounded - value).abs() <= 2.0 * f64::EPSILON * value.abs() { rounded } else { value }
}

/// Levels of a link's two ends, ft.
pub fn end_levels(model: &Model, link: &Link) -> (f64, f64) {
    let level = |node, offset| {
        let invert = model.nodes[node].invert;
        offset_feet(model, offset, invert) + feet(invert, &model.units)
    };
    (level(link.from, link.inlet_offset), level(link.to, link.outlet_offset))
}

/// Slope of a conduit and what had to be changed for it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ConduitSlope {
    /// Slope, positive downward in the conduit's direction.
    pub slope: f64,
    /// Whether the drop was raised to the smallest one, 0.001 ft.
    pub drop_raised: bool,
    /// Whether the drop exceeds the length.
    pub drop_exceeds_length: bool,
    /// Whether the slope was raised to the smallest one of the options.
    pub slope_raised: bool,
}

/// Slope of a conduit between levels (ft) of its ends over a length (ft): the drop over the
/// horizontal distance, `Δz / √(L² - Δz²)`, or over the length where the drop exceeds it; at least
/// `minimum` (0 for none); negative where the conduit rises.
pub fn conduit_slope(inlet: f64, outlet: f64, length: f64, minimum: f64) -> ConduitSlope {
    let mut drop = (inlet - outlet).abs();
    let drop_raised = drop < MIN_DROP_FEET;
    if drop_raised {
        drop = MIN_DROP_FEET;
    }
    let drop_exceeds_length = drop >= length;
    let mut slope =
        if drop_exceeds_length { drop / length } else { drop / (length * length - drop * drop).sqrt() };
    let slope_raised = minimum > 0.0 && slope < minimum;
    if slope_raised {
        slope = minimum;
    }
    if inlet < outlet {
        slope = -slope;
    }
    ConduitSlope { slope, drop_raised, drop_exceeds_length, slope_raised }
}

/// Slope of a conduit of a model; `None` when the link is no conduit.
pub fn slope_of(model: &Model, link: &Link) -> Option<ConduitSlope> {
    let length = feet(link.conduit()?.length, &model.units) / length_factor(model, link);
    let (inlet, outlet) = end_levels(model, link);
    Some(conduit_slope(inlet, outlet, length, model.options.minimum_slope))
}

/// Length of a meandering channel over that of its floodplain; 1 for all but surveyed sections.
pub fn length_factor(model: &Model, link: &Link) -> f64 {
    match link.shape() {
        Some(super::section::Shape::Irregular(transect)) => {
            let factor = model.transects[*transect].length_factor;
            if factor == 0.0 { 1.0 } else { factor }
        }
        _ => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::FlowUnits;

    #[test]
    fn three_in_five_is_three_quarters_of_the_way_forward() {
        assert_eq!(conduit_slope(3.0, 0.0, 5.0, 0.0).slope, 0.75);
        assert_eq!(conduit_slope(0.0, 3.0, 5.0, 0.0).slope, -0.75);
    }

    #[test]
    fn level_pipes_drop_a_thousandth_of_a_foot() {
        let level = conduit_slope(1.0, 1.0, 100.0, 0.0);
        assert!(level.drop_raised && (level.slope - 1e-5).abs() < 1e-12);
        let steeper = conduit_slope(1.0, 1.0, 100.0, 0.001);
        assert!(steeper.slope_raised && steeper.slope == 0.001);
    }

    #[test]
    fn a_drop_beyond_the_length_slopes_by_the_length() {
        let shaft = conduit_slope(10.0, 0.0, 4.0, 0.0);
        assert!(shaft.drop_exceeds_length && shaft.slope == 2.5);
    }

    #[test]
    fn decimals_return_from_metres() {
        let us = Units::new(FlowUnits::Cfs);
        for i in 0..20_000 {
            let written = f64::from(i) / 1000.0;
            assert_eq!(feet(written * us.length, &us), written);
        }
        let si = Units::new(FlowUnits::Lps);
        assert_eq!(feet(0.1 + 0.2, &si), (0.1 + 0.2) / 0.3048);
    }

    #[test]
    fn elevations_return_from_offsets() {
        for flow_units in [FlowUnits::Cms, FlowUnits::Cfs] {
            let mut model = Model { units: Units::new(flow_units), ..Model::default() };
            model.options.offsets = OffsetConvention::Elevation;
            let unit = model.units.length;
            let to_feet = if model.units.is_si() { FOOT } else { 1.0 };
            for i in 0..5000 {
                let (elevation, invert) = (f64::from(1230 + i) / 100.0, 12.3);
                let offset = elevation * unit - invert * unit;
                let height = offset_feet(&model, offset, invert * unit);
                assert_eq!(height, elevation / to_feet - invert / to_feet, "{elevation}");
            }
        }
    }

    #[test]
    fn long_numbers_stay_as_they_are() {
        let long = 0.009_999_999_999_998_01;
        assert_eq!(as_written(long), long);
        assert_eq!(as_written(1.234_567_890_123_456_7), 1.234_567_890_123_456_7);
    }
}
