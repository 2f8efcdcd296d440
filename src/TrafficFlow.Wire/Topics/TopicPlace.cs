using System.Globalization;

namespace TrafficFlow.Wire.Topics;

/// <summary>
/// How far a reader has come in a topic whose messages are kept. Normally that is a cursor. A replay of journeys comes first in the order
/// in which they ended, up to the cursor that was the last one when it began; what was stored since follows by cursor.
/// </summary>
/// <param name="Cursor">Messages up to here are known, or come with the replay; null only before a replay has begun.</param>
/// <param name="Replay">Null where there is no replay, or it is over.</param>
public sealed record TopicPlace(long? Cursor, ReplayPlace? Replay = null)
{
    public static TopicPlace After(long cursor) => new(cursor);

    /// <summary>Before the first journey that ended then or later.</summary>
    public static TopicPlace From(DateTimeOffset time) => new(null, new ReplayPlace(time, 0));

    /// <summary>Reads what <see cref="ToString"/> writes; null for anything else.</summary>
    public static TopicPlace? Parse(string text) => text.Split('/') switch
    {
        [var cursor] when Number(cursor) is { } after => After(after),
        [var time, var replayed, var cursor] when Time(time) is { } ended && Number(replayed) is { } last && Number(cursor) is { } through =>
            new TopicPlace(through, new ReplayPlace(ended, last)),
        [var time, "0", ""] when Time(time) is { } from => From(from),
        _ => null,
    };

    public override string ToString() => Replay is { } replay
        ? string.Create(CultureInfo.InvariantCulture, $"{replay.EndedAt.UtcDateTime:O}/{replay.Cursor}/{Cursor}")
        : string.Create(CultureInfo.InvariantCulture, $"{Cursor ?? 0}");

    private static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static DateTimeOffset? Time(string text) =>
        DateTimeOffset.TryParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
}

/// <summary>How far a replay has come.</summary>
/// <param name="EndedAt">End of the journey that came last, or the time from which on the replay is wanted.</param>
/// <param name="Cursor">Of that journey: of those that ended at the same instant the ones after it still come; 0 for all of them.</param>
public readonly record struct ReplayPlace(DateTimeOffset EndedAt, long Cursor);
