//! The core's speed on the machine at hand: the stages and the whole, over fleets of 1 to
//! 10,000 contexts. `cargo bench --no-default-features` runs it.
//!
//! Absolute times belong to one machine in one hour. What is held is the growth: the last
//! lines give the best time at each size and the growth from 1,000 to 10,000 contexts, where
//! 1 is linear; `-- growth` prints nothing but these.
#![expect(clippy::indexing_slicing, reason = "the input is our own")]

mod everything;
mod fleet;

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use criterion::{BenchmarkId, Criterion, Throughput};
use kubeconfig_inspector::{
    decode::{
        key::{self, Effort},
        pem, x509,
    },
    inspect, intake,
    kubeconfig::{load, merge, resolve},
    pace,
    source::Source,
    time::Timestamp,
};

const SIZES: [usize; 5] = [1, 10, 100, 1_000, 10_000];

fn main() {
    if !std::env::args().any(|it| it == "growth") {
        let mut criterion = Criterion::default()
            .sample_size(10)
            .warm_up_time(Duration::from_millis(500))
            .measurement_time(Duration::from_secs(2))
            .configure_from_args();
        whole(&mut criterion);
        stages(&mut criterion);
        criterion.final_summary();
    }
    // `cargo test --benches` only asks whether it runs.
    if !std::env::args().any(|it| it == "--test") {
        growth();
    }
}

fn whole(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("inspect");
    for n in SIZES {
        let text = fleet::kubeconfig(0..n);
        group.throughput(Throughput::Bytes(text.len() as u64));
        let sources = [Source::new("fleet", text)];
        group.bench_function(BenchmarkId::from_parameter(n), |it| {
            it.iter_with_large_drop(|| inspect(black_box(&sources), now()));
        });
    }
    let sources = files();
    group.bench_function("1000 files", |it| {
        it.iter_with_large_drop(|| inspect(black_box(&sources), now()));
    });
    group.finish();
}

/// Each stage by itself on 1,000 contexts, in the order in which a kubeconfig travels.
fn stages(criterion: &mut Criterion) {
    let text = fleet::kubeconfig(0..1_000);
    let source = Source::new("fleet", text.clone());
    let files = [load::load(0, "fleet", text.as_bytes())];
    let merged = merge::merge(&files, &[0]);
    let field = |name: &str| -> Vec<Vec<u8>> {
        let values = text.lines().filter_map(|it| it.trim_start().strip_prefix(name));
        values.map(|it| STANDARD.decode(it.trim()).expect("the fleet is base64")).collect()
    };
    let certificates = field("client-certificate-data:");
    let keys = field("client-key-data:");
    let der = |texts: &[Vec<u8>]| -> Vec<Vec<u8>> {
        texts.iter().flat_map(|it| pem::blocks(it)).map(|it| it.der.reveal().clone()).collect()
    };
    let (certificates_der, keys_der) = (der(&certificates), der(&keys));

    let mut group = criterion.benchmark_group("stages at 1000");
    group.bench_function("intake", |it| {
        it.iter_with_large_drop(|| intake::plain(black_box(&source)));
    });
    group.bench_function("load", |it| {
        it.iter_with_large_drop(|| load::load(0, "fleet", black_box(text.as_bytes())));
    });
    group.bench_function("merge", |it| {
        it.iter_with_large_drop(|| merge::merge(black_box(&files), &[0]));
    });
    group.bench_function("resolve", |it| {
        it.iter_with_large_drop(|| {
            pace::at_once(async |pace| {
                let contexts = resolve::resolve(pace, black_box(&files), &merged).await;
                contexts.collect::<Vec<_>>()
            })
        });
    });
    group.bench_function("pem", |it| {
        it.iter(|| certificates.iter().map(|it| pem::blocks(black_box(it)).len()).sum::<usize>());
    });
    group.bench_function("x509", |it| {
        it.iter(|| certificates_der.iter().filter(|it| x509::certificate(it).is_ok()).count());
    });
    group.bench_function("key", |it| {
        it.iter(|| {
            keys_der.iter().filter(|it| key::private_key(it, &Effort::default()).is_ok()).count()
        });
    });
    group.finish();
}

/// Prints the best of five runs at each size, with all that certificates say, and how far growth is from
/// linear.
fn growth() {
    let inputs: Vec<(String, Vec<Source>)> = [100, 1_000, 10_000]
        .map(|n| (n.to_string(), vec![Source::new("fleet", fleet::kubeconfig(0..n))]))
        .into_iter()
        .chain([("1000 files".to_owned(), files())])
        .collect();
    let mut best = vec![Duration::MAX; inputs.len()];
    for _ in 0..5 {
        for ((_, sources), best) in inputs.iter().zip(&mut best) {
            let start = Instant::now();
            let report = black_box(inspect(black_box(sources), now()));
            everything::read(&report);
            *best = start.elapsed().min(*best);
            drop(report);
        }
    }
    for ((name, _), best) in inputs.iter().zip(&best) {
        println!("native {name}: {:.2} ms", best.as_secs_f64() * 1e3);
    }
    println!("growth 1000 to 10000: {:.2}", best[2].as_secs_f64() / best[1].as_secs_f64() / 10.0);
}

fn files() -> Vec<Source> {
    (0..1_000).map(|it| Source::new("file", fleet::kubeconfig(it..it + 1))).collect()
}

fn now() -> Timestamp {
    Timestamp::parse(fleet::NOW).expect("a moment as RFC 3339 writes it")
}
