use super::*;

const RULE: &str = "[[rule]]\nid = \"sewers\"\ntest = \"dynamic_capacity\"\ntitle = { en = \"a\", zh = \"甲\" }\n\
    clause = \"4.1.3\"\nsource = \"s\"\nverified = false\nlimits = [{ limit = \"3 a\" }]\n";
const HEAD: &str = "title = { en = \"T\", zh = \"题\" }\nsource = \"s\"\nverified = false\n";

fn read_text(text: &str) -> Result<RuleSet, Vec<Diagnostic>> {
    parse(text, Path::new("rules.toml"))
}

/// Line, message and help of each problem.
fn problems(text: &str) -> Vec<(usize, String)> {
    let found = read_text(text).unwrap_err();
    found
        .iter()
        .map(|problem| {
            (problem.place.as_ref().map_or(0, |p| p.line), format!("{} | {}", problem.message, problem.help))
        })
        .collect()
}

#[test]
fn rule_sets_that_come_with_the_program_are_read_and_say_that_they_are_not_verified() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds/rules");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let set = read(&path).unwrap().unwrap_or_else(|found| panic!("{}: {found:?}", path.display()));
        assert!(!set.verified && set.rules.iter().all(|rule| !rule.verified), "{}", path.display());
        assert!(set.rules.iter().all(|rule| !rule.source.is_empty() && !rule.clause.is_empty()));
        count += 1;
    }
    assert!(count >= 2);
}

#[test]
fn the_chinese_set_holds_the_numbers_of_the_table_of_design_return_periods() {
    // standards.md, 1.1 and 1.2
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds/rules/cn-gb50014-2021.toml");
    let set = read(&path).unwrap().unwrap();
    assert_eq!(set.breaks, [1.0, 2.0, 3.0, 5.0]);
    let rule = |id: &str| set.rules.iter().find(|rule| rule.id == id).unwrap();
    let range = |id: &str, zone: &str, city| rule(id).limit(zone, Some(city)).map(|limit| limit.range);
    let sewers = |zone, city| range("sewer_capacity", zone, city);
    assert_eq!(sewers("中心城区", CityClass::Mega), Some([3.0, 5.0]));
    assert_eq!(sewers("中心城区", CityClass::Large), Some([2.0, 5.0]));
    assert_eq!(sewers("中心城区", CityClass::Small), Some([2.0, 3.0]));
    assert_eq!(sewers("非中心城区", CityClass::Large), Some([2.0, 3.0]));
    assert_eq!(sewers("中心城区重要地区", CityClass::Large), Some([5.0, 10.0]));
    assert_eq!(sewers("中心城区重要地区", CityClass::Medium), Some([3.0, 5.0]));
    assert_eq!(sewers("地下通道", CityClass::Super), Some([30.0, 50.0]));
    assert_eq!(sewers("地下通道", CityClass::Large), Some([20.0, 30.0]));
    assert_eq!(sewers("地下通道", CityClass::Small), Some([10.0, 20.0]));
    assert_eq!(sewers("", CityClass::Mega), None);
    for (city, expected) in [
        (CityClass::Super, [100.0, 100.0]),
        (CityClass::Mega, [50.0, 100.0]),
        (CityClass::Large, [30.0, 50.0]),
        (CityClass::Medium, [20.0, 30.0]),
    ] {
        assert_eq!(range("waterlogging_screening", "", city), Some(expected));
    }
    assert_eq!(range("retreat_time", "中心城区", CityClass::Mega), Some([3600.0, 10_800.0]));
    assert_eq!(rule("street_depth").limits[0].range, [0.15, 0.15]);
}

#[test]
fn a_rule_set_is_read_with_its_breaks_and_limits() {
    let set = read_text(&format!(
        "{HEAD}{RULE}share = \"90 %\"\n[capacity_classes]\nbreaks = [\"1 a\", \"10 a\"]\nverified = true\n"
    ))
    .unwrap();
    assert_eq!((set.breaks.as_slice(), set.breaks_verified), (&[1.0, 10.0][..], true));
    assert_eq!(set.rules[0].share, 0.9);
    assert_eq!(set.rules[0].limits[0].range, [3.0, 3.0]);
    assert_eq!(read_text(&format!("{HEAD}{RULE}")).unwrap().breaks, RuleSet::BREAKS);
}

#[test]
fn wrong_rule_files_are_told_at_their_lines() {
    let of = |from: &str, to: &str| {
        let text = format!("{HEAD}{RULE}");
        let changed = text.replace(from, to);
        assert_ne!(text, changed, "{from}");
        changed
    };
    // each wrong text with the line and the words of its one problem
    let wrong: &[(String, usize, &str)] = &[
        ("title = ".into(), 1, "no TOML"),
        (of("source = \"s\"\nverified = false\n[[rule]]", "verified = false\n[[rule]]"), 0, "no `source`"),
        (of("[[rule]]", "sources = \"x\"\n[[rule]]"), 4, "did you mean `source`?"),
        (of("dynamic_capacity", "dynamic_capacty"), 6, "did you mean `dynamic_capacity`?"),
        (of("test = \"dynamic_capacity\"\n", ""), 4, "no `test`"),
        (of("clause = \"4.1.3\"\n", ""), 4, "no `clause`"),
        (of("zh = \"甲\"", "cn = \"甲\""), 7, "`cn` is not known"),
        (of("verified = false\nlimits", "verified = \"no\"\nlimits"), 10, "neither true nor false"),
        (of("\"3 a\"", "\"3 h\""), 11, "`h` is not a unit"),
        (of("\"3 a\"", "3"), 11, "no text with a number and a unit"),
        (of("\"3 a\"", "\"0 a\""), 11, "too small"),
        (of("\"3 a\"", "[\"5 a\", \"3 a\"]"), 11, "does not increase"),
        (of("\"3 a\"", "[\"5 a\"]"), 11, "no range"),
        (of("limit = \"3 a\"", "city = \"huge\", limit = \"3 a\""), 11, "`huge` is no class of cities"),
        (of("limit = \"3 a\"", "zone = \"a\""), 11, "no `limit`"),
        (of("limits = [{ limit = \"3 a\" }]\n", ""), 4, "no `limits`"),
        (of("limits", "share = \"120 %\"\nlimits"), 11, "above the whole"),
        (of("limits", "volume = \"1 m3\"\nlimits"), 11, "`volume` is not known"),
        (format!("{HEAD}{RULE}{RULE}"), 13, "two rules `sewers`"),
        (format!("{HEAD}{RULE}[capacity_classes]\nbreaks = [\"2 a\", \"1 a\"]\n"), 13, "not above"),
        (format!("{HEAD}rule = 3\n"), 4, "no list of rules"),
    ];
    for (text, line, words) in wrong {
        let found = problems(text);
        assert!(
            found.iter().any(|(at, told)| (*line == 0 || at == line) && told.contains(words)),
            "{words} at {line}: {found:#?}"
        );
    }
}

#[test]
fn all_problems_are_told_at_once() {
    let text = format!("{HEAD}{RULE}").replace("\"3 a\"", "\"3 m\"").replace("clause", "claus");
    let found = problems(&text);
    assert!(found.len() >= 3, "{found:#?}");
}
