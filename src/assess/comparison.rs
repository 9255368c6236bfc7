//! The runs of a study laid side by side: options, horizons, storms and stages by name, and the digest of each run.

use crate::study::digest::Digest;

/// A storm with a stage that it meets: what all options of a horizon are compared under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Case {
    /// Index of the horizon.
    pub horizon: usize,
    /// Index of the storm.
    pub storm: usize,
    /// Index of the stage.
    pub stage: usize,
}

/// How a run ended.
#[derive(Clone, Debug)]
pub enum State<'a> {
    /// To its end.
    Done(&'a Digest),
    /// It failed, and why.
    Failed(String),
    /// It was not made, and why.
    Missing(String),
}

/// One run.
#[derive(Clone, Debug)]
pub struct Run<'a> {
    /// Index of the option; the base is the first.
    pub option: usize,
    /// What it was run under.
    pub case: Case,
    /// How it ended.
    pub state: State<'a>,
}

impl<'a> Run<'a> {
    /// What was kept of it, if it was made.
    pub fn digest(&self) -> Option<&'a Digest> {
        match self.state {
            State::Done(digest) => Some(digest),
            State::Failed(_) | State::Missing(_) => None,
        }
    }
}

/// The runs of a study, to be compared.
#[derive(Clone, Debug, Default)]
pub struct Comparison<'a> {
    /// Title of the study.
    pub title: String,
    /// Options by name, the base first.
    pub options: Vec<String>,
    /// Horizons by name.
    pub horizons: Vec<String>,
    /// For each horizon, the one that it is another future of; `None`, or nothing at all, for one that stands
    /// for itself.
    pub future_of: Vec<Option<usize>>,
    /// The horizons that are planned for; all that are no other futures when it is empty.
    pub planned: Vec<usize>,
    /// Storms by name.
    pub storms: Vec<String>,
    /// River stages by name.
    pub stages: Vec<String>,
    /// Indices of stages that free all outfalls: they show what the river causes, and no option is judged by them.
    pub free_stages: Vec<usize>,
    /// Outfalls whose discharge is a spill.
    pub overflows: Vec<String>,
    /// Outfalls that are treatment works.
    pub treatment_works: Vec<String>,
    /// The runs in the order of the study: by option, horizon, storm and stage.
    pub runs: Vec<Run<'a>>,
}

impl<'a> Comparison<'a> {
    /// Whether a horizon is another future of one, which serves regret only.
    pub fn is_future(&self, horizon: usize) -> bool {
        self.future_of.get(horizon).copied().flatten().is_some()
    }
    /// The horizons that are no other futures, in order.
    pub fn main_horizons(&self) -> Vec<usize> {
        (0..self.horizons.len()).filter(|horizon| !self.is_future(*horizon)).collect()
    }
    /// The horizons that are planned for, in order: those of [`Self::main_horizons`] whose pumps have power.
    pub fn planned_horizons(&self) -> Vec<usize> {
        if self.planned.is_empty() { self.main_horizons() } else { self.planned.clone() }
    }
    /// The last horizon that is planned for: there all that is planned is built.
    pub fn last_horizon(&self) -> usize {
        self.planned_horizons().last().copied().unwrap_or(0)
    }
    /// All cases, in order, each once.
    pub fn cases(&self) -> Vec<Case> {
        let mut cases: Vec<Case> = self.runs.iter().map(|run| run.case).collect();
        cases.sort();
        cases.dedup();
        cases
    }
    /// The cases that options are judged by, in order: those of horizons that stand for themselves, under stages
    /// that a river really has, or free outfalls where a storm was run with nothing else.
    pub fn judged_cases(&self) -> Vec<Case> {
        let all = self.cases();
        let is_free = |case: &Case| self.free_stages.contains(&case.stage);
        let has_river = |case: &Case| {
            let same = |other: &&Case| (other.horizon, other.storm) == (case.horizon, case.storm);
            all.iter().filter(same).any(|other| !is_free(other))
        };
        let judged = |case: &&Case| !self.is_future(case.horizon) && (!is_free(case) || !has_river(case));
        all.iter().filter(judged).copied().collect()
    }
    /// The run of an option in a case.
    pub fn run(&self, option: usize, case: Case) -> Option<&Run<'a>> {
        self.runs.iter().find(|run| run.option == option && run.case == case)
    }
    /// What was kept of the run of an option in a case.
    pub fn digest(&self, option: usize, case: Case) -> Option<&'a Digest> {
        self.run(option, case).and_then(Run::digest)
    }
    /// The names of a case: horizon, storm, stage.
    pub fn names(&self, case: Case) -> [&str; 3] {
        [
            self.horizons.get(case.horizon).map_or("", String::as_str),
            self.storms.get(case.storm).map_or("", String::as_str),
            self.stages.get(case.stage).map_or("", String::as_str),
        ]
    }
    /// The names of a run as tables head their rows: option, horizon, storm, stage.
    pub fn run_names(&self, option: usize, case: Case) -> Vec<String> {
        let [horizon, storm, stage] = self.names(case);
        [self.option(option), horizon, storm, stage].map(str::to_owned).to_vec()
    }
    /// The name of an option.
    pub fn option(&self, option: usize) -> &str {
        self.options.get(option).map_or("", String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_option_is_judged_by_another_future_or_by_a_river_that_is_not_there() {
        let run = |horizon, storm, stage| Run {
            option: 0,
            case: Case { horizon, storm, stage },
            state: State::Missing(String::new()),
        };
        let comparison = Comparison {
            horizons: vec!["2035".into(), "wet".into()],
            future_of: vec![None, Some(0)],
            free_stages: vec![1],
            runs: vec![run(0, 0, 0), run(0, 0, 1), run(0, 1, 1), run(1, 0, 0)],
            ..Comparison::default()
        };
        let judged: Vec<_> =
            comparison.judged_cases().iter().map(|case| (case.horizon, case.storm, case.stage)).collect();
        assert_eq!(judged, [(0, 0, 0), (0, 1, 1)]);
    }
}
