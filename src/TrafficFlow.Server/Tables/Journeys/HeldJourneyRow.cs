using LinqToDB.Mapping;

namespace TrafficFlow.Server.Tables.Journeys;

/// <summary>A row of journeys_quarantined: a journey whose clock was wrong, with the times that it came with.</summary>
[Table("journeys_quarantined")]
internal sealed record HeldJourneyRow : JourneyRow
{
    public HeldJourneyRow()
    {
    }

    public HeldJourneyRow(JourneyRow row, TimeSpan? clockOffset, DateTimeOffset since) : base(row) =>
        (Cursor, ClockOffsetSeconds, HeldSince) = (null, clockOffset?.TotalSeconds, since);

    [Column("clock_offset_s")]
    public double? ClockOffsetSeconds { get; init; }

    [Column("held_since")]
    public DateTimeOffset HeldSince { get; init; }

    /// <summary>As a row of journeys.</summary>
    /// <param name="shift">Added to its times.</param>
    public JourneyRow Released(TimeSpan shift, long cursor) => this with
    {
        EnteredAt = EnteredAt + shift,
        LeftAt = LeftAt + shift,
        FirstSeenAt = FirstSeenAt + shift,
        LastSeenAt = LastSeenAt + shift,
        QueuedAt = QueuedAt + shift,
        Cursor = cursor,
    };
}
