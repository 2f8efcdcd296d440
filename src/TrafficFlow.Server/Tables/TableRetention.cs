using TrafficFlow.Core.Flow;

namespace TrafficFlow.Server.Tables;

/// <summary>How long the read tables keep what they hold, by event time. Nothing is kept for ever.</summary>
public sealed record TableRetention
{
    /// <summary>Bins of one minute.</summary>
    public TimeSpan MinuteBins { get; init; } = TimeSpan.FromDays(90);

    /// <summary>Bins of five minutes.</summary>
    public TimeSpan FiveMinuteBins { get; init; } = TimeSpan.FromDays(400);

    /// <summary>Bins of 15 and 60 minutes.</summary>
    public TimeSpan LongBins { get; init; } = TimeSpan.FromDays(3650);

    /// <summary>Journeys over a junction: single vehicles, so not for long.</summary>
    public TimeSpan Journeys { get; init; } = TimeSpan.FromDays(90);

    /// <summary>How often what is too old is looked for.</summary>
    public TimeSpan Check { get; init; } = TimeSpan.FromHours(1);

    /// <summary>What the files of sites say; null where nobody asks them.</summary>
    public ISiteRetention? Custody { get; init; }

    public TimeSpan Of(BinDuration duration) =>
        duration == BinDuration.OneMinute ? MinuteBins : duration == BinDuration.FiveMinutes ? FiveMinuteBins : LongBins;
}
