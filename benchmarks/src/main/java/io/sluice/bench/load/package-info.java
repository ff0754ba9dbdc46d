/** The load generator behind {@code ./sluice bench}: event loops with clients, and the results of their requests. */
package io.sluice.bench.load;
