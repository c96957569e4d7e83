// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.console;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.worker.Rollouts.Share;
import io.hyperspot.plugins.Plugin;
import io.hyperspot.plugins.Plugin.VersionState;
import io.hyperspot.plugins.Plugins;
import io.hyperspot.plugins.Preflight;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Plugins that do nothing but remember what they were asked; a "JAR" is refused when it says "bad". */
final class FakePlugins implements Plugins {
    static final Instant THEN = Instant.parse("2026-11-25T08:00:00Z");

    final List<String> asked = new ArrayList<>();
    final List<Path> files = new ArrayList<>();
    List<Plugin> plugins = new ArrayList<>();
    @Nullable RuntimeException failure;

    static Plugin plugin(String reason, Plugin.Version... versions) {
        return new Plugin(
                "acme.swap", "swap.jar", "1.0.0", "a".repeat(64), Plugin.State.ACTIVE, reason, THEN, 2, List.of(versions),
                List.of(new Plugin.Step(THEN, "started 1.0.0")));
    }

    static Plugin.Version version(String version, VersionState state, String release) {
        return new Plugin.Version(version, "b".repeat(64), state, "", THEN, release);
    }

    private void asked(String what) {
        asked.add(what);
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public List<Plugin> list() {
        return List.copyOf(plugins);
    }

    @Override
    public Optional<Plugin> find(String idOrFile) {
        return plugins.stream().filter(plugin -> plugin.id().equals(idOrFile)).findFirst();
    }

    @Override
    public Preflight preflight(Path jar) throws IOException {
        files.add(jar);
        String content = Files.readString(jar, StandardCharsets.ISO_8859_1);
        asked("preflight " + content.length());
        List<Preflight.Finding> findings = content.contains("bad")
                ? List.of(new Preflight.Finding(Preflight.Severity.ERROR, "missing", "package acme", "none", "bring it"))
                : List.of();
        return new Preflight("acme.swap", "1.1.0", "c".repeat(64), content.length(), "1.0.0", 0, List.of(), findings);
    }

    @Override
    public Plugin install(Path jar, Share share, String actor) throws IOException {
        asked("install " + Files.readString(jar) + " for " + share + " by " + actor);
        return plugin("", version("1.1.0", VersionState.CANARY, ""));
    }

    @Override
    public Plugin share(String id, Share share, String actor) {
        asked("share " + id + " " + share + " by " + actor);
        return plugin("");
    }

    @Override
    public Plugin rollback(String id, @Nullable String version, String actor) {
        asked("rollback " + id + " to " + version + " by " + actor);
        return plugin("");
    }

    @Override
    public void remove(String id, String actor) {
        asked("remove " + id + " by " + actor);
    }

    @Override
    public String diagnosis(String id) {
        if (find(id).isEmpty()) {
            throw new ProblemException(ErrorCategory.NOT_FOUND, "PLUGIN_NOT_FOUND", "no plugin '" + id + "'");
        }
        return "all about " + id;
    }

    @Override
    public AutoCloseable listen(Consumer<Plugin> listener) {
        return () -> {};
    }
}
