// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.openapi;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.web.spi.Exchange;
import io.hyperspot.web.spi.Operation;
import io.hyperspot.web.spi.ProtocolHandler;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Serves the document in one format, with an ETag. */
final class DocumentHandler implements ProtocolHandler {
    private static final Pattern TAG = Pattern.compile("\"([^\"]*)\"");

    /** Writes a document. */
    @FunctionalInterface
    interface Format {
        byte[] write(ObjectNode document) throws IOException;
    }

    private record Written(ObjectNode document, byte[] body, String tag) {}

    private final String path;
    private final String mediaType;
    private final Supplier<ObjectNode> document;
    private final Format format;
    private volatile @Nullable Written last;

    /**
     * @param document the same instance until it changes
     */
    DocumentHandler(String path, String mediaType, Supplier<ObjectNode> document, Format format) {
        this.path = path;
        this.mediaType = mediaType;
        this.document = document;
        this.format = format;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public List<Operation> operations() {
        return List.of(new Operation("GET", "", null, null, 0));
    }

    @Override
    public void handle(Exchange exchange, Operation operation) throws IOException {
        Written now = written();
        exchange.setHeader("ETag", '"' + now.tag() + '"');
        exchange.setHeader("Cache-Control", "no-cache");
        if (isKnown(exchange.header("If-None-Match"), now.tag())) {
            exchange.respond(304, mediaType, new byte[0]);
        } else {
            exchange.respond(200, mediaType, now.body());
        }
    }

    private Written written() throws IOException {
        ObjectNode current = document.get();
        Written known = last;
        if (known == null || !known.document().equals(current)) {
            byte[] body = format.write(current);
            known = new Written(current, body, digest(body));
            last = known;
        }
        return known;
    }

    /** By weak comparison, as RFC 9110 (13.1.2) wants it; a compression may have added its name to the tag. */
    private static boolean isKnown(@Nullable String header, String tag) {
        if (header == null) {
            return false;
        }
        if (header.strip().equals("*")) {
            return true;
        }
        Matcher tags = TAG.matcher(header);
        while (tags.find()) {
            if (tags.group(1).replaceFirst("--[a-z]+$", "").equals(tag)) {
                return true;
            }
        }
        return false;
    }

    private static String digest(byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
