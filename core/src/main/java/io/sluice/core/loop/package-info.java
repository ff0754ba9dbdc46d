/** The duty cycle of a worker's thread: its mailbox, what it waits in, its timers. */
package io.sluice.core.loop;
