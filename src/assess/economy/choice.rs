//! Choice: which options no other one beats, what a budget buys, what is regretted.

/// An option that beats each one in cost and goals, if any does: `None` for those on the Pareto front.
///
/// `goals` holds, for each option, the numbers that should be small, cost among them. An option beats another
/// when it is nowhere larger and somewhere smaller; of several that do, the one with the smallest sum of
/// shares is named (the first of equal ones). Of equal options none beats the other.
pub fn beaten_by(goals: &[Vec<f64>]) -> Vec<Option<usize>> {
    let beats =
        |a: &[f64], b: &[f64]| a.iter().zip(b).all(|(a, b)| a <= b) && a.iter().zip(b).any(|(a, b)| a < b);
    let count = goals.iter().map(Vec::len).max().unwrap_or(0);
    let largest: Vec<f64> = (0..count)
        .map(|goal| goals.iter().filter_map(|of| of.get(goal)).copied().fold(0.0, f64::max))
        .collect();
    let sum = |of: &[f64]| -> f64 {
        of.iter().zip(&largest).filter(|(_, most)| **most > 0.0).map(|(value, most)| value / most).sum()
    };
    goals
        .iter()
        .map(|loser| {
            let winners = goals.iter().enumerate().filter(|(_, winner)| beats(winner, loser));
            winners.min_by(|(_, a), (_, b)| sum(a).total_cmp(&sum(b))).map(|(index, _)| index)
        })
        .collect()
}

/// What can be chosen within a budget.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Item {
    /// What it costs, 0 or more.
    pub cost: f64,
    /// What it is worth; what is worth nothing is never chosen.
    pub worth: f64,
}

/// Most items that are combined: beyond it the search may take too long.
pub const MOST_ITEMS: usize = 20;

/// The one item that is worth most within a budget, the cheapest of equal ones; `None` when none is worth
/// anything or can be paid.
pub fn best_one(items: &[Item], budget: f64) -> Option<usize> {
    let paid = items.iter().enumerate().filter(|(_, item)| item.cost <= budget && item.worth > 0.0);
    let better = |a: &Item, b: &Item| a.worth.total_cmp(&b.worth).then(b.cost.total_cmp(&a.cost));
    paid.reduce(|best, next| if better(next.1, best.1).is_gt() { next } else { best }).map(|(index, _)| index)
}

/// The items that together are worth most within a budget (0/1 knapsack), exact: depth first, with what is
/// left to be worth as the bound. Indices ascend; of equal choices the cheapest, then the one with the earlier
/// items. `None` for more than [`MOST_ITEMS`] items.
pub fn best_together(items: &[Item], budget: f64) -> Option<Vec<usize>> {
    if items.len() > MOST_ITEMS {
        return None;
    }
    // the dearest worth first, so that the bound cuts early
    let mut order: Vec<usize> = (0..items.len()).filter(|index| items[*index].worth > 0.0).collect();
    order.sort_by(|a, b| items[*b].worth.total_cmp(&items[*a].worth));
    let mut search = Search { items, order, budget, best: (0.0, 0.0, Vec::new()) };
    search.go(0, Item::default(), &mut Vec::new());
    let mut chosen = search.best.2;
    chosen.sort_unstable();
    Some(chosen)
}

/// The search of [`best_together`].
struct Search<'a> {
    items: &'a [Item],
    order: Vec<usize>,
    budget: f64,
    /// Worth, cost and items of the best choice so far.
    best: (f64, f64, Vec<usize>),
}

impl Search<'_> {
    fn go(&mut self, depth: usize, sum: Item, chosen: &mut Vec<usize>) {
        let (worth, cost) = (self.best.0, self.best.1);
        if sum.worth > worth || (sum.worth == worth && sum.cost < cost) {
            self.best = (sum.worth, sum.cost, chosen.clone());
        }
        let left: f64 = self.order.iter().skip(depth).map(|index| self.items[*index].worth).sum();
        let Some(&index) = self.order.get(depth) else { return };
        if sum.worth + left < self.best.0 {
            return;
        }
        let item = self.items[index];
        if sum.cost + item.cost <= self.budget {
            chosen.push(index);
            self.go(depth + 1, Item { cost: sum.cost + item.cost, worth: sum.worth + item.worth }, chosen);
            chosen.pop();
        }
        self.go(depth + 1, sum, chosen);
    }
}

/// Regrets: for each option, in each future, how much less it is worth than the best option of that future.
/// `worth` holds a list by future for each option.
pub fn regrets(worth: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let futures = worth.iter().map(Vec::len).min().unwrap_or(0);
    let best = |future: usize| worth.iter().map(|of| of[future]).fold(f64::NEG_INFINITY, f64::max);
    let best: Vec<f64> = (0..futures).map(best).collect();
    worth.iter().map(|of| of.iter().zip(&best).map(|(value, best)| best - value).collect()).collect()
}

/// The option whose largest regret is smallest, the first of equal ones.
pub fn least_regret(regrets: &[Vec<f64>]) -> Option<usize> {
    let largest = regrets.iter().map(|of| of.iter().copied().fold(0.0, f64::max)).enumerate();
    largest.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(index, _)| index)
}

/// Share of some worths that are not below what is asked for.
pub fn satisfying_share(worth: &[f64], least: f64) -> f64 {
    let kept = worth.iter().filter(|value| **value >= least).count();
    if worth.is_empty() { 0.0 } else { kept as f64 / worth.len() as f64 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_front_holds_what_nothing_beats() {
        // cost and damage: base, cheap, dear and good, dear and bad, the same as cheap
        let goals =
            [[0.0, 10.0], [5.0, 6.0], [9.0, 2.0], [9.0, 7.0], [5.0, 6.0], [5.0, 6.5]].map(|of| of.to_vec());
        assert_eq!(beaten_by(&goals), [None, None, None, Some(1), None, Some(1)]);
        assert_eq!(beaten_by(&[]), []);
    }

    #[test]
    fn a_budget_buys_one_option_or_several_packages() {
        let items = [(10.0, 60.0), (20.0, 100.0), (30.0, 120.0), (5.0, 0.0), (20.0, 100.0)]
            .map(|(cost, worth)| Item { cost, worth });
        assert_eq!(best_together(&items[..3], 50.0), Some(vec![1, 2]));
        assert_eq!(best_one(&items, 50.0), Some(2));
        assert_eq!(best_one(&items, 25.0), Some(1), "the first of equal ones");
        assert_eq!((best_one(&items, 9.0), best_together(&items, 9.0)), (None, Some(vec![])));
        assert_eq!(best_together(&[Item::default(); 21], 1.0), None);
    }

    /// All subsets.
    fn brute_force(items: &[Item], budget: f64) -> (f64, f64) {
        (0..1_u32 << items.len())
            .map(|set| {
                let chosen = items.iter().enumerate().filter(|(index, _)| set >> index & 1 == 1);
                chosen.fold((0.0, 0.0), |(cost, worth), (_, item)| (cost + item.cost, worth + item.worth))
            })
            .filter(|(cost, _)| *cost <= budget)
            .fold((0.0, 0.0), |best, next| {
                if next.1 > best.1 || (next.1 == best.1 && next.0 < best.0) { next } else { best }
            })
    }

    proptest! {
        #[test]
        fn the_search_finds_what_all_subsets_give(
            items in prop::collection::vec((0_u8..30, 0_u8..30), 8), budget in 0_u8..120,
        ) {
            // whole numbers: sums are exact in any order
            let items: Vec<Item> = items
                .iter()
                .map(|(cost, worth)| Item { cost: f64::from(*cost), worth: f64::from(*worth) })
                .collect();
            let budget = f64::from(budget);
            let chosen = best_together(&items, budget).unwrap();
            let cost: f64 = chosen.iter().map(|index| items[*index].cost).sum();
            let worth: f64 = chosen.iter().map(|index| items[*index].worth).sum();
            prop_assert_eq!((cost, worth), brute_force(&items, budget));
        }
    }

    #[test]
    fn regret_is_what_the_best_of_each_future_is_worth_more() {
        // three options in two futures
        let worth = [vec![0.0, 0.0], vec![10.0, -4.0], vec![6.0, 3.0]];
        let found = regrets(&worth);
        assert_eq!(found, [vec![10.0, 3.0], vec![0.0, 7.0], vec![4.0, 0.0]]);
        assert_eq!(least_regret(&found), Some(2));
        assert_eq!(satisfying_share(&worth[1], 0.0), 0.5);
        assert_eq!((satisfying_share(&[], 0.0), least_regret(&[])), (0.0, None));
    }
}
