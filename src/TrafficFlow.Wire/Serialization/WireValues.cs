using System.Runtime.Serialization;

namespace TrafficFlow.Wire.Serialization;

/// <summary>Times and enumerations as every message writes them.</summary>
internal static class WireValues
{
    public static long Ticks(DateTimeOffset time) => time.UtcTicks;

    public static DateTimeOffset Time(long ticks) => new(ticks, TimeSpan.Zero);

    public static DateTimeOffset? Time(bool present, long ticks) => present ? Time(ticks) : null;

    /// <summary>An unknown number is refused: silently counted as something else, it would be wrong for ever.</summary>
    public static T Enum<T>(int value) where T : struct, Enum
    {
        var result = (T)System.Enum.ToObject(typeof(T), value);
        return System.Enum.IsDefined(result) ? result : throw new SerializationException($"{typeof(T).Name} has no value {value}: was it written by a newer version of TrafficFlow?");
    }
}
