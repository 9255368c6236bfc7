//! Inlet control of culverts (FHWA HDS-5).

use crate::units::{FOOT, GRAVITY};

/// Which equation holds for an inlet that is not submerged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// By the specific head at critical depth.
    One,
    /// By the headwater alone.
    Two,
}

/// Form, K, M, c and Y of codes 1 to 57: FHWA *Hydraulic Design of Highway Culverts* (HDS-5,
/// 2001), table 9, in the order and with the values of EPA SWMM 5.2.
const COEFFICIENTS: [(Form, f64, f64, f64, f64); 57] = [
    // Circular concrete: square edge in a headwall; groove end in a headwall; groove end projecting.
    (Form::One, 0.0098, 2.0, 0.0398, 0.67),
    (Form::One, 0.0018, 2.0, 0.0292, 0.74),
    (Form::One, 0.0045, 2.0, 0.0317, 0.69),
    // Circular corrugated metal: headwall; mitred to the slope; projecting.
    (Form::One, 0.0078, 2.0, 0.0379, 0.69),
    (Form::One, 0.021, 1.33, 0.0463, 0.75),
    (Form::One, 0.034, 1.5, 0.0553, 0.54),
    // Circular with a bevelled ring: 45°; 33.7°.
    (Form::One, 0.0018, 2.5, 0.03, 0.74),
    (Form::One, 0.0018, 2.5, 0.0243, 0.83),
    // Box with flared wingwalls: 30 to 75°; 90 or 15°; 0°.
    (Form::One, 0.026, 1.0, 0.0347, 0.81),
    (Form::One, 0.061, 0.75, 0.04, 0.8),
    (Form::One, 0.061, 0.75, 0.0423, 0.82),
    // Box with flared wingwalls and bevelled top edge: 45° and 0.43 D; 18 to 33.7° and 0.083 D.
    (Form::Two, 0.51, 0.667, 0.0309, 0.8),
    (Form::Two, 0.486, 0.667, 0.0249, 0.83),
    // Box in a square headwall: 3/4 inch chamfer; 45° bevel; 33.7° bevel.
    (Form::Two, 0.515, 0.667, 0.0375, 0.79),
    (Form::Two, 0.495, 0.667, 0.0314, 0.82),
    (Form::Two, 0.486, 0.667, 0.0252, 0.865),
    // Box in a skewed headwall: 45°, 30°, 15° with 3/4 inch chamfer; 10 to 45° with 45° bevel.
    (Form::Two, 0.545, 0.667, 0.04505, 0.73),
    (Form::Two, 0.533, 0.667, 0.0425, 0.705),
    (Form::Two, 0.522, 0.667, 0.0402, 0.68),
    (Form::Two, 0.498, 0.667, 0.0327, 0.75),
    // Box, wingwalls not offset, 3/4 inch chamfer on top: flare 45°; 18.4°; 18.4° with the inlet skewed by 30°.
    (Form::Two, 0.497, 0.667, 0.0339, 0.803),
    (Form::Two, 0.493, 0.667, 0.0361, 0.806),
    (Form::Two, 0.495, 0.667, 0.0386, 0.71),
    // Box, offset wingwalls, bevelled top edge: flare 45°; 33.7°; 18.4°.
    (Form::Two, 0.497, 0.667, 0.0302, 0.835),
    (Form::Two, 0.495, 0.667, 0.0252, 0.881),
    (Form::Two, 0.493, 0.667, 0.0227, 0.887),
    // Corrugated metal box: headwall; thick wall projecting; thin wall projecting.
    (Form::One, 0.0083, 2.0, 0.0379, 0.69),
    (Form::One, 0.0145, 1.75, 0.0419, 0.64),
    (Form::One, 0.034, 1.5, 0.0496, 0.57),
    // Concrete ellipse lying: square edge in a headwall; groove end in a headwall; groove end projecting.
    (Form::One, 0.01, 2.0, 0.0398, 0.67),
    (Form::One, 0.0018, 2.5, 0.0292, 0.74),
    (Form::One, 0.0045, 2.0, 0.0317, 0.69),
    // Concrete ellipse standing: the same three.
    (Form::One, 0.01, 2.0, 0.0398, 0.67),
    (Form::One, 0.0018, 2.5, 0.0292, 0.74),
    (Form::One, 0.0095, 2.0, 0.0317, 0.69),
    // Metal pipe arch, 18 inch corner: headwall; mitred to the slope; projecting.
    (Form::One, 0.0083, 2.0, 0.0379, 0.69),
    (Form::One, 0.03, 1.0, 0.0463, 0.75),
    (Form::One, 0.034, 1.5, 0.0496, 0.57),
    // Metal pipe arch, 18 inch corner: projecting; no bevels; 33.7° bevels.
    (Form::One, 0.03, 1.5, 0.0496, 0.57),
    (Form::One, 0.0088, 2.0, 0.0368, 0.68),
    (Form::One, 0.003, 2.0, 0.0269, 0.77),
    // Metal pipe arch, 31 inch corner: the same three.
    (Form::One, 0.03, 1.5, 0.0496, 0.57),
    (Form::One, 0.0088, 2.0, 0.0368, 0.68),
    (Form::One, 0.003, 2.0, 0.0269, 0.77),
    // Metal arch: headwall; mitred to the slope; thin wall projecting.
    (Form::One, 0.0083, 2.0, 0.0379, 0.69),
    (Form::One, 0.03, 1.0, 0.0473, 0.75),
    (Form::One, 0.034, 1.5, 0.0496, 0.57),
    // Circular with a tapered inlet throat: smooth; rough.
    (Form::Two, 0.534, 0.555, 0.0196, 0.9),
    (Form::Two, 0.519, 0.64, 0.021, 0.9),
    // Elliptical inlet face, tapered: bevelled edges; square edges; thin edge projecting.
    (Form::Two, 0.536, 0.622, 0.0368, 0.83),
    (Form::Two, 0.5035, 0.719, 0.0478, 0.8),
    (Form::Two, 0.547, 0.8, 0.0598, 0.75),
    // Rectangular with a tapered inlet throat.
    (Form::Two, 0.475, 0.667, 0.0179, 0.97),
    // Concrete box, side tapered: less favourable edges; more favourable edges.
    (Form::Two, 0.56, 0.667, 0.0446, 0.85),
    (Form::Two, 0.56, 0.667, 0.0378, 0.87),
    // Concrete box, slope tapered: less favourable edges; more favourable edges.
    (Form::Two, 0.5, 0.667, 0.0446, 0.65),
    (Form::Two, 0.5, 0.667, 0.0378, 0.71),
];

/// Codes of inlets that are mitred to the slope, whose slope correction is of its own kind.
const MITRED: [u32; 3] = [5, 37, 46];
/// Flow of an inlet that submerged flow cannot reach (EPA's "BIG"), far above any real one.
const UNLIMITED: f64 = 1.0e10;
/// Step of the critical depth under which the search ends, 0.001 ft, in m.
const DEPTH_TOLERANCE: f64 = 0.001 * FOOT;

/// The inlet of a culvert, compiled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CulvertParams {
    /// Equation of the inlet that is not submerged.
    form: Form,
    /// K of HDS-5.
    k: f64,
    /// M of HDS-5.
    m: f64,
    /// c of HDS-5.
    c: f64,
    /// Y of HDS-5.
    y: f64,
    /// Full depth D, m.
    full_depth: f64,
    /// `A √D` times the root of a foot, so that HDS-5's US coefficients hold, m³/s.
    scale: f64,
    /// Slope correction: 0.5 S, or -7 S for a mitred inlet.
    slope_correction: f64,
}

/// Flow that the inlet lets in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InletFlow {
    /// Flow of one barrel, m³/s.
    pub flow: f64,
    /// Its derivative by the headwater, m²/s.
    pub dq_dh: f64,
}

impl CulvertParams {
    /// The inlet of one barrel: FHWA code (1 to 57, else `None`), full depth (m), full area (m²)
    /// and slope of the conduit.
    pub fn compile(code: u32, full_depth: f64, full_area: f64, slope: f64) -> Option<Self> {
        let row = code.checked_sub(1).and_then(|i| COEFFICIENTS.get(i as usize))?;
        let &(form, k, m, c, y) = row;
        let factor = if MITRED.contains(&code) { -7.0 } else { 0.5 };
        Some(Self {
            form,
            k,
            m,
            c,
            y,
            full_depth,
            scale: full_area * (full_depth * FOOT).sqrt(),
            slope_correction: factor * slope,
        })
    }

    /// Flow that the inlet lets into one barrel when water stands `headwater` (m) over its invert;
    /// the caller uses it where it is below the flow that the barrel could carry.
    ///
    /// `area_and_width` gives flow area (m²) and surface width (m) of the barrel by depth (m).
    ///
    /// With H the headwater, D the full depth, S' the slope correction and `Q' = Q / (A √D)`:
    /// - below 0.95 D (form 1) `H/D = Hc/D + K Q'^M - S'`, Hc the specific head at critical depth,
    ///   or (form 2) `H/D = K Q'^M`;
    /// - above `D (16 c + Y - S')` submerged: `H/D = c Q'² + Y - S'`;
    /// - between them by a straight line.
    pub fn inlet_flow(&self, headwater: f64, area_and_width: impl Fn(f64) -> (f64, f64)) -> InletFlow {
        let submerged_from = self.full_depth * (16.0 * self.c + self.y - self.slope_correction);
        let free_to = 0.95 * self.full_depth;
        if headwater >= submerged_from {
            self.submerged(headwater)
        } else if headwater <= free_to {
            self.unsubmerged(headwater, area_and_width)
        } else {
            let low = self.unsubmerged(free_to, area_and_width).flow;
            let slope = (self.submerged(submerged_from).flow - low) / (submerged_from - free_to);
            InletFlow { flow: low + slope * (headwater - free_to), dq_dh: slope }
        }
    }

    /// Flow of a submerged inlet.
    fn submerged(&self, headwater: f64) -> InletFlow {
        let square = (headwater / self.full_depth - self.y + self.slope_correction) / self.c;
        if square <= 0.0 {
            return InletFlow { flow: UNLIMITED, dq_dh: 0.0 };
        }
        let flow = square.sqrt() * self.scale;
        InletFlow { flow, dq_dh: 0.5 * flow / square / self.full_depth / self.c }
    }

    /// Flow of an inlet that is not submerged.
    fn unsubmerged(&self, headwater: f64, area_and_width: impl Fn(f64) -> (f64, f64)) -> InletFlow {
        let relative = headwater / self.full_depth;
        let flow = match self.form {
            Form::Two => self.scale * (relative / self.k).powf(1.0 / self.m),
            Form::One => {
                let mut flow = 0.0;
                seek_root(0.01 * headwater, headwater, DEPTH_TOLERANCE, |critical_depth| {
                    let (area, width) = area_and_width(critical_depth);
                    let hydraulic_depth = area / width;
                    flow = area * (GRAVITY * hydraulic_depth).sqrt();
                    relative + self.slope_correction
                        - (critical_depth + 0.5 * hydraulic_depth) / self.full_depth
                        - self.k * (flow / self.scale).powf(self.m)
                });
                flow
            }
        };
        InletFlow { flow, dq_dh: flow / headwater / self.m }
    }
}

/// Ridders' method (1979, *IEEE Transactions on Circuits and Systems* 26), for the values that `f`
/// keeps for itself: EPA SWMM takes the flow of the last trial, so the trials are what counts.
/// Ends once a step is within `tolerance`; a range without a root costs two trials.
fn seek_root(low: f64, high: f64, tolerance: f64, mut f: impl FnMut(f64) -> f64) {
    let (mut low, mut high) = (low, high);
    let (mut at_low, mut at_high) = (f(low), f(high));
    if !(at_low > 0.0 && at_high < 0.0 || at_low < 0.0 && at_high > 0.0) {
        return;
    }
    let same_sign = |a: f64, b: f64| if b >= 0.0 { a.abs() == a } else { -a.abs() == a };
    let mut best = 0.5 * (low + high);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        let at_middle = f(middle);
        let root = (at_middle * at_middle - at_low * at_high).sqrt();
        if root == 0.0 {
            return;
        }
        let sign = if at_low >= at_high { 1.0 } else { -1.0 };
        let next = middle + (middle - low) * (sign * at_middle / root);
        if (next - best).abs() <= tolerance {
            return;
        }
        best = next;
        let at_best = f(best);
        if !same_sign(at_middle, at_best) {
            (low, at_low) = (middle, at_middle);
            (high, at_high) = (best, at_best);
        } else if !same_sign(at_low, at_best) {
            (high, at_high) = (best, at_best);
        } else if !same_sign(at_high, at_best) {
            (low, at_low) = (best, at_best);
        } else {
            return;
        }
        if (high - low).abs() <= tolerance {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::CUBIC_FOOT;

    /// A box 4 ft high and 5 ft wide.
    fn box_section(depth: f64) -> (f64, f64) {
        (depth * 5.0 * FOOT, 5.0 * FOOT)
    }

    fn box_inlet(code: u32, slope: f64) -> CulvertParams {
        CulvertParams::compile(code, 4.0 * FOOT, 20.0 * FOOT * FOOT, slope).unwrap()
    }

    #[test]
    fn there_are_fifty_seven_codes() {
        for (code, known) in [(0, false), (1, true), (57, true), (58, false)] {
            assert_eq!(CulvertParams::compile(code, 1.0, 1.0, 0.0).is_some(), known, "{code}");
        }
    }

    #[test]
    fn a_submerged_box_obeys_its_quadratic() {
        // code 9: c 0.0347, Y 0.81; H/D = 2, S = 0.02: (2 - 0.81 + 0.01) / 0.0347 = 34.582;
        // Q = 20 · √4 · √34.582 = 235.22 ft³/s
        let inlet = box_inlet(9, 0.02).inlet_flow(8.0 * FOOT, box_section);
        assert!((inlet.flow / CUBIC_FOOT - 235.22).abs() < 0.01, "{}", inlet.flow / CUBIC_FOOT);
        let more = box_inlet(9, 0.02).inlet_flow(8.001 * FOOT, box_section);
        assert!(((more.flow - inlet.flow) / (0.001 * FOOT) / inlet.dq_dh - 1.0).abs() < 1e-3);
    }

    #[test]
    fn a_free_inlet_of_form_two_obeys_its_power() {
        // code 12: K 0.510, M 0.667; H/D = 0.5: Q = 20 · √4 · (0.5 / 0.51)^(1/0.667)
        let inlet = box_inlet(12, 0.0).inlet_flow(2.0 * FOOT, box_section);
        let exact = 40.0 * (0.5_f64 / 0.51).powf(1.0 / 0.667);
        assert!((inlet.flow / CUBIC_FOOT / exact - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_free_inlet_of_form_one_takes_the_flow_of_the_last_trial() {
        // code 9, S = 0.01, H = 3 ft; for a box yc = (q²/g)^(1/3), Hc = 1.5 yc; K 0.026, M 1.
        // The head that the flow needs is near the one there is, as far as EPA's search goes.
        let flow = box_inlet(9, 0.01).inlet_flow(3.0 * FOOT, box_section).flow / CUBIC_FOOT;
        let critical = (flow * flow / 25.0 / 32.2).cbrt();
        let head = 4.0 * (1.5 * critical / 4.0 + 0.026 * flow / 40.0 - 0.005);
        assert!((head - 3.0).abs() < 0.2, "{head}");
        assert!((flow - 68.1525528).abs() < 1e-6, "{flow}");
    }

    #[test]
    fn the_search_ends_at_the_root_of_a_line() {
        let mut last = 0.0;
        seek_root(0.0, 3.0, 1e-6, |x| {
            last = x;
            x - 1.5
        });
        assert_eq!(last, 1.5);
    }

    #[test]
    fn the_transition_joins_both_ends() {
        let inlet = box_inlet(12, 0.0);
        let at = |h: f64| inlet.inlet_flow(h * FOOT, box_section).flow;
        let submerged_from = 4.0 * (16.0 * 0.0309 + 0.80);
        for joint in [3.8, submerged_from] {
            assert!((at(joint - 1e-9) / at(joint + 1e-9) - 1.0).abs() < 1e-7, "{joint}");
        }
    }

    #[test]
    fn a_mitred_inlet_loses_by_its_slope() {
        let flat = CulvertParams::compile(5, 1.0, 1.0, 0.0).unwrap();
        let steep = CulvertParams::compile(5, 1.0, 1.0, 0.01).unwrap();
        assert!(steep.submerged(2.0).flow < flat.submerged(2.0).flow);
        assert!((steep.slope_correction + 0.07).abs() < 1e-15);
    }
}
