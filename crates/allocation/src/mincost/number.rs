//! What costs and flows are counted in: as narrow as the problem allows, because most of the time
//! goes into comparing them.

use std::fmt::Debug;
use std::ops::{Add, AddAssign, Sub};

use crate::cost::Cost;

/// A signed number.
pub(crate) trait Number: Copy + Debug + Ord + Add<Output = Self> + AddAssign + Sub<Output = Self> {
    /// Zero.
    const ZERO: Self;

    /// Larger than every number that occurs otherwise.
    const MAX: Self;
}

/// A number that can hold one of `W` words that compare from the left.
pub(crate) trait OfWords<const W: usize>: Number {
    /// The number with these words; the caller has seen that they fit.
    fn of_words(words: [i128; W]) -> Self;

    /// Its words.
    fn words(self) -> [i128; W];

    /// A number that fits in any.
    fn small(value: i32) -> Self {
        let mut words = [0; W];
        words[W - 1] = value.into();
        Self::of_words(words)
    }
}

impl Number for i64 {
    const ZERO: Self = 0;
    const MAX: Self = Self::MAX;
}

impl<const W: usize> OfWords<W> for i64 {
    fn of_words(words: [i128; W]) -> Self {
        Self::try_from(words[W - 1]).unwrap_or(Self::MAX)
    }

    fn words(self) -> [i128; W] {
        let mut words = [0; W];
        words[W - 1] = self.into();
        words
    }

    #[inline]
    fn small(value: i32) -> Self {
        value.into()
    }
}

impl Number for i128 {
    const ZERO: Self = 0;
    const MAX: Self = Self::MAX;
}

impl OfWords<1> for i128 {
    fn of_words(words: [i128; 1]) -> Self {
        words[0]
    }

    fn words(self) -> [i128; 1] {
        [self]
    }
}

impl<const W: usize> Number for Cost<W> {
    const ZERO: Self = Self::ZERO;
    const MAX: Self = Self([i128::MAX; W]);
}

impl<const W: usize> OfWords<W> for Cost<W> {
    fn of_words(words: [i128; W]) -> Self {
        Self(words)
    }

    fn words(self) -> [i128; W] {
        self.0
    }
}
