// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credentials.vault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.credentials.vault.Problems.ForOperator;
import io.hyperspot.credentials.vault.VaultHttp.Answer;
import io.hyperspot.credstore.Secret;
import io.hyperspot.credstore.spi.CredentialWorker.Slot;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Values in a key-value engine of version 2. Each version of a secret has a path of its own,
 * {@code <prefix>/<tenant>/<id>/<version>}: the engine's own versions count what was written, failed writes
 * included, and it forgets all but the last ten unless told otherwise, while an old version of a secret may be
 * valid for years. Every write says what it replaces ({@code cas}), so that of two servers that write one version
 * one fails. The document holds the value as base64, and which secret and version it is of, so that a copy at
 * another path is not taken for that path's own.
 */
final class VaultKv {
    private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9_-]{1,255}");
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,18}");

    private sealed interface Found {
        /** @param version the engine's */
        record Present(long version, Duration age, byte[] value) implements Found {}

        /** Deleted or destroyed in Vault; a write must say the version nevertheless. */
        record Gone(long version) implements Found {}

        record Absent() implements Found {}
    }

    private final VaultHttp http;
    private final Tokens tokens;
    private final VaultSettings settings;
    private final Problems problems;

    VaultKv(VaultHttp http, Tokens tokens, VaultSettings settings, Problems problems) {
        this.http = http;
        this.tokens = tokens;
        this.settings = settings;
        this.problems = problems;
    }

    private String folder(String kind, Slot slot) {
        if (!SEGMENT.matcher(slot.id()).matches()) {
            throw problems.invalid("a secret's id must be letters, digits, underscores and dashes");
        }
        return settings.mount() + "/" + kind + "/" + settings.prefix() + "/" + slot.tenant() + "/" + slot.id();
    }

    private String document(Slot slot) {
        return folder("data", slot) + "/" + slot.version();
    }

    private Answer call(String method, String path, @Nullable ObjectNode body, Deadline deadline) {
        String token = tokens.current(deadline);
        Answer answer = http.send(method, path, token, body, true, deadline);
        if (answer.status() == 403) {
            Optional<String> other = tokens.instead(token, deadline);
            if (other.isPresent()) {
                answer = http.send(method, path, other.get(), body, true, deadline);
            }
        }
        if (!answer.isDone() && answer.status() != 400 && answer.status() != 404) {
            throw problems.of(answer.status());
        }
        return answer;
    }

    Optional<Secret> get(Slot slot, Deadline deadline) {
        if (!(read(slot, deadline) instanceof Found.Present present)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Secret.of(present.value()));
        } finally {
            Arrays.fill(present.value(), (byte) 0);
        }
    }

    private Found read(Slot slot, Deadline deadline) {
        Answer answer = call("GET", document(slot), null, deadline);
        JsonNode data = answer.body().path("data");
        long version = data.path("metadata").path("version").asLong();
        if (answer.status() == 404) {
            if (version > 0) {
                return new Found.Gone(version);
            }
            checkIsMounted(answer);
            return new Found.Absent();
        }
        JsonNode document = data.path("data");
        if (answer.status() != 200 || version < 1 || !document.isObject()) {
            throw problems.badAnswer("no document of a key-value engine of version 2 (status " + answer.status() + ")");
        }
        if (!document.path("secret").asText().equals(slot.id()) || document.path("version").asLong() != slot.version()) {
            throw problems.badAnswer("a document that is of another secret, or that this server has not written");
        }
        return new Found.Present(version, age(answer), value(document));
    }

    private byte[] value(JsonNode document) {
        JsonNode value = document.path("value");
        try {
            byte[] bytes = Base64.getDecoder().decode(value.isTextual() ? value.asText() : "?");
            if (bytes.length > 0) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            // said below, without what was answered
        }
        throw problems.badAnswer("a document without a value in base64");
    }

    /** By Vault's own clock: this server's may differ. */
    private Duration age(Answer answer) {
        try {
            Instant written = OffsetDateTime.parse(
                            answer.body().path("data").path("metadata").path("created_time").asText())
                    .toInstant();
            return Duration.between(written, answer.at());
        } catch (DateTimeException e) {
            throw problems.badAnswer("no time of the document");
        }
    }

    /** Vault answers 404 with reasons when there is no engine at all: nothing is known of the secret then. */
    private void checkIsMounted(Answer answer) {
        JsonNode errors = answer.body().path("errors");
        if (!errors.isArray() || !errors.isEmpty()) {
            throw problems.unavailable(
                    "there is no such key-value engine; the operator must correct the configuration",
                    new ForOperator("Vault answers 404: check address, namespace and mount, where a key-value engine of version 2 must be"));
        }
    }

    void put(Slot slot, Secret secret, Deadline deadline) {
        byte[] value = secret.bytes();
        try {
            if (write(slot, value, 0, deadline)) {
                return;
            }
            long replaced =
                    switch (read(slot, deadline)) {
                        case Found.Present present -> replaceable(present, value);
                        case Found.Gone gone -> gone.version();
                        case Found.Absent _ -> throw taken(Duration.ZERO);
                    };
            if (replaced > 0 && !write(slot, value, replaced, deadline)) {
                throw taken(Duration.ZERO);
            }
        } finally {
            Arrays.fill(value, (byte) 0);
        }
    }

    /** The engine's version to replace; 0: the value is there already. */
    private long replaceable(Found.Present present, byte[] value) {
        try {
            if (MessageDigest.isEqual(present.value(), value)) {
                return 0;
            }
        } finally {
            Arrays.fill(present.value(), (byte) 0);
        }
        if (present.age().compareTo(settings.takeover()) < 0) {
            throw taken(present.age());
        }
        return present.version();
    }

    private RuntimeException taken(Duration age) {
        Duration left = settings.takeover().minus(age.isNegative() ? Duration.ZERO : age);
        return problems.taken(left.toSeconds() + 1);
    }

    /** False when what is there is not of version {@code cas}. */
    private boolean write(Slot slot, byte[] value, long cas, Deadline deadline) {
        ObjectNode body = http.object();
        body.putObject("options").put("cas", cas);
        body.putObject("data")
                .put("value", Base64.getEncoder().encodeToString(value))
                .put("secret", slot.id())
                .put("reference", slot.reference())
                .put("version", slot.version());
        Answer answer = call("POST", document(slot), body, deadline);
        if (answer.status() == 400) {
            for (JsonNode error : answer.body().path("errors")) {
                if (error.asText().contains("check-and-set")) {
                    return false;
                }
            }
            throw problems.badAnswer("that it does not take the value (status 400)");
        }
        if (answer.status() == 404) {
            checkIsMounted(answer);
        }
        if (!answer.isDone() || answer.body().path("data").path("version").asLong() != cas + 1) {
            throw problems.badAnswer("a write as no key-value engine of version 2 does; check the mount");
        }
        return true;
    }

    /** With all that the engine knows of them: what is only deleted there can be had again. */
    void delete(Slot slot, Deadline deadline) {
        String folder = folder("metadata", slot);
        Answer answer = call("GET", folder + "?list=true", null, deadline);
        if (answer.status() == 404) {
            checkIsMounted(answer);
            return;
        }
        JsonNode keys = answer.body().path("data").path("keys");
        if (answer.status() != 200 || !keys.isArray()) {
            throw problems.badAnswer("no list (status " + answer.status() + ")");
        }
        for (JsonNode key : keys) {
            if (NUMBER.matcher(key.asText()).matches()) {
                Answer deleted = call("DELETE", folder + "/" + key.asText(), null, deadline);
                if (!deleted.isDone() && deleted.status() != 404) {
                    throw problems.of(deleted.status());
                }
            }
        }
    }
}
