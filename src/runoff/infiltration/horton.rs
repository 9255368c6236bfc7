//! Horton's law (1933) and its modified form (Akan 1992).

use serde::{Deserialize, Serialize};

use super::{NO_RATE, Supply};

/// A soil that obeys Horton:
///
/// `f(t) = f∞ + (f₀ − f∞) e^(−k t)`, `F(t) = f∞ t + (f₀ − f∞)/k (1 − e^(−k t))`
///
/// f: infiltration capacity, m/s; F: cumulative infiltration at capacity, m; t: time on the curve, s.
/// Where less water comes than the soil could take, time on the curve passes more slowly: it is the t
/// at which F has the value that really infiltrated (EPA SWMM Reference Manual, vol. I, section 4.2).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Soil {
    /// Initial capacity f₀, m/s.
    pub initial: f64,
    /// Final capacity f∞, m/s.
    pub final_rate: f64,
    /// Decay constant k, 1/s.
    pub decay: f64,
    /// Recovery constant of a drying soil, 1/s.
    pub recovery: f64,
    /// Most that can infiltrate, m; 0 for no limit.
    pub max_depth: f64,
}

/// State of the soil.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// Time on the infiltration curve, s.
    pub curve_time: f64,
    /// Cumulative infiltration, m (of the modified form: above the final rate).
    pub depth: f64,
}

/// Beyond this many decay times the curve counts as flat.
const FLAT_AFTER: f64 = 16.0;

impl Soil {
    /// A soil from rates (m/s), decay (1/s), drying time (days until 98 % dry) and limit (m).
    pub fn new(initial: f64, final_rate: f64, decay: f64, drying_days: f64, max_depth: f64) -> Self {
        let drying_days = if drying_days == 0.0 { 1.0e-6 } else { drying_days };
        let recovery = -(1.0_f64 - 0.98).ln() / drying_days / 86_400.0;
        Self { initial, final_rate, decay, recovery, max_depth }
    }

    /// Cumulative infiltration at capacity up to a time on the curve, m.
    fn capacity(final_rate: f64, drop: f64, decay: f64, time: f64) -> f64 {
        final_rate * time + drop / decay * (1.0 - (-decay * time).exp())
    }

    /// Rate where capacity does not change, or none at all; `None` where the curve has to be asked.
    fn constant_rate(&self, supply: &Supply, recovery: f64) -> Option<f64> {
        let initial = self.initial * supply.conductivity_factor;
        let drop = initial - self.final_rate * supply.conductivity_factor;
        if drop < 0.0 || self.decay < 0.0 || recovery < 0.0 {
            return Some(0.0);
        }
        (drop == 0.0 || self.decay == 0.0).then(|| initial.min(supply.available()).max(0.0))
    }

    /// Infiltration by Horton's law, m/s.
    pub fn infiltrate(&self, state: &mut State, supply: &Supply) -> f64 {
        let recovery = self.recovery * supply.recovery_factor;
        if let Some(rate) = self.constant_rate(supply, recovery) {
            return rate;
        }
        let step = supply.step;
        let final_rate = self.final_rate * supply.conductivity_factor;
        let drop = self.initial * supply.conductivity_factor - final_rate;
        let decay = self.decay;
        let available = supply.available();
        let time = state.curve_time;

        if available <= NO_RATE {
            if recovery > 0.0 {
                let dry = 1.0 - (-decay * time).exp();
                let time = -(1.0 - (-recovery * step).exp() * dry).ln() / decay;
                if self.max_depth > 0.0 {
                    state.depth = Self::capacity(final_rate, drop, decay, time);
                }
                state.curve_time = time;
            }
            return 0.0;
        }

        let end = time + step;
        let flat = FLAT_AFTER / decay;
        let (before, after) = if time >= flat {
            let before = final_rate * time + drop / decay;
            (before, before + final_rate * step)
        } else {
            (Self::capacity(final_rate, drop, decay, time), Self::capacity(final_rate, drop, decay, end))
        };
        let mut rate = ((after - before) / step).max(final_rate).min(available);
        state.curve_time = if end > flat || rate < available {
            end
        } else {
            time_of(before + rate * step, time + step / 2.0, step, final_rate, drop, decay)
        };
        if self.max_depth > 0.0 {
            if state.depth + rate * step > self.max_depth {
                rate = (self.max_depth - state.depth) / step;
            }
            rate = rate.max(0.0);
            state.depth += rate * step;
        }
        rate
    }

    /// Infiltration by the modified law, m/s: capacity falls with what has infiltrated above the
    /// final rate, `f = f₀ − k F`, not below `f∞`.
    ///
    /// With a limit, SWMM sets F to the limit after the first wet step, so that nothing infiltrates
    /// until the soil has dried a little; kept, since results must agree.
    pub fn infiltrate_modified(&self, state: &mut State, supply: &Supply) -> f64 {
        let recovery = self.recovery * supply.recovery_factor;
        if let Some(rate) = self.constant_rate(supply, recovery) {
            return rate;
        }
        let final_rate = self.final_rate * supply.conductivity_factor;
        let available = supply.available();
        if available <= NO_RATE {
            if recovery > 0.0 {
                state.depth = (state.depth * (-recovery * supply.step).exp()).max(0.0);
            }
            return 0.0;
        }
        if self.max_depth > 0.0 && state.depth >= self.max_depth {
            return 0.0;
        }
        let capacity = (self.initial * supply.conductivity_factor - self.decay * state.depth).max(final_rate);
        let rate = available.min(capacity);
        state.depth += (rate - final_rate).max(0.0) * supply.step;
        if self.max_depth > 0.0 {
            state.depth = state.depth.max(self.max_depth);
        }
        rate
    }
}

/// Time on the curve at which a depth has infiltrated, s (Newton's method, to a thousandth of a step).
fn time_of(depth: f64, start: f64, step: f64, final_rate: f64, drop: f64, decay: f64) -> f64 {
    let mut time = start;
    for _ in 0..20 {
        let falling = (-(decay * time).min(60.0)).exp();
        let excess = final_rate * time + drop / decay * (1.0 - falling) - depth;
        let change = excess / (final_rate + drop * falling);
        time -= change;
        if change.abs() <= 0.001 * step {
            break;
        }
    }
    time
}

#[cfg(test)]
mod tests {
    use super::*;

    const MM_PER_HOUR: f64 = 0.001 / 3600.0;

    fn soil(max_depth: f64) -> Soil {
        Soil::new(75.0 * MM_PER_HOUR, 10.0 * MM_PER_HOUR, 4.0 / 3600.0, 7.0, max_depth)
    }

    fn supply(rain_mm_per_h: f64, depth: f64) -> Supply {
        Supply {
            step: 60.0,
            rain: rain_mm_per_h * MM_PER_HOUR,
            runon: 0.0,
            depth,
            conductivity_factor: 1.0,
            recovery_factor: 1.0,
        }
    }

    #[test]
    fn ponded_soil_follows_the_closed_form() {
        // F(1 h) = 10·1 + (75 − 10)/4·(1 − e⁻⁴) = 25.95237 mm.
        let (soil, mut state) = (soil(0.0), State::default());
        let depth: f64 = (0..60).map(|_| soil.infiltrate(&mut state, &supply(500.0, 0.0)) * 60.0).sum();
        assert!((depth * 1000.0 - 25.952_37).abs() < 1e-5, "{}", depth * 1000.0);
        assert!((state.curve_time - 3600.0).abs() < 1e-9);
    }

    #[test]
    fn light_rain_infiltrates_whole_and_slows_the_curve() {
        // 12 mm/h for an hour, always below capacity: F = 12 mm stands at t = 0.22794 h on the curve,
        // since 10·0.2279 + 16.25·(1 − e^(−4·0.2279)) = 12.
        let (soil, mut state) = (soil(0.0), State::default());
        for _ in 0..60 {
            let rate = soil.infiltrate(&mut state, &supply(12.0, 0.0));
            assert!((rate / MM_PER_HOUR - 12.0).abs() < 1e-9);
        }
        let t = state.curve_time / 3600.0;
        assert!((t - 0.22794).abs() < 1e-4, "{t}");
    }

    #[test]
    fn a_dry_week_gives_back_98_per_cent() {
        let (soil, mut state) = (soil(0.0), State { curve_time: 1.0e6, depth: 0.0 });
        let week = Supply { step: 7.0 * 86_400.0, ..supply(0.0, 0.0) };
        assert_eq!(soil.infiltrate(&mut state, &week), 0.0);
        // 1 − e^(−k t) has fallen from 1 to 0.02.
        let wet = 1.0 - (-4.0 / 3600.0 * state.curve_time).exp();
        assert!((wet - 0.02).abs() < 1e-12, "{wet}");
    }

    #[test]
    fn no_more_than_the_limit_infiltrates() {
        let (soil, mut state) = (soil(0.015), State::default());
        let depth: f64 = (0..60).map(|_| soil.infiltrate(&mut state, &supply(500.0, 0.0)) * 60.0).sum();
        assert!((depth - 0.015).abs() < 1e-15);
    }

    #[test]
    fn the_modified_form_falls_with_what_has_infiltrated() {
        let (soil, mut state) = (soil(0.0), State::default());
        assert_eq!(soil.infiltrate_modified(&mut state, &supply(500.0, 0.0)), 75.0 * MM_PER_HOUR);
        // 65 mm/h above the final rate for a minute is 1.08333 mm: 75 − 4·1.08333 = 70.66667 mm/h.
        let rate = soil.infiltrate_modified(&mut state, &supply(500.0, 0.0)) / MM_PER_HOUR;
        assert!((rate - 70.666_666_7).abs() < 1e-6, "{rate}");
        // A light rain below the final rate does not use up capacity.
        let before = state.depth;
        soil.infiltrate_modified(&mut state, &supply(5.0, 0.0));
        assert_eq!(state.depth, before);
    }

    #[test]
    fn equal_rates_make_a_constant_rate() {
        let soil = Soil::new(1.0e-5, 1.0e-5, 1.0e-3, 7.0, 0.0);
        let mut state = State::default();
        assert_eq!(soil.infiltrate(&mut state, &supply(3600.0, 0.0)), 1.0e-5);
        assert_eq!(soil.infiltrate(&mut state, &supply(0.0, 0.0003)), 0.0003 / 60.0);
    }
}
