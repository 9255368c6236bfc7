//! How water moves through a link at an instant.

/// Flow class of a link, in SWMM's order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FlowClass {
    /// Dry at both ends; for a pump: on its curve.
    #[default]
    Dry,
    /// Dry at the upstream end; for a pump: off its curve, or above it (a curve by depth).
    UpDry,
    /// Dry at the downstream end; for a pump: below its curve (a curve by depth).
    DownDry,
    /// Subcritical.
    Subcritical,
    /// Supercritical.
    Supercritical,
    /// Critical at the upstream end, where water falls out.
    UpCritical,
    /// Critical at the downstream end, where water falls out.
    DownCritical,
}

impl FlowClass {
    /// How many classes there are.
    pub const COUNT: usize = 7;
}
