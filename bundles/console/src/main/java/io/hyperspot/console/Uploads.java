// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.console;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * JARs that an administrator has sent and not yet decided on. A few at most, each for a limited time;
 * their files are gone when that is over, and when this is closed. Thread-safe.
 */
final class Uploads implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Uploads.class);
    private static final int MOST = 4;
    private static final int MOST_AT_ONCE = 2;
    private static final Duration LONGEST_TRANSFER = Duration.ofMinutes(10);

    /** A file of its own; gone when closed. */
    record Upload(Path jar) implements AutoCloseable {
        @Override
        public void close() {
            try {
                Files.deleteIfExists(jar);
            } catch (IOException e) {
                log.warn("the upload {} cannot be deleted: {}", jar, e.getMessage());
            }
        }
    }

    private record Waiting(Upload upload, Future<?> end) {}

    private final Path folder;
    private final long largest;
    private final Duration patience;
    private final RandomToken tokens = new RandomToken();
    private final Semaphore transfers = new Semaphore(MOST_AT_ONCE);
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("console-uploads").factory());

    /** By ticket, the oldest first. */
    private final Map<String, Waiting> waiting = new LinkedHashMap<>();

    private boolean closed;

    /**
     * @param folder of these uploads alone; what an earlier process left there is deleted
     * @param largest in bytes
     * @param patience how long an upload waits for a decision
     */
    Uploads(Path folder, long largest, Duration patience) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.largest = largest;
        this.patience = patience;
        try (DirectoryStream<Path> left = Files.newDirectoryStream(folder)) {
            for (Path file : left) {
                Files.deleteIfExists(file);
            }
        }
    }

    long largest() {
        return largest;
    }

    /**
     * Receives a JAR into a file whose name nobody chose.
     *
     * @param declared length in bytes; negative when unknown
     * @throws ProblemException TOO_LARGE, RESOURCE_EXHAUSTED or TIMEOUT; no file is left then
     */
    Upload receive(InputStream body, long declared) throws IOException {
        if (declared > largest) {
            throw tooLarge();
        }
        if (!transfers.tryAcquire()) {
            throw new ProblemException(
                    ErrorCategory.RESOURCE_EXHAUSTED,
                    "TOO_MANY_UPLOADS",
                    MOST_AT_ONCE + " uploads are under way already; try again when they have ended");
        }
        Upload upload = null;
        boolean complete = false;
        try {
            upload = new Upload(Files.createTempFile(folder, "", ".jar"));
            copy(body, upload.jar());
            complete = true;
            return upload;
        } finally {
            transfers.release();
            if (!complete && upload != null) {
                upload.close();
            }
        }
    }

    private void copy(InputStream body, Path to) throws IOException {
        long end = System.nanoTime() + LONGEST_TRANSFER.toNanos();
        byte[] buffer = new byte[1 << 16];
        long total = 0;
        try (OutputStream out = Files.newOutputStream(to)) {
            for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
                total += n;
                if (total > largest) {
                    throw tooLarge();
                }
                if (System.nanoTime() - end > 0) {
                    throw new ProblemException(ErrorCategory.TIMEOUT, "UPLOAD_TOO_SLOW", "the upload took too long");
                }
                out.write(buffer, 0, n);
            }
        }
    }

    private ProblemException tooLarge() {
        return new ProblemException(
                ErrorCategory.TOO_LARGE,
                "UPLOAD_TOO_LARGE",
                "the file is larger than " + (largest >> 20) + " MB; copy it into the folder plugins of the home instead");
    }

    /** Keeps an upload until it is decided on; gives its ticket. */
    synchronized String keep(Upload upload) {
        String ticket = tokens.next();
        if (closed) {
            upload.close();
            return ticket;
        }
        if (waiting.size() >= MOST) {
            forget(waiting.keySet().iterator().next());
        }
        Future<?> end = timer.schedule(() -> forget(ticket), patience.toMillis(), TimeUnit.MILLISECONDS);
        waiting.put(ticket, new Waiting(upload, end));
        return ticket;
    }

    /**
     * The upload of a ticket, which is worth nothing from now on; the caller closes it.
     *
     * @throws ProblemException NOT_FOUND when it is gone
     */
    synchronized Upload take(String ticket) {
        Waiting found = waiting.remove(ticket);
        if (found == null) {
            throw new ProblemException(
                    ErrorCategory.NOT_FOUND,
                    "UPLOAD_GONE",
                    "the uploaded file is no longer there: it is kept " + patience.toMinutes() + " minutes, and " + MOST
                            + " at most; choose it again");
        }
        found.end().cancel(false);
        return found.upload();
    }

    /** The upload of a ticket goes, if it is still there. */
    synchronized void forget(String ticket) {
        Waiting found = waiting.remove(ticket);
        if (found != null) {
            found.end().cancel(false);
            found.upload().close();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        timer.shutdownNow();
        waiting.values().forEach(found -> found.upload().close());
        waiting.clear();
    }
}
