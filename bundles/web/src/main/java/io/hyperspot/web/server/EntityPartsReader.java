// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import io.hyperspot.web.spi.MultipartLimits;
import jakarta.inject.Inject;
import jakarta.inject.Provider;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityPart;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.MessageBodyReader;
import jakarta.ws.rs.ext.Providers;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads {@code multipart/form-data} as {@code List<EntityPart>} (Jakarta REST 3.1, section 4.2.4). */
@Consumes(MediaType.MULTIPART_FORM_DATA)
final class EntityPartsReader implements MessageBodyReader<List<EntityPart>> {
    @Inject
    private @Nullable Provider<ContainerRequestContext> request;

    @Context
    private @Nullable Providers providers;

    @Override
    public boolean isReadable(Class<?> type, Type genericType, Annotation[] annotations, MediaType mediaType) {
        return type == List.class
                && genericType instanceof ParameterizedType list
                && EntityPart.class.equals(list.getActualTypeArguments()[0]);
    }

    @Override
    public List<EntityPart> readFrom(
            Class<List<EntityPart>> type,
            Type genericType,
            Annotation[] annotations,
            MediaType mediaType,
            MultivaluedMap<String, String> headers,
            InputStream body)
            throws IOException {
        return JerseyApplication.visit(Objects.requireNonNull(request).get()).exchange.parts(body, MultipartLimits.DEFAULT, providers);
    }
}
