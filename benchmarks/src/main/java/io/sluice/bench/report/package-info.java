/** What a run came to, for people and for programs: table, JSON, HTML. */
package io.sluice.bench.report;
