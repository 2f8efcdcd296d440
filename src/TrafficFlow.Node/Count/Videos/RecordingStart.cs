using System.Globalization;
using TrafficFlow.Core.Recordings;

namespace TrafficFlow.Node.Count.Videos;

/// <summary>What `--start` says: when the first frame was taken, or that the files' names tell it.</summary>
internal static class RecordingStart
{
    public const string FromName = "from-name";

    private const string Example = "2026-11-28T07:00+09:00";
    private const int Shown = 3;

    /// <param name="sources">In the natural order of their names.</param>
    /// <param name="start">As given; null where nobody tells.</param>
    /// <exception cref="UsageException">It is no time, or means none or two instants in the zone, or a name tells none.</exception>
    public static Recording Of(IReadOnlyList<string> sources, string? start, TimeZoneInfo zone)
    {
        var files = sources.Select(s => new RecordingFile(s, NameOf(s))).ToList();
        if (start is null) return new Recording(files, null);
        if (start != FromName) return new Recording(files, Instant(Parse(start), zone));
        var unnamed = files.Where(f => Find(f.Source) is null).Select(f => f.Name).ToList();
        if (unnamed.Count > 0)
        {
            throw new UsageException(
                $"--start {FromName}: no time such as 20261128_070000 in the name of {string.Join(", ", unnamed.Take(Shown))}{(unnamed.Count > Shown ? $" and {unnamed.Count - Shown} more" : "")}: "
                + $"rename, or say when the first frame was taken (--start {Example})");
        }

        var named = files.Select(f => f with { NamedStart = Nearest(Find(f.Source)!.Value, zone) }).OrderBy(f => f.NamedStart).ToList();
        return new Recording(named, named[0].NamedStart);
    }

    /// <summary>The time zone of a video without a site file: that of `--time-zone`, or the fixed offset of `--start`.</summary>
    /// <exception cref="UsageException">There is no such zone, or nothing tells which one it is.</exception>
    public static TimeZoneInfo ZoneOf(string? timeZone, string? start)
    {
        if (timeZone is not null)
        {
            return TimeZoneInfo.TryFindSystemTimeZoneById(timeZone, out var found) && found.HasIanaId
                ? found
                : throw new UsageException($"--time-zone {timeZone}: there is no such time zone; expected an IANA name, for example Asia/Tokyo");
        }

        if (start is null) return TimeZoneInfo.Utc;
        if (start == FromName || Parse(start).Offset is not { } offset)
            throw new UsageException($"--start {start}: without a site file nothing tells the time zone: add --time-zone, for example Asia/Tokyo{(start == FromName ? "" : $", or an offset ({Example})")}");
        if (offset == TimeSpan.Zero) return TimeZoneInfo.Utc;
        // These names count westwards.
        if (offset.Minutes == 0 && TimeZoneInfo.TryFindSystemTimeZoneById(string.Create(CultureInfo.InvariantCulture, $"Etc/GMT{-offset.Hours:+0;-0}"), out var zone)) return zone;
        throw new UsageException($"--start {start}: give the time zone of this offset too (--time-zone, for example Asia/Kolkata)");
    }

    private static WallClockTime Parse(string start) => WallClockTime.TryParse(start, out var time)
        ? time
        : throw new UsageException($"--start {start}: expected {FromName}, or the time of the first frame as {Example}; seconds and offset may be left out");

    private static DateTimeOffset Instant(WallClockTime time, TimeZoneInfo zone) => time.Instants(zone) switch
    {
        [var only] => only,
        [] => throw new UsageException($"--start {time}: there is no such time in {zone.Id}, clocks are set forward over it: check it, or add its offset"),
        var several => throw new UsageException(
            $"--start {time}: this time comes twice in {zone.Id}, clocks are set back over it: add {string.Join(" or ", several.Select(i => WallClockTime.Written(i.Offset)))}"),
    };

    /// <summary>A recorder whose clock nobody sets forward names files by times that do not exist.</summary>
    private static DateTimeOffset Nearest(WallClockTime time, TimeZoneInfo zone) => time.Instants(zone) is [var first, ..]
        ? first
        : TimeZoneInfo.ConvertTime(new DateTimeOffset(time.Local, zone.BaseUtcOffset), zone);

    /// <summary>In the file's name, or with the day in that of its folder.</summary>
    private static WallClockTime? Find(string source) =>
        WallClockTime.TryFind(NameOf(source), out var time) || WallClockTime.TryFind($"{Path.GetFileName(Path.GetDirectoryName(source))} {NameOf(source)}", out time) ? time : null;

    private static string NameOf(string source) => Path.GetFileName(source);
}
