// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credentials.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.credentials.aws.SecretsManager.Answer;
import io.hyperspot.credstore.Secret;
import io.hyperspot.credstore.spi.CredentialWorker.Slot;
import io.hyperspot.modkit.ProblemException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Values in AWS Secrets Manager: one secret of AWS's for each, {@code <prefix>/<tenant>/<id>}, since each costs
 * by the month. A version is found by its staging label, {@code hyperspot-<version>}, which is moved when a write
 * replaces what a failed one has left. AWS allows 20 labels a secret and forgets what has none, so the last
 * {@value #KEPT} versions are kept, however long older ones would be valid. The client request token of a write
 * is derived from the version and from what it replaces, so that of two servers that write one version one fails, and
 * a write that is sent twice is done once.
 */
final class AwsValues {
    /** With AWSCURRENT, AWSPREVIOUS and AWSPENDING one less than AWS allows. */
    static final int KEPT = 16;

    private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9_-]{1,255}");
    private static final Pattern LABEL = Pattern.compile("hyperspot-([1-9][0-9]{0,17})");

    private sealed interface Found {
        record Present(String versionId, Duration age, byte[] value) implements Found {}

        /** Marked for deletion, with all versions. */
        record Deleted() implements Found {}

        record Absent() implements Found {}
    }

    private final SecretsManager aws;
    private final AwsSettings settings;
    private final Problems problems;

    AwsValues(SecretsManager aws, AwsSettings settings, Problems problems) {
        this.aws = aws;
        this.settings = settings;
        this.problems = problems;
    }

    private String name(Slot slot) {
        if (!SEGMENT.matcher(slot.id()).matches()) {
            throw problems.invalid("a secret's id must be letters, digits, underscores and dashes");
        }
        return settings.prefix() + "/" + slot.tenant() + "/" + slot.id();
    }

    private ObjectNode request(Slot slot) {
        return aws.object().put("SecretId", name(slot));
    }

    private static String label(long version) {
        return "hyperspot-" + version;
    }

    private ProblemException refused(Answer answer) {
        return answer.isDeleted() ? problems.deleted() : problems.of(answer.status(), answer.error());
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
        Answer answer = aws.call("GetSecretValue", request(slot).put("VersionStage", label(slot.version())), deadline);
        if (answer.isMissing()) {
            return new Found.Absent();
        }
        if (answer.isDeleted()) {
            return new Found.Deleted();
        }
        if (!answer.isDone()) {
            throw refused(answer);
        }
        JsonNode created = answer.body().path("CreatedDate");
        String versionId = answer.body().path("VersionId").asText();
        if (!created.isNumber() || versionId.isEmpty()) {
            throw problems.badAnswer("a value without a version");
        }
        // by AWS's own clock: this server's may differ
        Duration age = Duration.between(Instant.ofEpochMilli((long) (created.asDouble() * 1000)), answer.at());
        return new Found.Present(versionId, age, value(answer.body()));
    }

    /** A value that somebody has set in AWS's console is text. */
    private byte[] value(JsonNode body) {
        JsonNode binary = body.path("SecretBinary");
        JsonNode text = body.path("SecretString");
        try {
            byte[] bytes = binary.isTextual()
                    ? Base64.getDecoder().decode(binary.asText())
                    : text.asText().getBytes(StandardCharsets.UTF_8);
            if (bytes.length > 0) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            // said below, without what was answered
        }
        throw problems.badAnswer("no value");
    }

    void put(Slot slot, Secret secret, Deadline deadline) {
        byte[] value = secret.bytes();
        try {
            String replaced =
                    switch (read(slot, deadline)) {
                        case Found.Absent _ -> "";
                        case Found.Present present -> replaceable(present, value);
                        case Found.Deleted _ -> throw problems.deleted();
                    };
            if (replaced == null) {
                return;
            }
            if (slot.version() > KEPT) {
                unlabel(slot, deadline);
            }
            Answer answer = write(slot, value, replaced, deadline);
            if (answer.isMissing()) {
                create(slot, deadline);
                answer = write(slot, value, replaced, deadline);
            }
            if (answer.error().equals("ResourceExistsException")) {
                checkIsSame(slot, value, deadline);
            } else if (!answer.isDone()) {
                throw refused(answer);
            }
        } finally {
            Arrays.fill(value, (byte) 0);
        }
    }

    /** What the write replaces; null: the value is there already. */
    private @Nullable String replaceable(Found.Present present, byte[] value) {
        try {
            if (MessageDigest.isEqual(present.value(), value)) {
                return null;
            }
        } finally {
            Arrays.fill(present.value(), (byte) 0);
        }
        if (present.age().compareTo(settings.takeover()) < 0) {
            throw taken(present.age());
        }
        return present.versionId();
    }

    private ProblemException taken(Duration age) {
        Duration left = settings.takeover().minus(age.isNegative() ? Duration.ZERO : age);
        return problems.taken(left.toSeconds() + 1);
    }

    private Answer write(Slot slot, byte[] value, String replaced, Deadline deadline) {
        String token = UUID.nameUUIDFromBytes(
                        (slot.id() + "/" + slot.version() + "/" + replaced).getBytes(StandardCharsets.UTF_8))
                .toString();
        ObjectNode request = request(slot)
                .put("ClientRequestToken", token)
                .put("SecretBinary", Base64.getEncoder().encodeToString(value));
        request.putArray("VersionStages").add("AWSCURRENT").add(label(slot.version()));
        return aws.call("PutSecretValue", request, deadline);
    }

    /** Without a value, which has no label but AWSCURRENT when it comes with the secret. */
    private void create(Slot slot, Deadline deadline) {
        ObjectNode request = aws.object()
                .put("Name", name(slot))
                .put("ClientRequestToken", UUID.randomUUID().toString())
                .put("Description", "HyperSpot: " + slot.reference());
        if (!settings.kmsKey().isEmpty()) {
            request.put("KmsKeyId", settings.kmsKey());
        }
        Answer answer = aws.call("CreateSecret", request, deadline);
        // another server may have been faster
        if (!answer.isDone() && !answer.error().equals("ResourceExistsException")) {
            throw refused(answer);
        }
    }

    /** After a write that another one of this version was faster than. */
    private void checkIsSame(Slot slot, byte[] value, Deadline deadline) {
        if (!(read(slot, deadline) instanceof Found.Present present)) {
            throw taken(Duration.ZERO);
        }
        boolean same = MessageDigest.isEqual(present.value(), value);
        Arrays.fill(present.value(), (byte) 0);
        if (!same) {
            throw taken(present.age());
        }
    }

    /** Takes the labels of versions that are too old, so that there is room for a new one. */
    private void unlabel(Slot slot, Deadline deadline) {
        Answer answer = aws.call("DescribeSecret", request(slot), deadline);
        if (answer.isMissing()) {
            return;
        }
        if (!answer.isDone()) {
            throw refused(answer);
        }
        for (Map.Entry<String, JsonNode> version : answer.body().path("VersionIdsToStages").properties()) {
            for (String label : old(version.getValue(), slot.version() - KEPT)) {
                Answer removed = aws.call(
                        "UpdateSecretVersionStage",
                        request(slot).put("VersionStage", label).put("RemoveFromVersionId", version.getKey()),
                        deadline);
                // another server that writes the same version may have been faster
                boolean gone = removed.isMissing() || removed.error().equals("InvalidParameterException");
                if (!removed.isDone() && !gone) {
                    throw refused(removed);
                }
            }
        }
    }

    private static List<String> old(JsonNode labels, long newest) {
        List<String> old = new ArrayList<>();
        for (JsonNode label : labels) {
            Matcher ours = LABEL.matcher(label.asText());
            if (ours.matches() && Long.parseLong(ours.group(1)) <= newest) {
                old.add(label.asText());
            }
        }
        return old;
    }

    void delete(Slot slot, Deadline deadline) {
        ObjectNode request = request(slot);
        if (settings.recoveryDays() == 0) {
            request.put("ForceDeleteWithoutRecovery", true);
        } else {
            request.put("RecoveryWindowInDays", settings.recoveryDays());
        }
        Answer answer = aws.call("DeleteSecret", request, deadline);
        if (!answer.isDone() && !answer.isMissing() && !answer.isDeleted()) {
            throw refused(answer);
        }
    }
}
