//! Why a shape is no cross-section.

use super::transect::TransectError;

/// Why a shape is no cross-section.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SectionError {
    /// A dimension that must be positive is not.
    #[error("the {what} of the {shape} section is {value}, not above 0")]
    NotPositive {
        /// The shape.
        shape: &'static str,
        /// The dimension.
        what: &'static str,
        /// Its value.
        value: f64,
    },
    /// A dimension that must not be negative is.
    #[error("the {what} of the {shape} section is {value}, below 0")]
    Negative {
        /// The shape.
        shape: &'static str,
        /// The dimension.
        what: &'static str,
        /// Its value.
        value: f64,
    },
    /// Sediment as deep as the pipe.
    #[error("the sediment of the pipe is {sediment} m deep, its diameter only {diameter} m")]
    FilledUp {
        /// Depth of the sediment, m.
        sediment: f64,
        /// Diameter, m.
        diameter: f64,
    },
    /// A trapezoid without width.
    #[error("the trapezoid has no bottom width and upright sides, so it has no width at all")]
    NoWidth,
    /// A number of removed walls other than 0 to 2.
    #[error("{0} side walls of the open rectangle are to be ignored")]
    Walls(f64),
    /// A size number that does not exist.
    #[error("there is no standard size {number} of {what} pipes")]
    NoSuchSize {
        /// `elliptical` or `arch`.
        what: &'static str,
        /// The number.
        number: u32,
        /// The largest number.
        largest: usize,
    },
    /// An arc that is higher than its section.
    #[error("the arc of the {shape} section is {arc} m high, the whole section only {height} m")]
    ArcTooHigh {
        /// The shape.
        shape: &'static str,
        /// Height of the arc, m.
        arc: f64,
        /// Height of the section, m.
        height: f64,
    },
    /// A triangular bottom at least twice as high as its section.
    #[error("the triangle at the bottom is {triangle} m high, the whole section only {height} m")]
    BottomTooHigh {
        /// Height of the triangle, m.
        triangle: f64,
        /// Height of the section, m.
        height: f64,
    },
    /// A transect, street or curve that the model does not have.
    #[error("the section refers to a {0} that does not exist")]
    Missing(&'static str),
    /// A transect that has no tables.
    #[error("transect {name} is invalid: {cause}")]
    Transect {
        /// Its name.
        name: String,
        /// Why.
        cause: TransectError,
    },
    /// A street that holds no water.
    #[error("street {name} holds no water")]
    Street {
        /// Its name.
        name: String,
    },
    /// A shape curve that encloses nothing, or goes down, or has negative widths.
    #[error("shape curve {name} has invalid or out of sequence data")]
    Curve {
        /// Its name.
        name: String,
    },
}

impl SectionError {
    /// EPA's error number.
    pub fn code(&self) -> u16 {
        match self {
            Self::Transect { cause, .. } => cause.code(),
            Self::Curve { .. } => 171,
            _ => 119,
        }
    }
    /// What would be right.
    pub fn help(&self) -> String {
        match self {
            Self::NotPositive { what, .. } => format!("give a positive {what}"),
            Self::Negative { what, .. } => format!("give a {what} of 0 or more"),
            Self::FilledUp { .. } => "give sediment that is less deep than the pipe".into(),
            Self::NoWidth => "give a bottom width or a side slope".into(),
            Self::Walls(_) => "give 0, 1 or 2".into(),
            Self::NoSuchSize { largest, .. } => {
                format!("give a size number from 1 to {largest}, or height and width")
            }
            Self::ArcTooHigh { .. } => "give a larger height, a smaller width or a larger radius".into(),
            Self::BottomTooHigh { .. } => "give a triangle that is lower than the section".into(),
            Self::Missing(what) => format!("define the {what}"),
            Self::Transect { cause, .. } => cause.help().into(),
            Self::Street { .. } => "give a road with width and a cross slope or a curb".into(),
            Self::Curve { .. } => {
                "start the curve at a depth of 0 to less than 1, with increasing depths and widths of 0 or more"
                    .into()
            }
        }
    }
}
