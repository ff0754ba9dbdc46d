/**
 * The few system calls that NIO lacks, through {@code java.lang.foreign}. Where they are absent or denied, all else
 * still works.
 */
package io.sluice.core.linux;
