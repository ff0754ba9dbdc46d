package io.sluice.core.tls.boring;

import java.io.ByteArrayInputStream;
import java.security.Principal;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;

/**
 * What two peers have agreed on. It only describes that: contexts resume sessions. Immutable.
 *
 * @param protocol {@code NONE} before the end of the handshake
 * @param chain    of the peer, in DER; empty if it has shown no certificate
 */
record BoringSession(String protocol, String cipherSuite, List<byte[]> chain, String peerHost, int peerPort)
        implements SSLSession {

    /** The session of a handshake that has not ended yet. */
    static BoringSession none(String peerHost, int peerPort) {
        return new BoringSession("NONE", "SSL_NULL_WITH_NULL_NULL", List.of(), peerHost, peerPort);
    }

    static X509Certificate[] parse(List<byte[]> chain) throws CertificateException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        X509Certificate[] certificates = new X509Certificate[chain.size()];
        for (int i = 0; i < certificates.length; i++) {
            certificates[i] = (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(chain.get(i)));
        }
        return certificates;
    }

    @Override
    public Certificate[] getPeerCertificates() throws SSLPeerUnverifiedException {
        if (chain.isEmpty()) {
            throw new SSLPeerUnverifiedException("the peer has shown no certificate");
        }
        try {
            return parse(chain);
        } catch (CertificateException e) {
            throw new IllegalStateException("a verified certificate cannot be read", e);
        }
    }

    @Override
    public Principal getPeerPrincipal() throws SSLPeerUnverifiedException {
        return ((X509Certificate) getPeerCertificates()[0]).getSubjectX500Principal();
    }

    @Override
    public String getProtocol() {
        return protocol;
    }

    @Override
    public String getCipherSuite() {
        return cipherSuite;
    }

    @Override
    public String getPeerHost() {
        return peerHost;
    }

    @Override
    public int getPeerPort() {
        return peerPort;
    }

    @Override
    public int getPacketBufferSize() {
        return Records.MOST_CONTENT_BYTES + Records.MOST_OVERHEAD_BYTES;
    }

    @Override
    public int getApplicationBufferSize() {
        return Records.MOST_CONTENT_BYTES;
    }

    @Override
    public byte[] getId() {
        return new byte[0];
    }

    @Override
    public SSLSessionContext getSessionContext() {
        return null;
    }

    @Override
    public long getCreationTime() {
        return 0;
    }

    @Override
    public long getLastAccessedTime() {
        return 0;
    }

    @Override
    public void invalidate() {
        throw new UnsupportedOperationException("sessions are the context's");
    }

    @Override
    public boolean isValid() {
        return true;
    }

    @Override
    public void putValue(String name, Object value) {
        throw new UnsupportedOperationException("nothing is kept here");
    }

    @Override
    public Object getValue(String name) {
        return null;
    }

    @Override
    public void removeValue(String name) {
        throw new UnsupportedOperationException("nothing is kept here");
    }

    @Override
    public String[] getValueNames() {
        return new String[0];
    }

    @Override
    public Certificate[] getLocalCertificates() {
        return null;
    }

    @Override
    public Principal getLocalPrincipal() {
        return null;
    }
}
