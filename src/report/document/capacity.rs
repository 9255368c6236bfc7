//! Capacity of the pipes by length: stacked bars and a table, base against options.

use crate::assess::capacity::{Capacities, Cause, PipeCapacity};
use crate::plot::bars::{Bar, Bars, Kind, Part as Piece, ordered};
use crate::plot::colour::Colour;

use crate::scenario::rule::RuleSet;

use super::desk::{Desk, fixed, percent};
use super::view::{Cell, Part, Row, Table};

/// Length of the pipes of a class: m by own capacity, m by backwater.
type Lengths = Vec<[f64; 2]>;

/// Which of the two capacities.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Static,
    Dynamic,
}

/// Bars and tables of both capacities.
pub(super) fn capacity(desk: &mut Desk<'_>) -> Vec<Part> {
    let assessment = desk.material.assessment;
    let all: Vec<&Capacities> = assessment.capacities.iter().filter(|all| !all.pipes.is_empty()).collect();
    let breaks = assessment.rule_set.as_ref().map_or(RuleSet::BREAKS.to_vec(), |set| set.breaks.clone());
    if all.is_empty() {
        return vec![desk.nothing(
            "Capacity was not rated: it needs a formula or a ladder of storms.",
            "未评定排水能力：需要暴雨强度公式或一组设计暴雨。",
        )];
    }
    let mut parts = vec![Part::Text(
        desk.say(
            "Static capacity: the return period of the rain whose rational-method flow just fills the pipe at its \
             normal (Manning) flow. Dynamic capacity: the largest storm of the ladder, under its river stage, that \
             leaves the pipe below full at both ends; a pipe that is full though it carries less than its normal \
             flow is limited by backwater, any other by its own capacity.",
            "静态能力：推理公式法流量恰等于管道满流（曼宁）能力时的重现期。动态能力：在相应水位下，管道两端均未满流的最大一级设计暴雨；\
             流量小于自身满流能力却满管的，判为下游顶托，其余为自身能力不足。",
        )
        .to_owned(),
    )];
    let last = desk.last_horizon();
    for way in [Way::Static, Way::Dynamic] {
        let rows: Vec<(usize, usize, Lengths)> = all
            .iter()
            .filter(|of| of.horizon == last || (of.option == 0 && of.horizon == 0))
            .map(|of| (of.option, of.horizon, lengths(&of.pipes, breaks.len() + 1, way)))
            .filter(|(_, _, lengths)| {
                lengths.iter().take(breaks.len() + 1).flatten().any(|length| *length > 0.0)
            })
            .collect();
        if rows.is_empty() {
            let text = match way {
                Way::Static => desk.nothing(
                    "Static capacity: not rated, no formula.",
                    "静态能力：没有暴雨强度公式，未评定。",
                ),
                Way::Dynamic => desk.nothing(
                    "Dynamic capacity: not rated, no ladder of storms.",
                    "动态能力：没有成组设计暴雨，未评定。",
                ),
            };
            parts.push(text);
            continue;
        }
        parts.extend(figure(desk, &rows, &breaks, way));
        parts.push(Part::Table(table(desk, &rows, &breaks, way)));
    }
    parts
}

/// Length by class; the last entry is what has no class.
fn lengths(pipes: &[PipeCapacity], classes: usize, way: Way) -> Lengths {
    let mut lengths = vec![[0.0; 2]; classes + 1];
    for pipe in pipes {
        let (class, backwater) = match way {
            Way::Static => (pipe.static_class, false),
            Way::Dynamic => {
                (pipe.dynamic_class, pipe.dynamic.and_then(|dynamic| dynamic.cause) == Some(Cause::Backwater))
            }
        };
        let class = class.filter(|class| *class < classes).unwrap_or(classes);
        if let Some(length) = lengths.get_mut(class).and_then(|length| length.get_mut(usize::from(backwater)))
        {
            *length += pipe.length;
        }
    }
    lengths
}

/// The name of a class between two breaks.
fn class_name(desk: &Desk<'_>, breaks: &[f64], class: usize) -> String {
    let years = |value: &f64| crate::plot::axis::plain_number(*value);
    let year = desk.say(" a", " 年");
    match (class.checked_sub(1).and_then(|below| breaks.get(below)), breaks.get(class)) {
        (None, Some(high)) => format!("< {}{year}", years(high)),
        (Some(low), Some(high)) => format!("{}–{}{year}", years(low), years(high)),
        (Some(low), None) => format!("≥ {}{year}", years(low)),
        (None, None) => desk.say("not rated", "未评定").to_owned(),
    }
}

fn row_name(desk: &Desk<'_>, option: usize, horizon: usize) -> String {
    format!("{} {}", desk.option(option), desk.horizon(horizon))
}

fn figure(desk: &mut Desk<'_>, rows: &[(usize, usize, Lengths)], breaks: &[f64], way: Way) -> Option<Part> {
    let classes = breaks.len() + 1;
    let mut kinds: Vec<Kind> = (0..classes)
        .map(|class| Kind { name: class_name(desk, breaks, class), colour: ordered(class, classes) })
        .collect();
    kinds.push(Kind { name: desk.say("not rated", "未评定").to_owned(), colour: Colour(205, 205, 205) });
    let bars = rows.iter().map(|(option, horizon, lengths)| {
        let total: f64 = lengths.iter().flatten().sum();
        let parts = lengths.iter().enumerate().flat_map(|(kind, both)| {
            both.iter().enumerate().map(move |(i, length)| {
                let share = 100.0 * length / total.max(1e-9);
                Piece {
                    kind,
                    value: length / 1000.0,
                    hatched: i == 1,
                    label: format!("{} %", fixed(share, 0)),
                }
            })
        });
        Bar {
            name: row_name(desk, *option, *horizon),
            parts: parts.collect(),
            total: format!("{} km", fixed(total / 1000.0, 1)),
        }
    });
    let bars: Vec<Bar> = bars.collect();
    let bars = Bars {
        quantity: desk.say("Length of pipe", "管长").to_owned(),
        unit: "km".to_owned(),
        kinds,
        hatch: desk.say("limited by backwater", "受下游顶托").to_owned(),
        bars,
        ..Bars::default()
    };
    let (what, file) = match way {
        Way::Static => {
            (desk.say("static capacity by length of pipe", "静态排水能力（按管长）"), "capacity_static")
        }
        Way::Dynamic => {
            (desk.say("dynamic capacity by length of pipe", "动态排水能力（按管长）"), "capacity_dynamic")
        }
    };
    let note = match way {
        Way::Static => {
            desk.say("Classes by return period; all options on one axis.", "按重现期分级；各方案同一坐标。")
        }
        Way::Dynamic => desk.say(
            "Classes by return period of the largest storm carried; hatched: limited by backwater.",
            "按能承受的最大暴雨重现期分级；斜线表示受下游顶托。",
        ),
    };
    let picture = bars.draw(&bars.sheet(desk.sheet));
    desk.own_figure(file, picture, what, note)
}

fn table(desk: &mut Desk<'_>, rows: &[(usize, usize, Lengths)], breaks: &[f64], way: Way) -> Table {
    let mut heads = vec![desk.say("Option", "方案").to_owned()];
    let classes = breaks.len() + 1;
    heads.extend((0..classes).map(|class| format!("#{}", class_name(desk, breaks, class))));
    heads.push(desk.say("#not rated", "#未评定").to_owned());
    heads.push(desk.say("#All, km", "#合计 km").to_owned());
    let caption = desk.table_caption(match way {
        Way::Static => desk.say("static capacity: length of pipe in each class, km and per cent", "静态能力：各级管长（km）与比例"),
        Way::Dynamic => desk.say(
            "dynamic capacity: length of pipe in each class, km and per cent, and how much of it is limited by backwater",
            "动态能力：各级管长（km）、比例及其中受顶托的长度",
        ),
    });
    let mut table = Table::new(caption, heads);
    for (option, horizon, lengths) in rows {
        let total: f64 = lengths.iter().flatten().sum();
        let mut cells = vec![Cell::head(row_name(desk, *option, *horizon))];
        cells.extend(lengths.iter().map(|[own, backwater]| {
            let length = own + backwater;
            let of_it = (*backwater > 0.0).then(|| {
                desk.say(
                    format!("backwater {}", fixed(backwater / 1000.0, 2)),
                    format!("顶托 {}", fixed(backwater / 1000.0, 2)),
                )
            });
            Cell::number(fixed(length / 1000.0, 2))
                .lines([percent(length / total.max(1e-9)), of_it.unwrap_or_default()])
        }));
        cells.push(Cell::number(fixed(total / 1000.0, 2)));
        table.rows.push(Row::new(cells));
    }
    if desk.material.assessment.rule_set.as_ref().is_none_or(|set| !set.breaks_verified) {
        table.notes.push(
            desk.say("⚑ The breaks between classes are not verified.", "⚑ 分级界限未核实。").to_owned(),
        );
    }
    table
}
