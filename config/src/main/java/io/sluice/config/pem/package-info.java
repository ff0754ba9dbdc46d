/** Reads and checks the files of certificates and keys, for the check of a configuration and for TLS. */
package io.sluice.config.pem;
