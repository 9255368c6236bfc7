//! The runs of a study.

use std::collections::BTreeSet;

use crate::scenario::study::{AS_MODELLED, Scenario};

/// One run: indices into the lists of the scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunSpec {
    /// Its name, such as `A/2030/P50_24h/flood_20a`.
    pub id: String,
    /// The same as a name for files, without ending.
    pub file_name: String,
    /// The option.
    pub option: usize,
    /// The horizon.
    pub horizon: usize,
    /// The storm; `None` when the study has none and the rain is that of the network.
    pub storm: Option<usize>,
    /// The river stage.
    pub stage: usize,
}

/// Names for the files of the networks of each option, and in it each horizon.
pub(super) fn pair_names(scenario: &Scenario, names: &mut FileNames) -> Vec<String> {
    let mut all = Vec::new();
    for choice in &scenario.options {
        for horizon in &scenario.horizons {
            let parts = [choice.name.as_str(), horizon.name.as_str()];
            let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            all.push(names.free(&parts));
        }
    }
    all
}

/// All runs: for each option, each horizon, each storm that is run for it, the stages that it is paired with; of other
/// futures the first of them.
pub(super) fn specs(scenario: &Scenario, names: &mut FileNames) -> Vec<RunSpec> {
    let mut all = Vec::new();
    for (option, choice) in scenario.options.iter().enumerate() {
        for (horizon, year) in scenario.horizons.iter().enumerate() {
            let runs = |storm: Option<usize>, stage: usize| {
                let name = storm.and_then(|storm| scenario.storms.get(storm)).map(|storm| &storm.rain.name);
                let wanted = &year.table.storms;
                let is_first =
                    storm.and_then(|storm| scenario.first_stage(storm)).is_none_or(|first| first == stage);
                (wanted.is_empty() || name.is_none_or(|name| wanted.contains(name)))
                    && (year.table.future_of.is_none() || is_first)
            };
            for (storm, stage) in weathers(scenario).into_iter().filter(|(storm, stage)| runs(*storm, *stage))
            {
                let parts = [
                    choice.name.as_str(),
                    year.name.as_str(),
                    storm.and_then(|storm| scenario.storms.get(storm)).map_or("", |storm| &storm.rain.name),
                    scenario.stages.get(stage).map_or(AS_MODELLED, |stage| &stage.name),
                ];
                let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
                let file_name = names.free(&parts);
                all.push(RunSpec { id: parts.join("/"), file_name, option, horizon, storm, stage });
            }
        }
    }
    all
}

/// Storms with their stages, in the order of the file.
fn weathers(scenario: &Scenario) -> Vec<(Option<usize>, usize)> {
    if scenario.storms.is_empty() {
        return vec![(None, 0)];
    }
    let storms = scenario.storms.iter().enumerate();
    let paired = |storm: usize| scenario.pairing.get(storm).map_or(&[0][..], Vec::as_slice);
    storms.flat_map(|(storm, _)| paired(storm).iter().map(move |stage| (Some(storm), *stage))).collect()
}

/// Most bytes of a file name without its ending: file systems take 255.
const LONGEST: usize = 180;

/// Names for files that differ in more than the case of their letters.
#[derive(Clone, Debug, Default)]
pub(super) struct FileNames(BTreeSet<String>);

impl FileNames {
    /// A free name of these parts; characters that some system does not take become `_`.
    pub fn free(&mut self, parts: &[&str]) -> String {
        let safe = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '.' | '+') { c } else { '_' };
        let mut plain: String = parts.join("_").chars().map(safe).collect();
        while plain.len() > LONGEST {
            plain.pop();
        }
        if plain.is_empty() || plain.starts_with('.') {
            plain.insert(0, '_');
        }
        let mut name = plain.clone();
        let mut count = 1;
        while !self.0.insert(name.to_lowercase()) {
            count += 1;
            name = format!("{plain}_{count}");
        }
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_are_safe_and_differ() {
        let mut names = FileNames::default();
        assert_eq!(names.free(&["A", "2030", "50年 一遇"]), "A_2030_50年_一遇");
        assert_eq!(names.free(&["a/2030", "50年*一遇"]), "a_2030_50年_一遇_2");
        assert_eq!(names.free(&[".."]), "_..");
        assert!(names.free(&["长".repeat(400).as_str()]).len() <= LONGEST);
    }
}
