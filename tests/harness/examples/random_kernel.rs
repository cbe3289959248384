//! Prints the random kernels of the seeds given as arguments, one CUDA file each: `random_kernel 7`, or into a folder: `random_kernel 0 100 DIR`.

use harness::random::program;

fn main() -> std::io::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = |text: &String| text.parse::<u64>().unwrap_or_else(|_| panic!("{text} is no number"));
    match args.as_slice() {
        [from, to, folder] => {
            std::fs::create_dir_all(folder)?;
            for seed in number(from)..number(to) {
                std::fs::write(format!("{folder}/random_{seed}.cu"), program(seed).to_string())?;
            }
        }
        seeds => seeds.iter().for_each(|seed| print!("{}", program(number(seed)))),
    }
    Ok(())
}
