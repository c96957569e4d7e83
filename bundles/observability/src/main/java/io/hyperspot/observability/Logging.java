// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.observability;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy;
import ch.qos.logback.core.util.FileSize;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.LoggerFactory;

/**
 * Logs to a file as JSON beside the console, and sets levels, from the configuration or for a while
 * at run time. The console and the logging library belong to the launcher, so that the first and the
 * last line of a run go the same way. Immediate: what happens before it starts is not in the file.
 */
@Component(immediate = true, service = Logging.class, configurationPid = "logging")
@Designate(ocd = LoggingConfig.class)
public final class Logging {
    private static final String OURS = "io.hyperspot";
    private static final int QUEUE = 8192;
    private static final long FLUSH_MS = 1000;

    /**
     * A logger whose level is set.
     *
     * @param level ERROR, WARN, INFO, DEBUG, TRACE or OFF
     * @param temporary whether it goes back by itself
     */
    public record LoggerLevel(String name, String level, boolean temporary) {}

    /** A level for a while, and the one to go back to. */
    private record Temporary(@Nullable Level back, ScheduledFuture<?> end) {}

    private final LoggerContext context;
    private final @Nullable AsyncAppender file;
    private final Map<String, @Nullable Level> before = new LinkedHashMap<>();
    private final Map<String, Temporary> temporary = new LinkedHashMap<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("observability-log-levels").factory());

    /**
     * @throws IllegalArgumentException for a level that does not exist
     */
    @Activate
    public Logging(BundleContext bundle, LoggingConfig config) {
        context = (LoggerContext) LoggerFactory.getILoggerFactory();
        // all are read before one is set: a mistake changes nothing
        Map<String, Level> wanted = new LinkedHashMap<>();
        wanted.put(OURS, level(config.level()));
        for (String entry : config.levels()) {
            int equals = entry.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException(
                        "modules.logging.levels: write <logger>=<level>, for example io.hyperspot.web=DEBUG; got '" + entry + "'");
            }
            wanted.put(entry.substring(0, equals).strip(), level(entry.substring(equals + 1).strip()));
        }
        wanted.forEach(this::apply);
        String home = bundle.getProperty("hyperspot.home");
        file = config.file() ? open(Path.of(home == null ? "." : home, "logs"), config) : null;
    }

    private AsyncAppender open(Path folder, LoggingConfig config) {
        RollingFileAppender<ILoggingEvent> rolling = new RollingFileAppender<>();
        rolling.setContext(context);
        rolling.setName("file");
        rolling.setFile(folder.resolve("hyperspot.log").toString());
        SizeAndTimeBasedRollingPolicy<ILoggingEvent> policy = new SizeAndTimeBasedRollingPolicy<>();
        policy.setContext(context);
        policy.setParent(rolling);
        policy.setFileNamePattern(folder.resolve("hyperspot-%d{yyyy-MM-dd}.%i.log.gz").toString());
        policy.setMaxFileSize(new FileSize(config.max__file__mb() * FileSize.MB_COEFFICIENT));
        policy.setMaxHistory(config.keep__days());
        policy.setTotalSizeCap(new FileSize(config.total__mb() * FileSize.MB_COEFFICIENT));
        policy.start();
        JsonEncoder encoder = new JsonEncoder();
        encoder.setContext(context);
        encoder.setWithFormattedMessage(true);
        encoder.setWithMessage(false);
        encoder.setWithArguments(false);
        encoder.setWithContext(false);
        encoder.setWithSequenceNumber(false);
        encoder.setWithNanoseconds(false);
        encoder.start();
        rolling.setRollingPolicy(policy);
        rolling.setEncoder(encoder);
        rolling.start();
        AsyncAppender queue = new AsyncAppender();
        queue.setContext(context);
        queue.setName("file-queue");
        queue.setQueueSize(QUEUE);
        // a slow disk drops lines below WARN rather than holding requests up
        queue.setNeverBlock(true);
        queue.setMaxFlushTime((int) FLUSH_MS);
        queue.addAppender(rolling);
        queue.start();
        context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).addAppender(queue);
        return queue;
    }

    private static Level level(String name) {
        Level level = Level.toLevel(name, null);
        if (level == null) {
            throw new IllegalArgumentException(
                    "'" + name + "' is no level; use ERROR, WARN, INFO, DEBUG, TRACE or OFF");
        }
        return level;
    }

    private synchronized void apply(String name, Level level) {
        Logger logger = context.getLogger(name);
        if (!before.containsKey(name)) {
            // null is a level too: the one of the logger above
            before.put(name, logger.getLevel());
        }
        logger.setLevel(level);
    }

    /** The loggers whose level is set, ordered by name. */
    public synchronized List<LoggerLevel> levels() {
        List<LoggerLevel> levels = new ArrayList<>();
        for (Logger logger : context.getLoggerList()) {
            if (logger.getLevel() != null) {
                levels.add(new LoggerLevel(logger.getName(), logger.getLevel().toString(), temporary.containsKey(logger.getName())));
            }
        }
        levels.sort(Comparator.comparing(LoggerLevel::name));
        return levels;
    }

    /**
     * Sets a level for a while; then, or when the configuration changes, it goes back.
     *
     * @throws IllegalArgumentException for a level that does not exist
     */
    public synchronized void set(String name, String level, Duration time) {
        Level wanted = level(level);
        Temporary earlier = temporary.remove(name);
        if (earlier != null) {
            earlier.end().cancel(false);
        }
        Level back = earlier != null ? earlier.back() : context.getLogger(name).getLevel();
        apply(name, wanted);
        ScheduledFuture<?> end = clock.schedule(() -> revert(name), time.toMillis(), TimeUnit.MILLISECONDS);
        temporary.put(name, new Temporary(back, end));
    }

    private synchronized void revert(String name) {
        Temporary over = temporary.remove(name);
        if (over != null) {
            context.getLogger(name).setLevel(over.back());
        }
    }

    @Deactivate
    synchronized void deactivate() {
        clock.shutdownNow();
        before.forEach((name, level) -> context.getLogger(name).setLevel(level));
        if (file != null) {
            context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).detachAppender(file);
            file.stop();
        }
    }
}
