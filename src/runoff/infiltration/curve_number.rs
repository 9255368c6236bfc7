//! Infiltration by the SCS curve number, step by step through a storm.

use serde::{Deserialize, Serialize};

use super::{NO_RATE, Supply};
use crate::units::FOOT;

/// A soil that obeys a curve number:
///
/// `S = 25.4 (1000/CN − 10)` mm, `F = P − P²/(P + S)`
///
/// S: most that the soil can store, m; CN: curve number, 10 to 99; P: rain of the event, m;
/// F: infiltration of the event, m. There is no initial abstraction: depression storage takes its
/// place (EPA SWMM Reference Manual, vol. I, section 4.5).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Soil {
    /// Capacity of the dry soil, m.
    pub capacity: f64,
    /// Share of the capacity that comes back in a second of dry weather, 1/s.
    pub recovery: f64,
    /// Time without rain after which a new event begins, s.
    pub event_gap: f64,
}

/// State of the soil.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// Capacity now, m.
    pub capacity: f64,
    /// Capacity at the start of the event, m.
    pub event_capacity: f64,
    /// Rain of the event, m.
    pub rain: f64,
    /// Infiltration of the event, m.
    pub depth: f64,
    /// Time since the last rain, s.
    pub dry_time: f64,
    /// Infiltration of the step before, m/s.
    pub rate: f64,
}

/// Water on the ground above this goes on infiltrating after rain: SWMM's 0.05 inches, in m.
const PONDED: f64 = 0.004_167 * FOOT;

impl Soil {
    /// A soil from its curve number (taken between 10 and 99) and its drying time, days.
    pub fn new(number: f64, drying_days: f64) -> Self {
        let capacity = (1000.0 / number.clamp(10.0, 99.0) - 10.0) / 12.0 * FOOT;
        let recovery = if drying_days > 0.0 { 1.0 / (drying_days * 86_400.0) } else { 0.0 };
        Self { capacity, recovery, event_gap: 0.06 / recovery }
    }
    /// A dry soil.
    pub fn initial_state(&self) -> State {
        State { capacity: self.capacity, event_capacity: self.capacity, ..State::default() }
    }
    /// Infiltration over one step, m/s. Run-on counts as water on the ground, not as rain; the
    /// month's factor of conductivity does not act.
    pub fn infiltrate(&self, state: &mut State, supply: &Supply) -> f64 {
        let step = supply.step;
        let depth = supply.depth + supply.runon * step;
        let available = supply.rain + depth / step;
        let mut rate = 0.0;
        if supply.rain > NO_RATE {
            if state.dry_time >= self.event_gap {
                (state.rain, state.depth) = (0.0, 0.0);
                state.event_capacity = state.capacity;
            }
            state.dry_time = 0.0;
            state.rain += supply.rain * step;
            if state.capacity > 0.0 {
                rate = (event_infiltration(state.rain, state.event_capacity) - state.depth) / step;
            }
        } else if depth > PONDED && state.capacity > 0.0 {
            rate = state.rate.min(state.capacity / step);
        } else {
            state.dry_time += step;
        }

        if rate > 0.0 {
            rate = rate.min(available).max(0.0);
            state.depth += rate * step;
            if self.recovery > 0.0 {
                state.capacity = (state.capacity - rate * step).max(0.0);
            }
        } else {
            rate = 0.0;
            let recovered = self.recovery * self.capacity * step * supply.recovery_factor;
            state.capacity = (state.capacity + recovered).min(self.capacity);
        }
        state.rate = rate;
        rate
    }
}

/// Infiltration of an event with rain P into a soil of capacity S: `P − P²/(P + S)`, m.
fn event_infiltration(rain: f64, capacity: f64) -> f64 {
    rain * (1.0 - rain / (rain + capacity))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn supply(rain_mm_per_h: f64, depth: f64) -> Supply {
        Supply {
            step: 60.0,
            rain: rain_mm_per_h * 0.001 / 3600.0,
            runon: 0.0,
            depth,
            conductivity_factor: 1.0,
            recovery_factor: 1.0,
        }
    }

    #[test]
    fn a_number_of_78_stores_71_64_millimetres() {
        // 25.4·(1000/78 − 10) = 71.641 mm.
        assert!((Soil::new(78.0, 7.0).capacity - 0.071_641_03).abs() < 1e-8);
        // Beyond 99 counts as 99: 25.4·(1000/99 − 10) = 2.5657 mm.
        assert!((Soil::new(100.0, 7.0).capacity - 0.002_565_66).abs() < 1e-8);
    }

    #[test]
    fn an_event_follows_the_formula() {
        // 50 mm in an hour: F = 50·71.641/121.641 = 29.44772 mm.
        let soil = Soil::new(78.0, 7.0);
        let mut state = soil.initial_state();
        let depth: f64 = (0..60).map(|_| soil.infiltrate(&mut state, &supply(50.0, 0.0)) * 60.0).sum();
        assert!((depth - 0.029_447_72).abs() < 1e-8, "{depth}");
        assert!((state.capacity - (soil.capacity - depth)).abs() < 1e-15);
    }

    #[test]
    fn ponded_water_infiltrates_at_the_last_rate_of_the_rain() {
        let soil = Soil::new(78.0, 7.0);
        let mut state = soil.initial_state();
        let last = soil.infiltrate(&mut state, &supply(50.0, 0.01));
        assert_eq!(soil.infiltrate(&mut state, &supply(0.0, 0.01)), last);
        assert_eq!(soil.infiltrate(&mut state, &supply(0.0, 0.001)), 0.0);
    }

    #[test]
    fn a_dry_soil_regains_its_capacity_and_begins_a_new_event() {
        let soil = Soil::new(78.0, 7.0);
        let mut state = soil.initial_state();
        for _ in 0..60 {
            soil.infiltrate(&mut state, &supply(50.0, 0.0));
        }
        // 0.06 of seven days is 10 h 5 min.
        for _ in 0..24 * 7 {
            soil.infiltrate(&mut state, &Supply { step: 3600.0, ..supply(0.0, 0.0) });
        }
        assert_eq!(state.capacity, soil.capacity);
        soil.infiltrate(&mut state, &supply(50.0, 0.0));
        assert!((state.rain - 0.05 / 60.0).abs() < 1e-15);
    }
}
