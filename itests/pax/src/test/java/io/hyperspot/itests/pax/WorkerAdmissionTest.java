// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests.pax;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.cleanCaches;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.frameworkStartLevel;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;
import static org.ops4j.pax.exam.CoreOptions.systemPackages;

import io.hyperspot.llm.ChatEvent;
import io.hyperspot.llm.ChatRequest;
import io.hyperspot.llm.Message;
import io.hyperspot.llm.spi.LlmWorker;
import io.hyperspot.modkit.Cancellation;
import io.hyperspot.modkit.worker.Admission;
import io.hyperspot.modkit.worker.WorkerHandle;
import io.hyperspot.modkit.worker.Workers;
import io.hyperspot.runtime.Server;
import io.hyperspot.security.Permission;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.TenantId;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.inject.Inject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerSuite;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceRegistration;

/** A third party's connector in the container, seen from a bundle beside it. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerSuite.class)
public class WorkerAdmissionTest {
    private static final Pattern BUNDLE =
            Pattern.compile("\\{\"id\": \"[^:]+:([^:]+):([^\"]+)\"(?:, \"start-order\": (\\d+))?}");
    private static final int LAST = 20;
    private static final String ECHO = LlmWorker.TYPE + "acme.echo._.parrot.v1";

    @Inject
    private BundleContext context;

    @Inject
    private Admission admission;

    @Inject
    private Workers.Factory factory;

    @Configuration
    public Option[] configuration() throws IOException {
        Path distribution = Path.of(System.getProperty("hyperspot.distribution"));
        List<Option> options = new ArrayList<>();
        options.add(junitBundles());
        options.add(cleanCaches(true));
        options.add(frameworkStartLevel(LAST));
        options.add(systemPackages(Server.lentPackages().split(",")));
        Path home = Files.createTempDirectory(Path.of("target"), "home").toAbsolutePath();
        for (String folder : List.of("config", "data", "logs", "plugins", "models")) {
            Files.createDirectory(home.resolve(folder));
        }
        options.add(frameworkProperty("hyperspot.home").value(home.toString()));
        options.add(frameworkProperty("hyperspot.config").value(home.resolve("config/hyperspot.yaml").toString()));
        options.add(frameworkProperty("hyperspot.config.explicit").value("false"));
        options.add(frameworkProperty("hyperspot.overrides").value("modules.web.port"));
        options.add(frameworkProperty("hyperspot.override.modules.web.port").value("0"));
        try (Stream<Path> features = Files.list(distribution.resolve("features"))) {
            for (Path feature : features.sorted().toList()) {
                addBundles(Files.readString(feature), distribution.resolve("bundles"), options);
            }
        }
        options.add(bundle(Path.of(System.getProperty("hyperspot.echo")).toUri().toString()).startLevel(LAST));
        return options.toArray(Option[]::new);
    }

    /** A feature's bundles in the launcher's order; those without one are installed only. */
    private static void addBundles(String feature, Path folder, List<Option> options) {
        Matcher entry = BUNDLE.matcher(feature);
        while (entry.find()) {
            Path file = folder.resolve(entry.group(1) + "-" + entry.group(2) + ".jar");
            var bundle = bundle(file.toUri().toString());
            options.add(entry.group(3) == null ? bundle.noStart() : bundle.startLevel(Integer.parseInt(entry.group(3))));
        }
    }

    @Test
    public void runsInsideTheContainer() {
        assertNotNull(FrameworkUtil.getBundle(LlmWorker.class));
        assertEquals("io.hyperspot.llm.api", FrameworkUtil.getBundle(LlmWorker.class).getSymbolicName());
    }

    @Test
    public void admitsAConnectorWhoseTypeItsContractBrings() {
        Admission.Entry echo = admission.entries().stream()
                .filter(entry -> entry.instance().equals(ECHO))
                .findFirst()
                .orElseThrow(() -> new AssertionError("not seen: " + admission.entries()));
        assertEquals(Admission.State.ADMITTED, echo.state());
        assertTrue(echo.origin().startsWith("acme.echo"));
    }

    @Test
    public void leasesAWorkerAndLetsItGoWithItsBundle() throws Exception {
        try (Workers<LlmWorker> workers = factory.open(LlmWorker.class, LlmWorker.TYPE, LlmWorker::provider)) {
            WorkerHandle<LlmWorker> handle = workers.snapshot().key("acme");
            assertNotNull(handle);
            StringBuilder answer = new StringBuilder();
            try (WorkerHandle.Lease<LlmWorker> lease = handle.acquire(null)) {
                assertNotNull(lease);
                lease.worker()
                        .chat(
                                new SecurityContext("user:test", TenantId.ROOT, List.of(Permission.ALL)),
                                ChatRequest.of("parrot", List.of(Message.of(Message.Role.USER, "hello there"))),
                                event -> {
                                    if (event instanceof ChatEvent.TextDelta(String text)) {
                                        answer.append(text);
                                    }
                                },
                                new Cancellation());
            }
            assertEquals("hello there", answer.toString());

            Bundle bundle = Stream.of(context.getBundles())
                    .filter(b -> b.getSymbolicName().equals("acme.echo"))
                    .findFirst()
                    .orElseThrow();
            bundle.stop();
            assertEquals(null, workers.snapshot().key("acme"));
            bundle.start();
            assertNotNull(workers.snapshot().key("acme"));
        }
    }

    @Test
    public void refusesAWorkerThatItsTypeDoesNotAllow() {
        String instance = LlmWorker.TYPE + "acme.test._.nameless.v1";
        Map<String, Object> properties = new HashMap<>();
        properties.put("gts.type", LlmWorker.TYPE);
        properties.put("gts.instance", instance);
        properties.put("gts.properties.provider", "");
        ServiceRegistration<?> registration = context.registerService(LlmWorker.class.getName(), new Unused(), FrameworkUtil.asDictionary(properties));
        try {
            Admission.Entry refused = entry(instance);
            assertEquals(Admission.State.REJECTED, refused.state());
            assertTrue(refused.reason(), refused.reason().contains("/properties/provider"));

            properties.put("gts.properties.provider", "acme");
            registration.setProperties(FrameworkUtil.asDictionary(properties));
            assertEquals(Admission.State.ADMITTED, entry(instance).state());
        } finally {
            registration.unregister();
        }
    }

    private Admission.Entry entry(String instance) {
        return admission.entries().stream()
                .filter(entry -> entry.instance().equals(instance))
                .findFirst()
                .orElseThrow(() -> new AssertionError("not seen: " + admission.entries()));
    }

    /** Made when the worker is wanted. */
    private static final class Unused implements ServiceFactory<Object> {
        @Override
        public Object getService(Bundle bundle, ServiceRegistration<Object> registration) {
            return Proxy.newProxyInstance(
                    LlmWorker.class.getClassLoader(), new Class<?>[] {LlmWorker.class}, (proxy, method, args) ->
                            switch (method.getName()) {
                                case "hashCode" -> System.identityHashCode(proxy);
                                case "equals" -> System.identityHashCode(proxy) == System.identityHashCode(args[0]);
                                case "toString", "provider" -> "nameless";
                                default -> throw new UnsupportedOperationException(method.getName());
                            });
        }

        @Override
        public void ungetService(Bundle bundle, ServiceRegistration<Object> registration, Object service) {}
    }
}
