//! A cross-section compiled for the time loop.
//!
//! The laws and tables are EPA SWMM 5.2's (*Storm Water Management Model Reference Manual, Volume II:
//! Hydraulics*, EPA/600/R-17/111, chapter 5 and appendix), including its thresholds and its treatment
//! of nearly empty and nearly full sections.

use std::sync::Arc;

use super::channel::{Parabola, PowerFunction, Trapezoid, Triangle};
use super::circle::{self, FilledCircle};
use super::critical;
use super::profiles::{ByDepth, CIRCLE_ROWS, Profile, Sampled};
use super::rectangle::{
    COMPOSITE_LID, ClosedRectangle, OpenRectangle, RECTANGLE_LID, RectangleOverArc, RectangleOverTriangle,
    RectangleUnderArc,
};
use super::surveyed::SurveyedSection;
use super::table::{self, AREA, Interval, Place, RADIUS, WIDTH};
use crate::num::power::two_thirds;
use crate::num::root::newton_bracketed;
use crate::units::{FOOT, GRAVITY};

/// EPA's smallest length, 1e-6 ft, in m.
pub(super) const TINY_LENGTH: f64 = 1.0e-6 * FOOT;
/// EPA's smallest area of a section, 1e-6 ft², in m².
pub(super) const TINY_AREA: f64 = 1.0e-6 * FOOT * FOOT;
/// EPA's smallest section factor, 1e-6 ft^(8/3), in m^(8/3)
pub(super) const TINY_FACTOR: f64 = TINY_AREA * FOOT_TWO_THIRDS;
/// 0.3048^(2/3).
pub(super) const FOOT_TWO_THIRDS: f64 = 0.672_984_384_975_506_2 * 0.672_984_384_975_506_2;

/// Area, top width and hydraulic radius at one depth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Properties {
    /// Flow area, m².
    pub area: f64,
    /// Top width, m.
    pub width: f64,
    /// Hydraulic radius, m.
    pub radius: f64,
}

/// A cross-section of one barrel, compiled from its [`Shape`](super::Shape). SI units throughout.
#[derive(Clone, Debug)]
pub struct CrossSection {
    /// Full depth, m.
    pub full_depth: f64,
    /// Largest width, m.
    pub max_width: f64,
    /// Depth of the largest width, m.
    pub depth_at_max_width: f64,
    /// Full area, m².
    pub full_area: f64,
    /// Full hydraulic radius, m.
    pub full_radius: f64,
    /// Section factor A·R^(2/3) of the full section, m^(8/3).
    ///
    /// For a force main EPA takes A·R^0.63, in feet; the value here gives, with Manning's formula in
    /// SI, the flow that EPA's gives in US units.
    pub full_section_factor: f64,
    /// Largest section factor, m^(8/3).
    pub max_section_factor: f64,
    /// Intervals of the table against depth in one metre; 0 for shapes without one.
    pub(super) intervals_per_metre: f64,
    /// The highest depth that is searched for the critical depth: the full depth, or the number just
    /// below it where EPA's feet are rounded so.
    pub(super) highest_critical_depth: f64,
    pub(super) form: Form,
}

/// The compiled form of a shape.
#[derive(Clone, Debug)]
pub(super) enum Form {
    Dummy,
    Circle,
    FilledCircle(Arc<FilledCircle>),
    ClosedRectangle(ClosedRectangle),
    OpenRectangle(OpenRectangle),
    Trapezoid(Trapezoid),
    Triangle(Triangle),
    Parabola(Parabola),
    PowerFunction(PowerFunction),
    RectangleOverTriangle(Arc<RectangleOverTriangle>),
    RectangleOverArc(Arc<RectangleOverArc>),
    RectangleUnderArc(Arc<RectangleUnderArc>),
    /// Tables of depth and of section factor against area.
    Profile(&'static Profile),
    /// Tables of area, width and radius against depth only.
    Sampled(&'static Sampled),
    /// The same, of the user's.
    Surveyed(Arc<SurveyedSection>),
}

impl CrossSection {
    /// Whether the section is open at its top.
    pub fn is_open(&self) -> bool {
        match &self.form {
            Form::Dummy
            | Form::OpenRectangle(_)
            | Form::Trapezoid(_)
            | Form::Triangle(_)
            | Form::Parabola(_)
            | Form::PowerFunction(_) => true,
            Form::Surveyed(section) => section.open,
            _ => false,
        }
    }

    /// Manning's n of a transect or street, s/m^(1/3), which replaces that of the conduit; `None` for
    /// other shapes.
    pub fn roughness(&self) -> Option<f64> {
        match &self.form {
            Form::Surveyed(section) => section.roughness,
            _ => None,
        }
    }

    /// Length of a meandering channel over that of its floodplain, 1 for other shapes.
    ///
    /// EPA SWMM divides the conduit's length by it and multiplies its roughness by its square root.
    pub fn length_factor(&self) -> f64 {
        match &self.form {
            Form::Surveyed(section) => section.length_factor,
            _ => 1.0,
        }
    }

    /// The place of a depth in a table against depth.
    #[inline(always)]
    fn place<'a>(&self, rows: &'a [Interval], depth: f64) -> Option<Place<'a>> {
        // At the full depth the product below need not be the number of intervals to the last bit.
        let place =
            if depth >= self.full_depth { (rows.len() - 1) as f64 } else { depth * self.intervals_per_metre };
        Place::find(rows, place)
    }

    #[inline(always)]
    fn tabulated(&self, rows: &[Interval], depth: f64) -> Properties {
        match self.place(rows, depth) {
            Some(place) => {
                let [area, width, radius, _] = place.values();
                Properties {
                    area: self.full_area * area,
                    width: self.max_width * width,
                    radius: self.full_radius * radius,
                }
            }
            None => Properties { area: 0.0, width: 0.0, radius: 0.0 },
        }
    }

    /// Area, width and hydraulic radius at a depth (m), as [`CrossSection::area`],
    /// [`CrossSection::width`] and [`CrossSection::hydraulic_radius`] give them, from one look-up.
    #[inline]
    pub fn at_depth(&self, depth: f64) -> Properties {
        match &self.form {
            Form::Circle => self.tabulated(&CIRCLE_ROWS, depth),
            Form::Surveyed(section) => self.tabulated(&section.rows, depth),
            Form::Profile(Profile { by_depth: ByDepth::All(rows), .. }) => self.tabulated(rows, depth),
            Form::ClosedRectangle(pipe) => {
                Properties { area: pipe.area(depth), width: pipe.surface(depth), radius: pipe.radius(depth) }
            }
            Form::OpenRectangle(channel) => {
                Properties { area: channel.area(depth), width: channel.width, radius: channel.radius(depth) }
            }
            Form::Trapezoid(channel) => Properties {
                area: channel.area(depth),
                width: channel.width(depth),
                radius: channel.radius(depth),
            },
            // Three calls that return in registers: one that returned all three through memory would
            // keep the results of the branches above in memory too.
            _ => Properties {
                area: self.area_of_other(depth),
                width: self.width_of_other(depth),
                radius: self.radius_of_other(depth),
            },
        }
    }

    /// Flow area at a depth (m), m².
    #[inline]
    pub fn area(&self, depth: f64) -> f64 {
        let by_table = |rows| self.full_area * self.place(rows, depth).map_or(0.0, |place| place.value(AREA));
        match &self.form {
            Form::Circle => by_table(&CIRCLE_ROWS),
            _ => self.area_of_other(depth),
        }
    }

    #[inline(never)]
    fn area_of_other(&self, depth: f64) -> f64 {
        let by_table = |rows| self.full_area * self.place(rows, depth).map_or(0.0, |place| place.value(AREA));
        match &self.form {
            Form::Dummy => 0.0,
            Form::Circle => by_table(&CIRCLE_ROWS),
            Form::FilledCircle(pipe) => pipe.area(depth),
            Form::ClosedRectangle(pipe) => pipe.area(depth),
            Form::OpenRectangle(channel) => channel.area(depth),
            Form::Trapezoid(channel) => channel.area(depth),
            Form::Triangle(channel) => channel.area(depth),
            Form::Parabola(channel) => channel.area(depth),
            Form::PowerFunction(channel) => channel.area(depth),
            Form::RectangleOverTriangle(pipe) => pipe.area(depth),
            Form::RectangleOverArc(pipe) => pipe.area(depth),
            Form::RectangleUnderArc(pipe) => pipe.area(depth),
            Form::Profile(profile) => match &profile.by_depth {
                ByDepth::All(rows) => by_table(rows),
                ByDepth::Width(_) if depth <= 0.0 => 0.0,
                ByDepth::Width(_) => {
                    let table = profile.depth;
                    self.full_area * table::inverse(table.len(), |i| table[i], depth / self.full_depth)
                }
            },
            Form::Sampled(sampled) => by_table(sampled.rows),
            Form::Surveyed(section) => by_table(&section.rows),
        }
    }

    /// Top width at a depth (m), m.
    #[inline]
    pub fn width(&self, depth: f64) -> f64 {
        let by_table =
            |rows| self.max_width * self.place(rows, depth).map_or(0.0, |place| place.value(WIDTH));
        match &self.form {
            Form::Circle => by_table(&CIRCLE_ROWS),
            _ => self.width_of_other(depth),
        }
    }

    #[inline(never)]
    fn width_of_other(&self, depth: f64) -> f64 {
        let by_table =
            |rows| self.max_width * self.place(rows, depth).map_or(0.0, |place| place.value(WIDTH));
        match &self.form {
            Form::Dummy => 0.0,
            Form::Circle => by_table(&CIRCLE_ROWS),
            Form::FilledCircle(pipe) => pipe.width(depth),
            Form::ClosedRectangle(pipe) => pipe.surface(depth),
            Form::OpenRectangle(channel) => channel.width,
            Form::Trapezoid(channel) => channel.width(depth),
            Form::Triangle(channel) => channel.width(depth),
            Form::Parabola(channel) => channel.width(depth),
            Form::PowerFunction(channel) => channel.width(depth),
            Form::RectangleOverTriangle(pipe) => pipe.surface(depth),
            Form::RectangleOverArc(pipe) => pipe.surface(depth),
            Form::RectangleUnderArc(pipe) => pipe.surface(depth),
            Form::Profile(profile) => match &profile.by_depth {
                ByDepth::All(rows) => by_table(rows),
                ByDepth::Width(widths) => self.max_width * table::lookup(widths, depth / self.full_depth),
            },
            Form::Sampled(sampled) => by_table(sampled.rows),
            Form::Surveyed(section) => by_table(&section.rows),
        }
    }

    /// Hydraulic radius at a depth (m), m.
    #[inline]
    pub fn hydraulic_radius(&self, depth: f64) -> f64 {
        let by_table =
            |rows| self.full_radius * self.place(rows, depth).map_or(0.0, |place| place.value(RADIUS));
        match &self.form {
            Form::Circle => by_table(&CIRCLE_ROWS),
            _ => self.radius_of_other(depth),
        }
    }

    #[inline(never)]
    fn radius_of_other(&self, depth: f64) -> f64 {
        let by_table =
            |rows| self.full_radius * self.place(rows, depth).map_or(0.0, |place| place.value(RADIUS));
        match &self.form {
            Form::Dummy => 0.0,
            Form::Circle => by_table(&CIRCLE_ROWS),
            Form::FilledCircle(pipe) => pipe.radius(depth),
            Form::ClosedRectangle(pipe) => pipe.radius(depth),
            Form::OpenRectangle(channel) => channel.radius(depth),
            Form::Trapezoid(channel) => channel.radius(depth),
            Form::Triangle(channel) => channel.radius(depth),
            Form::Parabola(channel) => channel.radius(depth),
            Form::PowerFunction(channel) => channel.radius(depth),
            Form::RectangleOverTriangle(pipe) => pipe.radius(depth),
            Form::RectangleOverArc(pipe) => pipe.radius(depth),
            Form::RectangleUnderArc(pipe) => pipe.radius(depth),
            Form::Profile(profile) => match &profile.by_depth {
                ByDepth::All(rows) => by_table(rows),
                ByDepth::Width(_) => self.hydraulic_radius_of_area(self.area(depth)),
            },
            Form::Sampled(sampled) => by_table(sampled.rows),
            Form::Surveyed(section) => by_table(&section.rows),
        }
    }

    /// Depth (m) at an area (m²).
    pub fn depth(&self, area: f64) -> f64 {
        let ratio = area / self.full_area;
        let by_table =
            |rows: &[Interval]| self.full_depth * table::inverse(rows.len(), |i| rows[i].low[AREA], ratio);
        match &self.form {
            Form::Dummy => 0.0,
            Form::Circle => self.full_depth * circle::depth_ratio(ratio),
            Form::FilledCircle(pipe) => pipe.depth(area),
            Form::ClosedRectangle(pipe) => area / pipe.width,
            Form::OpenRectangle(channel) => area / channel.width,
            Form::Trapezoid(channel) => channel.depth(area),
            Form::Triangle(channel) => channel.depth(area),
            Form::Parabola(channel) => channel.depth(area),
            Form::PowerFunction(channel) => channel.depth(area),
            Form::RectangleOverTriangle(pipe) => pipe.depth(area),
            Form::RectangleOverArc(pipe) => pipe.depth(area),
            Form::RectangleUnderArc(pipe) => pipe.depth(area),
            Form::Profile(profile) => self.full_depth * table::lookup(profile.depth, ratio),
            Form::Sampled(sampled) => by_table(sampled.rows),
            Form::Surveyed(section) => by_table(&section.rows),
        }
    }

    /// Hydraulic radius (m) at an area (m²).
    pub fn hydraulic_radius_of_area(&self, area: f64) -> f64 {
        if area <= 0.0 {
            return 0.0;
        }
        match &self.form {
            Form::Dummy => 0.0,
            Form::ClosedRectangle(pipe) => pipe.radius_of_area(area),
            Form::OpenRectangle(channel) => channel.radius_of_area(area),
            Form::Trapezoid(channel) => channel.radius_of_area(area),
            Form::Triangle(channel) => channel.radius_of_area(area),
            Form::Parabola(channel) => channel.radius_of_area(area),
            Form::PowerFunction(channel) => channel.radius_of_area(area),
            Form::RectangleOverTriangle(pipe) => pipe.radius_of_area(area),
            Form::RectangleOverArc(pipe) => pipe.radius_of_area(area),
            Form::RectangleUnderArc(pipe) => pipe.radius_of_area(area),
            Form::FilledCircle(_) | Form::Sampled(_) | Form::Surveyed(_) => {
                self.hydraulic_radius(self.depth(area))
            }
            Form::Circle | Form::Profile(_) => {
                let factor = self.section_factor(area);
                if factor < TINY_FACTOR || area < TINY_AREA { 0.0 } else { (factor / area).powf(1.5) }
            }
        }
    }

    /// Section factor A·R^(2/3) (m^(8/3)) at an area (m²).
    pub fn section_factor(&self, area: f64) -> f64 {
        let ratio = area / self.full_area;
        match &self.form {
            Form::Circle => self.full_section_factor * circle::factor_ratio(ratio),
            Form::Profile(profile) => self.full_section_factor * table::lookup(profile.section_factor, ratio),
            Form::ClosedRectangle(_) if ratio > RECTANGLE_LID => self.lid_factor(ratio, RECTANGLE_LID),
            Form::RectangleOverTriangle(_) | Form::RectangleOverArc(_) if ratio > COMPOSITE_LID => {
                self.lid_factor(ratio, COMPOSITE_LID)
            }
            Form::RectangleOverArc(pipe) if pipe.within_arc(area) => pipe.arc_section_factor(area),
            Form::ClosedRectangle(_)
            | Form::OpenRectangle(_)
            | Form::RectangleOverTriangle(_)
            | Form::RectangleOverArc(_) => area * two_thirds(self.hydraulic_radius_of_area(area)),
            _ => {
                let radius = self.hydraulic_radius_of_area(area);
                if radius < TINY_LENGTH { 0.0 } else { area * two_thirds(radius) }
            }
        }
    }

    /// Section factor above the area at which the lid begins to be wetted: linear from the largest to
    /// the full one.
    fn lid_factor(&self, ratio: f64, lid: f64) -> f64 {
        self.max_section_factor
            + (self.full_section_factor - self.max_section_factor) * (ratio - lid) / (1.0 - lid)
    }

    /// Derivative of the section factor by the area, m^(2/3), at an area (m²).
    pub fn section_factor_slope(&self, area: f64) -> f64 {
        let ratio = area / self.full_area;
        let lid_slope =
            |lid: f64| (self.full_section_factor - self.max_section_factor) / ((1.0 - lid) * self.full_area);
        // Closed forms divide by a power of the area.
        let wet = ratio > 1.0e-30;
        match &self.form {
            Form::Circle => {
                circle::factor_slope(self.full_depth, self.full_area, self.full_section_factor, area)
            }
            Form::Profile(profile) => {
                table::slope(profile.section_factor, ratio) * self.full_section_factor / self.full_area
            }
            Form::ClosedRectangle(_) if ratio > RECTANGLE_LID => lid_slope(RECTANGLE_LID),
            Form::RectangleOverTriangle(_) | Form::RectangleOverArc(_) if ratio > COMPOSITE_LID => {
                lid_slope(COMPOSITE_LID)
            }
            Form::ClosedRectangle(pipe) if wet => pipe.factor_slope(area),
            Form::OpenRectangle(channel) if wet => channel.factor_slope(area),
            Form::Trapezoid(channel) if wet => channel.factor_slope(area),
            Form::Triangle(channel) if wet => channel.factor_slope(area),
            Form::RectangleOverTriangle(pipe) if wet => pipe.factor_slope(area),
            Form::RectangleOverArc(pipe) if !pipe.within_arc(area) => pipe.factor_slope(area),
            Form::RectangleUnderArc(pipe) if wet && pipe.within_walls(area) => pipe.factor_slope(area),
            _ => {
                let low = f64::max(ratio - 0.001, 0.0) * self.full_area;
                let high = (ratio + 0.001) * self.full_area;
                (self.section_factor(high) - self.section_factor(low)) / (high - low)
            }
        }
    }

    /// Area (m²) of the largest section factor.
    pub fn area_at_max_section_factor(&self) -> f64 {
        let ratio = match &self.form {
            Form::Circle | Form::FilledCircle(_) => 0.9756,
            Form::ClosedRectangle(_) => RECTANGLE_LID,
            Form::RectangleOverTriangle(_) | Form::RectangleOverArc(_) => COMPOSITE_LID,
            Form::RectangleUnderArc(_) => 0.96,
            Form::Profile(profile) => profile.area_at_max_section_factor,
            Form::Sampled(sampled) => sampled.area_at_max_section_factor,
            Form::Surveyed(section) => section.area_at_max_section_factor,
            _ => 1.0,
        };
        ratio * self.full_area
    }

    /// Area (m²) of a section factor (m^(8/3)); of the largest one for larger ones.
    pub fn area_of_section_factor(&self, factor: f64) -> f64 {
        if factor <= 0.0 {
            return 0.0;
        }
        let limited = factor.min(self.max_section_factor);
        match &self.form {
            Form::Dummy => 0.0,
            Form::Circle => self.full_area * circle::area_ratio(limited / self.full_section_factor),
            Form::Profile(profile) => {
                let table = profile.section_factor;
                self.full_area * table::inverse(table.len(), |i| table[i], factor / self.full_section_factor)
            }
            _ => {
                let high = self.area_at_max_section_factor();
                let beyond_full = limited >= self.full_section_factor
                    && self.max_section_factor != self.full_section_factor;
                let low = if beyond_full { self.full_area } else { 0.0 };
                newton_bracketed(low, high, 0.5 * (low + high), 0.0001 * self.full_area, |area| {
                    (self.section_factor(area) - limited, self.section_factor_slope(area))
                })
            }
        }
    }

    /// Critical depth (m) of a flow (m³/s), at most the full depth; `A³/W = Q²/g` there.
    pub fn critical_depth(&self, flow: f64) -> f64 {
        let flow = flow.abs();
        let energy = flow * flow / GRAVITY;
        if energy == 0.0 {
            return 0.0;
        }
        let depth = match &self.form {
            Form::Dummy => 0.0,
            Form::OpenRectangle(_) | Form::ClosedRectangle(_) => {
                (energy / (self.max_width * self.max_width)).cbrt()
            }
            Form::Triangle(channel) => (2.0 * energy / (channel.slope * channel.slope)).powf(0.2),
            Form::Parabola(channel) => (27.0 / 32.0 * energy / (channel.spread * channel.spread)).powf(0.25),
            Form::PowerFunction(channel) => channel.critical_depth(energy),
            _ => critical::critical_depth(self, flow, energy),
        };
        depth.min(self.full_depth)
    }
}
