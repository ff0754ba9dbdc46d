package io.sluice.launcher;

import java.util.Optional;

/** The version of Sluice, from the jar's manifest. */
final class Version {

    private Version() { }

    static String get() {
        return Optional.ofNullable(Version.class.getPackage().getImplementationVersion()).orElse("(not packaged)");
    }
}
