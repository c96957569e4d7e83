// SPDX-License-Identifier: Apache-2.0
package acme.stray;

import io.hyperspot.modkit.worker.GtsWorker;
import org.osgi.service.component.annotations.Component;

@Component
@GtsWorker(type = "gts.acme.core.a.base.v1~", instance = "gts.acme.core.a.other.v1~acme.plain._.one.v1")
public final class StrayWorker implements Runnable {
    @Override
    public void run() {}
}
