//! The desk at which a report is written: the material, the language, numbers as readers see them, the cases
//! that figures show.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::assess::indicator::INDICATORS;
use crate::assess::{Case, Comparison};
use crate::plot::image::base64;
use crate::plot::{Language, Picture, PlotError, Sheet};
use crate::report::gallery::Gallery;
use crate::scenario::storm::Purpose;
use crate::scenario::study::Choice;
use crate::study::Digest;

use super::Material;
use super::view::{Figure, Part};

/// An SVG larger than this goes into the page as PNG when that is smaller, bytes.
const LARGE: usize = 400_000;

/// The material with what is needed to write about it.
pub(super) struct Desk<'a> {
    pub material: &'a Material<'a>,
    pub sheet: &'a Sheet,
    pub language: Language,
    /// Pictures of the report's own.
    pub pictures: Vec<(String, Picture)>,
    pub left_out: BTreeSet<String>,
    figures: usize,
    tables: usize,
}

impl<'a> Desk<'a> {
    pub(super) fn new(material: &'a Material<'a>, sheet: &'a Sheet) -> Self {
        Self {
            material,
            sheet,
            language: sheet.language,
            pictures: Vec::new(),
            left_out: BTreeSet::new(),
            figures: 0,
            tables: 0,
        }
    }
    pub(super) fn comparison(&self) -> &'a Comparison<'a> {
        self.material.comparison
    }
    /// The text of the report's language, of the two.
    pub(super) fn say<T>(&self, en: T, zh: T) -> T {
        self.language.of(en, zh)
    }
    /// An option by its name.
    pub(super) fn option(&self, option: usize) -> String {
        self.language.name(self.comparison().option(option)).to_owned()
    }
    /// An option as the scenario has it.
    pub(super) fn choice(&self, option: usize) -> Option<&'a Choice> {
        self.material.study.scenario().options.get(option)
    }
    /// An option by its name and title: `A – larger trunks`.
    pub(super) fn option_title(&self, option: usize) -> String {
        let title = self.choice(option).and_then(|choice| choice.table.title.clone());
        match title {
            Some(title) if !title.is_empty() => format!("{} – {title}", self.option(option)),
            _ => self.option(option),
        }
    }
    /// Several options by name: `A, B and C`.
    pub(super) fn options(&self, options: impl IntoIterator<Item = usize>) -> String {
        let names: Vec<String> = options.into_iter().map(|option| self.option(option)).collect();
        self.and(&names)
    }
    /// Several things: `a, b and c`, `a、b和c`.
    pub(super) fn and(&self, names: &[String]) -> String {
        match names {
            [] => String::new(),
            [one] => one.clone(),
            [first @ .., last] => {
                let (comma, and) = self.say((", ", " and "), ("、", "和"));
                format!("{}{and}{last}", first.join(comma))
            }
        }
    }
    /// A horizon by name.
    pub(super) fn horizon(&self, horizon: usize) -> String {
        let name = self.comparison().horizons.get(horizon).map_or("", String::as_str);
        self.language.name(name).to_owned()
    }
    /// A storm and a stage: `P50_24h · flood_20a`.
    pub(super) fn storm(&self, case: Case) -> String {
        let [_, storm, stage] = self.comparison().names(case).map(|name| self.language.name(name));
        [storm, stage].into_iter().filter(|name| !name.is_empty()).collect::<Vec<_>>().join(" · ")
    }
    /// A case: `2035 · P50_24h · flood_20a`.
    pub(super) fn case(&self, case: Case) -> String {
        let horizon = self.horizon(case.horizon);
        [horizon, self.storm(case)]
            .into_iter()
            .filter(|name| !name.is_empty())
            .collect::<Vec<_>>()
            .join(" · ")
    }
    /// Index of the last horizon that is no other future.
    pub(super) fn last_horizon(&self) -> usize {
        self.comparison().last_horizon()
    }
    /// An indicator of a run.
    pub(super) fn indicator(&self, name: &str, option: usize, case: Case) -> Option<f64> {
        let indicator = INDICATORS.iter().find(|indicator| indicator.name == name)?;
        let digest = self.comparison().digest(option, case)?;
        Some(indicator.value(digest, self.comparison()))
    }
    /// Water that floods in a run, m³.
    pub(super) fn flooded(&self, option: usize, case: Case) -> Option<f64> {
        self.indicator("flooded volume (m3)", option, case)
    }
    /// The case of a horizon that asks most of the base among storms that serve a purpose: that with most
    /// flooding or, for overflows, most spilled water; the larger rain among equals.
    pub(super) fn governing(&self, purpose: Purpose, horizon: usize) -> Option<Case> {
        let storms = &self.material.study.scenario().storms;
        let name = match purpose {
            Purpose::Overflow => "spilled volume (m3)",
            Purpose::SewerCapacity | Purpose::Waterlogging | Purpose::Damage => "flooded volume (m3)",
        };
        let serves =
            |case: &Case| storms.get(case.storm).is_some_and(|storm| storm.rain.serves.contains(&purpose));
        let cases = self.comparison().judged_cases().into_iter();
        let cases = cases.filter(|case| case.horizon == horizon && serves(case));
        let rank = |case: &Case| {
            let rain = self.comparison().digest(0, *case).map_or(0.0, |digest| digest.rain_mm);
            (self.indicator(name, 0, *case).unwrap_or(-1.0), rain)
        };
        cases.max_by(|a, b| {
            let (a, b) = (rank(a), rank(b));
            a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1))
        })
    }
    /// The case that the report speaks of first: what waterlogging is judged by at the last horizon, or the case
    /// with most flooding where no storm serves that.
    pub(super) fn leading_case(&self) -> Option<Case> {
        let last = self.last_horizon();
        self.governing(Purpose::Waterlogging, last)
            .or_else(|| self.governing(Purpose::SewerCapacity, last))
            .or_else(|| self.comparison().cases().into_iter().rfind(|case| case.horizon == last))
    }
    /// The runs that were made.
    pub(super) fn digests(&self) -> impl Iterator<Item = &'a Digest> {
        self.comparison().runs.iter().filter_map(crate::assess::Run::digest)
    }
    /// The runs of a case that were made, by option.
    pub(super) fn digests_of(&self, case: Case) -> impl Iterator<Item = &'a Digest> + '_ {
        let options = 0..self.comparison().options.len();
        options.filter_map(move |option| self.comparison().digest(option, case))
    }
    /// What draws the pictures of all studies.
    pub(super) fn gallery(&self) -> Gallery<'a> {
        Gallery::new(self.material.comparison, self.material.networks, self.sheet)
            .with_datum(self.material.study.scenario().study.vertical_datum.as_deref())
    }
    /// Puts the next number before the caption of a table.
    pub(super) fn table_caption(&mut self, what: impl std::fmt::Display) -> String {
        self.tables += 1;
        self.say(format!("Table {}: {what}", self.tables), format!("表 {}　{what}", self.tables))
    }
    /// A picture as a figure with a number; `None` where there is nothing to draw.
    pub(super) fn figure(
        &mut self,
        picture: Result<Picture, PlotError>,
        what: impl Into<String>,
        note: impl Into<String>,
    ) -> Option<Part> {
        let picture = match picture {
            Ok(picture) => picture,
            Err(PlotError::Empty(_)) => return None,
            Err(error) => {
                self.left_out.insert(error.to_string());
                return None;
            }
        };
        let what = what.into();
        let (id, caption) = self.next_figure(&what);
        Some(Part::Figure(Figure {
            markup: markup(&picture, &id, &what),
            id,
            label: what,
            caption,
            note: note.into(),
        }))
    }
    /// The next figure: where links lead, and its caption.
    pub(super) fn next_figure(&mut self, what: &str) -> (String, String) {
        self.figures += 1;
        let number = self.figures;
        let caption = self.say(format!("Figure {number}: {what}"), format!("图 {number}　{what}"));
        (format!("figure-{number}"), caption)
    }
    /// A picture of the report's own, which is also kept as a file.
    pub(super) fn own_figure(
        &mut self,
        file: &str,
        picture: Result<Picture, PlotError>,
        what: impl Into<String>,
        note: impl Into<String>,
    ) -> Option<Part> {
        if let Ok(picture) = &picture {
            self.pictures.push((file.to_owned(), picture.clone()));
        }
        self.figure(picture, what, note)
    }
    /// A part that nothing can be said in.
    pub(super) fn nothing(&self, en: &str, zh: &str) -> Part {
        Part::Text(self.say(en, zh).to_owned())
    }
}

/// A picture as markup: SVG whose text stays text, or PNG where that is much smaller.
fn markup(picture: &Picture, id: &str, what: &str) -> String {
    let svg = picture.svg();
    if svg.len() > LARGE
        && let Some(png) = picture.png()
        && png.len() * 4 / 3 < svg.len()
    {
        let (width, height) = picture.size();
        return format!(
            "<img alt=\"{}\" width=\"{width}\" height=\"{height}\" src=\"data:image/png;base64,{}\">",
            escaped(what),
            base64(&png)
        );
    }
    let Some((head, body)) = svg.split_once('>') else { return String::new() };
    format!(
        "{head} role=\"img\" aria-labelledby=\"{id}-title\"><title id=\"{id}-title\">{}</title>{body}",
        escaped(what)
    )
}

/// Text within markup.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// A number with its thousands apart by narrow blanks, and a minus sign that is one.
pub(super) fn fixed(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let text = format!("{:.decimals$}", value.abs());
    let zero = text.chars().all(|c| c == '0' || c == '.');
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut out = String::from(if value < 0.0 && !zero { "−" } else { "" });
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            out.push('\u{202F}');
        }
        out.push(digit);
    }
    out + rest
}

/// A number with about three digits that count; whole from 100 up.
pub(super) fn digits(value: f64) -> String {
    let size = value.abs();
    let decimals = match size {
        _ if size == 0.0 || size >= 99.95 => 0,
        _ if size >= 9.995 => 1,
        _ if size >= 0.9995 => 2,
        _ => 3,
    };
    fixed(value, decimals)
}

/// The same with a sign before what is more.
pub(super) fn signed(value: f64) -> String {
    let text = digits(value);
    if value > 0.0 && text.chars().any(|c| ('1'..='9').contains(&c)) { format!("+{text}") } else { text }
}

/// A change in per cent with its sign.
pub(super) fn change(share: f64) -> String {
    let percent = 100.0 * share;
    let text = fixed(percent, usize::from(percent.abs() < 99.95));
    let sign = if percent > 0.0 && text.chars().any(|c| ('1'..='9').contains(&c)) { "+" } else { "" };
    format!("{sign}{text}\u{202F}%")
}

/// Money in millions.
pub(super) fn millions(value: f64) -> String {
    let millions = value / 1.0e6;
    fixed(
        millions,
        if millions.abs() >= 99.95 {
            0
        } else if millions.abs() >= 0.995 {
            1
        } else {
            2
        },
    )
}

/// A share in per cent.
pub(super) fn percent(share: f64) -> String {
    let percent = 100.0 * share;
    format!("{}\u{202F}%", fixed(percent, usize::from(percent.abs() < 9.95 && percent != 0.0)))
}

/// A number that need not be there.
pub(super) fn maybe<T>(value: Option<T>, text: impl Fn(T) -> String) -> String {
    value.map_or_else(|| "–".to_owned(), text)
}

/// The SHA-256 of a file and its length, as provenance gives them.
pub(super) fn fingerprint(path: &std::path::Path) -> Option<String> {
    use sha2::Digest as _;
    let bytes = std::fs::read(path).ok()?;
    let mut text = String::new();
    for byte in sha2::Sha256::digest(&bytes) {
        // writing into a string cannot fail
        let _ = write!(text, "{byte:02x}");
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_the_digits_that_count() {
        let all = [0.0, 0.012_34, 3.456, 45.67, 1234.5, -0.0001, -1_234_567.0].map(digits);
        assert_eq!(all, ["0", "0.012", "3.46", "45.7", "1\u{202F}234", "0.000", "−1\u{202F}234\u{202F}567"]);
        assert_eq!([12.0, -12.0, 0.0].map(signed), ["+12.0", "−12.0", "0"]);
        assert_eq!([percent(0.045), percent(0.5)], ["4.5\u{202F}%", "50\u{202F}%"]);
        assert_eq!([millions(31_182_100.0), millions(0.0)], ["31.2", "0.00"]);
    }
}
