/** Compiled, immutable routing: which rule of a listener takes a request, and what that rule says. */
package io.sluice.l7.route;
