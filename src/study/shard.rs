//! A part of a study, for one of many machines.

use std::fmt;
use std::str::FromStr;

/// Part `index` of `count`: of the distinct runs in the order of the study, every `count`-th.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    index: usize,
    count: usize,
}

impl Shard {
    /// Part `index`, counted from 1, of `count`; `None` when there is no such part.
    pub fn new(index: usize, count: usize) -> Option<Self> {
        (1..=count).contains(&index).then_some(Self { index, count })
    }
    /// Whether it holds the run of a place among all distinct ones.
    pub(super) fn holds(self, place: usize) -> bool {
        place % self.count == self.index - 1
    }
}

impl Default for Shard {
    /// The whole.
    fn default() -> Self {
        Self { index: 1, count: 1 }
    }
}

impl FromStr for Shard {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text
            .split_once('/')
            .and_then(|(index, count)| Some((index.trim().parse().ok()?, count.trim().parse().ok()?)));
        parts
            .and_then(|(index, count)| Self::new(index, count))
            .ok_or_else(|| format!("`{text}` is no part of a study; the second of four is written 2/4"))
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_run_is_in_one_part() {
        for place in 0..10 {
            let holders = (1..=3).filter(|&index| Shard::new(index, 3).unwrap().holds(place)).count();
            assert_eq!(holders, 1);
        }
    }

    #[test]
    fn parts_that_are_none_are_refused() {
        assert_eq!("2/4".parse(), Ok(Shard { index: 2, count: 4 }));
        for text in ["0/4", "5/4", "1", "1/0", "a/b", "-1/2"] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }
}
