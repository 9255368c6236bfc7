//! The library of formulas against the table it was made from and against official depths.

use super::agree;
use crate::forcing::design_storm::intensity::curve_at;
use crate::forcing::design_storm::plausibility::check_formula;
use crate::input::storm_library::{Lookup, StormLibrary};
use crate::scenario::storm::{
    IntensityFormula, IntensityLaw, LibraryEntry, PeriodInterval, Provenance, UnitFactor,
};

fn library() -> StormLibrary {
    StormLibrary::embedded().unwrap()
}

fn formula(name: &str) -> IntensityFormula {
    match library().find(name) {
        Lookup::One(LibraryEntry::Known(formula)) => (**formula).clone(),
        other => panic!("{name}: {other:?}"),
    }
}

fn rows(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn every_row_of_the_table_is_in_the_library_with_its_depths() {
    let table = rows(include_str!("oracle_depths.csv"));
    assert_eq!(table.len(), 45);
    let (mut unknown, mut depths) = (0, 0);
    for (row, entry) in table.iter().zip(library().entries) {
        assert_eq!(entry.city(), row[0]);
        assert_eq!(entry.latin_name(), row[1]);
        let LibraryEntry::Known(formula) = entry else {
            assert_eq!(row[3], "unknown");
            unknown += 1;
            continue;
        };
        assert_eq!(formula.area, row[2]);
        let provenance = if row[3] == "found" { Provenance::Found } else { Provenance::FromMemory };
        assert_eq!(formula.provenance, provenance, "{}", row[0]);
        if row[4].is_empty() {
            continue;
        }
        let number = |k: usize| row[k].parse::<f64>().unwrap();
        let law = IntensityLaw::Total { a: number(4), c: number(5), b: number(6), n: number(7) };
        assert_eq!(formula.law, law, "{}", row[0]);
        // the table divides by the exact factor
        let exact = IntensityFormula { unit_factor: UnitFactor::Exact, ..*formula };
        let mut k = 8;
        for p in [2.0, 5.0, 20.0, 50.0, 100.0] {
            for t in [60.0, 120.0] {
                agree(curve_at(&exact, p).unwrap().depth_mm(t), number(k), 2);
                (k, depths) = (k + 1, depths + 1);
            }
        }
    }
    assert_eq!((unknown, depths), (6, 36 * 10));
}

#[test]
fn every_official_depth_of_shenzhen_is_reproduced() {
    let table = rows(include_str!("shenzhen_2024.csv"));
    assert_eq!(table.len(), 32);
    for row in &table {
        let formula = formula(&format!("深圳 {}", row[0]));
        let p: f64 = row[1].parse().unwrap();
        // by the intervals alone, as for a return period without a row of its own
        let intervals = IntensityFormula { single_periods: Vec::new(), ..formula.clone() };
        for (t, depth) in
            [5.0, 10.0, 15.0, 20.0, 30.0, 45.0, 60.0, 90.0, 120.0, 150.0, 180.0].into_iter().zip(&row[2..])
        {
            let depth: f64 = depth.parse().unwrap();
            let by_row = curve_at(&formula, p).unwrap().depth_mm(t);
            assert!((by_row - depth).abs() < 0.001, "{} {p} a {t} min: {by_row} {depth}", row[0]);
            let by_intervals = curve_at(&intervals, p).unwrap().depth_mm(t);
            assert!((by_intervals / depth - 1.0).abs() < 0.003, "{} {p} a {t} min: {by_intervals}", row[0]);
        }
    }
}

#[test]
fn the_intervals_of_shenzhen_give_the_depths_of_the_oracle() {
    let by_intervals = |area: &str, p, t| {
        let formula = IntensityFormula { single_periods: Vec::new(), ..formula(&format!("深圳 {area}")) };
        curve_at(&formula, p).unwrap().depth_mm(t)
    };
    agree(by_intervals("东部流域", 5.0, 30.0), 50.811, 3);
    agree(by_intervals("深汕特别合作区", 5.0, 30.0), 50.469, 3);
}

#[test]
fn ten_years_belong_to_the_second_interval() {
    let central = formula("深圳 中部流域");
    let IntensityLaw::Intervals(intervals) = &central.law else { panic!() };
    let depth = |intervals: Vec<PeriodInterval>| {
        let law = IntensityLaw::Intervals(intervals);
        let formula = IntensityFormula { law, single_periods: Vec::new(), ..central.clone() };
        curve_at(&formula, 10.0).unwrap().depth_mm(30.0)
    };
    // the first interval alone ends with 10 years, and its set is 2.7 % above the official 58.706 mm
    agree(depth(intervals[..1].to_vec()), 60.28, 2);
    assert!((depth(intervals.clone()) / 58.706 - 1.0).abs() < 0.003);
}

#[test]
fn the_factor_of_shenzhen_is_167() {
    let exact = IntensityFormula { unit_factor: UnitFactor::Exact, ..formula("深圳 西部流域") };
    let depth = curve_at(&exact, 2.0).unwrap().depth_mm(5.0);
    assert!((depth / 11.426 - 1.002).abs() < 1e-4, "{depth}");
}

#[test]
fn the_plausibility_checks_find_the_typo_upstream_and_little_else() {
    let mut doubtful: Vec<String> = Vec::new();
    for entry in library().entries {
        if let LibraryEntry::Known(formula) = entry {
            for finding in check_formula(&formula) {
                doubtful.push(format!("{}: {}", formula.city, finding.message));
            }
        }
    }
    let of = |city: &str| doubtful.iter().filter(|finding| finding.starts_with(city)).count();
    assert_eq!(of("广州"), 2, "{doubtful:#?}");
    assert_eq!(of("呼和浩特"), 1, "{doubtful:#?}");
    assert_eq!(of("成都"), 1, "{doubtful:#?}");
    assert_eq!(doubtful.len(), 4, "{doubtful:#?}");
}
