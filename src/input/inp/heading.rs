//! Sections and their headings, and SWMM's way of comparing words.

/// Whether a word stands for a keyword: SWMM compares only as many characters as the keyword has,
/// upper and lower case alike, so that `JUNCTIONS]` is `JUNC`.
pub fn is_keyword(word: &str, keyword: &str) -> bool {
    let word = word.trim_start_matches(' ').as_bytes();
    !keyword.is_empty()
        && word.get(..keyword.len()).is_some_and(|start| start.eq_ignore_ascii_case(keyword.as_bytes()))
}

/// The value of the first keyword of a list that a word stands for.
pub fn find_keyword<T: Copy>(word: &str, keywords: &[(&str, T)]) -> Option<T> {
    keywords.iter().find(|(keyword, _)| is_keyword(word, keyword)).map(|&(_, value)| value)
}

macro_rules! sections {
    ($($section:ident $start:literal $heading:literal),+ $(,)?) => {
        /// A section of an `.inp` file.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Section {
            $(#[doc = concat!("`", $heading, "`")] $section),+
        }
        /// What a heading begins with, in SWMM's order, and its full form.
        const HEADINGS: &[(&str, Section)] = &[$(($start, Section::$section)),+];
        impl Section {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$section),+];
            /// The heading in full.
            pub fn heading(self) -> &'static str {
                match self {
                    $(Self::$section => $heading),+
                }
            }
        }
    };
}

sections! {
    Title "[TITLE" "[TITLE]",
    Options "[OPTION" "[OPTIONS]",
    Files "[FILE" "[FILES]",
    Raingages "[RAINGAGE" "[RAINGAGES]",
    Temperature "[TEMPERATURE" "[TEMPERATURE]",
    Evaporation "[EVAP" "[EVAPORATION]",
    Subcatchments "[SUBCATCHMENT" "[SUBCATCHMENTS]",
    Subareas "[SUBAREA" "[SUBAREAS]",
    Infiltration "[INFIL" "[INFILTRATION]",
    Aquifers "[AQUIFER" "[AQUIFERS]",
    Groundwater "[GROUNDWATER" "[GROUNDWATER]",
    Snowpacks "[SNOWPACK" "[SNOWPACKS]",
    Junctions "[JUNC" "[JUNCTIONS]",
    Outfalls "[OUTFALL" "[OUTFALLS]",
    Storage "[STORAGE" "[STORAGE]",
    Dividers "[DIVIDER" "[DIVIDERS]",
    Conduits "[CONDUIT" "[CONDUITS]",
    Pumps "[PUMP" "[PUMPS]",
    Orifices "[ORIFICE" "[ORIFICES]",
    Weirs "[WEIR" "[WEIRS]",
    Outlets "[OUTLET" "[OUTLETS]",
    Xsections "[XSECT" "[XSECTIONS]",
    Transects "[TRANSECT" "[TRANSECTS]",
    Losses "[LOSS" "[LOSSES]",
    Controls "[CONTROL" "[CONTROLS]",
    Pollutants "[POLLUT" "[POLLUTANTS]",
    Landuses "[LANDUSE" "[LANDUSES]",
    Buildup "[BUILDUP" "[BUILDUP]",
    Washoff "[WASHOFF" "[WASHOFF]",
    Coverages "[COVERAGE" "[COVERAGES]",
    Inflows "[INFLOW" "[INFLOWS]",
    Dwf "[DWF" "[DWF]",
    Patterns "[PATTERN" "[PATTERNS]",
    Rdii "[RDII" "[RDII]",
    Hydrographs "[HYDROGRAPH" "[HYDROGRAPHS]",
    Loadings "[LOADING" "[LOADINGS]",
    Treatment "[TREATMENT" "[TREATMENT]",
    Curves "[CURVE" "[CURVES]",
    Timeseries "[TIMESERIES" "[TIMESERIES]",
    Report "[REPORT" "[REPORT]",
    Coordinates "[COORDINATE" "[COORDINATES]",
    Vertices "[VERTICES" "[VERTICES]",
    Polygons "[POLYGON" "[POLYGONS]",
    Labels "[LABEL" "[LABELS]",
    Symbols "[SYMBOL" "[SYMBOLS]",
    Backdrop "[BACKDROP" "[BACKDROP]",
    Tags "[TAG" "[TAGS]",
    Profiles "[PROFILE" "[PROFILES]",
    Map "[MAP" "[MAP]",
    LidControls "[LID_CONTROL" "[LID_CONTROLS]",
    LidUsage "[LID_USAGE" "[LID_USAGE]",
    GroundwaterFlow "[GWF" "[GWF]",
    Adjustments "[ADJUSTMENT" "[ADJUSTMENTS]",
    Events "[EVENT" "[EVENTS]",
    Streets "[STREET" "[STREETS]",
    InletUsage "[INLET_USAGE" "[INLET_USAGE]",
    Inlets "[INLET" "[INLETS]",
}

impl Section {
    /// The section that a heading opens; `None` when SWMM does not know it.
    pub fn of_heading(heading: &str) -> Option<Self> {
        find_keyword(heading, HEADINGS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_known_by_their_first_letters() {
        assert_eq!(Section::of_heading("[junctions]"), Some(Section::Junctions));
        assert_eq!(Section::of_heading("[JUNC"), Some(Section::Junctions));
        assert_eq!(Section::of_heading("[INLET_USAGE]"), Some(Section::InletUsage));
        assert_eq!(Section::of_heading("[INLETS]"), Some(Section::Inlets));
        assert_eq!(Section::of_heading("[JUN]"), None);
        for &section in Section::ALL {
            assert_eq!(Section::of_heading(section.heading()), Some(section));
        }
    }
}
