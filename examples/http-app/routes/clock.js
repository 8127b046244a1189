// Nothing in the demo edits this file, so it is evaluated once and the instant below never changes.
export const bornAt = performance.now();
