//! Expected annual damage: the area under damage over its yearly frequency.

use super::DamagePoint;

/// How a return period becomes a yearly frequency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Frequency {
    /// `1/T`, floods a year: a year may see more than one.
    #[default]
    Floods,
    /// `1 - exp(-1/T)`, the chance of one or more in a year (Langbein): only the largest flood of a year does
    /// damage.
    YearsWithFlood,
}

impl Frequency {
    /// The frequency of a return period T (a), 1/a.
    pub fn of(self, years: f64) -> f64 {
        match self {
            Self::Floods => 1.0 / years,
            Self::YearsWithFlood => 1.0 - (-1.0 / years).exp(),
        }
    }
}

/// How damage runs between two return periods.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Between {
    /// Straight over the frequency: trapezoids.
    #[default]
    Straight,
    /// Straight over the logarithm of the frequency.
    Logarithmic,
}

/// What damage is assumed beyond the rarest storm.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Beyond {
    /// That of the rarest storm: the rule of Delft-FIAT.
    #[default]
    Constant,
    /// None: what was not simulated does not count.
    Nothing,
    /// It rises with the logarithm of the frequency as between the last two storms.
    Rising,
}

/// The rules of an integration. The default is that of Delft-FIAT: trapezoids over 1/T, constant beyond the
/// rarest storm, nothing below the most frequent one.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rules {
    /// Frequency of a return period.
    pub frequency: Frequency,
    /// Between two storms.
    pub between: Between,
    /// Beyond the rarest.
    pub beyond: Beyond,
    /// Return period, a, up to which nothing is damaged, where it lies below that of the smallest storm.
    pub onset: Option<f64>,
}

/// Expected annual damage in its two parts.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Area {
    /// Between the storms, a year.
    pub between: f64,
    /// Beyond the rarest, a year.
    pub tail: f64,
}

impl Area {
    /// All of it.
    pub fn total(self) -> f64 {
        self.between + self.tail
    }
}

/// Expected annual damage `∫ D dp` over the yearly frequency p, from damage D by return period, ascending.
///
/// - straight: `Σ (p1 - p2)·(D1 + D2)/2`
/// - logarithmic: `D = D1 + m·ln(p1/p)` with `m = (D2 - D1)/ln(p1/p2)`, hence
///   `Σ D1·(p1 - p2) + m·(p1 - p2 - p2·ln(p1/p2))`
/// - beyond the rarest storm n: `pn·Dn` (constant), 0 (nothing), `pn·(Dn + m)` (rising)
/// - below the smallest storm nothing, unless an onset T0 is given: then the knot (T0, 0) is joined
///
/// Source of the default: Delft-FIAT and FloodAdapt, documentation of the risk scenario.
pub fn expected_damage(points: &[DamagePoint], rules: Rules) -> Area {
    let mut knots: Vec<(f64, f64)> = Vec::with_capacity(points.len() + 1);
    if let (Some(onset), Some(first)) = (rules.onset, points.first())
        && onset < first.years
    {
        knots.push((rules.frequency.of(onset), 0.0));
    }
    knots.extend(points.iter().map(|point| (rules.frequency.of(point.years), point.damage)));
    let slope = |(p1, d1): (f64, f64), (p2, d2): (f64, f64)| (d2 - d1) / (p1 / p2).ln();
    let mut area = Area::default();
    for (&(p1, d1), &(p2, d2)) in knots.iter().zip(knots.iter().skip(1)) {
        area.between += match rules.between {
            Between::Straight => (p1 - p2) * 0.5 * (d1 + d2),
            Between::Logarithmic => {
                d1 * (p1 - p2) + slope((p1, d1), (p2, d2)) * (p1 - p2 - p2 * (p1 / p2).ln())
            }
        };
    }
    let Some(&(p, damage)) = knots.last() else { return area };
    area.tail = match rules.beyond {
        Beyond::Constant => p * damage,
        Beyond::Nothing => 0.0,
        Beyond::Rising => {
            let before = knots.len().checked_sub(2).and_then(|index| knots.get(index));
            p * (damage + before.map_or(0.0, |before| slope(*before, (p, damage))))
        }
    };
    area
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(damage: &[(f64, f64)]) -> Vec<DamagePoint> {
        damage.iter().map(|&(years, damage)| DamagePoint { years, damage }).collect()
    }

    // costs.md, section 2
    const BASE: [(f64, f64); 6] =
        [(2.0, 0.0), (5.0, 3.2), (10.0, 9.5), (20.0, 21.0), (50.0, 46.0), (100.0, 80.0)];
    const OPTION: [(f64, f64); 6] =
        [(2.0, 0.0), (5.0, 0.0), (10.0, 1.8), (20.0, 7.4), (50.0, 25.0), (100.0, 55.0)];

    #[test]
    fn trapezoids_and_a_constant_tail_give_the_oracle() {
        let base = expected_damage(&points(&BASE), Rules::default());
        let option = expected_damage(&points(&OPTION), Rules::default());
        assert!((base.between - 3.5125).abs() < 1e-9 && (base.tail - 0.8).abs() < 1e-12, "{base:?}");
        assert!((base.total() - 4.3125).abs() < 1e-9);
        assert!((option.between - 1.2060).abs() < 1e-9 && (option.total() - 1.7560).abs() < 1e-9);
        assert!((base.total() - option.total() - 2.5565).abs() < 1e-9);
    }

    #[test]
    fn an_onset_below_a_storm_without_damage_changes_nothing_and_below_another_it_adds_a_triangle() {
        let with = |damage: &[(f64, f64)], onset| {
            expected_damage(&points(damage), Rules { onset, ..Rules::default() }).total()
        };
        assert_eq!(with(&BASE, Some(1.0)), with(&BASE, None));
        let mut inserted = vec![(1.0, 0.0)];
        inserted.extend(BASE);
        assert_eq!(with(&inserted, None), with(&BASE, None));
        // (1 - 0.2)·3.2/2
        assert!((with(&BASE[1..], Some(1.0)) - with(&BASE[1..], None) - 1.28).abs() < 1e-12);
        assert_eq!(with(&BASE, Some(2.0)), with(&BASE, None), "no onset above the smallest storm");
    }

    #[test]
    fn logarithmic_damage_is_integrated_exactly() {
        // D = ln T: from p = 1 to 0.1 it is 1 - 0.1 - 0.1·ln 10; beyond, 0.1·(ln 10 + 1); all of it 1
        let damage = points(&[(1.0, 0.0), (10.0, 10.0_f64.ln())]);
        let rules = Rules { between: Between::Logarithmic, beyond: Beyond::Rising, ..Rules::default() };
        let area = expected_damage(&damage, rules);
        assert!((area.between - (0.9 - 0.1 * 10.0_f64.ln())).abs() < 1e-12, "{area:?}");
        assert!((area.total() - 1.0).abs() < 1e-12, "{area:?}");
        // finer knots on the same curve change nothing
        let finer = points(&[(1.0, 0.0), (3.0, 3.0_f64.ln()), (10.0, 10.0_f64.ln())]);
        assert!((expected_damage(&finer, rules).total() - 1.0).abs() < 1e-12);
        let straight = expected_damage(&damage, Rules::default());
        assert!(straight.between > area.between, "trapezoids lie above a curve that bends up");
    }

    #[test]
    fn the_largest_flood_of_a_year_does_less_than_all_floods() {
        let of = |years| Frequency::YearsWithFlood.of(years);
        // oracles2.py: T of annual maxima 1.582 and 5.517 for T of 1 and 5
        assert!((1.0 / of(1.0) - 1.582).abs() < 5e-4 && (1.0 / of(5.0) - 5.5167).abs() < 5e-5);
        let rules = Rules { frequency: Frequency::YearsWithFlood, ..Rules::default() };
        let (years, floods) =
            (expected_damage(&points(&BASE), rules), expected_damage(&points(&BASE), Rules::default()));
        assert!(years.total() < floods.total() && years.total() > 0.85 * floods.total());
    }

    #[test]
    fn one_storm_has_a_tail_and_none_has_nothing() {
        assert_eq!(expected_damage(&[], Rules::default()), Area::default());
        let one = points(&[(10.0, 50.0)]);
        assert_eq!(expected_damage(&one, Rules::default()), Area { between: 0.0, tail: 5.0 });
        let nothing = Rules { beyond: Beyond::Nothing, ..Rules::default() };
        assert_eq!(expected_damage(&one, nothing).total(), 0.0);
    }
}
