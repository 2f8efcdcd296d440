using System.Globalization;

namespace TrafficFlow.Node.Settings;

/// <summary>Times in settings: a number and its unit (ms, s, m, h, d). A bare number would be milliseconds to one reader, seconds to another.</summary>
internal static class Durations
{
    private static readonly (string Unit, TimeSpan Length)[] Units =
    [
        ("ms", TimeSpan.FromMilliseconds(1)),
        ("s", TimeSpan.FromSeconds(1)),
        ("m", TimeSpan.FromMinutes(1)),
        ("h", TimeSpan.FromHours(1)),
        ("d", TimeSpan.FromDays(1)),
    ];

    public static bool TryParse(string text, out TimeSpan duration)
    {
        var unit = Units.FirstOrDefault(u => text.EndsWith(u.Unit, StringComparison.Ordinal));
        duration = default;
        if (unit.Unit is null) return false;
        var number = text[..^unit.Unit.Length].TrimEnd();
        if (!double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)) return false;
        if (count > TimeSpan.MaxValue / unit.Length / 2) return false;
        duration = unit.Length * count;
        return true;
    }

    public static string Format(TimeSpan duration)
    {
        var unit = Units.Last(u => duration >= u.Length && duration.Ticks % u.Length.Ticks == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{duration / unit.Length}{unit.Unit}");
    }
}
