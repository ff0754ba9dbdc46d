package io.sluice.bench.load;

/** What has come of an answer so far. */
enum Answer { INCOMPLETE, GOOD, BAD_STATUS, BROKEN }
