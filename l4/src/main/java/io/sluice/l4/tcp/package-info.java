/** TCP pass-through. */
package io.sluice.l4.tcp;
