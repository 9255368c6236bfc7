//! Horizons, and the futures of one: what they inherit, and what is wrong with them.

use crate::diagnostic::Diagnostic;
use crate::scenario::file::Entries;
use crate::scenario::study::{BUILT, Horizon, HorizonTable};

use super::FileTables;
use super::ground::{dangling, twice};
use super::source::Node;

/// The horizons with what futures do not say themselves taken from the horizon that they belong to.
pub(super) fn with_futures(horizons: Entries<HorizonTable>) -> Entries<HorizonTable> {
    let given = horizons.0.clone();
    let inherit = |(name, mut table): (String, HorizonTable)| {
        let of_name = |main: &String| given.iter().find(|(known, _)| known == main);
        if let Some((main, from)) = table.future_of.as_ref().and_then(of_name) {
            table.year = table.year.or(from.year).or_else(|| main.parse().ok());
            if table.phases.is_empty() {
                table.phases.clone_from(&from.phases);
            }
            table.rain_uplift = table.rain_uplift.or(from.rain_uplift);
            table.dwf_growth = table.dwf_growth.or(from.dwf_growth);
            table.imperviousness = table.imperviousness.or(from.imperviousness);
            table.stage_rise = table.stage_rise.or(from.stage_rise);
            table.misconnection = table.misconnection.or(from.misconnection);
            if table.pumps_out.is_empty() {
                table.pumps_out.clone_from(&from.pumps_out);
            }
            if table.storms.is_empty() {
                table.storms.clone_from(&from.storms);
            }
        }
        (name, table)
    };
    Entries(horizons.0.into_iter().map(inherit).collect())
}

/// All problems of horizons.
pub(super) fn check(
    root: Node<'_>,
    horizons: &Entries<HorizonTable>,
    storms: &[&str],
    found: &mut Vec<Diagnostic>,
) {
    for (name, horizon) in &horizons.0 {
        let node = root.down(&["horizons", name]);
        let path = format!("horizons.{name}");
        let phases = node.down(&["phases"]);
        twice(phases, &format!("{path}.phases"), found);
        let mut fail = |key: &str, message: String, help: &str| {
            found.push(Diagnostic::error(0, message).help(help).at(node.down(&[key]).place()));
        };
        if horizon.rain_uplift.is_some_and(|factor| factor <= 0.0) {
            fail("rain_uplift", format!("`{path}.rain_uplift` is no factor"), "1.1 is ten percent more rain");
        }
        if horizon.dwf_growth.is_some_and(|growth| growth.0 < -1.0) {
            let help = "\"-100 %\" leaves no flow";
            fail("dwf_growth", format!("`{path}.dwf_growth` leaves less than nothing"), help);
        }
        if horizon.imperviousness.is_some_and(|points| points.0.abs() > 1.0) {
            let help = "\"+2 points\" makes 64 % of 62 %";
            fail("imperviousness", format!("`{path}.imperviousness` is more than the whole"), help);
        }
        if horizon.misconnection.is_some_and(|share| !(0.0..=1.0).contains(&share.0)) {
            let help = "it is \"0 %\" to \"100 %\"";
            fail("misconnection", format!("`{path}.misconnection` is no share of a whole"), help);
        }
        twice(node.down(&["pumps_out"]), &format!("{path}.pumps_out"), found);
        let list = node.down(&["storms"]);
        twice(list, &format!("{path}.storms"), found);
        for (storm, at) in horizon.storms.iter().zip(list.items()) {
            if !storms.contains(&storm.as_str()) {
                found.push(dangling("storm", storm, storms, at));
            }
        }
        check_future(name, horizon, node, horizons, found);
    }
}

/// Whether the horizon that a future belongs to is there, stands for itself and has its year and phases.
fn check_future(
    name: &str,
    horizon: &HorizonTable,
    node: Node<'_>,
    horizons: &Entries<HorizonTable>,
    found: &mut Vec<Diagnostic>,
) {
    let Some(main) = &horizon.future_of else { return };
    let at = node.down(&["future_of"]);
    let known: Vec<&str> = horizons
        .0
        .iter()
        .filter(|(_, other)| other.future_of.is_none())
        .map(|(name, _)| name.as_str())
        .collect();
    let Some((_, of)) = horizons.0.iter().find(|(other, _)| other == main && other != name) else {
        return found.push(dangling("horizon", main, &known, at));
    };
    let path = format!("horizons.{name}");
    let year_of = |table: &HorizonTable| table.year.or_else(|| main.parse().ok());
    let (key, message, help) = if of.future_of.is_some() {
        ("future_of", format!("`{main}` is itself a future"), "name the horizon that both belong to")
    } else if year_of(horizon) != year_of(of) {
        (
            "year",
            format!("`{path}` is of another year than `{main}`"),
            "futures differ in what happens, not in when",
        )
    } else if horizon.phases != of.phases {
        ("phases", format!("`{path}` builds other phases than `{main}`"), "leave them out: they are the same")
    } else {
        return;
    };
    found.push(Diagnostic::error(0, message).help(help).at(node.down(&[key]).place()));
}

/// The horizons of a file; the one that builds all phases when it has none.
pub(super) fn of_file(file: &FileTables) -> Vec<Horizon> {
    if !file.horizons.0.is_empty() {
        return file
            .horizons
            .0
            .iter()
            .map(|(name, table)| Horizon {
                name: name.clone(),
                table: HorizonTable { year: table.year.or_else(|| name.parse().ok()), ..table.clone() },
            })
            .collect();
    }
    let mut phases: Vec<String> = Vec::new();
    for (_, measure) in file.option.0.iter().flat_map(|(_, option)| &option.measures) {
        if !phases.contains(&measure.phase) {
            phases.push(measure.phase.clone());
        }
    }
    vec![Horizon { name: BUILT.to_owned(), table: HorizonTable { phases, ..HorizonTable::default() } }]
}
