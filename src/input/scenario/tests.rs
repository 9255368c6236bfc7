use std::path::PathBuf;

use super::*;
use crate::scenario::measure::Verb;
use crate::scenario::quantity::{Length, Share, Span};
use crate::scenario::storm::{HuffQuartile, Pattern, Provenance, Purpose, RainSource, ScsType, UpliftMode};
use crate::scenario::study::BUILT;

fn shown(problems: &[Diagnostic]) -> String {
    problems.iter().map(|problem| format!("{problem}\n\n")).collect()
}

fn scenarios() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("scenarios")
}

fn authored(name: &str) -> Scenario {
    let (scenario, warnings) =
        read(&scenarios().join(name)).unwrap().unwrap_or_else(|problems| panic!("{}", shown(&problems)));
    assert!(warnings.is_empty(), "{}", shown(&warnings));
    scenario
}

/// A study of the street, with more text behind it.
fn street(text: &str) -> Read {
    let head = "[study]\nnetwork = \"../networks/bench-street/network.inp\"\n";
    parse(&format!("{head}{text}"), &scenarios().join("made_up.toml"))
}

fn right(text: &str) -> Scenario {
    street(text).unwrap_or_else(|problems| panic!("{}", shown(&problems))).0
}

fn storm(text: &str) -> StudyStorm {
    right(&format!("[storms.s]\nserves = [\"overflow\"]\n{text}\n")).storms.remove(0)
}

const BLOCK: &str =
    "depth = \"30 mm\"\npattern = { kind = \"block\", duration = \"60 min\", step = \"5 min\" }\n";

#[test]
fn the_scenarios_of_the_places_are_read_without_a_warning() {
    for (name, options) in [
        ("riverside.toml", 7),
        ("riverside_year.toml", 2),
        ("coast.toml", 7),
        ("underpass.toml", 7),
        ("street.toml", 3),
    ] {
        assert_eq!(authored(name).options.len(), options, "{name}");
    }
}

#[test]
fn the_riverside_study_is_what_the_file_says() {
    let riverside = authored("riverside.toml");
    assert_eq!(riverside.storms.len(), 10);
    assert_eq!(
        riverside.stages.iter().map(|stage| stage.name.as_str()).collect::<Vec<_>>(),
        [AS_MODELLED, "normal", "bank_full", "flood_20a", "free"]
    );
    assert_eq!(
        riverside.pairing,
        [vec![1], vec![1], vec![1], vec![1], vec![1], vec![2, 4], vec![2], vec![2], vec![1], vec![1, 3, 4]]
    );
    assert_eq!(
        riverside.horizons.iter().map(|h| h.table.year).collect::<Vec<_>>(),
        [Some(2026), Some(2030), Some(2035), Some(2035), Some(2035)]
    );
    // what a future does not say is as in the horizon that it belongs to
    let [_, _, main, wet, mixed] = riverside.horizons.as_slice() else { panic!() };
    assert_eq!(
        (riverside.future_of(3), riverside.future_of(2), riverside.last_horizon()),
        (Some(2), None, 2)
    );
    assert_eq!((wet.table.rain_uplift, mixed.table.rain_uplift), (Some(1.15), Some(1.05)));
    assert_eq!((wet.table.misconnection, mixed.table.misconnection), (None, Some(Share(0.2))));
    for future in [wet, mixed] {
        assert_eq!(future.table.phases, main.table.phases);
        assert_eq!(future.table.dwf_growth, main.table.dwf_growth);
        assert_eq!(future.table.storms.len(), 4);
    }
    assert_eq!(riverside.options[0].name, BASE);
    let flood = &riverside.stages[3];
    let series = flood.series.as_ref().unwrap();
    assert_eq!((series.hours.len(), series.levels.len()), (49, 6));
    assert_eq!(flood.table.peak_lag, Some(Span(10_800.0)));
    assert_eq!(flood.table.outfalls["*"], Length(34.2));
    let RainSource::Formula { formula, return_period_years } = &riverside.storms[3].rain.source else {
        panic!()
    };
    assert_eq!((formula.city.as_str(), formula.verified, *return_period_years), ("沈阳", false, 3.0));
    assert!(matches!(riverside.options[3].table.measures[0].verb, Verb::Separate(_)));
}

#[test]
fn a_year_of_rain_is_read_from_the_file_of_its_station() {
    let year = &authored("riverside_year.toml").storms[0];
    let RainSource::Series(rain) = &year.rain.source else { panic!() };
    assert_eq!(rain.interval_s, 600, "the shortest time between two records");
    assert_eq!(rain.start.unwrap().to_string(), "2026-01-07 04:50:00");
    let depth: f64 = rain.depths_mm.iter().sum();
    assert!((depth - 698.0).abs() < 1.0, "{depth} mm");
    assert_eq!((year.event_gap, year.run.routing_step), (21_600.0, Some(Span(60.0))));
}

#[test]
fn names_keep_the_order_of_the_file_and_may_be_chinese() {
    let storms: String = ["z", "\"暴雨\"", "a"]
        .iter()
        .map(|name| format!("[storms.{name}]\nserves = [\"overflow\"]\n{BLOCK}"))
        .collect();
    let horizons = "[horizons.\"远期\"]\n[horizons.2030]\n";
    let options = "[option.z]\n[option.\"方案一\"]\ntitle = \"一\"\n[option.B]\n";
    let read = right(&format!("{storms}{horizons}{options}"));
    assert_eq!(
        read.storms.iter().map(|storm| storm.rain.name.as_str()).collect::<Vec<_>>(),
        ["z", "暴雨", "a"]
    );
    assert_eq!(read.horizons.iter().map(|h| h.name.as_str()).collect::<Vec<_>>(), ["远期", "2030"]);
    assert_eq!((read.horizons[0].table.year, read.horizons[1].table.year), (None, Some(2030)));
    assert_eq!(read.options.iter().map(|o| o.name.as_str()).collect::<Vec<_>>(), [BASE, "z", "方案一", "B"]);
    assert_eq!(read.pairing, [[0], [0], [0]], "without an entry a storm meets the levels of the network");
}

#[test]
fn without_horizons_all_phases_are_built() {
    let measure = |phase: &str| {
        format!(
            "[[option.A.measure]]\nphase = \"{phase}\"\nresize = {{ pipes = [\"P{phase}\"], sizes = 1 }}\n"
        )
    };
    let text = format!("[storms.s]\nserves = [\"overflow\"]\n{BLOCK}{}{}", measure("2"), measure("1"));
    let read = right(&text);
    assert_eq!(read.horizons.len(), 1);
    assert_eq!(
        (read.horizons[0].name.as_str(), read.horizons[0].table.phases.as_slice()),
        (BUILT, ["2".to_owned(), "1".to_owned()].as_slice())
    );
}

#[test]
fn a_mark_at_the_beginning_and_windows_line_ends_change_nothing() {
    let text = std::fs::read_to_string(scenarios().join("street.toml")).unwrap();
    let path = scenarios().join("street.toml");
    let plain = parse(&text, &path).unwrap();
    let marked = format!("\u{feff}{}", text.replace('\n', "\r\n"));
    assert_eq!(parse(&marked, &path).unwrap(), plain);
}

#[test]
fn every_kind_of_pattern_is_read() {
    let pattern =
        |text: &str| storm(&format!("depth = \"30 mm\"\npattern = {{ {text} }}")).rain.pattern.unwrap();
    assert_eq!(
        pattern("kind = \"scs\", type = \"IA\", step = \"6 min\""),
        Pattern::Scs { kind: ScsType::IA, step_s: 360 }
    );
    assert_eq!(
        pattern("kind = \"huff\", quartile = 3, duration = \"6 h\", step = \"5 min\""),
        Pattern::Huff { quartile: HuffQuartile::Third, duration_s: 21_600, step_s: 300 }
    );
    assert_eq!(
        pattern("kind = \"triangular\", duration = \"1 h\", step = \"5 min\""),
        Pattern::Triangular { duration_s: 3600, peak_ratio: 0.4, step_s: 300 },
        "the usual peak"
    );
    assert_eq!(
        pattern("kind = \"block\", duration = \"1 h\", step = \"1 min\""),
        Pattern::Block { duration_s: 3600, step_s: 60 }
    );
    let formula = "formula = { city = \"沈阳\" }\nreturn_period = \"3 a\"\n";
    let of_formula = |kind: &str| {
        let text =
            format!("pattern = {{ kind = \"{kind}\", duration = \"2 h\", r = 0.3, step = \"5 min\" }}");
        storm(&format!("{formula}{text}")).rain.pattern.unwrap()
    };
    assert_eq!(of_formula("chicago"), Pattern::Chicago { duration_s: 7200, peak_ratio: 0.3, step_s: 300 });
    assert_eq!(
        of_formula("common_frequency"),
        Pattern::CommonFrequency { duration_s: 7200, peak_ratio: 0.3, step_s: 300 }
    );
    let folder = std::env::temp_dir().join(format!("pailao-curve-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("curve.csv"), "0,0\n0.5,0.8\n1,1\n").unwrap();
    let file = folder.join("curve.csv");
    let curve = pattern(&format!(
        "kind = \"mass_curve\", file = '{}', duration = \"1 h\", step = \"5 min\"",
        file.display()
    ));
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(
        matches!(curve, Pattern::MassCurve { curve, .. } if curve == [[0.0, 0.0], [0.5, 0.8], [1.0, 1.0]])
    );
}

#[test]
fn coefficients_of_the_user_are_taken_as_they_are_and_are_not_verified() {
    let pattern = "pattern = { kind = \"chicago\", duration = \"4 h\", step = \"5 min\" }";
    let own = storm(&format!(
        "formula = {{ city = \"x\", A = 1984, C = 0.77, b = 9, n = 0.77, unit_factor = 166.667, valid_to = \"4 h\" }}\n\
         return_period = \"5 年\"\nareal_reduction = 0.9\nuplift = {{ factor = 1.1, mode = \"return_period\" }}\n{pattern}"
    ));
    let RainSource::Formula { formula, return_period_years } = &own.rain.source else { panic!() };
    assert_eq!(*return_period_years, 5.0);
    assert_eq!(
        (formula.provenance, formula.verified, formula.duration_min),
        (Provenance::User, false, [5.0, 240.0])
    );
    assert_eq!(formula.unit_factor.value(), 1000.0 / 6.0);
    assert_eq!((own.rain.areal_reduction, own.rain.uplift.factor), (0.9, 1.1));
    assert_eq!(
        (own.rain.uplift.mode, own.rain.serves.as_slice()),
        (UpliftMode::ReturnPeriod, [Purpose::Overflow].as_slice())
    );
}

#[test]
fn one_of_several_formulas_of_a_city_is_chosen_by_area_or_version() {
    let pattern = "pattern = { kind = \"chicago\", duration = \"60 min\", step = \"5 min\" }";
    for choice in ["city = \"北京\", area = \"zone I\"", "city = \"Beijing\", version = \"DB11/T 969-2016\""]
    {
        let one = storm(&format!("formula = {{ {choice} }}\nreturn_period = \"3 a\"\n{pattern}"));
        let RainSource::Formula { formula, .. } = &one.rain.source else { panic!() };
        assert!(formula.area.contains("zone I"), "{}", formula.area);
    }
}

#[test]
fn observed_rain_of_a_table_is_depths_in_millimetres() {
    let folder = std::env::temp_dir().join(format!("pailao-observed-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("rain.csv"), "time,value\n2026-07-21 14:00,12\n2026-07-21 14:10,24\n")
        .unwrap();
    let series = |more: &str| {
        let file = folder.join("rain.csv");
        let storm = storm(&format!("series = {{ file = '{}'{more} }}", file.display()));
        let RainSource::Series(rain) = storm.rain.source else { panic!() };
        (rain.interval_s, rain.depths_mm)
    };
    assert_eq!(series(""), (600, vec![12.0, 24.0]));
    assert_eq!(series(", values = \"intensity\""), (600, vec![2.0, 4.0]));
    assert_eq!(series(", values = \"cumulative\", interval = \"5 min\""), (300, vec![12.0, 12.0]));
    let (_, inches) = series(", unit = \"in\"");
    assert!((inches[0] - 304.8).abs() < 1e-9);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn elements_that_options_make_may_be_named_where_outfalls_and_outputs_are() {
    let text = format!(
        "overflows = [\"新排口\"]\n[storms.s]\nserves = [\"overflow\"]\n{BLOCK}\
         [river_stage.high]\noutfalls = {{ \"新排口\" = \"46.5 m\" }}\n\
         [[option.A.measure]]\nphase = \"I\"\n\
         link = {{ id = \"P11\", from = \"M8\", to = \"新排口\", outfall_invert = \"45.8 m\", diameter = \"0.8 m\" }}\n\
         [[option.A.measure]]\nphase = \"I\"\nresize = {{ pipes = [\"P11\"], diameter = \"1 m\" }}\n\
         [[option.A.measure]]\nphase = \"I\"\ntank = {{ at = \"M3\", volume = \"50 m3\", drain_down = \"1 h\" }}\n\
         [outputs]\nhydrographs = [\"P11\", \"M3-tank\"]\n"
    );
    assert_eq!(right(&text).options[1].table.measures.len(), 3);
    let wrong = street(&text.replace("M3-tank", "M4-tank")).unwrap_err();
    assert!(shown(&wrong).contains("`M4-tank`"), "{}", shown(&wrong));
}

#[test]
fn a_phase_without_measures_is_a_warning() {
    let text = format!("[storms.s]\nserves = [\"overflow\"]\n{BLOCK}[horizons.2030]\nphases = [\"I\"]\n");
    let (_, warnings) = street(&text).unwrap_or_else(|problems| panic!("{}", shown(&problems)));
    assert_eq!(warnings.len(), 1);
    assert!(warnings[0].message.contains("measure of the phase `I`"), "{}", warnings[0]);
}

#[test]
fn what_is_not_simulated_yet_is_refused_by_name_and_nothing_else_is_said_of_it() {
    let text = format!(
        "[storms.s]\nserves = [\"overflow\"]\n{BLOCK}\
         [[option.A.measure]]\nphase = \"I\"\nlid = {{ whatever = true }}\n"
    );
    let problems = street(&text).unwrap_err();
    assert_eq!(problems.len(), 1, "{}", shown(&problems));
    assert!(problems.iter().all(|problem| problem.severity == Severity::Unsupported));
}

#[test]
fn a_surface_is_read_with_numbers_files_or_tables_and_its_names_are_checked() {
    let folder = std::env::temp_dir().join(format!("pailao-surface-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    for file in ["dem.tif", "n.tif"] {
        std::fs::write(folder.join(file), "").unwrap();
    }
    let at = |name: &str| format!("{:?}", folder.join(name).display().to_string());
    let text = |surface: &str| {
        format!(
            "[storms.s]\nserves = [\"overflow\"]\n{BLOCK}[surface]\nterrain = {}\n{}",
            at("dem.tif"),
            surface.replace("n.tif", &folder.join("n.tif").display().to_string())
        )
    };
    let roughness = |surface: &str| right(&text(surface)).surface.unwrap().roughness.unwrap();
    use crate::scenario::surface::Layer;
    assert_eq!(roughness("roughness = 0.02\n"), Layer::Same(0.02));
    assert!(matches!(roughness("roughness = \"n.tif\"\n"), Layer::Path(_)));
    let table = "roughness = { file = \"n.tif\", classes = { 1 = 0.02 }, elsewhere = 0.1 }\n";
    assert!(matches!(roughness(table), Layer::Table(table) if table.classes["1"] == 0.02));
    let wrong = street(&text(
        "roughness = true\ncell = \"2 s\"\nlaw = \"shok\"\ntheta = 0.9\n[[surface.gauge]]\nname = \"a\"\nat = [1.0]\n",
    ));
    let told = shown(&wrong.unwrap_err());
    for part in [
        "`surface.roughness` is true or false",
        "`s` is not a unit",
        "did you mean `shock`?",
        "holds 1 values",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    let wrong = street(&text(
        "law = \"shock\"\ntheta = 0.9\nrain_mask = \"none.geojson\"\noutlets = [\"X\"]\n\
         run_for = { storms = [\"t\"], options = [\"base\", \"B\"] }\n[surface.banks]\nchannels = [\"X\"]\n",
    ));
    let told = shown(&wrong.unwrap_err());
    for part in [
        "`surface.theta` belongs to the law `inertial`",
        "there is no file",
        "no outfall `X`",
        "no storm `t`",
        "no option `B`",
        "no conduit `X`",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn damaged_files_are_refused_or_read_but_never_end_the_program() {
    let path = scenarios().join("street.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    for gone in 0..lines.len() {
        let kept: Vec<&str> = lines.iter().enumerate().filter(|(i, _)| *i != gone).map(|(_, l)| *l).collect();
        let _ = parse(&kept.join("\n"), &path);
    }
    for (from, to) in
        [("\"", ""), ("=", ":"), ("{", "["), ("[", "[["), ("I", ""), ("m", "%"), (".", "/"), ("P", "")]
    {
        for (at, _) in text.match_indices(from) {
            let damaged = format!("{}{to}{}", &text[..at], &text[at + from.len()..]);
            let _ = parse(&damaged, &path);
        }
    }
}
