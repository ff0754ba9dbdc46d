package io.sluice.core.tls.boring;

import io.netty.internal.tcnative.Library;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads the native library, when TLS is first used. Safe from any thread. */
public final class BoringLibrary {

    private static final Logger LOG = LoggerFactory.getLogger(BoringLibrary.class);

    private BoringLibrary() { }

    /** Whether this host can use it; if not, the log has said why. */
    public static boolean isAvailable() {
        return Loading.DONE;
    }

    /** To be called before any other use of the native library. */
    static void require() {
        if (!isAvailable()) {
            throw new IllegalStateException("the native library of BoringSSL is not available");
        }
    }

    /** Loads the library once, at its first use. */
    private static final class Loading {

        static final boolean DONE = load();

        private static boolean load() {
            try {
                loadFrom(resource());
                if (!Library.initialize("provided", null)) {
                    throw new IllegalStateException("it does not start");
                }
                return true;
            } catch (Exception | LinkageError e) {
                LOG.warn("TLS is done by the JDK, which takes several times as much of the processor: the native "
                        + "library of BoringSSL cannot be loaded ({})", e.toString());
                return false;
            }
        }

        private static String resource() {
            String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
            String processor = System.getProperty("os.arch");
            return "/META-INF/native/libnetty_tcnative_" + system + "_"
                    + switch (processor) {
                        case "amd64" -> "x86_64";
                        case "aarch64" -> "aarch_64";
                        default -> processor;
                    } + ".so";
        }

        /** Copies the library to a temporary file, as only files can be loaded, and deletes it afterwards. */
        @SuppressWarnings("restricted") // The launcher's manifest grants native access.
        private static void loadFrom(String resource) throws IOException {
            Path directory = Files.createTempDirectory("sluice");
            Path file = directory.resolve(resource.substring(resource.lastIndexOf('/') + 1));
            try (InputStream library = BoringLibrary.class.getResourceAsStream(resource)) {
                if (library == null) {
                    throw new IOException("there is none for this system: " + resource);
                }
                Files.copy(library, file);
                System.load(file.toString());
            } finally {
                Files.deleteIfExists(file);
                Files.delete(directory);
            }
        }
    }
}
