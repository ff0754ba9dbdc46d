/** Reads the start of PostgreSQL connections, up to the point where both sides are left to themselves. */
package io.sluice.l4.postgres;
