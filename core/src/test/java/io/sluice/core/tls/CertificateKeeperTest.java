package io.sluice.core.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.sluice.config.CertificateConfig.Directory;
import io.sluice.config.CertificateConfig.Pair;
import io.sluice.config.ServerTlsConfig.ClientAuth;
import io.sluice.config.pem.RevocationList;
import io.sluice.config.pem.TestAuthority;
import io.sluice.config.pem.TestIdentity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Certificates that change, and those that expire. */
class CertificateKeeperTest {

    private static final TestAuthority ROOT = TestAuthority.root("root");
    private static final int SWAPS = 1000;

    @TempDir
    private Path directory;

    @Test
    void takesUpNewCertificatesOnceTheirFilesAreAtRest() throws Exception {
        TestIdentity first = ROOT.ec("a.test");
        ServerTls tls = new ServerTlsFixture(first.write(directory, "a")).start(TlsLibrary.JDK);
        CertificateKeeper keeper = keeper(tls);
        TestIdentity second = ROOT.ec("a.test");
        second.writeChain(directory.resolve("a.pem"));
        keeper.poll(Instant.now());
        assertEquals(first.certificate(), shown(tls));
        second.write(directory, "a");
        keeper.poll(Instant.now());
        assertEquals(first.certificate(), shown(tls));
        keeper.poll(Instant.now());
        assertEquals(second.certificate(), shown(tls));
    }

    @Test
    void takesUpWhatHasChangedBetweenTheFirstReadingAndItsOwnFirstLook() throws Exception {
        ServerTls tls = new ServerTlsFixture(ROOT.ec("a.test").write(directory, "a")).start(TlsLibrary.JDK);
        TestIdentity second = ROOT.ec("a.test");
        second.write(directory, "a");
        pollTwice(keeper(tls));
        assertEquals(second.certificate(), shown(tls));
    }

    @Test
    void staysWithWhatItHasIfTheNewOneIsBad() throws Exception {
        TestIdentity first = ROOT.ec("a.test");
        Pair files = first.write(directory, "a");
        ServerTls tls = new ServerTlsFixture(files).start(TlsLibrary.JDK);
        CertificateKeeper keeper = keeper(tls);
        assertEquals(List.of(false), outlived(keeper));
        Files.delete(files.key());
        pollTwice(keeper);
        assertEquals(first.certificate(), shown(tls));
        assertEquals(List.of(true), outlived(keeper));
        ROOT.until(Instant.now().minusSeconds(60), "a.test").write(directory, "a");
        pollTwice(keeper);
        assertEquals(first.certificate(), shown(tls));
        TestIdentity good = ROOT.ec("a.test");
        good.write(directory, "a");
        pollTwice(keeper);
        assertEquals(good.certificate(), shown(tls));
        assertEquals(List.of(false), outlived(keeper));
    }

    private static List<Boolean> outlived(CertificateKeeper keeper) {
        return keeper.expiries().stream().map(CertificateExpiry::outlived).toList();
    }

    @Test
    void takesUpWhatComesIntoADirectory() throws Exception {
        ROOT.ec("a.test").write(directory, "a");
        ServerTls tls = new ServerTlsFixture(new Directory(directory)).start(TlsLibrary.JDK);
        CertificateKeeper keeper = keeper(tls);
        ROOT.ec("b.test").write(directory, "b");
        keeper.reloadAll();
        assertEquals(List.of("CN=a.test", "CN=b.test"),
                keeper.expiries().stream().map(CertificateExpiry::subject).toList());
    }

    @Test
    void forgetsWhoIsNoLongerThere() throws Exception {
        ServerTls tls = new ServerTlsFixture(ROOT.ec("a.test").write(directory, "a")).start(TlsLibrary.JDK);
        CertificateKeeper keeper = keeper(tls);
        keeper.keep(List.of());
        assertEquals(List.of(), keeper.expiries());
    }

    @ParameterizedTest
    @EnumSource
    void failsNoHandshakeWhileCertificatesAreReplacedAThousandTimes(TlsLibrary library) throws Exception {
        ServerTls tls = new ServerTlsFixture(ROOT.ec("a.test").write(directory, "a"),
                ROOT.rsa("a.test").write(directory, "b")).start(library);
        AtomicBoolean over = new AtomicBoolean();
        Callable<Integer> client = () -> {
            int handshakes = 0;
            do {
                EnginePair.connect(Clients.trusting(ROOT).engine("a.test"), tls.newEngine(null));
                handshakes++;
            } while (!over.get());
            return handshakes;
        };
        try (ExecutorService clients = Executors.newFixedThreadPool(2)) {
            List<Future<Integer>> running = List.of(clients.submit(client), clients.submit(client));
            X509Certificate before = shown(tls);
            try {
                for (int swap = 0; swap < SWAPS; swap++) {
                    ROOT.ec("a.test").write(directory, "a");
                    tls.reload();
                }
            } finally {
                over.set(true);
            }
            for (Future<Integer> one : running) {
                assertNotEquals(0, one.get());
            }
            assertNotEquals(before, shown(tls));
        }
    }

    @Test
    void leavesWhatIsEstablishedAlone() throws Exception {
        ServerTls tls = new ServerTlsFixture(ROOT.ec("a.test").write(directory, "a")).start(TlsLibrary.BORINGSSL);
        EnginePair pair = EnginePair.connect(Clients.trusting(ROOT).engine("a.test"), tls.newEngine(null));
        ROOT.ec("a.test").write(directory, "a");
        tls.reload();
        pair.exchange();
    }

    @Test
    void warnsOnceAtEachTimeBeforeTheEnd() {
        Instant end = Instant.parse("2027-01-01T00:00:00Z");
        List<CertificateExpiry> one = List.of(new CertificateExpiry("listener a", "CN=a", end, false));
        ExpiryWarnings warnings = new ExpiryWarnings();
        List<Integer> told = new ArrayList<>();
        for (int day : new int[] {31, 30, 29, 8, 7, 6, 1, 0, -1}) {
            told.add(warnings.check(one, end.minus(Duration.ofDays(day))));
        }
        assertEquals(List.of(0, 1, 0, 0, 1, 0, 1, 1, 0), told);
    }

    @Test
    void doesNotWarnAgainForFilesThatCannotBeUsed() {
        Instant end = Instant.parse("2027-01-01T00:00:00Z");
        ExpiryWarnings warnings = new ExpiryWarnings();
        List<Integer> told = new ArrayList<>();
        for (boolean refused : new boolean[] {false, true, false}) {
            told.add(warnings.check(List.of(new CertificateExpiry("listener a", "CN=a", end, refused)), end));
        }
        assertEquals(List.of(1, 0, 0), told);
    }

    @Test
    void warnsOnceWhenAListOfRevokedCertificatesIsLateAndWhenItIsOutOfDate() {
        Instant made = Instant.parse("2027-01-01T00:00:00Z");
        RevocationWarnings.Used list = new RevocationWarnings.Used("listener a",
                new RevocationList("CN=a", made, Optional.of(made.plus(Duration.ofDays(10)))));
        RevocationWarnings.Used next = new RevocationWarnings.Used("listener a",
                new RevocationList("CN=a", made.plus(Duration.ofDays(10)),
                        Optional.of(made.plus(Duration.ofDays(20)))));
        RevocationWarnings warnings = new RevocationWarnings();
        List<Integer> told = new ArrayList<>();
        for (int hour : new int[] {0, 215, 216, 239, 240, 300}) {
            told.add(warnings.check(List.of(list, list), made.plus(Duration.ofHours(hour))));
        }
        for (int hour : new int[] {301, 455, 456}) {
            told.add(warnings.check(List.of(next), made.plus(Duration.ofHours(hour))));
        }
        RevocationWarnings.Used endless = new RevocationWarnings.Used("listener a",
                new RevocationList("CN=a", made, Optional.empty()));
        told.add(warnings.check(List.of(endless), made));
        told.add(warnings.check(List.of(endless), made.plus(Duration.ofDays(9))));
        assertEquals(List.of(0, 0, 1, 0, 1, 0, 0, 0, 1, 1, 0), told);
    }

    @Test
    void knowsTheLatestListOfRevokedCertificatesOfEachAuthority() throws Exception {
        Instant end = Instant.now().plus(Duration.ofDays(1)).truncatedTo(ChronoUnit.SECONDS);
        TestAuthority other = TestAuthority.root("other");
        Path lists = directory.resolve("lists.crl");
        String text = "";
        for (Path one : List.of(ROOT.writeRevocations(directory.resolve("1"), end.minusSeconds(3600)),
                ROOT.writeRevocations(directory.resolve("2"), end),
                ROOT.writeRevocations(directory.resolve("3"), end.minusSeconds(7200)),
                other.writeRevocations(directory.resolve("4"), end.minusSeconds(100)))) {
            text += Files.readString(one);
        }
        Files.writeString(lists, text);
        ServerTlsFixture fixture = new ServerTlsFixture(ROOT.ec("a.test").write(directory, "a"));
        fixture.clientAuth = Optional.of(new ClientAuth(ClientAuth.Mode.REQUIRE, ROOT.write(directory.resolve("ca")),
                Optional.of(lists), Map.of()));
        CertificateKeeper keeper = keeper(fixture.start(TlsLibrary.JDK));
        assertEquals(Map.of("CN=root", end, "CN=other", end.minusSeconds(100)), keeper.revocations(Instant.now())
                .stream().map(RevocationWarnings.Used::list)
                .collect(Collectors.toMap(RevocationList::issuer, list -> list.nextUpdate().orElseThrow())));
        ROOT.writeRevocations(lists, end.plusSeconds(1));
        keeper.reloadAll();
        assertEquals(List.of(Optional.of(end.plusSeconds(1))),
                keeper.revocations(Instant.now()).stream().map(used -> used.list().nextUpdate()).toList());
    }

    private static CertificateKeeper keeper(ServerTls tls) {
        CertificateKeeper keeper = new CertificateKeeper();
        keeper.keep(List.of(tls));
        return keeper;
    }

    private static void pollTwice(CertificateKeeper keeper) {
        keeper.poll(Instant.now());
        keeper.poll(Instant.now());
    }

    private static X509Certificate shown(ServerTls tls) {
        return tls.identities().getFirst().certificate();
    }
}
