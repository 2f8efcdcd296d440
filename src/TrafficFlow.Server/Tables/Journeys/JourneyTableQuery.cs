using System.Globalization;
using LinqToDB;
using LinqToDB.Async;
using TrafficFlow.Core.Detection;
using TrafficFlow.Server.Queries;
using TrafficFlow.Server.Tables.Databases;

namespace TrafficFlow.Server.Tables.Journeys;

/// <summary>Journeys from the read tables, page by page in order of the time at which they ended.</summary>
internal sealed class JourneyTableQuery(TableSession session) : IJourneyQuery
{
    private const int FirstVersion = 6;
    private const int LargestPage = 10_000;

    /// <summary>The last journey of a page.</summary>
    private sealed record Place(DateTimeOffset LastSeen, string Camera, long Epoch, long Sequence)
    {
        public static readonly Place Start = new(DateTimeOffset.MinValue, "", 0, 0);

        public static Place? Parse(string cursor) =>
            cursor.Split(' ') is [var ticks, var camera, var epoch, var sequence]
            && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var time) && time <= DateTimeOffset.MaxValue.Ticks
            && long.TryParse(epoch, NumberStyles.None, CultureInfo.InvariantCulture, out var e)
            && long.TryParse(sequence, NumberStyles.None, CultureInfo.InvariantCulture, out var s)
                ? new Place(new DateTimeOffset(time, TimeSpan.Zero), camera, e, s)
                : null;

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{LastSeen.UtcTicks} {Camera} {Epoch} {Sequence}");
    }

    public Task<JourneyPage> ReadAsync(JourneyFilter filter, string? cursor, int limit, CancellationToken cancellation) => session.ReadAsync(
        FirstVersion,
        async connection =>
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(Math.Clamp(limit, 1, LargestPage), limit, nameof(limit));
            var place = cursor is null ? Place.Start : Place.Parse(cursor) ?? throw new CursorException($"\"{cursor}\" is no cursor of a page of journeys: begin without one");
            var (site, from, to) = (filter.Site.Value, filter.Span.From, filter.Span.To);
            var (last, camera, epoch, sequence) = place;
            if (last > from) from = last;
            var journeys = connection.Journeys.Where(j => j.Site == site && j.LastSeenAt >= from && j.LastSeenAt < to
                && (j.LastSeenAt > last || string.Compare(j.Camera, camera) > 0
                    || (j.Camera == camera && (j.Epoch > epoch || (j.Epoch == epoch && j.Sequence > sequence)))));
            if (filter.Approach is { Value: var approach }) journeys = journeys.Where(j => j.Approach == approach);
            if (filter.Exit is { Value: var exit }) journeys = journeys.Where(j => j.Exit == exit);
            if (filter.Class?.Name() is { } vehicleClass) journeys = journeys.Where(j => j.Class == vehicleClass);
            var rows = await journeys.OrderBy(j => j.LastSeenAt).ThenBy(j => j.Camera).ThenBy(j => j.Epoch).ThenBy(j => j.Sequence)
                .Take(limit).ToListAsync(cancellation).ConfigureAwait(false);
            var next = rows.Count < limit ? null : new Place(rows[^1].LastSeenAt, rows[^1].Camera, rows[^1].Epoch, rows[^1].Sequence).ToString();
            return new JourneyPage([.. rows.Select(JourneyRows.Journey)], next);
        },
        cancellation);
}
