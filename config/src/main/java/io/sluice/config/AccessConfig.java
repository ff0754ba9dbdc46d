package io.sluice.config;

import java.util.List;

/**
 * Which client addresses are admitted. The longest prefix that contains the address decides; a prefix in both lists
 * denies. An address in neither list is admitted if {@code allow} is empty. Immutable.
 */
public record AccessConfig(List<Cidr> allow, List<Cidr> deny) {

    /** Admits everyone. */
    public static final AccessConfig OPEN = new AccessConfig(List.of(), List.of());

    public AccessConfig {
        allow = List.copyOf(allow);
        deny = List.copyOf(deny);
    }
}
