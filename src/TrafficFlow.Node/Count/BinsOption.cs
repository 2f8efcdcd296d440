using TrafficFlow.Core.Flow;

namespace TrafficFlow.Node.Count;

/// <summary>What `--bins` may be.</summary>
internal static class BinsOption
{
    public static readonly string Values = string.Join(", ", BinDuration.All.Select(d => $"{d.Minutes}min"));

    /// <exception cref="UsageException">No such length.</exception>
    public static BinDuration? Parse(string? text)
    {
        if (text is null) return null;
        foreach (var duration in BinDuration.All)
        {
            string[] names = [$"{duration.Minutes}min", $"{duration.Minutes}m", $"{duration.Minutes} min", .. duration == BinDuration.Hour ? ["1h"] : Array.Empty<string>()];
            if (names.Contains(text, StringComparer.OrdinalIgnoreCase)) return duration;
        }

        throw new UsageException($"--bins {text}: expected one of {Values}");
    }
}
