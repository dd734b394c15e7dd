//! The costs of all pairs, a column per word. Most words fit in 64 bits, and many are zero.

use crate::cost::Cost;
use crate::mincost::OfWords;

/// One cost per pair.
#[derive(Debug)]
pub(crate) struct Costs<const W: usize> {
    columns: [Column; W],
    len: usize,
}

/// One word of each cost.
#[derive(Debug, Default)]
enum Column {
    /// All zero.
    #[default]
    Zero,
    Narrow(Vec<i64>),
    Wide(Vec<i128>),
}

impl<const W: usize> Default for Costs<W> {
    fn default() -> Self {
        Self { columns: std::array::from_fn(|_| Column::Zero), len: 0 }
    }
}

impl<const W: usize> Costs<W> {
    /// Adds a cost.
    pub(crate) fn push(&mut self, cost: Cost<W>) {
        for (column, word) in self.columns.iter_mut().zip(cost.0) {
            column.push(self.len, word);
        }
        self.len += 1;
    }

    /// The cost of a pair.
    #[inline]
    pub(crate) fn at(&self, pair: usize) -> Cost<W> {
        Cost(std::array::from_fn(|word| match &self.columns[word] {
            Column::Zero => 0,
            Column::Narrow(column) => column[pair].into(),
            Column::Wide(column) => column[pair],
        }))
    }

    /// One word of the costs of some pairs.
    pub(crate) fn pick<N: OfWords<1>>(&self, word: usize, pairs: &[u32]) -> Vec<N> {
        match &self.columns[word] {
            Column::Zero => vec![N::ZERO; pairs.len()],
            Column::Narrow(column) => pairs.iter().map(|&pair| N::of_words([column[pair as usize].into()])).collect(),
            Column::Wide(column) => pairs.iter().map(|&pair| N::of_words([column[pair as usize]])).collect(),
        }
    }

    /// The largest value of a word, whatever its sign.
    pub(crate) fn most(&self, word: usize) -> i128 {
        match &self.columns[word] {
            Column::Zero => 0,
            Column::Narrow(column) => column.iter().map(|&value| i128::from(value).abs()).max().unwrap_or(0),
            Column::Wide(column) => column.iter().map(|value| value.abs()).max().unwrap_or(0),
        }
    }
}

impl Column {
    fn push(&mut self, len: usize, value: i128) {
        let narrow = i64::try_from(value);
        match (&mut *self, narrow) {
            (Self::Zero, Ok(0)) => {}
            (Self::Narrow(column), Ok(value)) => column.push(value),
            (Self::Wide(column), _) => column.push(value),
            (Self::Zero, Ok(value)) => {
                let mut column = vec![0; len];
                column.push(value);
                *self = Self::Narrow(column);
            }
            (Self::Zero, Err(_)) => {
                let mut column = vec![0; len];
                column.push(value);
                *self = Self::Wide(column);
            }
            (Self::Narrow(column), Err(_)) => {
                let mut column: Vec<i128> = column.iter().map(|&value| value.into()).collect();
                column.push(value);
                *self = Self::Wide(column);
            }
        }
    }
}
