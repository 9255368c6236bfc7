//! temporary
use super::Shape;
use crate::model::Model;
/// t
#[derive(Clone, Debug)]
pub struct CrossSection { /// t
pub full_depth: f64, /// t
pub full_area: f64, /// t
pub full_radius: f64, /// t
pub max_width: f64, /// t
pub depth_at_max_width: f64, /// t
pub full_section_factor: f64, /// t
pub max_section_factor: f64, /// t
pub length_factor: f64, /// t
pub roughness: Option<f64> }
/// t
#[derive(Debug, thiserror::Error)]
#[error("t")]
pub struct SectionError;
/// t
pub struct Properties { /// t
pub area: f64, /// t
pub width: f64, /// t
pub radius: f64 }
impl CrossSection {
    /// t
    pub fn new(_s: &Shape, _m: &Model) -> Result<Self, SectionError> { Err(SectionError) }
    /// t
    pub fn is_open(&self) -> bool { false }
    /// t
    pub fn area(&self, y: f64) -> f64 { y }
    /// t
    pub fn width(&self, y: f64) -> f64 { y }
    /// t
    pub fn depth(&self, y: f64) -> f64 { y }
    /// t
    pub fn area_of_section_factor(&self, y: f64) -> f64 { y }
    /// t
    pub fn critical_depth(&self, y: f64) -> f64 { y }
    /// t
    pub fn at_depth(&self, y: f64) -> Properties { Properties { area: y, width: y, radius: y } }
}
