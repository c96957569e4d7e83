// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.preflight;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.hyperspot.gts.GtsId;
import io.hyperspot.gts.GtsSyntaxException;
import io.hyperspot.plugins.archive.ComponentDescription;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** GTS ids of its workers, and the documents that it contributes. */
final class GtsCheck implements Check {
    private static final String NAME = "{name}";
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    @Override
    public void check(Subject subject, Findings findings) {
        Map<String, Boolean> types = new HashMap<>(subject.platform().types());
        subject.contents().documents("META-INF/gts/").forEach(document -> {
            try {
                JsonNode content = JSON.readTree(document.getValue());
                // A file is a document, or a list of them.
                for (JsonNode one : content.isArray() ? content : List.of(content)) {
                    document(one, types);
                }
            } catch (GtsSyntaxException | IOException e) {
                findings.error(
                        "GTS_DOCUMENT",
                        "GTS documents that can be registered",
                        document.getKey() + ": " + reason(e),
                        "mend the document; a bundle's documents are registered all or none");
            }
        });
        subject.components().stream()
                .filter(ComponentDescription::isWorker)
                .forEach(component -> worker(component, types, subject, findings));
    }

    private static String reason(Exception e) {
        return e instanceof com.fasterxml.jackson.core.JacksonException json
                ? "not JSON: " + json.getOriginalMessage()
                : String.valueOf(e.getMessage());
    }

    private static void document(JsonNode tree, Map<String, Boolean> types) throws IOException {
        if (!tree.isObject()) {
            throw new IOException("a document is a JSON object");
        }
        if (tree.has("$schema")) {
            GtsId id = GtsId.parseUri(tree.path("$id").asText());
            if (!id.isType()) {
                throw new IOException("a schema's id ends with '~'; " + id + " is an instance");
            }
            types.put(id.toString(), tree.path("x-gts-abstract").asBoolean());
        } else {
            GtsId.parse(tree.path("id").asText());
        }
    }

    private static void worker(
            ComponentDescription component, Map<String, Boolean> types, Subject subject, Findings findings) {
        GtsId type;
        GtsId instance;
        try {
            type = GtsId.parse(component.type());
            instance = GtsId.parse(component.instance().replace(NAME, "name"));
        } catch (GtsSyntaxException e) {
            findings.error(
                    "GTS_ID",
                    "well-formed GTS ids of the worker " + component.name(),
                    String.valueOf(e.getMessage()),
                    "write @GtsWorker(type = <the gateway's TYPE>, instance = TYPE + \"acme.<package>.<namespace>.<name>.v1\")");
            return;
        }
        if (!type.isType() || instance.isType() || !type.equals(instance.typeId().orElse(null))) {
            findings.error(
                    "GTS_INSTANCE",
                    "an instance id that is of the worker's type " + type,
                    component.instance(),
                    "write the type, then the instance's own segment");
            return;
        }
        Boolean isAbstract = types.get(type.toString());
        if (isAbstract == null) {
            findings.waiting(
                    "GTS_TYPE_UNKNOWN",
                    "the GTS type " + type + " of its worker " + component.name(),
                    "no bundle contributes its schema",
                    "install the module that has it, or add the schema to META-INF/gts/ of your JAR");
        } else if (isAbstract) {
            findings.error(
                    "GTS_TYPE_ABSTRACT",
                    "a GTS type that workers can have",
                    type + " is abstract",
                    "use a type derived from it");
        }
        String owner = subject.platform().workers().get(component.instance());
        if (owner != null && !owner.equals(subject.archive().id())) {
            findings.waiting(
                    "GTS_INSTANCE_TAKEN",
                    "an instance id of its own",
                    component.instance() + " is offered by " + owner,
                    "choose another instance id, or remove " + owner);
        }
    }
}
