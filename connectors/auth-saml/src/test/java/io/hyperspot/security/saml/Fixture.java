// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.saml;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.hyperspot.credstore.ConfiguredSecrets;
import io.hyperspot.security.spi.Identity;
import io.hyperspot.security.spi.Recognition;
import io.hyperspot.security.spi.Recognition.Recognized;
import io.hyperspot.security.spi.Recognition.Refused;
import io.hyperspot.security.spi.RedirectWorker.Departure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.slf4j.LoggerFactory;
import org.w3c.dom.Document;

/** A worker, configured as Declarative Services would, a login that was begun, and a clock that is set. */
final class Fixture implements AutoCloseable {
    static final String TENANT = "0192f0c1-2345-7000-8000-00000000000a";
    static final String SP = "https://hyperspot.example";
    static final URI CALLBACK = URI.create("https://hyperspot.example/auth/v1/login/acme/callback");
    static final String NOT_ACCEPTED = "the identity provider's answer is not accepted: begin the login again";
    static final TestKey RSA = TestKey.rsa(2048);
    static final TestKey EC = TestKey.ec("secp256r1");
    static final TestKey STRANGER = TestKey.rsa(2048);

    /** Time as the test says. */
    static final class SetClock extends Clock {
        private volatile Instant now = Instant.parse("2026-06-01T10:00:00Z");

        void forward(Duration more) {
            now = now.plus(more);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    final SetClock clock = new SetClock();
    final SamlRedirectWorker worker;
    final Departure departure;
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

    Fixture() {
        this(Map.of());
    }

    Fixture(Map<String, Object> settings) {
        worker = worker(settings, ConfiguredSecrets.literal(), 1000, clock);
        departure = worker.depart(CALLBACK, "state-1");
        logged.start();
        logger().addAppender(logged);
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger(SamlRedirectWorker.class);
    }

    static SamlRedirectWorker worker(Map<String, Object> settings, ConfiguredSecrets secrets, int mostUsed, Clock clock) {
        Map<String, Object> all = new HashMap<>(settings);
        if (!all.containsKey("metadata_file")) {
            all.putIfAbsent("idp_entity_id", TestIdp.ENTITY_ID);
            all.putIfAbsent("sso_url", "https://idp.example/sso");
            all.putIfAbsent("certificates", new String[] {RSA.pem(), EC.pem()});
        }
        all.putIfAbsent("sp_entity_id", SP);
        if (!all.containsKey("tenant_attribute")) {
            all.putIfAbsent("tenant", TENANT);
        }
        return new SamlRedirectWorker(secrets, config(all), Map.of("instance.name", "acme"), clock, mostUsed);
    }

    static SamlConfig config(Map<String, Object> settings) {
        return (SamlConfig) Proxy.newProxyInstance(
                SamlConfig.class.getClassLoader(), new Class<?>[] {SamlConfig.class}, (proxy, method, args) -> {
                    if (method.getDeclaringClass() == Annotation.class || method.getDeclaringClass() == Object.class) {
                        return method.getName();
                    }
                    Object value = settings.get(method.getName().replaceFirst("^_", "").replace("__", "_"));
                    return value == null ? method.getDefaultValue() : value;
                });
    }

    /** A good answer to the login, to be changed. */
    TestIdp idp() {
        return new TestIdp(requestId(departure), CALLBACK.toString(), clock.instant());
    }

    static String requestId(Departure departure) {
        return TestIdp.parsed(request(departure)).getDocumentElement().getAttribute("ID");
    }

    /** As the provider reads it (SAML Bindings, 3.4.4.1). */
    static String request(Departure departure) {
        byte[] deflated = Base64.getDecoder().decode(query(departure.location()).get("SAMLRequest"));
        try (InflaterInputStream in = new InflaterInputStream(new ByteArrayInputStream(deflated), new Inflater(true))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static Map<String, String> query(URI uri) {
        Map<String, String> query = new LinkedHashMap<>();
        for (String field : uri.getRawQuery().split("&")) {
            String[] parts = field.split("=", 2);
            query.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return query;
    }

    Recognition complete(String xml) {
        return worker.complete(CALLBACK, departure.memory(), Map.of("SAMLResponse", TestIdp.form(xml), "RelayState", "state-1"));
    }

    Recognition complete(Document document) {
        return complete(TestIdp.text(document));
    }

    Identity recognized(Document document) {
        Recognition recognition = complete(document);
        assertThat(recognition).as(() -> "logged: " + reasons()).isInstanceOf(Recognized.class);
        return ((Recognized) recognition).identity();
    }

    /** Says nothing to who guesses, and the reason to operators. */
    void assertRefused(Document document, String reason) {
        assertRefused(TestIdp.text(document), reason);
    }

    void assertRefused(String xml, String reason) {
        assertNotAccepted(complete(xml), reason);
    }

    void assertNotAccepted(Recognition recognition, String reason) {
        assertThat(recognition).isEqualTo(new Refused(NOT_ACCEPTED));
        assertThat(reasons()).contains(reason);
    }

    String reasons() {
        StringBuilder all = new StringBuilder();
        logged.list.forEach(event -> {
            assertThat(event.getThrowableProxy()).isNull();
            all.append(event.getFormattedMessage()).append('\n');
        });
        return all.toString();
    }

    Map<String, String> memory() {
        return Objects.requireNonNull(departure).memory();
    }

    @Override
    public void close() {
        logger().detachAppender(logged);
    }
}
