//! Hyetographs of short and long storms.

use pailao::forcing::design_storm::design_rain;
use pailao::plot::hyetograph::{Hyetograph, Note};
use pailao::plot::{PlotError, Sheet};
use pailao::scenario::storm::{
    DesignStorm, DurationDepth, IntensityFormula, ObservedRain, Pattern, RainSource,
};

use super::{LANGUAGES, examine, say};

fn picture(sheet: &Sheet, storm: &DesignStorm) -> Hyetograph {
    let note = |text: String, warning| Note { text, warning };
    Hyetograph {
        title: say(sheet, "Shenyang, P = 5 years, Chicago storm", "沈阳，P = 5 年，芝加哥雨型"),
        rain: design_rain(storm).unwrap().hyetograph,
        notes: vec![
            note(
                say(
                    sheet,
                    "Formula: q = 1984(1 + 0.77 lg P)/(t + 9)^0.77, q in L/(s·ha), t in min, P in years; \
                     a note so long that it does not fit on a line of this sheet and has to go on below",
                    "公式：q = 1984(1 + 0.77 lg P)/(t + 9)^0.77，q 单位 L/(s·ha)，t 单位 min，P 单位 a；\
                     这条说明很长，一行放不下，需要换到下一行继续书写，以检验中文的自动换行是否正确无误地完成",
                ),
                false,
            ),
            note(say(sheet, "NOT VERIFIED", "未核实"), true),
        ],
    }
}

#[test]
fn storms_of_an_hour_a_day_and_a_month_are_drawn_in_both_languages() {
    let formula = Box::new(IntensityFormula::of_user(1984.0, 0.77, 9.0, 0.77));
    let short = DesignStorm::new(
        "short",
        RainSource::Formula { formula, return_period_years: 5.0 },
        Some(Pattern::Chicago { duration_s: 7200, peak_ratio: 0.4, step_s: 300 }),
    );
    let table = [(5, 11.0), (30, 34.0), (60, 47.0), (360, 92.0), (1440, 145.0)];
    let depths =
        table.map(|(minutes, depth_mm)| DurationDepth { duration_s: minutes * 60, depth_mm }).to_vec();
    let long = DesignStorm::new(
        "long",
        RainSource::DepthDuration { depths, return_period_years: Some(50.0), source: String::new() },
        Some(Pattern::CommonFrequency { duration_s: 86_400, peak_ratio: 0.4, step_s: 300 }),
    );
    let days = 31 * 288;
    let record = ObservedRain {
        start: None,
        interval_s: 300,
        times_s: (0..days).map(|k| f64::from(k) * 300.0).collect(),
        depths_mm: (0..days).map(|k| if k % 700 < 60 { f64::from(k % 60) / 20.0 } else { 0.0 }).collect(),
        source: String::new(),
    };
    let month = DesignStorm::new("month", RainSource::Series(record), None);
    for language in LANGUAGES {
        let sheet = Sheet::new(language);
        for storm in [&short, &long, &month] {
            let picture = picture(&sheet, storm).draw(&sheet).unwrap();
            examine(&format!("storm_{}", storm.name), &sheet, &picture);
        }
        let small = Sheet { width: 800, height: 600, ..sheet };
        examine("storm_small", &small, &picture(&small, &short).draw(&small).unwrap());
    }
}

#[test]
fn a_dry_storm_is_no_picture() {
    assert!(matches!(Hyetograph::default().draw(&Sheet::default()), Err(PlotError::Empty(_))));
}
