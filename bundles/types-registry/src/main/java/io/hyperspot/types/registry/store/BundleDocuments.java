// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.store;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import io.hyperspot.gts.registry.TypesRegistry.Problem;
import io.hyperspot.types.registry.engine.Document;
import io.hyperspot.types.registry.engine.GtsEngine;
import io.hyperspot.types.registry.engine.RefusedException;
import io.hyperspot.types.registry.engine.Violation;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.osgi.framework.Bundle;

/** Reads the documents that a bundle brings under {@code META-INF/gts/}, its folders included. */
final class BundleDocuments {
    static final int MAX_BYTES = 1 << 20;

    private static final String FOLDER = "META-INF/gts";

    private BundleDocuments() {}

    static Contribution read(Bundle bundle, GtsEngine engine) {
        Owner.OfBundle owner =
                new Owner.OfBundle(bundle.getBundleId(), bundle.getSymbolicName() + " " + bundle.getVersion());
        Map<String, Document> documents = new LinkedHashMap<>();
        Map<String, String> files = new LinkedHashMap<>();
        List<Problem> problems = new ArrayList<>();
        for (URL url : files(bundle)) {
            String file = url.getPath().startsWith("/") ? url.getPath().substring(1) : url.getPath();
            try (InputStream in = url.openStream()) {
                JsonNode content = content(in.readNBytes(MAX_BYTES + 1));
                // A file is a document, or a list of them.
                for (int i = 0; i < (content.isArray() ? content.size() : 1); i++) {
                    String place = content.isArray() ? file + "#/" + i : file;
                    Document document = document(content.isArray() ? content.path(i) : content, engine);
                    String twin = files.putIfAbsent(document.key(), place);
                    if (twin != null) {
                        throw new RefusedException(List.of(new Violation(
                                document.isType() ? "/$id" : "/id", twin + " has the same id " + document.key())));
                    }
                    documents.put(place, document);
                }
            } catch (RefusedException e) {
                e.violations().forEach(violation ->
                        problems.add(new Problem(owner.name(), file, violation.pointer(), violation.message())));
            } catch (IOException e) {
                problems.add(new Problem(owner.name(), file, "", "not readable: " + e.getMessage()));
            }
        }
        return new Contribution(owner, documents, problems);
    }

    private static JsonNode content(byte[] bytes) throws RefusedException {
        if (bytes.length > MAX_BYTES) {
            throw refused("the file is larger than " + MAX_BYTES + " bytes");
        }
        try {
            return Json.read(bytes);
        } catch (JacksonException e) {
            throw refused(Json.reason(e));
        }
    }

    private static Document document(JsonNode content, GtsEngine engine) throws RefusedException {
        Document document = engine.document(content);
        if (document.id() == null) {
            throw new RefusedException(List.of(new Violation(
                    "/id", "'" + document.key() + "' is no GTS id; a bundle brings types and well-known instances")));
        }
        if (!document.isType() && document.key().endsWith("~")) {
            throw new RefusedException(List.of(new Violation(
                    "/id", document.key() + " is a type; a type's document needs \"$schema\" and \"$id\"")));
        }
        return document;
    }

    private static RefusedException refused(String reason) {
        return new RefusedException(List.of(new Violation("", reason)));
    }

    private static List<URL> files(Bundle bundle) {
        Enumeration<URL> found = bundle.findEntries(FOLDER, "*.json", true);
        if (found == null) {
            return List.of();
        }
        List<URL> files = new ArrayList<>(Collections.list(found));
        files.sort(Comparator.comparing(URL::getPath));
        return files;
    }
}
