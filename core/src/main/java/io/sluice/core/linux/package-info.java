/**
 * The few system calls that NIO lacks or makes too many of, through {@code java.lang.foreign}. Where they are absent or
 * denied, all else still works.
 *
 * <p>Methods of the data path that make a call have names that begin with {@code invoke}; {@code ./sluice} tells the
 * compiler not to inline these. Inlined into a large caller, escape analysis would give up on the object that the JDK
 * makes for the error number, and every call would allocate one.
 */
package io.sluice.core.linux;
