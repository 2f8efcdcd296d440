using System.Collections.Immutable;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.OutboxEntries;
using TrafficFlow.Wire.Serialization;

namespace TrafficFlow.Roadside.Outbox;

/// <summary>
/// Rows of the journal that cannot be read. What they held is lost unless the camera measures it again: the time in which that was must show
/// as missing, and no position may be used twice.
/// </summary>
public sealed partial record OutboxState
{
    // More than any outbox ever opens.
    private const long EpochsOfARow = 1_000_000;

    /// <summary>A row was damaged and no epoch has begun since.</summary>
    public bool IsDamaged { get; private init; }

    /// <summary>Entries are missing, and the coverage in which they lay has not come yet.</summary>
    private bool IsUncertain { get; init; }

    private long NextEpoch => Math.Max(CurrentEpoch?.Epoch ?? 0, LastStored.Epoch) + (IsDamaged ? EpochsOfARow : 1);

    public OutboxState Apply(DamagedRow _) => this with { IsDamaged = true };

    /// <summary>Behind a gap the first coverage is withheld, for counts that lay in it are lost; its end stays the camera's watermark.</summary>
    private (ImmutableArray<OutboxEntry> Entries, bool IsCovered) WithoutUncertain(EntriesStored stored)
    {
        var entries = stored.Entries.ToImmutableArray();
        var before = stored.Epoch == LastStored.Epoch ? LastStored.Sequence : 0;
        if (!IsUncertain && (!IsDamaged || entries[0].Sequence == before + 1)) return (entries, true);
        for (var i = 0; i < entries.Length; i++)
        {
            if (entries[i] is CoverageEntry { Coverage: var coverage } entry)
                return (entries.SetItem(i, entry with { Coverage = coverage with { From = coverage.To } }), true);
        }

        return (entries, false);
    }

    /// <summary>The row that opened the epoch is lost: most likely nothing was configured differently in the one before it.</summary>
    private OutboxState WithEpoch(long epoch) =>
        Epochs.ContainsKey(epoch) || CurrentEpoch is not { } last ? this : this with { Epochs = Epochs.SetItem(epoch, last with { Epoch = epoch, Run = "" }) };
}
