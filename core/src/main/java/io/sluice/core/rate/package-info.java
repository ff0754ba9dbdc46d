/** How often clients may come: tables that count by key, shared by all workers. */
package io.sluice.core.rate;
