/** The duty cycle of a worker's thread: its mailbox, its selector, its timers. */
package io.sluice.core.loop;
