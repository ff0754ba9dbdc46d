/**
 * The few system calls that NIO lacks or makes too many of, through {@code java.lang.foreign}. Where they are absent or
 * denied, all else still works.
 *
 * <p>Methods of the data path that invoke a call have names that begin with {@code invoke}: by these {@code ./sluice}
 * has the compiler leave them on their own. Within callers that are large enough already it would stop short of seeing
 * that the object does not escape that the JDK makes for the error number, and allocate one for every call.
 */
package io.sluice.core.linux;
