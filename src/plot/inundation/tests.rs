use super::*;
use crate::clock::DateTime;
use crate::plot::Language;
use crate::plot::relief::scale::Class;
use ndarray::Array2;

const SCALES: Scales = Scales { duration: 7200.0, people: [0.75, 1.25, 2.0] };

fn raster(values: Array2<f32>) -> Raster {
    Raster { west: 100.0, north: 300.0, cell: 10.0, crs: None, values }
}

/// A bowl of 20 by 30 cells with a cell that is unknown.
fn bowl() -> Raster {
    let mut bowl = raster(Array2::from_shape_fn((20, 30), |(row, column)| {
        let (x, y) = (column as f32 - 14.5, row as f32 - 9.5);
        0.01 * (x * x + y * y)
    }));
    bowl.values[(0, 0)] = f32::NAN;
    bowl
}

/// Depth of water up to a level.
fn depth(level: f32) -> Raster {
    let bowl = bowl();
    Raster { values: bowl.values.mapv(|ground| (level - ground).max(0.0)), ..bowl }
}

fn sheet(language: Language) -> Sheet {
    Sheet { width: 640, height: 400, ..Sheet::new(language) }
}

fn labels(picture: &Picture) -> Vec<String> {
    picture.labels().iter().map(|(text, _)| text.clone()).collect()
}

#[test]
fn maps_of_all_runs_have_the_same_classes() {
    let place = Place::new(bowl(), SCALES);
    for quantity in Quantity::ALL {
        let classes = |level| place.layer(quantity, &depth(level), &sheet(Language::En)).classes;
        assert_eq!(classes(0.1), classes(3.0), "{quantity:?}");
    }
    let change = |level| place.change(&depth(1.0), &depth(level), &sheet(Language::En)).unwrap().classes;
    assert_eq!(change(0.9), change(3.0));
}

#[test]
fn a_difference_counts_only_where_one_of_the_two_is_a_flood() {
    let at = |base: f32, option: f32| {
        let [base, option] = [base, option].map(|depth| raster(Array2::from_elem((1, 1), depth)));
        Place::new(base.clone(), SCALES).change(&base, &option, &Sheet::default()).unwrap().values.values
            [(0, 0)]
    };
    assert!((at(0.5, 0.2) + 0.3).abs() < 1e-6, "less");
    assert!((at(0.0, 0.2) - 0.2).abs() < 1e-6, "new water");
    assert!(at(0.001, 0.049).is_nan(), "films of rain");
    assert!(at(f32::NAN, 0.3).is_nan(), "ground that only one knows");
    let other = raster(Array2::zeros((2, 2)));
    let wrong = Place::new(bowl(), SCALES).change(&bowl(), &other, &Sheet::default());
    assert!(matches!(wrong, Err(PlotError::Mismatch(_))));
}

#[test]
fn times_are_told_in_minutes_or_in_hours_and_never_where_there_are_none() {
    let long = Scales { duration: 86_400.0, ..SCALES };
    let values = raster(ndarray::array![[7200.0, 0.0, f32::NAN, -600.0]]);
    let shown =
        |quantity: Quantity, scales| quantity.shown(&values, scales).values.into_raw_vec_and_offset().0;
    let duration = shown(Quantity::Duration, &SCALES);
    assert_eq!(duration[0], 120.0);
    assert!(duration[1].is_nan() && duration[2].is_nan());
    assert_eq!(shown(Quantity::Duration, &long)[0], 2.0);
    assert!(shown(Quantity::Retreat, &SCALES)[3].is_nan(), "it was gone before the rain ended");
    assert_eq!(shown(Quantity::Arrival, &SCALES)[1], 0.0, "water that was there from the start arrived then");
    let heading =
        |quantity: Quantity, scales: &Scales, language| quantity.heading(scales, &Sheet::new(language));
    assert_eq!(heading(Quantity::Arrival, &long, Language::En), "Arrival (h)");
    assert_eq!(heading(Quantity::Retreat, &SCALES, Language::Zh), "雨停后退水时间（分钟）");
}

#[test]
fn a_dry_map_is_a_map_without_water_and_no_map_is_refused() {
    let place = Place::new(bowl(), SCALES);
    let picture = place.map(Quantity::Depth, &depth(-1.0), "dry", &sheet(Language::En)).unwrap();
    let texts = labels(&picture);
    let start = texts.iter().position(|text| text == "≥ 2").unwrap();
    assert_eq!(texts[start + 1], "0.00", "{texts:?}");
    let empty = raster(Array2::zeros((0, 0)));
    let none = Place::new(empty.clone(), SCALES).map(Quantity::Depth, &empty, "", &sheet(Language::En));
    assert!(matches!(none, Err(PlotError::Empty(_))));
    let none = place.exchange(Vec::new(), 0.0, None, "", &sheet(Language::En));
    assert!(matches!(none, Err(PlotError::Empty(_))));
}

#[test]
fn areas_of_all_runs_share_a_chart_in_hectares() {
    let areas = |area: f64| [0.05, 0.15].map(|depth| DepthArea { depth, area, volume: 0.0 }).to_vec();
    let (base, option) = (areas(30_000.0), areas(12_000.0));
    let runs = [("base".to_owned(), base.as_slice()), ("A".to_owned(), option.as_slice())];
    let texts = labels(&depth_area_chart(&runs, "areas", &sheet(Language::Zh)).unwrap());
    for expected in ["积水超过该深度的面积（hm²）", "base", "A", "3.0"] {
        assert!(texts.iter().any(|text| text == expected), "{expected}: {texts:?}");
    }
    assert!(matches!(depth_area_chart(&[], "", &sheet(Language::En)), Err(PlotError::Empty(_))));
}

#[test]
fn a_film_takes_frames_at_its_interval_and_is_the_same_each_time() {
    let place = Place::new(bowl(), SCALES);
    let start = DateTime::from_date(2026, 7, 20).unwrap();
    let film = || {
        let mut film = Film::new(&place, 4800.0);
        // a report every 30 s, a frame every 100 s: those at 0, 120, 210 and 300 s
        for step in 0..=12_u8 {
            let seconds = 30.0 * f64::from(step);
            film.take(start.plus_seconds(seconds), seconds, || depth(0.1 * f32::from(step)));
        }
        film
    };
    assert_eq!(film().frames(), 4);
    let sheet = sheet(Language::Zh);
    let bytes = |film: &Film| film.draw("水", &sheet).unwrap().bytes().unwrap();
    let (first, again) = (bytes(&film()), bytes(&film()));
    assert!(first == again && first.windows(4).filter(|kind| kind == b"fcTL").count() == 4);
    assert!(Film::new(&place, 100.0).draw("", &sheet).is_err(), "no frame");
}

#[test]
fn classes_of_a_film_are_those_of_its_depths() {
    let place = Place::new(bowl(), SCALES);
    let classes: Vec<Class> = Quantity::Depth.classes(&SCALES, Language::En).classes;
    // drawn from classes, a frame looks as if drawn from depths
    let mut film = Film::new(&place, 100.0);
    film.take(DateTime::from_date(2026, 7, 20).unwrap(), 0.0, || depth(1.3));
    let sheet = sheet(Language::En);
    let mut relief = place.relief("", Some(place.layer(Quantity::Depth, &depth(1.3), &sheet)));
    relief.note = "2026-07-20 00:00 (+0:00)".to_owned();
    if let Some(layer) = &mut relief.layer {
        layer.heading = "Depth (m)".to_owned();
        assert_eq!(layer.classes.classes, classes);
    }
    let mut animation = crate::plot::animation::Animation::new(640, 400);
    animation.add(relief.draw(&sheet).unwrap().pixels(), 2000).unwrap();
    assert!(film.draw("", &sheet).unwrap().bytes().unwrap() == animation.bytes().unwrap());
}

#[test]
fn the_discs_of_manholes_are_told_in_the_legend() {
    let bubbles = vec![
        Bubble { at: [200.0, 250.0], up: 120.0, down: 30.0 },
        Bubble { at: [300.0, 200.0], up: 0.0, down: 12.0 },
    ];
    let place = Place::new(bowl(), SCALES);
    let picture = place.exchange(bubbles, 0.0, Some(&depth(1.0)), "", &sheet(Language::En)).unwrap();
    let texts = labels(&picture);
    let number = |name: &str| texts.iter().position(|text| text == name).map(|at| texts[at + 1].clone());
    assert_eq!(number("came up").as_deref(), Some("120"), "{texts:?}");
    assert_eq!(number("went down").as_deref(), Some("42.0"), "{texts:?}");
}
