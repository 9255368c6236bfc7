//! What changes cost: the works that they mean, times a table of unit costs.
//!
//! Only what changed costs: an option without measures costs nothing. Capital is raised by the contingency;
//! upkeep is a share of the capital without it.

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Change, Work};
use crate::diagnostic::Diagnostic;
use crate::scenario::cost::{CostTable, Item};

/// Cost of one work on one element, without contingency.
#[derive(Clone, Debug, PartialEq)]
pub struct CostLine {
    /// Index of the measure in its option.
    pub measure: usize,
    /// Phase of the measure.
    pub phase: String,
    /// What kind of works.
    pub item: Item,
    /// The element that is built or changed.
    pub element: String,
    /// How much of it, as [`Item`] counts: metres of pipe, m³ of a tank, 1 for what is counted by the piece.
    pub quantity: f64,
    /// To build it.
    pub capital: f64,
    /// To keep it up, a year.
    pub upkeep: f64,
}

/// Costs added up.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sum {
    /// To build, with contingency.
    pub capital: f64,
    /// To keep up, a year.
    pub upkeep: f64,
}

/// What an option costs, line by line.
#[derive(Clone, Debug, PartialEq)]
pub struct Bill {
    /// The lines, in the order of the changes.
    pub lines: Vec<CostLine>,
    /// Share added to capital for the unforeseen.
    pub contingency: f64,
    /// The currency.
    pub currency: String,
    /// The year of the prices.
    pub price_year: i32,
    /// Where the rates come from.
    pub source: String,
    /// Whether the rates were checked against their source; what is printed of a bill must say if not.
    pub verified: bool,
}

/// What changes cost.
///
/// # Errors
/// The items that the table has no rate for, each once.
pub fn bill(changes: &[Change], table: &CostTable, contingency: f64) -> Result<Bill, Vec<Diagnostic>> {
    let mut lines = Vec::new();
    let mut missing = BTreeSet::new();
    for change in changes {
        for work in &change.works {
            let item = item_of(work);
            let Some(rate) = table.rates.get(&item) else {
                missing.insert(item);
                continue;
            };
            let (quantity, capital) = capital(work, item, table);
            lines.push(CostLine {
                measure: change.measure,
                phase: change.phase.clone(),
                item,
                element: change.element.clone(),
                quantity,
                capital,
                upkeep: rate.upkeep * capital,
            });
        }
    }
    if !missing.is_empty() {
        let problem = |item: &Item| {
            let word = item.word();
            Diagnostic::error(0, format!("the cost table has no rate for `{word}`"))
                .help(format!("add [{word}] to it, see seeds/costs/cn-example.toml"))
        };
        return Err(missing.iter().map(problem).collect());
    }
    Ok(Bill {
        lines,
        contingency,
        currency: table.currency.clone(),
        price_year: table.price_year,
        source: table.source.clone(),
        verified: table.verified,
    })
}

/// The item that a work is priced as.
pub fn item_of(work: &Work) -> Item {
    match work {
        Work::Pipe { .. } => Item::Pipe,
        Work::Lining { .. } => Item::Lining,
        Work::Cleaning { .. } => Item::Cleaning,
        Work::Manhole { .. } => Item::Manhole,
        Work::Outfall => Item::Outfall,
        Work::Tank { .. } => Item::Tank,
        Work::PumpStation { .. } => Item::PumpStation,
        Work::Gate { .. } => Item::Gate,
        Work::FlapGate { .. } => Item::FlapGate,
        Work::Weir { .. } => Item::Weir,
        Work::Earthwork { .. } => Item::Earthwork,
        Work::PlotConnection { .. } => Item::PlotConnection,
    }
}

/// Quantity and capital of a work.
fn capital(work: &Work, item: Item, table: &CostTable) -> (f64, f64) {
    let at = |size: f64| table.rates.get(&item).map_or(0.0, |rate| rate.cost.at(size));
    match *work {
        Work::Pipe { length, diameter, depth } => {
            (length, length * table.pipe_metre(diameter, depth).unwrap_or(0.0))
        }
        Work::Lining { length, diameter } | Work::Cleaning { length, diameter } => {
            (length, length * at(diameter))
        }
        Work::Manhole { depth } => (1.0, at(depth)),
        Work::Outfall => (1.0, at(0.0)),
        Work::Gate { area } | Work::FlapGate { area } => (1.0, at(area)),
        Work::Tank { volume } | Work::Earthwork { volume } => (volume, at(volume)),
        Work::PumpStation { flow } => (flow, at(flow)),
        Work::Weir { length } => (length, at(length)),
        Work::PlotConnection { area } => (area, at(area)),
    }
}

impl Bill {
    /// All of it.
    pub fn total(&self) -> Sum {
        self.sum(self.lines.iter())
    }
    /// By phase, in the order of their names.
    pub fn by_phase(&self) -> BTreeMap<&str, Sum> {
        self.grouped(|line| line.phase.as_str())
    }
    /// By item.
    pub fn by_item(&self) -> BTreeMap<Item, Sum> {
        self.grouped(|line| line.item)
    }
    /// By measure, counted from 0.
    pub fn by_measure(&self) -> BTreeMap<usize, Sum> {
        self.grouped(|line| line.measure)
    }
    fn grouped<'a, K: Ord + Copy>(&'a self, key: impl Fn(&'a CostLine) -> K) -> BTreeMap<K, Sum> {
        let keys: BTreeSet<K> = self.lines.iter().map(&key).collect();
        let of = |wanted: K| self.sum(self.lines.iter().filter(|line| key(line) == wanted));
        keys.into_iter().map(|wanted| (wanted, of(wanted))).collect()
    }
    fn sum<'a>(&self, lines: impl Iterator<Item = &'a CostLine>) -> Sum {
        let zero = Sum::default();
        lines.fold(zero, |sum, line| Sum {
            capital: sum.capital + line.capital * (1.0 + self.contingency),
            upkeep: sum.upkeep + line.upkeep,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::edit::change::{Action, Kind};
    use crate::input::cost_table::example;

    fn change(measure: usize, phase: &str, works: Vec<Work>) -> Change {
        Change {
            measure,
            phase: phase.into(),
            kind: Kind::Link,
            element: "C1".into(),
            action: Action::Altered,
            fields: Vec::new(),
            works,
        }
    }

    fn cost(work: Work) -> f64 {
        bill(&[change(0, "I", vec![work])], &example().unwrap(), 0.0).unwrap().total().capital
    }

    #[test]
    fn a_bill_adds_up_by_phase_item_and_measure() {
        let changes = [
            // 100 m of DN1000, 5 m deep: 4000 · 1.3 a metre
            change(0, "I", vec![Work::Pipe { length: 100.0, diameter: 1.0, depth: 5.0 }]),
            change(1, "II", vec![Work::Tank { volume: 2000.0 }, Work::PumpStation { flow: 0.1 }]),
            change(2, "II", Vec::new()),
        ];
        let bill = bill(&changes, &example().unwrap(), 0.1).unwrap();
        let near = |sum: Sum, capital: f64, upkeep: f64| {
            assert!((sum.capital - capital).abs() < 1e-6 && (sum.upkeep - upkeep).abs() < 1e-6, "{sum:?}");
        };
        near(bill.by_phase()["I"], 572_000.0, 3900.0);
        near(bill.by_phase()["II"], 1.1 * 6_550_000.0, 90_000.0 + 22_000.0);
        near(bill.by_item()[&Item::Tank], 6_600_000.0, 90_000.0);
        near(bill.by_measure()[&1], 1.1 * 6_550_000.0, 112_000.0);
        near(bill.total(), 1.1 * 7_070_000.0, 115_900.0);
        assert!(!bill.verified);
    }

    #[test]
    fn no_changes_cost_nothing_and_neither_does_a_change_without_works() {
        let table = example().unwrap();
        assert_eq!(bill(&[], &table, 0.1).unwrap().total(), Sum::default());
        assert_eq!(bill(&[change(0, "I", Vec::new())], &table, 0.1).unwrap().total(), Sum::default());
    }

    #[test]
    fn nothing_of_something_costs_nothing() {
        for work in [
            Work::Pipe { length: 0.0, diameter: 1.0, depth: 9.0 },
            Work::Lining { length: 0.0, diameter: 1.0 },
            Work::Cleaning { length: 0.0, diameter: 1.0 },
            Work::Tank { volume: 0.0 },
            Work::PumpStation { flow: 0.0 },
            Work::Weir { length: 0.0 },
            Work::Earthwork { volume: 0.0 },
            Work::PlotConnection { area: 0.0 },
        ] {
            assert_eq!(cost(work), 0.0, "{work:?}");
        }
    }

    #[test]
    fn an_item_without_a_rate_is_a_problem_once() {
        let mut table = example().unwrap();
        table.rates.remove(&Item::Outfall);
        let found = bill(&[change(0, "I", vec![Work::Outfall, Work::Outfall])], &table, 0.0).unwrap_err();
        assert_eq!(found.len(), 1);
        assert!(found[0].message.contains("`outfall`"));
    }

    proptest! {
        #[test]
        fn more_never_costs_less(
            length in 0.0..5000.0_f64, diameter in 0.1..4.0_f64, depth in 0.0..12.0_f64, volume in 0.0..1.0e5_f64,
            more in 0.0..3.0_f64,
        ) {
            let pipe = |length, diameter, depth| cost(Work::Pipe { length, diameter, depth });
            let here = pipe(length, diameter, depth);
            prop_assert!(pipe(length * (1.0 + more), diameter, depth) >= here);
            prop_assert!(pipe(length, diameter + more, depth) >= here);
            prop_assert!(pipe(length, diameter, depth + more) >= here);
            let tank = |volume| cost(Work::Tank { volume });
            prop_assert!(tank(volume * (1.0 + more)) >= tank(volume));
            let station = |flow| cost(Work::PumpStation { flow });
            prop_assert!(station(diameter + more) >= station(diameter));
            let lining = |diameter| cost(Work::Lining { length, diameter });
            prop_assert!(lining(diameter + more) >= lining(diameter));
        }

        #[test]
        fn the_cost_of_two_changes_is_the_sum_of_both(a in 0.0..9999.0_f64, b in 0.0..9999.0_f64) {
            let table = example().unwrap();
            let two = [change(0, "I", vec![Work::Tank { volume: a }]), change(1, "I", vec![Work::Tank { volume: b }])];
            let sum = bill(&two, &table, 0.0).unwrap().total().capital;
            let each = cost(Work::Tank { volume: a }) + cost(Work::Tank { volume: b });
            prop_assert!((sum - each).abs() <= 1e-9 * each);
        }
    }
}
