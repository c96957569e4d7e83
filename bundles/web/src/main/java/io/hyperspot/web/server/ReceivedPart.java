// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import jakarta.ws.rs.core.EntityPart;
import jakarta.ws.rs.core.GenericType;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.MessageBodyReader;
import jakarta.ws.rs.ext.Providers;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Optional;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.MultiPart;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;

/** A part that has arrived whole; its content is in memory or in a file and may be read again. */
final class ReceivedPart implements EntityPart {
    private final MultiPart.Part part;
    private final @Nullable Providers providers;

    ReceivedPart(MultiPart.Part part, @Nullable Providers providers) {
        this.part = part;
        this.providers = providers;
    }

    @Override
    public String getName() {
        return part.getName();
    }

    @Override
    public Optional<String> getFileName() {
        return Optional.ofNullable(part.getFileName());
    }

    @Override
    public InputStream getContent() {
        return Content.Source.asInputStream(part.createContentSource());
    }

    @Override
    public <T> T getContent(Class<T> type) throws IOException {
        return read(type, type);
    }

    @Override
    public <T> T getContent(GenericType<T> type) throws IOException {
        @SuppressWarnings("unchecked") // the raw type of a GenericType<T>
        Class<T> raw = (Class<T>) type.getRawType();
        return read(raw, type.getType());
    }

    private <T> T read(Class<T> type, Type generic) throws IOException {
        if (type == InputStream.class) {
            return type.cast(getContent());
        }
        try (InputStream in = getContent()) {
            if (type == byte[].class) {
                return type.cast(in.readAllBytes());
            }
            if (type == String.class) {
                return type.cast(new String(in.readAllBytes(), charset()));
            }
            Annotation[] none = {};
            MessageBodyReader<T> reader =
                    providers == null ? null : providers.getMessageBodyReader(type, generic, none, getMediaType());
            if (reader == null) {
                throw new IllegalArgumentException("nothing reads " + getMediaType() + " as " + generic.getTypeName());
            }
            return reader.readFrom(type, generic, none, getMediaType(), getHeaders(), in);
        }
    }

    private Charset charset() {
        String name = getMediaType().getParameters().get(MediaType.CHARSET_PARAMETER);
        try {
            return name == null ? StandardCharsets.UTF_8 : Charset.forName(name);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return StandardCharsets.UTF_8;
        }
    }

    @Override
    public MultivaluedMap<String, String> getHeaders() {
        MultivaluedMap<String, String> headers = new MultivaluedHashMap<>();
        for (HttpField field : part.getHeaders()) {
            headers.add(field.getName(), field.getValue());
        }
        return headers;
    }

    @Override
    public MediaType getMediaType() {
        String type = part.getHeaders().get("Content-Type");
        if (type != null) {
            try {
                return MediaType.valueOf(type);
            } catch (IllegalArgumentException e) {
                return MediaType.APPLICATION_OCTET_STREAM_TYPE;
            }
        }
        return part.getFileName() == null ? MediaType.TEXT_PLAIN_TYPE : MediaType.APPLICATION_OCTET_STREAM_TYPE;
    }
}
