//! Sections given by tables of their own: surveyed transects, streets and custom shapes.

use super::table::{Interval, WIDTH, intervals};
use crate::num::power::two_thirds;

/// Entries of each table: fifty equal steps of depth, as in EPA SWMM 5.2.
pub(super) const ENTRIES: usize = 51;

/// Tables of a section against depth, relative to their values at full depth, and those values.
///
/// Lengths in m for transects and streets; relative to the full depth for custom shapes.
#[derive(Clone, Debug, PartialEq)]
pub struct SurveyedSection {
    /// Full depth.
    pub full_depth: f64,
    /// Width at full depth (the largest width for custom shapes).
    pub max_width: f64,
    /// Area at full depth.
    pub full_area: f64,
    /// Hydraulic radius at full depth, of the whole section with the channel's roughness.
    pub full_radius: f64,
    /// Largest section factor in the table, relative to the full one.
    pub max_section_factor: f64,
    /// Area at the largest section factor, relative to the full area.
    pub area_at_max_section_factor: f64,
    /// Manning's n that goes with the hydraulic radius, s/m^(1/3); `None` for custom shapes.
    pub roughness: Option<f64>,
    /// Length of the meandering channel over that of its floodplain; 1 for none.
    pub length_factor: f64,
    /// Whether it is open at its top.
    pub open: bool,
    pub(super) rows: [Interval; ENTRIES],
}

/// Absolute tables of a section against depth, from which a [`SurveyedSection`] is made.
#[derive(Clone, Debug)]
pub(super) struct Tables {
    pub area: [f64; ENTRIES],
    pub width: [f64; ENTRIES],
    pub radius: [f64; ENTRIES],
}

impl Tables {
    /// Tables of nothing.
    pub const EMPTY: Self = Self { area: [0.0; ENTRIES], width: [0.0; ENTRIES], radius: [0.0; ENTRIES] };

    /// Largest section factor in the tables, and the area that has it, relative to the full ones.
    fn max_section_factor(&self) -> (f64, f64) {
        let factor = |i: usize| self.area[i] * two_thirds(self.radius[i]);
        let full = ENTRIES - 1;
        let max = (1..=full).fold(0, |max, i| if factor(i) > factor(max) { i } else { max });
        (factor(max) / factor(full), self.area[max] / self.area[full])
    }

    /// The section of these tables, whose lengths are `unit` m long; `max_width` in the same unit.
    ///
    /// `None` when it has no area, width or hydraulic radius at full depth.
    pub fn section(mut self, full_depth: f64, max_width: f64, unit: f64) -> Option<SurveyedSection> {
        let full_area = self.area[ENTRIES - 1];
        let full_radius = self.radius[ENTRIES - 1];
        let usable = |value: f64| value > 0.0 && value.is_finite();
        if !(usable(full_depth) && usable(full_area) && usable(full_radius) && usable(max_width)) {
            return None;
        }
        let (max_section_factor, area_at_max_section_factor) = self.max_section_factor();
        for (column, full) in
            [(&mut self.area, full_area), (&mut self.width, max_width), (&mut self.radius, full_radius)]
        {
            column.iter_mut().for_each(|value| *value /= full);
        }
        Some(SurveyedSection {
            full_depth: full_depth * unit,
            max_width: max_width * unit,
            full_area: full_area * unit * unit,
            full_radius: full_radius * unit,
            max_section_factor,
            area_at_max_section_factor,
            roughness: None,
            length_factor: 1.0,
            open: true,
            rows: intervals(&self.area, &self.width, &self.radius),
        })
    }
}

impl SurveyedSection {
    /// Depth, relative to the full depth, from which on the section gets narrower.
    pub(super) fn relative_depth_at_max_width(&self) -> f64 {
        let narrowing = self.rows.iter().position(|row| row.gain[WIDTH] < 0.0);
        narrowing.unwrap_or(ENTRIES - 1) as f64 / (ENTRIES - 1) as f64
    }
}
