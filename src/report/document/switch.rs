//! Maps of which the reader chooses one, without a script: two rows of buttons, one map for each pair.
//!
//! The buttons are radio inputs that stand before the maps; the style shows the map whose two buttons are chosen. A page
//! that is printed shows the maps that are marked so, whatever is chosen.

use std::fmt::Write as _;

use crate::plot::inundation::page::PageLayer;

/// Maps of which the reader chooses one.
#[derive(Clone, Debug, Default)]
pub(super) struct Switch {
    /// Where links lead; unique in the page.
    pub id: String,
    /// What it shows, for readers who cannot see it.
    pub label: String,
    /// `Figure 3: ` and what it shows.
    pub caption: String,
    /// What is to be known of it.
    pub note: String,
    /// Width over height of the maps.
    pub shape: (usize, usize),
    /// The ground below all maps: a PNG in the characters of RFC 4648.
    pub ground: String,
    /// What lies on top of all maps: an SVG in the characters of RFC 4648.
    pub top: String,
    /// What stands behind areas: ` ha`.
    pub area_unit: &'static str,
    /// How large the map is; empty for nothing.
    pub scale: String,
    /// The rows of buttons.
    pub bars: Vec<Bar>,
    /// The maps.
    pub frames: Vec<Frame>,
}

/// A row of buttons. Rows of one set share one choice.
#[derive(Clone, Debug, Default)]
pub(super) struct Bar {
    /// What is chosen.
    pub heading: String,
    /// Which of the two sets of choices: `a` or `b`.
    pub set: char,
    /// The buttons.
    pub choices: Vec<Choice>,
}

/// A button.
#[derive(Clone, Debug, Default)]
pub(super) struct Choice {
    /// Its number in its set.
    pub index: usize,
    /// What it says.
    pub label: String,
}

/// A map.
#[derive(Clone, Debug, Default)]
pub(super) struct Frame {
    /// The choices that show it, of set `a` and of set `b`.
    pub place: (usize, usize),
    /// What it shows.
    pub title: String,
    /// What lies on the ground, with its classes; without an image its heading is all that is shown.
    pub layer: PageLayer,
    /// Whether it is printed.
    pub printed: bool,
}

impl Switch {
    /// How many choices its two sets have.
    pub(super) fn choices(&self) -> (usize, usize) {
        let of = |set: char| {
            let choices = self.bars.iter().filter(|bar| bar.set == set).flat_map(|bar| &bar.choices);
            choices.map(|choice| choice.index + 1).max().unwrap_or(0)
        };
        (of('a'), of('b'))
    }
}

/// Rules that show chosen buttons and the chosen map of all switches of a page, which have at most so many choices.
pub(super) fn rules((first, second): (usize, usize)) -> String {
    if first == 0 || second == 0 {
        return String::new();
    }
    let buttons = |end: &str| {
        let of = |set: char, count: usize| {
            (0..count).map(move |index| (set, index)).map(|(set, index)| format!("{set}{index}"))
        };
        let names = of('a', first).chain(of('b', second));
        names.map(|name| format!(".switch>.{name}:{end}~.bar .{name}")).collect::<Vec<_>>().join(",")
    };
    let mut rules = format!(
        "{}{{background:var(--accent);border-color:var(--accent);color:#fff}}\n{}{{outline:2px solid var(--ink);outline-offset:1px}}\n",
        buttons("checked"),
        buttons("focus-visible")
    );
    let pairs = (0..first).flat_map(|a| (0..second).map(move |b| (a, b)));
    for (index, (a, b)) in pairs.enumerate() {
        // writing into a string cannot fail
        let comma = if index > 0 { "," } else { "" };
        let _ = write!(rules, "{comma}.switch>.a{a}:checked~.b{b}:checked~.s{a}-{b}");
    }
    rules + "{display:grid}\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_pair_of_choices_shows_one_map() {
        let rules = rules((2, 3));
        for (a, b) in [(0, 0), (1, 2)] {
            assert_eq!(
                rules.matches(&format!(".a{a}:checked~.b{b}:checked~.s{a}-{b}")).count(),
                1,
                "{rules}"
            );
        }
        assert_eq!(rules.matches("~.s").count(), 6);
        assert_eq!(rules.matches("{display:grid}").count(), 1);
        assert_eq!(super::rules((0, 3)), "", "a page without maps has no rules");
    }

    #[test]
    fn rows_of_one_set_share_their_choices() {
        let bar = |set: char, indices: &[usize]| Bar {
            set,
            choices: indices.iter().map(|&index| Choice { index, label: String::new() }).collect(),
            ..Bar::default()
        };
        let switch = Switch {
            bars: vec![bar('a', &[0, 1]), bar('b', &[0, 1, 2]), bar('b', &[3, 4])],
            ..Switch::default()
        };
        assert_eq!(switch.choices(), (2, 5));
    }
}
