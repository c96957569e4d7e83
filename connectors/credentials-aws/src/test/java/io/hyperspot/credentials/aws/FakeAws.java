// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credentials.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A local server, not the real product: what AWS Secrets Manager answers, by its API reference. It computes the
 * signature of each request anew from what has arrived, keeps versions and staging labels in memory with AWS's rules
 * (tokens make writes idempotent, labels move, 20 at most, what is deleted is kept for a while), and refuses what AWS
 * refuses, with the same errors.
 */
final class FakeAws implements AutoCloseable {
    static final String REGION = "eu-central-1";
    private static final Pattern AUTHORIZATION = Pattern.compile(
            "AWS4-HMAC-SHA256 Credential=([^/]+)/(\\d{8})/([^/]+)/([^/]+)/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})");
    private static final Set<String> MUST_BE_SIGNED = Set.of("host", "content-type", "x-amz-date", "x-amz-target");

    /** What AWS knows of an access key. */
    record Known(String secret, String token) {}

    /** One version of AWS's. */
    static final class Version {
        final String value;
        double created = Instant.now().toEpochMilli() / 1000.0;
        final Set<String> labels = new HashSet<>();

        Version(String value) {
            this.value = value;
        }
    }

    /** One secret of AWS's. */
    static final class Kept {
        final Map<String, Version> versions = new LinkedHashMap<>();
        String kmsKey = "";
        int recoveryDays = -1;

        boolean isDeleted() {
            return recoveryDays >= 0;
        }

        @Nullable Version labelled(String label) {
            return versions.values().stream().filter(v -> v.labels.contains(label)).findFirst().orElse(null);
        }
    }

    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;
        private final String type;

        Refused(String type, String message) {
            super(message);
            this.type = type;
        }
    }

    private record Answer(int status, String body) {}

    private final ObjectMapper json = new ObjectMapper();
    private final Map<String, Kept> secrets = new TreeMap<>();
    final Map<String, Known> keys = new ConcurrentHashMap<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    /** What was wrong with requests that no caller should send. */
    final ConcurrentLinkedQueue<String> mistakes = new ConcurrentLinkedQueue<>();
    /** The action of each request. */
    final ConcurrentLinkedQueue<String> actions = new ConcurrentLinkedQueue<>();
    /** How many of the next requests are answered with the failure. */
    final AtomicInteger failing = new AtomicInteger();

    volatile int status = 400;
    volatile String failure = "ThrottlingException";
    /** Whether the next failing requests are done all the same, as when an answer is lost. */
    volatile boolean doneAllTheSame;
    volatile boolean silent;
    /** Not empty: the body of all answers with 200. */
    volatile String body = "";
    /** Runs before a write is looked at. */
    volatile Runnable beforeWrite = () -> {};

    FakeAws() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    synchronized Kept secret(String name) {
        return Objects.requireNonNull(secrets.get(name));
    }

    synchronized List<String> names() {
        return List.copyOf(secrets.keySet());
    }

    synchronized void age(String name, Duration time) {
        secret(name).versions.values().forEach(version -> version.created -= time.toSeconds());
    }

    long count(String action) {
        return actions.stream().filter(action::equals).count();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] sent = exchange.getRequestBody().readAllBytes();
            Headers headers = exchange.getRequestHeaders();
            String target = String.valueOf(headers.getFirst("X-Amz-Target"));
            if (!target.startsWith("secretsmanager.") || !exchange.getRequestMethod().equals("POST")
                    || !exchange.getRequestURI().toString().equals("/")
                    || !"application/x-amz-json-1.1".equals(headers.getFirst("Content-Type"))) {
                mistakes.add(exchange.getRequestMethod() + " " + target);
            }
            String action = target.replace("secretsmanager.", "");
            actions.add(action);
            if (silent) {
                over.await();
                return;
            }
            Answer answer = answer(action, headers, sent);
            byte[] bytes = answer.body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
            exchange.sendResponseHeaders(answer.status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Answer answer(String action, Headers headers, byte[] sent) throws IOException {
        try {
            checkSignature(headers, sent);
            if (action.equals("PutSecretValue")) {
                beforeWrite.run();
            }
            if (failing.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                if (doneAllTheSame) {
                    act(action, json.readTree(sent));
                }
                return new Answer(status, "{\"__type\":\"" + failure + "\",\"message\":\"Rate exceeded\"}");
            }
            String answer = act(action, json.readTree(sent)).toString();
            return new Answer(200, body.isEmpty() ? answer : body);
        } catch (Refused e) {
            ObjectNode answer = json.createObjectNode().put("__type", e.type).put("Message", e.getMessage());
            return new Answer(400, answer.toString());
        }
    }

    private void checkSignature(Headers headers, byte[] sent) throws Refused {
        Matcher matcher = AUTHORIZATION.matcher(String.valueOf(headers.getFirst("Authorization")));
        if (!matcher.matches()) {
            throw new Refused("IncompleteSignatureException", "Authorization header is malformed");
        }
        Known known = keys.get(matcher.group(1));
        if (known == null) {
            throw new Refused("UnrecognizedClientException", "The security token included in the request is invalid.");
        }
        String token = headers.getFirst("X-Amz-Security-Token");
        if (!known.token.equals(token == null ? "" : token)) {
            throw new Refused("ExpiredTokenException", "The security token included in the request is expired");
        }
        List<String> names = List.of(matcher.group(5).split(";", -1));
        Set<String> needed = new HashSet<>(MUST_BE_SIGNED);
        if (token != null) {
            needed.add("x-amz-security-token");
        }
        if (!names.containsAll(needed) || !names.equals(names.stream().sorted().toList())) {
            throw new Refused("InvalidSignatureException", "headers that must be signed are not, or in no order");
        }
        String time = String.valueOf(headers.getFirst("X-Amz-Date"));
        Instant at = LocalDateTime.parse(time, DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'")).toInstant(ZoneOffset.UTC);
        if (Duration.between(at, Instant.now()).abs().compareTo(Duration.ofMinutes(5)) > 0) {
            throw new Refused("InvalidSignatureException", "Signature expired: " + time);
        }
        String day = matcher.group(2);
        if (!time.startsWith(day) || !matcher.group(3).equals(REGION) || !matcher.group(4).equals("secretsmanager")) {
            throw new Refused("InvalidSignatureException", "Credential should be scoped to a valid region");
        }
        StringBuilder canonical = new StringBuilder("POST\n/\n\n");
        names.forEach(name -> canonical.append(name).append(':').append(headers.getFirst(name)).append('\n'));
        canonical.append('\n').append(matcher.group(5)).append('\n').append(sha256(sent));
        String scope = day + "/" + REGION + "/secretsmanager/aws4_request";
        String text = "AWS4-HMAC-SHA256\n" + time + "\n" + scope + "\n"
                + sha256(canonical.toString().getBytes(StandardCharsets.UTF_8));
        byte[] key = ("AWS4" + known.secret).getBytes(StandardCharsets.UTF_8);
        for (String part : new String[] {day, REGION, "secretsmanager", "aws4_request", text}) {
            key = hmac(key, part);
        }
        if (!HexFormat.of().formatHex(key).equals(matcher.group(6))) {
            throw new Refused("InvalidSignatureException", "The request signature we calculated does not match");
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private synchronized JsonNode act(String action, JsonNode request) throws Refused {
        return switch (action) {
            case "GetSecretValue" -> get(request);
            case "CreateSecret" -> create(request);
            case "PutSecretValue" -> put(request);
            case "DescribeSecret" -> describe(request);
            case "UpdateSecretVersionStage" -> unlabel(request);
            case "DeleteSecret" -> delete(request);
            default -> {
                mistakes.add(action);
                throw new Refused("UnknownOperationException", "");
            }
        };
    }

    private Kept existing(JsonNode request) throws Refused {
        Kept kept = secrets.get(request.path("SecretId").asText());
        if (kept == null) {
            throw new Refused("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
        }
        return kept;
    }

    private Kept live(JsonNode request) throws Refused {
        Kept kept = existing(request);
        if (kept.isDeleted()) {
            throw new Refused(
                    "InvalidRequestException",
                    "You can't perform this operation on the secret because it was marked for deletion.");
        }
        return kept;
    }

    private JsonNode get(JsonNode request) throws Refused {
        String label = request.path("VersionStage").asText("AWSCURRENT");
        Kept kept = live(request);
        for (Map.Entry<String, Version> entry : kept.versions.entrySet()) {
            if (entry.getValue().labels.contains(label)) {
                ObjectNode answer = json.createObjectNode()
                        .put("Name", request.path("SecretId").asText())
                        .put("VersionId", entry.getKey())
                        .put("CreatedDate", entry.getValue().created)
                        .put("SecretBinary", entry.getValue().value);
                return answer;
            }
        }
        throw new Refused(
                "ResourceNotFoundException",
                "Secrets Manager can't find the specified secret value for staging label: " + label);
    }

    private JsonNode create(JsonNode request) throws Refused {
        String name = request.path("Name").asText();
        if (!name.matches("[A-Za-z0-9/_+=.@-]{1,512}") || token(request).isEmpty()) {
            throw new Refused("ValidationException", "Invalid name");
        }
        Kept there = secrets.get(name);
        if (there != null) {
            throw there.isDeleted()
                    ? new Refused(
                            "InvalidRequestException",
                            "You can't create this secret because a secret with this name is already scheduled for deletion.")
                    : new Refused(
                            "ResourceExistsException", "The operation failed because the secret " + name + " already exists.");
        }
        Kept kept = new Kept();
        kept.kmsKey = request.path("KmsKeyId").asText();
        secrets.put(name, kept);
        return json.createObjectNode().put("Name", name);
    }

    private static String token(JsonNode request) {
        String token = request.path("ClientRequestToken").asText();
        return token.length() < 32 || token.length() > 64 ? "" : token;
    }

    private JsonNode put(JsonNode request) throws Refused {
        Kept kept = live(request);
        String token = token(request);
        String value = request.path("SecretBinary").asText();
        if (token.isEmpty() || value.isEmpty()) {
            mistakes.add("a write without a token or a value");
        }
        Version there = kept.versions.get(token);
        if (there != null) {
            if (!there.value.equals(value)) {
                throw new Refused(
                        "ResourceExistsException", "You can't modify an existing version, you can only create a new version.");
            }
            return json.createObjectNode().put("VersionId", token);
        }
        Set<String> labels = new HashSet<>(Arrays.asList(json.convertValue(request.path("VersionStages"), String[].class)));
        Set<String> all = new HashSet<>(labels);
        kept.versions.values().forEach(version -> all.addAll(version.labels));
        if (all.size() > 20) {
            throw new Refused("LimitExceededException", "You have exceeded the number of staging labels");
        }
        Version current = kept.labelled("AWSCURRENT");
        if (labels.contains("AWSCURRENT") && current != null) {
            kept.versions.values().forEach(version -> version.labels.remove("AWSPREVIOUS"));
            current.labels.add("AWSPREVIOUS");
        }
        kept.versions.values().forEach(version -> version.labels.removeAll(labels));
        Version version = new Version(value);
        version.labels.addAll(labels);
        kept.versions.put(token, version);
        return json.createObjectNode().put("VersionId", token);
    }

    private JsonNode describe(JsonNode request) throws Refused {
        ObjectNode stages = json.createObjectNode();
        existing(request).versions.forEach((id, version) -> {
            if (!version.labels.isEmpty()) {
                ArrayNode labels = stages.putArray(id);
                version.labels.forEach(labels::add);
            }
        });
        return json.createObjectNode().set("VersionIdsToStages", stages);
    }

    private JsonNode unlabel(JsonNode request) throws Refused {
        Version version = live(request).versions.get(request.path("RemoveFromVersionId").asText());
        if (version == null || !version.labels.remove(request.path("VersionStage").asText())) {
            throw new Refused("InvalidParameterException", "The staging label is not attached to that version.");
        }
        return json.createObjectNode();
    }

    private JsonNode delete(JsonNode request) throws Refused {
        Kept kept = live(request);
        if (request.path("ForceDeleteWithoutRecovery").asBoolean()) {
            secrets.remove(request.path("SecretId").asText());
        } else {
            kept.recoveryDays = request.path("RecoveryWindowInDays").asInt(30);
        }
        return json.createObjectNode();
    }

    List<String> labels(String name) {
        List<String> labels = new ArrayList<>();
        secret(name).versions.values().forEach(version -> labels.addAll(version.labels));
        return labels;
    }

    @Override
    public void close() {
        over.countDown();
        server.stop(0);
        threads.close();
    }
}
