using System.Runtime.Serialization;

namespace TrafficFlow.Wire.Serialization;

/// <summary>Times and enumerations as every message writes them.</summary>
internal static class WireValues
{
    // As far apart as two clocks can be, from the year 1 to the year 9999.
    private const double MostSeconds = 3.2e11;

    public static long Ticks(DateTimeOffset time) => time.UtcTicks;

    public static DateTimeOffset Time(long ticks) => new(ticks, TimeSpan.Zero);

    public static DateTimeOffset? Time(bool present, long ticks) => present ? Time(ticks) : null;

    /// <summary>To the nearest millisecond: read as it is, a number of seconds loses a part each time that it is written and read again.</summary>
    /// <exception cref="SerializationException">It is no time.</exception>
    public static TimeSpan Seconds(double seconds) => Math.Abs(seconds) <= MostSeconds
        ? TimeSpan.FromMilliseconds((long)Math.Round(seconds * 1000))
        : throw new SerializationException($"{seconds} s is no time between two clocks");

    /// <summary>An unknown number is refused: silently counted as something else, it would be wrong for ever.</summary>
    public static T Enum<T>(int value) where T : struct, Enum
    {
        var result = (T)System.Enum.ToObject(typeof(T), value);
        return System.Enum.IsDefined(result) ? result : throw new SerializationException($"{typeof(T).Name} has no value {value}: was it written by a newer version of TrafficFlow?");
    }
}
