/** The access log: records of requests, filled by workers and written down by the log writer's thread. */
package io.sluice.l7.log;
