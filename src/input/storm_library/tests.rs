use super::*;
use crate::scenario::storm::{IntensityFormula, IntensityLaw, Provenance, UnitFactor};

fn embedded() -> StormLibrary {
    StormLibrary::embedded().unwrap_or_else(|problems| panic!("{}", problems[0]))
}

fn one(library: &StormLibrary, name: &str) -> IntensityFormula {
    match library.find(name) {
        Lookup::One(LibraryEntry::Known(formula)) => (**formula).clone(),
        other => panic!("{name}: {other:?}"),
    }
}

#[test]
fn a_city_is_found_by_either_of_its_names() {
    let library = embedded();
    for name in ["沈阳", "Shenyang", " shenyang "] {
        let formula = one(&library, name);
        assert_eq!(formula.law, IntensityLaw::Total { a: 1984.0, c: 0.77, b: 9.0, n: 0.77 });
        assert_eq!((formula.provenance, formula.verified), (Provenance::FromMemory, false));
        assert_eq!(formula.unit_factor, UnitFactor::Rounded);
    }
    assert_eq!(one(&library, "xi'an").city, "西安");
}

#[test]
fn parts_of_a_city_are_told_apart_by_their_words() {
    let library = embedded();
    let Lookup::Several(parts) = library.find("北京") else { panic!("there are two") };
    assert_eq!(parts.len(), 2);
    assert!(one(&library, "Beijing zone I").area.contains("NW"));
    assert!(one(&library, "北京 zone II").area.contains("classic"));
    assert_eq!(one(&library, "黄埔").confidence, "suspect");
    assert_eq!(one(&library, "深圳 中部流域").year, Some(2024));
    assert!(matches!(library.find("深圳"), Lookup::Several(parts) if parts.len() == 4));
}

#[test]
fn a_city_without_a_formula_is_there_and_has_none() {
    let library = embedded();
    for name in ["抚顺", "阜新", "盘锦", "铁岭", "朝阳", "葫芦岛", "Huludao"] {
        let found = library.find(name);
        assert!(matches!(found, Lookup::One(LibraryEntry::Unknown { .. })), "{name}: {found:?}");
    }
}

#[test]
fn a_name_that_is_not_there_leads_to_near_ones() {
    let library = embedded();
    let near = |name: &str| {
        let Lookup::None(near) = library.find(name) else { panic!("{name} is there") };
        near.iter().map(|entry| entry.city().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(near("Shenyan")[0], "沈阳");
    assert_eq!(near("Shengyang")[0], "沈阳");
    assert!(near("沈杨").contains(&"沈阳".to_owned()));
    assert!(near("沈阳市").contains(&"沈阳".to_owned()));
    assert!(near("Timbuktu").is_empty());
    assert!(near("").is_empty());
}

#[test]
fn nothing_from_memory_is_verified_and_only_reproduced_tables_are() {
    for entry in embedded().entries {
        if let LibraryEntry::Known(formula) = entry {
            assert!(!formula.source.is_empty(), "{} has no source", formula.place());
            assert_eq!(formula.verified, formula.city == "深圳", "{}", formula.place());
        }
    }
}

#[test]
fn a_library_of_the_user_is_read_in_every_form() {
    let text = "
[[formula]]
city = \"A\"
status = \"user\"
unit_factor = 166.667
duration_min = [5, 120]
total = { A = 1500, C = 0.8, b = 8, n = 0.7 }
[[formula]]
city = \"B\"
status = \"user\"
power = { A = 5544, exponent = 0.3, offset = 0.42, b = 10, b_per_log = 7, n = 0.82, n_per_log = 0.07 }
[[formula]]
city = \"C\"
status = \"user\"
single = [ { P = 2, A = 1000, b = 10, n = 0.7 } ]
";
    let library = StormLibrary::parse(text, Path::new("mine.toml")).unwrap();
    assert_eq!(one(&library, "A").unit_factor, UnitFactor::Exact);
    assert_eq!(one(&library, "A").duration_min, [5.0, 120.0]);
    assert!(matches!(one(&library, "B").law, IntensityLaw::PowerOfPeriod { .. }));
    assert!(matches!(one(&library, "C").law, IntensityLaw::SinglePeriods(rows) if rows.len() == 1));
}

#[test]
fn a_wrong_entry_is_named_with_its_place() {
    let refused = |text: &str, word: &str, line: usize| {
        let problems = StormLibrary::parse(text, Path::new("mine.toml")).unwrap_err();
        let shown = problems[0].to_string();
        assert!(shown.contains(word), "{shown}");
        assert_eq!(problems[0].place.as_ref().map(|place| place.line), Some(line), "{shown}");
    };
    let head = "[[formula]]\ncity = \"A\"\n";
    let total = "total = { A = 1, C = 1, b = 1, n = 1 }\n";
    refused(&format!("{head}status = \"rumour\"\n{total}"), "rumour", 3);
    refused(&format!("{head}status = \"user\"\nfactor = 3\n{total}"), "factor", 4);
    refused(&format!("{head}status = \"user\"\n"), "no coefficients", 1);
    refused(&format!("{head}status = \"user\"\nunit_factor = 160\n{total}"), "unit factor of 160", 1);
    refused(&format!("{head}status = \"user\"\nduration_min = [120, 5]\n{total}"), "no range", 1);
    refused(&format!("{head}status = \"from memory\"\nverified = true\n{total}"), "from memory", 1);
    refused(&format!("{head}status = \"unknown\"\n{total}"), "unknown but has numbers", 1);
    let interval = "{ from = 1, to = 10, A = [1,1,0], b = [1,1,0], n = [1,1,0] }";
    let gap = "{ from = 20, to = 100, A = [1,1,0], b = [1,1,0], n = [1,1,0] }";
    refused(&format!("{head}status = \"user\"\nintervals = [{interval}, {gap}]\n"), "follow", 1);
    refused(&format!("{head}status = \"user\"\n{total}intervals = [{interval}]\n"), "more than one form", 1);
    refused("[[formula]\n", "", 1);
}
