//! Present values: money of later years counted in that of the first.

/// Present value of 1 a year for N years, from the end of the first on: `a = (1 - (1 + r)^-N) / r`, N for
/// r = 0.
///
/// - `rate` r: discount rate a year
/// - `years` N
pub fn annuity(rate: f64, years: f64) -> f64 {
    if rate == 0.0 { years } else { (1.0 - (1.0 + rate).powf(-years)) / rate }
}

/// Present value of an amount after some years: `A / (1 + r)^t`.
pub fn discounted(amount: f64, rate: f64, years: f64) -> f64 {
    amount / (1.0 + rate).powf(years)
}

/// Present value of yearly amounts: `Σ A(t) / (1 + r)^t` for t = `first` to `last`, both counted.
pub fn present_value(rate: f64, first: u32, last: u32, amount: impl Fn(f64) -> f64) -> f64 {
    (first..=last).map(|year| discounted(amount(f64::from(year)), rate, f64::from(year))).sum()
}

/// An amount that is known for some years, straight between them, that of the first before it and that of the
/// last after it. The years ascend.
pub fn interpolated(known: &[(f64, f64)], year: f64) -> f64 {
    let after = known.partition_point(|(at, _)| *at < year);
    match (after.checked_sub(1).and_then(|before| known.get(before)), known.get(after)) {
        (Some(&(x0, y0)), Some(&(x1, y1))) => y0 + (year - x0) / (x1 - x0) * (y1 - y0),
        (Some(&(_, only)), None) | (None, Some(&(_, only))) => only,
        (None, None) => 0.0,
    }
}

/// A stage of works.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct StagedCost {
    /// Years from the first year of the appraisal until it is paid and runs.
    pub after: f64,
    /// To build it.
    pub capital: f64,
    /// To keep it up, a year, from the year after.
    pub upkeep: f64,
}

/// Present value of what works cost.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PresentCost {
    /// Capital.
    pub capital: f64,
    /// Upkeep.
    pub upkeep: f64,
    /// What the works are still worth at the end, to be taken off.
    pub residual: f64,
}

impl PresentCost {
    /// `capital + upkeep - residual`.
    pub fn total(self) -> f64 {
        self.capital + self.upkeep - self.residual
    }
}

/// Present value of staged works over N years: capital after t years `C/(1 + r)^t`; upkeep in the years t + 1
/// to N; at the end a residual `C·max(0, 1 - (N - t)/L)/(1 + r)^N`, by straight depreciation over a life L of
/// the works that equals N. What is built first is worth nothing then.
///
/// - `rate` r: discount rate a year
/// - `years` N: whole years
pub fn present_cost(stages: &[StagedCost], rate: f64, years: u32) -> PresentCost {
    let end = f64::from(years);
    let mut cost = PresentCost::default();
    for stage in stages {
        let (after, life) = (stage.after.max(0.0), end);
        cost.capital += discounted(stage.capital, rate, after);
        cost.upkeep += present_value(rate, after as u32 + 1, years, |_| stage.upkeep);
        let left = if life > 0.0 { (1.0 - (end - after) / life).clamp(0.0, 1.0) } else { 0.0 };
        cost.residual += discounted(stage.capital * left, rate, end);
    }
    cost
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_appraisal_of_the_oracle() {
        // costs.md, section 3: capital 28, upkeep 0.35 a year, benefit 2.5565 a year, 6 %, 50 a
        let factor = annuity(0.06, 50.0);
        assert!((factor - 15.761_861).abs() < 5e-7, "{factor}");
        let benefit = present_value(0.06, 1, 50, |_| 2.5565);
        assert!((benefit - 40.2952).abs() < 5e-5, "{benefit}");
        let works = [StagedCost { after: 0.0, capital: 28.0, upkeep: 0.35 }];
        let cost = present_cost(&works, 0.06, 50);
        assert!((cost.total() - 33.5167).abs() < 5e-5 && cost.residual == 0.0, "{cost:?}");
        assert!((benefit - cost.total() - 6.7785).abs() < 5e-5);
        assert!((benefit / cost.total() - 1.2022).abs() < 5e-5);
    }

    #[test]
    fn growing_benefits_are_the_oracle() {
        // costs.md, section 3: 1.0 to 1.8 over 35 a at 3 %, both ends counted
        let known = [(0.0, 1.0), (35.0, 1.8)];
        let value = present_value(0.03, 0, 35, |year| interpolated(&known, year));
        assert!((value - 29.872_681).abs() < 5e-7, "{value}");
        assert_eq!((interpolated(&known, -3.0), interpolated(&known, 99.0)), (1.0, 1.8));
        assert_eq!(interpolated(&[], 1.0), 0.0);
    }

    #[test]
    fn a_sum_of_years_is_the_annuity_and_nothing_is_discounted_at_no_rate() {
        let sum = present_value(0.06, 1, 50, |_| 1.0);
        assert!((sum - annuity(0.06, 50.0)).abs() < 1e-12);
        assert_eq!((annuity(0.0, 7.0), present_value(0.0, 1, 7, |_| 2.0)), (7.0, 14.0));
    }

    #[test]
    fn a_later_stage_costs_less_and_leaves_a_residual() {
        let stage = |after| present_cost(&[StagedCost { after, capital: 100.0, upkeep: 1.0 }], 0.05, 10);
        // 100/1.05^4; six years of upkeep; four tenths are left after ten years
        let later = stage(4.0);
        assert!((later.capital - 82.270_247).abs() < 1e-6, "{later:?}");
        assert!((later.upkeep - annuity(0.05, 6.0) / 1.05_f64.powi(4)).abs() < 1e-12);
        assert!((later.residual - 40.0 / 1.05_f64.powi(10)).abs() < 1e-12);
        assert!(later.total() < stage(0.0).total());
        let both = [
            StagedCost { after: 0.0, capital: 100.0, upkeep: 1.0 },
            StagedCost { after: 4.0, capital: 100.0, upkeep: 1.0 },
        ];
        let sum = present_cost(&both, 0.05, 10).total();
        assert!((sum - stage(0.0).total() - later.total()).abs() < 1e-12);
        assert_eq!(present_cost(&[], 0.05, 10).total(), 0.0);
    }
}
