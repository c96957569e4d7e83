// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client.provider;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;

/** The client, and threads for its callers, for each test anew. */
abstract class OnLoopback {
    static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    static final Duration AMPLE = Duration.ofSeconds(30);

    final Fixture fixture = new Fixture();
    final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void stop() {
        fixture.close();
        threads.close();
    }
}
