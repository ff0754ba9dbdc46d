/** The dummy server behind {@code ./sluice origin}: answers of any size, delay and status, chosen by the URL. */
package io.sluice.bench.origin;
