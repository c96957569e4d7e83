// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Keycloak on a free port of this machine, with the realm "acme" of the test resources and a database in its memory. */
final class Keycloak implements AutoCloseable {
    private static final Path HOME = Path.of(System.getProperty("keycloak.home"));
    private static final String ADMIN = "admin";
    private static final Pattern LISTENING = Pattern.compile("Listening on: (http://127\\.0\\.0\\.1:\\d+)");
    private static final Pattern ACTION = Pattern.compile("<form[^>]* action=\"([^\"]+)\"");
    private static final String KEY_PROVIDERS = "/components?type=org.keycloak.keys.KeyProvider";

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final Process process;
    private final String base;

    Keycloak() throws Exception {
        Path imports = Files.createDirectories(HOME.resolve("data/import"));
        Files.copy(Path.of("src/test/resources/acme-realm.json"), imports.resolve("acme-realm.json"), StandardCopyOption.REPLACE_EXISTING);
        ProcessBuilder builder = new ProcessBuilder(
                        HOME.resolve("bin/kc.sh").toString(),
                        "start-dev", "--db=dev-mem", "--http-host=127.0.0.1", "--http-port=0", "--import-realm")
                .redirectErrorStream(true);
        builder.environment().putAll(Map.of(
                "JAVA_HOME", System.getProperty("java.home"),
                "JAVA_OPTS_KC_HEAP", "-Xmx512m",
                "KC_BOOTSTRAP_ADMIN_USERNAME", ADMIN,
                "KC_BOOTSTRAP_ADMIN_PASSWORD", ADMIN));
        process = builder.start();
        CompletableFuture<String> listening = new CompletableFuture<>();
        Thread.ofVirtual().name("keycloak-output").start(() -> read(listening));
        try {
            base = listening.get(8, TimeUnit.MINUTES);
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    private void read(CompletableFuture<String> listening) {
        Path log = HOME.resolveSibling("keycloak.log");
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
                BufferedWriter out = Files.newBufferedWriter(log)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                out.write(line + "\n");
                out.flush();
                Matcher found = LISTENING.matcher(line);
                if (found.find()) {
                    listening.complete(found.group(1));
                }
            }
        } catch (IOException e) {
            listening.completeExceptionally(e);
        }
        listening.completeExceptionally(new IOException("Keycloak has ended, see " + log));
    }

    String issuer() {
        return base + "/realms/acme";
    }

    /** An answer with its status. */
    record Reply(int status, JsonNode body) {}

    private Reply send(String method, String url, @Nullable String type, String body, String... headers) throws Exception {
        BodyPublisher content = type == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofMinutes(1)).method(method, content);
        if (type != null) {
            request.header("Content-Type", type);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
        return new Reply(response.statusCode(), FakeIssuer.JSON.readTree(response.body()));
    }

    private Reply form(String url, Map<String, String> fields) throws Exception {
        return send("POST", url, "application/x-www-form-urlencoded", CodeExchange.encode(fields));
    }

    /** What ada gets with her password by a program. */
    JsonNode tokens(String clientId) throws Exception {
        Reply reply = form(issuer() + "/protocol/openid-connect/token", Map.of(
                "grant_type", "password", "client_id", clientId, "username", "ada", "password", "correct horse", "scope", "openid"));
        assertThat(reply.status()).as("%s", reply.body()).isEqualTo(200);
        return reply.body();
    }

    Reply refresh(String clientId, JsonNode tokens) throws Exception {
        return form(issuer() + "/protocol/openid-connect/token", Map.of(
                "grant_type", "refresh_token", "client_id", clientId, "refresh_token", tokens.path("refresh_token").asText()));
    }

    void endSession(String clientId, JsonNode tokens) throws Exception {
        Reply reply = form(issuer() + "/protocol/openid-connect/logout", Map.of(
                "client_id", clientId, "refresh_token", tokens.path("refresh_token").asText()));
        assertThat(reply.status()).as("%s", reply.body()).isEqualTo(204);
    }

    private Reply administer(String method, String path, @Nullable Object json) throws Exception {
        Reply login = form(base + "/realms/master/protocol/openid-connect/token", Map.of(
                "grant_type", "password", "client_id", "admin-cli", "username", ADMIN, "password", ADMIN));
        assertThat(login.status()).as("%s", login.body()).isEqualTo(200);
        Reply reply = send(
                method,
                base + "/admin/realms/acme" + path,
                json == null ? null : "application/json",
                FakeIssuer.JSON.writeValueAsString(json),
                "Authorization", "Bearer " + login.body().path("access_token").asText());
        assertThat(reply.status()).as("%s %s: %s", method, path, reply.body()).isBetween(200, 204);
        return reply;
    }

    /** Signs with a new key from now on. */
    void addKey() throws Exception {
        Object _ = administer("POST", "/components", Map.of(
                "name", "next",
                "providerId", "rsa-generated",
                "providerType", "org.keycloak.keys.KeyProvider",
                "config", Map.of("priority", List.of("200"), "algorithm", List.of("RS256"))));
    }

    /** Does not know the keys any more that it began with. */
    void forgetFirstKeys() throws Exception {
        for (JsonNode provider : administer("GET", KEY_PROVIDERS, null).body()) {
            if (provider.path("providerId").asText().equals("rsa-generated") && !provider.path("name").asText().equals("next")) {
                Object _ = administer("DELETE", "/components/" + provider.path("id").asText(), null);
            }
        }
    }

    /** Ends every session of ada. */
    void endAllSessions() throws Exception {
        String id = administer("GET", "/users?username=ada&exact=true", null).body().path(0).path("id").asText();
        Object _ = administer("POST", "/users/" + id + "/logout", null);
    }

    /** Shows the login page to ada, and what she comes back with. */
    Map<String, String> logIn(URI page) throws Exception {
        HttpResponse<String> shown = client.send(HttpRequest.newBuilder(page).timeout(Duration.ofMinutes(1)).build(), BodyHandlers.ofString());
        Matcher form = ACTION.matcher(shown.body());
        assertThat(form.find()).as("%s %s", shown, shown.body()).isTrue();
        String cookies = shown.headers().allValues("set-cookie").stream()
                .map(text -> HttpCookie.parse(text).getFirst())
                .map(cookie -> cookie.getName() + "=" + cookie.getValue())
                .collect(Collectors.joining("; "));
        HttpRequest credentials = HttpRequest.newBuilder(URI.create(form.group(1).replace("&amp;", "&")))
                .timeout(Duration.ofMinutes(1))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Cookie", cookies)
                .POST(BodyPublishers.ofString(CodeExchange.encode(Map.of("username", "ada", "password", "correct horse"))))
                .build();
        HttpResponse<String> sent = client.send(credentials, BodyHandlers.ofString());
        URI back = URI.create(sent.headers().firstValue("location").orElseThrow(() -> new AssertionError(sent.body())));
        Map<String, String> answer = new TreeMap<>();
        for (String field : back.getRawQuery().split("&")) {
            String[] parts = field.split("=", 2);
            answer.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return answer;
    }

    @Override
    public void close() {
        client.shutdownNow();
        // the script has started Java
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        assertThat(process.onExit().orTimeout(30, TimeUnit.SECONDS).join().isAlive()).isFalse();
    }
}
