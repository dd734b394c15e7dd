//! The costs of all pairs, a column per word. Most words hold small numbers, and many only zeros.

use crate::cost::Cost;
use crate::mincost::OfWords;

/// One cost per pair.
#[derive(Debug)]
pub(crate) struct Costs<const W: usize> {
    columns: [Column; W],
    /// The largest value of each word, whatever its sign.
    most: [i128; W],
    len: usize,
}

/// One word of each cost, as narrow as all of them allow.
#[derive(Debug, Default)]
enum Column {
    /// All zero.
    #[default]
    Zero,
    Tiny(Vec<i8>),
    Small(Vec<i32>),
    Narrow(Vec<i64>),
    Wide(Vec<i128>),
}

impl<const W: usize> Default for Costs<W> {
    fn default() -> Self {
        Self { columns: std::array::from_fn(|_| Column::Zero), most: [0; W], len: 0 }
    }
}

impl<const W: usize> Costs<W> {
    /// Adds a cost.
    pub(crate) fn push(&mut self, cost: Cost<W>) {
        for ((column, most), word) in self.columns.iter_mut().zip(&mut self.most).zip(cost.0) {
            column.push(self.len, word);
            *most = word.abs().max(*most);
        }
        self.len += 1;
    }

    /// The cost of a pair.
    #[inline]
    pub(crate) fn at(&self, pair: usize) -> Cost<W> {
        Cost(std::array::from_fn(|word| self.columns[word].at(pair)))
    }

    /// One word of the costs of some pairs.
    pub(crate) fn pick<N: OfWords<1>>(&self, word: usize, pairs: &[u32]) -> Vec<N> {
        let pick = |at: &dyn Fn(usize) -> i128| pairs.iter().map(|&pair| N::of_words([at(pair as usize)])).collect();
        match &self.columns[word] {
            Column::Zero => vec![N::ZERO; pairs.len()],
            Column::Tiny(column) => pairs.iter().map(|&pair| N::small(column[pair as usize].into())).collect(),
            Column::Small(column) => pairs.iter().map(|&pair| N::small(column[pair as usize])).collect(),
            Column::Narrow(column) => pick(&|pair| column[pair].into()),
            Column::Wide(column) => pick(&|pair| column[pair]),
        }
    }

    /// The largest value of a word, whatever its sign.
    pub(crate) const fn most(&self, word: usize) -> i128 {
        self.most[word]
    }
}

impl Column {
    #[inline]
    fn at(&self, pair: usize) -> i128 {
        match self {
            Self::Zero => 0,
            Self::Tiny(column) => column[pair].into(),
            Self::Small(column) => column[pair].into(),
            Self::Narrow(column) => column[pair].into(),
            Self::Wide(column) => column[pair],
        }
    }

    fn push(&mut self, len: usize, value: i128) {
        let fits = match self {
            Self::Zero => value == 0,
            Self::Tiny(column) => i8::try_from(value).map(|value| column.push(value)).is_ok(),
            Self::Small(column) => i32::try_from(value).map(|value| column.push(value)).is_ok(),
            Self::Narrow(column) => i64::try_from(value).map(|value| column.push(value)).is_ok(),
            Self::Wide(column) => {
                column.push(value);
                true
            }
        };
        if !fits {
            *self = self.wider(len);
            self.push(len, value);
        }
    }

    /// The same values, the next size up.
    fn wider(&self, len: usize) -> Self {
        match self {
            Self::Zero => Self::Tiny(vec![0; len]),
            Self::Tiny(column) => Self::Small(column.iter().map(|&value| value.into()).collect()),
            Self::Small(column) => Self::Narrow(column.iter().map(|&value| value.into()).collect()),
            Self::Narrow(column) => Self::Wide(column.iter().map(|&value| value.into()).collect()),
            Self::Wide(column) => Self::Wide(column.clone()),
        }
    }
}
