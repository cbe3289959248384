//! Prints kernel N of the matrix of warp operations.

fn main() {
    let index = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(0usize);
    print!("{}", harness::warps::all()[index]);
}
