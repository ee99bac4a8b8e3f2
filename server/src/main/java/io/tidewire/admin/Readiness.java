package io.tidewire.admin;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * What must hold before traffic should come here.
 *
 * @param checks name and check, in the order in which they are reported. A check runs on an event loop: it reads a field.
 */
public record Readiness(Map<String, BooleanSupplier> checks) {
    public Readiness {
        checks = Collections.unmodifiableMap(new LinkedHashMap<>(checks));
    }

    /** The names of the checks that do not hold now; a check that fails does not hold. */
    List<String> missing() {
        var missing = new ArrayList<String>();
        checks.forEach((name, check) -> {
            if (!holds(check)) {
                missing.add(name);
            }
        });
        return missing;
    }

    private static boolean holds(BooleanSupplier check) {
        try {
            return check.getAsBoolean();
        } catch (RuntimeException e) {
            return false;
        }
    }
}
