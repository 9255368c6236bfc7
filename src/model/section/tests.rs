//! What holds for all sections.

use std::f64::consts::PI;

use proptest::prelude::*;

use super::street::Street;
use super::transect::Transect;
use super::{Compiler, CrossSection, SectionError, Shape};
use crate::model::curve::{Curve, CurveKind};
use crate::model::{CurveId, Model, StreetId, TransectId};
use crate::units::{FlowUnits, GRAVITY, MANNING, Units};

const TRANSECT: TransectId = TransectId(0);
const STREET: StreetId = StreetId(0);
const CURVE: CurveId = CurveId(0);

/// A model with a river, a street and an egg-like curve.
fn model() -> Model {
    let mut model = Model { units: Units::new(FlowUnits::Cms), ..Model::default() };
    let river = Transect {
        roughness_left: 0.08,
        roughness_right: 0.06,
        roughness_channel: 0.03,
        left_bank: 20.0,
        right_bank: 40.0,
        length_factor: 1.2,
        stations: vec![0.0, 10.0, 20.0, 25.0, 35.0, 40.0, 55.0, 60.0],
        elevations: vec![6.0, 4.0, 3.8, 0.5, 0.0, 3.9, 4.2, 6.0],
        ..Transect::default()
    };
    model.transects.insert("river", river);
    let street = Street {
        width: 6.0,
        curb: 0.15,
        cross_slope: 0.02,
        roughness: 0.016,
        gutter_depression: 0.03,
        gutter_width: 0.6,
        sides: 2,
        back_width: 3.0,
        back_slope: 0.02,
        back_roughness: 0.03,
    };
    model.streets.insert("street", street);
    let curve = Curve { kind: CurveKind::Shape, x: vec![0.0, 0.4, 0.7, 1.0], y: vec![0.1, 0.5, 0.8, 0.0] };
    model.curves.insert("shape", curve);
    model
}

fn compile(shape: Shape) -> CrossSection {
    CrossSection::new(&shape, &model()).unwrap()
}

/// Every shape at a given scale. Ellipses and arches have the proportions of their standard sizes,
/// since EPA's full area and radius follow from one side alone.
fn every_shape(scale: f64) -> Vec<Shape> {
    let (height, width) = (scale, 1.3 * scale);
    vec![
        Shape::Circular { diameter: height },
        Shape::ForceMain { diameter: height, roughness: 120.0 },
        Shape::FilledCircular { diameter: height, sediment: 0.2 * height },
        Shape::RectangularClosed { height, width },
        Shape::RectangularOpen { height, width, sides_removed: 1.0 },
        Shape::Trapezoidal { height, bottom: width, left: 1.0, right: 2.0 },
        Shape::Triangular { height, top: width },
        Shape::Parabolic { height, top: width },
        Shape::Power { height, top: width, exponent: 3.0 },
        Shape::RectangularTriangular { height, top: width, triangle: 0.3 * height },
        Shape::RectangularRound { height, top: width, radius: 0.8 * width },
        Shape::ModifiedBasketHandle { height, bottom: width, radius: 0.8 * width },
        Shape::HorizontalEllipse { height, width: 1.58 * height, size: 0 },
        Shape::VerticalEllipse { height: 1.58 * height, width: height, size: 0 },
        Shape::Arch { height, width: 1.6 * height, size: 0 },
        Shape::HorizontalEllipse { height: 0.0, width: 0.0, size: 7 },
        Shape::VerticalEllipse { height: 0.0, width: 0.0, size: 11 },
        Shape::Arch { height: 0.0, width: 0.0, size: 50 },
        Shape::Egg { height },
        Shape::Horseshoe { height },
        Shape::Gothic { height },
        Shape::Catenary { height },
        Shape::SemiElliptical { height },
        Shape::BasketHandle { height },
        Shape::SemiCircular { height },
        Shape::Irregular(TRANSECT),
        Shape::Street(STREET),
        Shape::Custom { height, curve: CURVE },
    ]
}

fn every_section(scale: f64) -> Vec<(Shape, CrossSection)> {
    let model = model();
    let mut compiler = Compiler::new(&model);
    every_shape(scale)
        .into_iter()
        .map(|shape| {
            let section = compiler.compile(&shape).unwrap();
            (shape, section)
        })
        .collect()
}

#[track_caller]
fn close(value: f64, expected: f64, relative: f64) {
    assert!((value / expected - 1.0).abs() < relative, "{value} is not {expected}");
}

#[test]
fn a_pipe_is_a_circle() {
    let pipe = compile(Shape::Circular { diameter: 2.0 });
    close(pipe.full_area, PI, 1e-15);
    assert_eq!(pipe.full_radius, 0.5);
    close(pipe.full_section_factor, PI * 0.5_f64.powf(2.0 / 3.0), 1e-13);
    close(pipe.area(1.0), PI / 2.0, 1e-14);
    close(pipe.width(1.0), 2.0, 1e-14);
    close(pipe.hydraulic_radius(1.0), 0.5, 1e-14);
    assert_eq!(pipe.area(2.0), pipe.full_area);
    assert_eq!(pipe.width(2.0), 0.0);
    assert_eq!(pipe.depth_at_max_width, 1.0);
    assert!(!pipe.is_open());
    // A quarter full: the segment of a central angle of 120 degrees.
    close(pipe.area(0.5), PI / 3.0 - 0.75_f64.sqrt() / 2.0, 1e-3);
}

#[test]
fn a_full_pipe_has_its_manning_capacity() {
    // 12 in, n = 0.013, slope 1 %: 3.563 cfs in the tables of the trade.
    let pipe = compile(Shape::Circular { diameter: 0.3048 });
    let flow = MANNING / 0.013 * pipe.full_section_factor * 0.1;
    close(flow / 0.3048_f64.powi(3), 3.563, 1e-3);
}

#[test]
fn a_force_main_has_its_section_factor_by_hazen_williams_exponent() {
    // At a diameter of 4 ft the radius is 1 ft, and no exponent matters.
    let main = compile(Shape::ForceMain { diameter: 4.0 * 0.3048, roughness: 120.0 });
    let pipe = compile(Shape::Circular { diameter: 4.0 * 0.3048 });
    close(main.full_section_factor, pipe.full_section_factor, 1e-12);
    close(main.max_section_factor, 1.06949 * pipe.full_section_factor, 1e-12);
    let large = compile(Shape::ForceMain { diameter: 8.0 * 0.3048, roughness: 120.0 });
    close(large.full_section_factor / main.full_section_factor, 4.0 * 2.0_f64.powf(0.63), 1e-12);
}

#[test]
fn a_rectangle_is_critical_at_the_cube_root_of_its_head() {
    let channel = compile(Shape::RectangularOpen { height: 3.0, width: 2.0, sides_removed: 0.0 });
    let flow = 2.0 * GRAVITY.sqrt();
    close(channel.critical_depth(flow), 1.0, 1e-14);
    assert_eq!(channel.critical_depth(-flow), channel.critical_depth(flow));
    assert_eq!(channel.critical_depth(1000.0), 3.0);
    assert_eq!(channel.critical_depth(0.0), 0.0);
    assert!(channel.is_open());
}

#[test]
fn a_trapezoid_and_its_survey_agree() {
    let shape = Shape::Trapezoidal { height: 2.0, bottom: 3.0, left: 1.0, right: 2.0 };
    let mut model = model();
    let survey = Transect {
        roughness_channel: 0.03,
        left_bank: 0.0,
        right_bank: 9.0,
        stations: vec![0.0, 2.0, 5.0, 9.0],
        elevations: vec![2.0, 0.0, 0.0, 2.0],
        ..Transect::default()
    };
    let id = model.transects.insert("trapezoid", survey).unwrap();
    let (exact, surveyed) = (
        CrossSection::new(&shape, &model).unwrap(),
        CrossSection::new(&Shape::Irregular(id), &model).unwrap(),
    );
    // EPA's two Manning constants show in the surveyed radius.
    let constants = (1.486_f64 / 1.49).powf(1.5);
    for i in 2..=50 {
        let depth = 0.04 * f64::from(i);
        close(surveyed.area(depth), exact.area(depth), 1e-12);
        close(surveyed.hydraulic_radius(depth), constants * exact.hydraulic_radius(depth), 1e-12);
        close(surveyed.width(depth), exact.width(depth), 1e-12);
    }
    for i in 8..50 {
        let between = 0.04 * (f64::from(i) + 0.5);
        close(surveyed.area(between), exact.area(between), 1e-3);
    }
    assert_eq!(surveyed.roughness(), Some(0.03));
    assert_eq!(surveyed.length_factor(), 1.0);
    assert_eq!(exact.roughness(), None);
}

#[test]
fn a_river_brings_its_roughness_and_length_factor() {
    let river = compile(Shape::Irregular(TRANSECT));
    assert_eq!(river.roughness(), Some(0.03));
    assert_eq!(river.length_factor(), 1.2);
    assert!(river.is_open());
    assert!(!compile(Shape::Custom { height: 1.0, curve: CURVE }).is_open());
}

#[test]
fn a_street_holds_the_water_between_its_backings() {
    let street = compile(Shape::Street(STREET));
    // Curb 0.15 + depression 0.03, backing 3 m at 2 %; the crown lies lower.
    close(street.full_depth, 0.24, 1e-12);
    close(street.max_width, 18.0, 1e-12);
    // 18 m by 0.24 m less backings, road and gutters: 2 (3·0.24 - 3·0.06/2) + 2 (∫ over 6 m).
    let crown = 0.03 + 0.02 * 0.6 + 0.02 * 5.4;
    let edge = 0.03 + 0.02 * 0.6;
    let half_road = 6.0 * 0.24 - 0.6 * edge / 2.0 - 5.4 * (edge + crown) / 2.0;
    close(street.full_area, 2.0 * (3.0 * 0.06 / 2.0 + half_road), 1e-12);
    assert_eq!(street.roughness(), Some(0.016));
}

#[test]
fn a_half_street_is_half_a_street() {
    let mut model = model();
    let whole = model.streets[STREET].clone();
    let half = model.streets.insert("half", Street { sides: 1, ..whole }).unwrap();
    let whole = CrossSection::new(&Shape::Street(STREET), &model).unwrap();
    let half = CrossSection::new(&Shape::Street(half), &model).unwrap();
    for i in 1..=24 {
        let depth = 0.01 * f64::from(i);
        close(2.0 * half.area(depth), whole.area(depth), 1e-9);
    }
}

#[test]
fn standard_sizes_keep_their_tables() {
    let ellipse = compile(Shape::HorizontalEllipse { height: 0.0, width: 0.0, size: 1 });
    close(ellipse.full_depth, 14.0 * 0.0254, 1e-12);
    close(ellipse.max_width, 23.0 * 0.0254, 1e-12);
    close(ellipse.full_area, 1.8 * 0.3048 * 0.3048, 1e-12);
    let standing = compile(Shape::VerticalEllipse { height: 0.0, width: 0.0, size: 1 });
    assert_eq!((standing.full_depth, standing.max_width), (ellipse.max_width, ellipse.full_depth));
}

#[test]
fn at_depth_reads_what_the_functions_give() {
    for scale in [0.3, 1.0, 4.7] {
        for (shape, section) in every_section(scale) {
            for i in -5..=1010 {
                let depth = section.full_depth * f64::from(i) / 1000.0;
                let found = section.at_depth(depth);
                let apart = (section.area(depth), section.width(depth), section.hydraulic_radius(depth));
                let bits = |x: f64| x.to_bits();
                assert_eq!(
                    (bits(found.area), bits(found.width), bits(found.radius)),
                    (bits(apart.0), bits(apart.1), bits(apart.2)),
                    "{shape:?} {depth}"
                );
            }
        }
    }
}

#[test]
fn a_full_section_has_its_full_area_and_a_dry_one_none() {
    for (shape, section) in every_section(1.7) {
        close(section.area(section.full_depth), section.full_area, 1e-12);
        assert_eq!(section.area(0.0), 0.0, "{shape:?}");
        assert_eq!(section.area(-1.0), 0.0, "{shape:?}");
        // EPA keeps the middle of what is free as the widest depth of a pipe with sediment.
        let least = if matches!(shape, Shape::FilledCircular { .. }) { 0.95 } else { 0.99 };
        assert!(section.width(0.999 * section.depth_at_max_width) >= least * section.max_width, "{shape:?}");
    }
}

#[test]
fn area_grows_with_depth() {
    for (shape, section) in every_section(1.7) {
        let mut before = 0.0;
        for i in 1..=2000 {
            let area = section.area(section.full_depth * f64::from(i) / 2000.0);
            assert!(area > before, "{shape:?} at {i}");
            before = area;
        }
    }
}

#[test]
fn depth_and_area_are_inverse_within_the_accuracy_of_the_tables() {
    for (shape, section) in every_section(1.7) {
        // Tables of depth and of area were made apart for some shapes.
        let tolerance = match shape {
            Shape::Egg { .. } | Shape::BasketHandle { .. } => 0.025,
            _ => 0.01,
        };
        for i in 0..=500 {
            let depth = section.full_depth * f64::from(i) / 500.0;
            let again = section.depth(section.area(depth));
            let error = (again - depth).abs() / section.full_depth;
            assert!(error < tolerance, "{shape:?} at {i}: {error}");
        }
    }
}

#[test]
fn width_is_the_slope_of_area_within_the_accuracy_of_the_tables() {
    for (shape, section) in every_section(1.7) {
        let n = 1000;
        let step = section.full_depth / f64::from(n);
        let mut area = 0.0;
        for i in 1..=n {
            let depth = f64::from(i) * step;
            area += section.width(depth - 0.5 * step) * step;
            let error = (area - section.area(depth)).abs() / section.full_area;
            assert!(error < 0.06, "{shape:?} at {i}: {error}");
        }
    }
}

#[test]
fn the_area_of_a_section_factor_has_that_section_factor() {
    for (shape, section) in every_section(1.7) {
        let limit = section.area_at_max_section_factor();
        for i in 1..=95 {
            let area = limit * f64::from(i) / 100.0;
            let factor = section.section_factor(area);
            if factor > section.full_section_factor.min(section.max_section_factor) {
                continue;
            }
            let again = section.section_factor(section.area_of_section_factor(factor));
            let error = (again - factor).abs() / section.full_section_factor;
            assert!(error < 1.5e-3, "{shape:?} at {i}: {error}");
        }
        assert_eq!(section.area_of_section_factor(0.0), 0.0);
    }
}

#[test]
fn the_largest_section_factor_stands_at_its_area() {
    for (shape, section) in every_section(1.7) {
        let largest = section.section_factor(section.area_at_max_section_factor());
        // EPA gives ellipses and arches the full section factor as the largest, and streets the full
        // area.
        let tolerance = match shape {
            Shape::HorizontalEllipse { .. } | Shape::VerticalEllipse { .. } | Shape::Arch { .. } => 0.12,
            _ => 0.02,
        };
        let error = (largest / section.max_section_factor - 1.0).abs();
        assert!(error < tolerance, "{shape:?}: {error}");
    }
}

#[test]
fn critical_depth_carries_its_flow() {
    for (shape, section) in every_section(1.7) {
        // Where a river leaves its banks one flow has several critical depths.
        if matches!(shape, Shape::Irregular(_) | Shape::Street(_)) {
            continue;
        }
        for i in 1..=9 {
            let depth = section.full_depth * f64::from(i) / 10.0;
            let (area, width) = (section.area(depth), section.width(depth));
            let flow = area * (GRAVITY * area / width).sqrt();
            let error = (section.critical_depth(flow) - depth).abs() / section.full_depth;
            assert!(error < 0.012, "{shape:?} at {i}: {error}");
        }
    }
}

#[test]
fn a_circle_is_critical_at_96_per_cent_or_full_by_the_last_bit_of_its_feet() {
    // 25 times a 25th of 1.968 m in feet is less than the whole, of 1 m it is not.
    let (short, whole) = (1.968, 1.0);
    for (diameter, relative) in [(short, 0.96), (whole, 1.0)] {
        let pipe = compile(Shape::Circular { diameter });
        let flow = 1.4 * pipe.full_area * (GRAVITY * diameter).sqrt();
        close(pipe.critical_depth(flow), relative * diameter, 1e-6);
    }
}

#[test]
fn wrong_dimensions_are_refused_with_a_reason() {
    let model = model();
    let refuse = |shape: Shape| CrossSection::new(&shape, &model).unwrap_err();
    for shape in [
        Shape::Circular { diameter: 0.0 },
        Shape::Circular { diameter: f64::NAN },
        Shape::ForceMain { diameter: 1.0, roughness: 0.0 },
        Shape::FilledCircular { diameter: 1.0, sediment: 1.0 },
        Shape::FilledCircular { diameter: 1.0, sediment: -0.1 },
        Shape::RectangularClosed { height: 1.0, width: 0.0 },
        Shape::RectangularOpen { height: 1.0, width: 1.0, sides_removed: 3.0 },
        Shape::Trapezoidal { height: 1.0, bottom: 0.0, left: 0.0, right: 0.0 },
        Shape::Trapezoidal { height: 1.0, bottom: 1.0, left: -1.0, right: 0.0 },
        Shape::Power { height: 1.0, top: 1.0, exponent: 0.0 },
        Shape::RectangularRound { height: 0.4, top: 1.0, radius: 0.5 },
        Shape::ModifiedBasketHandle { height: 0.4, bottom: 1.0, radius: 0.0 },
        Shape::RectangularTriangular { height: 1.0, top: 1.0, triangle: 2.0 },
        Shape::Arch { height: 0.0, width: 0.0, size: 103 },
        Shape::Irregular(TransectId(7)),
        Shape::Street(StreetId(7)),
        Shape::Custom { height: 1.0, curve: CurveId(7) },
    ] {
        let error = refuse(shape.clone());
        assert_eq!(error.code(), 119, "{shape:?}");
        assert!(!error.help().is_empty());
    }
    let error = refuse(Shape::Arch { height: 0.0, width: 0.0, size: 103 });
    assert_eq!(error.to_string(), "there is no standard size 103 of arch pipes");
    assert_eq!(error.help(), "give a size number from 1 to 102, or height and width");
}

#[test]
fn a_wrong_transect_or_curve_keeps_its_own_error() {
    let mut model = model();
    let flat = Transect {
        roughness_channel: 0.03,
        right_bank: 1.0,
        stations: vec![0.0, 1.0],
        elevations: vec![1.0, 1.0],
        ..Transect::default()
    };
    let flat = model.transects.insert("flat", flat).unwrap();
    let curve = Curve { kind: CurveKind::Shape, x: vec![0.0], y: vec![1.0] };
    let curve = model.curves.insert("point", curve).unwrap();
    let error = CrossSection::new(&Shape::Irregular(flat), &model).unwrap_err();
    assert_eq!(error.code(), 231);
    assert!(error.to_string().contains("transect flat"));
    let error = CrossSection::new(&Shape::Custom { height: 1.0, curve }, &model).unwrap_err();
    assert_eq!(error, SectionError::Curve { name: "point".into() });
    assert_eq!(error.code(), 171);
}

#[test]
fn a_power_section_of_a_tiny_exponent_is_a_slit_under_its_lid() {
    // (y / height)^512: the powers of its height alone would overflow
    let shape = Shape::Power { height: 16.0, top: 1.0, exponent: 1.0 / 512.0 };
    let section = CrossSection::new(&shape, &Model::default()).unwrap();
    assert_eq!(section.full_area, 16.0 / 513.0);
    assert_eq!((section.area(16.0), section.width(16.0)), (section.full_area, 1.0));
    let low = section.at_depth(8.0);
    assert!(low.area >= 0.0 && low.area < 1e-100 && low.width < 1e-100, "{low:?}");
    let critical = section.critical_depth(0.01);
    assert!(critical > 15.0 && critical <= 16.0, "{critical}");
}

proptest! {
    #[test]
    fn no_finite_dimension_breaks_a_section(
        a in -1.0..20.0_f64,
        b in -1.0..20.0_f64,
        c in -1.0..5.0_f64,
        part in 0.0..1.0_f64,
    ) {
        let model = Model::default();
        for shape in [
            Shape::FilledCircular { diameter: a, sediment: b },
            Shape::RectangularTriangular { height: a, top: b, triangle: c },
            Shape::RectangularRound { height: a, top: b, radius: c },
            Shape::ModifiedBasketHandle { height: a, bottom: b, radius: c },
            Shape::Trapezoidal { height: a, bottom: b, left: c, right: c },
            Shape::Power { height: a, top: b, exponent: c },
            Shape::Arch { height: a, width: b, size: 0 },
            Shape::Egg { height: a },
        ] {
            if let Ok(section) = CrossSection::new(&shape, &model) {
                let found = section.at_depth(part * section.full_depth);
                prop_assert!(found.area >= -1e-12 && found.width >= 0.0, "{shape:?}: {found:?}");
                let critical = section.critical_depth(part * section.full_area);
                prop_assert!((0.0..=section.full_depth).contains(&critical), "{shape:?}: {critical}");
            }
        }
    }

    #[test]
    fn a_survey_gives_tables_or_an_error(
        points in prop::collection::vec((0.0..50.0_f64, 0.0..9.0_f64), 0..12),
        left in 0.0..50.0_f64,
        right in 0.0..50.0_f64,
    ) {
        let mut stations: Vec<f64> = points.iter().map(|point| point.0).collect();
        stations.sort_by(f64::total_cmp);
        let survey = Transect {
            roughness_left: 0.1,
            roughness_channel: 0.03,
            left_bank: left,
            right_bank: right,
            stations,
            elevations: points.iter().map(|point| point.1).collect(),
            ..Transect::default()
        };
        let mut model = Model::default();
        let id = model.transects.insert("survey", survey).unwrap();
        if let Ok(section) = CrossSection::new(&Shape::Irregular(id), &model) {
            let mut before = 0.0;
            for i in 1..=50 {
                let area = section.area(section.full_depth * f64::from(i) / 50.0);
                prop_assert!(area >= before);
                before = area;
            }
        }
    }
}
