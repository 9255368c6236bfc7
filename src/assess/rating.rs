//! How pipes are rated: from a network and the runs of a ladder of storms to the capacity of each pipe.

use std::collections::HashMap;

use crate::edit::capacity::capacities as static_capacities;
use crate::edit::picking::middle;
use crate::edit::{Network, Site};
use crate::forcing::design_storm::rational::EquivalentReturnPeriod;
use crate::model::section::{CrossSection, Shape};
use crate::model::{LinkId, Model};
use crate::scenario::road::{Road, nearest};
use crate::scenario::rule::class_of;
use crate::scenario::storm::Purpose;
use crate::study::Study;
use crate::study::digest::Digest;

use super::Comparison;
use super::capacity::{Capacities, Cause, Dynamic, PipeCapacity};
use super::ladder::{Rung, ladder, rungs};

/// A road within this distance of the middle of a pipe is the one that it lies in, in the unit of the map (m).
const NEAR_ROAD: f64 = 15.0;
/// A level this close to the soffit, as a share of the pipe's height, may fall on the other side with another
/// engine or another step; and so may a flow this close to the full flow.
const CLOSE: f64 = 0.01;

/// The capacities of all pipes of all options and horizons that can be built, by the breaks between classes (a).
pub fn capacities(
    study: &Study,
    comparison: &Comparison<'_>,
    roads: &[Road],
    breaks: &[f64],
) -> Vec<Capacities> {
    let scenario = study.scenario();
    let steps = ladder(scenario, Purpose::SewerCapacity);
    let mut all = Vec::new();
    for option in 0..scenario.options.len() {
        for horizon in comparison.main_horizons() {
            let Ok(built) = study.built(option, horizon) else { continue };
            let rungs = rungs(&steps, comparison, option, horizon);
            let rated = rate(&built.network, study.site(), roads, &rungs, breaks);
            all.push(Capacities { option, horizon, ..rated });
        }
    }
    all
}

/// The capacities of the pipes of one network.
pub fn rate(
    network: &Network,
    site: &Site,
    roads: &[Road],
    rungs: &[Rung<'_>],
    breaks: &[f64],
) -> Capacities {
    let model = &network.model;
    let formula = site.formula.as_ref();
    let rated = static_capacities(model, formula, site.runoff_coefficient, site.inlet_time);
    let (periods, no_static) = match rated {
        Ok(_) if formula.is_none() => (HashMap::new(), Some("no storm has a formula".to_owned())),
        Ok(table) => (table.into_iter().map(|row| (row.conduit, row.return_period)).collect(), None),
        Err(problem) => (HashMap::new(), Some(problem.message)),
    };
    // levels belong to the network as it is run: sediment lifts the bottom of a pipe
    let checked = network.runnable().map(|(model, _)| model);
    let as_run = checked.as_ref().unwrap_or(model);
    let seen: Vec<(&Rung<'_>, Option<Seen<'_>>)> =
        rungs.iter().map(|rung| (rung, rung.digest.map(Seen::of))).collect();
    let mut pipes = Vec::new();
    for id in model.links.ids() {
        let Some(height) = pipe_height(as_run, id) else { continue };
        let middle = middle(&model.map, model, id);
        let zone = middle.and_then(|at| site.zones.iter().find(|zone| zone.contains(at)));
        let road = middle.and_then(|at| nearest(roads, at, NEAR_ROAD));
        let static_period = periods.get(&id).copied().flatten();
        let static_years = static_period.map(years);
        let dynamic = dynamic(as_run, id, height, &seen);
        pipes.push(PipeCapacity {
            link: model.links.name(id).to_owned(),
            zone: zone.map_or(String::new(), |zone| zone.name.clone()),
            road_class: road.map_or(String::new(), |road| road.class.clone()),
            length: model.links[id].conduit().map_or(0.0, |conduit| conduit.length),
            height,
            static_years,
            static_period,
            static_class: static_years.map(|years| class_of(years, breaks)),
            dynamic_class: dynamic.map(|found| class_of(found.carries.unwrap_or(0.0), breaks)),
            dynamic,
        });
    }
    let ladder: Vec<_> =
        rungs.iter().filter(|rung| rung.digest.is_some()).map(|rung| (rung.years, rung.case)).collect();
    let gaps = breaks.iter().copied().filter(|at| !ladder.iter().any(|(years, _)| years == at)).collect();
    Capacities { pipes, ladder, gaps, no_static, ..Capacities::default() }
}

/// Height of a pipe from its bottom to its soffit, m; `None` for what is no closed conduit of a gravity sewer.
fn pipe_height(model: &Model, id: LinkId) -> Option<f64> {
    let conduit = model.links[id].conduit()?;
    if matches!(conduit.shape, Shape::Dummy | Shape::ForceMain { .. }) {
        return None;
    }
    let section = CrossSection::new(&conduit.shape, model).ok()?;
    (!section.is_open()).then_some(section.full_depth)
}

/// A return period as a number: 0 below what the formula holds for, infinite above.
fn years(period: EquivalentReturnPeriod) -> f64 {
    match period {
        EquivalentReturnPeriod::Below(_) => 0.0,
        EquivalentReturnPeriod::Years(years) => years,
        EquivalentReturnPeriod::Above(_) => f64::INFINITY,
    }
}

/// A digest whose nodes and links are found by name.
struct Seen<'a> {
    digest: &'a Digest,
    nodes: HashMap<&'a str, usize>,
    links: HashMap<&'a str, usize>,
}

impl<'a> Seen<'a> {
    fn of(digest: &'a Digest) -> Self {
        let places = |names: &'a [String]| names.iter().map(String::as_str).zip(0..).collect();
        Self { digest, nodes: places(&digest.nodes.name), links: places(&digest.links.name) }
    }
    /// Highest level at a node, m.
    fn highest(&self, node: &str) -> Option<f64> {
        let at = *self.nodes.get(node)?;
        let nodes = &self.digest.nodes;
        Some(nodes.invert.get(at)? + nodes.max_depth.get(at)?)
    }
    /// Largest flow of a link over its full normal flow.
    fn share_of_full(&self, link: &str) -> Option<f64> {
        let at = *self.links.get(link)?;
        let links = &self.digest.links;
        Some(links.max_flow.get(at)? / links.full_flow.get(at)?)
    }
}

/// Highest level over the soffit of a pipe at the worse of its ends, m.
fn margin(model: &Model, id: LinkId, height: f64, seen: &Seen<'_>) -> Option<f64> {
    let link = &model.links[id];
    let at = |node, offset: f64| {
        let soffit = model.nodes[node].invert + offset + height;
        Some(seen.highest(model.nodes.name(node))? - soffit)
    };
    Some(at(link.from, link.inlet_offset)?.max(at(link.to, link.outlet_offset)?))
}

/// The dynamic capacity of a pipe; `None` when no run of the ladder is there or holds the pipe.
fn dynamic(
    model: &Model,
    id: LinkId,
    height: f64,
    ladder: &[(&Rung<'_>, Option<Seen<'_>>)],
) -> Option<Dynamic> {
    let mut found: Option<Dynamic> = None;
    // behind a run that is not there nothing is known to be carried
    let mut whole = true;
    for (rung, seen) in ladder {
        let margin = seen.as_ref().and_then(|seen| margin(model, id, height, seen));
        let (Some(seen), Some(margin)) = (seen, margin) else {
            whole = false;
            continue;
        };
        let so_far = found.get_or_insert_with(Dynamic::default);
        so_far.close |= margin.abs() <= CLOSE * height;
        (so_far.deciding, so_far.margin) = (Some(rung.case), margin);
        if margin > 0.0 {
            let share = seen.share_of_full(model.links.name(id)).unwrap_or(0.0);
            so_far.fails = Some(rung.years);
            so_far.cause = Some(if share > 1.0 { Cause::OwnCapacity } else { Cause::Backwater });
            so_far.cause_close = (share - 1.0).abs() <= CLOSE;
            // of two storms of one return period both must be carried
            so_far.carries = so_far.carries.filter(|carried| *carried < rung.years);
            break;
        }
        if whole {
            so_far.carries = Some(rung.years);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::assess::Case;
    use crate::input::inp::read_text;
    use crate::scenario::catalogue::Catalogues;
    use crate::scenario::storm::IntensityFormula;
    use crate::scenario::zone::Zone;
    use crate::study::digest::{LinkDigest, NodeDigest};

    const BREAKS: [f64; 4] = [1.0, 2.0, 3.0, 5.0];

    /// 12 ha at a manhole, a pipe of a diameter (m) and slope to an outfall, a force main and a ditch beside it.
    fn site(diameter: f64, slope: f64) -> Site {
        let text = format!(
            "[OPTIONS]\nFLOW_UNITS CMS\n[RAINGAGES]\nG INTENSITY 0:05 1 TIMESERIES T\n[TIMESERIES]\nT 0 0\n\
             [SUBCATCHMENTS]\nS G A 12 50 100 1 0\n[SUBAREAS]\nS 0.01 0.1 1 1 25 OUTLET\n[INFILTRATION]\nS 60 6 4 7 0\n\
             [JUNCTIONS]\nA 100 3\nB 100 3\n[OUTFALLS]\nO {} FREE\n[CONDUITS]\nP A O 100 0.013 0 0\n\
             M B A 100 0.013 0 0\nD B A 100 0.03 0.5 0\n[XSECTIONS]\nP CIRCULAR {diameter} 0 0 0\n\
             M FORCE_MAIN 0.3 120 0 0\nD TRAPEZOIDAL 1 1 1 1\n[COORDINATES]\nA 0 0\nO 100 0\nB -100 0\n",
            100.0 - 100.0 * slope
        );
        let path = std::path::Path::new("town.inp");
        let square = [[20.0, -5.0], [80.0, -5.0], [80.0, 5.0], [20.0, 5.0], [20.0, -5.0]];
        Site {
            base: Network::read(read_text(text.as_bytes(), path).document, path).unwrap(),
            catalogues: Catalogues::default(),
            zones: vec![Zone {
                name: "老城".into(), class: "中心城区".into(), rings: vec![square.to_vec()]
            }],
            formula: Some(IntensityFormula::of_user(1984.0, 0.77, 9.0, 0.77)),
            runoff_coefficient: Some(0.65),
            inlet_time: 1080.0,
            picks: BTreeMap::new(),
        }
    }

    /// A run in which the manhole stands at a depth and the pipe carries a share of its full flow.
    fn digest(depth: f64, share: f64) -> Digest {
        Digest {
            nodes: NodeDigest {
                name: vec!["A".into(), "O".into(), "B".into()],
                invert: vec![100.0, 99.8, 100.0],
                max_depth: vec![depth, 0.1, 0.0],
                ..NodeDigest::default()
            },
            links: LinkDigest {
                name: vec!["P".into()],
                max_flow: vec![share],
                full_flow: vec![1.0],
                ..LinkDigest::default()
            },
            ..Digest::default()
        }
    }

    const YEARS: [f64; 5] = [1.0, 2.0, 3.0, 5.0, 10.0];

    /// The pipe of a metre, rated by runs of 1, 2, 3, 5 and 10 a.
    fn rated(runs: &[Option<Digest>]) -> PipeCapacity {
        let rungs: Vec<Rung<'_>> = runs
            .iter()
            .enumerate()
            .map(|(storm, digest)| Rung {
                years: YEARS[storm],
                case: Case { horizon: 0, storm, stage: 0 },
                digest: digest.as_ref(),
            })
            .collect();
        let site = site(1.0, 0.002);
        let mut pipes = rate(&site.base, &site, &[], &rungs, &BREAKS).pipes;
        assert_eq!(pipes.len(), 1, "ditches and force mains are not rated");
        pipes.remove(0)
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]
        #[test]
        fn a_bigger_pipe_never_lowers_its_own_static_class(
            diameter in 0.3..2.5_f64, more in 1.0..2.0_f64, slope in 0.0005..0.02_f64,
        ) {
            let class = |diameter: f64| {
                let site = site(diameter, slope);
                let pipe = rate(&site.base, &site, &[], &[], &BREAKS).pipes.remove(0);
                (pipe.static_class.unwrap(), pipe.static_years.unwrap())
            };
            let (small, large) = (class(diameter), class(diameter * more));
            prop_assert!(large.0 >= small.0 && large.1 >= small.1, "{:?} {:?}", small, large);
        }

        #[test]
        fn all_storms_up_to_the_one_carried_are_and_the_next_is_the_one_that_is_not(
            depths in proptest::collection::vec(0.5..1.5_f64, 5),
        ) {
            let runs: Vec<Option<Digest>> = depths.iter().map(|depth| Some(digest(*depth, 0.5))).collect();
            let dynamic = rated(&runs).dynamic.unwrap();
            let first_full = depths.iter().position(|depth| *depth > 1.0);
            prop_assert_eq!(dynamic.fails, first_full.map(|at| YEARS[at]));
            let last = first_full.map_or(Some(4), |at| at.checked_sub(1));
            prop_assert_eq!(dynamic.carries, last.map(|at| YEARS[at]));
        }
    }

    #[test]
    fn a_pipe_is_rated_with_its_zone_its_road_and_its_cause() {
        let pipe = rated(&[Some(digest(0.6, 0.4)), Some(digest(0.9, 0.8)), Some(digest(1.3, 1.2))]);
        let dynamic = pipe.dynamic.unwrap();
        assert_eq!(
            (dynamic.carries, dynamic.fails, dynamic.cause),
            (Some(2.0), Some(3.0), Some(Cause::OwnCapacity))
        );
        assert_eq!((pipe.zone.as_str(), pipe.dynamic_class, dynamic.close), ("老城", Some(2), false));
        assert!((dynamic.margin - 0.3).abs() < 1e-9);
        // storms.md, section 7: DN1000 at 0.2 % is below the shortest return period of the formula
        assert_eq!((pipe.static_years, pipe.static_class), (Some(0.0), Some(0)));
        let pipe = rated(&[Some(digest(1.3, 0.7))]);
        assert_eq!(
            (pipe.dynamic.unwrap().carries, pipe.dynamic.unwrap().cause),
            (None, Some(Cause::Backwater))
        );
    }

    #[test]
    fn a_level_within_one_per_cent_of_the_height_is_close() {
        let close = |depth: f64| rated(&[Some(digest(depth, 0.4))]).dynamic.unwrap().close;
        assert!(close(0.995) && close(1.005) && !close(0.98) && !close(1.02));
        // a storm behind the one that is not carried decides nothing
        let later = rated(&[Some(digest(1.3, 1.2)), Some(digest(1.0, 1.2))]);
        assert!(!later.dynamic.unwrap().close);
        assert!(rated(&[Some(digest(1.3, 1.005))]).dynamic.unwrap().cause_close);
    }

    #[test]
    fn behind_a_run_that_is_not_there_nothing_is_known_to_be_carried() {
        let dynamic = |runs: &[Option<Digest>]| rated(runs).dynamic;
        let some = |depth| Some(digest(depth, 0.5));
        let found = dynamic(&[some(0.5), None, some(0.7), some(1.2)]).unwrap();
        assert_eq!((found.carries, found.fails), (Some(1.0), Some(5.0)));
        assert_eq!(dynamic(&[None]), None);
        assert_eq!(dynamic(&[]), None);
    }

    #[test]
    fn breaks_without_a_storm_are_told() {
        let site = site(1.0, 0.002);
        let run = digest(0.5, 0.5);
        let case = Case { horizon: 0, storm: 0, stage: 0 };
        let rungs = [Rung { years: 3.0, case, digest: Some(&run) }];
        let rated = rate(&site.base, &site, &[], &rungs, &BREAKS);
        assert_eq!((rated.gaps, rated.ladder), (vec![1.0, 2.0, 5.0], vec![(3.0, case)]));
        let dry = Site { formula: None, ..site };
        assert!(rate(&dry.base, &dry, &[], &rungs, &BREAKS).no_static.is_some());
    }
}
