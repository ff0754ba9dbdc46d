package io.sluice.config.parse;

import io.sluice.config.Endpoint;
import io.sluice.config.ListenerConfig;
import java.util.List;

/** The keys of every listener for its name, protocol and addresses. Immutable. */
record ListenerPlace<T extends ListenerConfig>(Key<T, String> name, Key<T, List<Endpoint>> bind) {

    static <T extends ListenerConfig> ListenerPlace<T> of(Section.Builder<T> keys, String protocol, String meaning) {
        var name = keys.required("name", Words.name("listener"), T::name,
                "Unique among the listeners; used in logs and metrics.");
        keys.required("protocol", Words.exactly(protocol), _ -> protocol, meaning);
        var bind = keys.required("bind", ListType.of(Addresses.bind()).notEmpty(), T::bind,
                "Addresses to listen on: `10.0.0.1:5432`, `0.0.0.0:5432` or `\"*:5432\"` for every IPv4 address of the "
                        + "host, `\"[::1]:5432\"`, `\"[::]:5432\"` for every IPv6 address. With port 0 the kernel "
                        + "chooses one.");
        return new ListenerPlace<>(name, bind);
    }
}
