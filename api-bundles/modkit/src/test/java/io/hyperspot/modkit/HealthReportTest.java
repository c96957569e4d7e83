// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.modkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperspot.modkit.HealthContributor.Health;
import io.hyperspot.modkit.HealthContributor.State;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.launch.Framework;

final class HealthReportTest {
    private record Part(String name, Health health) implements HealthContributor {}

    @Test
    void handsOnWhatAPartSays() {
        assertThat(HealthReport.of(new Part("acme", Health.degraded("a disk is nearly full"))))
                .isEqualTo(new HealthReport("acme", Health.degraded("a disk is nearly full")));
    }

    @Test
    void aPartThatCannotTellIsDown() {
        HealthReport silent = HealthReport.of(new HealthContributor() {
            @Override
            public String name() {
                return "acme";
            }

            @Override
            public Health health() {
                throw new NoClassDefFoundError("acme/Missing");
            }
        });
        assertThat(silent.name()).isEqualTo("acme");
        assertThat(silent.health().state()).isEqualTo(State.DOWN);
        assertThat(silent.health().reason()).contains("cannot tell its state", "acme/Missing");
    }

    @Test
    void aPartThatCannotEvenTellItsNameIsCalledByItsClass() {
        final class Nameless implements HealthContributor {
            @Override
            public String name() {
                throw new IllegalStateException("no name");
            }

            @Override
            public Health health() {
                return Health.up();
            }
        }

        HealthReport report = HealthReport.of(new Nameless());
        assertThat(report.name()).contains("Nameless");
        assertThat(report.health().state()).isEqualTo(State.DOWN);
    }

    /** A service as a component has it: made when it is asked for first. */
    private static void register(BundleContext context, String component, Supplier<HealthContributor> made) {
        context.registerService(
                HealthContributor.class.getName(),
                new ServiceFactory<HealthContributor>() {
                    @Override
                    public HealthContributor getService(Bundle bundle, ServiceRegistration<HealthContributor> registration) {
                        return made.get();
                    }

                    @Override
                    public void ungetService(
                            Bundle bundle, ServiceRegistration<HealthContributor> registration, HealthContributor service) {}
                },
                FrameworkUtil.asDictionary(Map.of("component.name", component)));
    }

    private static void hang() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aPartThatHangsWhenItIsMadeOrAskedIsDownAndHidesNoOther(@TempDir Path cache) throws Exception {
        Framework framework = new FrameworkFactory()
                .newFramework(Map.of(Constants.FRAMEWORK_STORAGE, cache.toString(), "felix.log.level", "0"));
        framework.start();
        try {
            BundleContext context = framework.getBundleContext();
            register(context, "acme.Starts", () -> {
                hang();
                return new Part("never", Health.up());
            });
            register(context, "acme.Asked", () -> new HealthContributor() {
                @Override
                public String name() {
                    return "asked";
                }

                @Override
                public Health health() {
                    hang();
                    return Health.up();
                }
            });
            register(context, "acme.Fine", () -> new Part("fine", Health.up()));
            List<HealthReport> reports = HealthReport.of(context, framework, Duration.ofMillis(200));
            assertThat(reports).hasSize(3).contains(new HealthReport("fine", Health.up()));
            assertThat(reports)
                    .filteredOn(report -> report.health().state() == State.DOWN)
                    .extracting(HealthReport::name)
                    .containsExactlyInAnyOrder("acme.Starts", "acme.Asked");
            assertThat(reports)
                    .filteredOn(report -> report.health().state() == State.DOWN)
                    .allSatisfy(report -> assertThat(report.health().reason()).contains("200 ms", "HealthReportTest.hang"));
        } finally {
            framework.stop();
            framework.waitForStop(10_000);
        }
    }
}
