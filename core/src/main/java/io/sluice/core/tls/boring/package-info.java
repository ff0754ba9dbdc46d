/** BoringSSL as an {@link javax.net.ssl.SSLEngine}, by the JNI of netty-tcnative and without the rest of Netty. */
package io.sluice.core.tls.boring;
