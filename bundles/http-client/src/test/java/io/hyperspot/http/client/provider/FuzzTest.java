// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client.provider;

import static io.hyperspot.http.client.provider.Fixture.GET;
import static org.assertj.core.api.Assertions.assertThat;

import io.hyperspot.http.client.ProviderClient;
import io.hyperspot.http.client.ProviderResponse;
import io.hyperspot.http.client.UpstreamException;
import io.hyperspot.modkit.Cancellation;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Answers broken at random places, in random pieces; the same ones in every run. */
@Timeout(300)
final class FuzzTest {
    private static final int ROUNDS = Integer.getInteger("fuzz.rounds", 4000);
    private static final long SEED = Long.getLong("fuzz.seed", 42);

    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz";
    private static final List<String> ANSWERS = List.of(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{\"a\": true}",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX: y\r\n\r\n5;e=1\r\nhello\r\n1a\r\n" + LETTERS + "\r\n0\r\nT: v\r\n\r\n",
            "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 3\r\n\r\nno!",
            "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\nuntil the end",
            "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");

    private static final String[] TOKENS = {
        "\r\n", "\n", "\r", "\r\n\r\n", "0\r\n\r\n", "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n", "HTTP/1.1 200 OK\r\n",
        "ffffffff", "-1", ";", ":", " ", "\t", "\0", "99999999999", "chunked", "Connection: close\r\n"
    };

    private record Case(byte[] bytes, int[] splits, boolean reset) {}

    private static Case next(Random random) {
        byte[] bytes = ANSWERS.get(random.nextInt(ANSWERS.size())).getBytes(StandardCharsets.ISO_8859_1);
        for (int i = random.nextInt(4); i > 0 && bytes.length > 0; i--) {
            bytes = mutate(bytes, random);
        }
        int[] splits = new int[random.nextInt(6)];
        for (int i = 0; i < splits.length; i++) {
            splits[i] = random.nextInt(bytes.length + 1);
        }
        Arrays.sort(splits);
        return new Case(bytes, splits, random.nextInt(10) == 0);
    }

    private static byte[] mutate(byte[] bytes, Random random) {
        int at = random.nextInt(bytes.length);
        return switch (random.nextInt(6)) {
            case 0 -> {
                bytes[at] = (byte) random.nextInt(256);
                yield bytes;
            }
            case 1 -> Arrays.copyOf(bytes, at);
            case 2 -> splice(bytes, at, at, TOKENS[random.nextInt(TOKENS.length)]);
            case 3 -> splice(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(8)), "");
            case 4 -> {
                int end = Math.min(bytes.length, at + 1 + random.nextInt(20));
                yield splice(bytes, at, at, new String(bytes, at, end - at, StandardCharsets.ISO_8859_1));
            }
            default -> splice(bytes, at, Math.min(bytes.length, at + 2), TOKENS[random.nextInt(TOKENS.length)]);
        };
    }

    private static byte[] splice(byte[] bytes, int from, int to, String with) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        return (text.substring(0, from) + with + text.substring(to)).getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void neverHangsNeverFailsInAnotherWayAndNeverReturnsMoreThanDeclared() throws Exception {
        Random random = new Random(SEED);
        BlockingQueue<Case> cases = new LinkedBlockingQueue<>();
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    // One request a connection, or what is missing would be waited for.
                    peer.request();
                    Case broken = cases.take();
                    int from = 0;
                    for (int split : broken.splits()) {
                        peer.send(Arrays.copyOfRange(broken.bytes(), from, split));
                        from = split;
                        LockSupport.parkNanos(20_000);
                    }
                    peer.send(Arrays.copyOfRange(broken.bytes(), from, broken.bytes().length));
                    if (broken.reset()) {
                        peer.reset();
                    }
                });
                Fixture fixture = new Fixture()) {
            int read = 0;
            for (int round = 0; round < ROUNDS; round++) {
                Case broken = next(random);
                cases.add(broken);
                // A client a round, so that the breaker does not keep later ones away.
                try (ProviderClient client = fixture.open(server.base("http"))) {
                    read += exchange(client, broken, round);
                }
            }
            assertThat(read).as("answers that were still proper").isPositive();
        }
    }

    private static int exchange(ProviderClient client, Case broken, int round) {
        String described = "round " + round + ": " + new String(broken.bytes(), StandardCharsets.ISO_8859_1);
        try (ProviderResponse answer = client.send(GET, new Cancellation())) {
            byte[] buffer = new byte[7];
            long total = 0;
            for (int count; (count = answer.read(buffer, 0, buffer.length)) >= 0; ) {
                assertThat(count).as(described).isBetween(1, buffer.length);
                total += count;
            }
            assertThat(total).as(described).isLessThanOrEqualTo(broken.bytes().length);
            assertThat(answer.status()).as(described).isBetween(200, 599);
            if (answer.length() >= 0 && answer.status() != 204 && answer.status() != 304) {
                assertThat(total).as(described).isEqualTo(answer.length());
            }
            return 1;
        } catch (UpstreamException e) {
            assertThat(e.kind())
                    .as(described)
                    .isIn(UpstreamException.Kind.CLOSED, UpstreamException.Kind.PROTOCOL, UpstreamException.Kind.TOO_LARGE);
            return 0;
        }
    }
}
