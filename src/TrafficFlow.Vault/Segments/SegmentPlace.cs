using System.Globalization;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Vault.Segments;

/// <summary>Where a segment lies: sites/SITE/CAMERA/DAY/NAME.tfs. The name is the event time of its first frame, 20261130T012345.678Z; a second one of the same time ends in -2.</summary>
/// <param name="Day">UTC, of the first frame.</param>
public sealed record SegmentPlace(SiteId Site, CameraId Camera, DateOnly Day, string Name)
{
    /// <summary>Of a whole segment.</summary>
    public const string Ending = ".tfs";

    /// <summary>Of one that is being written, or was when its writer ended.</summary>
    public const string OpenEnding = ".open";

    /// <summary>Of one that is being taken in: what a crash left of it is taken in anew.</summary>
    internal const string ImportEnding = ".import";

    internal const int LongestName = 40;

    private const string Layout = "yyyyMMdd'T'HHmmss.fff'Z'";

    /// <summary>As people and messages name it.</summary>
    public override string ToString() => $"{Site}/{Camera}/{Name}";

    internal string KeyName => $"segment:{this}";

    internal static string NameOf(DateTimeOffset from, int number = 1) =>
        from.UtcDateTime.ToString(Layout, CultureInfo.InvariantCulture) + (number == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"-{number}"));

    /// <returns>Event time of the first frame, to the millisecond; null where that is no name of a segment.</returns>
    public static DateTimeOffset? TimeOf(string name)
    {
        var time = name.Length > LongestName ? "" : name.Split('-') is [var first, var number] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n is > 1 and < 10_000 ? first : name;
        return DateTimeOffset.TryParseExact(time, Layout, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var from) && IsPlausible(from) ? from : null;
    }

    /// <returns>Of SITE/CAMERA/NAME, as it is written; null where that is none.</returns>
    public static SegmentPlace? Parse(string text) =>
        text.Split('/') is [var site, var camera, var name] && NameRule.IsChosen(site) && NameRule.IsChosen(camera) && TimeOf(name) is { } time ? new SegmentPlace(new SiteId(site), new CameraId(camera), DayOf(time), name) : null;

    /// <summary>Of a time that somebody wrote: one that no camera has seen is none.</summary>
    internal static bool IsPlausible(DateTimeOffset? time) => time is null or { Year: >= 1970 and < 2200 };

    internal static DateOnly DayOf(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime);
}
