/** The load generator behind {@code ./sluice bench}: event loops full of clients, and what became of their requests. */
package io.sluice.bench.load;
