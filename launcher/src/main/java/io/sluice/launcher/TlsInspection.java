package io.sluice.launcher;

import io.sluice.config.pem.PemException;
import io.sluice.core.tls.ChoosingKeyManager;
import io.sluice.core.tls.Trust;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** Makes handshakes with a listener, with all versions and ciphers, and keeps the results. Owned by one thread. */
final class TlsInspection {

    static final List<String> VERSIONS = List.of("TLSv1.3", "TLSv1.2", "TLSv1.1", "TLSv1");

    private static final String HTTP = "http/1.1";
    private static final String[] PROTOCOLS = {HTTP, "h2", "postgresql"};
    private static final int PATIENCE_MS = 300;

    private final InetSocketAddress target;
    private final String serverName;
    private final int timeoutMs;
    private final Asked asked = new Asked();
    private final SSLContext curious;

    private final Map<String, List<String>> ciphers = new LinkedHashMap<>();
    private final Map<String, Boolean> resumption = new LinkedHashMap<>();
    private final List<X509Certificate> chain;
    private final String protocol;
    private final Optional<String> distrust;

    TlsInspection(InetSocketAddress target, String serverName, Optional<Path> ca, int timeoutMs)
            throws IOException, GeneralSecurityException, PemException {
        this.target = target;
        this.serverName = serverName;
        this.timeoutMs = timeoutMs;
        curious = context(Trust.EVERYBODY);
        try (SSLSocket socket = shake(curious, curious.getSupportedSSLParameters().getProtocols(), null, false)) {
            chain = Arrays.stream(socket.getSession().getPeerCertificates()).map(X509Certificate.class::cast).toList();
            protocol = socket.getApplicationProtocol();
        }
        for (String version : VERSIONS) {
            findCiphers(version);
        }
        for (String version : ciphers.keySet()) {
            resumption.put(version, isResumed(version));
        }
        distrust = verify(ca);
    }

    /** The ciphers by version, in the listener's order of preference. */
    Map<String, List<String>> ciphers() {
        return ciphers;
    }

    List<X509Certificate> chain() {
        return chain;
    }

    /** The protocol negotiated by ALPN; empty if none was. */
    String protocol() {
        return protocol;
    }

    /** Whether sessions are resumed, by version. */
    Map<String, Boolean> resumption() {
        return resumption;
    }

    /** Why the certificate is not trusted; empty if it is. */
    Optional<String> distrust() {
        return distrust;
    }

    boolean asksForCertificate() {
        return asked.asked;
    }

    /** The issuers that the listener accepts for clients' certificates. */
    List<String> acceptedIssuers() {
        return asked.issuers;
    }

    String serverName() {
        return serverName;
    }

    /** Repeats the handshake, each time without the ciphers chosen so far, until none is left that both sides know. */
    private void findCiphers(String version) throws IOException {
        List<String> left = new ArrayList<>(Arrays.asList(curious.getSupportedSSLParameters().getCipherSuites()));
        List<String> found = new ArrayList<>();
        while (!left.isEmpty()) {
            try (SSLSocket socket = shake(curious, new String[] {version}, left.toArray(String[]::new), false)) {
                String suite = socket.getSession().getCipherSuite();
                if (!left.remove(suite)) {
                    break;
                }
                found.add(suite);
            } catch (SSLException | IllegalArgumentException e) {
                // The listener accepts none of the remaining ciphers, or they do not belong to this version.
                break;
            }
        }
        if (!found.isEmpty()) {
            ciphers.put(version, found);
        }
    }

    private boolean isResumed(String version) throws IOException, GeneralSecurityException {
        SSLContext remembering = context(Trust.EVERYBODY);
        try {
            SSLSession first = session(remembering, version);
            SSLSession second = session(remembering, version);
            return first.getCreationTime() == second.getCreationTime();
        } catch (SSLException e) {
            return false;
        }
    }

    /** Makes a handshake and reads: session tickets come after it, from some listeners only together with an answer. */
    private SSLSession session(SSLContext context, String version) throws IOException {
        try (SSLSocket socket = shake(context, new String[] {version}, null, false)) {
            socket.setSoTimeout(PATIENCE_MS);
            try {
                if (socket.getApplicationProtocol().equals(HTTP)) {
                    socket.getOutputStream().write(("HEAD / HTTP/1.1\r\nHost: " + serverName
                            + "\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
                }
                socket.getInputStream().read();
            } catch (SocketTimeoutException e) {
                // The listener has sent what it would send.
            }
            return socket.getSession();
        }
    }

    private Optional<String> verify(Optional<Path> ca) throws IOException, GeneralSecurityException, PemException {
        try (SSLSocket _ = shake(context(Trust.in(ca)), new String[] {"TLSv1.3", "TLSv1.2"}, null, true)) {
            return Optional.empty();
        } catch (SSLException e) {
            return Optional.of(reason(e));
        }
    }

    /** The message of the innermost cause that has one: the JDK's own, as for a message that is cut, may have none. */
    static String reason(Throwable failure) {
        String reason = failure.toString();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            reason = cause.getMessage() == null ? reason : cause.getMessage();
        }
        return reason;
    }

    /**
     * What to ask for (SNI): nothing, if it is an address.
     *
     * @throws IllegalArgumentException if the JDK cannot ask for it, such as a name with underscores
     */
    static List<SNIServerName> serverNames(String name) {
        return name.matches("[0-9.]+|.*:.*") ? List.of() : List.of(new SNIHostName(name));
    }

    private SSLContext context(X509TrustManager trust) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS", "SunJSSE");
        context.init(new KeyManager[] {asked}, new TrustManager[] {trust}, null);
        return context;
    }

    private SSLSocket shake(SSLContext context, String[] versions, String[] suites, boolean verifyName)
            throws IOException {
        Socket plain = new Socket();
        plain.connect(target, timeoutMs);
        SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket(plain, serverName, target.getPort(), true);
        try {
            socket.setSoTimeout(timeoutMs);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setProtocols(versions);
            parameters.setApplicationProtocols(PROTOCOLS);
            parameters.setCipherSuites(suites == null ? parameters.getCipherSuites() : suites);
            parameters.setServerNames(serverNames(serverName));
            parameters.setEndpointIdentificationAlgorithm(verifyName ? "HTTPS" : null);
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return socket;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** Has no certificate, but notes whether the listener asks for one. */
    private static final class Asked extends ChoosingKeyManager {

        private boolean asked;
        private List<String> issuers = List.of();

        @Override
        public String chooseClientAlias(String[] keyTypes, Principal[] accepted, Socket socket) {
            asked = true;
            issuers = accepted == null ? List.of() : Arrays.stream(accepted).map(Principal::getName).toList();
            return null;
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return null;
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return null;
        }
    }
}
