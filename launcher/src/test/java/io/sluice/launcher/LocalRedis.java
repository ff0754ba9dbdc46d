package io.sluice.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import redis.embedded.RedisServer;
import redis.embedded.core.ExecutableProvider;
import redis.embedded.core.RedisServerBuilder;

/** Redis servers on 127.0.0.1, each with a directory of its own below target, where it leaves its files. */
final class LocalRedis {

    private LocalRedis() { }

    static RedisServerBuilder on(int port) throws IOException {
        Path directories = Files.createDirectories(Path.of("target", "redis").toAbsolutePath());
        Path directory = Files.createTempDirectory(directories, "");
        return RedisServer.newRedisServer().bind("127.0.0.1").port(port).setting("save \"\"")
                .executableProvider(ExecutableProvider.newJarResourceProvider(directory.toFile()));
    }
}
