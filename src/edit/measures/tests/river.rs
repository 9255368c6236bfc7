//! Wider, deeper and smoother rivers.

use super::networks::RIVER;
use super::*;

#[test]
fn a_shared_section_is_copied_before_it_is_changed() {
    let edited = after(RIVER, "river = { reaches = [\"A1\"], wider_by = \"4 m\", roughness = 0.025 }");
    let (less, more) = differences(RIVER, &text_of(&edited.network));
    assert_eq!(less, ["A1 IRREGULAR arm"]);
    assert_eq!(
        more,
        [
            "A1 IRREGULAR arm-A1",
            "NC 0.05 0.05 0.025",
            "X1 arm-A1 6 9 30 0 0 1 1 0",
            "GR 8 0 3 9 0 18 0 22 3 30",
            "GR 8 41",
        ]
    );
    // 4 m over 8 m of depth and 100 m of length
    assert_eq!(works(&edited).len(), 1);
    assert!(matches!(works(&edited)[0], Work::Earthwork { volume } if (volume - 3200.0).abs() < 1e-6));
}

#[test]
fn a_wider_river_lies_lower_and_wets_no_more() {
    let narrow = Ran::of(&network(RIVER));
    let verb = "river = { reaches = [\"A1\", \"A2\", \"T1\", \"Q1\"], wider_by = \"10 m\" }";
    let edited = after(RIVER, verb);
    let wide = Ran::of(&edited.network);
    let last = |ran: &Ran| *ran.depth("R1").last().unwrap();
    assert!(last(&wide) < 0.9 * last(&narrow), "{} {}", last(&wide), last(&narrow));
    let text = text_of(&edited.network);
    assert!(text.contains("T1 TRAPEZOIDAL 3 15 2 2 1") && text.contains("Q1 RECT_OPEN 3 20 0 0 1"), "{text}");
    // both surveyed reaches share one copy
    assert!(text.contains("A1 IRREGULAR arm-A1") && text.contains("A2 IRREGULAR arm-A1"), "{text}");
}

#[test]
fn a_deeper_river_lowers_its_bed_and_keeps_its_banks() {
    let edited = after(RIVER, "river = { reaches = [\"Q1\"], deeper_by = \"0.5 m\" }");
    let (_, more) = differences(RIVER, &text_of(&edited.network));
    assert_eq!(
        more,
        ["R4 9.2 4.5 0 0 0", "O1 9.1 FREE NO", "T1 R3 R4 100 0.03 0 0.5 0 0", "Q1 RECT_OPEN 3.5 10 0 0 1",]
    );
    // 0.5 m over a width of 10 m and 100 m of length
    assert!(matches!(works(&edited)[..], [Work::Earthwork { volume }] if (volume - 500.0).abs() < 1e-6));
    let surveyed = after(RIVER, "river = { reaches = [\"A1\"], deeper_by = \"0.5 m\" }");
    let text = text_of(&surveyed.network);
    assert!(text.contains("GR 8 0 3 9 -0.5 18 3 26 8 37"), "{text}");
    assert!(text.contains("R1 9.5 8.5") && text.contains("R2 9.4 8.5"), "{text}");
    assert!(text.contains("A2 R2 R3 100 0.03 0.5 0"), "{text}");
}

#[test]
fn wrong_rivers_are_refused() {
    let pipe = RIVER.replace("Q1 RECT_OPEN 3 10 0 0 1", "Q1 CIRCULAR 3 0 0 0 1");
    refuses(&pipe, "river = { reaches = [\"Q1\"], wider_by = \"1 m\" }", "closed conduit");
    refuses(RIVER, "river = { reaches = [\"Q1\"] }", "changes nothing");
    refuses(RIVER, "river = { reaches = [\"Q1\"], wider_by = \"-1 m\" }", "values above 0");
}
