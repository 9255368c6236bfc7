//! The words of labels, in the languages that they come in.

use crate::scenario::study::{AS_MODELLED, BASE, BUILT};
use crate::scenario::words::Words;
use crate::units::Units;

/// Language of the labels of a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Chinese, simplified.
    Zh,
}

impl Language {
    /// The label of a word.
    pub fn word(self, word: Word) -> &'static str {
        let (en, zh) = word.labels();
        match self {
            Self::En => en,
            Self::Zh => zh,
        }
    }
    /// The one of two that is in this language.
    pub fn of<T>(self, en: T, zh: T) -> T {
        match self {
            Self::En => en,
            Self::Zh => zh,
        }
    }
    /// Words in this language; in the other one where they are missing.
    pub fn words(self, words: &Words) -> &str {
        let (first, second) = self.of((&words.en, &words.zh), (&words.zh, &words.en));
        if first.is_empty() { second } else { first }
    }
    /// A name as readers see it: the names that the program gives are translated, all others are the user's.
    pub fn name(self, name: &str) -> &str {
        match (self, name) {
            (Self::Zh, AS_MODELLED) => "模型原水位",
            (Self::Zh, BASE) => "现状",
            (Self::Zh, BUILT) => "全部建成",
            _ => name,
        }
    }
    /// The code of the language (BCP 47).
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh-CN",
        }
    }
    /// A label with its unit: `Flow (m³/s)`, `流量（m³/s）`; the bare label without a unit.
    pub fn with_unit(self, label: &str, unit: &str) -> String {
        match (self, unit) {
            (_, "") => label.to_string(),
            (Self::En, _) => format!("{label} ({unit})"),
            (Self::Zh, _) => format!("{label}（{unit}）"),
        }
    }
    /// The colon that stands between a label and its value.
    pub fn colon(self) -> &'static str {
        match self {
            Self::En => ": ",
            Self::Zh => "：",
        }
    }
}

macro_rules! words {
    ($($(#[$meta:meta])* $name:ident: $en:literal, $zh:literal;)+) => {
        /// A word of labels, in the terms of the field.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Word { $($(#[$meta])* $name,)+ }
        impl Word {
            /// All words.
            pub const ALL: &[Self] = &[$(Self::$name,)+];
            /// The labels in English and Chinese.
            fn labels(self) -> (&'static str, &'static str) {
                match self { $(Self::$name => ($en, $zh),)+ }
            }
        }
    };
}

words! {
    /// The time axis.
    Time: "Time", "时间";
    /// Depth of water.
    Depth: "Depth", "水深";
    /// Level of water.
    WaterLevel: "Water level", "水位";
    /// Flow.
    Flow: "Flow", "流量";
    /// Flow into a node.
    Inflow: "Inflow", "入流量";
    /// Flow out of the network.
    Outflow: "Outflow", "出流量";
    /// Runoff of land.
    Runoff: "Runoff", "径流量";
    /// Velocity.
    Velocity: "Velocity", "流速";
    /// Volume of water.
    Volume: "Volume", "水量";
    /// Depth over full depth.
    Filling: "Filling (depth / full depth)", "充满度";
    /// Flow that leaves the network at a manhole.
    FloodingFlow: "Flooding", "溢流流量";
    /// Intensity of rain.
    RainIntensity: "Rain intensity", "降雨强度";
    /// Depth of rain since the beginning of a storm.
    CumulativeDepth: "Cumulative depth", "累计雨量";
    /// What was measured.
    Observed: "Observed", "实测";
    /// What was computed.
    Simulated: "Simulated", "模拟";
    /// Time since the beginning of a storm.
    Elapsed: "Time since the beginning", "降雨历时";
    /// Minutes as a unit.
    Minutes: "min", "分钟";
    /// Hours as a unit.
    Hours: "h", "小时";
    /// Days as a unit.
    Days: "days", "天";
    /// Sum.
    Total: "total", "总量";
    /// Depth of rain.
    Rainfall: "Rainfall", "降雨量";
    /// Largest value.
    Maximum: "max", "最大";
    /// Elevation axis.
    Elevation: "Elevation", "高程";
    /// Chainage axis.
    Chainage: "Chainage", "里程";
    /// The hydraulic grade line at a time.
    HydraulicGradeLine: "HGL", "水力坡度线 (HGL)";
    /// The envelope of the hydraulic grade line.
    MaximumGradeLine: "Maximum HGL", "最高水力坡度线";
    /// The line of the ground.
    GroundLine: "Ground line", "地面线";
    /// Top of a pipe.
    Soffit: "Soffit", "管顶";
    /// Bottom of a pipe.
    Invert: "Invert", "管底";
    /// A pipe with both its lines.
    PipeLines: "Pipe (invert, soffit)", "管道（管底、管顶）";
    /// Water in pipes and manholes.
    Water: "Water", "水体";
    /// Level of the ground at a node.
    GroundLevel: "Ground level", "地面高程";
    /// Level of a pipe's bottom.
    PipeInvert: "Pipe invert", "管底高程";
    /// A node by name.
    Node: "Node", "节点";
    /// Diameter or height of a conduit.
    Size: "Diameter", "管径";
    /// Length of a conduit.
    Length: "Length", "管长";
    /// Slope of a conduit.
    Slope: "Slope", "坡度";
    /// Direction of the path.
    FlowDirection: "Flow direction", "水流方向";
    /// A manhole.
    Manhole: "Manhole", "检查井";
    /// An outfall.
    Outfall: "Outfall", "排放口";
    /// A storage unit.
    Storage: "Storage unit", "调蓄设施";
    /// A divider.
    Divider: "Divider", "分流井";
    /// A pump.
    Pump: "Pump", "水泵";
    /// An orifice.
    Orifice: "Orifice", "孔口";
    /// A weir.
    Weir: "Weir", "堰";
    /// An outlet.
    Outlet: "Outlet", "出流装置";
    /// A node under pressure.
    Surcharged: "Surcharged", "超载（承压）";
    /// A node that water leaves.
    Flooded: "Flooded", "溢流（内涝）";
    /// Maximum filling of conduits.
    MaximumFilling: "Maximum filling", "最大充满度";
    /// A conduit that runs full.
    FullPipe: "full / surcharged", "满管 / 承压";
    /// A conduit without a result.
    NoResult: "no result", "无结果";
    /// Conduits as a heading.
    Pipes: "Conduits", "管渠";
    /// How many there are.
    Count: "count", "数量";
    /// Volume that left at a node.
    FloodedVolume: "Flooded volume", "溢流水量";
    /// Nodes as a heading.
    Nodes: "Nodes", "节点";
    /// A node with no trouble.
    NotFlooded: "not surcharged", "未超载";
    /// How filling changed against a base.
    FillingDifference: "Maximum filling, change", "最大充满度变化";
    /// How flooded volume changed against a base.
    FloodedVolumeDifference: "Flooded volume, change", "溢流水量变化";
    /// More by an amount.
    MoreBy: "more by", "增加";
    /// Less by an amount.
    LessBy: "less by", "减少";
    /// No change.
    Unchanged: "no change", "无变化";
    /// What an option builds or changes.
    BuiltOrChanged: "built or changed", "新建或改造";
    /// The level of the river.
    RiverStage: "River stage, max", "河道最高水位";
    /// The present state.
    Base: "Base", "现状";
    /// A subcatchment.
    Subcatchment: "Subcatchment", "子汇水区";
    /// The greatest depth of water on the ground.
    MaximumDepth: "Maximum depth", "最大积水深度";
    /// How the greatest depth changed against a base.
    DepthDifference: "Maximum depth, change", "最大积水深度变化";
    /// The greatest speed of water on the ground.
    MaximumVelocity: "Maximum velocity", "最大流速";
    /// What water does to people, cars and houses.
    Hazard: "Hazard class", "危险等级";
    /// How long water stands.
    Duration: "Duration", "积水历时";
    /// When water arrives.
    Arrival: "Arrival", "到达时间";
    /// The ground.
    Terrain: "Terrain", "地形";
    /// A building.
    Building: "Building", "建筑物";
    /// Where the terrain is unknown.
    NoData: "no data", "无数据";
    /// An area.
    Area: "area", "面积";
    /// The axis of a road.
    Road: "Road", "道路";
    /// Speed of water times its depth.
    UnitDischarge: "Maximum unit discharge", "最大单宽流量";
    /// Hazard to people by a rating.
    PeopleHazard: "Hazard to people", "人员危险等级";
    /// How long after the rain water stands.
    Retreat: "Retreat after the rain", "雨停后退水时间";
    /// Water that came out of manholes.
    CameUp: "came up", "溢出";
    /// Water that went into manholes.
    WentDown: "went down", "流入";
    /// Water between manholes and street.
    Exchange: "Exchange at manholes", "检查井水量交换";
    /// Where an option has water that the base has not, or the other way round.
    AreaDeeper: "Area under water deeper than", "积水超过该深度的面积";
    /// How much area is under water by depth.
    AreaByDepth: "Area by depth", "面积与水深关系";
    /// What a plan leaves out.
    NotShown: "not shown (no coordinates)", "未绘出（无坐标）";
}

/// The symbol of the user's flow unit.
pub fn flow_symbol(units: &Units) -> &'static str {
    ["ft³/s", "gal/min", "Mgal/d", "m³/s", "L/s", "ML/d"][units.flow_units as usize]
}

/// The symbol of the user's length unit.
pub fn length_symbol(units: &Units) -> &'static str {
    if units.is_si() { "m" } else { "ft" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_has_both_labels_and_the_chinese_one_is_chinese() {
        for &word in Word::ALL {
            let (en, zh) = word.labels();
            assert!(en.is_ascii() && !en.is_empty(), "{word:?}");
            assert!(zh.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c)), "{word:?}");
        }
    }

    #[test]
    fn names_that_the_program_gives_are_translated_and_the_users_are_not() {
        assert_eq!(
            [BASE, AS_MODELLED, "P3"].map(|name| Language::Zh.name(name)),
            ["现状", "模型原水位", "P3"]
        );
        assert_eq!(Language::En.name(AS_MODELLED), "as modelled");
        assert_eq!(
            Language::Zh.words(&Words::new("rain", "")),
            "rain",
            "rather the other language than nothing"
        );
    }

    #[test]
    fn units_stand_in_the_brackets_of_the_language() {
        assert_eq!(Language::En.with_unit("Flow", "m³/s"), "Flow (m³/s)");
        assert_eq!(Language::Zh.with_unit("流量", "m³/s"), "流量（m³/s）");
        assert_eq!(Language::Zh.with_unit("流量", ""), "流量");
    }
}
