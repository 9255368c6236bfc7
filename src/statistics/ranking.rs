//! The elements that stand out: largest continuity errors, most critical, least stable.

/// A node or a link, by its index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Element {
    /// A node.
    Node(usize),
    /// A link.
    Link(usize),
}

/// How many elements SWMM's report lists.
pub const LISTED: usize = 5;

/// SWMM's list of the five largest magnitudes, largest first.
///
/// `threshold` is the magnitude that an element must exceed to be listed at all (1 for SWMM's lists
/// in per cent, 0 for that of nodes that did not converge). Elements of equal magnitude come in the
/// order that SWMM's insertion leaves them in: one displaced falls behind its equals.
pub fn five_largest(values: impl IntoIterator<Item = (Element, f64)>, threshold: f64) -> Vec<(Element, f64)> {
    let mut list: Vec<(Element, f64)> = Vec::with_capacity(LISTED + 1);
    for mut entry in values {
        for place in &mut list {
            if entry.1.abs() > place.1.abs() {
                std::mem::swap(place, &mut entry);
            }
        }
        if list.len() < LISTED && entry.1.abs() > threshold {
            list.push(entry);
        }
    }
    list
}

/// All elements whose magnitude exceeds `threshold`, largest first, equals in their given order.
pub fn all_above(values: impl IntoIterator<Item = (Element, f64)>, threshold: f64) -> Vec<(Element, f64)> {
    let mut list: Vec<_> = values.into_iter().filter(|(_, value)| value.abs() > threshold).collect();
    list.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nodes(values: &[f64]) -> Vec<(Element, f64)> {
        values.iter().enumerate().map(|(i, &v)| (Element::Node(i), v)).collect()
    }

    #[test]
    fn the_five_largest_magnitudes_keep_their_sign() {
        let list = five_largest(nodes(&[2.0, -9.0, 0.5, 3.0, 4.0, 5.0, 6.0]), 1.0);
        let values: Vec<f64> = list.iter().map(|e| e.1).collect();
        assert_eq!(values, [-9.0, 6.0, 5.0, 4.0, 3.0]);
        assert_eq!(list[0].0, Element::Node(1));
        assert!(five_largest(nodes(&[1.0, -0.5]), 1.0).is_empty());
    }

    #[test]
    fn a_displaced_element_falls_behind_its_equals() {
        let list = five_largest(nodes(&[5.0, 5.0, 6.0]), 1.0);
        let order: Vec<Element> = list.iter().map(|e| e.0).collect();
        assert_eq!(order, [Element::Node(2), Element::Node(1), Element::Node(0)]);
    }

    #[test]
    fn the_whole_list_is_stable() {
        let list = all_above(nodes(&[5.0, 0.0, -5.0, 6.0]), 0.0);
        let order: Vec<Element> = list.iter().map(|e| e.0).collect();
        assert_eq!(order, [Element::Node(3), Element::Node(0), Element::Node(2)]);
    }
}
