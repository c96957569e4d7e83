// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.openapi;

import io.hyperspot.web.spi.Exchange;
import io.hyperspot.web.spi.Operation;
import io.hyperspot.web.spi.ProtocolHandler;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Serves the document in one format, with an ETag. */
final class DocumentHandler implements ProtocolHandler {
    /** Writes the current document. */
    @FunctionalInterface
    interface Format {
        byte[] write() throws IOException;
    }

    private final String path;
    private final String mediaType;
    private final Format format;

    DocumentHandler(String path, String mediaType, Format format) {
        this.path = path;
        this.mediaType = mediaType;
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
        byte[] body = format.write();
        String tag = '"' + digest(body) + '"';
        exchange.setHeader("ETag", tag);
        exchange.setHeader("Cache-Control", "no-cache");
        if (tag.equals(exchange.header("If-None-Match"))) {
            exchange.respond(304, mediaType, new byte[0]);
        } else {
            exchange.respond(200, mediaType, body);
        }
    }

    private static String digest(byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
