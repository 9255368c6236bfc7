//! Surveyed cross-sections (HEC-2 format), as data, and their tables.

use super::surveyed::{ENTRIES, SurveyedSection, Tables};
use super::table::WIDTH;
use crate::units::{FOOT, Units};

/// A surveyed cross-section. Lengths in m; the factor on stations is not applied yet.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Transect {
    /// Manning's n of the left overbank; 0 for that of the channel.
    pub roughness_left: f64,
    /// Manning's n of the right overbank; 0 for that of the channel.
    pub roughness_right: f64,
    /// Manning's n of the channel.
    pub roughness_channel: f64,
    /// Station of the left bank, m, as written apart from the unit.
    pub left_bank: f64,
    /// Station of the right bank, m, as written apart from the unit.
    pub right_bank: f64,
    /// Width factor of stations; 0 or 1 for none.
    pub width_factor: f64,
    /// Ratio of the meandering channel's length to the floodplain's; 0 or 1 for none.
    pub length_factor: f64,
    /// Added to elevations, m, as written apart from the unit; it moves the section as a whole.
    pub elevation_offset: f64,
    /// Stations, m, as written apart from the unit.
    pub stations: Vec<f64>,
    /// Elevations, m, as written apart from the unit.
    pub elevations: Vec<f64>,
}

/// Largest number of stations, one less than EPA SWMM 5.2's array.
pub const MAX_STATIONS: usize = 1499;

/// Why a transect has no tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransectError {
    /// Fewer than two stations (EPA's error 223).
    #[error("it has fewer than two stations")]
    TooFewStations,
    /// More than [`MAX_STATIONS`] (EPA's error 225).
    #[error("it has more than {MAX_STATIONS} stations")]
    TooManyStations,
    /// No Manning's n of the channel (EPA's error 227).
    #[error("Manning's n of its channel is missing or not positive")]
    NoRoughness,
    /// Left bank to the right of the right bank (EPA's error 229).
    #[error("its left bank lies to the right of its right bank")]
    BanksCrossed,
    /// All elevations equal, or a section that holds no water (EPA's error 231).
    #[error("all its stations have the same elevation")]
    NoDepth,
    /// A station to the left of the one before (EPA's error 221).
    #[error("its stations do not go from left to right")]
    OutOfSequence,
}

impl TransectError {
    /// EPA's error number.
    pub fn code(self) -> u16 {
        match self {
            Self::OutOfSequence => 221,
            Self::TooFewStations => 223,
            Self::TooManyStations => 225,
            Self::NoRoughness => 227,
            Self::BanksCrossed => 229,
            Self::NoDepth => 231,
        }
    }
    /// What would be right.
    pub fn help(self) -> &'static str {
        match self {
            Self::OutOfSequence => "give stations in increasing order from left to right",
            Self::TooFewStations => "give at least two stations on GR lines",
            Self::TooManyStations => "leave out stations where the ground is straight",
            Self::NoRoughness => "give a positive channel roughness on the NC line",
            Self::BanksCrossed => "give the left bank's station first on the X1 line",
            Self::NoDepth => "the section needs stations of different elevation with water between them",
        }
    }
}

impl Transect {
    /// The tables of a transect, lengths in m.
    ///
    /// Its ends are walled up to the highest station. The hydraulic radius in the tables is that
    /// which gives, with the channel's n, the sum of the flows of left overbank, channel and right
    /// overbank. Where the channel meanders (`length_factor` L), the channel's n is raised to `n √L`.
    ///
    /// # Errors
    /// [`TransectError`] for a survey that has no tables.
    pub fn compile(&self, units: &Units) -> Result<SurveyedSection, TransectError> {
        let count = self.stations.len().min(self.elevations.len());
        if count < 2 {
            return Err(TransectError::TooFewStations);
        }
        if count > MAX_STATIONS {
            return Err(TransectError::TooManyStations);
        }
        if self.roughness_channel.is_nan() || self.roughness_channel <= 0.0 {
            return Err(TransectError::NoRoughness);
        }
        let one_for_none = |factor: f64| if factor == 0.0 { 1.0 } else { factor };
        let width_factor = one_for_none(self.width_factor);
        let length_factor = one_for_none(self.length_factor);
        let station = |metres: f64| feet(metres * width_factor, units);
        let (left_bank, right_bank) = (station(self.left_bank), station(self.right_bank));
        if left_bank > right_bank {
            return Err(TransectError::BanksCrossed);
        }
        let mut ground: Vec<(f64, f64)> = Vec::with_capacity(count + 2);
        let (mut lowest, mut highest) = (f64::INFINITY, f64::NEG_INFINITY);
        let offset = feet(self.elevation_offset, units);
        for (&x, &z) in self.stations.iter().zip(&self.elevations) {
            let (x, z) = (station(x), raised(z, offset, units));
            (lowest, highest) = (z.min(lowest), z.max(highest));
            ground.push((x, z));
        }
        if ground.windows(2).any(|pair| pair[1].0 < pair[0].0) {
            return Err(TransectError::OutOfSequence);
        }
        if lowest >= highest {
            return Err(TransectError::NoDepth);
        }
        ground.insert(0, (ground[0].0, highest));
        ground.push((ground[count].0, highest));
        let or_channel = |n: f64| if n == 0.0 { self.roughness_channel } else { n };
        let survey = Survey {
            ground,
            left_bank,
            right_bank,
            left: or_channel(self.roughness_left),
            right: or_channel(self.roughness_right),
            channel: self.roughness_channel * length_factor.sqrt(),
        };
        let section = survey.section(lowest, highest).ok_or(TransectError::NoDepth)?;
        Ok(SurveyedSection { roughness: Some(self.roughness_channel), length_factor, ..section })
    }
}

/// Feet of a length in m that was written in `units`.
///
/// Tables of surveyed sections are computed in feet from the digits that the user wrote. Flat ground
/// is under water or not by a comparison of its level with the water's, often by the last bit: only
/// the same numbers give EPA's decision.
pub(super) fn feet(metres: f64, units: &Units) -> f64 {
    written(metres, units) / (FOOT / units.length)
}

/// Feet of an elevation in m raised by an offset in feet. EPA SWMM 5.2 converts the offset twice,
/// which moves the whole section and changes nothing but its last bits.
fn raised(elevation: f64, offset: f64, units: &Units) -> f64 {
    (written(elevation, units) + offset) / (FOOT / units.length)
}

/// A length in m as the user wrote it, ft or m.
fn written(metres: f64, units: &Units) -> f64 {
    let written = metres / units.length;
    if units.is_si() {
        return written;
    }
    // Fifteen digits hold what was written; the last bit of the division need not.
    format!("{written:.14e}").parse().unwrap_or(written)
}

/// Ground of a section from left to right, in feet, walled up at both ends, with Manning's n.
#[derive(Clone, Debug)]
pub(super) struct Survey {
    /// Station and elevation of each point.
    pub ground: Vec<(f64, f64)>,
    /// Station of the left bank.
    pub left_bank: f64,
    /// Station of the right bank.
    pub right_bank: f64,
    /// Manning's n to the left of the left bank.
    pub left: f64,
    /// Manning's n to the right of the right bank.
    pub right: f64,
    /// Manning's n between the banks.
    pub channel: f64,
}

impl Survey {
    /// The section from its lowest to its highest elevation; `None` when it holds no water.
    pub fn section(&self, lowest: f64, highest: f64) -> Option<SurveyedSection> {
        let mut tables = Tables::EMPTY;
        let step = (highest - lowest) / (ENTRIES - 1) as f64;
        let mut level = lowest;
        for i in 1..ENTRIES {
            level += step;
            let wetted = self.below(level);
            tables.area[i] = wetted.area;
            tables.width[i] = wetted.width;
            tables.radius[i] = match wetted.area {
                0.0 => tables.radius[i - 1],
                area => self.composite_radius(wetted.conveyance, area),
            };
        }
        let full_width = tables.width[ENTRIES - 1];
        let mut section = tables.section(highest - lowest, full_width, FOOT)?;
        // The bottom is as wide as the first step above it.
        section.rows[0].low[WIDTH] = section.rows[1].low[WIDTH];
        section.rows[0].gain[WIDTH] = 0.0;
        Some(section)
    }

    /// `R = (n_c Σ(A_i R_i^(2/3) / n_i) / A)^(3/2)`: the hydraulic radius that gives the sum of the
    /// flows with the channel's roughness n_c. EPA's engine takes the Manning constant 1.486 for the
    /// flows and 1.49 for the radius, and so does this.
    fn composite_radius(&self, conveyance: f64, area: f64) -> f64 {
        (conveyance * self.channel * (1.486 / 1.49) / area).powf(1.5)
    }

    /// What lies below a water level.
    fn below(&self, level: f64) -> Wetted {
        let mut sum = Wetted { width: 0.0, area: 0.0, conveyance: 0.0 };
        let (mut part_area, mut part_perimeter) = (0.0, 0.0);
        for k in 1..self.ground.len() {
            let (left, right) = (self.ground[k - 1], self.ground[k]);
            if left.1.min(right.1) >= level {
                continue;
            }
            let slice = Slice::new(left, right, level);
            sum.area += slice.area;
            sum.width += slice.width;
            part_area += slice.area;
            part_perimeter += slice.perimeter;
            if right.1 >= level || self.part_ends(k) {
                let conveyance = part_area * (part_area / part_perimeter).powf(2.0 / 3.0) / self.roughness(k);
                if conveyance > 0.0 {
                    sum.conveyance += conveyance;
                    (part_area, part_perimeter) = (0.0, 0.0);
                }
            }
        }
        sum
    }

    /// Whether a part of one roughness ends with the slice before point `k`: at the last surveyed
    /// point, and at a bank where the roughness changes and the ground is not upright.
    fn part_ends(&self, k: usize) -> bool {
        let station = self.ground[k].0;
        if k + 2 == self.ground.len() {
            true
        } else if station == self.left_bank {
            self.left != self.channel && station != self.ground[k - 1].0
        } else if station == self.right_bank {
            let next = self.ground.get(k + 1).map(|point| point.0);
            self.right != self.channel && next.is_some_and(|next| station != next)
        } else {
            false
        }
    }

    /// Manning's n of the slice before point `k`.
    fn roughness(&self, k: usize) -> f64 {
        if self.ground[k].0 > self.right_bank {
            self.right
        } else if self.ground[k - 1].0 < self.left_bank {
            self.left
        } else {
            self.channel
        }
    }
}

/// What lies below a water level: width, area and the sum of `A R^(2/3) / n`.
struct Wetted {
    width: f64,
    area: f64,
    conveyance: f64,
}

/// What lies below a water level between two points of the ground.
struct Slice {
    width: f64,
    area: f64,
    perimeter: f64,
}

impl Slice {
    fn new(left: (f64, f64), right: (f64, f64), level: f64) -> Self {
        let (low, high) = if left.1 >= right.1 { (right.1, left.1) } else { (left.1, right.1) };
        let width = (right.0 - left.0).abs();
        let perimeter = (width * width + (high - low) * (high - low)).sqrt();
        if level > high {
            Self { width, area: width * ((level - high) + (level - low)) / 2.0, perimeter }
        } else if high > low {
            let part = (level - low) / (high - low);
            Self {
                width: width * part,
                area: width * (high - low) / 2.0 * part * part,
                perimeter: perimeter * part,
            }
        } else {
            Self { width, area: 0.0, perimeter }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::FlowUnits;

    fn rectangle() -> Transect {
        Transect {
            roughness_channel: 0.03,
            left_bank: 0.0,
            right_bank: 10.0,
            stations: vec![0.0, 0.0, 10.0, 10.0],
            elevations: vec![2.0, 0.0, 0.0, 2.0],
            ..Transect::default()
        }
    }

    fn metric() -> Units {
        Units::new(FlowUnits::Cms)
    }

    #[test]
    fn a_surveyed_rectangle_is_a_rectangle() {
        let section = rectangle().compile(&metric()).unwrap();
        assert!((section.full_depth - 2.0).abs() < 1e-12);
        assert!((section.full_area - 20.0).abs() < 1e-12);
        assert!((section.max_width - 10.0).abs() < 1e-12);
        // EPA's two Manning constants show in the radius.
        let radius = 20.0 / 14.0 * (1.486_f64 / 1.49).powf(1.5);
        assert!((section.full_radius - radius).abs() < 1e-12);
        assert_eq!(section.roughness, Some(0.03));
    }

    #[test]
    fn rough_overbanks_carry_less_than_their_area() {
        let mut transect = Transect {
            stations: vec![0.0, 0.0, 20.0, 20.0, 30.0, 30.0, 50.0, 50.0],
            elevations: vec![3.0, 2.0, 2.0, 0.0, 0.0, 2.0, 2.0, 3.0],
            left_bank: 20.0,
            right_bank: 30.0,
            ..rectangle()
        };
        let smooth = transect.compile(&metric()).unwrap();
        transect.roughness_left = 0.1;
        transect.roughness_right = 0.1;
        let rough = transect.compile(&metric()).unwrap();
        assert_eq!(smooth.full_area, rough.full_area);
        // Left 20 over 21 m, channel 30 over 14 m, right 20 over 20 m: its wall is left out, as in EPA.
        let conveyance = |n: f64, a: f64, p: f64| a * (a / p).powf(2.0 / 3.0) / n;
        let sum = conveyance(0.1, 20.0, 21.0) + conveyance(0.03, 30.0, 14.0) + conveyance(0.1, 20.0, 21.0);
        let radius = (sum * 0.03 / 70.0 * (1.486 / 1.49)).powf(1.5);
        assert!((rough.full_radius / radius - 1.0).abs() < 0.01, "{} {radius}", rough.full_radius);
        assert!(rough.full_radius < smooth.full_radius);
    }

    #[test]
    fn a_width_factor_widens_and_a_length_factor_roughens_the_channel() {
        let plain = rectangle().compile(&metric()).unwrap();
        let wide = Transect { width_factor: 2.0, ..rectangle() }.compile(&metric()).unwrap();
        assert!((wide.full_area / plain.full_area - 2.0).abs() < 1e-12);
        let long =
            Transect { length_factor: 4.0, roughness_left: 0.03, roughness_right: 0.03, ..rectangle() };
        let long = long.compile(&metric()).unwrap();
        assert_eq!(long.length_factor, 4.0);
        assert_eq!(long.roughness, Some(0.03));
    }

    #[test]
    fn feet_have_the_digits_that_were_written() {
        let us = Units::new(FlowUnits::Cfs);
        for k in 1..20_000 {
            let written: f64 = f64::from(k) / 100.0;
            assert_eq!(feet(written * us.length, &us), written);
        }
    }

    #[test]
    fn a_wrong_survey_says_what_is_wrong() {
        let error = |transect: Transect| transect.compile(&metric()).unwrap_err();
        assert_eq!(error(Transect { stations: vec![1.0], elevations: vec![1.0], ..rectangle() }).code(), 223);
        let many = vec![1.0; 1500];
        assert_eq!(error(Transect { stations: many.clone(), elevations: many, ..rectangle() }).code(), 225);
        assert_eq!(error(Transect { roughness_channel: 0.0, ..rectangle() }).code(), 227);
        assert_eq!(error(Transect { left_bank: 11.0, ..rectangle() }).code(), 229);
        assert_eq!(error(Transect { elevations: vec![1.0; 4], ..rectangle() }).code(), 231);
        assert_eq!(error(Transect { stations: vec![0.0, 2.0, 1.0, 3.0], ..rectangle() }).code(), 221);
    }
}
