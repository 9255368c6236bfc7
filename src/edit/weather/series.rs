//! Time series that weather adds to a text: free names, and rows by elapsed time.

use std::collections::BTreeSet;

use crate::input::inp::Section;

use super::super::editor::{Editor, number};
use super::super::network::Network;
use super::length::clock;

/// Names that are taken, in capitals.
#[derive(Clone, Debug)]
pub(super) struct Names {
    taken: BTreeSet<String>,
    /// Whether the text can hold any character.
    unicode: bool,
}

impl Names {
    /// The names of series and curves of a network.
    pub fn of(network: &Network) -> Self {
        let (series, curves) = (network.model.series.names(), network.model.curves.names());
        Self {
            taken: series.iter().chain(curves).map(|name| name.to_uppercase()).collect(),
            unicode: network.document.encoding() == "UTF-8",
        }
    }
    /// A free name that says what it is about: blanks, marks and what the encoding may lack become `_`.
    pub fn free(&mut self, kind: &str, about: &str) -> String {
        let fits =
            |c: char| (c.is_alphanumeric() && (self.unicode || c.is_ascii())) || matches!(c, '-' | '.');
        let about: String = about.chars().map(|c| if fits(c) { c } else { '_' }).collect();
        let plain = format!("{kind}_{about}");
        let mut name = plain.clone();
        let mut count = 1;
        while !self.taken.insert(name.to_uppercase()) {
            count += 1;
            name = format!("{plain}_{count}");
        }
        name
    }
}

/// Adds a series of values by elapsed seconds; of two in one second the first counts.
pub(super) fn add(editor: &mut Editor, name: &str, points: &[(f64, f64)]) {
    let mut before = None;
    for &(seconds, value) in points {
        // a float that is no count of seconds saturates
        let seconds = seconds.max(0.0).round() as u64;
        if before.is_none_or(|before| seconds > before) {
            editor.add(Section::Timeseries, &[name, &clock(seconds), &number(value)]);
            before = Some(seconds);
        }
    }
}

/// The points of a course of values within a run, as straight lines between them: one at its start, one at
/// its end, and those between; before the first and after the last point its value holds.
pub(super) fn within(points: &[(f64, f64)], duration_s: f64) -> Vec<(f64, f64)> {
    let mut inside = vec![(0.0, value_at(points, 0.0))];
    inside.extend(points.iter().filter(|(time, _)| *time > 0.0 && *time < duration_s));
    inside.push((duration_s, value_at(points, duration_s)));
    inside
}

/// Linear interpolation in points of increasing time; the end values hold beyond them, 0 without points.
pub(super) fn value_at(points: &[(f64, f64)], time: f64) -> f64 {
    let next = points.partition_point(|(at, _)| *at <= time);
    let after = points.get(next);
    let before = next.checked_sub(1).and_then(|before| points.get(before));
    match (before, after) {
        (Some((t0, v0)), Some((t1, v1))) => v0 + (v1 - v0) * (time - t0) / (t1 - t0),
        (Some((_, value)), None) | (None, Some((_, value))) => *value,
        (None, None) => 0.0,
    }
}
