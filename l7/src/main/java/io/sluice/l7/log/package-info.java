/** The access log: records of requests, which workers fill and the log writer's thread writes. */
package io.sluice.l7.log;
