//! Classes of values of a map, with colours and names.

use crate::plot::axis::{number, plain_number};
use crate::plot::colour::Colour;

/// A class: from a value on, up to that of the next one.
#[derive(Clone, Debug, PartialEq)]
pub struct Class {
    /// Its least value; minus infinity for the lowest of a scale without end.
    pub from: f32,
    /// Its colour; `None` leaves the ground as it is.
    pub colour: Option<Colour>,
    /// Its name in the legend; empty leaves it out.
    pub label: String,
}

/// Classes in ascending order. A value below the first is not drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Classes {
    /// The classes.
    pub classes: Vec<Class>,
}

/// Light to dark water, for any count of classes.
const WATER: [Colour; 4] =
    [Colour(196, 225, 246), Colour(104, 171, 222), Colour(30, 100, 178), Colour(12, 34, 92)];
/// Less, no change in between, more: blue and red of the plan's differences.
const LESS: [Colour; 2] = [Colour(5, 90, 160), Colour(150, 202, 226)];
const MORE: [Colour; 2] = [Colour(246, 182, 150), Colour(178, 24, 43)];
/// Six classes that any colour vision tells apart: hues of Okabe and Ito from cool to warm, then the darkest.
const SIX: [Colour; 6] =
    [Colour::SKY, Colour::GREEN, Colour(240, 228, 66), Colour::ORANGE, Colour::VERMILION, Colour(110, 0, 70)];

/// Slow to fast: light sand to dark brown, unlike water and unlike time.
const SPEED: [Colour; 4] =
    [Colour(255, 242, 174), Colour(254, 190, 76), Colour(204, 92, 20), Colour(98, 38, 8)];
/// Short to long or late to early: yellow over green to dark violet, each darker than the one before (after the
/// map viridis of van der Walt and Smith, 2015, in public domain).
const TIME: [Colour; 4] =
    [Colour(253, 231, 90), Colour(78, 184, 120), Colour(49, 104, 142), Colour(68, 1, 84)];
/// Danger to people: four classes of growing darkness.
const DANGER: [Colour; 4] = [Colour(240, 228, 66), Colour::ORANGE, Colour::VERMILION, Colour(110, 0, 70)];

/// A colour between those of a row, from 0 to 1.
fn between(row: &[Colour], part: f64) -> Colour {
    let last = row.len().saturating_sub(1);
    let place = part.clamp(0.0, 1.0) * last as f64;
    let index = (place as usize).min(last.saturating_sub(1));
    let (a, b) = (row[index], row[(index + 1).min(last)]);
    let mix =
        |a: u8, b: u8| (f64::from(a) + (f64::from(b) - f64::from(a)) * (place - index as f64)).round() as u8;
    Colour(mix(a.0, b.0), mix(a.1, b.1), mix(a.2, b.2))
}

impl Classes {
    /// Water or another amount by limits, such as `[0.05, 0.15, 0.3, 0.5, 1.0]` m: below the first nothing is
    /// drawn, the last class has no end.
    #[must_use]
    pub fn amounts(limits: &[f32]) -> Self {
        Self::row(limits, &WATER, false)
    }

    /// Speeds by limits, like amounts but in other colours.
    #[must_use]
    pub fn speeds(limits: &[f32]) -> Self {
        Self::row(limits, &SPEED, false)
    }

    /// Times by limits, like amounts but in other colours; the worst is the darkest, which is the longest, or the
    /// earliest when `early` says so.
    #[must_use]
    pub fn times(limits: &[f32], early: bool) -> Self {
        Self::row(limits, &TIME, early)
    }

    /// Danger to people: `labels` of four classes, low below the first of three ratings, and the ratings from which
    /// the others begin. What is 0 or less is not drawn.
    #[must_use]
    pub fn danger(breaks: [f32; 3], labels: [&str; 4]) -> Self {
        let from = [f32::MIN_POSITIVE, breaks[0], breaks[1], breaks[2]];
        let class = |((from, colour), label): ((f32, Colour), &str)| Class {
            from,
            colour: Some(colour),
            label: label.to_owned(),
        };
        Self { classes: from.into_iter().zip(DANGER).zip(labels).map(class).collect() }
    }

    /// Classes by limits in the colours of a row, or in those colours backwards.
    fn row(limits: &[f32], colours: &[Colour], backwards: bool) -> Self {
        let count = limits.len();
        let text = |index: usize| limits.get(index).map_or(String::new(), |&limit| plain(limit));
        let part = |index: usize| {
            let part = index as f64 / (count.max(2) - 1) as f64;
            if backwards { 1.0 - part } else { part }
        };
        let class = |(index, &from): (usize, &f32)| Class {
            from,
            colour: Some(between(colours, part(index))),
            label: if index + 1 == count {
                format!("≥ {}", text(index))
            } else {
                format!("{}–{}", text(index), text(index + 1))
            },
        };
        Self { classes: limits.iter().enumerate().map(class).collect() }
    }

    /// Differences by limits of their amount, such as `[0.02, 0.1, 0.3]` m: the same on both sides, below the
    /// first nothing is drawn.
    #[must_use]
    pub fn differences(limits: &[f32]) -> Self {
        let count = limits.len();
        let part = |index: usize| index as f64 / (count.max(2) - 1) as f64;
        let signed = |value: f32, decimals: usize| {
            let text = number(f64::from(value), decimals);
            if value > 0.0 { format!("+{text}") } else { text }
        };
        let decimals = limits.iter().map(|&limit| decimals(limit)).max().unwrap_or(0);
        let mut classes = Vec::new();
        for index in (0..count).rev() {
            let from = limits.get(index + 1).map_or(f32::NEG_INFINITY, |&limit| -limit);
            let near = signed(-limits[index], decimals);
            let label = if index + 1 == count {
                format!("≤ {near}")
            } else {
                format!("{}…{near}", signed(from, decimals))
            };
            classes.push(Class { from, colour: Some(between(&LESS, 1.0 - part(index))), label });
        }
        if let Some(&least) = limits.first() {
            // up from minus the least amount, exclusive there as it is exclusive at the amount itself
            classes.push(Class { from: (-least).next_up(), colour: None, label: String::new() });
        }
        for (index, &from) in limits.iter().enumerate() {
            let near = signed(from, decimals);
            let label = match limits.get(index + 1) {
                None => format!("≥ {near}"),
                Some(&next) => format!("{near}…{}", signed(next, decimals)),
            };
            classes.push(Class { from, colour: Some(between(&MORE, part(index))), label });
        }
        Self { classes }
    }

    /// Up to six classes that bear the numbers 1, 2, 3, …, such as H1 to H6; 0 is none of them.
    #[must_use]
    pub fn named(labels: &[&str]) -> Self {
        let class = |(index, (label, colour)): (usize, (&&str, &Colour))| Class {
            from: index as f32 + 0.5,
            colour: Some(*colour),
            label: (*label).to_owned(),
        };
        Self { classes: labels.iter().zip(&SIX).enumerate().map(class).collect() }
    }

    /// The place of the class of a value; `None` below the first and for NaN.
    #[must_use]
    pub fn of(&self, value: f32) -> Option<usize> {
        let above = self.classes.partition_point(|class| class.from <= value);
        if value.is_nan() { None } else { above.checked_sub(1) }
    }
}

/// A limit without zeros that say nothing.
fn plain(limit: f32) -> String {
    number(f64::from(limit), decimals(limit)).trim_start_matches('+').to_owned()
}

/// Decimals that a limit is written with.
fn decimals(limit: f32) -> usize {
    let text = plain_number((f64::from(limit) * 1e4).round() / 1e4);
    text.split_once('.').map_or(0, |(_, digits)| digits.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How bright a colour looks, 0 to 255 (ITU-R BT.601).
    fn light(colour: Colour) -> f64 {
        0.299 * f64::from(colour.0) + 0.587 * f64::from(colour.1) + 0.114 * f64::from(colour.2)
    }

    #[test]
    fn amounts_grow_darker_and_say_their_limits() {
        let depth = Classes::amounts(&[0.05, 0.15, 0.3, 0.5, 1.0]);
        let labels: Vec<&str> = depth.classes.iter().map(|class| class.label.as_str()).collect();
        assert_eq!(labels, ["0.05–0.15", "0.15–0.3", "0.3–0.5", "0.5–1", "≥ 1"]);
        let lights: Vec<f64> = depth.classes.iter().filter_map(|class| class.colour).map(light).collect();
        assert!(lights.windows(2).all(|pair| pair[0] > pair[1] + 10.0), "{lights:?}");
        let classes = [0.0, 0.049, 0.05, 0.2, 3.0, f32::NAN].map(|value| depth.of(value));
        assert_eq!(classes, [None, None, Some(0), Some(1), Some(4), None]);
    }

    #[test]
    fn the_worst_of_times_is_the_darkest() {
        let lights = |classes: Classes| {
            classes.classes.iter().filter_map(|class| class.colour).map(light).collect::<Vec<f64>>()
        };
        let (long, early) =
            (Classes::times(&[0.0, 1.0, 2.0, 4.0], false), Classes::times(&[0.0, 1.0, 2.0, 4.0], true));
        let (long, early) = (lights(long), lights(early));
        assert!(long.windows(2).all(|pair| pair[0] > pair[1] + 20.0), "{long:?}");
        assert!(early.iter().eq(long.iter().rev()));
    }

    #[test]
    fn danger_begins_at_its_ratings_and_grows_darker() {
        let classes = Classes::danger([0.75, 1.25, 2.0], ["low", "some", "most", "all"]);
        let of = [0.0, 0.1, 0.75, 1.3, 2.0].map(|rating| classes.of(rating));
        assert_eq!(of, [None, Some(0), Some(1), Some(2), Some(3)]);
        let lights: Vec<f64> = classes.classes.iter().filter_map(|class| class.colour).map(light).collect();
        assert!(lights.windows(2).all(|pair| pair[0] > pair[1] + 35.0), "{lights:?}");
    }

    #[test]
    fn differences_are_the_same_on_both_sides_of_nothing() {
        let change = Classes::differences(&[0.02, 0.1, 0.3]);
        let labels: Vec<&str> = change.classes.iter().map(|class| class.label.as_str()).collect();
        assert_eq!(
            labels,
            ["≤ −0.30", "−0.30…−0.10", "−0.10…−0.02", "", "+0.02…+0.10", "+0.10…+0.30", "≥ +0.30"]
        );
        let classes = [-1.0, -0.2, -0.02, 0.0, 0.019, 0.02, 0.2, 1.0].map(|value| change.of(value));
        assert_eq!(classes, [Some(0), Some(1), Some(2), Some(3), Some(3), Some(4), Some(5), Some(6)]);
        assert_eq!(change.classes[3].colour, None);
    }

    #[test]
    fn named_classes_bear_their_numbers() {
        let hazard = Classes::named(&["H1", "H2", "H3", "H4", "H5", "H6"]);
        assert_eq!([0.0, 1.0, 6.0].map(|value| hazard.of(value)), [None, Some(0), Some(5)]);
        // neighbours differ in brightness too, but for the first pair, which differ in hue
        let lights: Vec<f64> = hazard.classes.iter().filter_map(|class| class.colour).map(light).collect();
        assert!(lights[1..].windows(2).all(|pair| (pair[0] - pair[1]).abs() > 35.0), "{lights:?}");
    }
}
