/** Compiled, immutable routing: which route of a listener takes a request, and what the route does with it. */
package io.sluice.l7.route;
