// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every file of the drop-in folder with its state. The files are independent: each is handled in
 * order on a lane of its own, so that one that hangs delays no other. Thread-safe.
 */
final class PluginBoard implements DropFolder.Listener {
    private static final Logger log = LoggerFactory.getLogger(PluginBoard.class);

    /** One file name of the folder. Its bundle is touched on its lane only. */
    private static final class Slot {
        final Path file;
        final Lane lane;
        volatile Plugin plugin;
        @Nullable Bundle bundle;
        final AtomicInteger events = new AtomicInteger();

        Slot(Path file, Lane lane, Plugin plugin) {
            this.file = file;
            this.lane = lane;
            this.plugin = plugin;
        }
    }

    private final Installer installer;
    private final ExecutorService threads;
    private final Clock clock;
    private final Map<String, Slot> slots = new ConcurrentHashMap<>();
    private volatile boolean looked;

    PluginBoard(Installer installer, ExecutorService threads, Clock clock) {
        this.installer = installer;
        this.threads = threads;
        this.clock = clock;
    }

    /** All files, ordered by name. */
    List<Plugin> plugins() {
        List<Plugin> plugins = new ArrayList<>();
        slots.values().forEach(slot -> plugins.add(slot.plugin));
        plugins.sort(Comparator.comparing(Plugin::file));
        return plugins;
    }

    /** Whether what lay in the folder at the start was handled. */
    boolean isSettled() {
        return looked && slots.values().stream().noneMatch(slot -> slot.plugin.state() == PluginState.ARRIVING);
    }

    @Override
    public void lookedOnce() {
        looked = true;
    }

    @Override
    public void settled(Path file) {
        String name = file.getFileName().toString();
        Slot slot = slots.compute(name, (n, known) -> {
            Slot used = known != null ? known : new Slot(file, new Lane(threads), Plugin.arriving(n, clock.instant()));
            used.events.incrementAndGet();
            return used;
        });
        slot.lane.run(() -> take(slot));
    }

    @Override
    public void gone(String name) {
        Slot slot = slots.get(name);
        if (slot != null) {
            int event = slot.events.incrementAndGet();
            slot.lane.run(() -> {
                withdraw(slot);
                // unless the file has come back meanwhile: then the slot is in use again
                slots.computeIfPresent(name, (n, known) -> known.events.get() == event ? null : known);
            });
        }
    }

    private void take(Slot slot) {
        PluginArchive archive;
        try {
            archive = PluginArchive.read(slot.file);
        } catch (IOException e) {
            reject(slot, "it cannot be read: " + e.getMessage());
            return;
        } catch (PluginArchive.UnusableException e) {
            reject(slot, String.valueOf(e.getMessage()));
            return;
        }
        Plugin before = slot.plugin;
        if (before.state() == PluginState.ACTIVE && before.sha256().equals(archive.sha256())) {
            // touched, not changed
            return;
        }
        String rival = rival(slot, archive);
        if (rival != null) {
            reject(slot, "the plugin " + archive.id() + " is already there as " + rival
                    + "; one plugin has one active version: delete that file, or overwrite it with this one");
            return;
        }
        install(slot, before, archive);
    }

    private void install(Slot slot, Plugin before, PluginArchive archive) {
        switch (installer.install(archive)) {
            case Installer.Outcome.Started(Bundle bundle) -> {
                Bundle old = slot.bundle;
                slot.bundle = bundle;
                show(slot, before.of(archive).in(PluginState.ACTIVE, "", clock.instant()));
                if (old != null && !old.equals(bundle)) {
                    // the new worker waits with the same id: it takes over in the swap that lets the old one go
                    installer.remove(old);
                }
                log.atInfo().addKeyValue("plugin", archive).addKeyValue("file", slot.plugin.file()).log("plugin activated");
                retryWaiting(slot);
            }
            case Installer.Outcome.Unresolved(String reason) ->
                show(slot, before.of(archive).in(PluginState.WAITING, reason + kept(slot), clock.instant()));
            case Installer.Outcome.Refused(String reason) ->
                show(slot, before.of(archive).in(PluginState.REJECTED, reason + kept(slot), clock.instant()));
        }
    }

    private static String kept(Slot slot) {
        Bundle running = slot.bundle;
        return running == null ? "" : "\n  Running  " + running.getVersion() + " goes on";
    }

    private void reject(Slot slot, String reason) {
        show(slot, slot.plugin.in(PluginState.REJECTED, reason + kept(slot), clock.instant()));
    }

    private void show(Slot slot, Plugin plugin) {
        slot.plugin = plugin;
        if (!plugin.reason().isEmpty()) {
            log.warn("plugin file {} is {}: {}", plugin.file(), plugin.state(), plugin.reason());
        }
    }

    /** The name of another file that is this plugin, or null. */
    private @Nullable String rival(Slot slot, PluginArchive archive) {
        for (Slot other : slots.values()) {
            if (other != slot && other.plugin.state() == PluginState.ACTIVE && other.plugin.id().equals(archive.id())) {
                return other.plugin.file();
            }
        }
        return null;
    }

    /** What came may be what another waits for. */
    private void retryWaiting(Slot arrived) {
        for (Slot slot : slots.values()) {
            if (slot != arrived && slot.plugin.state() == PluginState.WAITING) {
                slot.lane.run(() -> take(slot));
            }
        }
    }

    private void withdraw(Slot slot) {
        Bundle bundle = slot.bundle;
        if (bundle != null) {
            slot.plugin = slot.plugin.in(PluginState.DRAINING, "its file was deleted", clock.instant());
            installer.remove(bundle);
            slot.bundle = null;
            log.atInfo().addKeyValue("file", slot.plugin.file()).log("plugin removed");
        }
    }
}
