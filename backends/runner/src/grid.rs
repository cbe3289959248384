//! Folds a CUDA grid (x up to 2^31-1) over dispatches whose dimensions a device allows, mostly 65,535.
//!
//! The kernel recovers its block as `firstBlock + group.x + groups.x * group.y` and returns when that is past the grid.
//! What must hold: every block is covered exactly once, and no block number of a padded dispatch overflows u32,
//! because a wrapped number would run block 0 a second time.

use crate::RunError;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FoldedDispatch {
    pub groups: [u32; 3],
    pub first_block: u32,
}

/// The dispatches for `grid`, each dimension at most `limit`.
pub fn fold_grid(grid: [u64; 3], limit: u32) -> Result<Vec<FoldedDispatch>, RunError> {
    let total = check_grid(grid)?;
    let limit = u64::from(limit.max(1));
    let mut parts = Vec::new();
    let mut first = 0;
    while first < total {
        let (groups, covered) = fold_part(total - first, first, limit);
        parts.push(FoldedDispatch { groups, first_block: first as u32 });
        first += covered;
    }
    Ok(parts)
}

/// One dispatch for the first of `rest` blocks, and how many of them it covers.
fn fold_part(rest: u64, first: u64, limit: u64) -> ([u32; 3], u64) {
    if rest <= limit {
        return ([rest as u32, 1, 1], rest);
    }
    let rows = rest.div_ceil(limit).min(limit);
    let columns = rest.div_ceil(rows).min(limit);
    if first + rows * columns <= u64::from(u32::MAX) + 1 {
        return ([columns as u32, rows as u32, 1], (rows * columns).min(rest));
    }
    ([limit as u32, 1, 1], limit)
}

fn check_grid(grid: [u64; 3]) -> Result<u64, RunError> {
    let refuse = |reason: &str| Err(RunError::Grid { grid, reason: reason.to_string() });
    if grid.contains(&0) {
        return refuse("a dimension is 0");
    }
    let total = grid.iter().try_fold(1u64, |product, &n| product.checked_mul(n));
    match total {
        Some(total) if total <= u64::from(u32::MAX) => Ok(total),
        _ => refuse("it has more than 4,294,967,295 blocks"),
    }
}

/// The bytes of `struct Launch { gridDim: vec3u, firstBlock: u32 }`. The grid has passed [`fold_grid`].
pub fn launch_uniform(grid: [u64; 3], first_block: u32) -> [u8; 16] {
    let mut bytes = [0; 16];
    let words = [grid[0] as u32, grid[1] as u32, grid[2] as u32, first_block];
    for (place, word) in bytes.chunks_exact_mut(4).zip(words) {
        place.copy_from_slice(&word.to_le_bytes());
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every block once, nothing past u32, every dimension within the limit.
    fn check(grid: [u64; 3], limit: u32) {
        let total: u64 = grid.iter().product();
        let parts = fold_grid(grid, limit).expect("a grid that can be launched");
        let mut next = 0;
        for part in &parts {
            assert_eq!(u64::from(part.first_block), next, "{grid:?} {parts:?}");
            assert!(part.groups.iter().all(|&g| g >= 1 && g <= limit), "{parts:?}");
            let padded: u64 = part.groups.iter().map(|&g| u64::from(g)).product();
            assert!(next + padded <= 1 << 32, "{grid:?} {parts:?}");
            next += padded;
        }
        assert!(next >= total, "{grid:?} {parts:?}");
        let last: u64 = parts.last().map_or(0, |p| p.groups.iter().map(|&g| u64::from(g)).product());
        assert!(next - last < total, "an empty dispatch: {grid:?} {parts:?}");
    }

    #[test]
    fn grids_are_covered_exactly_once() {
        for limit in [1, 2, 7, 64] {
            for x in 1..200 {
                check([x, 1, 1], limit);
            }
        }
        for x in [1, 65_535, 65_536, 65_537, 1 << 20, (1 << 31) - 1, 65_535 * 65_535, 65_535 * 65_535 + 1, (1 << 32) - 1] {
            check([x, 1, 1], 65_535);
        }
        check([3, 5, 7], 65_535);
        check([1, 65_535, 65_535], 65_535);
    }

    #[test]
    fn small_grids_are_one_row() {
        assert_eq!(fold_grid([65_535, 1, 1], 65_535), Ok(vec![FoldedDispatch { groups: [65_535, 1, 1], first_block: 0 }]));
        assert_eq!(fold_grid([65_536, 1, 1], 65_535), Ok(vec![FoldedDispatch { groups: [32_768, 2, 1], first_block: 0 }]));
    }

    #[test]
    fn empty_and_endless_grids_are_refused() {
        for grid in [[0, 1, 1], [1, 1, 0], [1 << 32, 1, 1], [u64::MAX, u64::MAX, 1]] {
            assert!(matches!(fold_grid(grid, 65_535), Err(RunError::Grid { .. })), "{grid:?}");
        }
    }

    #[test]
    fn the_uniform_is_four_words() {
        assert_eq!(launch_uniform([1, 2, 3], 4), [1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0]);
    }
}
