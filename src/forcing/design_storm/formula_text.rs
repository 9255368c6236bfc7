//! A formula as a line of text, the same in every language.

use crate::scenario::storm::{IntensityFormula, IntensityLaw, LogParameter, PeriodInterval, SinglePeriod};

use super::intensity::IntensityCurve;

/// A formula as it is printed; of the forms with many coefficients those of a return period.
///
/// `q` is in L/(s·ha), `t` in min, `P` in years.
pub fn formula_text(formula: &IntensityFormula, return_period_years: Option<f64>) -> String {
    match &formula.law {
        IntensityLaw::Total { a, c, b, n } => format!("q = {a}(1 + {c} lg P)/(t + {b})^{n}"),
        IntensityLaw::TotalWithVaryingShift { a, c, b, b_exponent, n } => {
            format!("q = {a}(1 + {c} lg P)/(t + {b} P^{b_exponent})^{n}")
        }
        IntensityLaw::PowerOfPeriod { a, exponent, offset, b, b_per_log, n, n_per_log } => {
            format!("q = {a}(P^{exponent} - {offset})/(t + {b} + {b_per_log} lg P)^({n} + {n_per_log} lg P)")
        }
        IntensityLaw::Intervals(intervals) => {
            let row = return_period_years.and_then(|p| find(&formula.single_periods, p));
            match (row, return_period_years) {
                (Some(row), _) => single(row),
                (None, Some(p)) => {
                    let holds = |i: &&PeriodInterval| p >= i.from_years && p < i.to_years;
                    let of = intervals.iter().find(holds).or(intervals.last());
                    of.map(interval).unwrap_or_default()
                }
                (None, None) => intervals.iter().map(interval).collect::<Vec<_>>().join("; "),
            }
        }
        IntensityLaw::SinglePeriods(rows) => match return_period_years.and_then(|p| find(rows, p)) {
            Some(row) => single(row),
            None => rows.iter().map(single).collect::<Vec<_>>().join("; "),
        },
    }
}

/// A curve as it is printed, in mm/min.
pub fn curve_text(curve: &IntensityCurve) -> String {
    let [a, b, n] = [curve.a, curve.b, curve.n].map(|value| {
        let text = format!("{value:.4}");
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    });
    format!("i = {a}/(t + {b})^{n} mm/min")
}

fn find(rows: &[SinglePeriod], p: f64) -> Option<&SinglePeriod> {
    rows.iter().find(|row| row.return_period_years == p)
}

fn single(row: &SinglePeriod) -> String {
    let SinglePeriod { return_period_years, a, b, n } = row;
    format!("q = {a}/(t + {b})^{n} (P = {return_period_years})")
}

fn interval(interval: &PeriodInterval) -> String {
    let part = |LogParameter([p1, p2, p3]): LogParameter| {
        let sign = if p2 < 0.0 { '-' } else { '+' };
        format!("{p1} {sign} {} ln(P - {p3})", p2.abs())
    };
    format!(
        "q = 167A/(t + b)^n, A = {}, b = {}, n = {} (P = {}-{})",
        part(interval.a),
        part(interval.b),
        part(interval.n),
        interval.from_years,
        interval.to_years
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_reads_as_it_is_published() {
        let shenyang = IntensityFormula::of_user(1984.0, 0.77, 9.0, 0.77);
        assert_eq!(formula_text(&shenyang, Some(5.0)), "q = 1984(1 + 0.77 lg P)/(t + 9)^0.77");
        let curve = IntensityCurve { a: 18.310_815, b: 9.0, n: 0.77 };
        assert_eq!(curve_text(&curve), "i = 18.3108/(t + 9)^0.77 mm/min");
        let part = |p1: f64, p2: f64, p3: f64| LogParameter([p1, p2, p3]);
        let first = PeriodInterval {
            from_years: 1.0,
            to_years: 10.0,
            a: part(27.622, 3.362, 0.771),
            b: part(16.655, 2.828, 0.116),
            n: part(0.786, -0.029, 0.247),
        };
        let row = SinglePeriod { return_period_years: 2.0, a: 4728.605, b: 18.446, n: 0.77 };
        let shenzhen = IntensityFormula {
            law: IntensityLaw::Intervals(vec![first]),
            single_periods: vec![row],
            ..shenyang
        };
        assert_eq!(formula_text(&shenzhen, Some(2.0)), "q = 4728.605/(t + 18.446)^0.77 (P = 2)");
        assert_eq!(
            formula_text(&shenzhen, Some(4.0)),
            "q = 167A/(t + b)^n, A = 27.622 + 3.362 ln(P - 0.771), b = 16.655 + 2.828 ln(P - 0.116), \
             n = 0.786 - 0.029 ln(P - 0.247) (P = 1-10)"
        );
    }
}
