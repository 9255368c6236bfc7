//! Unit systems, converted at the border: SI inside, the user's units in files.
//!
//! The factors are EPA SWMM 5.2's own (`Ucf` and `Qcf` of its engine), through its foot:
//! `SI = user / Ucf · 0.3048^k`. They are not all exact (SWMM's cubic metre is 1/0.02832 ft³), but a
//! model that was calibrated in SWMM then gives the same numbers here.

/// Metres in a foot.
pub const FOOT: f64 = 0.3048;
/// Cubic metres in a cubic foot.
pub const CUBIC_FOOT: f64 = FOOT * FOOT * FOOT;
/// Acceleration of gravity of SWMM's routing, 32.2 ft/s², in m/s².
pub const GRAVITY: f64 = 32.2 * FOOT;
/// SWMM's Manning constant, 1.486 ft^(1/3)/s, in m^(1/3)/s.
pub const MANNING: f64 = 1.486 * 0.672_984_384_975_506_2;
/// SWMM's smallest depth, area, flow and volume ("FUDGE"): 0.0001 ft as a depth in m.
pub const TINY_DEPTH: f64 = 0.0001 * FOOT;
/// 0.0001 ft² in m², see [`TINY_DEPTH`].
pub const TINY_AREA: f64 = 0.0001 * FOOT * FOOT;
/// 0.0001 ft³/s in m³/s, see [`TINY_DEPTH`].
pub const TINY_FLOW: f64 = 0.0001 * CUBIC_FOOT;
/// 0.0001 ft³ in m³, see [`TINY_DEPTH`].
pub const TINY_VOLUME: f64 = 0.0001 * CUBIC_FOOT;

/// The unit in which a model states its flows; it also decides between US and SI for the rest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FlowUnits {
    /// Cubic feet per second.
    #[default]
    Cfs,
    /// US gallons per minute.
    Gpm,
    /// Million US gallons per day.
    Mgd,
    /// Cubic metres per second.
    Cms,
    /// Litres per second.
    Lps,
    /// Million litres per day.
    Mld,
}

impl FlowUnits {
    /// All of them, in the order of SWMM's binary code.
    pub const ALL: [Self; 6] = [Self::Cfs, Self::Gpm, Self::Mgd, Self::Cms, Self::Lps, Self::Mld];
    /// The keyword in files.
    pub fn keyword(self) -> &'static str {
        ["CFS", "GPM", "MGD", "CMS", "LPS", "MLD"][self as usize]
    }
    /// Whether lengths are metres.
    pub fn is_si(self) -> bool {
        matches!(self, Self::Cms | Self::Lps | Self::Mld)
    }
}

/// Multipliers from the user's units to SI: `si = user * units.length`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Units {
    /// The flow unit that the rest follows from.
    pub flow_units: FlowUnits,
    /// Flow: m³/s in one user unit.
    pub flow: f64,
    /// Length, depth, elevation: m in one ft or m.
    pub length: f64,
    /// Plan area of ponds and sections: m² in one ft² or m².
    pub area: f64,
    /// Land area of subcatchments: m² in one acre or hectare.
    pub land_area: f64,
    /// Volume: m³ in one ft³ or (SWMM's) m³.
    pub volume: f64,
    /// Rain and infiltration rate: m/s in one in/h or mm/h.
    pub rain_rate: f64,
    /// Rain depth, depression storage: m in one in or mm.
    pub rain_depth: f64,
    /// Evaporation rate: m/s in one in/day or mm/day.
    pub evaporation_rate: f64,
}

impl Units {
    /// The multipliers that go with a flow unit.
    pub fn new(flow_units: FlowUnits) -> Self {
        let si = flow_units.is_si();
        let ucf = |us: f64, metric: f64| if si { metric } else { us };
        let qcf = [1.0, 448.831, 0.64632, 0.02832, 28.317, 2.4466][flow_units as usize];
        let length = FOOT / ucf(1.0, 0.3048);
        Self {
            flow_units,
            flow: CUBIC_FOOT / qcf,
            length,
            area: length * length,
            land_area: FOOT * FOOT / ucf(2.2956e-5, 0.92903e-5),
            volume: CUBIC_FOOT / ucf(1.0, 0.02832),
            rain_rate: FOOT / ucf(43_200.0, 1_097_280.0),
            rain_depth: FOOT / ucf(12.0, 304.8),
            evaporation_rate: FOOT / ucf(1_036_800.0, 26_334_720.0),
        }
    }
    /// Whether the user's lengths are metres.
    pub fn is_si(&self) -> bool {
        self.flow_units.is_si()
    }
}

impl Default for Units {
    fn default() -> Self {
        Self::new(FlowUnits::Cfs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metres_stay_metres_and_feet_become_metres() {
        assert_eq!(Units::new(FlowUnits::Cms).length, 1.0);
        assert_eq!(Units::new(FlowUnits::Cfs).length, 0.3048);
    }

    #[test]
    fn a_cubic_metre_per_second_is_one_within_swmm_rounding() {
        assert!((Units::new(FlowUnits::Cms).flow - 1.0).abs() < 2.0e-4);
        assert!((Units::new(FlowUnits::Lps).flow * 1000.0 - 1.0).abs() < 2.0e-4);
        assert!((MANNING - 1.486 * FOOT.cbrt()).abs() < 1e-15);
    }
}
