// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins;

import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.worker.Rollouts.Share;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The plugins of this installation. An OSGi service, thread-safe. What changes something names who
 * asked for it, for the log and the record.
 */
@ProviderType
public interface Plugins {
    /** All, ordered by id, then by file. */
    List<Plugin> list();

    /**
     * A plugin by its id, or a file that is none by its name.
     */
    Optional<Plugin> find(String idOrFile);

    /**
     * Says what would come of installing a JAR.
     *
     * @throws IOException when it cannot be read
     */
    Preflight preflight(Path jar) throws IOException;

    /**
     * Puts a JAR into the drop-in folder and deploys it beside the version that runs. Returns when the
     * new version serves, or has its share.
     *
     * @param share of the requests to begin with; {@link Share#ALL} replaces the old version at once
     * @throws ProblemException INVALID_ARGUMENT when it is refused, with the preflight's text; CONFLICT
     *     when the new version did not start or is not healthy, and the old one serves on
     */
    Plugin install(Path jar, Share share, String actor) throws IOException;

    /**
     * Changes the share of the version that is being tried; {@link Share#ALL} makes it the active one.
     *
     * @throws ProblemException NOT_FOUND when there is no such plugin, CONFLICT when none is being tried
     */
    Plugin share(String id, Share share, String actor);

    /**
     * Goes back to another version.
     *
     * @param version a version or the beginning of a SHA-256; null: the one before
     * @throws ProblemException NOT_FOUND when there is no such plugin or version
     */
    Plugin rollback(String id, @Nullable String version, String actor);

    /**
     * Removes a plugin and its file; its calls end first. Returns when that has begun.
     *
     * @throws ProblemException NOT_FOUND when there is no such plugin
     */
    void remove(String id, String actor);

    /**
     * What is wrong with a plugin, and what it offers, for people.
     *
     * @throws ProblemException NOT_FOUND when there is no such plugin
     */
    String diagnosis(String id);

    /**
     * Tells of every change of a plugin, in order, on the thread that made it; must not block.
     *
     * @return ends it
     */
    AutoCloseable listen(Consumer<Plugin> listener);
}
