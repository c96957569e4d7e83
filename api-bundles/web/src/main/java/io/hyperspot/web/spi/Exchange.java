// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.spi;

import io.hyperspot.modkit.Cancellation;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.web.EventStream;
import jakarta.ws.rs.core.EntityPart;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * One request and its answer. Used by one thread at a time. A REST resource may take it as a parameter
 * with {@code @Context}, to answer as a protocol handler does.
 */
@ProviderType
public interface Exchange {
    String requestId();

    /** Who calls. For a public operation: an anonymous context without permissions. */
    SecurityContext security();

    String method();

    /** The path below the handler's mount, starting with {@code /}, percent-decoded. */
    String path();

    /** The first value of a query parameter, or null. */
    @Nullable String query(String name);

    /** The first value of a header, or null; names are case-insensitive. */
    @Nullable String header(String name);

    /**
     * The whole body. Read once.
     *
     * @throws io.hyperspot.modkit.ProblemException TOO_LARGE or TIMEOUT
     * @throws IOException when the client is gone
     */
    byte[] body() throws IOException;

    /**
     * The parts of a {@code multipart/form-data} body. Read once, instead of {@link #body}. Large parts are
     * in temporary files, which are deleted when the request ends.
     *
     * @throws io.hyperspot.modkit.ProblemException UNSUPPORTED_MEDIA_TYPE, INVALID_ARGUMENT when it is
     *     malformed or cut off, TOO_LARGE beyond a limit, or TIMEOUT
     * @throws IOException when the client is gone
     */
    List<EntityPart> parts(MultipartLimits limits) throws IOException;

    /**
     * Cancelled when the client leaves or a deadline passes. A handler that goes on working after a
     * deadline is interrupted; one that does not end even then loses its answer.
     */
    Cancellation cancellation();

    /** Adds a field to the access log line of this request. */
    void log(String key, String value);

    /** Sets a header of the answer, before it starts. */
    void setHeader(String name, String value);

    /** Answers with a body that is complete. Writes it once. */
    void respond(int status, String contentType, byte[] body, int offset, int length) throws IOException;

    default void respond(int status, String contentType, byte[] body) throws IOException {
        respond(status, contentType, body, 0, body.length);
    }

    /** Starts an answer of unknown length. Every {@link #write} is flushed to the client. */
    void start(int status, String contentType) throws IOException;

    /** Answers with server-sent events, with the server's heartbeat and idle deadline. */
    EventStream events();

    /**
     * Answers with server-sent events. Further calls give the same stream.
     *
     * @param heartbeat after this long without a byte a comment is sent; zero: never
     * @param idle a producer that sends nothing for this long is cancelled; zero: never
     */
    EventStream events(Duration heartbeat, Duration idle);

    /** Whether the status line was sent: errors must be told inside the body from then on. */
    boolean started();

    /**
     * Sends a part of the body; blocks while the client reads slowly.
     *
     * @throws IOException when the client is gone
     */
    void write(byte[] bytes, int offset, int length) throws IOException;

    /** Ends the answer; the rest of {@link ProtocolHandler#handle} is not part of it. */
    void end() throws IOException;
}
