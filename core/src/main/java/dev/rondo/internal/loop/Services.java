package dev.rondo.internal.loop;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/** Implementations of Rondo's own services; one that cannot be loaded is told in the log. */
final class Services {
    private Services() {}

    /**
     * @param without what follows for whoever goes without the service
     */
    static <S> List<S> load(Class<S> service, String without) {
        List<S> found = new ArrayList<>();
        try {
            ServiceLoader.load(service, service.getClassLoader()).forEach(found::add);
        } catch (Throwable e) {
            ErrorReports.log(
                    Level.WARNING,
                    "A service of " + service.getName() + " cannot be loaded; " + without,
                    e);
        }
        return List.copyOf(found);
    }
}
