// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.openapi;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.hyperspot.web.spi.ProtocolHandler;
import java.util.List;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.util.tracker.ServiceTracker;

/** Follows what is served and offers the document and its page. Immediate: nobody asks for it. */
@Component(immediate = true, service = {})
public final class OpenApiModule {
    private final LiveDocument document;
    private final ServiceTracker<Object, Object> served;
    private final List<ServiceRegistration<ProtocolHandler>> handlers;

    @Activate
    public OpenApiModule(BundleContext context) throws InvalidSyntaxException {
        ObjectMapper json = new ObjectMapper();
        document = new LiveDocument(json, context.getBundle().getVersion().toString());
        YAMLMapper yaml = YAMLMapper.builder()
                .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                .build();
        served = new ServiceTracker<>(
                context,
                context.createFilter("(|(osgi.jakartars.resource=true)(objectClass=" + ProtocolHandler.class.getName() + "))"),
                null) {
            @Override
            public Object addingService(ServiceReference<Object> reference) {
                document.add(reference);
                return reference;
            }

            @Override
            public void removedService(ServiceReference<Object> reference, Object service) {
                document.remove(reference);
            }
        };
        served.open();
        handlers = List.of(
                register(context, new DocumentHandler(
                        "/openapi.json", "application/json", document::get, json::writeValueAsBytes)),
                register(context, new DocumentHandler(
                        "/openapi.yaml", "application/yaml", document::get, yaml::writeValueAsBytes)),
                register(context, new DocsPage(context.getBundle())));
    }

    private static ServiceRegistration<ProtocolHandler> register(BundleContext context, ProtocolHandler handler) {
        return context.registerService(ProtocolHandler.class, handler, null);
    }

    @Deactivate
    void deactivate() {
        handlers.forEach(ServiceRegistration::unregister);
        served.close();
        document.close();
    }
}
