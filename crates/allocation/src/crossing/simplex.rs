//! An exact linear programme: everybody chooses one option, and options share rows.
//!
//! The simplex method with a key option per chooser, so that the inverse only has the rows that are
//! shared. It is kept as whole numbers over one denominator, so nothing is ever rounded; the
//! denominator is hardly ever more than 1. Words of the cost are dealt with one by one: what is not as
//! cheap as any on a word is out for the next ones. Rows are a hair wider than they are, each by
//! another hair, so that every step is one forward.

/// How a row is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    AtMost,
    Exactly,
}

/// The programme. Option numbers run over all choosers, one after another.
#[derive(Debug, Default)]
pub(super) struct Programme {
    pub(super) caps: Vec<i64>,
    pub(super) kinds: Vec<Kind>,
    /// First option of each chooser, and the end.
    pub(super) offsets: Vec<u32>,
    /// What an option takes from rows: parts of `takes`.
    pub(super) option_rows: Vec<u32>,
    pub(super) takes: Vec<(u32, i64)>,
    /// Cost per option and word, option after option.
    pub(super) costs: Vec<i64>,
    pub(super) words: usize,
    /// Word and cost of breaking a row.
    pub(super) forbidden: (usize, i64),
}

/// The optimum.
#[derive(Debug)]
pub(super) struct Optimum {
    /// Price of each row, per word, over a denominator of the word.
    pub(super) prices: Vec<(Vec<i128>, i64)>,
    /// How much each option is chosen, over [`Self::whole`]; those at zero are left out.
    pub(super) chosen: Vec<(u32, i128)>,
    pub(super) whole: i128,
    pub(super) steps: usize,
}

/// What one chooser counts for, beside hairs.
const WHOLE: i128 = 1 << 44;

/// Numbers this large are given up on.
const FAR: i64 = 1 << 30;

/// Choosers whose options are compared before the best of them is taken.
const BLOCK: usize = 48;

/// Steps between two calls of `go_on`.
const REPORT_EVERY: usize = 64;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    /// Room in a row.
    Slack(u32),
    /// What a row is over.
    Over(u32),
    Option(u32),
}

#[derive(Clone, Copy, Debug)]
enum Leaves {
    /// The column at this position.
    Position(usize),
    /// The key of this chooser.
    Key(u32),
}

struct Simplex<'a> {
    programme: &'a Programme,
    rows: usize,
    /// Times the denominator, a column per row of the programme.
    inverse: Vec<i64>,
    denominator: i64,
    columns: Vec<Column>,
    /// Values of the columns times the denominator: with hairs, and without.
    values: [Vec<i128>; 2],
    key: Vec<u32>,
    /// Positions of the other columns of each chooser.
    others: Vec<Vec<u32>>,
    chooser: Vec<u32>,
    /// Options that are as cheap as any on the words so far.
    open: Vec<u32>,
    open_offsets: Vec<u32>,
    /// Rows that may have room again.
    may_loosen: Vec<bool>,
    prices: Vec<i128>,
    word: usize,
    /// The column that enters, in terms of the basis.
    alpha: Vec<i64>,
    cursor: usize,
    steps: usize,
}

/// The optimum of a programme, from a choice of everybody; `None` when numbers get too large, when it
/// takes more than so many steps or when `go_on` says no.
pub(super) fn solve(programme: &Programme, start: &[u32], most: usize, mut go_on: impl FnMut() -> bool) -> Option<Optimum> {
    let mut simplex = Simplex::new(programme, start);
    let mut prices = Vec::with_capacity(programme.words);
    for word in 0..programme.words {
        simplex.word = word;
        simplex.price();
        simplex.cursor = 0;
        while let Some((column, cost)) = simplex.enters() {
            simplex.step(column, cost)?;
            if simplex.steps > most || (simplex.steps.is_multiple_of(REPORT_EVERY) && !go_on()) {
                return None;
            }
        }
        simplex.narrow();
        prices.push((simplex.prices.iter().map(|price| -price).collect(), simplex.denominator));
    }
    Some(Optimum { prices, chosen: simplex.chosen(), whole: simplex.denominator.into(), steps: simplex.steps })
}

impl<'a> Simplex<'a> {
    fn new(programme: &'a Programme, start: &[u32]) -> Self {
        let rows = programme.caps.len();
        let choosers = programme.offsets.len() - 1;
        let options = programme.option_rows.len() - 1;
        let mut chooser = vec![0; options];
        for (number, ends) in (0..).zip(programme.offsets.windows(2)) {
            chooser[ends[0] as usize..ends[1] as usize].fill(number);
        }
        let mut left = programme.caps.clone();
        for &option in start {
            for &(row, times) in programme.takes_of(option) {
                left[row as usize] -= times;
            }
        }
        let mut inverse = vec![0; rows * rows];
        let mut columns = Vec::with_capacity(rows);
        let mut values = [Vec::with_capacity(rows), Vec::with_capacity(rows)];
        let mut wobble = 0x9e37_79b9_u64;
        for (row, &room) in (0..).zip(&left) {
            wobble = wobble.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
            let exactly = programme.kinds[row as usize] == Kind::Exactly;
            let hair = if exactly { 0 } else { i128::from(1 + (wobble >> 40) % 4_000) };
            let whole = i128::from(room) * WHOLE + hair;
            let over = room < 0;
            inverse[row as usize * rows + row as usize] = if over { -1 } else { 1 };
            columns.push(if over { Column::Over(row) } else { Column::Slack(row) });
            values[0].push(if over { -whole } else { whole });
            values[1].push(i128::from(room).abs());
        }
        Self {
            programme,
            rows,
            inverse,
            denominator: 1,
            columns,
            values,
            key: start.to_vec(),
            others: vec![Vec::new(); choosers],
            chooser,
            open: (0..u32::try_from(options).unwrap_or(u32::MAX)).collect(),
            open_offsets: programme.offsets.clone(),
            may_loosen: programme.kinds.iter().map(|&kind| kind == Kind::AtMost).collect(),
            prices: vec![0; rows],
            word: 0,
            alpha: vec![0; rows],
            cursor: 0,
            steps: 0,
        }
    }

    #[inline]
    fn cost(&self, option: u32) -> i128 {
        self.programme.costs[option as usize * self.programme.words + self.word].into()
    }

    /// Prices of the rows on the word, times the denominator, below zero where a row is worth
    /// something.
    fn price(&mut self) {
        let mut costs: Vec<(usize, i128)> = Vec::new();
        for (position, &column) in self.columns.iter().enumerate() {
            let cost = match column {
                Column::Over(_) if self.programme.forbidden.0 == self.word => self.programme.forbidden.1.into(),
                Column::Slack(_) | Column::Over(_) => 0,
                Column::Option(option) => self.cost(option) - self.cost(self.key[self.chooser[option as usize] as usize]),
            };
            if cost != 0 {
                costs.push((position, cost));
            }
        }
        for (price, column) in self.prices.iter_mut().zip(self.inverse.chunks_exact(self.rows.max(1))) {
            *price = costs.iter().map(|&(position, cost)| cost * i128::from(column[position])).sum();
        }
    }

    /// What an option costs with the prices, times the denominator.
    #[inline]
    fn pays(&self, option: u32) -> i128 {
        let takes = self.programme.takes_of(option).iter();
        let tolls: i128 = takes.map(|&(row, times)| i128::from(times) * self.prices[row as usize]).sum();
        self.cost(option) * i128::from(self.denominator) - tolls
    }

    fn open_of(&self, chooser: usize) -> &[u32] {
        &self.open[self.open_offsets[chooser] as usize..self.open_offsets[chooser + 1] as usize]
    }

    /// A column that makes it cheaper, with by how much, times the denominator.
    fn enters(&mut self) -> Option<(Column, i128)> {
        let choosers = self.key.len();
        let mut best: Option<(Column, i128)> = None;
        let mut looked_at = 0;
        while looked_at < choosers {
            let end = (looked_at + BLOCK).min(choosers);
            for _ in looked_at..end {
                let chooser = self.cursor;
                self.cursor = if self.cursor + 1 == choosers { 0 } else { self.cursor + 1 };
                let options = self.open_of(chooser);
                if options.len() < 2 {
                    continue;
                }
                let here = self.pays(self.key[chooser]);
                for &option in options {
                    let gain = self.pays(option) - here;
                    if gain < best.map_or(0, |best| best.1) {
                        best = Some((Column::Option(option), gain));
                    }
                }
            }
            looked_at = end;
            if best.is_some() {
                return best;
            }
        }
        for (row, &price) in (0..).zip(&self.prices) {
            if self.may_loosen[row as usize] && -price < best.map_or(0, |best| best.1) {
                best = Some((Column::Slack(row), -price));
            }
        }
        best
    }

    /// Works out the column that enters in terms of the basis.
    fn look(&mut self, column: Column) -> Option<()> {
        self.alpha.fill(0);
        let mut add = |row: u32, times: i64| {
            let start = row as usize * self.rows;
            for (sum, &entry) in self.alpha.iter_mut().zip(&self.inverse[start..start + self.rows]) {
                *sum += times * entry;
            }
        };
        match column {
            Column::Slack(row) => add(row, 1),
            Column::Over(row) => add(row, -1),
            Column::Option(option) => {
                self.programme.takes_of(option).iter().for_each(|&(row, times)| add(row, times));
                let key = self.key[self.chooser[option as usize] as usize];
                self.programme.takes_of(key).iter().for_each(|&(row, times)| add(row, -times));
            }
        }
        self.alpha.iter().all(|entry| entry.abs() < FAR).then_some(())
    }

    /// What the key of a chooser counts for, times the denominator.
    fn key_value(&self, chooser: u32, hairs: usize) -> i128 {
        let whole = if hairs == 0 { WHOLE } else { 1 };
        let others = self.others[chooser as usize].iter();
        whole * i128::from(self.denominator) - others.map(|&position| self.values[hairs][position as usize]).sum::<i128>()
    }

    /// Takes a column into the basis.
    fn step(&mut self, column: Column, cost: i128) -> Option<()> {
        self.steps += 1;
        self.look(column)?;
        let own = match column {
            Column::Option(option) => Some(self.chooser[option as usize]),
            Column::Slack(_) | Column::Over(_) => None,
        };
        let position = match self.leaves(own)? {
            Leaves::Position(position) => position,
            Leaves::Key(chooser) => {
                let Some(&position) = self.others[chooser as usize].first() else {
                    let Column::Option(option) = column else { return None };
                    self.replace_key(chooser, option);
                    return Some(());
                };
                self.swap_key(chooser, position as usize);
                self.look(column)?;
                position as usize
            }
        };
        if self.alpha[position] == 0 {
            return None;
        }
        self.pivot(position, cost)?;
        if let Column::Option(option) = self.columns[position] {
            self.others[self.chooser[option as usize] as usize].retain(|&other| other as usize != position);
        }
        if let Some(own) = own {
            self.others[own as usize].push(u32::try_from(position).ok()?);
        }
        self.columns[position] = column;
        Some(())
    }

    /// What is the first to come to nothing.
    fn leaves(&self, own: Option<u32>) -> Option<Leaves> {
        let mut first: Option<(i128, i64, Leaves)> = None;
        let mut consider = |value: i128, rate: i64, leaves: Leaves| {
            let value = value.max(0);
            if first.is_none_or(|(least, fastest, _)| value * i128::from(fastest) < least * i128::from(rate)) {
                first = Some((value, rate, leaves));
            }
        };
        let mut touched: Vec<u32> = own.into_iter().collect();
        for (position, &rate) in self.alpha.iter().enumerate().filter(|(_, rate)| **rate != 0) {
            match self.columns[position] {
                Column::Slack(row) if self.programme.kinds[row as usize] == Kind::Exactly => {
                    consider(0, rate.abs(), Leaves::Position(position));
                    continue;
                }
                Column::Option(option) => touched.push(self.chooser[option as usize]),
                Column::Slack(_) | Column::Over(_) => {}
            }
            if rate > 0 {
                consider(self.values[0][position], rate, Leaves::Position(position));
            }
        }
        touched.sort_unstable();
        touched.dedup();
        for chooser in touched {
            let others = self.others[chooser as usize].iter();
            let gained: i64 = others.map(|&position| self.alpha[position as usize]).sum();
            let rate = if own == Some(chooser) { self.denominator } else { 0 } - gained;
            if rate > 0 {
                consider(self.key_value(chooser, 0), rate, Leaves::Key(chooser));
            }
        }
        first.map(|first| first.2)
    }

    /// Makes another column of a chooser the key.
    fn swap_key(&mut self, chooser: u32, position: usize) {
        for (hairs, values) in [self.key_value(chooser, 0), self.key_value(chooser, 1)].into_iter().enumerate() {
            self.values[hairs][position] = values;
        }
        let others = &self.others[chooser as usize];
        for column in self.inverse.chunks_exact_mut(self.rows) {
            column[position] = -others.iter().map(|&other| column[other as usize]).sum::<i64>();
        }
        if let Column::Option(option) = self.columns[position] {
            self.columns[position] = Column::Option(std::mem::replace(&mut self.key[chooser as usize], option));
        }
    }

    /// Makes an option the key of a chooser who has no other column.
    fn replace_key(&mut self, chooser: u32, option: u32) {
        self.key[chooser as usize] = option;
        for (hairs, whole) in [WHOLE, 1].into_iter().enumerate() {
            for (value, &rate) in self.values[hairs].iter_mut().zip(&self.alpha) {
                *value -= i128::from(rate) * whole;
            }
        }
    }

    fn pivot(&mut self, position: usize, cost: i128) -> Option<()> {
        let (was, by) = (self.denominator, self.alpha[position]);
        let sign = by.signum();
        let touched: Vec<(usize, i64)> =
            self.alpha.iter().copied().enumerate().filter(|&(other, rate)| rate != 0 && other != position).collect();
        let unit = by.abs() == was;
        for (price, column) in self.prices.iter_mut().zip(self.inverse.chunks_exact_mut(self.rows)) {
            let here = column[position];
            if unit && here == 0 {
                continue;
            }
            let sum = price.checked_mul(by.into())?.checked_add(cost.checked_mul(here.into())?)?;
            *price = sum / i128::from(was) * i128::from(sign);
            if unit {
                for &(other, rate) in &touched {
                    column[other] = small(column[other] - rate.checked_mul(here)? / was * sign)?;
                }
            } else {
                for (entry, &rate) in column.iter_mut().zip(&self.alpha) {
                    *entry = small(entry.checked_mul(by)?.checked_sub(rate.checked_mul(here)?)? / was * sign)?;
                }
            }
            column[position] = here * sign;
        }
        for values in &mut self.values {
            let here = values[position];
            for (entry, &rate) in values.iter_mut().zip(&self.alpha) {
                *entry = (*entry * i128::from(by) - i128::from(rate) * here) / i128::from(was) * i128::from(sign);
            }
            values[position] = here * i128::from(sign);
        }
        self.denominator = by.abs();
        Some(())
    }

    /// Drops what costs more on the word.
    fn narrow(&mut self) {
        let mut kept = 0;
        for chooser in 0..self.key.len() {
            let range = self.open_offsets[chooser] as usize..self.open_offsets[chooser + 1] as usize;
            let here = self.pays(self.key[chooser]);
            self.open_offsets[chooser] = u32::try_from(kept).unwrap_or(u32::MAX);
            for slot in range {
                let option = self.open[slot];
                if self.pays(option) == here {
                    self.open[kept] = option;
                    kept += 1;
                }
            }
        }
        if let Some(end) = self.open_offsets.last_mut() {
            *end = u32::try_from(kept).unwrap_or(u32::MAX);
        }
        self.open.truncate(kept);
        for (may_loosen, &price) in self.may_loosen.iter_mut().zip(&self.prices) {
            *may_loosen &= price == 0;
        }
    }

    fn chosen(&self) -> Vec<(u32, i128)> {
        let keys = (0..).zip(&self.key).map(|(chooser, &option)| (option, self.key_value(chooser, 1)));
        let others = self.columns.iter().zip(&self.values[1]).filter_map(|(&column, &value)| match column {
            Column::Option(option) => Some((option, value)),
            Column::Slack(_) | Column::Over(_) => None,
        });
        let mut chosen: Vec<(u32, i128)> = keys.chain(others).filter(|row| row.1 != 0).collect();
        chosen.sort_unstable();
        chosen
    }
}

fn small(entry: i64) -> Option<i64> {
    (entry.abs() < FAR).then_some(entry)
}

impl Programme {
    /// What an option takes from rows.
    #[inline]
    pub(super) fn takes_of(&self, option: u32) -> &[(u32, i64)] {
        &self.takes[self.option_rows[option as usize] as usize..self.option_rows[option as usize + 1] as usize]
    }
}
