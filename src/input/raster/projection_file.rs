//! The reference system that a file beside the map names: `terrain.prj` beside `terrain.asc` or `terrain.tif`.

use std::path::{Path, PathBuf};

use crate::model::crs;

/// The system by the file beside a map: the code that it quotes, or the code of its name. `None` when there is
/// no such file, or it names a system that is not known.
pub fn beside(path: &Path) -> Option<String> {
    let mut bare = path.to_path_buf();
    if bare.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("gz")) {
        bare.set_extension("");
    }
    let candidates: [PathBuf; 2] = [bare.with_extension("prj"), bare.with_extension("PRJ")];
    let text = candidates.iter().find_map(|candidate| std::fs::read(candidate).ok())?;
    code(&String::from_utf8_lossy(&text))
}

/// The code in a text of well-known text: the last `AUTHORITY["EPSG","4550"]` or `ID["EPSG",4550]` is that of
/// the whole; else its name tells.
pub fn code(text: &str) -> Option<String> {
    let whole = text.trim();
    let quoted = ["AUTHORITY[\"EPSG\",", "ID[\"EPSG\","];
    let last = quoted.iter().filter_map(|mark| whole.rfind(mark).map(|at| at + mark.len())).max();
    if let Some(at) = last {
        let rest = whole.get(at..).unwrap_or_default();
        let digits: String =
            rest.trim_start_matches(['"', ' ']).chars().take_while(char::is_ascii_digit).collect();
        // the code of a part, such as the ellipsoid, is followed by more than closing brackets
        let after = rest.trim_start_matches(['"', ' ']).trim_start_matches(|c: char| c.is_ascii_digit());
        if !digits.is_empty() && after.chars().all(|c| "\"])} \r\n".contains(c)) {
            return Some(format!("EPSG:{digits}"));
        }
    }
    let name = whole.split('"').nth(1)?;
    crs::code_of_esri_name(name)
}

#[cfg(test)]
mod tests {
    use super::code;

    #[test]
    fn a_quoted_code_is_that_of_the_whole() {
        let text = "PROJCS[\"WGS 84 / UTM zone 50N\",GEOGCS[\"WGS 84\",AUTHORITY[\"EPSG\",\"4326\"]],UNIT[\"metre\",1],AUTHORITY[\"EPSG\",\"32650\"]]\n";
        assert_eq!(code(text).as_deref(), Some("EPSG:32650"));
        assert_eq!(code("PROJCRS[\"a\",BASEGEOGCRS[\"b\"],ID[\"EPSG\",4549]]").as_deref(), Some("EPSG:4549"));
    }

    #[test]
    fn the_code_of_a_part_is_not_taken_for_the_whole() {
        let text = "PROJCS[\"WGS_1984_UTM_Zone_50N\",GEOGCS[\"a\",AUTHORITY[\"EPSG\",\"4326\"]],UNIT[\"Meter\",1.0]]";
        assert_eq!(code(text).as_deref(), Some("EPSG:32650"), "by its name");
        let own = "PROJCS[\"local grid\",GEOGCS[\"a\",AUTHORITY[\"EPSG\",\"4326\"]],UNIT[\"Meter\",1.0]]";
        assert_eq!(code(own), None);
        assert_eq!(code(""), None);
    }
}
