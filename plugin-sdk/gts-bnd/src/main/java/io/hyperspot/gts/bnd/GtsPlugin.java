// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.gts.bnd;

import aQute.bnd.osgi.Analyzer;
import aQute.bnd.osgi.Annotation;
import aQute.bnd.osgi.Clazz;
import aQute.bnd.osgi.Constants;
import aQute.bnd.service.AnalyzerPlugin;
import io.hyperspot.gts.GtsId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Writes what the documents in {@code META-INF/gts} and {@code @GtsWorker} say into the manifest and into the
 * descriptions of the components. An id that is malformed, or an instance that is not of its type, is an error of the
 * build.
 */
public final class GtsPlugin implements AnalyzerPlugin {
    private static final String GTS_WORKER = "io/hyperspot/modkit/worker/GtsWorker";
    /** After those of bnd, one of which writes the descriptions of the components. */
    private static final int LATE = 100;

    @Override
    public int ordering() {
        return LATE;
    }

    @Override
    public boolean analyzeJar(Analyzer analyzer) throws Exception {
        List<GtsId> types = new GtsDocuments(analyzer).types();
        List<Worker> workers = workers(analyzer);
        Header provided = new Header(Constants.PROVIDE_CAPABILITY);
        Header required = new Header(Constants.REQUIRE_CAPABILITY);
        types.forEach(type -> provided.add(GtsCapabilities.NAMESPACE, GtsCapabilities.type(type)));
        workers.forEach(worker -> {
            provided.add(GtsCapabilities.WORKERS, GtsCapabilities.worker(worker));
            required.add(GtsCapabilities.NAMESPACE, GtsCapabilities.typeOf(worker));
        });
        provided.writeTo(analyzer);
        required.writeTo(analyzer);
        new ComponentDescriptions(analyzer).complete(workers);
        return false;
    }

    private static List<Worker> workers(Analyzer analyzer) throws Exception {
        List<Worker> workers = new ArrayList<>();
        List<Clazz> classes = analyzer.getClassspace().values().stream()
                .sorted(Comparator.comparing(Clazz::getFQN))
                .toList();
        for (Clazz type : classes) {
            for (Annotation annotation : type.annotations(GTS_WORKER).toList()) {
                try {
                    workers.add(Worker.of(type.getFQN(), annotation));
                } catch (IllegalArgumentException e) {
                    analyzer.error("%s: @GtsWorker: %s", file(type), e.getMessage());
                }
            }
        }
        return workers;
    }

    /** The source file; the class when it does not say where it comes from. */
    private static String file(Clazz type) {
        String name = type.getFQN();
        String source = type.getSourceFile();
        return source == null ? name : name.replace('.', '/').substring(0, name.lastIndexOf('.') + 1) + source;
    }

    /** For the messages of bnd. */
    @Override
    public String toString() {
        return "GTS";
    }
}
