/**
 * Numbers: counters and distributions of times that one worker writes and anyone reads, and a counter that all may
 * write.
 */
package io.sluice.core.stats;
