package io.sluice.bench.load;

/** The state of an answer. */
enum Answer { INCOMPLETE, GOOD, BAD_STATUS, BROKEN }
