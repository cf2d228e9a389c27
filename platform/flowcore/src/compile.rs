//! Compiling and linting a definition: indexes, matched joins, regions, reachability.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use crate::lint::Lint;
use crate::{Definition, Link, LintError, Step};

/// A definition checked and indexed; share it by `Arc`.
#[derive(Clone, Debug)]
pub struct Compiled {
    pub(crate) def: Definition,
    pub(crate) index: HashMap<String, usize>,
    pub(crate) out: Vec<Vec<usize>>,
    pub(crate) start: usize,
    /// Fork -> its join.
    pub(crate) join_of: BTreeMap<usize, usize>,
    /// Innermost fork or `Each` whose branch a step lies in.
    pub(crate) region: Vec<Option<usize>>,
    /// Steps reachable by links within the same region and inside blocks opened on the way.
    pub(crate) reach: Vec<BTreeSet<usize>>,
}

impl Definition {
    /// Checks and indexes; all faults at once.
    pub fn compile(&self) -> Result<Compiled, Vec<LintError>> {
        Lint::new(self).run()
    }
}

impl Compiled {
    /// The definition.
    pub fn definition(&self) -> &Definition {
        &self.def
    }

    /// Step by id.
    pub fn step(&self, id: &str) -> Option<&Step> {
        self.index.get(id).and_then(|&i| self.def.steps.get(i))
    }

    /// The start step.
    pub fn start(&self) -> Option<&Step> {
        self.def.steps.get(self.start)
    }

    /// Links out of a step, in order.
    pub fn links_from(&self, id: &str) -> impl Iterator<Item = &Link> {
        let list = self
            .index
            .get(id)
            .and_then(|&i| self.out.get(i))
            .map_or(&[][..], Vec::as_slice);
        list.iter().filter_map(|&l| self.def.links.get(l))
    }

    /// Join of a fork.
    pub fn join_of(&self, fork: &str) -> Option<&Step> {
        let f = self.index.get(fork)?;
        self.join_of.get(f).and_then(|&j| self.def.steps.get(j))
    }

    /// Fork or `Each` in whose branch a step lies; `None` at the outermost level.
    pub fn region(&self, id: &str) -> Option<&str> {
        let i = *self.index.get(id)?;
        let r = (*self.region.get(i)?)?;
        self.def.steps.get(r).map(|s| s.id.as_str())
    }

    /// Can `to` be reached from `from` along links?
    pub fn reaches(&self, from: &str, to: &str) -> bool {
        match (self.index.get(from), self.index.get(to)) {
            (Some(f), Some(t)) => self.reach.get(*f).is_some_and(|r| r.contains(t)),
            _ => false,
        }
    }

    /// Steps strictly between two steps of one region on a shortest way, for the record of a skip; `None` if there is no way.
    pub fn between(
        &self,
        from: &str,
        to: &str,
        without: impl Fn(&Step) -> bool,
    ) -> Option<Vec<String>> {
        let (f, t) = (*self.index.get(from)?, *self.index.get(to)?);
        let mut came: HashMap<usize, usize> = HashMap::new();
        let mut queue = VecDeque::from([f]);
        while let Some(at) = queue.pop_front() {
            for next in self.next_in_region(at) {
                if next == t {
                    let mut way = Vec::new();
                    let mut back = at;
                    while back != f {
                        if let Some(s) = self.def.steps.get(back) {
                            way.push(s.id.clone());
                        }
                        back = *came.get(&back)?;
                    }
                    way.reverse();
                    return Some(way);
                }
                if next != f
                    && !came.contains_key(&next)
                    && !self.def.steps.get(next).is_some_and(&without)
                {
                    came.insert(next, at);
                    queue.push_back(next);
                }
            }
        }
        None
    }

    /// Next steps on the same level: blocks count as one step.
    fn next_in_region(&self, at: usize) -> Vec<usize> {
        let from = self.join_of.get(&at).copied().unwrap_or(at);
        let links = self.out.get(from).map_or(&[][..], Vec::as_slice);
        links
            .iter()
            .filter_map(|&l| {
                self.def
                    .links
                    .get(l)
                    .and_then(|l| self.index.get(&l.to))
                    .copied()
            })
            .collect()
    }
}
