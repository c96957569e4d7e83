// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.money;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.security.TenantId;
import io.hyperspot.usage.UsageRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Usage records on the disk, until they are in the database: a folder of files of JSON lines, the oldest first by
 * name. What {@link #append} has written is there after the process was killed. A line that is cut off, because
 * the process died within it, is skipped. Used by one thread, but for {@link #appendApart}.
 */
final class Journal implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Journal.class);
    private static final long MOST_BYTES = 4 << 20;
    private static final String SUFFIX = ".jsonl";

    private final ObjectMapper json = new ObjectMapper();
    private final Path folder;
    private final AtomicLong number = new AtomicLong();
    private @Nullable FileChannel open;
    private @Nullable Path openFile;

    /**
     * @param folder is made when it is not there
     */
    Journal(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
        for (Path file : files()) {
            number.accumulateAndGet(number(file), Math::max);
        }
    }

    private static long number(Path file) {
        String name = file.getFileName().toString();
        return Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> file.getFileName().toString().matches("\\d{12}\\" + SUFFIX))
                    .sorted()
                    .toList();
        }
    }

    /** Keeps records. A process that is killed later does not lose them; a machine that loses its power may. */
    void append(List<UsageRecord> records) throws IOException {
        FileChannel channel = channel();
        ByteBuffer bytes = ByteBuffer.wrap(lines(records));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        if (channel.size() > MOST_BYTES) {
            endFile();
        }
    }

    /** Keeps records in a file of their own, which is there whole or not at all. For any thread, also after the end. */
    void appendApart(List<UsageRecord> records) throws IOException {
        Path file = Files.write(Files.createTempFile(folder, "apart", ".tmp"), lines(records));
        while (true) {
            Path free = file(number.incrementAndGet());
            try {
                Files.move(file, free);
                return;
            } catch (FileAlreadyExistsException e) {
                log.trace("{} is taken", free, e);
            }
        }
    }

    private byte[] lines(List<UsageRecord> records) throws IOException {
        ByteArrayOutputStream lines = new ByteArrayOutputStream(records.size() * 256);
        for (UsageRecord record : records) {
            lines.writeBytes(json.writeValueAsBytes(line(record)));
            lines.write('\n');
        }
        return lines.toByteArray();
    }

    private Path file(long which) {
        return folder.resolve(String.format("%012d%s", which, SUFFIX));
    }

    private FileChannel channel() throws IOException {
        while (true) {
            FileChannel channel = open;
            if (channel != null) {
                return channel;
            }
            Path file = file(number.incrementAndGet());
            try {
                open = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                openFile = file;
            } catch (FileAlreadyExistsException e) {
                log.trace("{} is taken", file, e);
            }
        }
    }

    private void endFile() throws IOException {
        FileChannel channel = open;
        if (channel != null) {
            open = null;
            openFile = null;
            channel.close();
        }
    }

    /** The oldest file with its records; empty: there are none. Nothing is appended to it any more. */
    Optional<Batch> oldest() throws IOException {
        List<Path> files = files();
        if (files.isEmpty()) {
            return Optional.empty();
        }
        Path file = files.getFirst();
        if (file.equals(openFile)) {
            endFile();
        }
        List<UsageRecord> records = new ArrayList<>();
        for (String line : Files.readString(file, StandardCharsets.UTF_8).split("\n")) {
            if (!line.isEmpty()) {
                read(file, line, records);
            }
        }
        return Optional.of(new Batch(file, records));
    }

    /** What one file holds. */
    record Batch(Path file, List<UsageRecord> records) {}

    /** The records of a batch are in the database. */
    void done(Batch batch) throws IOException {
        Files.deleteIfExists(batch.file());
    }

    /** How many bytes wait. */
    long size() throws IOException {
        long size = 0;
        for (Path file : files()) {
            size += Files.size(file);
        }
        return size;
    }

    private ObjectNode line(UsageRecord record) {
        ObjectNode line = json.createObjectNode()
                .put("id", record.id())
                .put("tenant", record.tenant().toString())
                .put("subject", record.subject())
                .put("type", record.type())
                .put("resource", record.resource())
                .put("quantity", record.quantity().toPlainString())
                .put("at", record.at().toEpochMilli());
        ObjectNode dimensions = line.putObject("dimensions");
        record.dimensions().forEach(dimensions::put);
        return line;
    }

    private void read(Path file, String line, List<UsageRecord> records) {
        try {
            JsonNode node = json.readTree(line);
            Map<String, String> dimensions = new HashMap<>();
            node.path("dimensions").properties().forEach(entry -> dimensions.put(entry.getKey(), entry.getValue().asText()));
            records.add(new UsageRecord(
                    node.required("id").asText(),
                    TenantId.of(node.required("tenant").asText()),
                    node.required("subject").asText(),
                    node.required("type").asText(),
                    node.required("resource").asText(),
                    new BigDecimal(node.required("quantity").asText()),
                    Instant.ofEpochMilli(node.required("at").asLong()),
                    dimensions));
        } catch (IOException | IllegalArgumentException e) {
            log.warn("a line of {} is cut off or damaged, and is skipped: {}", file, String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }

    @Override
    public void close() throws IOException {
        endFile();
    }
}
