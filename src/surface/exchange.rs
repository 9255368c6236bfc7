//! The water that pipes and rivers exchange with the surface: one rate for both sides.

/// An opening between the street and what lies below it, as Rubinato et al. (2017) describe it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Opening {
    /// Area of the opening (m²).
    pub area: f64,
    /// Length of its rim over which water falls in (m).
    pub rim: f64,
    /// Coefficient of the free weir.
    pub free_weir: f64,
    /// Coefficient of the weir when the water below stands above the rim, but lower than the street's.
    pub submerged_weir: f64,
    /// Coefficient of the orifice, both ways.
    pub orifice: f64,
    /// The share that is blocked, 0 to 1.
    pub blocked: f64,
}
