package io.sluice.core.address;

import io.sluice.config.AccessConfig;
import java.net.InetAddress;

/** Which clients a listener lets in, by the rules of {@link AccessConfig}. Immutable. */
public final class AddressFilter {

    private final CidrSet allowed;
    private final CidrSet denied;
    private final boolean allowsByDefault;

    public AddressFilter(AccessConfig access) {
        allowed = new CidrSet(access.allow());
        denied = new CidrSet(access.deny());
        allowsByDefault = access.allow().isEmpty();
    }

    public boolean allows(InetAddress client) {
        byte[] address = AddressBytes.of(client);
        int allowedPrefix = allowed.longestPrefix(address);
        int deniedPrefix = denied.longestPrefix(address);
        boolean isListed = allowedPrefix != CidrSet.NONE || deniedPrefix != CidrSet.NONE;
        return isListed ? allowedPrefix > deniedPrefix : allowsByDefault;
    }
}
