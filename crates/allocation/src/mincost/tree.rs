//! The spanning tree of the simplex method, hung from a root.

/// No node.
const NOBODY: u32 = u32::MAX;

/// Which way the arc between a node and its parent points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    /// From the node to its parent.
    Up,
    /// From the parent to the node.
    Down,
}

impl Direction {
    const fn turned(self) -> Self {
        match self {
            Self::Up => Self::Down,
            Self::Down => Self::Up,
        }
    }
}

/// A node's place in the tree.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hung {
    pub(super) parent: u32,
    /// Arc between the node and its parent.
    pub(super) arc: u32,
    pub(super) direction: Direction,
    pub(super) depth: u32,
    first_child: u32,
    before: u32,
    after: u32,
}

/// The tree. The root is the last node.
#[derive(Debug)]
pub(super) struct Tree {
    nodes: Vec<Hung>,
}

impl Tree {
    /// All nodes under a new root, each by the arc and in the direction that is given.
    pub(super) fn star(arcs: &[(u32, Direction)]) -> Self {
        let alone =
            Hung { parent: NOBODY, arc: NOBODY, direction: Direction::Up, depth: 0, first_child: NOBODY, before: NOBODY, after: NOBODY };
        let mut tree = Self { nodes: vec![alone; arcs.len() + 1] };
        let root = u32::try_from(arcs.len()).unwrap_or(NOBODY);
        for (node, &(arc, direction)) in (0..root).zip(arcs) {
            tree.hang(node, root, arc, direction);
            tree.nodes[node as usize].depth = 1;
        }
        tree
    }

    #[inline]
    pub(super) fn at(&self, node: u32) -> &Hung {
        &self.nodes[node as usize]
    }

    /// The last node that the ways from two nodes to the root have in common.
    pub(super) fn join(&self, mut one: u32, mut other: u32) -> u32 {
        while one != other {
            if self.at(one).depth < self.at(other).depth {
                std::mem::swap(&mut one, &mut other);
            }
            one = self.at(one).parent;
        }
        one
    }

    /// Cuts off the part under `cut`, makes `top`, a node in it, its highest node, and hangs that
    /// from `parent` by `arc`.
    pub(super) fn rehang(&mut self, cut: u32, top: u32, parent: u32, arc: u32, direction: Direction) {
        let (mut node, mut above, mut by, mut points) = (top, parent, arc, direction);
        loop {
            let old = *self.at(node);
            self.unhang(node);
            self.hang(node, above, by, points);
            if node == cut {
                return;
            }
            (above, by, points) = (node, old.arc, old.direction.turned());
            node = old.parent;
        }
    }

    /// Visits a node and all under it, and sets their depth.
    pub(super) fn below(&mut self, top: u32, mut visit: impl FnMut(u32)) {
        let mut node = top;
        loop {
            let hung = self.nodes[node as usize];
            self.nodes[node as usize].depth = self.at(hung.parent).depth + 1;
            visit(node);
            if hung.first_child != NOBODY {
                node = hung.first_child;
                continue;
            }
            while node != top && self.at(node).after == NOBODY {
                node = self.at(node).parent;
            }
            if node == top {
                return;
            }
            node = self.at(node).after;
        }
    }

    fn hang(&mut self, node: u32, parent: u32, arc: u32, direction: Direction) {
        let after = std::mem::replace(&mut self.nodes[parent as usize].first_child, node);
        if after != NOBODY {
            self.nodes[after as usize].before = node;
        }
        let hung = &mut self.nodes[node as usize];
        (hung.parent, hung.arc, hung.direction) = (parent, arc, direction);
        (hung.before, hung.after) = (NOBODY, after);
    }

    fn unhang(&mut self, node: u32) {
        let Hung { parent, before, after, .. } = *self.at(node);
        if before == NOBODY {
            self.nodes[parent as usize].first_child = after;
        } else {
            self.nodes[before as usize].after = after;
        }
        if after != NOBODY {
            self.nodes[after as usize].before = before;
        }
    }
}
