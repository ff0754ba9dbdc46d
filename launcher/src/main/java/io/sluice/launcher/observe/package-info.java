/** What an operator sees: readings of all that is counted and measured, for the admin API, the dashboard and metrics. */
package io.sluice.launcher.observe;
