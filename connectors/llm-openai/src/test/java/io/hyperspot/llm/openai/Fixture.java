// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hyperspot.credstore.ConfiguredSecrets;
import io.hyperspot.http.client.provider.PooledProviderClients;
import io.hyperspot.itests.providers.ProviderServer;
import io.hyperspot.llm.spi.WireWorker;
import io.hyperspot.modkit.Cancellation;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.TenantId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Workers on the real HTTP client, configured as Declarative Services would. */
final class Fixture implements AutoCloseable {
    static final SecurityContext CALLER = new SecurityContext("user:test", TenantId.ROOT, List.of());
    static final String KEY = "sk-very-secret";

    private final PooledProviderClients clients = new PooledProviderClients(new SimpleMeterRegistry());

    /**
     * @param settings by key, for example {@code base_url}; the others have their defaults
     */
    OpenAiWorker worker(Map<String, Object> settings) {
        return worker(settings, ConfiguredSecrets.literal());
    }

    OpenAiWorker worker(Map<String, Object> settings, ConfiguredSecrets secrets) {
        return new OpenAiWorker(clients, secrets, config(settings), Map.of("instance.name", "acme"));
    }

    OpenAiWorker worker(ProviderServer provider, Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(more);
        settings.put("base_url", provider.baseUrl());
        settings.putIfAbsent("api_key", KEY);
        settings.putIfAbsent("models", new String[] {"small"});
        return worker(settings);
    }

    OpenAiWorker worker(ProviderServer provider) {
        return worker(provider, Map.of());
    }

    static OpenAiConfig config(Map<String, Object> settings) {
        return (OpenAiConfig) Proxy.newProxyInstance(
                OpenAiConfig.class.getClassLoader(), new Class<?>[] {OpenAiConfig.class}, (proxy, method, args) -> {
                    if (method.getDeclaringClass() == Annotation.class || method.getDeclaringClass() == Object.class) {
                        return method.getName();
                    }
                    Object value = settings.get(method.getName().replaceFirst("^_", "").replace("__", "_"));
                    return value == null ? method.getDefaultValue() : value;
                });
    }

    /** What a client would get. */
    static final class Client implements WireWorker.Sink {
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        volatile int status;
        volatile String contentType = "";
        volatile long length = -2;
        volatile Map<String, String> headers = Map.of();

        @Override
        public void start(int answer, String type, long declared, Map<String, String> more) {
            assertThat(status).as("the head comes once").isZero();
            status = answer;
            contentType = type;
            length = declared;
            headers = more;
        }

        @Override
        public void write(byte[] bytes, int offset, int count) {
            assertThat(status).as("the head comes first").isNotZero();
            synchronized (body) {
                body.write(bytes, offset, count);
            }
        }

        String text() {
            synchronized (body) {
                return body.toString(StandardCharsets.UTF_8);
            }
        }
    }

    static WireWorker.Call call(String body) {
        byte[] bytes = ("##" + body + "##").getBytes(StandardCharsets.UTF_8);
        return new WireWorker.Call(WireWorker.OPENAI, "/chat/completions", bytes, 2, bytes.length - 4);
    }

    static WireWorker.Call call() {
        return call("{\"model\":\"small\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
    }

    static Client forward(OpenAiWorker worker) throws Exception {
        Client client = new Client();
        worker.forward(CALLER, call(), client, new Cancellation());
        return client;
    }

    /** Something that must fail as a problem. */
    @FunctionalInterface
    interface Failing {
        void run() throws Exception;
    }

    static ProblemException problem(ErrorCategory category, Failing action) {
        ProblemException problem = catchThrowableOfType(ProblemException.class, action::run);
        assertThat(problem).isNotNull();
        assertThat(problem.category()).as(problem.detail()).isEqualTo(category);
        assertThat(problem.detail()).doesNotContain(KEY);
        return problem;
    }

    @Override
    public void close() {
        clients.stop();
    }
}
