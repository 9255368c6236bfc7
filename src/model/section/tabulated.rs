//! Sections as SWMM's report tabulates them.

use super::custom;
use super::surveyed::SurveyedSection;
use super::table::{AREA, RADIUS, WIDTH};
use crate::model::Model;
use crate::model::curve::CurveKind;

/// A section given by tables of its own: at fifty equal steps of depth, from the first one above the
/// bottom to the full depth, each relative to its value there (the width of a custom shape: to its
/// largest).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SectionTable {
    /// Name.
    pub name: String,
    /// Area.
    pub area: Vec<f64>,
    /// Hydraulic radius.
    pub hydraulic_radius: Vec<f64>,
    /// Width.
    pub width: Vec<f64>,
}

impl SectionTable {
    fn new(name: &str, section: &SurveyedSection) -> Self {
        let column = |k: usize| section.rows.iter().skip(1).map(|row| row.low[k]).collect();
        Self {
            name: name.to_owned(),
            area: column(AREA),
            hydraulic_radius: column(RADIUS),
            width: column(WIDTH),
        }
    }
}

/// Tables of a model's custom shapes, in the order of the file.
///
/// As in [`transects`] and [`streets`], those that have no tables are left out; the check refuses
/// them before a run.
pub fn shapes(model: &Model) -> Vec<SectionTable> {
    let curves = model.curves.iter().filter(|(_, curve)| curve.kind == CurveKind::Shape);
    curves
        .filter_map(|(id, curve)| Some(SectionTable::new(model.curves.name(id), &custom::compile(curve)?)))
        .collect()
}

/// Tables of a model's surveyed sections, in the order of the file.
pub fn transects(model: &Model) -> Vec<SectionTable> {
    let compiled = model.transects.iter().map(|(id, transect)| (id, transect.compile(&model.units)));
    compiled
        .filter_map(|(id, section)| Some(SectionTable::new(model.transects.name(id), &section.ok()?)))
        .collect()
}

/// Tables of a model's street sections, in the order of the file.
pub fn streets(model: &Model) -> Vec<SectionTable> {
    let compiled = model.streets.iter().map(|(id, street)| (id, street.compile(&model.units)));
    compiled.filter_map(|(id, section)| Some(SectionTable::new(model.streets.name(id), &section?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::curve::Curve;
    use crate::model::section::transect::Transect;

    #[test]
    fn a_shape_is_tabulated_from_its_first_step_to_its_full_depth() {
        let mut model = Model::default();
        let square = |kind| Curve { kind, x: vec![0.0, 1.0], y: vec![1.0, 1.0] };
        model.curves.insert("tank", square(CurveKind::Storage));
        model.curves.insert("square", square(CurveKind::Shape));
        let tables = shapes(&model);
        assert_eq!(tables.len(), 1, "only curves of shapes");
        let table = &tables[0];
        assert_eq!((table.name.as_str(), table.area.len()), ("square", 50));
        assert!((table.area[0] - 0.02).abs() < 1e-12 && (table.area[24] - 0.5).abs() < 1e-12);
        assert!(table.width.iter().all(|&width| width == 1.0));
        // half full, bottom and both sides are wetted: 0.5 / 2, where it is 1 / 4 when full
        assert!((table.hydraulic_radius[24] - 1.0).abs() < 1e-12);
        assert_eq!((table.area[49], table.hydraulic_radius[49]), (1.0, 1.0));
    }

    #[test]
    fn a_survey_without_tables_is_left_out() {
        let mut model = Model::default();
        let valley = Transect {
            roughness_channel: 0.03,
            stations: vec![0.0, 2.0, 4.0],
            elevations: vec![1.0, 0.0, 1.0],
            right_bank: 4.0,
            ..Transect::default()
        };
        model.transects.insert("nothing", Transect::default());
        model.transects.insert("valley", valley);
        let tables = transects(&model);
        assert_eq!(tables.iter().map(|table| table.name.as_str()).collect::<Vec<_>>(), ["valley"]);
        // a triangle: half its depth has half its width and a quarter of its area
        assert!((tables[0].width[24] - 0.5).abs() < 1e-6, "{}", tables[0].width[24]);
        assert!((tables[0].area[24] - 0.25).abs() < 1e-6, "{}", tables[0].area[24]);
    }
}
