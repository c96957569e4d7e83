// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

final class ErrorOutputTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger(ErrorOutput.class);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final AtomicLong clock = new AtomicLong();
    private final ErrorOutput output = new ErrorOutput("child", clock::get);

    @BeforeEach
    void listen() {
        logger.setLevel(Level.DEBUG);
        logged.start();
        logger.addAppender(logged);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(logged);
    }

    @Test
    void logsOnlySoManyLinesASecondAndSaysHowManyItLeftOut() {
        for (int i = 0; i < ErrorOutput.LINES_PER_SECOND + 7; i++) {
            output.add("line " + i);
        }
        assertThat(logged.list).hasSize(ErrorOutput.LINES_PER_SECOND);

        clock.addAndGet(2_000_000_000L);
        output.add("later");

        assertThat(logged.list).last().extracting(ILoggingEvent::getFormattedMessage).isEqualTo("child: later");
        assertThat(logged.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .contains("child: 7 lines left out");
    }

    @Test
    void keepsTheLastLinesCutToABearableLength() {
        output.drain(new ByteArrayInputStream(
                ("first\n" + "x".repeat(100_000) + "\n\nlast").getBytes(StandardCharsets.UTF_8)));

        assertThat(output.last()).hasSize(3).first().isEqualTo("first");
        assertThat(output.last().get(1)).hasSize(2_000);
        assertThat(output.last()).last().isEqualTo("last");
    }
}
