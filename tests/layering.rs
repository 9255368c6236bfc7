//! One walk, one direction: a module uses modules above it in `src/lib.rs` only.
//!
//! `src/lib.rs` is the order: each paragraph of `pub mod` lines is one layer, and a module may name itself and
//! modules of layers above its own, nothing beside it and nothing below.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Layer of each module, by the paragraphs of `lib.rs`.
fn layers(lib: &str) -> BTreeMap<String, usize> {
    let mut layers = BTreeMap::new();
    let mut layer = 0;
    for line in lib.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix("pub mod ").and_then(|rest| rest.strip_suffix(';')) {
            layers.insert(name.to_owned(), layer);
        } else if line.is_empty() {
            layer += 1;
        }
    }
    layers
}

/// The source with comments, strings and characters blanked out.
fn code_only(source: &str) -> String {
    let text: Vec<char> = source.chars().collect();
    let at = |i: usize| text.get(i).copied().unwrap_or('\0');
    let mut code = String::with_capacity(source.len());
    let mut i = 0;
    while i < text.len() {
        match at(i) {
            '/' if at(i + 1) == '/' => {
                while i < text.len() && at(i) != '\n' {
                    i += 1;
                }
            }
            '/' if at(i + 1) == '*' => {
                let mut depth = 1;
                i += 2;
                while i < text.len() && depth > 0 {
                    match (at(i), at(i + 1)) {
                        ('/', '*') => (depth, i) = (depth + 1, i + 2),
                        ('*', '/') => (depth, i) = (depth - 1, i + 2),
                        _ => i += 1,
                    }
                }
            }
            'r' if matches!(at(i + 1), '"' | '#')
                && !code.ends_with(|c: char| c.is_alphanumeric() || c == '_') =>
            {
                let hashes = (i + 1..).take_while(|&k| at(k) == '#').count();
                if at(i + 1 + hashes) == '"' {
                    i += 2 + hashes;
                    while i < text.len() && !(at(i) == '"' && (1..=hashes).all(|k| at(i + k) == '#')) {
                        i += 1;
                    }
                    i += 1 + hashes;
                } else {
                    code.push('r');
                    i += 1;
                }
            }
            '"' => {
                i += 1;
                while i < text.len() && at(i) != '"' {
                    i += if at(i) == '\\' { 2 } else { 1 };
                }
                i += 1;
            }
            '\'' if at(i + 1) == '\\' => {
                i += 3;
                while i < text.len() && at(i) != '\'' {
                    i += 1;
                }
                i += 1;
            }
            '\'' if at(i + 2) == '\'' => i += 3,
            c => {
                code.push(c);
                i += 1;
            }
        }
    }
    code
}

/// First names of every path that begins with `crate::`, of groups in braces too.
fn crate_names(code: &str) -> Vec<String> {
    let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut names = Vec::new();
    for (start, _) in code.match_indices("crate::") {
        if code[..start].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let rest = code[start + "crate::".len()..].trim_start();
        let Some(group) = rest.strip_prefix('{') else {
            names.push(word(rest));
            continue;
        };
        let (mut depth, mut item) = (0, String::new());
        for c in group.chars() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => names.push(word(std::mem::take(&mut item).trim())),
                _ => item.push(c),
            }
        }
        names.push(word(item.trim()));
    }
    names.retain(|name| !name.is_empty());
    names
}

/// Macros that a file gives to the whole crate.
fn exported_macros(code: &str) -> Vec<String> {
    code.split("#[macro_export]")
        .skip(1)
        .filter_map(|rest| rest.split_once("macro_rules!"))
        .map(|(_, rest)| rest.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect())
        .collect()
}

/// What is wrong with the imports of a crate, given as `lib.rs` and pairs of a path under `src` and its text.
fn violations(lib: &str, files: &[(String, String)]) -> Vec<String> {
    let layers = layers(lib);
    let module_of = |path: &str| path.split(['/', '.']).next().unwrap_or_default().to_owned();
    let code: Vec<(&String, String)> = files.iter().map(|(path, text)| (path, code_only(text))).collect();
    let macros: BTreeMap<String, String> = code
        .iter()
        .flat_map(|(path, code)| exported_macros(code).into_iter().map(|name| (name, module_of(path))))
        .collect();
    let mut wrong = Vec::new();
    for (path, code) in &code {
        let own = module_of(path);
        let Some(own_layer) = layers.get(&own) else {
            wrong.push(format!("{path}: the module {own} is not in src/lib.rs"));
            continue;
        };
        for name in crate_names(code) {
            let target = if layers.contains_key(&name) { Some(&name) } else { macros.get(&name) };
            match target {
                None => {
                    wrong.push(format!("{path}: crate::{name} is neither a module nor an exported macro"))
                }
                Some(target) if *target == own || layers[target] < *own_layer => {}
                Some(target) => wrong.push(format!("{path}: {own} uses {target}, which is not above it")),
            }
        }
    }
    wrong
}

/// Every `.rs` file under a folder, by its path from there.
fn sources(folder: &Path, prefix: &str, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).expect("src is readable").map(|entry| entry.expect("src is readable")) {
        let name = entry.file_name().into_string().expect("file names are UTF-8");
        if entry.path().is_dir() {
            sources(&entry.path(), &format!("{prefix}{name}/"), found);
        } else if name.ends_with(".rs") {
            found.push((
                format!("{prefix}{name}"),
                fs::read_to_string(entry.path()).expect("sources are UTF-8"),
            ));
        }
    }
}

#[test]
fn each_module_uses_only_modules_above_it() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let lib = fs::read_to_string(src.join("lib.rs")).expect("src/lib.rs is readable");
    let mut files = Vec::new();
    sources(&src, "", &mut files);
    files.retain(|(path, _)| path != "lib.rs" && path != "main.rs");
    files.sort();
    assert!(files.len() > 10, "the walk over src found only {} files", files.len());
    let wrong = violations(&lib, &files);
    assert!(wrong.is_empty(), "imports against the order of src/lib.rs:\n{}", wrong.join("\n"));
}

#[test]
fn an_import_from_below_or_beside_is_found() {
    let lib = "pub mod num;\n\npub mod clock;\npub mod units;\n\npub mod model;\n";
    let wrong = |path: &str, text: &str| violations(lib, &[(path.to_owned(), text.to_owned())]);
    assert_eq!(wrong("units.rs", "use crate::model::Model;").len(), 1);
    assert_eq!(wrong("num/sum.rs", "fn f() { crate::model::check() }").len(), 1);
    assert_eq!(wrong("units.rs", "use crate::clock::DateTime;").len(), 1, "beside is not above");
    assert_eq!(wrong("clock.rs", "use crate::{num::{a, b}, model::Model, units};").len(), 2);
    assert_eq!(wrong("model/node.rs", "use crate::weather::Gauge;").len(), 1, "an unknown name");
    assert_eq!(wrong("stray.rs", "").len(), 1, "a module that lib.rs does not list");
}

#[test]
fn imports_from_above_comments_and_strings_are_left_alone() {
    let lib = "pub mod num;\n\npub mod units;\n\npub mod model;\n";
    let wrong = |path: &str, text: &str| violations(lib, &[(path.to_owned(), text.to_owned())]);
    assert!(
        wrong("model/node.rs", "use crate::{num::index::Table, units};\nuse crate::model::link;").is_empty()
    );
    assert!(wrong("units.rs", "//! See [`crate::model`].\n/* crate::model /* x */ */ fn f() -> &'static str { \"crate::model\" }").is_empty());
    assert!(
        wrong("units.rs", "const A: &str = r#\"a \" crate::model\"#; const Q: char = '\"'; // crate::model")
            .is_empty()
    );
    let files = [
        ("num/index.rs", "#[macro_export]\nmacro_rules! index_type { () => {} }"),
        ("model/mod.rs", "use crate::index_type;"),
    ];
    assert!(violations(lib, &files.map(|(p, t)| (p.to_owned(), t.to_owned()))).is_empty());
}
