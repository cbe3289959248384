//! E06: launching, comparing, devices. E065 and E066 are about the headers of samples.

use super::Code;

codes! {
    E0650: "the sample's header is not TOML" => "\
The lines that begin with //# at the top of a sample are one TOML document, with the //# taken away.

    //# launch = { kernel = \"saxpy\", grid = 4, block = 256 }

samples/README.md describes all keys.";
    E0651: "unknown key in the sample's header" => "\
A key that nobody reads would be a check that nobody makes, so it is an error. The message lists the keys that are known at this place;
samples/README.md explains them.";
    E0652: "wrong kind of value in the sample's header" => "\
A value is missing, has the wrong type, or lies outside of what is possible. samples/README.md says what each key takes.";
    E0653: "unknown or doubled name in the sample's header" => "\
Names in `expect`, `launches` and pointers into buffers must be declared in `args`, `buffers` or `symbols`, once, and before they are used.";
    E0654: "malformed generator" => "\
A generator fills memory from a few words: what, type, count.

    { x = \"iota f32 1000\" }

samples/README.md lists all generators and types.";
    E0655: "mistake in a formula" => "\
A formula in a sample's header cannot be understood or computed: an unknown name, an element outside of a buffer, a division by zero, a
loop without end. Formulas speak of `i`, of numbers among the arguments, and of memory as it was before the first launch.";
    E0656: "the sample does not say what to check" => "\
A sample's header has a launch and says in `expect` what memory must hold afterwards. A sample that checks nothing proves nothing.

    //# launch = { kernel = \"saxpy\", grid = 4, block = 256 }
    //# args   = [{ n = 1000 }, { y = \"zeros f32 1000\" }]
    //# expect = { y = \"2*i + 1\" }";
}
