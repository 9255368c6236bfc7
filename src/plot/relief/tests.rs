use super::*;
use crate::plot::Language;
use crate::plot::plan::{PlanLink, PlanNode};
use ndarray::Array2;

/// A valley with a pond in its middle, 60 by 80 cells of 5 m.
fn valley() -> Raster {
    let values = Array2::from_shape_fn((60, 80), |(row, column)| {
        let (x, y) = (column as f32 / 80.0 - 0.5, row as f32 / 60.0 - 0.5);
        20.0 * (x * x + 0.6 * y * y) + (column as f32 / 6.0).sin() * 0.15
    });
    Raster { west: 1000.0, north: 800.0, cell: 5.0, crs: None, values }
}

fn relief() -> Relief {
    let terrain = valley();
    let depth = Raster { values: terrain.values.mapv(|ground| 1.5 - ground), ..terrain.clone() };
    let layer = Layer {
        heading: "Maximum depth (m)".into(),
        values: depth,
        classes: Classes::amounts(&[0.05, 0.15, 0.3, 0.5, 1.0]),
    };
    let node = |x: f64, kind: PlanNodeKind| PlanNode { at: [x, 650.0], kind, ..PlanNode::default() };
    let network = Plan {
        nodes: vec![node(1050.0, PlanNodeKind::Manhole), node(1350.0, PlanNodeKind::Outfall)],
        links: vec![PlanLink { points: vec![[1050.0, 650.0], [1350.0, 650.0]], ..PlanLink::default() }],
        ..Plan::default()
    };
    let square = vec![[1020.0, 760.0], [1060.0, 760.0], [1060.0, 780.0], [1020.0, 780.0]];
    Relief { layer: Some(layer), network: Some(network), buildings: vec![square], ..Relief::new(terrain) }
}

fn sheet() -> Sheet {
    Sheet { width: 800, height: 500, language: Language::En, ..Sheet::default() }
}

#[test]
fn water_is_blue_in_the_valley_and_ground_is_grey_around_it() {
    let picture = relief().draw(&sheet()).unwrap();
    let pixels = picture.pixels();
    let at = |x: usize, y: usize| -> [i32; 3] {
        let start = 3 * (y * 800 + x);
        [0, 1, 2].map(|part| i32::from(pixels[start + part]))
    };
    let count = |is: &dyn Fn([i32; 3]) -> bool| {
        (0..500).flat_map(|y| (0..560).map(move |x| (x, y))).filter(|&(x, y)| is(at(x, y))).count()
    };
    assert!(count(&|[r, _, b]| b > r + 40) > 10_000, "water");
    assert!(count(&|[r, g, b]| (r - b).abs() < 8 && (r - g).abs() < 8 && r < 245) > 10_000, "ground");
}

#[test]
fn the_legend_says_classes_areas_and_what_is_drawn() {
    let labels =
        relief().draw(&sheet()).unwrap().labels().iter().map(|(text, _)| text.clone()).collect::<Vec<_>>();
    for expected in ["Maximum depth (m)", "ha", "≥ 1", "0.05–0.15", "Building", "Conduits", "Outfall", "N"]
    {
        assert!(labels.iter().any(|label| label == expected), "{expected}: {labels:?}");
    }
    // the areas of all classes are those of the wet cells
    let wet = relief().layer.unwrap().values.values.iter().filter(|&&depth| depth >= 0.05).count() as f64;
    let start = labels.iter().position(|label| label == "≥ 1").unwrap() + 1;
    let sum: f64 = labels[start..].iter().step_by(2).take(5).map(|label| label.parse::<f64>().unwrap()).sum();
    assert!((sum - wet * 25.0 / 1e4).abs() < 0.03, "{sum} {wet}: {labels:?}");
}

#[test]
fn a_map_is_the_same_each_time_and_its_svg_holds_the_image() {
    let (first, second) = (relief().draw(&sheet()).unwrap(), relief().draw(&sheet()).unwrap());
    assert_eq!(first.svg(), second.svg());
    let svg = first.svg();
    assert_eq!(svg.matches("<image ").count(), 1);
    assert!(svg.contains("data:image/png;base64,iVBORw0KGgo") && svg.trim_end().ends_with("</svg>"));
    assert_eq!((svg.matches("<svg").count(), svg.matches("</svg>").count()), (1, 1));
}

#[test]
fn values_of_other_cells_and_maps_of_nothing_are_refused() {
    let mut wrong = relief();
    if let Some(layer) = &mut wrong.layer {
        layer.values.west += 5.0;
    }
    assert!(matches!(wrong.draw(&sheet()), Err(PlotError::Mismatch(_))));
    let none = Raster { values: Array2::zeros((0, 0)), ..valley() };
    assert!(matches!(Relief::new(none).draw(&sheet()), Err(PlotError::Empty(_))));
}
