// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.deploy;

import io.hyperspot.plugins.Plugin;
import io.hyperspot.plugins.Plugin.State;
import io.hyperspot.plugins.Plugin.Step;
import io.hyperspot.plugins.Plugin.Version;
import io.hyperspot.plugins.Plugin.VersionState;
import io.hyperspot.plugins.archive.PluginArchive;
import io.hyperspot.plugins.store.Commit;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The record of one plugin. Written on the plugin's lane; {@link #view} may be called by any thread. */
final class History {
    private final String id;
    private final Clock clock;
    private final int keep;
    private final Releases releases;
    private final Map<String, String> files = new TreeMap<>();

    /** By SHA-256, the newest last. */
    private final LinkedHashMap<String, Version> versions = new LinkedHashMap<>();

    private final Set<String> leaving = new LinkedHashSet<>();
    private final List<Step> steps = new ArrayList<>();
    private volatile Plugin shown;

    History(String id, Clock clock, int keep, Releases releases) {
        this.id = id;
        this.clock = clock;
        this.keep = keep;
        this.releases = releases;
        shown = new Plugin(id, "", "", "", State.ARRIVING, "", clock.instant(), 0, List.of(), List.of());
    }

    void restore(Commit commit) {
        files.putAll(commit.files());
        for (Commit.Entry entry : commit.versions().reversed()) {
            // what stood by or was tried does not run any more
            VersionState state = switch (entry.state()) {
                case ACTIVE, CANARY, STANDBY, DRAINING, KEPT -> VersionState.KEPT;
                case WAITING, REJECTED, QUARANTINED -> entry.state();
            };
            versions.put(
                    entry.sha256(),
                    new Version(entry.version(), entry.sha256(), state, entry.reason(), entry.sinceInstant(), ""));
        }
    }

    Map<String, String> files() {
        return files;
    }

    void file(String name, String sha256) {
        files.put(name, sha256);
    }

    void forget(String name) {
        files.remove(name);
    }

    /** A change begins. */
    void begin() {
        steps.clear();
    }

    void step(String text) {
        steps.add(new Step(clock.instant(), text));
    }

    /** A version enters a state; false when it was there already, for the same reason. */
    boolean enter(PluginArchive archive, VersionState state, String reason) {
        Version before = versions.get(archive.sha256());
        if (before != null && before.state() == state && before.reason().equals(reason)) {
            return false;
        }
        if (state == VersionState.ACTIVE || before == null) {
            versions.remove(archive.sha256());
        }
        versions.put(
                archive.sha256(),
                new Version(archive.version().toString(), archive.sha256(), state, reason, clock.instant(), ""));
        tidy();
        return true;
    }

    /** The last version cannot serve, for a reason that is not its own. */
    void trouble(VersionState state, String reason) {
        if (!versions.isEmpty()) {
            Version last = versions.lastEntry().getValue();
            versions.put(last.sha256(), new Version(last.version(), last.sha256(), state, reason, clock.instant(), ""));
        }
    }

    void leaving(PluginArchive archive, VersionState after) {
        leaving.add(archive.sha256());
        step(archive.version() + " finishes its calls");
        Version version = versions.get(archive.sha256());
        if (version != null && after == VersionState.KEPT && version.state() != VersionState.QUARANTINED) {
            versions.put(
                    archive.sha256(),
                    new Version(version.version(), version.sha256(), VersionState.DRAINING, version.reason(), clock.instant(), ""));
        }
    }

    void left(PluginArchive archive) {
        leaving.remove(archive.sha256());
        Version version = versions.get(archive.sha256());
        if (version != null && version.state() == VersionState.DRAINING) {
            enter(archive, VersionState.KEPT, version.reason().startsWith("ready to take over") ? "" : version.reason());
        }
    }

    boolean isEmpty() {
        return versions.isEmpty() && files.isEmpty();
    }

    boolean waits(String sha256, boolean atStart) {
        Version version = versions.get(sha256);
        return version != null
                && (version.state() == VersionState.WAITING || (atStart && version.state() == VersionState.REJECTED));
    }

    boolean isLeaving() {
        return !leaving.isEmpty();
    }

    void remove(String why) {
        versions.clear();
        files.clear();
        step(why);
    }

    private void tidy() {
        List<Version> idle = versions.values().stream()
                .filter(version -> switch (version.state()) {
                    case KEPT, WAITING, REJECTED, QUARANTINED -> true;
                    case ACTIVE, CANARY, STANDBY, DRAINING -> false;
                })
                .toList();
        idle.stream().limit(Math.max(0, idle.size() - keep)).forEach(version -> versions.remove(version.sha256()));
    }

    /** A kept version; null asks for the last one that served. */
    @Nullable String kept(@Nullable String version) {
        return versions.values().stream()
                .filter(known -> version == null
                        ? known.state() == VersionState.KEPT
                        : matches(known.version(), known.sha256(), version))
                .filter(known -> known.state() != VersionState.ACTIVE)
                .map(Version::sha256)
                .reduce((first, last) -> last)
                .orElse(null);
    }

    /** Whether a version is meant by its name, or by the beginning of its SHA-256. */
    static boolean matches(String version, String sha256, String asked) {
        return version.equals(asked) || (asked.length() >= 8 && sha256.startsWith(asked));
    }

    /** Of a plugin that does not serve. */
    State lastState() {
        if (versions.isEmpty()) {
            return State.ARRIVING;
        }
        return switch (versions.lastEntry().getValue().state()) {
            case WAITING -> State.WAITING;
            case QUARANTINED -> State.QUARANTINED;
            case DRAINING -> State.DRAINING;
            case REJECTED, ACTIVE, CANARY, STANDBY, KEPT -> State.REJECTED;
        };
    }

    Commit commit(String active) {
        return new Commit(
                id,
                active,
                files,
                newestFirst().stream()
                        .map(version -> new Commit.Entry(
                                version.version(),
                                version.sha256(),
                                version.state(),
                                version.reason(),
                                version.since().toString()))
                        .toList());
    }

    private List<Version> newestFirst() {
        return new ArrayList<>(versions.sequencedValues().reversed());
    }

    void publish(State state) {
        Version main = main();
        Instant now = clock.instant();
        String file = files.entrySet().stream()
                .filter(entry -> main != null && entry.getValue().equals(main.sha256()))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(files.isEmpty() ? "" : files.keySet().iterator().next());
        shown = new Plugin(
                id,
                file,
                main == null ? shown.version() : main.version(),
                main == null ? shown.sha256() : main.sha256(),
                state,
                attention(main),
                shown.state() == state ? shown.since() : now,
                0,
                newestFirst(),
                steps);
    }

    /** The version that serves, else the newest. */
    private @Nullable Version main() {
        return newestFirst().stream()
                .filter(version -> version.state() == VersionState.ACTIVE)
                .findFirst()
                .orElse(versions.isEmpty() ? null : versions.lastEntry().getValue());
    }

    /** What an operator should know: the folder holds a version that does not serve, or not all. */
    private String attention(@Nullable Version main) {
        return newestFirst().stream()
                .filter(version -> switch (version.state()) {
                    case WAITING, REJECTED, QUARANTINED -> files.containsValue(version.sha256());
                    case CANARY -> true;
                    case ACTIVE, STANDBY, DRAINING, KEPT -> false;
                })
                .map(version -> version.equals(main) ? version.reason() : version.version() + ": " + version.reason())
                .findFirst()
                .orElse("");
    }

    /** What was published last, without what changes by itself. */
    Plugin shown() {
        return shown;
    }

    /**
     * @param calls that are in flight, by SHA-256
     */
    Plugin view(Map<String, Integer> calls, String reason) {
        Plugin now = shown;
        List<Version> told = now.versions().stream()
                .map(version -> new Version(
                        version.version(),
                        version.sha256(),
                        version.state(),
                        version.reason(),
                        version.since(),
                        version.state() == VersionState.ACTIVE ? "" : releases.tell(version.sha256()),
                        calls.getOrDefault(version.sha256(), 0)))
                .toList();
        return new Plugin(
                now.id(),
                now.file(),
                now.version(),
                now.sha256(),
                now.state(),
                reason,
                now.since(),
                calls.values().stream().mapToInt(Integer::intValue).sum(),
                told,
                now.steps());
    }
}
