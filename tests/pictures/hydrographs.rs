//! Hydrographs of a made-up storm.

use pailao::clock::DateTime;
use pailao::plot::hydrograph::{Hydrograph, Rain, Series, SeriesStyle, Threshold};
use pailao::plot::{PlotError, Sheet, Word};

use super::{LANGUAGES, examine, say};

fn start() -> DateTime {
    DateTime::from_date(2026, 7, 20).unwrap().plus_seconds(20.0 * 3600.0)
}

/// A rise and a recession.
fn wave(peak: f64, hours_to_peak: f64, t: f64) -> f64 {
    let x = t / hours_to_peak;
    peak * (x * (1.0 - x).exp()).powi(3)
}

fn series(name: String, step: f64, value: impl Fn(f64) -> f64) -> Series {
    let hours: Vec<f64> = (0..=(12.0 / step) as usize).map(|i| i as f64 * step).collect();
    Series {
        name,
        times: hours.iter().map(|h| start().plus_seconds(h * 3600.0)).collect(),
        values: hours.iter().map(|&h| value(h)).collect(),
        style: SeriesStyle::Line,
    }
}

fn storm(sheet: &Sheet) -> Hydrograph {
    let rain_values: Vec<f64> =
        (0..48).map(|i| (62.0 * (-((i as f64 - 14.0) / 5.0).powi(2)).exp() * 10.0).round() / 10.0).collect();
    let mut measured = series(say(sheet, "measured at W12", "W12 实测"), 0.5, |h| wave(2.1, 3.1, h) * 1.04);
    measured.style = SeriesStyle::Dots;
    Hydrograph {
        title: say(
            sheet,
            "Outfall O1, Hunnan district: 20-year storm, base and options",
            "浑南区 O1 排放口：20 年一遇设计暴雨，现状与方案对比",
        ),
        quantity: sheet.word(Word::Flow).to_string(),
        unit: "m³/s".to_string(),
        series: vec![
            series(say(sheet, "base", "现状"), 0.01, |h| wave(2.2, 3.0, h)),
            series(say(sheet, "wider trunk sewer", "主干管扩径"), 0.01, |h| wave(2.7, 2.7, h)),
            series(say(sheet, "storage tank 8,000 m³", "调蓄池 8000 m³"), 0.01, |h| wave(1.3, 4.0, h)),
            series(say(sheet, "sponge city", "海绵城市措施"), 0.01, |h| wave(1.0, 4.4, h)),
            measured,
        ],
        rain: Some(Rain {
            label: sheet.word(Word::RainIntensity).to_string(),
            unit: "mm/h".to_string(),
            times: (0..48).map(|i| start().plus_seconds(f64::from(i) * 600.0)).collect(),
            values: rain_values,
            interval: 600.0,
        }),
        thresholds: vec![Threshold { name: say(sheet, "full-pipe capacity", "满管流量"), value: 2.4 }],
        maxima: true,
        ..Hydrograph::default()
    }
}

#[test]
fn a_storm_with_options_is_drawn_with_its_rain() {
    for language in LANGUAGES {
        let sheet = Sheet::new(language);
        examine("hydrograph", &sheet, &storm(&sheet).draw(&sheet).unwrap());
    }
}

#[test]
fn a_small_sheet_and_a_wide_one_hold_the_same_picture() {
    for language in LANGUAGES {
        for (name, width, height) in [("hydrograph_small", 800, 500), ("hydrograph_wide", 2400, 800)] {
            let sheet = Sheet { width, height, ..Sheet::new(language) };
            examine(name, &sheet, &storm(&sheet).draw(&sheet).unwrap());
        }
    }
}

#[test]
fn a_year_of_levels_in_feet_is_dated_by_month() {
    for language in LANGUAGES {
        let sheet = Sheet::new(language);
        let first = DateTime::from_date(2025, 11, 3).unwrap();
        let hours = 0..(24 * 365);
        let picture = Hydrograph {
            title: say(&sheet, "Storage unit S1", "调蓄池 S1"),
            quantity: sheet.word(Word::WaterLevel).to_string(),
            unit: "ft".to_string(),
            series: vec![Series {
                name: "S1".to_string(),
                times: hours.clone().map(|h| first.plus_seconds(f64::from(h) * 3600.0)).collect(),
                values: hours
                    .map(|h| {
                        if (4000..4400).contains(&h) {
                            f64::NAN
                        } else {
                            131.0 + 3.0 * (f64::from(h) * 0.013).sin().powi(9)
                        }
                    })
                    .collect(),
                style: SeriesStyle::Line,
            }],
            ..Hydrograph::default()
        };
        examine("hydrograph_year", &sheet, &picture.draw(&sheet).unwrap());
    }
}

#[test]
fn explicit_ranges_give_two_pictures_the_same_axes() {
    let sheet = Sheet::default();
    let mut low = storm(&sheet);
    let mut high = low.clone();
    for picture in [&mut low, &mut high] {
        picture.time_range = Some((start(), start().plus_seconds(6.0 * 3600.0)));
        picture.value_range = Some((0.0, 4.0));
        picture.rain_maximum = Some(100.0);
        picture.maxima = false;
    }
    for series in &mut high.series {
        for value in &mut series.values {
            *value *= 3.0;
        }
    }
    let (low, high) = (low.draw(&sheet).unwrap(), high.draw(&sheet).unwrap());
    examine("hydrograph_clipped", &sheet, &high);
    assert_eq!(low.labels(), high.labels());
    assert_ne!(low.pixels(), high.pixels());
}

#[test]
fn nothing_to_draw_and_unequal_columns_are_told() {
    let sheet = Sheet::default();
    assert!(matches!(Hydrograph::default().draw(&sheet), Err(PlotError::Empty(_))));
    let mut broken = storm(&sheet);
    broken.series[0].values.pop();
    assert!(matches!(broken.draw(&sheet), Err(PlotError::Mismatch(_))));
    let mut crowded = storm(&sheet);
    crowded.series = vec![crowded.series[0].clone(); 90];
    assert!(matches!(crowded.draw(&sheet), Err(PlotError::Crowded { .. })));
    let tiny = Sheet { width: 50, ..Sheet::default() };
    assert!(matches!(storm(&tiny).draw(&tiny), Err(PlotError::Size { .. })));
}
