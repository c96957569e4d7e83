// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.hyperspot.process.LogLine;
import io.hyperspot.process.LogLine.Stream;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

final class ProcessLogTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger(ProcessLog.class);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final AtomicLong clock = new AtomicLong();

    @TempDir
    Path folder;

    private ProcessLog output;

    @BeforeEach
    void listen() {
        output = new ProcessLog("child", folder, clock::get);
        logger.setLevel(Level.DEBUG);
        logged.start();
        logger.addAppender(logged);
    }

    @AfterEach
    void stopListening() {
        output.close();
        logger.detachAppender(logged);
    }

    @Test
    void logsOnlySoManyLinesASecondAndSaysHowManyItLeftOut() {
        for (int i = 0; i < ProcessLog.LINES_PER_SECOND + 7; i++) {
            drain("line " + i);
        }
        assertThat(logged.list).hasSize(ProcessLog.LINES_PER_SECOND);

        clock.addAndGet(2_000_000_000L);
        drain("later");

        assertThat(logged.list).last().extracting(ILoggingEvent::getFormattedMessage).isEqualTo("child: later");
        assertThat(logged.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .contains("child: 7 lines left out");
    }

    @Test
    void keepsLinesCutToABearableLength() throws Exception {
        drain("first\n" + "x".repeat(100_000) + "\n\nlast");

        assertThat(output.last(100)).extracting(LogLine::text).containsExactly("first", "x".repeat(2_000), "last");
        assertThat(output.last(1)).extracting(LogLine::text).containsExactly("last");
        assertThat(output.last(1).getFirst().stream()).isEqualTo(Stream.ERROR);
        assertThat(output.lastWords()).endsWith("\nlast");
        assertThat(Files.readAllLines(folder.resolve("child.log"))).hasSize(3).last().asString().endsWith(" ERROR last");
    }

    @Test
    void keepsSoManyLinesAndNoMore() {
        drain("short\n".repeat(5_000));
        assertThat(output.last(Integer.MAX_VALUE)).hasSize(ProcessLog.KEPT_LINES);

        drain(("y".repeat(2_000) + "\n").repeat(500));
        assertThat(output.last(Integer.MAX_VALUE).stream().mapToInt(line -> line.text().length()).sum())
                .isBetween(ProcessLog.KEPT_CHARS / 2, ProcessLog.KEPT_CHARS);
        assertThat(output.last(-1)).isEmpty();
    }

    @Test
    void readsALineWithoutEndToItsEnd() {
        output.drain(
                Stream.OUTPUT,
                new InputStream() {
                    private int left = 50_000_000;

                    @Override
                    public int read() {
                        return left-- > 0 ? 'z' : -1;
                    }

                    @Override
                    public int read(byte[] bytes, int from, int length) {
                        left -= length;
                        java.util.Arrays.fill(bytes, from, from + length, (byte) 'z');
                        return left > 0 ? length : -1;
                    }
                },
                line -> {});

        assertThat(output.last(10)).singleElement().extracting(LogLine::text).asString().hasSize(2_000);
    }

    @Test
    void rotatesItsFile() throws Exception {
        try (RotatingFile file = new RotatingFile(folder.resolve("logs/small.log"), 100)) {
            for (int i = 0; i < 100; i++) {
                file.write("line " + i);
            }
        }
        try (RotatingFile file = new RotatingFile(folder.resolve("logs/small.log"), 100)) {
            file.write("later");
        }

        try (var files = Files.list(folder.resolve("logs"))) {
            assertThat(files).hasSize(2).allSatisfy(file -> assertThat(Files.size(file)).isBetween(1L, 100L));
        }
        assertThat(Files.readString(folder.resolve("logs/small.log"))).contains("line 99").endsWith("later\n");
    }

    @Test
    void goesOnWithoutAFileThatCannotBeWritten() throws Exception {
        Files.createFile(folder.resolve("taken"));
        try (ProcessLog log = new ProcessLog("child", folder.resolve("taken"), clock::get)) {
            log.add(Stream.OUTPUT, "said".getBytes(StandardCharsets.UTF_8));
            assertThat(log.last(10)).extracting(LogLine::text).containsExactly("said");
        }
    }

    private void drain(String text) {
        output.drain(Stream.ERROR, new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), line -> {});
    }
}
