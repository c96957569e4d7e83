// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.web.spi.MultipartLimits;
import jakarta.ws.rs.ext.Providers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.eclipse.jetty.http.MultiPart;
import org.eclipse.jetty.http.MultiPartFormData;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Promise;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of a {@code multipart/form-data} body (RFC 7578), until it is closed. */
final class Multipart implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Multipart.class);

    private final MultiPartFormData.Parts parts;
    private final List<ReceivedPart> received = new ArrayList<>();

    private Multipart(MultiPartFormData.Parts parts, @Nullable Providers providers) {
        this.parts = parts;
        for (MultiPart.Part part : parts) {
            if (part.getName() == null) {
                close();
                throw malformed("a part has no name", null);
            }
            received.add(new ReceivedPart(part, providers));
        }
    }

    /**
     * Reads a whole body on the calling thread.
     *
     * @param providers read what {@link jakarta.ws.rs.core.EntityPart#getContent(Class)} is asked for
     * @throws ProblemException when it is no such body, malformed, or too large
     * @throws IOException when the client is gone
     */
    static Multipart read(
            @Nullable String contentType, InputStream body, MultipartLimits limits, Path files, @Nullable Providers providers)
            throws IOException {
        if (contentType == null || !contentType.toLowerCase(Locale.ROOT).startsWith("multipart/form-data")) {
            throw new ProblemException(
                    ErrorCategory.UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE", "send the body with 'Content-Type: multipart/form-data'");
        }
        String boundary = MultiPart.extractBoundary(contentType);
        if (boundary == null || boundary.isBlank()) {
            throw malformed("the Content-Type has no boundary", null);
        }
        MultiPartFormData.Parser parser = new MultiPartFormData.Parser(boundary);
        parser.setFilesDirectory(files);
        parser.setMaxParts(limits.maxParts());
        parser.setMaxFileSize(limits.maxPartBytes() == Long.MAX_VALUE ? -1 : limits.maxPartBytes());
        parser.setMaxMemoryFileSize(limits.memoryBytes());
        parser.setPartHeadersMaxLength(limits.maxHeaderBytes());
        // a field without a file name may be large too
        parser.setUseFilesForPartsWithoutFileName(true);
        // the operation's limit is the stream's
        parser.setMaxLength(-1);
        CompletableFuture<MultiPartFormData.Parts> parsed = new CompletableFuture<>();
        // reads the stream on this thread, and is complete when it returns
        parser.parse(Content.Source.from(body), Promise.Invocable.toPromise(parsed));
        try {
            return new Multipart(parsed.join(), providers);
        } catch (CompletionException | CancellationException e) {
            throw problem(e.getCause() == null ? e : e.getCause(), limits);
        }
    }

    private static ProblemException problem(Throwable failure, MultipartLimits limits) throws IOException {
        String message = String.valueOf(failure.getMessage());
        if (failure instanceof ProblemException known) {
            return known;
        }
        if (message.contains("max file size") || message.contains("max memory file size")) {
            return tooLarge("PART_TOO_LARGE", "a part is larger than the " + limits.maxPartBytes() + " bytes that this operation takes");
        }
        if (message.contains("too many") || message.contains("max parts")) {
            return tooLarge("TOO_MANY_PARTS", "the body has more than the " + limits.maxParts() + " parts that this operation takes");
        }
        if (message.contains("headers max length")) {
            return tooLarge("PART_TOO_LARGE", "the headers of a part are larger than " + limits.maxHeaderBytes() + " bytes");
        }
        if (failure instanceof IOException gone && gone.getCause() != null) {
            // the connection, not the format
            throw gone;
        }
        return malformed("it is cut off, or its parts are not separated by the boundary", failure);
    }

    private static ProblemException tooLarge(String code, String detail) {
        return new ProblemException(ErrorCategory.TOO_LARGE, code, detail);
    }

    private static ProblemException malformed(String what, @Nullable Throwable cause) {
        return new ProblemException(
                ErrorCategory.INVALID_ARGUMENT, "INVALID_MULTIPART", "the body is not valid multipart/form-data: " + what, Map.of(), cause);
    }

    List<ReceivedPart> parts() {
        return received;
    }

    /** Deletes the temporary files. */
    @Override
    public void close() {
        for (MultiPart.Part part : parts) {
            try {
                part.delete();
            } catch (IOException e) {
                log.warn("the temporary file of a part cannot be deleted", e);
            }
        }
        parts.close();
    }
}
