// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.observability;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.apache.felix.framework.FrameworkFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;

/** A Felix with a home. */
abstract class FelixFixture {
    @TempDir
    Path home;

    private @Nullable Framework framework;

    @BeforeEach
    void startFramework() throws Exception {
        framework = new FrameworkFactory()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE, home.resolve("cache").toString(), "hyperspot.home", home.toString()));
        framework.start();
    }

    @AfterEach
    void stopFramework() throws Exception {
        Framework running = Objects.requireNonNull(framework);
        running.stop();
        running.waitForStop(10_000);
    }

    BundleContext context() {
        return Objects.requireNonNull(framework).getBundleContext();
    }
}
