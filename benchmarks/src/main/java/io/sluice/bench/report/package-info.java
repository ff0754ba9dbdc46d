/** The reports of a run, for people and for programs: table, JSON, HTML. */
package io.sluice.bench.report;
