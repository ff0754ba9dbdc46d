/** Certificates and keys in files: what the configuration is checked with, and what TLS is served with. */
package io.sluice.config.pem;
