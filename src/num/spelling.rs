//! How far two spellings are apart, and which known name a misspelt one may mean.

/// Letters that must be added, left out, changed or swapped with their neighbour to make one text of
/// another (optimal string alignment).
pub fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    // rows of the table of distances: two letters back, one letter back
    let (mut older, mut row): (Vec<usize>, Vec<usize>) = (Vec::new(), (0..=b.len()).collect());
    let mut before = None;
    for (i, x) in a.chars().enumerate() {
        let mut next = Vec::with_capacity(row.len());
        next.push(i + 1);
        for (j, &y) in b.iter().enumerate() {
            let at = |row: &[usize], j: usize| row.get(j).copied().unwrap_or(usize::MAX - 1);
            let mut least = at(&row, j) + usize::from(x != y);
            least = least.min(at(&row, j + 1) + 1).min(at(&next, j) + 1);
            let swapped = j > 0 && before == Some(y) && b.get(j.wrapping_sub(1)) == Some(&x);
            if swapped {
                least = least.min(at(&older, j - 1) + 1);
            }
            next.push(least);
        }
        older = std::mem::replace(&mut row, next);
        before = Some(x);
    }
    row.last().copied().unwrap_or_default()
}

/// Steps from one spelling to another without regard to case, if they are few: a third of the letters
/// may be wrong, at least one, and never all.
pub fn steps_apart(known: &str, written: &str) -> Option<usize> {
    let (known, written) = (known.to_lowercase(), written.to_lowercase());
    let letters = known.chars().count().max(written.chars().count());
    let steps = edit_distance(&known, &written);
    (steps <= (letters / 3).max(1) && steps < letters).then_some(steps)
}

/// The known name that a misspelt one most likely means: the nearest, of equally near ones the first.
pub fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let near = known.into_iter().filter_map(|name| Some((steps_apart(name, written)?, name)));
    near.min_by_key(|(steps, _)| *steps).map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_added_left_out_changed_or_swapped_is_one_step() {
        assert_eq!(edit_distance("storm", "storm"), 0);
        assert_eq!(edit_distance("storm", "stormy"), 1);
        assert_eq!(edit_distance("storm", "strm"), 1);
        assert_eq!(edit_distance("storm", "sturm"), 1);
        assert_eq!(edit_distance("storm", "strom"), 1);
        assert_eq!(edit_distance("kitten", "sitting"), 3);
        assert_eq!(edit_distance("", "老城"), 2);
    }

    #[test]
    fn the_nearest_name_is_meant_and_a_far_one_is_not() {
        let known = ["storms", "study", "老城区"];
        assert_eq!(nearest("strom", known), Some("storms"));
        assert_eq!(nearest("run", known), None, "most of its letters differ");
        assert_eq!(nearest("Study", known), Some("study"));
        assert_eq!(nearest("老城", known), Some("老城区"));
        assert_eq!(nearest("新城", ["a"]), None);
    }
}
