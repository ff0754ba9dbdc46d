/**
 * A randomized check of the whole program from the outside: servers and clients who agree on every byte, random
 * configurations, random things that operators do and that go wrong, and at the end everything back at zero. One seed
 * decides all of it; what the machine makes of it in time is its own.
 *
 * <p>{@code SoakIT} runs {@code SoakRun}s. A run has a {@code Mood}, which says how much goes wrong; a
 * {@code SoakConfig} with a listener and a pool of each {@code Kind}; some {@code SoakServer}s, and many
 * {@code SoakClient}s. An {@code Operator} changes what runs, and in some runs has one process after the other take
 * over (a {@code Succession}). What a client and a server say to each other is a {@code Talk}; both know it by its id
 * alone, so that each can tell what the other must send. They say it over a {@code Wire}, and tell the {@code Ledger}
 * what they see. At the end it is compared with what Sluice says, by {@code AccessLogCheck}, {@code SessionLogCheck},
 * {@code CountCheck} (the metrics, if there was one process) and {@code TotalCheck} (the last words of all processes).
 */
package io.sluice.launcher.soak;
