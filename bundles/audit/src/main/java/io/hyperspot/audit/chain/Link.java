// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.audit.chain;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * One record of a trail as it is chained.
 *
 * @param tenant the trail's
 * @param seq counts from 1
 * @param id of the event
 * @param at milliseconds since 1970
 * @param actorRef a pseudonym of who acted
 * @param actorKey the id of the key under which {@code actor} is sealed
 * @param actor sealed
 * @param detailsKey the id of the key under which {@code details} is sealed
 * @param details sealed
 * @param previous hash of the record before, {@link #START} for the first
 */
public record Link(
        String tenant,
        long seq,
        String id,
        long at,
        String action,
        String outcome,
        String target,
        String actorRef,
        String actorKey,
        byte[] actor,
        String detailsKey,
        byte[] details,
        String previous) {
    /** Before the first record. */
    public static final String START = "0".repeat(64);

    /**
     * SHA-256, in hexadecimal, over all members in their order: numbers as 8 bytes, big end first; texts and
     * bytes as their length in 4 bytes, then themselves, texts in UTF-8.
     */
    public String hash() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            text(out, tenant);
            out.writeLong(seq);
            text(out, id);
            out.writeLong(at);
            text(out, action);
            text(out, outcome);
            text(out, target);
            text(out, actorRef);
            text(out, actorKey);
            bytes(out, actor);
            text(out, detailsKey);
            bytes(out, details);
            text(out, previous);
        } catch (IOException e) {
            throw new UncheckedIOException("memory can be written to", e);
        }
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        bytes(out, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void bytes(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    // the content of arrays is never compared: hashes are
    @Override
    public boolean equals(Object other) {
        return other instanceof Link link && link.hash().equals(hash());
    }

    @Override
    public int hashCode() {
        return hash().hashCode();
    }

    @Override
    public String toString() {
        return "Link[" + tenant + " " + seq + " " + id + "]";
    }
}
