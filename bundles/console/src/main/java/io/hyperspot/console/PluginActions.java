// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.console;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.worker.Rollouts.Share;
import io.hyperspot.plugins.Plugin;
import io.hyperspot.plugins.Plugin.VersionState;
import io.hyperspot.plugins.Plugins;
import java.io.IOException;
import java.util.Set;

/** What an administrator may do with plugins, each by its name; the answer is a sentence. */
final class PluginActions {
    /** Who asks, in the audit log. */
    static final String ACTOR = "console:admin";

    private final Plugins plugins;
    private final Uploads uploads;

    PluginActions(Plugins plugins, Uploads uploads) {
        this.plugins = plugins;
        this.uploads = uploads;
    }

    /**
     * @throws ProblemException whatever the plugins say, or when the request is malformed
     */
    String perform(String action, JsonNode request) throws IOException {
        return switch (action) {
            case "install" -> install(text(request, "ticket"), share(request));
            case "cancel" -> {
                uploads.forget(text(request, "ticket"));
                yield "Nothing was changed; the uploaded file is deleted.";
            }
            case "share" -> outcome(plugins.share(text(request, "id"), share(request), ACTOR));
            case "rollback" -> outcome(plugins.rollback(text(request, "id"), text(request, "version"), ACTOR));
            case "end-trial" -> outcome(endTrial(text(request, "id")));
            case "remove" -> remove(text(request, "id"));
            default -> throw new ProblemException(
                    ErrorCategory.NOT_FOUND, "NO_SUCH_ACTION", "the console cannot '" + action + "' a plugin");
        };
    }

    private String install(String ticket, Share share) throws IOException {
        try (Uploads.Upload upload = uploads.take(ticket)) {
            return outcome(plugins.install(upload.jar(), share, ACTOR));
        }
    }

    /** Only while one is running: afterwards it would be a rollback that nobody asked for. */
    private Plugin endTrial(String id) {
        Plugin plugin = plugins.find(id).filter(PluginActions::isTrying).orElseThrow(() -> new ProblemException(
                ErrorCategory.FAILED_PRECONDITION, "NOTHING_IS_TRIED", "no version of " + id + " is being tried any more"));
        return plugins.rollback(id, plugin.sha256(), ACTOR);
    }

    private static boolean isTrying(Plugin plugin) {
        return plugin.versions().stream().anyMatch(version -> version.state() == VersionState.CANARY);
    }

    private String remove(String id) {
        plugins.remove(id, ACTOR);
        return id + " is removed; the calls that it has end first.";
    }

    private static String outcome(Plugin plugin) {
        String serves = plugin.id() + " " + plugin.version() + (plugin.state() == Plugin.State.ACTIVE ? " serves" : " is " + plugin.state());
        return plugin.versions().stream()
                .filter(version -> version.state() == VersionState.CANARY)
                .findFirst()
                .map(tried -> serves + "; " + tried.version() + " " + tried.reason() + ".")
                .orElse(serves + ".");
    }

    private static Share share(JsonNode request) {
        JsonNode percent = request.path("percent");
        if (!percent.isInt() || percent.intValue() < 1 || percent.intValue() > 100) {
            throw new ProblemException(ErrorCategory.INVALID_ARGUMENT, "INVALID_SHARE", "percent must be 1 to 100");
        }
        return new Share(percent.intValue(), Set.of());
    }

    private static String text(JsonNode request, String member) {
        String text = request.path(member).asText("");
        if (text.isEmpty()) {
            throw new ProblemException(ErrorCategory.INVALID_ARGUMENT, "MISSING_MEMBER", "the request lacks '" + member + "'");
        }
        return text;
    }
}
