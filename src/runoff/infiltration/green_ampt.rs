//! The law of Green and Ampt (1911) after Mein and Larson (1973), and SWMM's modified form.

use serde::{Deserialize, Serialize};

use super::{NO_RATE, Supply};
use crate::units::FOOT;

/// A soil that obeys Green and Ampt:
///
/// `f = K (1 + (ψ + d) θ / F)`, integrated `F − c ln(1 + F/c) = K t` with `c = (ψ + d) θ`
///
/// f: infiltration rate, m/s; K: saturated conductivity, m/s; ψ: suction head at the wetting front,
/// m; d: depth of water on the ground, m; θ: moisture deficit; F: cumulative infiltration of the
/// event, m. Until the surface saturates all water enters. An upper zone of depth `4 √K` inches (K in
/// inches an hour) remembers the water between events (EPA SWMM Reference Manual, vol. I, section 4.4).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Soil {
    /// Suction head ψ, m.
    pub suction: f64,
    /// Saturated conductivity K, m/s.
    pub conductivity: f64,
    /// Moisture deficit at the start θ, a fraction.
    pub deficit: f64,
    /// Depth of the upper zone, m.
    pub upper_zone: f64,
    /// Modified form: a rain below K at the start of an event leaves the deficit as it is.
    pub modified: bool,
}

/// State of the soil.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// Moisture deficit, a fraction.
    pub deficit: f64,
    /// Cumulative infiltration of the event, m.
    pub depth: f64,
    /// Water in the upper zone, m.
    pub upper_water: f64,
    /// Whether the surface is saturated.
    pub saturated: bool,
    /// Time until a new event may begin, s.
    pub time_to_event: f64,
}

/// Newton steps below this end the search: SWMM's 1e-5 ft, in m.
const LAST_CHANGE: f64 = 1.0e-5 * FOOT;

impl Soil {
    /// A soil from suction (m), conductivity (m/s) and deficit (a fraction).
    pub fn new(suction: f64, conductivity: f64, deficit: f64, modified: bool) -> Self {
        let inches_per_hour = conductivity / FOOT * 12.0 * 3600.0;
        let upper_zone = 4.0 * inches_per_hour.sqrt() / 12.0 * FOOT;
        Self { suction, conductivity, deficit, upper_zone, modified }
    }
    /// A soil that is as dry as it gets.
    pub fn initial_state(&self) -> State {
        State { deficit: self.deficit, ..State::default() }
    }
    /// Infiltration over one step, m/s.
    pub fn infiltrate(&self, state: &mut State, supply: &Supply) -> f64 {
        state.time_to_event -= supply.step;
        let month = Month {
            conductivity: self.conductivity * supply.conductivity_factor,
            upper_zone: self.upper_zone * supply.conductivity_factor.sqrt(),
            upper_capacity: self.deficit * self.upper_zone * supply.conductivity_factor.sqrt(),
        };
        if state.saturated {
            self.infiltrate_saturated(state, supply, &month)
        } else {
            self.infiltrate_unsaturated(state, supply, &month)
        }
    }

    fn infiltrate_unsaturated(&self, state: &mut State, supply: &Supply, month: &Month) -> f64 {
        let (step, conductivity) = (supply.step, month.conductivity);
        let available = supply.available();
        if available < NO_RATE {
            self.recover(state, supply, month);
            return 0.0;
        }
        if available <= conductivity {
            state.take(available * step, month);
            if !self.modified && state.time_to_event <= 0.0 {
                state.begin_event(month);
            }
            return available;
        }
        state.time_to_event = time_to_event(supply, month);
        let head = self.suction + supply.depth;
        let to_saturate = conductivity * head * state.deficit / (available - conductivity);
        if state.depth > to_saturate {
            state.saturated = true;
            return self.infiltrate_saturated(state, supply, month);
        }
        if state.depth + available * step < to_saturate {
            state.take(available * step, month);
            return available;
        }
        // The surface saturates within the step: all water until then, the law afterwards.
        let saturated_time = (step - (to_saturate - state.depth) / available).max(0.0);
        let most = to_saturate + available * saturated_time;
        let depth = cumulative(to_saturate, head * state.deficit, conductivity, saturated_time).min(most);
        let taken = depth - state.depth;
        state.take(taken, month);
        state.depth = depth;
        state.saturated = true;
        taken / step
    }

    fn infiltrate_saturated(&self, state: &mut State, supply: &Supply, month: &Month) -> f64 {
        let available = supply.available();
        if available < NO_RATE {
            return 0.0;
        }
        state.time_to_event = time_to_event(supply, month);
        let capillary = (self.suction + supply.depth) * state.deficit;
        let depth = cumulative(state.depth, capillary, month.conductivity, supply.step);
        let mut taken = depth - state.depth;
        if taken > available * supply.step {
            taken = available * supply.step;
            state.saturated = false;
        }
        state.take(taken, month);
        taken / supply.step
    }

    /// Drains the upper zone of a dry soil.
    fn recover(&self, state: &mut State, supply: &Supply, month: &Month) {
        if state.upper_water <= 0.0 {
            return;
        }
        let per_second = month.upper_zone / FOOT / 90_000.0 * supply.recovery_factor;
        let drained = per_second * month.upper_capacity * supply.step;
        state.depth -= drained;
        state.upper_water -= drained;
        if state.upper_water <= 0.0 {
            (state.upper_water, state.depth, state.deficit) = (0.0, 0.0, self.deficit);
        } else if state.time_to_event <= 0.0 {
            state.begin_event(month);
        }
    }
}

/// The soil with the factors of the month.
struct Month {
    conductivity: f64,
    upper_zone: f64,
    /// Most water in the upper zone, m.
    upper_capacity: f64,
}

impl State {
    fn take(&mut self, depth: f64, month: &Month) {
        self.depth += depth;
        self.upper_water = (self.upper_water + depth).min(month.upper_capacity);
    }
    fn begin_event(&mut self, month: &Month) {
        if month.upper_zone > 0.0 {
            self.deficit = (month.upper_capacity - self.upper_water) / month.upper_zone;
        }
        self.depth = 0.0;
    }
}

/// Time that the upper zone needs to drain before a new event may begin, s: `0.06 / (L / 90 000 s)`
/// with the depth L of the zone in feet.
fn time_to_event(supply: &Supply, month: &Month) -> f64 {
    5400.0 / (month.upper_zone / FOOT) / supply.recovery_factor
}

/// Cumulative infiltration of a saturated soil after a time, m.
///
/// `before`: infiltrated so far, m; `capillary`: c = head times deficit, m; `conductivity`: m/s;
/// `time`: s. For short times the rate is taken as constant; else the implicit equation
/// `F − F₁ − c ln((F + c)/(F₁ + c)) = K t` is solved by Newton's method.
pub fn cumulative(before: f64, capillary: f64, conductivity: f64, time: f64) -> f64 {
    let least = before + conductivity * time;
    if capillary == 0.0 {
        return least;
    }
    if time < 10.0 && before > 0.01 * capillary {
        return (before + conductivity * (1.0 + capillary / before) * time).max(least);
    }
    let constant = capillary * (before + capillary).ln() - conductivity * time;
    let mut depth = before;
    for _ in 0..20 {
        let excess = depth - before - capillary * (depth + capillary).ln() + constant;
        let change = excess / (1.0 - capillary / (depth + capillary));
        if change.abs() < LAST_CHANGE {
            return depth.max(least);
        }
        depth -= change;
    }
    least
}

#[cfg(test)]
mod tests {
    use super::*;

    const MM_PER_HOUR: f64 = 0.001 / 3600.0;

    fn soil(modified: bool) -> Soil {
        Soil::new(0.11, 12.0 * MM_PER_HOUR, 0.25, modified)
    }

    fn supply(rain_mm_per_h: f64) -> Supply {
        Supply {
            step: 60.0,
            rain: rain_mm_per_h * MM_PER_HOUR,
            runon: 0.0,
            depth: 0.0,
            conductivity_factor: 1.0,
            recovery_factor: 1.0,
        }
    }

    /// What the implicit equation leaves over, relative to K t.
    fn residual(depth: f64, hours: f64) -> f64 {
        let capillary = 0.0275;
        (depth - capillary * (1.0 + depth / capillary).ln()) / (0.012 * hours) - 1.0
    }

    #[test]
    fn cumulative_infiltration_solves_the_implicit_equation() {
        // c = 27.5 mm, K = 12 mm/h, 2 h: F = 55.42 mm, since 55.42 − 27.5·ln(1 + 55.42/27.5) = 24.
        let depth = cumulative(0.001, 0.0275, 12.0 * MM_PER_HOUR, 7200.0);
        let from = 0.001 - 0.0275 * (1.0_f64 + 0.001 / 0.0275).ln();
        let left = depth - 0.0275 * (1.0 + depth / 0.0275).ln() - from - 0.024;
        assert!(left.abs() < 1e-7, "{left}");
        assert_eq!(cumulative(0.01, 0.0, 1.0e-5, 100.0), 0.011);
    }

    #[test]
    fn heavy_rain_follows_the_law_of_ponded_soil() {
        // Rain of 1 m/h ponds almost at once, so after 2 h F obeys the equation within the water
        // that entered before ponding.
        let (soil, mut state) = (soil(false), soil(false).initial_state());
        let depth: f64 = (0..120).map(|_| soil.infiltrate(&mut state, &supply(1000.0)) * 60.0).sum();
        assert!(residual(depth, 2.0).abs() < 0.01, "{depth}: {}", residual(depth, 2.0));
        assert!(state.saturated);
        assert!((state.depth - depth).abs() < 1e-12);
    }

    #[test]
    fn rain_below_conductivity_infiltrates_whole() {
        let (soil, mut state) = (soil(false), soil(false).initial_state());
        let rate = soil.infiltrate(&mut state, &supply(10.0));
        assert!((rate / MM_PER_HOUR - 10.0).abs() < 1e-12);
        assert!(!state.saturated);
    }

    #[test]
    fn the_surface_saturates_after_mein_and_larson() {
        // 30 mm/h: F at saturation = K ψ θ / (i − K) = 12·27.5/18 = 18.333 mm, after 36 min 40 s.
        let (soil, mut state) = (soil(false), soil(false).initial_state());
        let mut minutes = 0;
        while !state.saturated {
            soil.infiltrate(&mut state, &supply(30.0));
            minutes += 1;
        }
        assert_eq!(minutes, 37);
    }

    #[test]
    fn a_light_start_uses_up_the_deficit_of_the_first_form_only() {
        for (modified, deficit_left) in [(false, false), (true, true)] {
            let (soil, mut state) = (soil(modified), soil(modified).initial_state());
            soil.infiltrate(&mut state, &supply(10.0));
            assert_eq!(state.deficit == 0.25, deficit_left, "modified: {modified}");
        }
    }

    #[test]
    fn a_dry_soil_recovers_its_deficit() {
        let (soil, mut state) = (soil(false), soil(false).initial_state());
        for _ in 0..120 {
            soil.infiltrate(&mut state, &supply(100.0));
        }
        // The last water leaves the surface, then a month without rain.
        while state.saturated {
            soil.infiltrate(&mut state, &supply(1.0));
        }
        for _ in 0..24 * 30 {
            soil.infiltrate(&mut state, &Supply { step: 3600.0, ..supply(0.0) });
        }
        assert_eq!((state.deficit, state.upper_water, state.depth), (0.25, 0.0, 0.0));
    }

    #[test]
    fn the_upper_zone_of_an_inch_an_hour_is_four_inches_deep() {
        assert!((Soil::new(0.1, 0.0254 / 3600.0, 0.2, false).upper_zone - 4.0 * 0.0254).abs() < 1e-15);
    }
}
