/** The types that the load generator and the origin share. */
package io.sluice.bench;
