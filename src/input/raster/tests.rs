use std::path::PathBuf;

use super::*;

fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/input/raster/samples").join(name)
}

fn refused(name: &str) -> String {
    let problems = read(&sample(name)).unwrap().expect_err(name);
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn of(text: &str) -> Result<Raster, Vec<Diagnostic>> {
    parse(text.as_bytes().to_vec(), Path::new("dem.asc"), None)
}
