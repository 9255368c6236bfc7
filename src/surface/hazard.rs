//! Hazard of flowing water to people, vehicles and buildings. The thresholds are data ([`crate::scenario::hazard`]).
//!
//! Depth and velocity peak at different times: the class of a place is the worst over the looks at a run
//! ([`super::Maxima`]), not the class of the largest depth with the largest velocity.

use crate::scenario::hazard::{CombinedHazard, Ground, PeopleHazard, VehicleLimits};

/// Acceleration of gravity, m/s².
const GRAVITY: f64 = 9.81;
/// What round-off may add to a value that lies on its limit.
const ROUND_OFF: f64 = 1e-9;

/// Danger to people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Danger {
    /// Low: caution.
    Low,
    /// For some: children, the elderly.
    Some,
    /// For most: the public.
    Most,
    /// For all: emergency services too.
    All,
}

/// Hazard rating of people, `HR = d (v + 0.5) + DF` with the depth `d`, m, the velocity `v`, m/s, and the debris factor
/// `DF` (FD2321/TR1).
pub fn people_rating(depth: f64, velocity: f64, debris: f64) -> f64 {
    depth * (velocity + 0.5) + debris
}

/// The debris factors of one kind of ground.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Debris {
    /// Depths up to which the first and the second factor count, m.
    pub depths: [f64; 2],
    /// Velocity above which the last factor counts at any depth, m/s.
    pub velocity: f64,
    /// Factors of shallow, of middle and of deep or fast water.
    pub factors: [f64; 3],
}

impl Debris {
    /// FD2321/TR1 on streets and among buildings, as `seeds/hazard.toml` holds it (from memory, not verified).
    pub const URBAN: Self = Self { depths: [0.25, 0.75], velocity: 2.0, factors: [0.0, 1.0, 1.0] };
    /// The factors of a ground.
    #[must_use]
    pub fn of(hazard: &PeopleHazard, ground: Ground) -> Self {
        Self {
            depths: hazard.debris_depths,
            velocity: hazard.debris_velocity,
            factors: hazard.debris[ground as usize],
        }
    }
}

/// The largest products, depths and velocities of the classes H1 to H5.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Classes {
    /// Products of depth and velocity, m²/s.
    pub products: [f64; 5],
    /// Depths, m.
    pub depths: [f64; 5],
    /// Velocities, m/s.
    pub velocities: [f64; 5],
}

impl Classes {
    /// AIDR guideline 7-3, as `seeds/hazard.toml` holds it (not verified).
    pub const AIDR: Self = Self {
        products: [0.3, 0.6, 0.6, 1.0, 4.0],
        depths: [0.3, 0.5, 1.2, 2.0, 4.0],
        velocities: [2.0, 2.0, 2.0, 2.0, 4.0],
    };
    /// The classes of a table.
    #[must_use]
    pub fn of(hazard: &CombinedHazard) -> Self {
        Self { products: hazard.products, depths: hazard.depths, velocities: hazard.velocities }
    }
}

/// The debris factor by depth, m, and velocity, m/s.
pub fn debris_factor(depth: f64, velocity: f64, debris: &Debris) -> f64 {
    let [shallow, middle, deep] = debris.factors;
    let [first, second] = debris.depths;
    match () {
        () if depth > second || velocity > debris.velocity => deep,
        () if depth > first => middle,
        () => shallow,
    }
}

/// The danger of a rating: each class begins at its break; what is dry is not dangerous.
pub fn danger(rating: f64, hazard: &PeopleHazard) -> Danger {
    let [some, most, all] = hazard.breaks;
    match () {
        () if rating > all + ROUND_OFF => Danger::All,
        () if rating >= most - ROUND_OFF => Danger::Most,
        () if rating >= some - ROUND_OFF => Danger::Some,
        () => Danger::Low,
    }
}

/// The class H1 to H6 (1 to 6) by depth, m, and velocity, m/s: the first whose limits of depth, velocity and their
/// product all hold; 0 where it is dry (AIDR guideline 7-3).
pub fn combined_class(depth: f64, velocity: f64, classes: &Classes) -> u8 {
    if depth <= 0.0 {
        return 0;
    }
    let limits = classes.products.iter().zip(&classes.depths).zip(&classes.velocities);
    let keeps = |value: f64, limit: f64| value <= limit + ROUND_OFF;
    let kept = limits.into_iter().position(|((product, deep), fast)| {
        keeps(depth * velocity, *product) && keeps(depth, *deep) && keeps(velocity, *fast)
    });
    kept.map_or(6, |index| index as u8 + 1)
}

/// The worst class over time, of depths, m, and velocities, m/s, at the same instants.
pub fn worst_combined_class(depths: &[f64], velocities: &[f64], classes: &Classes) -> u8 {
    let steps = depths.iter().zip(velocities);
    steps.map(|(depth, velocity)| combined_class(*depth, *velocity, classes)).max().unwrap_or(0)
}

/// The class of the largest depth with the largest velocity, which may never have been together: never below
/// [`worst_combined_class`].
pub fn class_of_maxima(depths: &[f64], velocities: &[f64], classes: &Classes) -> u8 {
    let largest = |values: &[f64]| values.iter().copied().fold(0.0, f64::max);
    combined_class(largest(depths), largest(velocities), classes)
}

/// Total head that a vehicle meets, `d + v² / 2g`, m.
pub fn total_head(depth: f64, velocity: f64) -> f64 {
    depth + velocity * velocity / (2.0 * GRAVITY)
}

/// What passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passable {
    /// Every vehicle.
    Cars,
    /// Fire engines and ambulances only.
    EmergencyOnly,
    /// None.
    Closed,
}

/// What passes through water of a depth, m, and a velocity, m/s.
pub fn passable(depth: f64, velocity: f64, limits: &VehicleLimits) -> Passable {
    let head = total_head(depth, velocity) - ROUND_OFF;
    match () {
        () if head <= limits.car => Passable::Cars,
        () if head <= limits.emergency => Passable::EmergencyOnly,
        () => Passable::Closed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::hazard_table::embedded;

    #[test]
    fn ratings_of_people_are_those_of_hand() {
        for (depth, velocity, debris, rating) in
            [(0.15, 0.5, 0.5, 0.650), (0.3, 1.0, 0.5, 0.950), (0.5, 1.5, 1.0, 2.000), (1.0, 2.0, 1.0, 3.500)]
        {
            assert!((people_rating(depth, velocity, debris) - rating).abs() < 1e-12);
        }
    }

    #[test]
    fn danger_begins_at_its_breaks() {
        let hazard = embedded().unwrap().people;
        let classes = [0.65, 0.75, 0.95, 1.25, 2.0, 2.01, 3.5].map(|rating| danger(rating, &hazard));
        use Danger::{All, Low, Most, Some};
        assert_eq!(classes, [Low, Some, Some, Most, Most, All, All]);
    }

    #[test]
    fn debris_grows_with_depth_and_velocity_and_differs_by_ground() {
        let hazard = embedded().unwrap().people;
        let factors = |ground| {
            [(0.25, 0.0), (0.5, 0.0), (0.76, 0.0), (0.1, 2.1)]
                .map(|(depth, velocity)| debris_factor(depth, velocity, &Debris::of(&hazard, ground)))
        };
        assert_eq!(factors(Ground::Pasture), [0.0, 0.0, 0.5, 0.5]);
        assert_eq!(factors(Ground::Woodland), [0.0, 0.5, 1.0, 1.0]);
        assert_eq!(factors(Ground::Urban), [0.0, 1.0, 1.0, 1.0]);
        assert_eq!(factors(Ground::Conservative), [1.0; 4]);
    }

    #[test]
    fn combined_classes_are_those_of_the_guideline() {
        let hazard = Classes::of(&embedded().unwrap().combined);
        for (depth, velocity, class) in [
            (0.1, 0.5, 1),
            (0.3, 1.0, 1),
            (0.3, 1.01, 2),
            (0.31, 0.1, 2),
            (0.5, 1.2, 2),
            (0.51, 0.1, 3),
            (0.5, 1.21, 4),
            (1.2, 0.8, 4),
            (1.21, 0.1, 4),
            (0.4, 2.1, 5),
            (2.0, 2.0, 5),
            (2.1, 0.1, 5),
            (4.1, 0.1, 6),
            (1.5, 2.7, 6),
            (0.0, 0.0, 0),
        ] {
            assert_eq!(combined_class(depth, velocity, &hazard), class, "{depth} m, {velocity} m/s");
        }
    }

    #[test]
    fn the_worst_class_over_time_is_below_that_of_the_maxima_when_they_do_not_meet() {
        let hazard = Classes::of(&embedded().unwrap().combined);
        let (depths, velocities) = ([0.2, 0.5, 1.1], [1.4, 0.6, 0.1]);
        assert_eq!(worst_combined_class(&depths, &velocities, &hazard), 3);
        assert_eq!(class_of_maxima(&depths, &velocities, &hazard), 5, "1.1 m at 1.4 m/s was never there");
    }

    #[test]
    fn what_runs_look_at_unless_told_otherwise_is_what_the_table_holds() {
        let hazard = embedded().unwrap();
        assert_eq!(Debris::URBAN, Debris::of(&hazard.people, Ground::Urban));
        assert_eq!(Classes::AIDR, Classes::of(&hazard.combined));
    }

    #[test]
    fn vehicles_pass_up_to_a_total_head() {
        let limits = embedded().unwrap().vehicles;
        assert!((total_head(0.2, 1.4) - 0.299_898).abs() < 1e-6);
        assert_eq!(passable(0.30, 0.0, &limits), Passable::Cars);
        assert_eq!(passable(0.2, 1.5, &limits), Passable::EmergencyOnly);
        assert_eq!(passable(0.6, 0.1, &limits), Passable::Closed);
    }
}
