//! Compiling a [`Shape`] into a [`CrossSection`], with EPA SWMM 5.2's conditions on its dimensions.

use std::collections::HashMap;
use std::f64::consts::PI;
use std::sync::Arc;

use super::channel::{Parabola, PowerFunction, Trapezoid, Triangle};
use super::circle::FilledCircle;
use super::critical::search_falls_short;
use super::error::SectionError;
use super::geometry::{CrossSection, FOOT_TWO_THIRDS, Form, TINY_AREA, TINY_FACTOR, TINY_LENGTH};
use super::profiles::{self, ByDepth, CIRCLE_ROWS, Profile, Sampled};
use super::rectangle::{
    COMPOSITE_LID, ClosedRectangle, OpenRectangle, RECTANGLE_LID, RectangleOverArc, RectangleOverTriangle,
    RectangleUnderArc,
};
use super::sizes::{self, ARCHES, ELLIPSES, Size};
use super::surveyed::SurveyedSection;
use super::transect::feet;
use super::{Shape, custom};
use crate::model::{CurveId, Model, StreetId, TransectId};
use crate::num::index::Id;
use crate::num::power::two_thirds;
use crate::units::{FOOT, Units};

impl CrossSection {
    /// Compiles one shape. Transects, streets and shape curves are taken from the model; a
    /// [`Compiler`] shares their tables between sections.
    ///
    /// # Errors
    /// [`SectionError`] for a shape that EPA SWMM refuses.
    pub fn new(shape: &Shape, model: &Model) -> Result<Self, SectionError> {
        Compiler::new(model).compile(shape)
    }
}

/// Compiles the shapes of one model. Sections of the same transect, street or shape curve share one
/// set of tables.
#[derive(Debug)]
pub struct Compiler<'a> {
    model: &'a Model,
    transects: HashMap<TransectId, Arc<SurveyedSection>>,
    streets: HashMap<StreetId, Arc<SurveyedSection>>,
    curves: HashMap<CurveId, Arc<SurveyedSection>>,
}

impl<'a> Compiler<'a> {
    /// A compiler of the shapes of `model`.
    pub fn new(model: &'a Model) -> Self {
        Self { model, transects: HashMap::new(), streets: HashMap::new(), curves: HashMap::new() }
    }

    /// Compiles a shape.
    ///
    /// # Errors
    /// [`SectionError`] for a shape that EPA SWMM refuses.
    pub fn compile(&mut self, shape: &Shape) -> Result<CrossSection, SectionError> {
        let mut section = match *shape {
            Shape::Irregular(id) => surveyed(self.transect(id)?, 1.0),
            Shape::Street(id) => surveyed(self.street(id)?, 1.0),
            Shape::Custom { height, curve } => {
                let [height] = positive("custom", [("height", height)])?;
                surveyed(self.curve(curve)?, height)
            }
            _ => regular(shape)?,
        };
        let (depth_ft, sediment_ft) = depth_and_sediment_in_feet(shape, &section, &self.model.units);
        if search_falls_short(depth_ft, sediment_ft) {
            section.highest_critical_depth = section.full_depth.next_down();
        }
        Ok(section)
    }

    fn transect(&mut self, id: TransectId) -> Result<Arc<SurveyedSection>, SectionError> {
        if let Some(tables) = self.transects.get(&id) {
            return Ok(Arc::clone(tables));
        }
        let transects = &self.model.transects;
        let transect = transects.items().get(id.index()).ok_or(SectionError::Missing("transect"))?;
        let tables = transect
            .compile(&self.model.units)
            .map_err(|cause| SectionError::Transect { name: transects.name(id).to_owned(), cause })?;
        Ok(Arc::clone(self.transects.entry(id).or_insert(Arc::new(tables))))
    }

    fn street(&mut self, id: StreetId) -> Result<Arc<SurveyedSection>, SectionError> {
        if let Some(tables) = self.streets.get(&id) {
            return Ok(Arc::clone(tables));
        }
        let streets = &self.model.streets;
        let street = streets.items().get(id.index()).ok_or(SectionError::Missing("street"))?;
        let tables = street
            .compile(&self.model.units)
            .ok_or_else(|| SectionError::Street { name: streets.name(id).to_owned() })?;
        Ok(Arc::clone(self.streets.entry(id).or_insert(Arc::new(tables))))
    }

    fn curve(&mut self, id: CurveId) -> Result<Arc<SurveyedSection>, SectionError> {
        if let Some(tables) = self.curves.get(&id) {
            return Ok(Arc::clone(tables));
        }
        let curves = &self.model.curves;
        let curve = curves.items().get(id.index()).ok_or(SectionError::Missing("curve"))?;
        let tables =
            custom::compile(curve).ok_or_else(|| SectionError::Curve { name: curves.name(id).to_owned() })?;
        Ok(Arc::clone(self.curves.entry(id).or_insert(Arc::new(tables))))
    }
}

/// EPA's full depth and depth of sediment in feet, to the last bit where that decides about the
/// critical depth.
fn depth_and_sediment_in_feet(shape: &Shape, section: &CrossSection, units: &Units) -> (f64, f64) {
    match *shape {
        Shape::FilledCircular { diameter, sediment } => {
            let sediment = feet(sediment, units);
            (feet(diameter, units) - sediment, sediment)
        }
        Shape::HorizontalEllipse { size, .. }
        | Shape::VerticalEllipse { size, .. }
        | Shape::Arch { size, .. }
            if size > 0 =>
        {
            // Standard sizes have whole or binary fractions of inches.
            let inches = (section.full_depth / FOOT * 12.0 * 10_000.0).round() / 10_000.0;
            (inches / 12.0, 0.0)
        }
        _ => (feet(section.full_depth, units), 0.0),
    }
}

/// A section by dimensions alone; [`Compiler::compile`] has taken those of the model's tables.
fn regular(shape: &Shape) -> Result<CrossSection, SectionError> {
    match *shape {
        Shape::Dummy => Ok(dummy()),
        Shape::Circular { diameter } => {
            let [diameter] = positive("circular", [("diameter", diameter)])?;
            Ok(circle(diameter))
        }
        Shape::ForceMain { diameter, roughness } => {
            let [diameter, _] = positive("force main", [("diameter", diameter), ("roughness", roughness)])?;
            Ok(force_main(diameter))
        }
        Shape::FilledCircular { diameter, sediment } => filled_circle(diameter, sediment),
        Shape::RectangularClosed { height, width } => {
            let [height, width] = positive("closed rectangular", [("height", height), ("width", width)])?;
            Ok(closed_rectangle(height, width))
        }
        Shape::RectangularOpen { height, width, sides_removed } => {
            let [height, width] = positive("open rectangular", [("height", height), ("width", width)])?;
            if !(0.0..=2.0).contains(&sides_removed) {
                return Err(SectionError::Walls(sides_removed));
            }
            let channel = OpenRectangle { width, walls: 2.0 - sides_removed };
            let full = (channel.area(height), channel.radius(height));
            Ok(channel_of(height, width, full, Form::OpenRectangle(channel)))
        }
        Shape::Trapezoidal { height, bottom, left, right } => trapezoid(height, bottom, left, right),
        Shape::Triangular { height, top } => {
            let [height, top] = positive("triangular", [("height", height), ("top width", top)])?;
            let channel = Triangle::new(height, top);
            let full = (channel.area(height), channel.radius(height));
            Ok(channel_of(height, top, full, Form::Triangle(channel)))
        }
        Shape::Parabolic { height, top } => {
            let [height, top] = positive("parabolic", [("height", height), ("top width", top)])?;
            let channel = Parabola::new(height, top);
            let full = (2.0 / 3.0 * height * top, channel.radius(height));
            Ok(channel_of(height, top, full, Form::Parabola(channel)))
        }
        Shape::Power { height, top, exponent } => {
            let [height, top, exponent] =
                positive("power", [("height", height), ("top width", top), ("exponent", exponent)])?;
            let channel = PowerFunction::new(height, top, exponent);
            let full = (channel.full_area(), channel.radius(height));
            Ok(channel_of(height, top, full, Form::PowerFunction(channel)))
        }
        Shape::RectangularTriangular { height, top, triangle } => {
            rectangle_over_triangle(height, top, triangle)
        }
        Shape::RectangularRound { height, top, radius } => rectangle_over_arc(height, top, radius),
        Shape::ModifiedBasketHandle { height, bottom, radius } => rectangle_under_arc(height, bottom, radius),
        Shape::HorizontalEllipse { height, width, size } => {
            let tables = &profiles::HORIZONTAL_ELLIPSE;
            if size > 0 {
                let size = standard("elliptical", &ELLIPSES, size)?;
                return Ok(commercial(size.height_in, size.width_in, size, tables));
            }
            let [height, width] = positive("horizontal elliptical", [("height", height), ("width", width)])?;
            Ok(sampled(height, width, (1.2692 * height * height, 0.3061 * height), tables))
        }
        Shape::VerticalEllipse { height, width, size } => {
            let tables = &profiles::VERTICAL_ELLIPSE;
            if size > 0 {
                let size = standard("elliptical", &ELLIPSES, size)?;
                return Ok(commercial(size.width_in, size.height_in, size, tables));
            }
            let [height, width] = positive("vertical elliptical", [("height", height), ("width", width)])?;
            Ok(sampled(height, width, (1.2692 * width * width, 0.3061 * width), tables))
        }
        Shape::Arch { height, width, size } => {
            let tables = &profiles::ARCH;
            if size > 0 {
                let size = standard("arch", &ARCHES, size)?;
                return Ok(commercial(size.height_in, size.width_in, size, tables));
            }
            let [height, width] = positive("arch", [("height", height), ("width", width)])?;
            Ok(sampled(height, width, (0.7879 * height * width, 0.2991 * height), tables))
        }
        Shape::Egg { height } => profile("egg-shaped", height, &profiles::EGG),
        Shape::Horseshoe { height } => profile("horseshoe", height, &profiles::HORSESHOE),
        Shape::Gothic { height } => profile("Gothic", height, &profiles::GOTHIC),
        Shape::Catenary { height } => profile("catenary", height, &profiles::CATENARY),
        Shape::SemiElliptical { height } => profile("semi-elliptical", height, &profiles::SEMI_ELLIPSE),
        Shape::BasketHandle { height } => profile("basket handle", height, &profiles::BASKET_HANDLE),
        Shape::SemiCircular { height } => profile("semicircular", height, &profiles::SEMICIRCLE),
        Shape::Irregular(_) => Err(SectionError::Missing("transect")),
        Shape::Street(_) => Err(SectionError::Missing("street")),
        Shape::Custom { .. } => Err(SectionError::Missing("curve")),
    }
}

/// The dimensions, if all of them are above 0.
fn positive<const N: usize>(
    shape: &'static str,
    dimensions: [(&'static str, f64); N],
) -> Result<[f64; N], SectionError> {
    for (what, value) in dimensions {
        if !(value > 0.0 && value.is_finite()) {
            return Err(SectionError::NotPositive { shape, what, value });
        }
    }
    Ok(dimensions.map(|(_, value)| value))
}

/// The dimensions, if none of them is below 0.
fn not_negative<const N: usize>(
    shape: &'static str,
    dimensions: [(&'static str, f64); N],
) -> Result<[f64; N], SectionError> {
    for (what, value) in dimensions {
        if !(value >= 0.0 && value.is_finite()) {
            return Err(SectionError::Negative { shape, what, value });
        }
    }
    Ok(dimensions.map(|(_, value)| value))
}

/// A section by its full depth, largest width and the depth of that, its full area and hydraulic
/// radius. The largest section factor is that of the full section unless the shape says otherwise.
fn section(
    depth: f64,
    (width, depth_at_width): (f64, f64),
    (area, radius): (f64, f64),
    form: Form,
) -> CrossSection {
    let factor = area * two_thirds(radius);
    let entries = match &form {
        Form::Circle => CIRCLE_ROWS.len(),
        Form::Profile(Profile { by_depth: ByDepth::All(rows), .. }) => rows.len(),
        Form::Sampled(tables) => tables.rows.len(),
        Form::Surveyed(tables) => tables.rows.len(),
        _ => 1,
    };
    CrossSection {
        full_depth: depth,
        max_width: width,
        depth_at_max_width: depth_at_width,
        full_area: area,
        full_radius: radius,
        full_section_factor: factor,
        max_section_factor: factor,
        intervals_per_metre: (entries - 1) as f64 / depth,
        highest_critical_depth: depth,
        form,
    }
}

/// A section that is widest at its top.
fn channel_of(height: f64, top: f64, full: (f64, f64), form: Form) -> CrossSection {
    section(height, (top, height), full, form)
}

fn dummy() -> CrossSection {
    CrossSection {
        full_section_factor: TINY_FACTOR,
        max_section_factor: TINY_FACTOR,
        ..section(TINY_LENGTH, (TINY_LENGTH, 0.0), (TINY_AREA, TINY_LENGTH), Form::Dummy)
    }
}

fn circle(diameter: f64) -> CrossSection {
    let full = (PI / 4.0 * diameter * diameter, 0.25 * diameter);
    let mut section = section(diameter, (diameter, 0.5 * diameter), full, Form::Circle);
    section.max_section_factor = 1.08 * section.full_section_factor;
    section
}

fn force_main(diameter: f64) -> CrossSection {
    let mut section = circle(diameter);
    let radius_ft = section.full_radius / FOOT;
    section.full_section_factor = section.full_area * radius_ft.powf(0.63) * FOOT_TWO_THIRDS;
    section.max_section_factor = 1.06949 * section.full_section_factor;
    section
}

fn filled_circle(diameter: f64, sediment: f64) -> Result<CrossSection, SectionError> {
    let shape = "filled circular";
    let [diameter] = positive(shape, [("diameter", diameter)])?;
    let [sediment] = not_negative(shape, [("depth of sediment", sediment)])?;
    if sediment >= diameter {
        return Err(SectionError::FilledUp { sediment, diameter });
    }
    let pipe = FilledCircle::new(diameter, sediment);
    let depth = diameter - sediment;
    let full = (pipe.full_area(), pipe.full_radius());
    let mut section = section(depth, (diameter, 0.5 * depth), full, Form::FilledCircle(Arc::new(pipe)));
    section.max_section_factor = 1.08 * section.full_section_factor;
    Ok(section)
}

fn closed_rectangle(height: f64, width: f64) -> CrossSection {
    let pipe = ClosedRectangle { height, width };
    let area = height * width;
    let full = (area, area / (2.0 * (height + width)));
    let lid_area = RECTANGLE_LID * area;
    CrossSection {
        max_section_factor: lid_area * two_thirds(pipe.radius_of_area(lid_area)),
        ..section(height, (width, height), full, Form::ClosedRectangle(pipe))
    }
}

fn trapezoid(height: f64, bottom: f64, left: f64, right: f64) -> Result<CrossSection, SectionError> {
    let shape = "trapezoidal";
    let [height] = positive(shape, [("height", height)])?;
    let [bottom, left, right] =
        not_negative(shape, [("bottom width", bottom), ("left slope", left), ("right slope", right)])?;
    if bottom == 0.0 && left + right == 0.0 {
        return Err(SectionError::NoWidth);
    }
    let channel = Trapezoid::new(bottom, left, right);
    let full = (channel.area(height), channel.radius(height));
    Ok(channel_of(height, bottom + height * (left + right), full, Form::Trapezoid(channel)))
}

fn rectangle_over_triangle(height: f64, top: f64, triangle: f64) -> Result<CrossSection, SectionError> {
    let shape = "rectangular-triangular";
    let [height, top, triangle] =
        positive(shape, [("height", height), ("top width", top), ("height of the triangle", triangle)])?;
    let pipe = RectangleOverTriangle::new(height, top, triangle);
    if pipe.full_area <= 0.0 {
        return Err(SectionError::BottomTooHigh { triangle, height });
    }
    let full = (pipe.full_area, pipe.full_radius);
    let lid_area = COMPOSITE_LID * pipe.full_area;
    let max_section_factor = lid_area * two_thirds(pipe.radius_of_area(lid_area));
    let form = Form::RectangleOverTriangle(Arc::new(pipe));
    Ok(CrossSection { max_section_factor, ..section(height, (top, height), full, form) })
}

fn rectangle_over_arc(height: f64, top: f64, radius: f64) -> Result<CrossSection, SectionError> {
    let shape = "rectangular-round";
    let [height, top] = positive(shape, [("height", height), ("top width", top)])?;
    let pipe = RectangleOverArc::new(height, top, radius.max(top / 2.0));
    if pipe.bottom > height {
        return Err(SectionError::ArcTooHigh { shape, arc: pipe.bottom, height });
    }
    let full = (pipe.full_area, pipe.full_radius);
    let lid_area = COMPOSITE_LID * pipe.full_area;
    let max_section_factor = lid_area * two_thirds(pipe.radius_of_area(lid_area));
    let form = Form::RectangleOverArc(Arc::new(pipe));
    Ok(CrossSection { max_section_factor, ..section(height, (top, height), full, form) })
}

fn rectangle_under_arc(height: f64, bottom: f64, radius: f64) -> Result<CrossSection, SectionError> {
    let shape = "modified basket handle";
    let [height, bottom] = positive(shape, [("height", height), ("bottom width", bottom)])?;
    let pipe = RectangleUnderArc::new(height, bottom, radius.max(bottom / 2.0));
    if pipe.walls < 0.0 {
        return Err(SectionError::ArcTooHigh { shape, arc: height - pipe.walls, height });
    }
    let (widest, full) = ((bottom, pipe.walls), (pipe.full_area, pipe.full_radius));
    let mut section = section(height, widest, full, Form::RectangleUnderArc(Arc::new(pipe)));
    section.max_section_factor = section.section_factor(section.area_at_max_section_factor());
    Ok(section)
}

fn profile(
    shape: &'static str,
    height: f64,
    profile: &'static Profile,
) -> Result<CrossSection, SectionError> {
    let [height] = positive(shape, [("height", height)])?;
    let widest = (profile.max_width * height, profile.depth_at_max_width * height);
    let full = (profile.full_area * height * height, profile.full_radius * height);
    let mut section = section(height, widest, full, Form::Profile(profile));
    section.max_section_factor = profile.max_section_factor * section.full_section_factor;
    Ok(section)
}

fn sampled(height: f64, width: f64, full: (f64, f64), tables: &'static Sampled) -> CrossSection {
    section(height, (width, tables.depth_at_max_width * height), full, Form::Sampled(tables))
}

/// The entry of a standard size.
fn standard(what: &'static str, sizes: &[Size], number: u32) -> Result<Size, SectionError> {
    sizes::find(sizes, number).ok_or(SectionError::NoSuchSize { what, number, largest: sizes.len() })
}

/// A commercial pipe `height_in` inches high and `width_in` inches wide.
fn commercial(height_in: f64, width_in: f64, size: Size, tables: &'static Sampled) -> CrossSection {
    let full = (size.area_ft2 * FOOT * FOOT, size.radius_ft * FOOT);
    sampled(height_in / 12.0 * FOOT, width_in / 12.0 * FOOT, full, tables)
}

/// A section by tables whose lengths are `unit` m long.
fn surveyed(tables: Arc<SurveyedSection>, unit: f64) -> CrossSection {
    let depth = tables.full_depth * unit;
    let widest = (tables.max_width * unit, depth * tables.relative_depth_at_max_width());
    let full = (tables.full_area * unit * unit, tables.full_radius * unit);
    let relative_max = tables.max_section_factor;
    let mut section = section(depth, widest, full, Form::Surveyed(tables));
    section.max_section_factor = relative_max * section.full_section_factor;
    section
}
