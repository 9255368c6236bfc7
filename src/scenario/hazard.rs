//! Thresholds of hazard and of waterlogging, as plain data with their source.

/// Where numbers come from, and whether anybody has checked them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Provenance {
    /// The source.
    pub source: String,
    /// Whether the numbers were checked against it.
    pub verified: bool,
}

/// All thresholds of a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hazards {
    /// Hazard to people.
    pub people: PeopleHazard,
    /// Hazard to people, vehicles and buildings together.
    pub combined: CombinedHazard,
    /// What vehicles pass.
    pub vehicles: VehicleLimits,
    /// Grades of waterlogging.
    pub waterlogging: WaterloggingGrades,
    /// Black and odorous water.
    pub black_odorous: BlackOdorous,
}

/// Ground over which debris floats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// Pasture and arable land.
    Pasture,
    /// Woodland.
    Woodland,
    /// Streets and buildings.
    Urban,
    /// Not known: the factor that is never too small.
    Conservative,
}

/// Hazard to people by a rating of depth, velocity and debris.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PeopleHazard {
    /// Where its numbers come from.
    pub provenance: Provenance,
    /// Ratings from which there is danger for some, for most, for all.
    pub breaks: [f64; 3],
    /// Depths up to which the first and the second column of `debris` count, m.
    pub debris_depths: [f64; 2],
    /// Velocity above which the last column counts at any depth, m/s.
    pub debris_velocity: f64,
    /// Debris factors by ground, in the order of [`Ground`], then by depth.
    pub debris: [[f64; 3]; 4],
}

/// Classes H1 to H6 by product of depth and velocity, by depth and by velocity; each list holds the largest values of
/// H1 to H5.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CombinedHazard {
    /// Where its numbers come from.
    pub provenance: Provenance,
    /// Products of depth and velocity, m²/s.
    pub products: [f64; 5],
    /// Depths, m.
    pub depths: [f64; 5],
    /// Velocities, m/s.
    pub velocities: [f64; 5],
}

/// Total heads up to which vehicles pass.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VehicleLimits {
    /// Where its numbers come from.
    pub provenance: Provenance,
    /// Cars, m.
    pub car: f64,
    /// Fire engines and ambulances, m.
    pub emergency: f64,
}

/// Grades of waterlogging.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WaterloggingGrades {
    /// Where its numbers come from.
    pub provenance: Provenance,
    /// Depths from which the classes of depth begin, m, increasing; below the first there is no waterlogging.
    pub depths: Vec<f64>,
    /// Durations from which the second and later classes of duration begin, s, increasing.
    pub durations: Vec<f64>,
    /// Grade by class of depth, then by class of duration; 1 is the lowest.
    pub grades: Vec<Vec<u8>>,
    /// Velocity above which the grade is the highest, m/s; `None` where velocity does not count.
    pub velocity: Option<f64>,
}

/// Limits of light and heavy black and odorous water, in this order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BlackOdorous {
    /// Where its numbers come from.
    pub provenance: Provenance,
    /// Transparency below which it is, cm.
    pub transparency_cm: [f64; 2],
    /// Dissolved oxygen below which it is, mg/L.
    pub dissolved_oxygen: [f64; 2],
    /// Redox potential below which it is, mV.
    pub redox_potential_mv: [f64; 2],
    /// Ammonia nitrogen above which it is, mg/L.
    pub ammonia_nitrogen: [f64; 2],
}
