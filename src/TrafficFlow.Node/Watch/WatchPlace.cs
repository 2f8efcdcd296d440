using System.Globalization;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Node.Watch;

/// <summary>What `--from` may be: a cursor that was printed, or for journeys a time.</summary>
internal static class WatchPlace
{
    private static readonly string[] Formats = ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <exception cref="UsageException">Of these topics there is no such place.</exception>
    public static TopicPlace Parse(string text, IReadOnlyList<string> topics)
    {
        if (topics is not [var topic] || (TopicNames.ParseJourneys(topic) is null && (TopicNames.ParseFlow(topic) is null || topic.EndsWith(".live", StringComparison.Ordinal))))
            throw new UsageException("--from: only flow.SITE.APPROACH and journeys.SITE have cursors: write it with one such topic");
        var isJourneys = TopicNames.ParseJourneys(topic) is not null;
        if (TopicPlace.Parse(text) is { } place && (isJourneys || place.Replay is null)) return place;
        if (!isJourneys) throw new UsageException($"--from {text}: of {topic} it is the cursor of a bin, 0 or more");
        return Time(text) is { } time
            ? TopicPlace.From(time)
            : throw new UsageException($"--from {text}: of {topic} it is a cursor as --json prints it, or a time with its offset, 2026-04-01T06:00+09:00 or 2026-03-31T21:00Z");
    }

    /// <summary>Null where it is none, or does not say in which zone: this machine's need not be the site's.</summary>
    private static DateTimeOffset? Time(string text) =>
        text.LastIndexOfAny(['+', '-', 'Z']) > text.IndexOf('T', StringComparison.Ordinal)
        && DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;
}
