use std::path::PathBuf;

use super::*;

fn shown(problems: &[Diagnostic]) -> String {
    problems.iter().map(|problem| format!("{problem}\n\n")).collect()
}

fn authored(name: &str) -> Scenario {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(name);
    let (scenario, warnings) = read(&path).unwrap().unwrap_or_else(|problems| panic!("{}", shown(&problems)));
    assert!(warnings.is_empty(), "{}", shown(&warnings));
    scenario
}

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
