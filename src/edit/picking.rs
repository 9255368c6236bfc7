//! Rules that pick conduits, resolved once, against the base.

use std::collections::BTreeSet;

use crate::diagnostic::Diagnostic;
use crate::forcing::design_storm::rational::EquivalentReturnPeriod;
use crate::model::map::Map;
use crate::model::{LinkId, Model};
use crate::num::index::Id;
use crate::num::spelling::nearest;
use crate::scenario::quantity::Years;
use crate::scenario::selection::{Clause, Comparison, Rule};
use crate::scenario::zone::Zone;

use super::capacity::{PipeCapacity, capacities, no_formula};
use super::drainage::Drainage;
use super::site::Site;

/// What a run of the base showed, for rules that ask for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Witness {
    /// Conduits that ran full at both ends at some time, by name.
    pub surcharged: BTreeSet<String>,
    /// Nodes that flooded, by name.
    pub flooded: BTreeSet<String>,
}

/// The conduits of the base that a rule picks, in the order of the file. `witness` gives what a run of the
/// base under a storm showed.
///
/// A clause on capacity holds for closed conduits only, and for none through which no land drains.
///
/// # Errors
/// All names that the base or the study does not have, and capacities that no formula can tell.
pub fn pick(
    rule: &Rule,
    site: &Site,
    witness: &mut dyn FnMut(&str) -> Result<Witness, Diagnostic>,
) -> Result<Vec<String>, Vec<Diagnostic>> {
    let model = &site.base.model;
    let drainage = Drainage::of(model);
    let mut problems = Vec::new();
    let mut picked: Vec<bool> = model.links.items().iter().map(|link| link.conduit().is_some()).collect();
    for clause in &rule.clauses {
        match holds(clause, site, &drainage, witness) {
            Ok(holds) => picked.iter_mut().zip(holds).for_each(|(picked, holds)| *picked &= holds),
            Err(problem) => {
                let element = if problem.element.is_empty() {
                    format!("rule \"{rule}\"")
                } else {
                    problem.element.clone()
                };
                problems.push(problem.of(element));
            }
        }
    }
    if problems.is_empty() {
        let names = model.links.names().iter().zip(picked);
        Ok(names.filter(|(_, picked)| *picked).map(|(name, _)| name.clone()).collect())
    } else {
        Err(problems)
    }
}

/// For which links a clause holds.
fn holds(
    clause: &Clause,
    site: &Site,
    drainage: &Drainage,
    witness: &mut dyn FnMut(&str) -> Result<Witness, Diagnostic>,
) -> Result<Vec<bool>, Diagnostic> {
    let model = &site.base.model;
    let each = |test: &dyn Fn(LinkId) -> bool| model.links.ids().map(test).collect::<Vec<_>>();
    Ok(match clause {
        Clause::Capacity(comparison, years) => by_capacity(site, drainage, *comparison, *years)?,
        Clause::Surcharged(storm) => {
            let seen = witness(storm)?.surcharged;
            each(&|link| seen.contains(model.links.name(link)))
        }
        Clause::Flooded(storm) => {
            let seen = witness(storm)?.flooded;
            each(&|link| seen.contains(model.nodes.name(drainage.ends(link)[0])))
        }
        Clause::Diameter(comparison, length) => each(&|link| {
            // a diameter such as 600 mm is the same number whether it was written in mm or m
            let rounded = |metres: f64| (metres * 1.0e6).round();
            drainage.full(link).is_some_and(|full| comparison.holds(rounded(full.depth), rounded(length.0)))
        }),
        Clause::Tag(tag) => {
            let same = |link: LinkId| model.links[link].tag.eq_ignore_ascii_case(tag);
            if !model.links.ids().any(same) {
                let tags = model.links.items().iter().map(|link| link.tag.as_str());
                return Err(missing("no conduit of the base has the tag", tag, tags));
            }
            each(&same)
        }
        Clause::Zone(name) => {
            let zone = find_zone(&site.zones, name)?;
            each(&|link| middle(&model.map, model, link).is_some_and(|point| zone.contains(point)))
        }
        Clause::UpstreamOf(name) => {
            let reached = drainage.upstream(find_node(model, name)?);
            each(&|link| reached.get(drainage.ends(link)[1].index()).is_some_and(|&yes| yes))
        }
        Clause::DownstreamOf(name) => {
            let reached = drainage.downstream(find_node(model, name)?);
            each(&|link| reached.get(drainage.ends(link)[0].index()).is_some_and(|&yes| yes))
        }
    })
}

fn by_capacity(
    site: &Site,
    drainage: &Drainage,
    comparison: Comparison,
    years: Years,
) -> Result<Vec<bool>, Diagnostic> {
    let model = &site.base.model;
    let formula = site.formula.as_ref().ok_or_else(no_formula)?;
    let [least, most] = formula.return_period_years;
    if !(least..=most).contains(&years.0) {
        let message =
            format!("the formula tells no capacity of {} a: it holds from {least} to {most} a", years.0);
        return Err(Diagnostic::error(0, message).help("compare with a return period within that range"));
    }
    let mut holds = vec![false; model.links.len()];
    for row in capacities(model, Some(formula), site.runoff_coefficient, site.inlet_time)? {
        let PipeCapacity { conduit, return_period: Some(period), .. } = row else { continue };
        if drainage.full(conduit).is_none_or(|full| full.is_open) {
            continue;
        }
        let period = match period {
            EquivalentReturnPeriod::Below(_) => 0.0,
            EquivalentReturnPeriod::Years(years) => years,
            EquivalentReturnPeriod::Above(_) => f64::INFINITY,
        };
        if let Some(holds) = holds.get_mut(conduit.index()) {
            *holds = comparison.holds(period, years.0);
        }
    }
    Ok(holds)
}

/// The point half-way along a link on the plan.
pub fn middle(map: &Map, model: &Model, link: LinkId) -> Option<[f64; 2]> {
    let line = line(map, model, link)?;
    let lengths: Vec<f64> =
        line.iter().zip(line.iter().skip(1)).map(|(a, b)| (b[0] - a[0]).hypot(b[1] - a[1])).collect();
    let mut rest = 0.5 * lengths.iter().sum::<f64>();
    for (length, (a, b)) in lengths.iter().zip(line.iter().zip(line.iter().skip(1))) {
        if rest <= *length {
            let share = if *length > 0.0 { rest / length } else { 0.0 };
            return Some([a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])]);
        }
        rest -= length;
    }
    line.last().copied()
}

/// A link on the plan: from its first node over its vertices to its last, as the file gives it; `None` when
/// one of its nodes has no place.
pub(super) fn line(map: &Map, model: &Model, link: LinkId) -> Option<Vec<[f64; 2]>> {
    let ends = model.links.items().get(link.index())?;
    let place = |node: crate::model::NodeId| map.nodes.get(node.index()).copied().flatten();
    let mut line = vec![place(ends.from)?];
    line.extend(map.links.get(link.index()).into_iter().flatten());
    line.push(place(ends.to)?);
    Some(line)
}

fn find_node(model: &Model, name: &str) -> Result<crate::model::NodeId, Diagnostic> {
    let names = || model.nodes.names().iter().map(String::as_str);
    model.nodes.find(name).ok_or_else(|| missing("the base has no node", name, names()))
}

/// The zone of a name.
pub(super) fn find_zone<'a>(zones: &'a [Zone], name: &str) -> Result<&'a Zone, Diagnostic> {
    let names = || zones.iter().map(|zone| zone.name.as_str());
    let found = zones.iter().find(|zone| zone.name == name);
    found.ok_or_else(|| missing("the study has no zone", name, names()))
}

/// An error about a name that nothing has, with the one that may be meant.
pub(super) fn missing<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> Diagnostic {
    let known: Vec<&str> = known.filter(|known| !known.is_empty()).collect();
    let help = match nearest(name, known.iter().copied()) {
        Some(near) => format!("did you mean '{near}'?"),
        None => {
            let all: BTreeSet<&str> = known.into_iter().collect();
            let some: Vec<&str> = all.iter().copied().take(8).collect();
            match (some.is_empty(), all.len() > some.len()) {
                (true, _) => String::new(),
                (false, false) => format!("there are {}", some.join(", ")),
                (false, true) => format!("there are {} and others", some.join(", ")),
            }
        }
    };
    Diagnostic::error(0, format!("{what} '{name}'")).help(help)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::Path;

    use super::*;
    use crate::edit::Network;
    use crate::input::inp::read_text;
    use crate::scenario::catalogue::Catalogues;
    use crate::scenario::storm::IntensityFormula;

    /// A street of three pipes, the second too small for the land above it, a ditch, and a pump beside.
    const TEXT: &str = "[OPTIONS]\nFLOW_UNITS CMS\n[RAINGAGES]\nG INTENSITY 0:05 1 TIMESERIES T\n\
        [TIMESERIES]\nT 0 0\n[SUBCATCHMENTS]\nS1 G A 4 50 100 1 0\nS2 G B 4 50 100 1 0\n\
        [SUBAREAS]\nS1 0.01 0.1 1 1 25 OUTLET\nS2 0.01 0.1 1 1 25 OUTLET\n\
        [INFILTRATION]\nS1 60 6 4 7 0\nS2 60 6 4 7 0\n\
        [JUNCTIONS]\nA 10 3\nB 9.8 3\nC 9.6 3\nD 9.4 3\n[OUTFALLS]\nO 9 FREE\n\
        [CONDUITS]\nP1 A B 100 0.013 0 0\nP2 B C 100 0.013 0 0\nP3 C D 100 0.013 0 0\nditch D O 200 0.03 0 0\n\
        [PUMPS]\nback D A * OFF 0 0\n\
        [XSECTIONS]\nP1 CIRCULAR 1 0 0 0\nP2 CIRCULAR 0.6 0 0 0\nP3 CIRCULAR 1.5 0 0 0\nditch RECT_OPEN 0.1 0.2 0 0\n\
        [TAGS]\nLink P1 N1\nLink P2 N1\nLink P3 N2\n\
        [COORDINATES]\nA 0 0\nB 100 0\nC 200 0\nD 300 0\nO 500 0\n[VERTICES]\nP3 200 400\n";

    fn site() -> Site {
        let path = Path::new("street.inp");
        let ring = vec![[50.0, -10.0], [160.0, -10.0], [160.0, 10.0], [50.0, 10.0], [50.0, -10.0]];
        Site {
            base: Network::read(read_text(TEXT.as_bytes(), path).document, path).unwrap(),
            catalogues: Catalogues::default(),
            zones: vec![Zone { name: "老城".into(), class: String::new(), rings: vec![ring] }],
            formula: Some(IntensityFormula::of_user(1984.0, 0.77, 9.0, 0.77)),
            runoff_coefficient: None,
            inlet_time: 600.0,
            picks: BTreeMap::new(),
        }
    }

    fn picked(rule: &str) -> Result<String, Vec<Diagnostic>> {
        let mut witness = |storm: &str| match storm {
            "P5" => Ok(Witness {
                surcharged: ["P2".to_owned(), "P1".to_owned()].into(),
                flooded: ["B".to_owned()].into(),
            }),
            _ => Err(Diagnostic::error(0, format!("there is no storm '{storm}'"))),
        };
        pick(&rule.parse().unwrap(), &site(), &mut witness).map(|names| names.join(" "))
    }

    #[test]
    fn each_clause_picks_its_conduits_in_the_order_of_the_file() {
        for (rule, expected) in [
            ("capacity < 2 a", "P2"),
            ("capacity >= 2 a", "P1 P3"),
            ("diameter < 1000 mm", "P2 ditch"),
            ("diameter = 1 m", "P1"),
            ("tag = 'n1'", "P1 P2"),
            ("zone = '老城'", "P1 P2"),
            ("surcharged in P5", "P1 P2"),
            ("flooded in P5", "P2"),
            ("diameter > 0.1 m and downstream of B", "P1 P2 P3"),
            ("capacity < 2 a and zone = '老城' and tag = N1", "P2"),
            ("tag = N2 and diameter < 1 m", ""),
        ] {
            assert_eq!(picked(rule).unwrap(), expected, "{rule}");
        }
    }

    #[test]
    fn upstream_and_downstream_follow_the_water() {
        // the pump leads back from D to A, so that all pipes stand in a ring but the ditch
        assert_eq!(picked("upstream of C").unwrap(), "P1 P2 P3");
        assert_eq!(picked("downstream of D").unwrap(), "P1 P2 P3 ditch");
        assert_eq!(picked("upstream of O").unwrap(), "P1 P2 P3 ditch");
        assert_eq!(picked("downstream of O").unwrap(), "");
    }

    #[test]
    fn every_dangling_name_is_an_error_with_a_suggestion() {
        let problems =
            picked("tag = N3 and zone = 新城 and upstream of CC and surcharged in P9").unwrap_err();
        assert_eq!(problems.len(), 4);
        assert!(problems[0].message.contains("'N3'") && problems[0].help.contains("N1"), "{}", problems[0]);
        assert!(problems[1].help.contains("老城"), "{}", problems[1]);
        assert!(problems[2].help.contains("'C'"), "{}", problems[2]);
        assert!(problems[3].element.contains("tag = N3"), "{}", problems[3]);
    }

    #[test]
    fn a_capacity_that_the_formula_cannot_tell_is_an_error() {
        assert!(picked("capacity < 0.5 a").unwrap_err()[0].message.contains("from 1 to 100 a"));
        assert_eq!(picked("capacity < 1 a").unwrap(), "P2");
    }
}
