package io.sluice.config.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeerWordsTest {

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
    void readsPastArguments() {
        assertEquals(Optional.of("write hash, and hash-by: { header: NAME }"),
                PeerWords.hint("hdr(host)", List.of("hash")));
    }
}
