// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.observability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.File;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.osgi.framework.ServiceReference;

class MetricsTest extends FelixFixture {
    private static String scrape(Metrics metrics) throws Exception {
        FakeExchange exchange = FakeExchange.get("");
        metrics.handle(exchange, metrics.operations().getFirst());
        assertThat(exchange.status).isEqualTo(200);
        assertThat(exchange.contentType).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
        return exchange.text();
    }

    private MeterRegistry registry() {
        ServiceReference<MeterRegistry> reference = Objects.requireNonNull(context().getServiceReference(MeterRegistry.class));
        return Objects.requireNonNull(context().getService(reference));
    }

    @Test
    void showsWhatBundlesCountAndTheStateOfTheVirtualMachine() throws Exception {
        Metrics metrics = new Metrics(context());
        Counter.builder("llm.tokens").tag("provider", "a\"b\\c\nd").description("Tokens used").register(registry()).increment(3);
        Timer.builder("http.server.requests").tag("operation", "/x").register(registry()).record(Duration.ofMillis(250));
        String text = scrape(metrics);
        assertThat(text)
                .contains("# TYPE llm_tokens_total counter", "llm_tokens_total{provider=\"a\\\"b\\\\c\\nd\"} 3.0")
                .contains("http_server_requests_seconds_count{operation=\"/x\"} 1")
                .contains("http_server_requests_seconds_sum{operation=\"/x\"} 0.25")
                .contains("jvm_memory_used_bytes{", "jvm_threads_live_threads", "jvm_classes_loaded_classes", "process_cpu_usage", "process_cpu_seconds_total", "system_cpus");
        metrics.deactivate();
        assertThat(context().getServiceReference(MeterRegistry.class)).isNull();
    }

    @Test
    void needsAPermission() {
        Metrics metrics = new Metrics(context());
        assertThat(metrics.path()).isEqualTo("/metrics");
        assertThat(metrics.operations()).singleElement().satisfies(operation ->
                assertThat(String.valueOf(operation.permission())).isEqualTo("gts.hyperspot.core.*:read"));
        metrics.deactivate();
    }

    @Test
    void satisfiesPrometheus() throws Exception {
        Path promtool = Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(folder -> Path.of(folder, "promtool"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
        assumeTrue(promtool != null, "there is no promtool on the PATH");
        Metrics metrics = new Metrics(context());
        Counter.builder("llm.tokens").tag("provider", "a").description("Tokens used").register(registry()).increment();
        Timer.builder("llm.requests").description("Time of calls to models").register(registry()).record(Duration.ofMillis(1));
        Process process = new ProcessBuilder(Objects.requireNonNull(promtool).toString(), "check", "metrics")
                .redirectErrorStream(true)
                .start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(scrape(metrics).getBytes(StandardCharsets.UTF_8));
        }
        String report = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(report).isZero();
        metrics.deactivate();
    }
}
