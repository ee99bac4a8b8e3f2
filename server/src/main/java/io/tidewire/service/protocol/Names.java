package io.tidewire.service.protocol;

/** Finds a member name in a table by its bytes, so that names nobody asked for cost no memory. */
public final class Names {
    public static final int OTHER = -2;

    private Names() {}

    /** The index in the table of plain ASCII names, or {@link #OTHER}. */
    public static int indexOf(String[] names, byte[] bytes, int from, int to, boolean ignoreCase) {
        for (int i = 0; i < names.length; i++) {
            if (equalsAscii(names[i], bytes, from, to, ignoreCase)) {
                return i;
            }
        }
        return OTHER;
    }

    public static boolean equalsAscii(String name, byte[] bytes, int from, int to, boolean ignoreCase) {
        if (to - from != name.length()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char wanted = name.charAt(i);
            int found = bytes[from + i];
            boolean letter = (wanted >= 'a' && wanted <= 'z') || (wanted >= 'A' && wanted <= 'Z');
            if (found != wanted && !(ignoreCase && letter && (found ^ 0x20) == wanted)) {
                return false;
            }
        }
        return true;
    }
}
