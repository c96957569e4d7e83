// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.openai;

import static io.hyperspot.llm.openai.Fixture.KEY;
import static io.hyperspot.llm.openai.Fixture.problem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import io.hyperspot.credstore.ConfiguredSecret;
import io.hyperspot.itests.providers.ProviderServer;
import io.hyperspot.llm.EmbeddingRequest;
import io.hyperspot.modkit.Cancellation;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.HealthContributor.Health;
import io.hyperspot.modkit.HealthContributor.State;
import io.hyperspot.modkit.ProblemException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What an operator sees of a provider that cannot be used, and that its key stays secret. */
@Timeout(60)
final class ProviderHealthTest {
    private final Fixture fixture = new Fixture();
    private final Logger root = (Logger) LoggerFactory.getLogger("io.hyperspot");
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

    @BeforeEach
    void listen() {
        logged.start();
        root.addAppender(logged);
    }

    @AfterEach
    void stop() {
        fixture.close();
        root.detachAppender(logged);
        for (ILoggingEvent event : logged.list) {
            String trace = event.getThrowableProxy() == null ? "" : ThrowableProxyUtil.asString(event.getThrowableProxy());
            assertThat(event.getFormattedMessage() + trace).doesNotContain(KEY);
        }
    }

    private OpenAiWorker listing(String baseUrl) {
        return fixture.worker(Map.of("base_url", baseUrl, "api_key", KEY, "models_refresh_seconds", 1));
    }

    private static void degraded(OpenAiWorker worker, String... words) {
        await().untilAsserted(() -> {
            Health health = worker.health();
            assertThat(health.state()).isEqualTo(State.DEGRADED);
            assertThat(health.reason()).startsWith("instance 'acme': ").contains(words).doesNotContain(KEY);
        });
    }

    private static String nobody() throws Exception {
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "http://127.0.0.1:" + closed.getLocalPort() + "/v1";
        }
    }

    @ParameterizedTest
    @CsvSource({
        "api.example.com/v1,              must start with http:// or https://",
        "ftp://api.example.com/v1,        must start with http:// or https://",
        "'',                              must start with http:// or https://",
        "http:///v1,                      host",
        "https://joe:sk-very-secret@h/v1, no password",
        "https://h/v1?key=sk-very-secret, query",
        "https://h/sk-very-secret/{v1},   not a URL",
        "https://h:0/,                    port",
    })
    void tellsThatTheBaseUrlCannotBeUsed(String url, String words) {
        OpenAiWorker worker = listing(url);
        try {
            Health health = worker.health();
            assertThat(health.state()).isEqualTo(State.DEGRADED);
            assertThat(health.reason())
                    .startsWith("instance 'acme': nothing is sent, because the base URL ")
                    .contains(words)
                    .endsWith(": correct it in modules.llm-openai.instances.acme")
                    .doesNotContain(KEY);
            assertThat(worker.name()).isEqualTo("llm-openai-acme");
            assertThat(worker.models()).isEmpty();
            assertThat(worker.allowsUnlisted()).as("so that its callers are told").isTrue();
            ProblemException problem = problem(ErrorCategory.UNAVAILABLE, () -> Fixture.forward(worker));
            assertThat(problem.code()).isEqualTo("PROVIDER_MISCONFIGURED");
            assertThat(problem.detail()).contains("'acme'").contains("an operator must correct that");
        } finally {
            worker.stop();
        }
    }

    @Test
    void tellsThatTheKeyCannotBeSent() throws Exception {
        OpenAiWorker worker = fixture.worker(Map.of("base_url", nobody(), "api_key", KEY + "\u201d"));
        degraded(worker, "api_key holds a character that is not plain ASCII");
        worker.stop();
    }

    @Test
    void tellsThatNobodyIsThereAndForgetsItWhenSomebodyIs() throws Exception {
        OpenAiWorker lost = listing(nobody());
        degraded(lost, "cannot be reached", "modules.llm-openai.instances.acme.base_url");
        assertThat(lost.models()).isEmpty();
        lost.stop();
        OpenAiWorker unknown = listing("http://does-not-exist.invalid/v1");
        degraded(unknown, "the name of its host is not known");
        unknown.stop();
    }

    @Test
    void tellsWhatIsWrongWithTheListAndForgetsItWhenItIsRead() throws Exception {
        try (ProviderServer provider = new ProviderServer(KEY, call -> call.json(200, "{}"))) {
            provider.models(call -> call.json(401, "{\"error\":{\"message\":\"no such key: " + KEY + "\"}}"));
            OpenAiWorker worker = listing(provider.baseUrl());
            degraded(worker, "refuses its key (status 401)", "set modules.llm-openai.instances.acme.api_key");
            provider.models(call -> call.json(200, "nonsense"));
            degraded(worker, "the list of models cannot be read (answers garbage", "acme.models");
            provider.models(call -> call.json(404, "{}"));
            degraded(worker, "the list of models cannot be read", "acme.base_url");
            provider.models(call -> call.json(301, "{}"));
            degraded(worker, "answers with a redirect (status 301)", "acme.base_url");
            provider.models(call -> call.json(200, ProviderServer.MODELS));
            await().untilAsserted(() -> assertThat(worker.health()).isEqualTo(Health.up()));
            assertThat(worker.models()).hasSize(2);
            worker.stop();
        }
    }

    @Test
    void tellsWhatCallsFoundWhenNoListIsRead() throws Exception {
        try (ProviderServer provider = new ProviderServer(KEY, call -> {
            if (call.body().path("stream").isMissingNode()) {
                call.json(403, "{\"error\":{\"message\":\"" + call.header("authorization") + "\"}}");
            } else {
                call.json(429, "{}");
            }
        })) {
            OpenAiWorker worker = fixture.worker(provider);
            assertThat(worker.health()).isEqualTo(Health.up());
            problem(ErrorCategory.BAD_UPSTREAM, () -> Fixture.forward(worker));
            degraded(worker, "refuses its key (status 403)");
            worker.forward(
                    Fixture.CALLER,
                    Fixture.call("{\"model\":\"small\",\"stream\":false}"),
                    new Fixture.Client(),
                    new Cancellation());
            assertThat(worker.health()).as("an answer, if not a good one").isEqualTo(Health.up());
            worker.stop();
        }
        OpenAiWorker lost = fixture.worker(Map.of("base_url", nobody(), "models", new String[] {"small"}));
        problem(ErrorCategory.UNAVAILABLE, () -> Fixture.forward(lost));
        degraded(lost, "cannot be reached");
        assertThat(lost.models()).hasSize(1);
        lost.stop();
    }

    @Test
    void tellsForHowLongAProviderIsLeftAlone() throws Exception {
        OpenAiWorker lost = fixture.worker(Map.of(
                "base_url", nobody(),
                "models", new String[] {"small"},
                "retries", 0,
                "breaker_failures", 2,
                "breaker_open_seconds", 100));
        for (int i = 0; i < 2; i++) {
            assertThat(problem(ErrorCategory.UNAVAILABLE, () -> Fixture.forward(lost)).code())
                    .isEqualTo("PROVIDER_UNREACHABLE");
        }
        ProblemException left = problem(ErrorCategory.UNAVAILABLE, () -> Fixture.forward(lost));
        assertThat(left.code()).isEqualTo("PROVIDER_OVERLOADED");
        assertThat(left.detail()).contains("failed repeatedly");
        assertThat(left.context().get("retry_after_seconds")).isInstanceOf(Long.class).matches(s -> (Long) s > 50 && (Long) s <= 100);
        assertThat(logged.list)
                .filteredOn(event -> event.getFormattedMessage().contains("is not called for another"))
                .as("said once, in the log")
                .hasSize(1);
        lost.stop();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 422, 429, 500})
    void hidesAKeyThatTheProviderRepeats(int status) throws Exception {
        try (ProviderServer provider = new ProviderServer(
                KEY, call -> call.json(status, "{\"error\":{\"message\":\"\u00e4 " + call.header("authorization") + "\"}}"))) {
            OpenAiWorker worker = fixture.worker(provider);
            Fixture.Client client = Fixture.forward(worker);
            assertThat(client.status).isEqualTo(status);
            assertThat(client.text()).isEqualTo("{\"error\":{\"message\":\"\u00e4 Bearer ***\"}}");
            Throwable failure = catchThrowable(() -> worker.embed(
                    Fixture.CALLER,
                    new EmbeddingRequest("small", List.of("hi"), null),
                    new Cancellation()));
            StringWriter trace = new StringWriter();
            failure.printStackTrace(new PrintWriter(trace));
            assertThat(trace.toString()).doesNotContain(KEY);
            assertThat(worker.toString() + worker.health()).doesNotContain(KEY);
            worker.stop();
        }
    }

    @Test
    void showsItsKeyInNoHeader() {
        assertThat(new OpenAiVendor("", "").headers(KEY).toString()).contains("Authorization").doesNotContain(KEY);
    }

    @Test
    void followsAReferenceToItsKey() throws Exception {
        AtomicReference<String> value = new AtomicReference<>("sk-one");
        try (ProviderServer provider = new ProviderServer(
                "*", call -> call.json(400, "{\"error\":{\"message\":\"" + call.header("authorization") + " sk-one\"}}"))) {
            OpenAiWorker worker = fixture.worker(
                    Map.of("base_url", provider.baseUrl(), "models", new String[] {"small"}),
                    configured -> new ConfiguredSecret("openai", value::get));
            assertThat(Fixture.forward(worker).text()).isEqualTo("{\"error\":{\"message\":\"Bearer *** ***\"}}");
            value.set("two-sk");
            assertThat(Fixture.forward(worker).text())
                    .as("neither the new key nor the one before")
                    .isEqualTo("{\"error\":{\"message\":\"Bearer *** ***\"}}");
            worker.stop();
        }
    }
}
