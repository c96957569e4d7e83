// SPDX-License-Identifier: Apache-2.0
package acme.malformed;

import io.hyperspot.modkit.worker.GtsWorker;
import org.osgi.service.component.annotations.Component;

@Component
@GtsWorker(type = "gts.acme.core", instance = "gts.acme.core.a.base.v1~acme.plain._.one.v1")
public final class MalformedWorker implements Runnable {
    @Override
    public void run() {}
}
