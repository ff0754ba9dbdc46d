/** What the load generator and its origin share. */
package io.sluice.bench;
