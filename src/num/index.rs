//! Typed indices and the tables they index.
//!
//! Names live at the border of the program; inside, every element is a typed index into columns,
//! so that a node's depth cannot be read with a link's number.

use std::collections::HashMap;
use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

/// A typed index: a `u32` that says what it counts.
pub trait Id: Copy + Eq + Ord + std::hash::Hash + std::fmt::Debug {
    /// The id of the element at `index`.
    fn new(index: usize) -> Self;
    /// The position of the element in its columns.
    fn index(self) -> usize;
}

/// Declares typed indices: `index_type!(/** a node */ NodeId);`
#[macro_export]
macro_rules! index_type {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, ::serde::Serialize, ::serde::Deserialize,
        )]
        pub struct $name(pub u32);
        impl $crate::num::index::Id for $name {
            fn new(index: usize) -> Self {
                Self(u32::try_from(index).expect("fewer than 2^32 elements"))
            }
            fn index(self) -> usize {
                self.0 as usize
            }
        }
    )+};
}

/// Named elements in the order of the file, addressed by typed index or by name.
///
/// Names are compared without regard to the case of ASCII letters, as SWMM 5.2 does (`samestr` of its
/// hash table), and kept as they are written.
#[derive(Clone, Debug)]
pub struct Table<I, T> {
    names: Vec<String>,
    items: Vec<T>,
    by_name: HashMap<String, u32>,
    marker: PhantomData<I>,
}

impl<I: Id, T> Default for Table<I, T> {
    fn default() -> Self {
        Self { names: Vec::new(), items: Vec::new(), by_name: HashMap::new(), marker: PhantomData }
    }
}

impl<I: Id, T> Table<I, T> {
    /// An empty table.
    pub fn new() -> Self {
        Self::default()
    }
    /// Adds an element under a name of its own; `None` when the name is taken already.
    pub fn insert(&mut self, name: impl Into<String>, item: T) -> Option<I> {
        let name = name.into();
        let key = name.to_ascii_uppercase();
        if self.by_name.contains_key(&key) {
            return None;
        }
        let id = I::new(self.items.len());
        self.by_name.insert(key, id.index() as u32);
        self.names.push(name);
        self.items.push(item);
        Some(id)
    }
    /// The id of a name.
    pub fn find(&self, name: &str) -> Option<I> {
        self.by_name.get(&name.to_ascii_uppercase()).map(|&i| I::new(i as usize))
    }
    /// The name of an element.
    pub fn name(&self, id: I) -> &str {
        &self.names[id.index()]
    }
    /// All names, in order.
    pub fn names(&self) -> &[String] {
        &self.names
    }
    /// How many elements there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }
    /// Whether there is no element.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
    /// All ids, in order.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = I> + ExactSizeIterator + use<I, T> {
        (0..self.items.len()).map(I::new)
    }
    /// Ids and elements, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (I, &T)> + ExactSizeIterator {
        self.items.iter().enumerate().map(|(i, t)| (I::new(i), t))
    }
    /// Ids and elements, in order, to change.
    pub fn iter_mut(&mut self) -> impl DoubleEndedIterator<Item = (I, &mut T)> + ExactSizeIterator {
        self.items.iter_mut().enumerate().map(|(i, t)| (I::new(i), t))
    }
    /// The elements as a slice.
    pub fn items(&self) -> &[T] {
        &self.items
    }
}

impl<I: Id, T> Index<I> for Table<I, T> {
    type Output = T;
    fn index(&self, id: I) -> &T {
        &self.items[id.index()]
    }
}

impl<I: Id, T> IndexMut<I> for Table<I, T> {
    fn index_mut(&mut self, id: I) -> &mut T {
        &mut self.items[id.index()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    index_type! {
        /// A thing.
        ThingId,
    }

    #[test]
    fn names_differ_in_more_than_the_case_of_their_letters() {
        let mut table = Table::<ThingId, u8>::new();
        let first = table.insert("Pump1", 1);
        assert_eq!(table.insert("PUMP1", 2), None);
        assert_eq!(table.find("pump1"), first);
        assert_eq!(table.names(), ["Pump1"]);
    }
}
