// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.hyperspot.runtime.tiny.TinyActivator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.slf4j.LoggerFactory;

final class ContainerTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(300);

    private final List<String> events = new CopyOnWriteArrayList<>();
    private final CountDownLatch release = new CountDownLatch(1);

    @BeforeEach
    void share() {
        System.getProperties().put(TinyActivator.EVENTS, events);
        System.getProperties().put(TinyActivator.RELEASE, release);
    }

    @AfterEach
    void release() {
        release.countDown();
        System.getProperties().remove(TinyActivator.EVENTS);
        System.getProperties().remove(TinyActivator.RELEASE);
    }

    private static Container boot(Installation installation, Path dir, Duration deadline) {
        return Container.boot(installation, dir.resolve("cache"), Map.of("hyperspot.home", dir.toString()), deadline);
    }

    @Test
    void startsBundlesInTheirOrderAndStopsThemInTheReverse(@TempDir Path dir) throws IOException {
        Installation installation = new TinyDistribution(dir.resolve("with space & äöü"))
                .bundle("last", 3, Map.of())
                .bundle("first", 1, Map.of())
                .bundle("library", 0, Map.of())
                .build();

        try (Container container = boot(installation, dir, LONG)) {
            assertThat(events).containsExactly("start library", "start first", "start last");
            assertThat(container.context().getProperty("hyperspot.home")).isEqualTo(dir.toString());
        }

        assertThat(events).containsExactly("start library", "start first", "start last", "stop last", "stop first", "stop library");
    }

    @Test
    void forgetsBundlesOfTheStartBefore(@TempDir Path dir) throws IOException {
        boot(new TinyDistribution(dir.resolve("a")).bundle("old", 1, Map.of()).build(), dir, LONG).close();

        try (Container container = boot(new TinyDistribution(dir.resolve("b")).bundle("new", 1, Map.of()).build(), dir, LONG)) {
            assertThat(container.context().getBundles()).extracting(Bundle::getSymbolicName).contains("new").doesNotContain("old");
        }
    }

    @Test
    void tellsWhatAnUnresolvedBundleNeedsAndWhatIsThere(@TempDir Path dir) throws IOException {
        Installation installation = new TinyDistribution(dir.resolve("dist"))
                .bundle("search-api", 1, Map.of("Export-Package", "com.acme.search.api;version=2.0.3"))
                .bundle("acme-search", 2, Map.of("Import-Package", "org.osgi.framework,com.acme.search.api;version=\"[2.1,3)\""))
                .bundle("acme-lost", 2, Map.of("Import-Package", "org.osgi.framework,com.acme.nowhere"))
                .build();

        assertThatThrownBy(() -> boot(installation, dir, LONG))
                .isInstanceOf(LaunchException.class)
                .hasMessageStartingWith("the features do not fit together:\n")
                .hasMessageContaining("""
                        Bundle acme-search 1.0.0 was not started.
                          Needs    package com.acme.search.api, version 2.1.0 or newer but below 3.0.0
                          Present  2.0.3 from search-api
                          Fix      use a version in the range, or rebuild the bundle against the one present""")
                .hasMessageContaining("""
                        Bundle acme-lost 1.0.0 was not started.
                          Needs    package com.acme.nowhere
                          Present  no bundle exports this package
                          Fix      add a bundle that exports it to a feature, or embed it in acme-lost""");
        assertThat(events).isEmpty();
    }

    @Test
    void namesTheFileThatIsNoBundle(@TempDir Path dir) throws IOException {
        Installation installation = new TinyDistribution(dir.resolve("dist"))
                .file("broken", 1, new byte[] {'P', 'K', 3, 4, 9, 9})
                .build();

        assertThatThrownBy(() -> boot(installation, dir, LONG))
                .isInstanceOf(LaunchException.class)
                .hasMessageContaining("broken-1.0.0.jar, which the feature tiny.json names");
    }

    @Test
    void namesTheFileThatIsThereTwice(@TempDir Path dir) throws IOException {
        Installation installation = new TinyDistribution(dir.resolve("dist"))
                .bundle("one", 1, Map.of())
                .bundle("two", 1, Map.of("Bundle-SymbolicName", "one"))
                .build();

        assertThatThrownBy(() -> boot(installation, dir, LONG))
                .isInstanceOf(LaunchException.class)
                .hasMessageContaining("two-1.0.0.jar");
    }

    @Test
    void startsTheOthersWhenOneFails(@TempDir Path dir) throws IOException {
        Installation installation = new TinyDistribution(dir.resolve("dist"))
                .bundle("thrower", 1, Map.of("Tiny-Start", "throw"))
                .bundle("incomplete", 1, Map.of("Tiny-Start", "missing-class"))
                .bundle("good", 2, Map.of())
                .build();

        try (Container container = boot(installation, dir, LONG)) {
            assertThat(events).containsExactly("start thrower", "start incomplete", "start good");
            assertThat(state(container, "thrower")).isEqualTo(Bundle.RESOLVED);
            assertThat(state(container, "good")).isEqualTo(Bundle.ACTIVE);
        }
    }

    @Test
    void leavesABundleBehindThatHangsAtItsStart(@TempDir Path dir) throws IOException {
        Installation installation = new TinyDistribution(dir.resolve("dist"))
                .bundle("hanging", 1, Map.of("Tiny-Start", "hang"))
                .bundle("good", 2, Map.of())
                .build();

        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        logged.start();
        Logger logger = (Logger) LoggerFactory.getLogger(Container.class);
        logger.addAppender(logged);

        Container container = assertTimeoutPreemptively(Duration.ofSeconds(15), () -> boot(installation, dir, SHORT));
        logger.detachAppender(logged);

        assertThat(logged.list)
                .singleElement()
                .asString()
                .contains("bundle hanging 1.0.0 did not start within 300 ms and is left behind; it waits at ")
                .contains("TinyActivator.act(");
        assertThat(state(container, "good")).isEqualTo(Bundle.ACTIVE);
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> container.stop(Duration.ofSeconds(1)));
    }

    @Test
    void givesUpOnABundleThatHangsAtItsStop(@TempDir Path dir) throws IOException {
        Installation installation = new TinyDistribution(dir.resolve("dist"))
                .bundle("good", 1, Map.of())
                .bundle("hanging", 2, Map.of("Tiny-Stop", "hang"))
                .build();
        Container container = boot(installation, dir, LONG);

        boolean stopped = assertTimeoutPreemptively(Duration.ofSeconds(10), () -> container.stop(SHORT));
        assertThat(stopped).isFalse();

        release.countDown();
        assertThat(container.stop(LONG)).isTrue();
        assertThat(events).endsWith("stop hanging", "stop good");
    }

    @Test
    void stopsTheOthersWhenOneFailsToStop(@TempDir Path dir) throws IOException {
        Installation installation = new TinyDistribution(dir.resolve("dist"))
                .bundle("good", 1, Map.of())
                .bundle("thrower", 2, Map.of("Tiny-Stop", "throw"))
                .build();
        Container container = boot(installation, dir, LONG);

        assertThat(container.stop(LONG)).isTrue();

        assertThat(events).endsWith("stop thrower", "stop good");
    }

    private static int state(Container container, String name) {
        for (Bundle bundle : container.context().getBundles()) {
            if (bundle.getSymbolicName().equals(name)) {
                return bundle.getState();
            }
        }
        throw new AssertionError(name + " is not installed");
    }
}
