//! Prints kernel N of the matrix of warp operations, or piece P of it.

fn main() {
    let mut numbers = std::env::args().skip(1).map(|text| text.parse::<usize>().expect("arguments are numbers"));
    let matrix = &harness::warps::all()[numbers.next().unwrap_or(0)];
    match numbers.next() {
        Some(piece) => print!("{}", matrix.pieces().nth(piece).expect("a kernel has six pieces")),
        None => print!("{matrix}"),
    }
}
