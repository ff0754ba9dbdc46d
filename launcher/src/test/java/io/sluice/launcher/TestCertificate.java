package io.sluice.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A certificate that signs itself, for one name or address, as a file of the JDK and in the PEM files that servers
 * want.
 *
 * @param keyStore of type PKCS12, with {@link #PASSWORD}
 */
record TestCertificate(Path keyStore, Path certificate, Path key) {

    static final String PASSWORD = "changeit";

    private static final Base64.Encoder PEM = Base64.getMimeEncoder(64, new byte[] {'\n'});

    /** @param subject such as {@code ip:127.0.0.1} or {@code dns:db.example} */
    static TestCertificate create(Path directory, String subject) throws IOException, GeneralSecurityException {
        Path keyStore = directory.resolve("server.p12");
        Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-alias", "server", "-keyalg", "EC", "-dname", "CN=test", "-ext", "san=" + subject,
                "-ext", "bc=ca:true", "-storetype", "PKCS12", "-keystore", keyStore.toString(), "-storepass", PASSWORD)
                .redirectErrorStream(true).redirectOutput(directory.resolve("keytool.log").toFile()).start();
        if (keytool.onExit().join().exitValue() != 0) {
            throw new IOException(Files.readString(directory.resolve("keytool.log")));
        }
        KeyStore store = KeyStore.getInstance(keyStore.toFile(), PASSWORD.toCharArray());
        Path certificate = pem(directory.resolve("server.crt"), "CERTIFICATE",
                store.getCertificate("server").getEncoded());
        Path key = pem(directory.resolve("server.key"), "PRIVATE KEY",
                store.getKey("server", PASSWORD.toCharArray()).getEncoded());
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        return new TestCertificate(keyStore, certificate, key);
    }

    /** A socket on loopback that listens for TLS with this certificate. */
    ServerSocket serverSocket() throws IOException, GeneralSecurityException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(KeyStore.getInstance(keyStore.toFile(), PASSWORD.toCharArray()), PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
    }

    private static Path pem(Path file, String what, byte[] der) throws IOException {
        return Files.writeString(file, "-----BEGIN " + what + "-----\n" + PEM.encodeToString(der) + "\n-----END " + what
                + "-----\n");
    }
}
