//! Tables of unit costs: `seeds/costs/*.toml`, or a file of the user in their form.
//!
//! ```toml
//! price_year = 2022
//! currency = "CNY"
//! source = "where the rates come from"
//! verified = false
//!
//! [pipe]                       # for each metre, by diameter
//! costs = [["300 mm", 1200], ["600 mm", 2200]]
//! upkeep = "0.75 %"            # of the cost, a year
//! trench_depth = "3 m"         # contained in the rate
//! deeper = "15 %"              # added by each metre below it
//! jacked_from = "6 m"          # depth from which pipes are jacked ...
//! jacked = [["1 m", 12000]]    # ... and what that costs
//!
//! [tank]                       # the whole, by volume
//! costs = [["0 m3", 0], ["5000 m3", 15000000]]
//! ```
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

use std::io;
use std::path::Path;

use toml::de::DeValue;

use super::scenario::source::{Node, Source};
use crate::diagnostic::Diagnostic;
use crate::num::spelling::nearest;
use crate::scenario::cost::{CostTable, Item, Pieces, Rate};
use crate::scenario::quantity::{Area, Flow, Length, Share, Volume};
use crate::scenario::study::Costs;

/// The table that comes with the program. Its rates are not verified.
const EXAMPLE: &str = include_str!("../../seeds/costs/cn-example.toml");
/// Keys of the file besides the items.
const KEYS: [&str; 5] = ["title", "price_year", "currency", "source", "verified"];
/// Keys of an item; the last four only of pipes.
const RATE_KEYS: [&str; 7] = ["costs", "upkeep", "note", "trench_depth", "deeper", "jacked_from", "jacked"];

/// The table that comes with the program. Its rates are not verified.
///
/// # Errors
/// None: a test reads it.
pub fn example() -> Result<CostTable, Vec<Diagnostic>> {
    parse(EXAMPLE, Path::new("seeds/costs/cn-example.toml"))
}

/// Reads a file. The inner error lists all problems of its content.
///
/// # Errors
/// When the file cannot be read.
pub fn read(path: &Path) -> io::Result<Result<CostTable, Vec<Diagnostic>>> {
    Ok(parse(&std::fs::read_to_string(path)?, path))
}

/// Reads the table of a study; paths are relative to the folder of its scenario file.
///
/// # Errors
/// When it cannot be read, has problems, or holds the prices of another year than the study says.
pub fn read_for(costs: &Costs, folder: &Path) -> Result<CostTable, Vec<Diagnostic>> {
    let path = folder.join(&costs.file);
    let table = read(&path).map_err(|error| {
        vec![Diagnostic::error(0, format!("the cost table {} cannot be read: {error}", path.display()))]
    })??;
    if table.price_year != costs.price_year {
        let message = format!(
            "the study counts in prices of {}, and {} holds those of {}",
            costs.price_year,
            path.display(),
            table.price_year
        );
        let help = "correct `price_year`, or convert the rates";
        return Err(vec![Diagnostic::error(0, message).help(help)]);
    }
    Ok(table)
}

/// Reads a table from text; `file` names it in messages.
///
/// # Errors
/// All problems, each at its place.
pub fn parse(text: &str, file: &Path) -> Result<CostTable, Vec<Diagnostic>> {
    let source = Source { text: text.strip_prefix('\u{feff}').unwrap_or(text), file };
    let tree = source.parse()?;
    let mut reader = Reader { table: CostTable::default(), found: Vec::new() };
    reader.read(Node::root(&source, &tree));
    if reader.found.is_empty() { Ok(reader.table) } else { Err(reader.found) }
}

/// A table being read, and the problems so far.
struct Reader {
    table: CostTable,
    found: Vec<Diagnostic>,
}

impl Reader {
    fn problem(&mut self, node: Node<'_>, message: impl Into<String>, help: impl Into<String>) {
        self.found.push(Diagnostic::error(0, message).help(help).at(node.place()));
    }

    fn read(&mut self, root: Node<'_>) {
        for (key, node) in root.entries() {
            match key {
                "title" => self.table.title = self.text(node),
                "currency" => self.table.currency = self.text(node),
                "source" => self.table.source = self.text(node),
                "price_year" => self.read_year(node),
                "verified" => match node.value.get_ref() {
                    DeValue::Boolean(verified) => self.table.verified = *verified,
                    _ => self.problem(node, "`verified` is neither true nor false", "verified = false"),
                },
                _ => match Item::of_word(key) {
                    Some(item) => self.read_rate(item, node),
                    None => self.unknown(key, node, KEYS.into_iter().chain(Item::ALL.map(Item::word))),
                },
            }
        }
        for key in ["price_year", "currency", "source"] {
            if root.get(key).is_none() {
                self.problem(root, format!("the table has no `{key}`"), "costs mean nothing without it");
            }
        }
    }

    fn unknown<'a>(&mut self, key: &str, node: Node<'_>, known: impl Iterator<Item = &'a str> + Clone) {
        let help = match nearest(key, known.clone()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("known are {}", known.collect::<Vec<_>>().join(", ")),
        };
        self.found
            .push(Diagnostic::error(0, format!("`{key}` is not known here")).help(help).at(node.key_place()));
    }

    fn text(&mut self, node: Node<'_>) -> String {
        match node.value.get_ref() {
            DeValue::String(text) if !text.trim().is_empty() => text.to_string(),
            _ => {
                self.problem(node, "this is no text", "write it in quotes");
                String::new()
            }
        }
    }

    fn read_year(&mut self, node: Node<'_>) {
        let year = number(node).filter(|year| (1900.0..2200.0).contains(year) && year.fract() == 0.0);
        match year {
            Some(year) => self.table.price_year = year as i32,
            None => self.problem(node, "this is no year", "price_year = 2022"),
        }
    }

    fn read_rate(&mut self, item: Item, node: Node<'_>) {
        if !node.value.get_ref().is_table() {
            let word = item.word();
            return self.problem(
                node,
                format!("`{word}` is no table"),
                format!("write [{word}] and below it its keys"),
            );
        }
        let mut rate = Rate::default();
        let mut jacked = (None, None);
        for (key, value) in node.entries() {
            match (key, item) {
                ("costs", _) => rate.cost = self.pieces(item, value),
                ("note", _) => rate.note = self.text(value),
                ("upkeep", _) => rate.upkeep = self.share(value),
                ("deeper", Item::Pipe) => self.table.trench.deeper = self.share(value),
                ("trench_depth", Item::Pipe) => self.table.trench.depth = self.length(value),
                ("jacked_from", Item::Pipe) => jacked.0 = Some((value, self.length(value))),
                ("jacked", Item::Pipe) => jacked.1 = Some((value, self.pieces(item, value))),
                _ => {
                    let count = if item == Item::Pipe { RATE_KEYS.len() } else { 3 };
                    self.unknown(key, value, RATE_KEYS.into_iter().take(count));
                }
            }
        }
        match jacked {
            (Some((_, from)), Some((_, costs))) => self.table.trench.jacked = Some((from, costs)),
            (Some((value, _)), None) | (None, Some((value, _))) => {
                self.problem(value, "`jacked_from` and `jacked` go together", "give both, or none");
            }
            (None, None) => {}
        }
        if node.get("costs").is_none() {
            self.problem(
                node,
                format!("`{}` has no `costs`", item.word()),
                format!("costs = {}", form(item)),
            );
        }
        self.table.rates.insert(item, rate);
    }

    /// Pairs of size and cost.
    fn pieces(&mut self, item: Item, node: Node<'_>) -> Pieces {
        let mut pieces = Pieces::default();
        let points = node.items();
        if points.is_empty() {
            self.problem(node, "there are no costs", form(item));
        }
        for point in points {
            let (size, cost) = match point.items().as_slice() {
                [size, cost] => (*size, *cost),
                _ => {
                    self.problem(point, "this is no pair of size and cost", form(item));
                    continue;
                }
            };
            let read = match size.value.get_ref() {
                DeValue::String(text) => quantity(item, text),
                _ => Err(format!("the size is no text with a unit, such as {}", form(item))),
            };
            let size_value = match read {
                Ok(value) if value >= 0.0 => value,
                Ok(_) => {
                    self.problem(size, "the size is below 0", form(item));
                    continue;
                }
                Err(message) => {
                    self.problem(size, message, form(item));
                    continue;
                }
            };
            let Some(cost_value) = number(cost).filter(|cost| *cost >= 0.0) else {
                self.problem(cost, "the cost is no number from 0 on", form(item));
                continue;
            };
            if pieces.sizes.last().is_some_and(|last| *last >= size_value) {
                self.problem(size, "the size is not above the one before", "sizes increase");
            } else if pieces.costs.last().is_some_and(|last| *last > cost_value) {
                self.problem(cost, "the cost is below the one before", "a larger size never costs less");
            } else {
                pieces.sizes.push(size_value);
                pieces.costs.push(cost_value);
            }
        }
        pieces
    }

    fn share(&mut self, node: Node<'_>) -> f64 {
        self.quantity(node, |text| text.parse::<Share>().map(|share| share.0))
    }

    fn length(&mut self, node: Node<'_>) -> f64 {
        self.quantity(node, |text| text.parse::<Length>().map(|length| length.0))
    }

    fn quantity(&mut self, node: Node<'_>, read: impl Fn(&str) -> Result<f64, String>) -> f64 {
        let value = match node.value.get_ref() {
            DeValue::String(text) => read(text),
            _ => Err("this is no text with a number and a unit".to_owned()),
        };
        match value {
            Ok(value) if value >= 0.0 => return value,
            Ok(_) => self.problem(node, "this is below 0", "0 or more"),
            Err(message) => self.problem(node, message, ""),
        }
        0.0
    }
}

/// A finite number.
fn number(node: Node<'_>) -> Option<f64> {
    let value: f64 = match node.value.get_ref() {
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok()? as f64,
        DeValue::Float(number) => number.as_str().parse().ok()?,
        _ => return None,
    };
    value.is_finite().then_some(value)
}

/// The size of an item, in SI.
fn quantity(item: Item, text: &str) -> Result<f64, String> {
    match item {
        Item::Pipe | Item::Lining | Item::Cleaning | Item::Manhole | Item::Weir => {
            text.parse::<Length>().map(|v| v.0)
        }
        Item::Tank | Item::Earthwork => text.parse::<Volume>().map(|v| v.0),
        Item::PumpStation => text.parse::<Flow>().map(|v| v.0),
        Item::Gate | Item::FlapGate | Item::PlotConnection | Item::Outfall => {
            text.parse::<Area>().map(|v| v.0)
        }
    }
}

/// How costs of an item are written.
fn form(item: Item) -> &'static str {
    match item {
        Item::Pipe | Item::Lining | Item::Cleaning => {
            "[[\"300 mm\", 1200], [\"600 mm\", 2200]] for each metre"
        }
        Item::Manhole => "[[\"2 m\", 6000], [\"6 m\", 12000]] by depth",
        Item::Weir => "[[\"0 m\", 0], [\"10 m\", 100000]] by length",
        Item::Tank | Item::Earthwork => "[[\"0 m3\", 0], [\"5000 m3\", 15000000]]",
        Item::PumpStation => "[[\"0 m3/s\", 0], [\"1 m3/s\", 5500000]]",
        Item::Gate | Item::FlapGate | Item::Outfall => "[[\"0 m2\", 650000]] each, by area",
        Item::PlotConnection => "[[\"0 ha\", 0], [\"1 ha\", 300000]]",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::study::Costs;

    const HEAD: &str = "price_year = 2024\ncurrency = \"CNY\"\nsource = \"test\"\n";

    fn read_text(text: &str) -> Result<CostTable, Vec<Diagnostic>> {
        parse(text, Path::new("costs.toml"))
    }

    #[test]
    fn the_example_has_a_rate_for_every_item_and_is_not_verified() {
        let table = example().unwrap();
        assert_eq!((table.price_year, table.currency.as_str(), table.verified), (2022, "CNY", false));
        for item in Item::ALL {
            let rate = &table.rates[&item];
            assert!(!rate.note.is_empty(), "{item:?} does not say where it comes from");
        }
        // costs.md, section 4
        assert_eq!(table.pipe_metre(0.6, 3.0), Some(2200.0));
        assert_eq!(table.pipe_metre(1.0, 5.0), Some(4000.0 * 1.3));
        assert_eq!(table.pipe_metre(1.0, 7.0), Some(12_000.0));
    }

    #[test]
    fn every_problem_is_told_at_its_place() {
        let text = "price_year = 2024.5\ncurrency = \"\"\n[pipes]\ncosts = []\n[pipe]\ncosts = [[\"300 mm\", 1200], \
                    [\"200 mm\", 1300], [\"1 h\", 5], [\"500 mm\", -1], [\"600 mm\", 5], [\"9 m\"]]\njacked_from = \"6 m\"\n\
                    [tank]\nupkep = \"1 %\"\n";
        let found = read_text(text).unwrap_err();
        let told: Vec<(usize, String)> = found
            .iter()
            .map(|problem| (problem.place.as_ref().unwrap().line, problem.message.clone()))
            .collect();
        let has = |line: usize, words: &str| {
            assert!(
                told.iter().any(|(at, message)| *at == line && message.contains(words)),
                "{words}: {told:#?}"
            );
        };
        has(1, "no year");
        has(2, "no text");
        has(3, "`pipes` is not known");
        has(6, "not above the one before");
        has(6, "`h` is not a unit");
        has(6, "no number from 0 on");
        has(6, "below the one before");
        has(6, "no pair");
        has(7, "go together");
        has(8, "has no `costs`");
        has(9, "`upkep` is not known");
        assert!(found.iter().any(|problem| problem.help.contains("`upkeep`")));
        assert!(told.iter().any(|(_, message)| message.contains("no `source`")));
        assert!(read_text("price_year = ").unwrap_err()[0].message.contains("no TOML"));
    }

    #[test]
    fn depth_belongs_to_pipes_only() {
        let found =
            read_text(&format!("{HEAD}[lining]\ncosts = [[\"1 m\", 1]]\ndeeper = \"1 %\"\n")).unwrap_err();
        assert_eq!(found.len(), 1);
        assert!(found[0].message.contains("`deeper` is not known here"));
    }

    #[test]
    fn the_year_of_the_study_must_be_that_of_the_prices() {
        let costs = Costs {
            file: "cn-example.toml".into(),
            price_year: 2024,
            contingency: Share(0.1),
            discount_rate: None,
            life: None,
            budgets: Vec::new(),
            packages: Vec::new(),
        };
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds/costs");
        let found = read_for(&costs, &folder).unwrap_err();
        assert!(found[0].message.contains("2024") && found[0].message.contains("2022"), "{}", found[0]);
        assert!(read_for(&Costs { price_year: 2022, ..costs.clone() }, &folder).is_ok());
        assert!(read_for(&Costs { file: "none.toml".into(), ..costs }, &folder).is_err());
    }
}
