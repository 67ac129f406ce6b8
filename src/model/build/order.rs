//! Putting things behind what they depend on, and the loops that forbid it.

/// The order of `0..reads.len()` in which each comes after those it reads, otherwise as given;
/// and one loop for each knot that has none, each as the things in reading order.
///
/// What lies on a loop, or reads something that does, still appears in the order.
pub(super) fn sort(reads: &[Vec<usize>]) -> (Vec<usize>, Vec<Vec<usize>>) {
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        New,
        Open,
        Done,
    }
    let mut marks = vec![Mark::New; reads.len()];
    let mut order = Vec::with_capacity(reads.len());
    let mut loops: Vec<Vec<usize>> = Vec::new();
    let mut in_loop = vec![false; reads.len()];
    for start in 0..reads.len() {
        if marks.get(start) != Some(&Mark::New) {
            continue;
        }
        // Each frame: a thing, and how many of its reads have been followed.
        let mut path: Vec<(usize, usize)> = vec![(start, 0)];
        if let Some(mark) = marks.get_mut(start) {
            *mark = Mark::Open;
        }
        while let Some((thing, followed)) = path.last_mut() {
            let thing = *thing;
            let next = reads
                .get(thing)
                .and_then(|list| list.get(*followed))
                .copied();
            *followed += 1;
            let Some(next) = next else {
                if let Some(mark) = marks.get_mut(thing) {
                    *mark = Mark::Done;
                }
                order.push(thing);
                path.pop();
                continue;
            };
            match marks.get(next) {
                Some(Mark::New) => {
                    if let Some(mark) = marks.get_mut(next) {
                        *mark = Mark::Open;
                    }
                    path.push((next, 0));
                }
                Some(Mark::Open) => {
                    let from = path.iter().position(|(open, _)| *open == next).unwrap_or(0);
                    let members: Vec<usize> =
                        path.iter().skip(from).map(|(open, _)| *open).collect();
                    if members
                        .iter()
                        .all(|member| in_loop.get(*member) == Some(&false))
                    {
                        for member in &members {
                            if let Some(flag) = in_loop.get_mut(*member) {
                                *flag = true;
                            }
                        }
                        loops.push(members);
                    }
                }
                Some(Mark::Done) | None => {}
            }
        }
    }
    (order, loops)
}
