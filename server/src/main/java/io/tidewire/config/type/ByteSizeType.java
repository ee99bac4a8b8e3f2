package io.tidewire.config.type;

/**
 * As {@link LongByteSizeType}, for the sizes of things that fit into one array.
 *
 * @param min the least that is taken
 * @param max the most that is taken
 */
public record ByteSizeType(int min, int max) implements Type<Integer> {
    public static final int KIB = 1024;
    public static final int MIB = 1024 * KIB;
    public static final int GIB = 1024 * MIB;

    @Override
    public String name() {
        return "size";
    }

    @Override
    public Integer parse(String text) {
        return new LongByteSizeType(min, max).parse(text).intValue();
    }

    @Override
    public String print(Integer value) {
        return new LongByteSizeType(min, max).print(value.longValue());
    }
}
