//! Street cross-sections, as data, and their tables.

use super::surveyed::SurveyedSection;
use super::transect::{Survey, feet};
use crate::units::Units;

/// A street: half or whole, with gutter and optional backing. Lengths in m.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Street {
    /// Distance from curb to crown.
    pub width: f64,
    /// Height of the curb.
    pub curb: f64,
    /// Cross slope, a fraction.
    pub cross_slope: f64,
    /// Manning's n of the road.
    pub roughness: f64,
    /// Depression of the gutter.
    pub gutter_depression: f64,
    /// Width of the depressed gutter.
    pub gutter_width: f64,
    /// 1 or 2 sides.
    pub sides: u32,
    /// Width of the backing; 0 for none.
    pub back_width: f64,
    /// Slope of the backing, a fraction.
    pub back_slope: f64,
    /// Manning's n of the backing.
    pub back_roughness: f64,
}

impl Street {
    /// The tables of a street, lengths in m.
    ///
    /// From left to right: top of the backing, top and foot of the curb, edge of the depressed
    /// gutter, crown; then the same to the right, or a wall at the crown of half a street.
    ///
    /// `None` for a street that holds no water.
    pub fn compile(&self, units: &Units) -> Option<SurveyedSection> {
        let [back, gutter, road, curb, depression] =
            [self.back_width, self.gutter_width, self.width, self.curb, self.gutter_depression]
                .map(|length| feet(length, units));
        let gutter_edge = depression + self.cross_slope * gutter;
        let curb_top = curb + depression;
        let crown = gutter_edge + self.cross_slope * (road - gutter);
        let highest = f64::max(self.back_slope * back + curb_top, crown);
        let mut ground = vec![
            (0.0, highest),
            (back, curb_top),
            (back, 0.0),
            (back + gutter, gutter_edge),
            (back + road, crown),
        ];
        if self.sides == 1 {
            ground.push((back + road, highest));
        } else {
            let edge = back + road + (road - gutter);
            let foot = edge + gutter;
            ground.extend([(edge, gutter_edge), (foot, 0.0), (foot, curb_top), (foot + back, highest)]);
        }
        let last = ground.len() - 1;
        let (left_bank, right_bank, overbank) = if back == 0.0 {
            (0.0, ground[last].0, self.roughness)
        } else {
            let right_curb = if self.sides == 1 { last } else { last - 1 };
            (back, ground[right_curb].0, self.back_roughness)
        };
        let survey = Survey {
            ground,
            left_bank,
            right_bank,
            left: overbank,
            right: overbank,
            channel: self.roughness,
        };
        let section = survey.section(0.0, highest)?;
        // EPA takes the full area as that of the largest section factor of streets.
        Some(SurveyedSection { roughness: Some(self.roughness), area_at_max_section_factor: 1.0, ..section })
    }
}
