// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests.pax;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.cleanCaches;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;

import io.hyperspot.llm.ChatEvent;
import io.hyperspot.llm.ChatRequest;
import io.hyperspot.llm.Message;
import io.hyperspot.llm.spi.LlmWorker;
import io.hyperspot.modkit.Cancellation;
import io.hyperspot.modkit.worker.Admission;
import io.hyperspot.modkit.worker.WorkerHandle;
import io.hyperspot.modkit.worker.Workers;
import io.hyperspot.security.Permission;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.TenantId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

/** A third party's connector in the container, seen from a bundle beside it. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerSuite.class)
public class WorkerAdmissionTest {
    /** They use the launcher's logging library, which this container does not lend. */
    private static final List<String> LEFT_OUT =
            List.of("io.hyperspot.observability", "io.hyperspot.openapi", "io.hyperspot.console", "org.apache.felix.webconsole", "org.apache.felix.http.bridge", "org.apache.felix.inventory");

    private static final String ECHO = LlmWorker.TYPE + "acme.echo._.parrot.v1";

    @Inject
    private BundleContext context;

    @Inject
    private Admission admission;

    @Inject
    private Workers.Factory factory;

    @Configuration
    public Option[] configuration() throws IOException {
        Path bundles = Path.of(System.getProperty("hyperspot.distribution"), "bundles");
        List<Option> options = new ArrayList<>();
        options.add(junitBundles());
        options.add(cleanCaches(true));
        options.add(frameworkProperty("felix.bootdelegation.implicit").value("true"));
        options.add(frameworkProperty("org.osgi.framework.bootdelegation").value("sun.*,com.sun.*"));
        options.add(frameworkProperty("hyperspot.home").value(Files.createTempDirectory("hyperspot-pax").toString()));
        try (Stream<Path> files = Files.list(bundles)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".jar")).toList()) {
                String name = file.getFileName().toString();
                if (LEFT_OUT.stream().noneMatch(name::startsWith)) {
                    boolean starts = name.startsWith("org.apache.felix") || (name.startsWith("io.hyperspot") && !name.contains(".api-"));
                    var option = bundle(file.toUri().toString());
                    options.add(starts ? option : option.noStart());
                }
            }
        }
        options.add(bundle(Path.of(System.getProperty("hyperspot.echo")).toUri().toString()));
        return options.toArray(Option[]::new);
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
            try (WorkerHandle.Lease<LlmWorker> lease = handle.acquire()) {
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
}
