/** What one client may have: tables that count connections, or how often somebody comes, shared by all workers. */
package io.sluice.core.limit;
