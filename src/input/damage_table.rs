//! Tables of damage, `seeds/damage/*.toml`, and of concentrations, `seeds/concentrations.toml`, or files of the
//! user in their form.
//!
//! ```toml
//! title = "…"                      # or { en = "…", zh = "…" }
//! applies = "node_volume"          # or "depth", which needs a simulated surface
//! price_year = 2022
//! currency = "CNY"
//! source = "where it comes from"
//! verified = false
//!
//! [node]                           # applies = "node_volume": by the volume that floods at a node
//! damage = [["10 m3", 0], ["500 m3", 150000]]
//! [weight]                         # by class of zone
//! "中心城区" = 1.0
//! elsewhere = 0.5
//!
//! [use.residential]                # applies = "depth": share of the worth of a square metre
//! worth = 611.4
//! also = ["住宅"]                    # other words that maps of buildings have for it
//! damage = [["0 m", 0], ["1 m", 0.5]]
//! ```
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

use std::path::Path;

use super::scenario::source::{Node, Source};
use super::values::{Values, number};
use crate::diagnostic::Diagnostic;
use crate::scenario::cost::CostTable;
use crate::scenario::damage::{Concentration, Concentrations, Curve, DamageBasis, DamageTable, UseDamage};
use crate::scenario::quantity::{Length, Volume};

/// Keys of a file of damage.
const KEYS: [&str; 10] = [
    "title",
    "applies",
    "price_year",
    "currency",
    "source",
    "verified",
    "threshold",
    "use",
    "node",
    "weight",
];
/// How damage by volume is written.
const VOLUMES: &str = "[[\"10 m3\", 0], [\"500 m3\", 150000]]";
/// How damage by depth is written.
const DEPTHS: &str = "[[\"0 m\", 0], [\"0.5 m\", 0.33]], shares of the worth";

/// Reads a table of damage from text; `file` names it in messages.
///
/// # Errors
/// All problems, each at its place.
pub fn parse(text: &str, file: &Path) -> Result<DamageTable, Vec<Diagnostic>> {
    let source = Source { text: text.strip_prefix('\u{feff}').unwrap_or(text), file };
    let tree = source.parse()?;
    let mut values = Values::default();
    let table = damage(Node::root(&source, &tree), &mut values);
    if values.found.is_empty() { Ok(table) } else { Err(values.found) }
}

/// Reads the table of damage of a study. Money of the study is counted in one currency and at the prices of
/// one year: those of its table of unit costs, when it has one.
///
/// # Errors
/// When the file cannot be read, has problems, or counts in other money.
pub fn read_for(path: &Path, costs: Option<&CostTable>) -> Result<DamageTable, Vec<Diagnostic>> {
    let table = parse(&text_of(path, "table of damage")?, path)?;
    match costs {
        Some(costs) if (costs.price_year, &costs.currency) != (table.price_year, &table.currency) => {
            let message = format!(
                "{} counts in {} of {}, and the unit costs in {} of {}",
                path.display(),
                table.currency,
                table.price_year,
                costs.currency,
                costs.price_year
            );
            let help = "money of two currencies or years cannot be compared: convert one of the tables";
            Err(vec![Diagnostic::error(0, message).help(help)])
        }
        _ => Ok(table),
    }
}

/// Reads a table of concentrations from text; `file` names it in messages.
///
/// # Errors
/// All problems, each at its place.
pub fn parse_concentrations(text: &str, file: &Path) -> Result<Concentrations, Vec<Diagnostic>> {
    let source = Source { text: text.strip_prefix('\u{feff}').unwrap_or(text), file };
    let tree = source.parse()?;
    let mut values = Values::default();
    let table = concentrations(Node::root(&source, &tree), &mut values);
    if values.found.is_empty() { Ok(table) } else { Err(values.found) }
}

/// Reads a file of concentrations.
///
/// # Errors
/// When it cannot be read, or has problems.
pub fn read_concentrations(path: &Path) -> Result<Concentrations, Vec<Diagnostic>> {
    parse_concentrations(&text_of(path, "table of concentrations")?, path)
}

fn text_of(path: &Path, what: &str) -> Result<String, Vec<Diagnostic>> {
    std::fs::read_to_string(path).map_err(|error| {
        vec![Diagnostic::error(0, format!("the {what} {} cannot be read: {error}", path.display()))]
    })
}

fn damage(root: Node<'_>, values: &mut Values) -> DamageTable {
    let mut table = DamageTable::default();
    let by_depth = match root.get("applies").map(|node| (node, node.value.get_ref().as_str())) {
        Some((_, Some("depth"))) => true,
        Some((_, Some("node_volume"))) | None => false,
        Some((node, _)) => {
            let help = "write \"node_volume\", or \"depth\" where the surface is simulated";
            values.problem(node, "this is nothing that damage goes by", help);
            false
        }
    };
    for (key, node) in root.entries() {
        match key {
            "title" => table.title = values.words(node),
            "currency" => table.currency = values.text(node),
            "source" => table.source = values.text(node),
            "price_year" => table.price_year = values.year(node),
            "verified" => table.verified = values.flag(node),
            "threshold" | "use" if !by_depth => {
                let help = "only damage by depth has it: applies = \"depth\"";
                values.problem(node, format!("`{key}` means nothing here"), help);
            }
            "node" | "weight" if by_depth => {
                let help = "only damage by flooded volume has it: applies = \"node_volume\"";
                values.problem(node, format!("`{key}` means nothing here"), help);
            }
            "applies" | "threshold" | "use" | "node" | "weight" => {}
            _ => values.unknown(key, node, &KEYS),
        }
    }
    let needed = ["applies", "price_year", "currency", "source", if by_depth { "use" } else { "node" }];
    values.lacking(root, &needed, "damage means nothing without it");
    table.basis = if by_depth { depth_basis(root, values) } else { node_basis(root, values) };
    table
}

fn depth_basis(root: Node<'_>, values: &mut Values) -> DamageBasis {
    let metres = |text: &str| text.parse::<Length>().map(|length| length.0);
    let threshold = root.get("threshold").and_then(|node| values.quantity(node, metres)).unwrap_or(0.0);
    let uses = root.get("use").map(Node::entries).unwrap_or_default();
    let of_use = |(name, node): &(&str, Node<'_>), values: &mut Values| {
        let mut of_use = UseDamage { name: (*name).to_owned(), ..UseDamage::default() };
        for (key, value) in node.entries() {
            match key {
                "worth" => of_use.worth = Some(values.amount(value)),
                "damage" => of_use.share = values.curve(value, metres, 1.0, DEPTHS),
                "also" => of_use.also = value.items().into_iter().map(|item| values.text(item)).collect(),
                _ => values.unknown(key, value, &["worth", "damage", "also"]),
            }
        }
        if node.get("damage").is_none() {
            values.problem(*node, format!("`{name}` has no `damage`"), format!("damage = {DEPTHS}"));
        }
        of_use
    };
    DamageBasis::Depth { threshold, uses: uses.iter().map(|entry| of_use(entry, values)).collect() }
}

fn node_basis(root: Node<'_>, values: &mut Values) -> DamageBasis {
    let cubic_metres = |text: &str| text.parse::<Volume>().map(|volume| volume.0);
    let mut curve = Curve::default();
    if let Some(node) = root.get("node") {
        for (key, value) in node.entries() {
            match key {
                "damage" => curve = values.curve(value, cubic_metres, f64::INFINITY, VOLUMES),
                _ => values.unknown(key, value, &["damage"]),
            }
        }
        if node.get("damage").is_none() {
            values.problem(node, "`node` has no `damage`", format!("damage = {VOLUMES}"));
        }
    }
    let (mut weights, mut elsewhere) = (Vec::new(), 1.0);
    for (class, node) in root.get("weight").map(Node::entries).unwrap_or_default() {
        let weight = values.amount(node);
        match class {
            "elsewhere" => elsewhere = weight,
            _ => weights.push((class.to_owned(), weight)),
        }
    }
    DamageBasis::NodeVolume { curve, weights, elsewhere }
}

fn concentrations(root: Node<'_>, values: &mut Values) -> Concentrations {
    let mut table = Concentrations::default();
    for (key, node) in root.entries() {
        match key {
            "source" => table.source = values.text(node),
            "verified" => table.verified = values.flag(node),
            "substance" => {
                for (substance, node) in node.entries() {
                    let read = concentration(substance, node, values);
                    table.substances.push(read);
                }
            }
            _ => values.unknown(key, node, &["source", "verified", "substance"]),
        }
    }
    values.lacking(root, &["source", "substance"], "loads mean nothing without it");
    table
}

fn concentration(substance: &str, node: Node<'_>, values: &mut Values) -> Concentration {
    let mut read = Concentration { substance: substance.to_owned(), ..Concentration::default() };
    for (key, value) in node.entries() {
        match key {
            "mean" => read.mean = values.amount(value),
            "range" => match value.items().into_iter().map(number).collect::<Vec<_>>().as_slice() {
                [Some(low), Some(high)] if (0.0..=*high).contains(low) => read.range = Some([*low, *high]),
                _ => values.problem(value, "this is no range", "range = [150, 500], in mg/L"),
            },
            _ => values.unknown(key, value, &["mean", "range"]),
        }
    }
    values.lacking(node, &["mean"], "\"COD\" = { mean = 325 }, in mg/L");
    if let Some([low, high]) = read.range
        && !(low..=high).contains(&read.mean)
    {
        values.problem(
            node,
            format!("the mean of {substance} lies outside its range"),
            "correct one of them",
        );
    }
    read
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::cost_table::example;

    fn seed(name: &str) -> String {
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds").join(name)).unwrap()
    }

    fn jrc() -> DamageTable {
        parse(&seed("damage/jrc-asia.toml"), Path::new("jrc-asia.toml")).unwrap()
    }

    #[test]
    fn the_curves_of_the_jrc_give_the_oracle() {
        // costs.md, section 1: depths over the threshold
        let table = jrc();
        let DamageBasis::Depth { uses, threshold } = &table.basis else { panic!() };
        assert_eq!(*threshold, 0.15);
        let share = |name: &str, depth| uses.iter().find(|of| of.name == name).unwrap().share.at(depth);
        for (name, depth, expected) in [
            ("residential", 0.15, 0.0990),
            ("residential", 0.30, 0.1980),
            ("residential", 0.75, 0.4100),
            ("commercial", 0.30, 0.2280),
            ("roads", 0.30, 0.1287),
        ] {
            assert!((share(name, depth) - expected).abs() < 5e-5, "{name} {depth}: {}", share(name, depth));
        }
        let damage = table.by_depth("residential", 0.30, Some(0.0), 120.0).unwrap();
        assert!((damage - 14_527.39).abs() < 0.005, "{damage}");
        // 0.30 m over the ground are 0.15 m over a threshold of 0.15 m
        let inside = table.by_depth("residential", 0.30, None, 120.0).unwrap();
        assert!((inside - 14_527.39 / 2.0).abs() < 0.005, "{inside}");
        assert_eq!(table.by_depth("residential", 0.14, None, 120.0), Some(0.0));
        assert_eq!(table.by_depth("roads", 0.3, None, 120.0), None, "no worth is known");
        assert_eq!(table.by_depth("住宅", 0.30, Some(0.0), 120.0), Some(damage), "another word for it");
        assert_eq!(table.by_node(500.0, "中心城区"), 0.0);
    }

    #[test]
    fn seeds_are_read_and_say_that_they_are_not_verified() {
        let nodes = parse(&seed("damage/node-example.toml"), Path::new("node-example.toml")).unwrap();
        assert!(!nodes.verified && !jrc().verified);
        assert_eq!(nodes.by_node(20.0, "中心城区"), 0.0);
        assert_eq!(nodes.by_node(100.0, "中心城区"), 20_000.0);
        assert_eq!(nodes.by_node(100.0, "重要地区"), 40_000.0);
        assert_eq!(nodes.by_node(300.0, ""), 0.5 * 130_000.0);
        assert_eq!(nodes.by_depth("residential", 1.0, None, 1.0), None);
        let read = parse_concentrations(&seed("concentrations.toml"), Path::new("c.toml")).unwrap();
        assert_eq!((read.verified, read.substances.len()), (false, 4));
        assert_eq!(read.substances[0].range, Some([150.0, 500.0]));
    }

    #[test]
    fn every_problem_is_told_at_its_place() {
        let text = "applies = \"node_volume\"\nprice_year = 22\ncurrency = 3\n[node]\n\
                    damage = [[\"1 m3\", 5], [\"9 m3\", 0], [\"2 m3\", 1], [\"10 m\", 2], [\"10 m3\", -2], [1]]\n\
                    [use.houses]\n[weight]\ncentre = \"x\"\n[nod]\n";
        let found = parse(text, Path::new("d.toml")).unwrap_err();
        let told: Vec<(usize, &str)> = found
            .iter()
            .map(|problem| (problem.place.as_ref().unwrap().line, problem.message.as_str()))
            .collect();
        for (line, words) in [
            (2, "no year"),
            (3, "no text"),
            (5, "first damage is not 0"),
            (5, "not above the one before"),
            (5, "not a unit"),
            (5, "no number from 0 on"),
            (5, "no pair"),
            (8, "no number from 0 on"),
            (9, "`nod` is not known"),
        ] {
            let is = |&(at, message): &(usize, &str)| at == line && message.contains(words);
            assert!(told.iter().any(is), "{words}: {told:#?}");
        }
        assert!(told.iter().any(|(_, message)| message.contains("no `source`")));
        assert!(told.iter().any(|(_, message)| message.contains("`use` means nothing here")));
        let text =
            "source = \"x\"\n[substance]\nCOD = { mean = 9, range = [1, 5] }\nSS = { range = [5, 1] }\n";
        let found = parse_concentrations(text, Path::new("c.toml")).unwrap_err();
        let lines: Vec<usize> = found.iter().map(|problem| problem.place.as_ref().unwrap().line).collect();
        assert_eq!(lines, [3, 4, 4], "{found:?}");
    }

    #[test]
    fn money_of_two_years_or_currencies_is_refused() {
        let costs = example().unwrap();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds/damage");
        assert!(read_for(&folder.join("node-example.toml"), Some(&costs)).is_ok());
        assert!(read_for(&folder.join("jrc-asia.toml"), None).is_ok());
        let found = read_for(&folder.join("jrc-asia.toml"), Some(&costs)).unwrap_err();
        assert!(
            found[0].message.contains("EUR of 2010") && found[0].message.contains("CNY of 2022"),
            "{}",
            found[0]
        );
        assert!(read_for(&folder.join("none.toml"), None).is_err());
    }
}
