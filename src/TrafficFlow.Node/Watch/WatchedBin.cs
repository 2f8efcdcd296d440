using System.Globalization;

namespace TrafficFlow.Node.Watch;

/// <summary>Of a bin's JSON, what people are shown.</summary>
internal sealed record WatchedBin(
    long? Cursor, string Site, string Approach, int Minutes, DateTimeOffset Start, DateTimeOffset End, bool Closed, int Revision, string Quality, double ObservedSeconds,
    IReadOnlyList<WatchedRow> Rows, WatchedQueue? Queue)
{
    /// <summary>north 3, south 1; or that nothing is known.</summary>
    public string Counts
    {
        get
        {
            if (Rows.Count == 0) return Quality == "blind" ? "missing" : "0 vehicles";
            return string.Join(", ", Rows.GroupBy(r => r.Movement).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Key} {g.Sum(r => r.Count)}"));
        }
    }

    public string QueueInWords => Queue is { } back ? string.Create(CultureInfo.InvariantCulture, $"{back.MeanMetres:0} m, at most {back.MaxMetres:0} m") : "";

    /// <summary>The offset of the site's clock, in which its times are.</summary>
    public string Zone => Start.Offset == TimeSpan.Zero ? "UTC" : $"UTC{Start:zzz}";

    /// <summary>Why its counts are not the whole truth; empty where they are, or where an open bin is good so far.</summary>
    public string Doubt => Why(Quality, Closed);

    /// <summary>What a quality means for who reads counts.</summary>
    public static string Why(string quality, bool isClosed) => quality switch
    {
        "partial" when isClosed => "not watched all the time: counts are a lower bound",
        "blind" => "at no instant did every camera watch: counts are missing, not zero",
        "degraded" => "a camera lost frames, was moved or covered, or could not see: do not trust the counts fully; its health topic and ctl camera list say which",
        _ => "",
    };
}

internal sealed record WatchedRow(string Movement, int Count);

internal sealed record WatchedQueue(double MeanMetres, double MaxMetres);
