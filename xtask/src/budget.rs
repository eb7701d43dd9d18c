//! What the page weighs over the wire, and the limit that fails the build.

use std::fs;

use crate::{
    Outcome,
    run::{output, program, root},
};

/// The whole page, compressed by brotli at its best, in bytes: what it may weigh at most. It is a
/// ratchet: whoever makes the page lighter lowers it, nobody raises it without a reason here. Raised by
/// 5 KiB when everything that grows with the input began to rest between entries, and by 4 when the page
/// got a field that does not wait for the program, and the merged file and what is dropped began to rest;
/// by 1 when what merging hides was no longer drawn whole; by 6 when checks, merging, mending and what
/// kubectl will say began to rest within; by 2 when long lists of Secrets were read item by item. Lowered
/// by 12 when functions that are alike were put side by side and vectors allowed, though long lists of
/// Secrets are searched item by item since then in JSON, too. Raised by 2 when secrets were looked for
/// behind quotes and signs, in every part of an address, and behind the name of a program; by 13 when the
/// source covered all that the redacted copy does, wrapped messages of kubectl were told from what they wrap,
/// one of several credentials sufficed, and a screen reader heard what the screen shows; by 26 when keys
/// were covered wherever they stand, and secrets that only their place or a comment tells, when no answer
/// claimed what the kubeconfig or the message disproves, and no command could destroy a kubeconfig.
const LIMIT: usize = 567 * 1024;
/// Where it is to go.
const GOAL: usize = 200 * 1024;

/// Prints what each file of the page weighs, and fails above the limit.
pub(crate) fn check() -> Outcome {
    let dist = root().join("dist");
    let mut names: Vec<String> = fs::read_dir(&dist)
        .map_err(|it| format!("{}: {it}", dist.display()))?
        .filter_map(|it| it.ok()?.file_name().into_string().ok())
        .filter(|it| it == "index.html" || it.ends_with(".wasm"))
        .collect();
    names.sort();
    let mut total = 0;
    println!("{:>10} {:>10} {:>10}", "bytes", "gzip", "brotli");
    for name in names {
        let size =
            |name: &str| fs::metadata(dist.join(name)).map(|it| it.len()).unwrap_or_default();
        let brotli = size(&format!("{name}.br"));
        println!("{:>10} {:>10} {brotli:>10}  {name}", size(&name), size(&format!("{name}.gz")));
        total += usize::try_from(brotli).expect("a file of the page fits in memory");
    }
    println!("{total:>32}  whole page: goal {GOAL}, limit {LIMIT}");
    if LIMIT < total {
        return Err(format!(
            "The page is {} bytes over its budget. `cargo tree --target wasm32-unknown-unknown -e normal` \
             shows what is in it; take out what does not earn its place.",
            total - LIMIT
        ));
    }
    Ok(())
}

/// Writes `.br` and `.gz` beside every file of `dist/` that gains by it.
pub(crate) fn compress() -> Outcome {
    let script = "
        const fs = require('fs'), zlib = require('zlib');
        for (const name of fs.readdirSync('dist')) {
            if (!/\\.(html|wasm)$/.test(name)) continue;
            const bytes = fs.readFileSync('dist/' + name);
            fs.writeFileSync('dist/' + name + '.gz', zlib.gzipSync(bytes, { level: 9 }));
            fs.writeFileSync('dist/' + name + '.br', zlib.brotliCompressSync(bytes, { params: {
                [zlib.constants.BROTLI_PARAM_QUALITY]: 11,
                [zlib.constants.BROTLI_PARAM_LGWIN]: 24,
                [zlib.constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
            } }));
        }";
    output(program("node").args(["-e", script]))
        .map(|_| ())
        .ok_or("node cannot compress dist/".into())
}
