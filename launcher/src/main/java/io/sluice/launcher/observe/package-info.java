/** What an operator sees: readings of all that is counted and timed, for the admin API, the dashboard and metrics. */
package io.sluice.launcher.observe;
