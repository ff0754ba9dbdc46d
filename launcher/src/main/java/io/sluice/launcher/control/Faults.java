package io.sluice.launcher.control;

import io.sluice.config.parse.ConfigError;
import io.sluice.config.parse.Locations;
import io.sluice.core.log.FileFailure;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Collects all faults found while a generation is built, to report them together. Owned by one thread. */
public final class Faults {

    private final Locations locations;
    private final List<ConfigError> errors = new ArrayList<>();

    public Faults(Locations locations) {
        this.locations = locations;
    }

    /** An address cannot be bound. @param path the path of the address's key @param who for example a listener */
    public void cannotListen(String path, String who, Object address, Exception cause) {
        add(path, who + " cannot listen on " + address + ": " + reason(cause), remedy(cause));
    }

    /** A file cannot be used. @param path the path of the file's key @param what what the file is for */
    public void cannotUse(String path, String what, IOException cause) {
        add(path, what + " cannot be opened: " + FileFailure.reasonWithFile(cause), fileRemedy(cause));
    }

    /** Certificates cannot be used. @param path the path of the section that names them */
    void cannotSpeakTls(String path, Exception cause) {
        add(path, reason(cause), Optional.empty());
    }

    public void throwIfAny() throws LaunchException {
        if (!errors.isEmpty()) {
            throw new LaunchException(errors);
        }
    }

    private void add(String path, String message, Optional<String> remedy) {
        errors.add(locations.error(path, message, remedy));
    }

    private static String reason(Exception cause) {
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    private static Optional<String> remedy(Exception cause) {
        if (!(cause instanceof BindException) || cause.getMessage() == null) {
            return Optional.empty();
        }
        if (cause.getMessage().contains("in use")) {
            return Optional.of("another process listens there, or a connection has that port at this end; "
                    + "ss -tanp shows which");
        }
        if (cause.getMessage().contains("denied")) {
            return Optional.of("ports below 1024 take root or the capability CAP_NET_BIND_SERVICE");
        }
        return cause.getMessage().contains("assign")
                ? Optional.of("no interface of this host has that address; ip address shows those that there are")
                : Optional.empty();
    }

    private static Optional<String> fileRemedy(IOException cause) {
        return switch (cause) {
            case NoSuchFileException missing -> Optional.of("create " + Path.of(missing.getFile()).getParent());
            case AccessDeniedException _ -> Optional.of("give the user that Sluice runs as access to it");
            default -> Optional.empty();
        };
    }
}
