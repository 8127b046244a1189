//! Threads with stacks for texts of any depth: parsing recurses into what is nested, and the file of a program may be a generated
//! one. Plain Node throws a `RangeError` where V8's own limit is reached, which is what running the text does then.

use std::sync::OnceLock;
use std::thread;

use rayon::{Scope, ThreadPool, ThreadPoolBuilder};

/// Bytes of stack that a level may take, in a nested array for example.
const LEVEL: usize = 3 << 10;

/// Levels of brackets for which each thread has a stack. V8 takes no more than some thousands.
const LEVELS: usize = 40_000;

/// Bytes of a text, and levels of brackets in it, that any stack is deep enough for: another thread is an update's tenth.
/// Without brackets a level takes a tenth of the stack, and more of the text.
const SHORT: (usize, usize) = (32 << 10, 500);

/// The threads that read, parse and render.
///
/// # Panics
/// Where there can be no threads.
pub fn threads() -> &'static ThreadPool {
    static THREADS: OnceLock<ThreadPool> = OnceLock::new();
    THREADS.get_or_init(|| {
        let deep = ThreadPoolBuilder::new().stack_size(LEVELS * LEVEL).build();
        // Address space may be limited.
        deep.or_else(|_| ThreadPoolBuilder::new().build()).expect("threads can be started")
    })
}

/// Does work that may be split on these threads and waits for all of it.
pub fn scope<'scope, R: Send>(work: impl FnOnce(&Scope<'scope>) -> R + Send) -> R {
    threads().scope(work)
}

/// Works on a text where the stack is deep enough: on the thread of the caller, on one of these, or on one of its own.
pub fn on_deep_stack<R: Send>(text: &str, work: impl FnOnce() -> R + Send) -> R {
    let has_deep_stack = rayon::current_thread_index().is_some();
    let levels = if has_deep_stack && text.len() < LEVELS { 0 } else { levels(text) };
    if has_deep_stack && levels <= LEVELS || text.len() <= SHORT.0 && levels <= SHORT.1 {
        return work();
    }
    if levels > LEVELS {
        let deeper = thread::Builder::new().stack_size(levels * LEVEL);
        return thread::scope(|scope| {
            let own = deeper.spawn_scoped(scope, work).expect("a thread can be started");
            own.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        });
    }
    threads().install(work)
}

/// How deep brackets are nested in a text, at most: those in strings count, too.
fn levels(text: &str) -> usize {
    let (mut level, mut least, mut most) = (0_i64, 0, 0);
    for &byte in text.as_bytes() {
        level += i64::from(STEPS[usize::from(byte)]);
        least = level.min(least);
        most = most.max(level - least);
    }
    usize::try_from(most).unwrap_or(0)
}

/// What each byte adds to the level.
const STEPS: [i8; 256] = {
    let mut steps = [0; 256];
    steps[b'(' as usize] = 1;
    steps[b'[' as usize] = 1;
    steps[b'{' as usize] = 1;
    steps[b')' as usize] = -1;
    steps[b']' as usize] = -1;
    steps[b'}' as usize] = -1;
    steps
};

#[cfg(test)]
mod tests {
    use super::levels;

    #[test]
    fn levels_of_brackets() {
        let table = [
            ("", 0),
            ("a + b", 0),
            ("f(a, [b, { c }])", 3),
            ("() => {} ; [[]]", 2),
            (")))]]} [({", 3),
            ("')))' + [[[[1]]]]", 4),
        ];
        for (text, expected) in table {
            assert_eq!(levels(text), expected, "{text}");
        }
    }
}
