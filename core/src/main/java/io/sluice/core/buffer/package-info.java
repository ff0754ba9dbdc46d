/** Memory for bytes in flight. */
package io.sluice.core.buffer;
