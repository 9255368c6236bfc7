//! Seepage from storage units into the ground, through the bottom and the banks.

use crate::model::node::{NodeKind, Seepage};
use crate::model::storage::AreaLaw;
use crate::model::{Model, NodeId};
use crate::units::FOOT;

/// Water supply that counts as none, 1e-10 ft/s, in m/s.
const NO_SUPPLY: f64 = 1.0e-10 * FOOT;
/// Step of the infiltrated depth at which the search ends, 1e-5 ft, in m.
const DEPTH_TOLERANCE: f64 = 1.0e-5 * FOOT;

/// Soil under a storage unit, compiled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Soil {
    /// Suction head, m.
    pub suction: f64,
    /// Saturated conductivity, m/s.
    pub conductivity: f64,
    /// Initial moisture deficit, a fraction.
    pub deficit: f64,
    /// Depth of the upper zone, m: `4 √K` inches with K in in/h (Mein and Larson 1973).
    pub upper_zone: f64,
}

/// Moisture of a soil.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SoilState {
    /// Moisture deficit at the start of the event, a fraction.
    deficit: f64,
    /// Depth infiltrated in the event, m.
    infiltrated: f64,
    /// Depth infiltrated into the upper zone, m.
    upper: f64,
    /// Whether the surface is saturated.
    saturated: bool,
    /// Time until the next event may begin, s.
    until_event: f64,
}

/// What the climate does to soils: factors on conductivity and on recovery.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SoilClimate {
    /// Multiplies conductivity.
    pub conductivity: f64,
    /// Multiplies the speed at which soil dries.
    pub recovery: f64,
}

impl Default for SoilClimate {
    fn default() -> Self {
        Self { conductivity: 1.0, recovery: 1.0 }
    }
}

impl Soil {
    /// Compiles a soil.
    pub fn new(seepage: &Seepage) -> Self {
        let inches_per_hour = seepage.conductivity / FOOT * 12.0 * 3600.0;
        Self {
            suction: seepage.suction,
            conductivity: seepage.conductivity,
            deficit: seepage.deficit,
            upper_zone: 4.0 * inches_per_hour.sqrt() / 12.0 * FOOT,
        }
    }

    /// Dry soil at the start.
    pub fn initial_state(&self) -> SoilState {
        SoilState { deficit: self.deficit, ..SoilState::default() }
    }

    /// Infiltration, m/s, over a step (s) under a depth of standing water (m), by Green and Ampt
    /// (1911) in the modified form of EPA SWMM: `f = K (1 + (ψ + d) θ / F)`.
    pub fn infiltrate(&self, state: &mut SoilState, depth: f64, step: f64, climate: SoilClimate) -> f64 {
        let conductivity = self.conductivity * climate.conductivity;
        let zone = self.upper_zone * climate.conductivity.sqrt();
        let zone_capacity = self.deficit * zone;
        let next_event = 5400.0 / (zone / FOOT) / climate.recovery;
        state.until_event -= step;
        let supply = depth / step;
        let store = |state: &mut SoilState, gain: f64| {
            state.infiltrated += gain;
            state.upper = (state.upper + gain).min(zone_capacity);
        };
        let head = |state: &SoilState| (self.suction + depth) * state.deficit;

        if !state.saturated {
            if supply < NO_SUPPLY {
                let recovered = zone / FOOT / 90_000.0 * climate.recovery * zone_capacity * step;
                self.recover(state, recovered, zone, zone_capacity);
                return 0.0;
            }
            if supply <= conductivity {
                store(state, supply * step);
                return supply;
            }
            state.until_event = next_event;
            let saturating = conductivity * head(state) / (supply - conductivity);
            if state.infiltrated <= saturating {
                if state.infiltrated + supply * step < saturating {
                    store(state, supply * step);
                    return supply;
                }
                let saturated_time = (step - (saturating - state.infiltrated) / supply).max(0.0);
                let grown = infiltrated_after(saturating, head(state), conductivity, saturated_time)
                    .min(saturating + supply * saturated_time);
                let gain = grown - state.infiltrated;
                store(state, gain);
                state.saturated = true;
                return gain / step;
            }
            state.saturated = true;
        }
        if supply < NO_SUPPLY {
            return 0.0;
        }
        state.until_event = next_event;
        let mut gain =
            infiltrated_after(state.infiltrated, head(state), conductivity, step) - state.infiltrated;
        if gain > supply * step {
            gain = supply * step;
            state.saturated = false;
        }
        store(state, gain);
        gain / step
    }

    /// Lets the upper zone dry by a depth (m), which may begin a new event.
    fn recover(&self, state: &mut SoilState, depth: f64, zone: f64, zone_capacity: f64) {
        if state.upper <= 0.0 {
            return;
        }
        state.infiltrated -= depth;
        state.upper -= depth;
        if state.upper <= 0.0 {
            state.upper = 0.0;
            state.infiltrated = 0.0;
            state.deficit = self.deficit;
        } else if state.until_event <= 0.0 {
            state.deficit = (zone_capacity - state.upper) / zone;
            state.infiltrated = 0.0;
        }
    }
}

/// Depth infiltrated (m) after `time` (s) into saturated soil: Green and Ampt's integral
/// `F - F0 - c ln((F + c) / (F0 + c)) = K t` with c the head times the deficit (m), solved by
/// Newton's method; steps below 10 s by its rate at F0.
fn infiltrated_after(start: f64, head: f64, conductivity: f64, time: f64) -> f64 {
    let least = start + conductivity * time;
    if head == 0.0 {
        return least;
    }
    if time < 10.0 && start > 0.01 * head {
        return (start + conductivity * (1.0 + head / start) * time).max(least);
    }
    let target = head * (start + head).ln() - conductivity * time;
    let mut depth = start;
    for _ in 0..20 {
        let change = (depth - start - head * (depth + head).ln() + target) / (1.0 - head / (depth + head));
        if change.abs() < DEPTH_TOLERANCE {
            return depth.max(least);
        }
        depth -= change;
    }
    least
}

/// Seepage of a storage unit, compiled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SeepageParams {
    /// Soil.
    pub soil: Soil,
    /// Area of the bottom, m².
    pub bottom_area: f64,
    /// Depth at which the banks begin, m.
    pub bank_from: f64,
    /// Depth above which the banks widen no more, m.
    pub bank_to: f64,
    /// Largest area, m².
    pub max_area: f64,
}

/// Moisture under a storage unit.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SeepageState {
    /// Under the bottom.
    pub bottom: SoilState,
    /// Behind the banks.
    pub banks: SoilState,
}

impl SeepageParams {
    /// Compiles the seepage of a storage unit; `None` when the node is none or has none.
    ///
    /// The bottom of a shape by formula is its constant term as written, taken for square feet
    /// even in SI models, as EPA SWMM 5.2.4 does; with a constant rate this has no effect. Where
    /// EPA leaves a paraboloid's bottom undefined, it is 0 here.
    pub fn compile(model: &Model, node: NodeId) -> Option<Self> {
        let NodeKind::Storage { shape, seepage: Some(seepage), .. } = &model.nodes[node].kind else {
            return None;
        };
        if seepage.conductivity == 0.0 {
            return None;
        }
        let soil = Soil::new(seepage);
        let as_written = FOOT * FOOT / model.units.area;
        let sloped = |bottom: f64| Self {
            soil,
            bottom_area: bottom * as_written,
            bank_from: 0.0,
            bank_to: f64::INFINITY,
            max_area: f64::INFINITY,
        };
        Some(match AreaLaw::compile(model, shape) {
            AreaLaw::Power { a0, a1, exponent } => sloped(if exponent == 0.0 { a0 + a1 } else { a0 }),
            AreaLaw::Quadratic { a0, .. } => sloped(a0),
            AreaLaw::Tabular(curve) => {
                let mut banks = Self {
                    bottom_area: curve.lookup_extrapolated(0.0),
                    bank_to: 0.0,
                    max_area: 0.0,
                    ..sloped(0.0)
                };
                let mut before = curve.y.first().copied().unwrap_or(0.0);
                for (&depth, &area) in curve.x.iter().zip(&curve.y).skip(1) {
                    if area > before {
                        (banks.max_area, banks.bank_to) = (area, depth);
                    } else if area == before && banks.max_area == 0.0 {
                        banks.bank_from = depth;
                    } else {
                        break;
                    }
                    before = area;
                }
                banks
            }
        })
    }

    /// Dry soil at the start.
    pub fn initial_state(&self) -> SeepageState {
        SeepageState { bottom: self.soil.initial_state(), banks: self.soil.initial_state() }
    }

    /// Seepage, m³/s, over a step (s) at a depth (m) and its water surface (m²).
    ///
    /// A soil without deficit takes its conductivity; else Green and Ampt's law, with the whole
    /// depth on the bottom and half the depth over them on the banks.
    pub fn flow(
        &self,
        state: &mut SeepageState,
        depth: f64,
        area: f64,
        step: f64,
        climate: SoilClimate,
    ) -> f64 {
        let constant = (self.soil.deficit == 0.0).then_some(self.soil.conductivity * climate.conductivity);
        let bottom_rate =
            constant.unwrap_or_else(|| self.soil.infiltrate(&mut state.bottom, depth, step, climate));
        let mut flow = bottom_rate * self.bottom_area;
        let bank_area = area.min(self.max_area) - self.bottom_area;
        if depth > self.bank_from && bank_area > 0.0 {
            let bank_depth = if depth > self.bank_to {
                depth - self.bank_to + 0.5 * (self.bank_to - self.bank_from)
            } else {
                0.5 * (depth - self.bank_from)
            };
            let bank_rate =
                constant.unwrap_or_else(|| self.soil.infiltrate(&mut state.banks, bank_depth, step, climate));
            flow += bank_rate * bank_area;
        }
        flow
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn soil(deficit: f64) -> Soil {
        Soil::new(&Seepage { suction: 0.1, conductivity: 1.0e-5, deficit })
    }

    fn pond(deficit: f64) -> SeepageParams {
        SeepageParams {
            soil: soil(deficit),
            bottom_area: 100.0,
            bank_from: 0.0,
            bank_to: 2.0,
            max_area: 250.0,
        }
    }

    #[test]
    fn a_constant_rate_acts_on_bottom_and_banks() {
        let pond = pond(0.0);
        let mut state = pond.initial_state();
        let climate = SoilClimate { conductivity: 2.0, recovery: 1.0 };
        assert!((pond.flow(&mut state, 1.0, 200.0, 10.0, climate) - 200.0 * 2.0e-5).abs() < 1e-15);
        assert!((pond.flow(&mut state, 3.0, 300.0, 10.0, climate) - 250.0 * 2.0e-5).abs() < 1e-15);
    }

    #[test]
    fn deep_water_into_dry_soil_follows_green_and_ampt() {
        // one hour under 1 m: F - c ln(1 + F/c) = K t with c = 1.1 · 0.3
        let soil = soil(0.3);
        let mut state = soil.initial_state();
        let depth = soil.infiltrate(&mut state, 1.0, 3600.0, SoilClimate::default()) * 3600.0;
        let head = 1.1 * 0.3;
        let left = depth - head * (1.0 + depth / head).ln();
        assert!((left - 1.0e-5 * 3600.0).abs() < 2e-3, "{left}");
        assert!(depth > 0.036);
    }

    #[test]
    fn no_more_seeps_than_there_is() {
        let soil = soil(0.3);
        let mut state = soil.initial_state();
        let rate = soil.infiltrate(&mut state, 1.0e-4, 60.0, SoilClimate::default());
        assert!((rate * 60.0 - 1.0e-4).abs() < 1e-15);
    }

    #[test]
    fn rates_fall_to_the_conductivity_and_dry_soil_recovers() {
        let soil = soil(0.3);
        let mut state = soil.initial_state();
        let climate = SoilClimate::default();
        let first = soil.infiltrate(&mut state, 0.5, 300.0, climate);
        let mut late = first;
        for _ in 0..20_000 {
            late = soil.infiltrate(&mut state, 0.5, 300.0, climate);
        }
        assert!(first > 10.0 * soil.conductivity && late < 1.05 * soil.conductivity);
        state.saturated = false;
        for _ in 0..20_000 {
            soil.infiltrate(&mut state, 0.0, 300.0, climate);
        }
        assert_eq!(state.upper, 0.0);
        assert_eq!(state.deficit, 0.3);
    }
}
