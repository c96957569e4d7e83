// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credentials.aws;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.http.client.ProviderClient;
import io.hyperspot.http.client.ProviderClient.Header;
import io.hyperspot.http.client.ProviderClient.Request;
import io.hyperspot.http.client.ProviderClients;
import io.hyperspot.http.client.ProviderClients.Breaking;
import io.hyperspot.http.client.ProviderClients.Retries;
import io.hyperspot.http.client.ProviderClients.Settings;
import io.hyperspot.http.client.ProviderResponse;
import io.hyperspot.http.client.UpstreamException;
import io.hyperspot.http.client.UpstreamException.Kind;
import io.hyperspot.modkit.Cancellation;
import java.io.IOException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Actions of AWS Secrets Manager, JSON 1.1 over HTTP. Each can be sent twice, for writes carry a token by which AWS
 * knows them again. What is throttled or fails in passing is sent again a few times, after a random delay, signed
 * anew. Thread-safe.
 */
final class SecretsManager implements AutoCloseable {
    /** Several times the largest value as base64. */
    private static final int MAX_ANSWER = 1 << 19;

    private static final int MOST_ATTEMPTS = 4;
    private static final long FIRST_DELAY = Duration.ofMillis(100).toNanos();
    private static final Breaking BREAKING = new Breaking(8, Duration.ofSeconds(2));
    private static final Set<String> PASSING = Set.of(
            "ThrottlingException",
            "Throttling",
            "ThrottledException",
            "RequestThrottled",
            "RequestThrottledException",
            "TooManyRequestsException",
            "RequestLimitExceeded",
            "BandwidthLimitExceeded",
            "SlowDown",
            "InternalServiceError",
            "InternalFailure",
            "ServiceUnavailable",
            "ServiceUnavailableException",
            "RequestTimeout",
            "RequestTimeoutException");
    private static final Pattern ERROR = Pattern.compile("(?:.*#)?([A-Za-z]{1,64})(?::.*)?");

    /**
     * An answer, whatever its status.
     *
     * @param error the name of AWS's error, letters only; empty for success, and when it names none
     * @param deletion whether the error speaks of a deletion
     * @param at AWS's own time, as far as it tells it
     */
    record Answer(int status, String error, boolean deletion, JsonNode body, Instant at) {
        boolean isDone() {
            return status == 200;
        }

        boolean isMissing() {
            return error.equals("ResourceNotFoundException");
        }

        /** It was deleted, and is kept for a while to be restored. */
        boolean isDeleted() {
            return error.equals("InvalidRequestException") && deletion;
        }

        /** Without the body, where a value may be. */
        @Override
        public String toString() {
            return "answer " + status + " " + error;
        }
    }

    private final ProviderClient client;
    private final SigV4 signer;
    private final String host;
    private final AccessKeys keys;
    private final Problems problems;
    private final Clock clock;
    private final DoubleSupplier jitter;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ObjectMapper json = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** @param jitter numbers from 0 to 1 */
    SecretsManager(
            ProviderClients clients, AwsSettings settings, AccessKeys keys, Problems problems, Clock clock, DoubleSupplier jitter) {
        this.signer = new SigV4(settings.region(), "secretsmanager");
        this.host = settings.host();
        this.keys = keys;
        this.problems = problems;
        this.clock = clock;
        this.jitter = jitter;
        // the client's own retries would send a signature again that is too old by then
        this.client = clients.open(new Settings(
                "credentials-aws-" + settings.store(),
                settings.endpoint(),
                settings.timeout(),
                settings.timeout(),
                settings.timeout(),
                settings.timeout(),
                settings.maxConnections(),
                Retries.NONE,
                BREAKING));
    }

    static boolean isPassing(int status, String error) {
        return PASSING.contains(error)
                || switch (status) {
                    case 429, 500, 502, 503, 504 -> true;
                    default -> false;
                };
    }

    ObjectNode object() {
        return json.createObjectNode();
    }

    /**
     * @throws io.hyperspot.modkit.ProblemException when no answer came, when the last one was a passing failure, or for
     *     success that is no JSON
     */
    Answer call(String action, ObjectNode request, Deadline deadline) {
        byte[] body;
        try {
            body = json.writeValueAsBytes(request);
        } catch (JacksonException e) {
            throw problems.unavailable("the request to AWS cannot be written", null);
        }
        try {
            for (int attempt = 1; ; attempt++) {
                if (deadline.left() <= 0) {
                    throw problems.late();
                }
                try {
                    Answer answer = send(action, body);
                    if (answer.isDone() || !isPassing(answer.status(), answer.error())) {
                        return answer;
                    }
                    if (!pause(attempt, deadline)) {
                        throw problems.of(answer.status(), answer.error());
                    }
                } catch (UpstreamException e) {
                    boolean passing = e.kind() == Kind.CONNECT || e.kind() == Kind.CLOSED;
                    if (!passing || !pause(attempt, deadline)) {
                        throw problems.of(e);
                    }
                }
            }
        } finally {
            Arrays.fill(body, (byte) 0);
        }
    }

    /** False when there is no further attempt. */
    private boolean pause(int attempt, Deadline deadline) {
        long delay = (long) (jitter.getAsDouble() * (FIRST_DELAY << attempt));
        if (attempt >= MOST_ATTEMPTS || delay >= deadline.left()) {
            return false;
        }
        try {
            return !closed.await(delay, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Answer send(String action, byte[] body) throws UpstreamException {
        Map<String, String> headers =
                Map.of("content-type", "application/x-amz-json-1.1", "x-amz-target", "secretsmanager." + action);
        List<Header> signed = signer.sign(keys.current(), "POST", "/", "", host, headers, body, clock.instant());
        Request request = new Request("POST", "/", signed, body, 0, body.length, true);
        try (ProviderResponse response = client.send(request, new Cancellation())) {
            return answer(response);
        }
    }

    private Answer answer(ProviderResponse response) throws UpstreamException {
        byte[] bytes = response.readAll(MAX_ANSWER);
        boolean done = response.status() == 200;
        JsonNode body = MissingNode.getInstance();
        try {
            body = json.readTree(bytes);
        } catch (IOException e) {
            if (done) {
                throw problems.badAnswer("no JSON");
            }
            // what stands between may answer in HTML: the status says enough
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
        if (done && !body.isObject()) {
            throw problems.badAnswer("no object");
        }
        String message = body.path("message").asText() + body.path("Message").asText();
        return new Answer(
                response.status(),
                done ? "" : error(body, response.header("x-amzn-errortype")),
                message.toLowerCase(Locale.ROOT).contains("delet"),
                body,
                time(response.header("date")));
    }

    /** The name alone: with a namespace before it or an address behind it in some protocols. */
    private static String error(JsonNode body, @Nullable String header) {
        String type = body.path("__type").asText();
        Matcher name = ERROR.matcher(type.isEmpty() && header != null ? header : type);
        return name.matches() ? name.group(1) : "";
    }

    private Instant time(@Nullable String date) {
        try {
            if (date != null) {
                return DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from);
            }
        } catch (DateTimeException e) {
            // as if it told none
        }
        return clock.instant();
    }

    @Override
    public void close() {
        closed.countDown();
        client.close();
    }
}
