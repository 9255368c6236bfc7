//! Measures of a policy document, and the numbers that show how far a city has come with them.

use super::words::Words;

/// A policy document as the program serves it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Policy {
    /// What it is.
    pub title: Words,
    /// Where its text comes from.
    pub source: String,
    /// Whether its clauses were checked against the text.
    pub verified: bool,
    /// Its measures.
    pub rows: Vec<Row>,
}

/// How far the program serves a measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// A scenario shows it.
    Working,
    /// It will be shown.
    Planned,
    /// It is none of the program's tasks.
    Outside,
}

impl Status {
    /// The word for it in files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Working => "working",
            Self::Planned => "planned",
            Self::Outside => "outside",
        }
    }
    /// The word that users read.
    pub fn words(self) -> Words {
        match self {
            Self::Working => Words::new("working", "已实现"),
            Self::Planned => Words::new("planned", "计划中"),
            Self::Outside => Words::new("outside", "不在范围"),
        }
    }
}

/// A measure of the document.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its number in the list.
    pub number: u32,
    /// The clause, such as `十九`.
    pub clause: String,
    /// What it asks.
    pub measure: Words,
    /// How far it is served.
    pub status: Status,
    /// Why it is not, or not all of it; empty where nothing is to be said.
    pub remark: Words,
    /// The scenario that shows it, as a path from the folder of the program; empty unless it is working.
    pub scenario: String,
    /// Options of the scenario that serve it; the base is always shown.
    pub options: Vec<String>,
    /// What is measured.
    pub indicators: Vec<Indicator>,
}

/// What is measured of a measure, and what is wanted of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Indicator {
    /// What is measured.
    pub metric: Metric,
    /// What is wanted by which year, ascending; empty where the document names nothing.
    pub targets: Vec<Target>,
    /// Where the targets come from.
    pub source: String,
    /// Whether they were checked.
    pub verified: bool,
}

impl Indicator {
    /// What is wanted at a year: the next target that is due, or the last. A horizon without a year is held against the
    /// last.
    pub fn target(&self, year: Option<i32>) -> Option<f64> {
        let due = |year| self.targets.iter().find(|target| target.year >= year);
        year.and_then(due).or(self.targets.last()).map(|target| target.value)
    }
}

/// What is wanted by a year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Target {
    /// The year.
    pub year: i32,
    /// The value, in the unit of the metric.
    pub value: f64,
}

/// A number that is computed of an option at a horizon.
#[derive(Clone, Debug, PartialEq)]
pub enum Metric {
    /// Length of pipe with a static capacity of so many years or more, over all that was rated, %.
    CapacityShare {
        /// The return period, a.
        years: f64,
    },
    /// Water that floods under the worst waterlogging storm, m³.
    FloodedVolume,
    /// Nodes that flood 1 m³ or more under the worst waterlogging storm.
    FloodedNodes,
    /// Length of pipe that is full at both ends under the worst sewer storm, km.
    SurchargedLength,
    /// Flooding that a river stage causes, against free outfalls, at the most, m³.
    RiverFlooding,
    /// Longest time that an outfall is under water above its soffit, h.
    Submergence,
    /// Largest volume that overflows spill under one of the storms that serve it, m³.
    SpilledVolume,
    /// Smallest share that is not spilled of what comes to overflows and works, %.
    CapturedShare,
    /// Dry-weather flow that can reach a treatment works, %.
    Coverage,
    /// Largest depth at a node under the worst storm, m.
    NodeDepth {
        /// The node.
        node: String,
    },
    /// Capital of what is built by the horizon, with the contingency, in millions.
    Cost,
    /// Expected annual damage, in millions.
    Damage,
    /// Gauges whose bands the model keeps, %.
    Gauges,
    /// Nodes that have coordinates, %.
    Mapped,
}

impl Metric {
    /// The words of metrics in files. `capacity_share` takes `years`, `node_depth` takes `node`.
    pub const WORDS: [&'static str; 14] = [
        "capacity_share",
        "flooded_volume",
        "flooded_nodes",
        "surcharged_length",
        "river_flooding",
        "submergence",
        "spilled_volume",
        "captured_share",
        "coverage",
        "node_depth",
        "cost",
        "damage",
        "gauges",
        "mapped",
    ];
    /// Its name for users.
    pub fn words(&self) -> Words {
        match self {
            Self::CapacityShare { years } => Words::new(
                format!("pipe length with static capacity >= {years} a"),
                format!("静态排水能力 ≥ {years} 年的管长比例"),
            ),
            Self::FloodedVolume => Words::new("flooded volume, worst storm", "最不利内涝暴雨溢流水量"),
            Self::FloodedNodes => Words::new("flooded nodes, worst storm", "最不利内涝暴雨溢流节点数"),
            Self::SurchargedLength => {
                Words::new("surcharged pipe length, worst storm", "最不利管渠暴雨超载管长")
            }
            Self::RiverFlooding => {
                Words::new("flooding that the river stage causes", "河道顶托增加的溢流水量")
            }
            Self::Submergence => Words::new("longest submergence of an outfall", "排口最长淹没历时"),
            Self::SpilledVolume => Words::new("spilled volume, worst storm", "最不利降雨溢流污水量"),
            Self::CapturedShare => Words::new("share captured, worst storm", "最不利降雨截流比例"),
            Self::Coverage => Words::new("dry-weather flow connected to works", "旱季污水接入处理厂比例"),
            Self::NodeDepth { node } => {
                Words::new(format!("largest depth at {node}"), format!("{node} 最大水深"))
            }
            Self::Cost => Words::new("capital, contingency included", "累计投资（含预备费）"),
            Self::Damage => Words::new("expected annual damage", "年均期望损失"),
            Self::Gauges => Words::new("gauges within bands", "误差限内测点比例"),
            Self::Mapped => Words::new("nodes with coordinates", "有坐标的节点比例"),
        }
    }
    /// Its unit; money is in millions of the study's currency.
    pub fn unit(&self) -> &'static str {
        match self {
            Self::CapacityShare { .. }
            | Self::CapturedShare
            | Self::Coverage
            | Self::Gauges
            | Self::Mapped => "%",
            Self::FloodedVolume | Self::RiverFlooding | Self::SpilledVolume => "m3",
            Self::FloodedNodes => "",
            Self::SurchargedLength => "km",
            Self::Submergence => "h",
            Self::NodeDepth { .. } => "m",
            Self::Cost => "million",
            Self::Damage => "million/a",
        }
    }
    /// Whether more of it is better, so that a target is what it should reach; else what it should not pass.
    pub fn more_is_better(&self) -> bool {
        self.unit() == "%"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_target_is_the_next_that_is_due() {
        let target = |year, value| Target { year, value };
        let indicator = Indicator {
            metric: Metric::FloodedVolume,
            targets: vec![target(2030, 100.0), target(2035, 0.0)],
            source: String::new(),
            verified: false,
        };
        let at = [Some(2026), Some(2030), Some(2031), Some(2040), None].map(|year| indicator.target(year));
        assert_eq!(at, [Some(100.0), Some(100.0), Some(0.0), Some(0.0), Some(0.0)]);
        assert_eq!(Indicator { targets: Vec::new(), ..indicator }.target(Some(2030)), None);
    }
}
