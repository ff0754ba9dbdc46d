package io.sluice.bench.load;

/** What load to make. Immutable. */
public record LoadSettings(Target target, Pace pace, Span span) { }
