// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.audit.chain;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A trail in a file of JSON Lines: first {@code {"type": "trail"}} with the tenant, the public key and,
 * where old records were removed, the signed beginning; then a line a record; last the signed head.
 */
public final class TrailFile {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private TrailFile() {}

    /**
     * What came of a check.
     *
     * @param key fingerprint of the key with which it was checked
     * @param records how many there were
     * @param findings what is wrong; empty: nothing
     */
    public record Result(String tenant, String key, long records, List<Finding> findings) {}

    /** The first line. */
    public static String first(String tenant, TrailKey key, @Nullable SignedPoint start) {
        ObjectNode line = JSON.createObjectNode().put("type", "trail").put("tenant", tenant).put("key", key.text());
        if (start != null) {
            line.set("start", point(JSON.createObjectNode(), start));
        }
        return line.toString();
    }

    /** The last line. */
    public static String last(SignedPoint head) {
        return point(JSON.createObjectNode().put("type", "head"), head).toString();
    }

    private static ObjectNode point(ObjectNode into, SignedPoint signed) {
        return into.put("seq", signed.point().seq())
                .put("hash", signed.point().hash())
                .put("at", signed.at())
                .put("signature", signed.signature());
    }

    /**
     * A record's line.
     *
     * @param actor null: erased
     * @param actorKey opens the link's actor
     * @param details null: erased
     * @param detailsKey opens the link's details
     */
    public static String record(
            Link link,
            String hash,
            byte[] signature,
            @Nullable String actor,
            byte @Nullable [] actorKey,
            @Nullable Map<String, String> details,
            byte @Nullable [] detailsKey) {
        ObjectNode line = JSON.createObjectNode()
                .put("type", "record")
                .put("seq", link.seq())
                .put("id", link.id())
                .put("at", link.at())
                .put("actor", actor)
                .put("action", link.action())
                .put("target", link.target())
                .put("outcome", link.outcome());
        if (details == null) {
            line.putNull("details");
        } else {
            ObjectNode object = line.putObject("details");
            new TreeMap<>(details).forEach(object::put);
        }
        line.putObject("chained")
                .put("actor_ref", link.actorRef())
                .put("actor_key", link.actorKey())
                .put("actor", link.actor())
                .put("details_key", link.detailsKey())
                .put("details", link.details())
                .put("previous", link.previous())
                .put("hash", hash)
                .put("signature", signature);
        if (actorKey != null) {
            line.put("open_actor", actorKey);
        }
        if (detailsKey != null) {
            line.put("open_details", detailsKey);
        }
        return line.toString();
    }

    /**
     * Checks a file: that its chain is whole and signed, and that what is shown in clear is what was chained.
     *
     * @param key by which it must be signed, or null: by the one that the file names itself
     * @throws IOException when it cannot be read or is no such file; the message says what is wrong
     */
    public static Result check(BufferedReader file, @Nullable TrailKey key) throws IOException {
        JsonNode first = parse(file.readLine(), 1);
        if (!first.path("type").asText().equals("trail")) {
            throw new IOException("this is no export of a trail: the first line has no \"type\": \"trail\"");
        }
        String tenant = first.path("tenant").asText();
        TrailKey trusted = key;
        if (trusted == null) {
            try {
                trusted = TrailKey.parse(first.path("key").asText());
            } catch (IllegalArgumentException e) {
                throw new IOException("the first line names no key; say which with --key", e);
            }
        }
        ChainCheck check =
                new ChainCheck(tenant, trusted, first.has("start") ? point(Point.Kind.START, tenant, first.path("start")) : null);
        List<Finding> shown = new ArrayList<>();
        List<SignedPoint> heads = new ArrayList<>();
        long number = 1;
        for (String text = file.readLine(); text != null; text = file.readLine()) {
            number++;
            JsonNode line = parse(text, number);
            switch (line.path("type").asText()) {
                case "record" -> add(check, tenant, line, number, shown);
                case "head" -> heads.add(point(Point.Kind.HEAD, tenant, line));
                default -> throw new IOException("line " + number + " is neither a record nor the head");
            }
        }
        List<Finding> findings = new ArrayList<>(check.end(heads));
        if (heads.isEmpty()) {
            findings.add(new Finding(Finding.Kind.CUT_OFF, check.records() + 1, "the file has no signed head: its end is missing"));
        }
        findings.addAll(shown);
        return new Result(tenant, trusted.fingerprint(), check.records(), findings);
    }

    private static void add(ChainCheck check, String tenant, JsonNode line, long number, List<Finding> shown)
            throws IOException {
        JsonNode chained = line.path("chained");
        Link link = new Link(
                tenant,
                line.path("seq").asLong(),
                line.path("id").asText(),
                line.path("at").asLong(),
                line.path("action").asText(),
                line.path("outcome").asText(),
                line.path("target").asText(),
                chained.path("actor_ref").asText(),
                chained.path("actor_key").asText(),
                bytes(chained.path("actor"), number),
                chained.path("details_key").asText(),
                bytes(chained.path("details"), number),
                chained.path("previous").asText());
        check.add(link, chained.path("hash").asText(), bytes(chained.path("signature"), number));
        if (!line.path("actor").isNull()
                && !isOpened(line.path("open_actor"), link.actor(), link.id(), line.path("actor").asText(), number)) {
            shown.add(new Finding(
                    Finding.Kind.EDITED, link.seq(), "the actor shown in record " + link.seq() + " is not the one that was recorded"));
        }
        if (!line.path("details").isNull()
                && !isOpened(line.path("open_details"), link.details(), link.id(), line.path("details").toString(), number)) {
            shown.add(new Finding(
                    Finding.Kind.EDITED, link.seq(), "the details shown in record " + link.seq() + " are not those that were recorded"));
        }
    }

    private static boolean isOpened(JsonNode key, byte[] sealed, String record, String shown, long number) throws IOException {
        byte[] bytes = bytes(key, number);
        try {
            byte[] opened = Sealed.open(new SecretKeySpec(bytes, "AES"), sealed, record);
            return new String(opened, StandardCharsets.UTF_8).equals(shown);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static SignedPoint point(Point.Kind kind, String tenant, JsonNode line) throws IOException {
        Point point = new Point(kind, tenant, line.path("seq").asLong(), line.path("hash").asText());
        return new SignedPoint(point, line.path("at").asLong(), bytes(line.path("signature"), 1));
    }

    private static byte[] bytes(JsonNode text, long number) throws IOException {
        try {
            return Base64.getDecoder().decode(text.asText());
        } catch (IllegalArgumentException e) {
            throw new IOException("line " + number + " holds something that is not base64", e);
        }
    }

    private static JsonNode parse(@Nullable String line, long number) throws IOException {
        if (line == null) {
            throw new IOException("the file is empty");
        }
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new IOException("line " + number + " is not JSON: it was cut off or damaged", e);
        }
    }
}
