package io.sluice.config.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class PeerWordsTest {

    private static final Pattern KEY = Pattern.compile("([a-z-]+):");

    @ParameterizedTest
    @CsvSource({"leastconn,least-connections", "LeastConn,least-connections", "max_conns,max-connections"})
    void translatesWordsOfPeers(String theirs, String ours) {
        assertEquals(Optional.of("did you mean \"" + ours + "\"?"),
                PeerWords.hint(theirs, List.of("least-connections", "max-connections")));
    }

    @Test
    void translatesByWhatIsKnownInThePlace() {
        assertEquals(Optional.of("did you mean \"ip-hash\"?"), PeerWords.hint("source", List.of("first", "ip-hash")));
        assertEquals(Optional.of("did you mean \"client\"?"), PeerWords.hint("source", List.of("host", "client")));
        assertEquals(Optional.empty(), PeerWords.hint("source", List.of("name")));
    }

    @Test
    void knowsWhatIsAnotherKeyElsewhere() {
        assertEquals(Optional.empty(), PeerWords.hint("deny", List.of("allow", "forwarded")));
        assertEquals(Optional.of("write respond: { status: 403 }"), PeerWords.hint("deny", List.of("pool", "respond")));
        assertEquals(Optional.of("did you mean \"forwarded\"?"),
                PeerWords.hint("option forwardfor", List.of("allow", "forwarded")));
    }

    @Test
    void leadsOnlyToWordsOfTheConfiguration() {
        Set<String> known = new HashSet<>();
        collectWords(new Load(LoadSettings.builder().build()).loadFromString(ConfigSchema.toJson()), known);
        for (PeerWords.PeerWord word : PeerWords.WORDS) {
            assertTrue(known.contains(word.ours()), word::toString);
            KEY.matcher(word.hint()).results().forEach(key -> assertTrue(known.contains(key.group(1)), word::toString));
        }
    }

    private static void collectWords(Object schema, Set<String> words) {
        if (schema instanceof Map<?, ?> map) {
            if (map.get("properties") instanceof Map<?, ?> properties) {
                properties.keySet().forEach(key -> words.add(key.toString()));
            }
            if (map.get("enum") instanceof List<?> values) {
                values.forEach(value -> words.add(value.toString()));
            }
            if (map.containsKey("const")) {
                words.add(map.get("const").toString());
            }
            map.values().forEach(inner -> collectWords(inner, words));
        } else if (schema instanceof List<?> list) {
            list.forEach(inner -> collectWords(inner, words));
        }
    }

    @Test
    void readsPastArguments() {
        assertEquals(Optional.of("write hash, and hash-by: { header: NAME }"),
                PeerWords.hint("hdr(host)", List.of("hash")));
    }
}
