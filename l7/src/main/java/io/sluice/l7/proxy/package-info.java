/** One exchange from client to server and back: connections, forwarding, retries, errors, access log. */
package io.sluice.l7.proxy;
