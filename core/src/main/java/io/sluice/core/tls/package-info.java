/** Certificates, keys and trust of TLS: what makes the engines of connections. */
package io.sluice.core.tls;
