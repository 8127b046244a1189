//! Parsing and rendering of generated modules of about 2 KB, as in the generated apps of `bench/`.
//!
//! The functions named `measured_…` are what `cargo xtask instructions` counts.

use std::fmt::Write;
use std::hint::black_box;

use divan::Bencher;
use divan::counter::BytesCount;
use hmr_transform::{Context, Form, ParsedModule, parse};

fn main() {
    divan::main();
}

const IMPORTS: usize = 5;

/// A module with this many functions beside its imports and its class.
fn source(functions: usize) -> String {
    let mut text = String::new();
    for import in 0..IMPORTS {
        writeln!(text, "import {{ value{import}, Service{import} }} from '../part/m{import}.js';")
            .expect("a string takes everything");
    }
    text.push_str("const settings = Object.freeze({ name: 'part', retries: 3, timeout: 250 });\n");
    for function in 0..functions {
        write!(
            text,
            "/** Folds a list of records of kind {function} into one, keeping what is newest. */
export function fold{function}(records, limit = settings.retries) {{
  const result = [];
  for (const record of records) {{
    if (record.kind !== {function} || result.length >= limit) continue;
    result.push({{ ...record, seen: record.seen + value0 }});
  }}
  return result.length > 0 ? result : undefined;
}}\n"
        )
        .expect("a string takes everything");
    }
    text.push_str(
        "export class Service extends Service0 {
  #items = new Map();
  get(key) { return this.#items.get(key)?.item ?? this.parent?.get(key); }
}
export let value = (value0 + value1 + value2 + value3 + value4) % 1000;
export const count = () => { value += 1; };\n",
    );
    text
}

#[inline(never)]
fn measured_parse(source: &str) -> ParsedModule {
    parse(source).expect("it is a module")
}

#[inline(never)]
fn measured_render(parsed: &ParsedModule, source: &str, context: &Context) -> String {
    parsed.render(source, context)
}

#[divan::bench(args = [5, 50, 500])]
fn parse_functions(bencher: Bencher, functions: usize) {
    let source = source(functions);
    let bencher = bencher.counter(BytesCount::of_str(&source));
    bencher.bench_local(|| measured_parse(black_box(&source)));
}

/// Imports are copies, as nearly everywhere, or read live, as in a cycle.
#[divan::bench(args = [false, true])]
fn render(bencher: Bencher, live: bool) {
    let source = source(5);
    let parsed = measured_parse(&source);
    let live = vec![live; parsed.record.imports.len()];
    let context = Context { live: &live, late: &[], form: Form::Plain, seen_early: false };
    let bencher = bencher.counter(BytesCount::of_str(&source));
    bencher.bench_local(|| measured_render(black_box(&parsed), black_box(&source), &context));
}
