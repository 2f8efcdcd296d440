using System.Collections.Immutable;
using TrafficFlow.Wire.OutboxEntries;

namespace TrafficFlow.Server.Aggregation.State;

/// <summary>Sequences [From, To] of an epoch that its high-water mark passed over although no entry of them came.</summary>
public readonly record struct SequenceGap(long From, long To)
{
    public long Length => To - From + 1;

    public bool Contains(long sequence) => sequence >= From && sequence <= To;
}

/// <summary>What was taken of one epoch of a camera.</summary>
/// <param name="Sequence">High-water mark: all up to here is known, but for the gaps.</param>
/// <param name="Gaps">Sorted. What concerns other approaches never comes; what comes all the same was never counted.</param>
/// <param name="From">Earliest and latest event time, as stamped; null where nothing came, or where a version counted it that did not keep that.</param>
/// <param name="Since">When the first and the last of it came, by the aggregator's clock.</param>
public sealed record CountedEpoch(
    long Epoch,
    long Sequence,
    ImmutableArray<SequenceGap> Gaps,
    long Vehicles = 0,
    long Entries = 0,
    DateTimeOffset? From = null,
    DateTimeOffset? To = null,
    DateTimeOffset? Since = null,
    DateTimeOffset? Until = null)
{
    // Between two entries of an approach lie those of its neighbours: tens. Of a longer way nobody can tell whether it was true.
    private const long LongestSilence = 200;
    private const int MostGaps = 16;

    public bool Knows(long sequence) => sequence <= Sequence && !Gaps.Any(g => g.Contains(sequence));

    public CountedEpoch Take(long upTo, IReadOnlyCollection<OutboxEntry> entries, DateTimeOffset at)
    {
        var sequences = entries.Select(e => e.Sequence).ToList();
        var gaps = Gaps.Append(new SequenceGap(Sequence + 1, upTo)).SelectMany(g => Without(g, sequences));
        return this with
        {
            Sequence = Math.Max(Sequence, upTo),
            Gaps = [.. gaps.OrderByDescending(g => g.Length).Take(MostGaps).OrderBy(g => g.From)],
            Vehicles = Vehicles + entries.Count(e => e is VehicleEntry),
            Entries = Entries + entries.Count,
            From = entries.Count == 0 ? From : Earlier(From, entries.Min(ClockSkewCheck.Earliest)),
            To = entries.Count == 0 ? To : Later(To, entries.Max(ClockSkewCheck.Latest)),
            Since = Since ?? at,
            Until = at,
        };
    }

    /// <summary>As if nothing after this had come.</summary>
    public CountedEpoch BackTo(long sequence) => this with
    {
        Sequence = sequence,
        Gaps = [.. Gaps.Where(g => g.From <= sequence).Select(g => g with { To = Math.Min(g.To, sequence) })],
    };

    private static IEnumerable<SequenceGap> Without(SequenceGap gap, List<long> sequences)
    {
        var next = gap.From;
        foreach (var sequence in sequences)
        {
            if (!gap.Contains(sequence)) continue;
            if (sequence - next > LongestSilence) yield return new SequenceGap(next, sequence - 1);
            next = sequence + 1;
        }

        if (gap.To - next >= LongestSilence) yield return gap with { From = next };
    }

    private static DateTimeOffset Earlier(DateTimeOffset? a, DateTimeOffset b) => a < b ? a.Value : b;

    private static DateTimeOffset Later(DateTimeOffset? a, DateTimeOffset b) => a > b ? a.Value : b;
}

/// <summary>
/// Which entries of a camera are counted. Each epoch has a high-water mark of its own: one that was forged, or opened under a clock that ran
/// ahead, makes nothing known that an earlier number brings later.
/// </summary>
/// <param name="KnownThrough">Everything of this epoch and those before it is known; 0 for none.</param>
/// <param name="Epochs">The newest, sorted.</param>
public sealed record CameraLog(long KnownThrough, ImmutableArray<CountedEpoch> Epochs)
{
    private const int MostEpochs = 64;

    public static readonly CameraLog Empty = new(0, []);

    public LogPosition HighWater => Epochs.IsEmpty ? Known : new LogPosition(Epochs[^1].Epoch, Epochs[^1].Sequence);

    /// <summary>A log of which only the mark is known: versions before this one kept no more.</summary>
    public static CameraLog Of(LogPosition highWater) =>
        highWater == LogPosition.Start ? Empty : new CameraLog(highWater.Epoch - 1, [new CountedEpoch(highWater.Epoch, highWater.Sequence, [])]);

    public bool Knows(LogPosition entry) => entry.Epoch <= KnownThrough || Find(entry.Epoch)?.Knows(entry.Sequence) == true;

    /// <summary>Whether the mark of its epoch has come to this position.</summary>
    public bool Reaches(LogPosition position) => position.Epoch <= KnownThrough || Find(position.Epoch)?.Sequence >= position.Sequence;

    /// <summary>The last position that is known, not after this one.</summary>
    public LogPosition LastBefore(LogPosition position)
    {
        var last = Epochs.LastOrDefault(e => e.Epoch <= position.Epoch);
        return last is null ? Known : new LogPosition(last.Epoch, last.Epoch == position.Epoch ? Math.Min(last.Sequence, position.Sequence) : last.Sequence);
    }

    /// <param name="upTo">The mark of its epoch is here, or further, after this.</param>
    /// <param name="entries">Sorted by sequence.</param>
    /// <param name="at">By the aggregator's clock.</param>
    public CameraLog Take(LogPosition upTo, IReadOnlyCollection<OutboxEntry> entries, DateTimeOffset at)
    {
        if (upTo.Epoch <= KnownThrough) return this;
        var taken = (Find(upTo.Epoch) ?? new CountedEpoch(upTo.Epoch, 0, [])).Take(upTo.Sequence, entries, at);
        var epochs = With(taken);
        return epochs.Length <= MostEpochs ? this with { Epochs = epochs } : new CameraLog(epochs[0].Epoch, epochs.RemoveAt(0));
    }

    /// <summary>
    /// The mark is set to this position. What was counted after it is counted again where it is delivered again; an epoch beyond it is as if
    /// it had never come.
    /// </summary>
    public CameraLog SetTo(LogPosition position)
    {
        var kept = (Find(position.Epoch) ?? new CountedEpoch(position.Epoch, 0, [])).BackTo(position.Sequence);
        var before = Epochs.RemoveAll(e => e.Epoch >= position.Epoch);
        return position.Epoch <= KnownThrough
            ? Of(position)
            : this with { Epochs = position == LogPosition.Start ? [] : before.Add(kept) };
    }

    /// <summary>
    /// The newest position that nobody need have forged: of the last epoch that no clock had to run ahead for, up to the first gap in it.
    /// </summary>
    /// <param name="latest">No epoch that began by the clock of now has a higher number.</param>
    public LogPosition Plausible(long latest) => Epochs.LastOrDefault(e => e.Epoch <= latest) is { } last
        ? new LogPosition(last.Epoch, last.Gaps.IsEmpty ? last.Sequence : last.Gaps[0].From - 1)
        : Known;

    private LogPosition Known => KnownThrough == 0 ? LogPosition.Start : new LogPosition(KnownThrough, long.MaxValue);

    private CountedEpoch? Find(long epoch)
    {
        for (var i = Epochs.Length - 1; i >= 0; i--)
            if (Epochs[i].Epoch == epoch) return Epochs[i];
        return null;
    }

    private ImmutableArray<CountedEpoch> With(CountedEpoch taken)
    {
        var i = Epochs.Length;
        while (i > 0 && Epochs[i - 1].Epoch >= taken.Epoch) i--;
        return i < Epochs.Length && Epochs[i].Epoch == taken.Epoch ? Epochs.SetItem(i, taken) : Epochs.Insert(i, taken);
    }
}
